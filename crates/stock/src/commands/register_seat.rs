//! Adds a numbered seat to an offering.

use contracts::commands::RegisterSeat;
use contracts::events::SeatChanged;
use contracts::{Answer, Code, Numbered, OfferingId, Rejection, SeatId, Text};
use engine::Stop;

use super::{Ctx, number, offering};
use crate::offering::Offering;
use crate::seat::{Place, Seat, SeatState, places};
use crate::versions;

pub(crate) fn handle(command: &RegisterSeat, context: &mut Ctx<'_>) -> Result<(), Stop> {
    match seatable(command, context)? {
        Err(rejection) => context.answer(rejection.into()),
        Ok(offering) => match number(command.storefront, true, command.number, context)? {
            Err(rejection) => context.answer(rejection.into()),
            Ok(number) => add(command, offering, SeatId::of(command.storefront, number), context)?,
        },
    }
    Ok(())
}

fn seatable(command: &RegisterSeat, context: &mut Ctx<'_>) -> Result<Result<Offering, Rejection>, Stop> {
    if let Some(given) = command.number
        && context.get::<Seat>(&SeatId::of(command.storefront, given))?.is_some()
    {
        let message = format!("there is a seat with the id {given} already");
        return Ok(Err(Rejection::of_field(Code::AlreadyExists, "id", message)));
    }
    if seat_at(command.offering, command.row.as_ref(), command.column, context)?.is_some() {
        return Ok(Err(two_at_one_place()));
    }
    // The seat would be numbered in another storefront than its offering, and those may be kept apart.
    let found = offering(command.offering, context)?.ok().filter(|found| found.storefront == command.storefront);
    Ok(match found {
        Some(offering) if offering.seated => Ok(offering),
        Some(_) => Err(Rejection::of_field(Code::WrongState, "offering", "it is not sold by seats")),
        None => Err(Rejection::of_field(Code::UnknownReference, "offering", "there is no such offering")),
    })
}

/// The refusal of a second seat at one place.
pub(super) fn two_at_one_place() -> Rejection {
    let message = "there is a seat at a row and column that look the same already";
    Rejection::of_field(Code::AlreadyExists, "seat-column", message)
}

/// What is noted of the seat at a place that looks like this one.
pub(super) fn seat_at(
    offering: OfferingId,
    row: Option<&Text>,
    column: Option<i64>,
    context: &mut Ctx<'_>,
) -> Result<Option<Place>, Stop> {
    for key in places(offering, row, column) {
        if let Some(place) = context.get::<Place>(&key)? {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

/// Adds a seat to `offering`, and tells its id. Whether it may be added was looked at before.
pub(super) fn add(command: &RegisterSeat, offering: Offering, id: SeatId, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let seat = Seat {
        id,
        storefront: command.storefront,
        offering: command.offering,
        seat_row: command.row.clone(),
        seat_col: command.column,
        grade: command.grade.clone(),
        price: command.price,
        state: if command.withheld { SeatState::Withheld } else { SeatState::Free },
        owner: None,
        version: versions::first(command.storefront, context)?,
    };
    if let Some(place) = seat.place() {
        context.put(Place { place, seat: id });
    }
    let now = Some(Box::new(seat.now()));
    context.put(seat);
    let mut offering_now = None;
    if !command.withheld {
        let left = offering.left() + 1;
        let offering = offering.with_left(left).expect("there are fewer seats than can be counted");
        offering_now = Some(offering.now());
        context.put(offering);
    }
    context.say(SeatChanged { seat: id, offering: command.offering, present: true, now, offering_now });
    context.answer(Answer::Seat(id));
    Ok(())
}
