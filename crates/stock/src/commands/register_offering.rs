//! Puts an offering on sale.

use contracts::commands::RegisterOffering;
use contracts::events::OfferingRegistered;
use contracts::{Answer, Code, Numbered, OfferingId, Rejection};
use engine::Stop;

use super::{Ctx, number};
use crate::offering::Offering;
use crate::reference;

/// More of one thing than this cannot be counted on.
const STOCK_MAX: u64 = 1 << 53;

pub(crate) fn handle(command: &RegisterOffering, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let storefront = command.storefront;
    let before = match command.number {
        Some(given) => context.get::<Offering>(&OfferingId::of(storefront, given))?,
        None => None,
    };
    if let Some(given) = command.number
        && before.as_ref().is_some_and(|before| !before.withdrawn || before.seated)
    {
        let message = format!("there is an offering with the id {given} already");
        context.answer(Rejection::of_field(Code::AlreadyExists, "id", message).into());
        return Ok(());
    }
    if let Err(rejection) = acceptable(command) {
        context.answer(rejection.into());
        return Ok(());
    }
    let number = match number(storefront, false, command.number, context)? {
        Ok(number) => number,
        Err(rejection) => {
            context.answer(rejection.into());
            return Ok(());
        }
    };
    let id = OfferingId::of(storefront, number);
    // What was withdrawn and is put on sale again keeps what is still held and sold of it.
    let (held, sold, version) = before.map_or((0, 0, 1), |before| (before.held, before.sold, before.version + 1));
    reference::note(id, storefront, None, command.reference.as_ref(), context)?;
    context.put(Offering {
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
    });
    context.about(contracts::Message::from(contracts::commands::WithdrawOffering { offering: id }).subject());
    context.say(OfferingRegistered {
        offering: id,
        name: command.name.clone(),
        price: command.price,
        left: command.stock,
        reference: command.reference.clone(),
    });
    context.answer(Answer::Offering(id));
    Ok(())
}

fn acceptable(command: &RegisterOffering) -> Result<(), Rejection> {
    if command.price.amount < 0 {
        return Err(Rejection::of_field(Code::InvalidValue, "price", "a price is not below zero"));
    }
    if command.stock > STOCK_MAX {
        return Err(Rejection::of_field(Code::InvalidValue, "left", format!("stock is at most {STOCK_MAX}")));
    }
    Ok(())
}
