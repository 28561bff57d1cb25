//! Makes the hold of an order final.

use contracts::commands::SellStock;
use contracts::events::{StockRefused, StockSold};
use contracts::{Code, OrderId};
use engine::Stop;

use super::Ctx;
use crate::hold::{Hold, HoldState};
use crate::offering::Offering;
use crate::seat::{Seat, SeatState};

pub(crate) fn handle(command: &SellStock, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let sellable = context.get::<Hold>(&command.order)?.filter(|hold| !hold.has_ended());
    let Some(hold) = sellable else {
        refuse(command.order, context);
        return Ok(());
    };
    let Some(offering) = context.get::<Offering>(&hold.offering)? else {
        return Err(Stop::fault("a hold is there without its offering"));
    };
    let left = offering.left();
    if hold.state == HoldState::Held {
        move_seats(&hold, SeatState::Sold, context)?;
        context.do_not_wake(hold.owner.0)?;
        context.put(offering.sell(u64::from(hold.quantity)));
        context.put(hold.clone().moved(HoldState::Sold, context.now()));
    }
    context.say(StockSold { order: hold.owner, offering: hold.offering, quantity: hold.quantity, left });
    Ok(())
}

/// Moves the seats of `hold` into `state`, with its order as their owner unless they become free.
pub(super) fn move_seats(hold: &Hold, state: SeatState, context: &mut Ctx<'_>) -> Result<(), Stop> {
    for id in &hold.seats.0 {
        if let Some(seat) = context.get::<Seat>(id)?.filter(|seat| seat.owner == Some(hold.owner)) {
            let owner = (state != SeatState::Free).then_some(hold.owner);
            context.put(seat.moved(state, owner));
        }
    }
    Ok(())
}

fn refuse(order: OrderId, context: &mut Ctx<'_>) {
    context.say(StockRefused {
        order,
        code: Code::Expired,
        message: "what was held for this order is free again: its deadline passed".into(),
        field: None,
        offering: None,
        name: None,
        left: 0,
        quantity: 0,
        unit_price: None,
    });
}
