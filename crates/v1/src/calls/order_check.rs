//! What an order wants, looked at before it is placed: what there is not is refused without an order, and without a number for one.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use contracts::{Message, Numbered, OfferingId, SeatId};
use engine::Command;
use stock::Offering;

use crate::shapes::{NewOrder, invalid};
use edge::Problem;

use super::V1;
use super::call::not_done;
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

    fn learn(&self, row: &Offering) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(row.id, row.seated);
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
            let Some(row) = self.node.engine.get::<Offering>(offering).await.map_err(not_done)? else {
                return Ok(Err(NewOrder::unknown_offering()));
            };
            self.offerings.learn(&row);
            match (row.seated, by_seats) {
                (true, false) => return Ok(Err(invalid("quantity", "it is sold by seats: name them"))),
                (false, true) => return Ok(Err(invalid("seats", "it is not sold by seats: say how many"))),
                _ => {}
            }
        }
        let Some(named) = &new.seats else { return Ok(Ok(Vec::new())) };
        let seats = self.seats_named(offering, named).await?;
        let unknown = seats.iter().position(|seat| seat.number() == 0);
        Ok(unknown.map_or(Ok(seats), |place| Err(no_seat(place, &named[place]))))
    }

    /// Whether a command came with the key of this one before: then it has its answer.
    pub(super) async fn came_before(&self, command: &Command<Message>) -> Result<bool, Problem> {
        let Some(key) = &command.key else { return Ok(false) };
        self.node.engine.has_answered(key.clone()).await.map_err(not_done)
    }
}
