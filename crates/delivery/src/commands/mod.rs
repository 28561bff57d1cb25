//! What the service does when it is asked.

mod cancel_delivery;
mod complete_delivery;
mod dispatch_delivery;
mod start_delivery;

pub(crate) use cancel_delivery::cancel_delivery;
pub(crate) use complete_delivery::complete_delivery;
pub(crate) use dispatch_delivery::dispatch_delivery;
pub(crate) use start_delivery::start_delivery;

use contracts::{Code, OrderId, Rejection};
use engine::Stop;

use crate::Context;
use crate::delivery::{Delivery, Moved};
use crate::publish;

/// Moves the delivery of `order`, if there is one, and says how far it is; or answers why that cannot be.
fn advance(
    order: OrderId,
    transition: impl FnOnce(Delivery) -> Result<Moved, Rejection>,
    context: &mut Context<'_>,
) -> Result<(), Stop> {
    let delivery = context.get::<Delivery>(&order)?;
    match delivery.ok_or_else(none_for_it).and_then(transition) {
        Ok(moved) => settle(moved, context),
        Err(rejection) => context.answer(rejection.into()),
    }
    Ok(())
}

/// Writes what changed, and says how far it is, again if it was that far before.
fn settle(moved: Moved, context: &mut Context<'_>) {
    let (Moved::Now(delivery) | Moved::Already(delivery)) = &moved;
    context.say(publish::state(delivery));
    if let Moved::Now(delivery) = moved {
        context.put(delivery);
    }
}

fn none_for_it() -> Rejection {
    Rejection::new(Code::NotFound, "the order has no delivery")
}
