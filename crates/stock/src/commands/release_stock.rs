//! Gives back what is held for an order.

use contracts::commands::ReleaseStock;
use contracts::events::StockReleased;
use engine::Stop;

use super::Ctx;
use super::sell_stock::move_seats;
use crate::hold::{Hold, HoldState};
use crate::offering::Offering;
use crate::seat::SeatState;

pub(crate) fn handle(command: &ReleaseStock, context: &mut Ctx<'_>) -> Result<(), Stop> {
    match context.get::<Hold>(&command.order)? {
        Some(hold) => end(hold, HoldState::Released, context),
        None => {
            let (order, name) = (command.order, None);
            context.say(StockReleased { order, offering: None, name, quantity: 0, left: 0, expired: false });
            Ok(())
        }
    }
}

/// Ends `hold` as `state`, if it has not ended, and says so.
pub(super) fn end(hold: Hold, state: HoldState, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(mut offering) = context.get::<Offering>(&hold.offering)? else {
        return Err(Stop::fault("a hold is there without its offering"));
    };
    if hold.state == HoldState::Held {
        move_seats(&hold, SeatState::Free, context)?;
        context.do_not_wake(hold.owner.0)?;
        offering = offering.release(u64::from(hold.quantity));
        context.put(offering.clone());
        context.put(hold.clone().moved(state, context.now()));
    }
    context.say(StockReleased {
        order: hold.owner,
        offering: Some(hold.offering),
        name: offering.name.clone(),
        quantity: hold.quantity,
        left: offering.left(),
        expired: state == HoldState::Expired,
    });
    Ok(())
}
