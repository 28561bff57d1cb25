//! An order was confirmed.

use contracts::events::OrderConfirmed;
use engine::Stop;

use super::notify;
use crate::Context;
use crate::audience::Audience;

pub(crate) fn on_order_confirmed(
    event: &OrderConfirmed,
    audience: &Audience,
    context: &mut Context<'_>,
) -> Result<(), Stop> {
    match audience.notifying(event.order) {
        Some(_) => notify(&event.into(), event.clone(), audience, context),
        None => Ok(()),
    }
}
