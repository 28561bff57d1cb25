//! Sets stock aside for an order, at the catalogue's price of this moment.

use contracts::commands::{ExpireHold, HoldStock};
use contracts::events::{StockHeld, StockRefused};
use contracts::limits::AMOUNT_MAX;
use contracts::{Code, Money, Numbered, Rejection, Seats, Text, seat_name};
use engine::Stop;

use super::Ctx;
use crate::hold::{Hold, HoldState};
use crate::offering::Offering;
use crate::reference;
use crate::seat::{Seat, SeatState};
use crate::share::{self, Share};

/// What an order can have: the offering with it set aside, the seats likewise, and what it costs.
struct Possible {
    offering: Offering,
    seats: Vec<Seat>,
    quantity: u32,
    unit_price: Money,
    total: Money,
    /// What the customer then has, where one can have only so many.
    share: Option<Share>,
}

pub(crate) fn handle(command: &HoldStock, context: &mut Ctx<'_>) -> Result<(), Stop> {
    if let Some(hold) = context.get::<Hold>(&command.order)? {
        return say_again(command, &hold, context);
    }
    let found = match reference::resolve(&command.target, command.order.storefront(), context)? {
        Some(id) => context.get::<Offering>(&id)?,
        None => None,
    };
    let Some(offering) = found else {
        let rejection = Rejection::of_field(Code::UnknownReference, "offering", "there is no such offering");
        return refuse(command, None, rejection, context);
    };
    match possible(command, offering.clone(), context)? {
        Ok(possible) => {
            hold(command, possible, context);
            Ok(())
        }
        Err(rejection) => refuse(command, Some(&offering), rejection, context),
    }
}

fn possible(
    command: &HoldStock,
    offering: Offering,
    context: &mut Ctx<'_>,
) -> Result<Result<Possible, Rejection>, Stop> {
    if !offering.is_on_sale(context.now()) {
        return Ok(Err(not_on_sale(&offering, context.now())));
    }
    let seats = match seats(command, &offering, context)? {
        Ok(seats) => seats,
        Err(rejection) => return Ok(Err(rejection)),
    };
    let quantity = if offering.seated { u32::try_from(seats.len()).unwrap_or(u32::MAX) } else { command.quantity };
    let mut possible = match priced(command, offering, seats, quantity) {
        Ok(possible) => possible,
        Err(rejection) => return Ok(Err(rejection)),
    };
    Ok(match share::with(quantity, &possible.offering, command.customer.as_ref(), context)? {
        Ok(share) => {
            possible.share = share;
            Ok(possible)
        }
        Err(rejection) => Err(rejection),
    })
}

fn not_on_sale(offering: &Offering, now: u64) -> Rejection {
    let early = !offering.withdrawn && offering.on_sale_from.is_some_and(|from| now < from);
    Rejection::new(Code::NotOnSale, if early { "it is not on sale yet" } else { "it is not on sale any more" })
}

fn priced(command: &HoldStock, offering: Offering, seats: Vec<Seat>, quantity: u32) -> Result<Possible, Rejection> {
    if quantity == 0 {
        return Err(Rejection::of_field(Code::InvalidValue, "quantity", "the quantity is at least 1"));
    }
    let unit_price = seats.first().map_or(offering.price, |seat| seat.price);
    if let Some(sent) = command.expected_price {
        is_price(sent, unit_price, &seats)?;
    }
    let total = if offering.seated {
        seats.iter().try_fold(Money::krw(0), |sum, seat| sum.checked_add(seat.price))
    } else {
        unit_price.checked_mul(quantity)
    };
    let Some(total) = total.filter(|total| total.amount <= AMOUNT_MAX) else {
        let message = format!("it would cost more than {AMOUNT_MAX}, which cannot be counted");
        return Err(Rejection::of_field(Code::InvalidValue, "quantity", message));
    };
    let left = offering.left();
    let Some(offering) = offering.hold(u64::from(quantity)) else {
        return Err(Rejection::new(Code::SoldOut, format!("{quantity} are wanted and {left} are left")));
    };
    Ok(Possible { offering, seats, quantity, unit_price, total, share: None })
}

/// Compares the price of one that a customer was shown with the catalogue's. Seats of different prices have none that is the price of one.
fn is_price(sent: Money, unit_price: Money, seats: &[Seat]) -> Result<(), Rejection> {
    if seats.iter().any(|seat| seat.price != unit_price) {
        let message = "the seats cost differently, so there is no price of one: leave it out";
        return Err(Rejection::of_field(Code::InvalidValue, "unit-price", message));
    }
    if sent != unit_price {
        let message = format!("the price is {}, not {}", unit_price.amount, sent.amount);
        return Err(Rejection::of_field(Code::PriceChanged, "unit-price", message));
    }
    Ok(())
}

fn seats(
    command: &HoldStock,
    offering: &Offering,
    context: &mut Ctx<'_>,
) -> Result<Result<Vec<Seat>, Rejection>, Stop> {
    if !offering.seated && !command.seats.0.is_empty() {
        return Ok(Err(Rejection::of_field(Code::InvalidValue, "seat", "it is not sold by seats: say how many")));
    }
    if !offering.seated {
        return Ok(Ok(Vec::new()));
    }
    if command.seats.0.is_empty() {
        return Ok(Err(Rejection::of_field(Code::InvalidValue, "seat", "it is sold by seats: name at least one")));
    }
    let mut seats: Vec<Seat> = Vec::with_capacity(command.seats.0.len());
    for id in &command.seats.0 {
        let Some(seat) = context.get::<Seat>(id)?.filter(|seat| seat.offering == offering.id) else {
            let message = format!("there is no seat #{} of this offering", id.number());
            return Ok(Err(Rejection::of_field(Code::UnknownReference, "seat", message)));
        };
        if seat.state != SeatState::Free || seats.iter().any(|named| named.id == *id) {
            let message = format!("seat {} is taken", seat.now().name());
            return Ok(Err(Rejection::of_field(Code::SeatTaken, "seat", message)));
        }
        seats.push(seat);
    }
    Ok(Ok(seats))
}

fn hold(command: &HoldStock, possible: Possible, context: &mut Ctx<'_>) {
    let Possible { offering, seats, quantity, unit_price, total, share } = possible;
    let counted = command.customer.clone().filter(|_| share.is_some());
    let hold = Hold {
        owner: command.order,
        offering: offering.id,
        quantity,
        seats: command.seats.clone(),
        unit_price,
        total,
        state: HoldState::Held,
        until: command.until,
        held_at: context.now(),
        ended_at: None,
        counted,
    };
    let held = |seat: Seat| seat.hold(command.order).expect("a seat that is free can be held");
    let seats: Vec<Seat> = seats.into_iter().map(held).collect();
    say_held(&hold, &offering, &seats, context);
    for seat in seats {
        context.put(seat);
    }
    context.wake(command.order.0, command.until, ExpireHold { order: command.order });
    if let Some(share) = share {
        context.put(share);
    }
    context.put(offering);
    context.put(hold);
}

fn say_held(hold: &Hold, offering: &Offering, seats: &[Seat], context: &mut Ctx<'_>) {
    context.say(StockHeld {
        order: hold.owner,
        offering: hold.offering,
        name: offering.name.clone(),
        quantity: hold.quantity,
        seats: hold.seats.clone(),
        unit_price: hold.unit_price,
        total: hold.total,
        left: offering.left(),
        reference: offering.reference.clone(),
        place: seats.first().and_then(|seat| Some((seat.seat_row.clone()?, seat.seat_col?))),
        now: Some(offering.now()),
        seats_now: (!seats.is_empty()).then(|| seats.iter().map(Seat::now).collect()),
    });
}

fn say_again(command: &HoldStock, hold: &Hold, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let offering = context.get::<Offering>(&hold.offering)?;
    match (hold.state, offering) {
        (HoldState::Released | HoldState::Expired, offering) => {
            let rejection = Rejection::new(Code::Expired, "what was held for this order was released");
            return refuse(command, offering.as_ref(), rejection, context);
        }
        (HoldState::Held | HoldState::Sold, Some(offering)) => {
            let mut seats = Vec::with_capacity(hold.seats.0.len());
            for id in &hold.seats.0 {
                seats.extend(context.get::<Seat>(id)?);
            }
            say_held(hold, &offering, &seats, context);
        }
        (HoldState::Held | HoldState::Sold, None) => return Err(Stop::fault("a hold is there without its offering")),
    }
    Ok(())
}

fn refuse(
    command: &HoldStock,
    offering: Option<&Offering>,
    rejection: Rejection,
    context: &mut Ctx<'_>,
) -> Result<(), Stop> {
    let seats = names(&command.seats, context)?;
    context.say(StockRefused {
        order: command.order,
        code: rejection.code,
        message: rejection.message.into(),
        field: rejection.field.map(Into::into),
        offering: offering.map(|offering| offering.id),
        name: offering.and_then(|offering| offering.name.clone()),
        left: offering.map_or(0, Offering::left),
        quantity: command.quantity,
        unit_price: offering.map(|offering| offering.price),
        seats,
    });
    Ok(())
}

/// What people call `seats`, if there are any; those that there are not, by their numbers.
fn names(seats: &Seats, context: &mut Ctx<'_>) -> Result<Option<Vec<Text>>, Stop> {
    if seats.0.is_empty() {
        return Ok(None);
    }
    let mut names = Vec::with_capacity(seats.0.len());
    for id in &seats.0 {
        let seat = context.get::<Seat>(id)?;
        names.push(seat.map_or_else(|| seat_name(None, None, id.number()), |seat| seat.now().name()).into());
    }
    Ok(Some(names))
}
