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
    let mut offering = context.get::<Offering>(&hold.offering)?;
    let mut seats_now = None;
    if hold.state == HoldState::Sold {
        let Some(sold) = offering else {
            return Err(Stop::fault("a hold is there without its offering"));
        };
        seats_now = move_seats(&hold, SeatState::Held, context)?;
        let held = sold.take_back(u64::from(hold.quantity));
        context.put(held.clone());
        context.put(hold.clone().moved(HoldState::Held, context.now()));
        offering = Some(held);
    }
    let now = offering.as_ref().map(Offering::now);
    context.say(StockTakenBack { order: hold.owner, offering: hold.offering, now, seats_now });
    Ok(())
}
