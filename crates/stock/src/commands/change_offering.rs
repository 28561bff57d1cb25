//! Changes an offering, or adds to its stock.

use contracts::commands::{AddStock, ChangeOffering, Versions};
use contracts::events::{OfferingChanged, StockAdded};
use contracts::{Answer, Code, Details, Rejection};
use engine::Stop;

use super::{Ctx, is_window, offering};
use crate::offering::Offering;
use crate::{as_read, description, expected, kept, reference};

pub(crate) fn handle(command: &ChangeOffering, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let before = match offering(command.offering, context)? {
        Ok(before) => before,
        Err(rejection) => {
            context.answer(rejection.into());
            return Ok(());
        }
    };
    let said = description::of(&before, context)?;
    let changed = changed(command, before.clone());
    match changed.and_then(|after| Ok((after, description::changed(command, said.clone())?))) {
        Err(rejection) => context.answer(rejection.into()),
        Ok((after, says)) => {
            let described = (!says.is_empty()).then_some(true);
            keep((&before, &said), (Offering { described, ..after }, says), context)?;
        }
    }
    Ok(())
}

pub(crate) fn add(command: &AddStock, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let before = match offering(command.offering, context)? {
        Ok(before) => before,
        Err(rejection) => {
            context.answer(rejection.into());
            return Ok(());
        }
    };
    let version = Rejection::unless_version(before.version, command.expected_version)
        .and_then(|()| Versions::allow(command.versions.as_deref(), before.version));
    if let Err(rejection) = version.and(if before.seated { Err(by_seats()) } else { Ok(()) }) {
        context.answer(rejection.into());
        return Ok(());
    }
    let left = before.left().checked_add(command.add);
    match left.and_then(|left| before.clone().with_left(left)) {
        None => context.answer(too_much().into()),
        Some(after) => {
            let said = description::of(&before, context)?;
            keep((&before, &said), (after, said.clone()), context)?;
        }
    }
    Ok(())
}

fn by_seats() -> Rejection {
    Rejection::of_field(Code::WrongState, "left", "it is sold by seats: register or withdraw seats instead")
}

fn too_much() -> Rejection {
    Rejection::of_field(Code::InvalidValue, "left", "that is more stock than can be counted")
}

fn changed(command: &ChangeOffering, before: Offering) -> Result<Offering, Rejection> {
    Rejection::unless_version(before.version, command.expected_version)?;
    Versions::allow(command.versions.as_deref(), before.version)?;
    command.as_read.as_deref().map_or(Ok(()), |read| as_read::of_offering(&before, read))?;
    expected::of_offering(&before, command.expects.as_deref())?;
    // What is left already is no change, whoever says it: so what was read can be sent back.
    let new_left = command.left.filter(|left| *left != before.left());
    if before.seated && new_left.is_some() {
        return Err(by_seats());
    }
    let new_capacity = command.capacity.filter(|capacity| *capacity != before.capacity);
    let promised = before.held + before.sold;
    let mut after = match (new_left, new_capacity) {
        (Some(left), _) if command.whole && left < promised => {
            let message = format!("{promised} are held or sold, more than the stock of {left}");
            return Err(Rejection::of_field(Code::StockBelowSold, "left", message));
        }
        (Some(left), _) => before.with_left(left).ok_or_else(too_much)?,
        (None, Some(capacity)) => with_capacity(before, capacity)?,
        (None, None) => before.changed(),
    };
    after.reference = command.reference.clone().or(after.reference.filter(|_| !command.no_reference));
    after.name = command.name.clone().or(after.name.filter(|_| !command.no_name));
    after.price = command.price.unwrap_or(after.price);
    after.fields = command.fields.clone().or(after.fields);
    if let Some(merged) = &command.merged {
        after.fields = kept::merge(after.fields.as_ref(), merged)?;
    }
    after.on_sale_from = command.on_sale_from.or(after.on_sale_from.filter(|_| !command.no_on_sale_from));
    after.on_sale_until = command.on_sale_until.or(after.on_sale_until.filter(|_| !command.no_on_sale_until));
    let is_limited = command.no_limit_per_customer != Some(true);
    after.limit_per_customer = command.limit_per_customer.or(after.limit_per_customer.filter(|_| is_limited));
    is_window(after.on_sale_from, after.on_sale_until)?;
    Ok(after)
}

/// With so many in all; refused if that is less than what is held and sold, with how many those are.
fn with_capacity(before: Offering, capacity: u64) -> Result<Offering, Rejection> {
    if before.seated {
        return Err(Rejection { field: Some("capacity".to_owned()), ..by_seats() });
    }
    let (held, sold) = (before.held, before.sold);
    before.with_capacity(capacity).ok_or_else(|| {
        let least = held + sold;
        let message = format!("{held} are held and {sold} sold, so it is at least {least}, not {capacity}");
        Rejection::of_field(Code::StockBelowSold, "capacity", message)
    })
}

/// Keeps what came of a change, and says it. What changed nothing raises no version.
fn keep(
    (before, said): (&Offering, &Details),
    (after, says): (Offering, Details),
    context: &mut Ctx<'_>,
) -> Result<(), Stop> {
    let is_said_otherwise = *said != says;
    if !is_said_otherwise && (Offering { version: before.version, ..after.clone() }) == *before {
        context.answer(Answer::Offering(before.id));
        return Ok(());
    }
    reference::note(after.id, after.storefront, before.reference.as_ref(), after.reference.as_ref(), context)?;
    let by = i64::try_from(i128::from(after.left()) - i128::from(before.left())).unwrap_or(i64::MAX);
    if by != 0 {
        context.say(StockAdded {
            offering: after.id,
            by,
            left: after.left(),
            name: after.name.clone(),
            now: Some(after.now()),
        });
    }
    if is_said_otherwise || is_described_otherwise(before, &after) {
        context.say(OfferingChanged {
            offering: after.id,
            name: after.name.clone(),
            price: after.price,
            left: after.left(),
            reference: after.reference.clone(),
            now: Some(after.now()),
            details: description::said(&says),
        });
    }
    if is_said_otherwise {
        description::keep(after.id, says, context);
    }
    context.answer(Answer::Offering(after.id));
    context.put(after);
    Ok(())
}

/// Whether they differ in more than how much is left.
fn is_described_otherwise(before: &Offering, after: &Offering) -> bool {
    let pool = |of: &Offering| Offering { capacity: 0, held: 0, sold: 0, version: 0, ..of.clone() };
    pool(before) != pool(after)
}
