//! Puts an offering on sale.

use std::collections::HashSet;

use contracts::commands::{RegisterOffering, RegisterSeat};
use contracts::events::OfferingRegistered;
use contracts::limits::COUNT_MAX;
use contracts::{Answer, Code, Numbered, OfferingId, Rejection, SeatId, Subject, input};
use engine::Stop;

use super::register_seat::add;
use super::{Ctx, is_window, number};
use crate::description;
use crate::offering::Offering;
use crate::reference;
use crate::versions;

pub(crate) fn handle(command: &RegisterOffering, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let storefront = command.storefront;
    let before = match command.number {
        Some(given) => context.get::<Offering>(&OfferingId::of(storefront, given))?,
        None => None,
    };
    let room = before.as_ref().map_or(Ok(()), |before| makes_room(before, command.seated));
    let promised = before.as_ref().map_or(0, |before| before.held + before.sold);
    let says = room.and_then(|()| acceptable(command, promised));
    let details = match says.and_then(|()| description::registered(command.details.as_deref())) {
        Ok(details) => details,
        Err(rejection) => {
            context.answer(rejection.into());
            return Ok(());
        }
    };
    let number = match number(storefront, false, command.number, context)? {
        Ok(number) => number,
        Err(rejection) => {
            context.answer(rejection.into());
            return Ok(());
        }
    };
    let id = OfferingId::of(storefront, number);
    // What was withdrawn and is put on sale again keeps what is still held and sold of it.
    let (held, sold, version) = match &before {
        Some(before) => (before.held, before.sold, before.version + 1),
        None => (0, 0, versions::first(storefront, context)?),
    };
    let was_described = before.as_ref().is_some_and(|before| before.described == Some(true));
    if was_described || !details.is_empty() {
        description::keep(id, details.clone(), context);
    }
    reference::note(id, storefront, None, command.reference.as_ref(), context)?;
    let offering = Offering {
        id,
        storefront,
        reference: command.reference.clone(),
        name: command.name.clone(),
        price: command.price,
        capacity: command.stock + held + sold,
        held,
        sold,
        seated: command.seated,
        fields: command.fields.clone(),
        registered_at: context.now(),
        withdrawn: false,
        version,
        on_sale_from: command.on_sale_from,
        on_sale_until: command.on_sale_until,
        limit_per_customer: command.limit_per_customer,
        described: (!details.is_empty()).then_some(true),
    };
    let now = Some(offering.now());
    context.put(offering);
    context.about(Subject::Offering(id).key());
    context.say(OfferingRegistered {
        offering: id,
        name: command.name.clone(),
        price: command.price,
        left: command.stock,
        reference: command.reference.clone(),
        now,
        details: description::said(&details),
    });
    seat(command, id, context)?;
    context.answer(Answer::Offering(id));
    Ok(())
}

/// Registers the seats that came with the offering `id`. What could be wrong with them was looked at before.
fn seat(command: &RegisterOffering, id: OfferingId, context: &mut Ctx<'_>) -> Result<(), Stop> {
    for seat in &command.seats {
        let Some(offering) = context.get::<Offering>(&id)? else {
            return Err(Stop::fault("an offering is not there right after it was registered"));
        };
        let Ok(number) = number(command.storefront, true, None, context)? else {
            return Err(Stop::fault("there are no numbers left for seats"));
        };
        let (row, column, grade) = (Some(seat.row.clone()), Some(seat.column), seat.grade.clone());
        let command = RegisterSeat {
            storefront: command.storefront,
            number: None,
            offering: id,
            grade,
            row,
            column,
            price: seat.price,
            withheld: seat.withheld == Some(true),
        };
        add(&command, offering, SeatId::of(command.storefront, number), context)?;
    }
    Ok(())
}

/// Whether another offering may have the id of `before`: only if that was withdrawn. What is held and sold of it without seats would be
/// counted among seats.
fn makes_room(before: &Offering, for_seats: bool) -> Result<(), Rejection> {
    let id = before.id.number();
    let message = if !before.withdrawn || before.seated {
        format!("there is an offering with the id {id} already")
    } else if for_seats && before.held + before.sold > 0 {
        format!("orders of an offering with the id {id} that had no seats go on: give seats another id")
    } else {
        return Ok(());
    };
    Err(Rejection::of_field(Code::AlreadyExists, "id", message))
}

/// Whether it can be put on sale, with `promised` of it still held and sold.
fn acceptable(command: &RegisterOffering, promised: u64) -> Result<(), Rejection> {
    is_window(command.on_sale_from, command.on_sale_until)?;
    if !command.seats.is_empty() && !command.seated {
        return Err(Rejection::of_field(Code::InvalidValue, "seats", "only what is sold by seats has seats"));
    }
    let mut places = HashSet::with_capacity(command.seats.len());
    if let Some(at) = command.seats.iter().position(|seat| !places.insert((input::look(&seat.row), seat.column))) {
        let message = "its row and number look the same as those of one before it";
        return Err(Rejection::of_field(Code::InvalidValue, &format!("seats[{at}]"), message));
    }
    if command.stock.saturating_add(promised) > COUNT_MAX {
        return Err(Rejection::of_field(Code::InvalidValue, "left", format!("with what is sold at most {COUNT_MAX}")));
    }
    Ok(())
}
