//! What the service says of a delivery, from its row: so that said again it is the same.

use contracts::events::{DeliveryCancelled, DeliveryCompleted, DeliveryDispatched, DeliveryStarted};
use contracts::{DeliveryNow, Message, OrderId, Text};

use crate::delivery::{Delivery, DeliveryState};

/// That the delivery has begun.
pub(crate) fn started(delivery: &Delivery) -> Message {
    DeliveryStarted {
        order: delivery.owner,
        number: delivery.number,
        product: delivery.product.clone(),
        now: now(delivery),
    }
    .into()
}

/// How far it is.
pub(crate) fn state(delivery: &Delivery) -> Message {
    let order = delivery.owner;
    match delivery.state {
        DeliveryState::Started => started(delivery),
        DeliveryState::Dispatched => DeliveryDispatched { order, now: now(delivery) }.into(),
        DeliveryState::Completed => DeliveryCompleted { order, now: now(delivery) }.into(),
        DeliveryState::Cancelled => {
            DeliveryCancelled { order, number: delivery.number, product: delivery.product.clone(), now: now(delivery) }
                .into()
        }
    }
}

/// No delivery had begun, so there is nothing to cancel.
pub(crate) fn never_started(order: OrderId) -> DeliveryCancelled {
    DeliveryCancelled { order, number: 0, product: Text::default(), now: None }
}

/// What events say of it.
fn now(delivery: &Delivery) -> Option<Box<DeliveryNow>> {
    Some(Box::new(delivery.now()))
}
