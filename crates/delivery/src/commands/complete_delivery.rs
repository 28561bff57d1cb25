//! The goods have arrived.

use contracts::commands::CompleteDelivery;
use engine::Stop;

use super::advance;
use crate::Context;

pub(crate) fn complete_delivery(command: &CompleteDelivery, context: &mut Context<'_>) -> Result<(), Stop> {
    let now = context.now();
    advance(command.order, |delivery| delivery.complete(now), context)
}
