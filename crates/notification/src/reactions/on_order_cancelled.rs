//! An order was taken back.

use contracts::events::OrderCancelled;
use engine::Stop;

use super::notify;
use crate::Context;
use crate::role::NotificationService;

pub(crate) fn on_order_cancelled(
    event: &OrderCancelled,
    service: &NotificationService,
    context: &mut Context<'_>,
) -> Result<(), Stop> {
    match service.notifying(event.order) {
        Some(_) => notify(&event.into(), event.clone(), service, context),
        None => Ok(()),
    }
}
