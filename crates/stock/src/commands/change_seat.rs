//! Changes a seat that nobody holds or bought.

use contracts::commands::ChangeSeat;
use contracts::events::SeatChanged;
use contracts::{Answer, Code, Rejection};
use engine::Stop;

use super::Ctx;
use super::register_seat::two_at_one_place;
use crate::offering::Offering;
use crate::seat::{Place, Seat, SeatState};

pub(crate) fn handle(command: &ChangeSeat, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(before) = context.get::<Seat>(&command.seat)? else {
        context.answer(Rejection::new(Code::NotFound, "there is no such seat").into());
        return Ok(());
    };
    let stays_taken = command.withheld != Some(false);
    if before.is_taken() && !(stays_taken && command.price.is_none()) {
        context.answer(Rejection::new(Code::InUse, "the seat is held or sold").into());
        return Ok(());
    }
    if command.price.is_some_and(|price| price.amount < 0) {
        context.answer(Rejection::of_field(Code::InvalidValue, "price", "a price is not below zero").into());
        return Ok(());
    }
    let state = match (before.is_taken(), command.withheld) {
        (false, Some(true)) => SeatState::Withheld,
        (false, Some(false)) => SeatState::Free,
        _ => before.state,
    };
    let seat = Seat {
        grade: command.grade.clone().or(before.grade.clone()),
        seat_row: command.row.clone().or(before.seat_row.clone()),
        seat_col: command.column.or(before.seat_col),
        price: command.price.unwrap_or(before.price),
        ..before.clone()
    };
    if !moved(&before, &seat, context)? {
        context.answer(two_at_one_place().into());
        return Ok(());
    }
    count(&before, state, context)?;
    context.put(seat.moved(state, before.owner));
    context.say(SeatChanged { seat: before.id, offering: before.offering, present: true });
    context.answer(Answer::Seat(before.id));
    Ok(())
}

/// Notes where a seat is now; `false`, and nothing noted, if there is another one.
fn moved(before: &Seat, after: &Seat, context: &mut Ctx<'_>) -> Result<bool, Stop> {
    let (from, to) = (before.place(), after.place());
    if from == to {
        return Ok(true);
    }
    if let Some(place) = to {
        if context.get::<Place>(&place)?.is_some() {
            return Ok(false);
        }
        context.put(Place { place, seat: after.id });
    }
    if let Some(place) = from {
        context.delete::<Place>(&place);
    }
    Ok(true)
}

/// Keeps the offering's capacity equal to the number of its seats that are for sale.
fn count(before: &Seat, state: SeatState, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(offering) = context.get::<Offering>(&before.offering)? else { return Ok(()) };
    let left = match (before.state, state) {
        (SeatState::Free, SeatState::Withheld) => offering.left() - 1,
        (SeatState::Withheld, SeatState::Free) => offering.left() + 1,
        _ => return Ok(()),
    };
    context.put(offering.with_left(left).expect("there are fewer seats than can be counted"));
    Ok(())
}
