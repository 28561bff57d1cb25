//! Adds seats to an offering and changes some that it has, all at once: first all of it is looked at, then all of it is done.

use std::collections::HashSet;

use contracts::commands::{ArrangeSeats, SeatWish};
use contracts::events::SeatChanged;
use contracts::{Answer, Code, OfferingId, Rejection, SeatId, input};
use engine::{Names, Stop};

use super::change_seat::touched;
use super::register_seat::seat_at;
use super::{Ctx, number, offering};
use crate::offering::Offering;
use crate::seat::{Place, Seat, SeatState, places};
use crate::versions;

/// So many things that are wrong are told at once.
const TOLD: usize = 100;

/// What a wish comes to.
enum Planned {
    /// A seat that there was not.
    New(Seat),
    /// A seat that there is: as it was, and as it shall be.
    Changed(Seat, Seat),
}

/// What is wrong with a wish: the part of it, and why.
struct Wrong {
    code: Code,
    part: &'static str,
    message: String,
}

/// The rows that are looked at: fetched together, since there can be very many.
pub(crate) fn names(command: &ArrangeSeats, names: &mut Names) {
    for wish in &command.seats {
        match &wish.seat {
            Some(seat) => names.add::<Seat>(seat),
            None => places(command.offering, wish.row.as_ref(), wish.column).for_each(|key| names.add::<Place>(&key)),
        }
    }
}

pub(crate) fn handle(command: &ArrangeSeats, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let of = match seatable(command, context)? {
        Ok(of) => of,
        Err(rejection) => {
            context.answer(rejection.into());
            return Ok(());
        }
    };
    match plan(command, &of, context)? {
        Ok(plan) => arrange(of, plan, context),
        Err(rejection) => {
            context.answer(rejection.into());
            Ok(())
        }
    }
}

fn seatable(command: &ArrangeSeats, context: &mut Ctx<'_>) -> Result<Result<Offering, Rejection>, Stop> {
    Ok(offering(command.offering, context)?.and_then(|found| {
        if !found.seated {
            return Err(Rejection::of_field(Code::WrongState, "seats", "it is not sold by seats"));
        }
        Ok(found)
    }))
}

/// What all wishes come to, or all that is wrong with them.
fn plan(command: &ArrangeSeats, of: &Offering, context: &mut Ctx<'_>) -> Result<Result<Vec<Planned>, Rejection>, Stop> {
    let first = versions::first(of.storefront, context)?;
    let (mut planned, mut wrong) = (Vec::with_capacity(command.seats.len()), Vec::new());
    let (mut named, mut taken) = (HashSet::new(), HashSet::new());
    for (at, wish) in command.seats.iter().enumerate() {
        let place = wish.row.as_ref().zip(wish.column).map(|(row, column)| (input::look(row), column));
        let is_first = match (wish.seat, place) {
            (Some(seat), _) => named.insert(seat),
            (None, Some(place)) => taken.insert(place),
            (None, None) => true,
        };
        let one = if is_first {
            look(wish, of, first, context)?
        } else {
            Err(Wrong {
                code: Code::InvalidValue,
                part: "",
                message: "it is named before, or looks the same".to_owned(),
            })
        };
        match one {
            Ok(one) => planned.push(one),
            Err(why) => wrong.push((at, why)),
        }
    }
    Ok(if wrong.is_empty() { Ok(planned) } else { Err(refusal(&wrong)) })
}

/// What one wish comes to.
fn look(wish: &SeatWish, of: &Offering, first: u64, context: &mut Ctx<'_>) -> Result<Result<Planned, Wrong>, Stop> {
    let Some(seat) = wish.seat else { return new(wish, of, first, context) };
    let found = context.get::<Seat>(&seat)?.filter(|seat| seat.offering == of.id);
    Ok(match found {
        None => {
            let message = "there is no such seat of this offering".to_owned();
            Err(Wrong { code: Code::UnknownReference, part: "", message })
        }
        Some(before) => changed(wish, before),
    })
}

fn new(wish: &SeatWish, of: &Offering, first: u64, context: &mut Ctx<'_>) -> Result<Result<Planned, Wrong>, Stop> {
    let wrong = |part, message: &str| Err(Wrong { code: Code::InvalidValue, part, message: message.to_owned() });
    let (Some(row), Some(column)) = (&wish.row, wish.column) else {
        return Ok(wrong("", "a new seat needs a row and a number"));
    };
    let Some(price) = wish.price else { return Ok(wrong(".price", "a new seat needs a price")) };
    if seat_at(of.id, Some(row), Some(column), context)?.is_some() {
        let message = "there is a seat at a row and number that look the same already".to_owned();
        return Ok(Err(Wrong { code: Code::AlreadyExists, part: "", message }));
    }
    let is_withheld = wish.withheld == Some(true);
    Ok(Ok(Planned::New(Seat {
        id: SeatId(0), // numbered when all of it is known to be right
        storefront: of.storefront,
        offering: of.id,
        seat_row: Some(row.clone()),
        seat_col: Some(column),
        grade: wish.grade.clone(),
        price,
        state: if is_withheld { SeatState::Withheld } else { SeatState::Free },
        owner: None,
        version: first,
    })))
}

/// One that is held or sold keeps its grade and its price, and is not kept back.
fn changed(wish: &SeatWish, before: Seat) -> Result<Planned, Wrong> {
    let state = match (before.state, wish.withheld) {
        (SeatState::Withheld, Some(false)) => SeatState::Free,
        (SeatState::Free, Some(true)) => SeatState::Withheld,
        (SeatState::Held | SeatState::Sold, Some(true)) => {
            return Err(in_use(".withheld", &before, "it cannot be kept back"));
        }
        (state, _) => state,
    };
    let after = Seat {
        grade: wish.grade.clone().or(before.grade.clone()),
        price: wish.price.unwrap_or(before.price),
        state,
        ..before.clone()
    };
    match touched(&before, &after).filter(|_| before.is_taken()) {
        Some("price") => Err(in_use(".price", &before, &format!("it keeps its price of {}", before.price.amount))),
        Some(_) => Err(in_use(".grade", &before, "it keeps its grade")),
        None => Ok(Planned::Changed(before, after)),
    }
}

fn in_use(part: &'static str, seat: &Seat, what: &str) -> Wrong {
    Wrong { code: Code::InUse, part, message: format!("seat {} is {}: {what}", seat.now().name(), seat.state.as_str()) }
}

fn refusal(wrong: &[(usize, Wrong)]) -> Rejection {
    let mut all = wrong.iter().map(|(at, wrong)| (format!("seats[{at}]{}", wrong.part), wrong.message.clone()));
    let (field, message) = all.next().unwrap_or_default();
    let others: Vec<_> = all.take(TOLD - 1).collect();
    let code = wrong.first().map_or(Code::InvalidValue, |(_, wrong)| wrong.code);
    Rejection { others: (!others.is_empty()).then_some(others), ..Rejection::of_field(code, &field, message) }
}

/// Does all of it. The offering changes once, and is told with the last seat that changed how many there are.
fn arrange(of: Offering, plan: Vec<Planned>, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let mut left = of.left();
    let mut done = Vec::with_capacity(plan.len());
    for one in plan {
        let (seat, counts) = match one {
            Planned::New(seat) => {
                let Ok(number) = number(of.storefront, true, None, context)? else {
                    return Err(Stop::fault("there are no numbers left for seats"));
                };
                let seat = Seat { id: contracts::Numbered::of(of.storefront, number), ..seat };
                if let Some(place) = seat.place() {
                    context.put(Place { place, seat: seat.id });
                }
                let counts = seat.state == SeatState::Free;
                left += u64::from(counts);
                (seat, counts)
            }
            Planned::Changed(before, after) if before == after => continue,
            Planned::Changed(before, after) => {
                match (before.state, after.state) {
                    (SeatState::Free, SeatState::Withheld) => left -= 1,
                    (SeatState::Withheld, SeatState::Free) => left += 1,
                    _ => {}
                }
                let (counts, state, owner) = (before.state != after.state, after.state, after.owner);
                (after.moved(state, owner), counts)
            }
        };
        done.push((seat, counts));
    }
    let id = of.id;
    let last = done.iter().rposition(|(_, counts)| *counts);
    let after = last.map(|_| of.with_left(left).expect("there are fewer seats than can be counted"));
    for (at, (seat, _)) in done.into_iter().enumerate() {
        say(id, &seat, after.as_ref().filter(|_| last == Some(at)), context);
        context.put(seat);
    }
    if let Some(after) = after {
        context.put(after);
    }
    context.answer(Answer::Offering(id));
    Ok(())
}

fn say(offering: OfferingId, seat: &Seat, after: Option<&Offering>, context: &mut Ctx<'_>) {
    let now = Some(Box::new(seat.now()));
    context.say(SeatChanged { seat: seat.id, offering, present: true, now, offering_now: after.map(Offering::now) });
}
