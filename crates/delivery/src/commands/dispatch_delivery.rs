//! The goods have left.

use contracts::commands::DispatchDelivery;
use engine::Stop;

use super::advance;
use crate::Context;
use crate::delivery::Delivery;

pub(crate) fn dispatch_delivery(command: &DispatchDelivery, context: &mut Context<'_>) -> Result<(), Stop> {
    advance(command.order, Delivery::dispatch, context)
}
