//! Turns what was sold to an order into a hold again: the first half of giving it back.

use contracts::commands::TakeBackStock;
use contracts::events::StockTakenBack;
use engine::Stop;

use super::Ctx;
use super::sell_stock::move_seats;
use crate::hold::{Hold, HoldState};
use crate::offering::Offering;
use crate::seat::SeatState;

pub(crate) fn handle(command: &TakeBackStock, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(hold) = context.get::<Hold>(&command.order)? else {
        return Err(Stop::fault("stock is to be taken back that was never held"));
    };
    if hold.state == HoldState::Sold {
        let Some(offering) = context.get::<Offering>(&hold.offering)? else {
            return Err(Stop::fault("a hold is there without its offering"));
        };
        move_seats(&hold, SeatState::Held, context)?;
        context.put(offering.take_back(u64::from(hold.quantity)));
        context.put(hold.clone().moved(HoldState::Held, context.now()));
    }
    context.say(StockTakenBack { order: hold.owner, offering: hold.offering });
    Ok(())
}
