//! An order was confirmed.

use contracts::events::OrderConfirmed;
use engine::Stop;

use super::notify;
use crate::Context;
use crate::role::NotificationService;

pub(crate) fn on_order_confirmed(
    event: &OrderConfirmed,
    service: &NotificationService,
    context: &mut Context<'_>,
) -> Result<(), Stop> {
    match service.notifying(event.order) {
        Some(_) => notify(&event.into(), event.clone(), service, context),
        None => Ok(()),
    }
}
