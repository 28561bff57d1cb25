//! Makes the hold of an order final.

use contracts::commands::SellStock;
use contracts::events::{StockRefused, StockSold};
use contracts::{Code, OrderId, SeatNow};
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
    let (mut now, mut seats_now) = (offering.now(), None);
    let left = offering.left();
    if hold.state == HoldState::Held {
        seats_now = move_seats(&hold, SeatState::Sold, context)?;
        context.do_not_wake(hold.owner.0)?;
        let sold = offering.sell(u64::from(hold.quantity));
        now = sold.now();
        context.put(sold);
        context.put(hold.clone().moved(HoldState::Sold, context.now()));
    }
    let (order, offering, quantity) = (hold.owner, hold.offering, hold.quantity);
    context.say(StockSold { order, offering, quantity, left, now: Some(now), seats_now });
    Ok(())
}

/// Moves the seats of `hold` into `state`, with its order as their owner unless they become free; gives them as they are then.
pub(super) fn move_seats(hold: &Hold, state: SeatState, context: &mut Ctx<'_>) -> Result<Option<Vec<SeatNow>>, Stop> {
    let mut moved = Vec::with_capacity(hold.seats.0.len());
    for id in &hold.seats.0 {
        if let Some(seat) = context.get::<Seat>(id)?.filter(|seat| seat.owner == Some(hold.owner)) {
            let owner = (state != SeatState::Free).then_some(hold.owner);
            let seat = seat.moved(state, owner);
            moved.push(seat.now());
            context.put(seat);
        }
    }
    Ok((!moved.is_empty()).then_some(moved))
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
        seats: None,
    });
}
