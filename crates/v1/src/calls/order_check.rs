//! What an order wants, looked at before it is placed: what there is not is refused without an order, and without a number for one.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use backend::Ask;
use contracts::queries::{OfferingView, OneOffering};
use contracts::{OfferingId, SeatId};

use crate::shapes::{NewOrder, invalid};
use edge::Problem;

use super::V1;
use super::orders::no_seat;

/// Of so many offerings it is remembered whether they are sold by seats.
const REMEMBERED: usize = 65_536;

/// Offerings that are there or were, and whether they are sold by seats: so that few orders need to look.
#[derive(Debug, Default)]
pub(super) struct SeatedOfferings(RwLock<HashMap<OfferingId, bool>>);

impl SeatedOfferings {
    fn is_seated(&self, id: OfferingId) -> Option<bool> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&id).copied()
    }

    fn learn(&self, view: &OfferingView) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(view.offering, view.now.seated);
    }
}

impl V1 {
    /// Whether `new` names no seats, and `offering` is known to have none: then nothing more is to be looked at.
    pub(super) fn is_by_count(&self, offering: OfferingId, new: &NewOrder) -> bool {
        new.seats.is_none() && self.offerings.is_seated(offering) == Some(false)
    }

    /// The seats that `new` names of `offering`; or why it cannot be meant.
    pub(super) async fn checked_seats(
        &self,
        offering: OfferingId,
        new: &NewOrder,
    ) -> Result<Result<Vec<SeatId>, Problem>, Problem> {
        let by_seats = new.seats.is_some();
        if self.offerings.is_seated(offering) != Some(by_seats) {
            // Seldom, and not believed when it is in the way: an offering may have been withdrawn and be another one now.
            let Some(view) = self.backend.ask(OneOffering { id: offering }).await? else {
                return Ok(Err(NewOrder::unknown_offering()));
            };
            self.offerings.learn(&view);
            match (view.now.seated, by_seats) {
                (true, false) => return Ok(Err(invalid("quantity", "it is sold by seats: name them"))),
                (false, true) => return Ok(Err(invalid("seats", "it is not sold by seats: say how many"))),
                _ => {}
            }
        }
        let Some(named) = &new.seats else { return Ok(Ok(Vec::new())) };
        let seats = self.seats_named(offering, named).await?;
        let unknown = seats.iter().position(Option::is_none);
        Ok(match unknown {
            Some(place) => Err(no_seat(place, &named[place])),
            None => Ok(seats.into_iter().flatten().collect()),
        })
    }

    /// Whether a command came with the key of this one before: then it has its answer.
    pub(super) async fn came_before(&self, ask: &Ask) -> Result<bool, Problem> {
        let Some(key) = &ask.key else { return Ok(false) };
        Ok(self.backend.was_answered(key.clone()).await?)
    }
}
