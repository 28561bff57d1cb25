//! What stock does, a file for each command.

pub(crate) mod arrange_seats;
pub(crate) mod change_offering;
pub(crate) mod change_seat;
pub(crate) mod expire_hold;
pub(crate) mod hold_stock;
pub(crate) mod register_offering;
pub(crate) mod register_seat;
pub(crate) mod release_stock;
pub(crate) mod reopen_offering;
pub(crate) mod sell_stock;
pub(crate) mod take_back_stock;
pub(crate) mod withdraw;

use contracts::{Answer, Code, Message, NUMBER_MAX, OfferingId, Rejection, StorefrontNo};
use engine::{Context, Stop};

use crate::offering::Offering;
use crate::store::Counter;

pub(crate) type Ctx<'a> = Context<'a, Message, Answer>;

/// The offering, or a refusal because there is none on sale with this id.
pub(crate) fn offering(id: OfferingId, context: &mut Ctx<'_>) -> Result<Result<Offering, Rejection>, Stop> {
    let none = |why| Err(Rejection::new(Code::NotFound, why));
    Ok(match context.get::<Offering>(&id)? {
        None => none("there is no such offering"),
        Some(offering) if offering.withdrawn => none("it is withdrawn: reopen it first"),
        Some(offering) => Ok(offering),
    })
}

/// A sale that ends before it begins is a mistake.
pub(crate) fn is_window(from: Option<u64>, until: Option<u64>) -> Result<(), Rejection> {
    match (from, until) {
        (Some(from), Some(until)) if until <= from => {
            let message = "it is not after on_sale_from, so nothing could ever be ordered";
            Err(Rejection::of_field(Code::InvalidValue, "on_sale_until", message))
        }
        _ => Ok(()),
    }
}

/// The number that something new gets: the one that was given, or the next free one of its counter.
pub(crate) fn number(
    storefront: StorefrontNo,
    seats: bool,
    given: Option<u64>,
    context: &mut Ctx<'_>,
) -> Result<Result<u64, Rejection>, Stop> {
    let id = u64::from(storefront.0) * 2 + u64::from(seats);
    let next = context.get::<Counter>(&id)?.map_or(1, |counter| counter.next);
    let number = given.unwrap_or(next);
    if !(1..=NUMBER_MAX).contains(&number) {
        let message = format!("an id is a whole number from 1 to {NUMBER_MAX}");
        return Ok(Err(Rejection::of_field(Code::InvalidValue, "id", message)));
    }
    context.put(Counter { id, next: next.max(number + 1) });
    Ok(Ok(number))
}
