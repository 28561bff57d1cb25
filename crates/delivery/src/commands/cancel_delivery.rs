//! Do not deliver an order, unless it was delivered already.

use contracts::commands::CancelDelivery;
use engine::Stop;

use super::settle;
use crate::delivery::Delivery;
use crate::{Context, publish};

pub(crate) fn cancel_delivery(command: &CancelDelivery, context: &mut Context<'_>) -> Result<(), Stop> {
    match context.get::<Delivery>(&command.order)? {
        Some(delivery) => settle(delivery.cancel(context.now()), context),
        None => context.say(publish::never_started(command.order)),
    }
    Ok(())
}
