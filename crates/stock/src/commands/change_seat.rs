//! Changes a seat. One that is held or sold stays as it is.

use contracts::commands::{ChangeSeat, Emptied};
use contracts::events::SeatChanged;
use contracts::{Answer, Code, Rejection};
use engine::Stop;

use super::Ctx;
use super::register_seat::two_at_one_place;
use crate::expected;
use crate::offering::Offering;
use crate::seat::{Place, Seat, SeatState};

pub(crate) fn handle(command: &ChangeSeat, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(before) = context.get::<Seat>(&command.seat)? else {
        context.answer(Rejection::new(Code::NotFound, "there is no such seat").into());
        return Ok(());
    };
    match changed(command, &before) {
        Err(rejection) => context.answer(rejection.into()),
        Ok(after) if after == before => context.answer(Answer::Seat(before.id)),
        Ok(after) => keep(&before, after, context)?,
    }
    Ok(())
}

fn changed(command: &ChangeSeat, before: &Seat) -> Result<Seat, Rejection> {
    Rejection::unless_version(before.version, command.expected_version)?;
    expected::of_seat(before, command.expects.as_deref())?;
    if command.price.is_some_and(|price| price.amount < 0) {
        return Err(Rejection::of_field(Code::InvalidValue, "price", "a price is not below zero"));
    }
    let emptied = command.emptied.as_deref().unwrap_or_default();
    let stays = |what| !emptied.contains(&what);
    let state = match command.withheld {
        Some(withheld) if withheld != before.is_shown_sold() => {
            if withheld {
                SeatState::Withheld
            } else {
                SeatState::Free
            }
        }
        _ => before.state,
    };
    let after = Seat {
        grade: command.grade.clone().or(before.grade.clone().filter(|_| stays(Emptied::Grade))),
        seat_row: command.row.clone().or(before.seat_row.clone().filter(|_| stays(Emptied::Row))),
        seat_col: command.column.or(before.seat_col.filter(|_| stays(Emptied::Column))),
        price: command.price.unwrap_or(before.price),
        state,
        ..before.clone()
    };
    if before.is_taken() && after != *before {
        let message = "the seat is held or sold: it keeps its place, its grade and its price";
        return Err(Rejection::new(Code::InUse, message));
    }
    Ok(after)
}

fn keep(before: &Seat, after: Seat, context: &mut Ctx<'_>) -> Result<(), Stop> {
    if !moved(before, &after, context)? {
        context.answer(two_at_one_place().into());
        return Ok(());
    }
    count(before, after.state, context)?;
    let state = after.state;
    context.put(after.moved(state, before.owner));
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
