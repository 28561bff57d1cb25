//! Gives back what is held for an order.

use contracts::commands::ReleaseStock;
use contracts::events::StockReleased;
use engine::Stop;

use super::Ctx;
use super::sell_stock::move_seats;
use crate::hold::{Hold, HoldState};
use crate::offering::Offering;
use crate::seat::SeatState;
use crate::share;

pub(crate) fn handle(command: &ReleaseStock, context: &mut Ctx<'_>) -> Result<(), Stop> {
    match context.get::<Hold>(&command.order)? {
        Some(hold) => end(hold, HoldState::Released, context),
        None => {
            context.say(StockReleased {
                order: command.order,
                offering: None,
                name: None,
                quantity: 0,
                left: 0,
                expired: false,
                now: None,
                seats_now: None,
            });
            Ok(())
        }
    }
}

/// Ends `hold` as `state`, if it has not ended, and says so. Of one that has ended the offering may be gone.
pub(super) fn end(hold: Hold, state: HoldState, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let mut offering = context.get::<Offering>(&hold.offering)?;
    let mut seats_now = None;
    if hold.state == HoldState::Held {
        let Some(held) = offering else {
            return Err(Stop::fault("a hold is there without its offering"));
        };
        seats_now = move_seats(&hold, SeatState::Free, context)?;
        share::give_back(&hold, context)?;
        context.do_not_wake(hold.owner.0)?;
        let free = held.release(u64::from(hold.quantity));
        context.put(free.clone());
        context.put(hold.clone().moved(state, context.now()));
        offering = Some(free);
    }
    context.say(StockReleased {
        order: hold.owner,
        offering: Some(hold.offering),
        name: offering.as_ref().and_then(|offering| offering.name.clone()),
        quantity: hold.quantity,
        left: offering.as_ref().map_or(0, Offering::left),
        expired: state == HoldState::Expired,
        now: offering.as_ref().map(Offering::now),
        seats_now,
    });
    Ok(())
}
