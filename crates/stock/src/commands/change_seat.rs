//! Changes a seat. One that is held or sold stays as it is.

use contracts::commands::{ChangeSeat, Emptied};
use contracts::events::SeatChanged;
use contracts::{Answer, Code, Rejection};
use engine::Stop;

use super::Ctx;
use super::register_seat::{seat_at, two_at_one_place};
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
    if command.offering.is_some_and(|offering| offering != before.offering) {
        let message = "a seat stays with its offering; withdraw it and register it anew";
        return Err(Rejection::of_field(Code::WrongState, "offering", message));
    }
    Rejection::unless_version(before.version, command.expected_version)?;
    expected::of_seat(before, command.expects.as_deref())?;
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
    match touched(before, &after).filter(|_| before.is_taken()) {
        Some(field) => {
            let message = "the seat is held or sold: it keeps its place, its grade and its price";
            Err(Rejection::of_field(Code::InUse, field, message))
        }
        None => Ok(after),
    }
}

/// The first field in which two seats differ.
pub(super) fn touched(before: &Seat, after: &Seat) -> Option<&'static str> {
    let touched = [
        ("seat-row", before.seat_row != after.seat_row),
        ("seat-column", before.seat_col != after.seat_col),
        ("grade", before.grade != after.grade),
        ("price", before.price != after.price),
        ("sold", before.state != after.state),
    ];
    touched.into_iter().find_map(|(field, is_touched)| is_touched.then_some(field))
}

fn keep(before: &Seat, after: Seat, context: &mut Ctx<'_>) -> Result<(), Stop> {
    if !moved(before, &after, context)? {
        context.answer(two_at_one_place().into());
        return Ok(());
    }
    let offering = count(before, after.state, context)?;
    let state = after.state;
    let after = after.moved(state, before.owner);
    context.say(SeatChanged {
        seat: before.id,
        offering: before.offering,
        present: true,
        now: Some(Box::new(after.now())),
        offering_now: offering.as_ref().map(Offering::now),
    });
    context.put(after);
    context.answer(Answer::Seat(before.id));
    Ok(())
}

/// Notes where a seat is now; `false`, and nothing noted, if there is another one.
fn moved(before: &Seat, after: &Seat, context: &mut Ctx<'_>) -> Result<bool, Stop> {
    if (&before.seat_row, before.seat_col) == (&after.seat_row, after.seat_col) {
        return Ok(true);
    }
    let there = seat_at(after.offering, after.seat_row.as_ref(), after.seat_col, context)?;
    if there.is_some_and(|there| there.seat != after.id) {
        return Ok(false);
    }
    forget_place(before, context)?;
    if let Some(place) = after.place() {
        context.put(Place { place, seat: after.id });
    }
    Ok(true)
}

/// Notes that `seat` is not where it was any more.
pub(super) fn forget_place(seat: &Seat, context: &mut Ctx<'_>) -> Result<(), Stop> {
    for place in seat.places() {
        if context.get::<Place>(&place)?.is_some_and(|there| there.seat == seat.id) {
            context.delete::<Place>(&place);
        }
    }
    Ok(())
}

/// Keeps the offering's capacity equal to the number of its seats that are for sale. Gives the offering where that changed it.
fn count(before: &Seat, state: SeatState, context: &mut Ctx<'_>) -> Result<Option<Offering>, Stop> {
    let Some(offering) = context.get::<Offering>(&before.offering)? else { return Ok(None) };
    let left = match (before.state, state) {
        (SeatState::Free, SeatState::Withheld) => offering.left() - 1,
        (SeatState::Withheld, SeatState::Free) => offering.left() + 1,
        _ => return Ok(None),
    };
    let offering = offering.with_left(left).expect("there are fewer seats than can be counted");
    context.put(offering.clone());
    Ok(Some(offering))
}
