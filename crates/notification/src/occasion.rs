//! What a person is to be told of, whichever event said it. An effect carries the event, so the same mail is written after a restart.

use contracts::events::{OrderCancelled, OrderConfirmed, OrderRejected};
use contracts::{Message, NoticeId, OfferingId, OrderId, OrderNow, Text};

use crate::kind::NoticeKind;

/// An order's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Occasion {
    pub(crate) order: OrderId,
    pub(crate) kind: NoticeKind,
    pub(crate) customer: Text,
    pub(crate) customer_name: Option<Text>,
    pub(crate) offering: Option<OfferingId>,
    pub(crate) offering_name: Option<Text>,
    pub(crate) quantity: u32,
    /// The seats as people know them.
    pub(crate) seats: Vec<Text>,
    /// Why the order was rejected, or cancelled where somebody said so.
    pub(crate) reason: Option<Text>,
}

impl Occasion {
    /// The end of an order that `message` speaks of, if it does.
    pub(crate) fn of(message: &Message) -> Option<Self> {
        match message {
            Message::OrderConfirmed(event) => Some(event.into()),
            Message::OrderRejected(event) => Some(event.into()),
            Message::OrderCancelled(event) => Some(event.into()),
            _ => None,
        }
    }

    /// The id of the notice of it.
    pub(crate) fn notice_id(&self) -> NoticeId {
        NoticeId::of(self.order, self.kind as u8)
    }
}

impl From<&OrderConfirmed> for Occasion {
    fn from(event: &OrderConfirmed) -> Self {
        Self {
            order: event.order,
            kind: NoticeKind::Confirmed,
            customer: event.customer.clone(),
            customer_name: customer_name(event.fields.as_ref()),
            offering: Some(event.offering),
            offering_name: event.name.clone(),
            quantity: event.quantity,
            seats: seats(event.now.as_deref()),
            reason: None,
        }
    }
}

impl From<&OrderRejected> for Occasion {
    fn from(event: &OrderRejected) -> Self {
        Self {
            order: event.order,
            kind: NoticeKind::Rejected,
            customer: event.customer.clone(),
            customer_name: customer_name(event.fields.as_ref()),
            offering: event.offering,
            offering_name: event.name.clone(),
            quantity: event.quantity,
            seats: seats(event.now.as_deref()),
            reason: Some(event.message.clone()),
        }
    }
}

impl From<&OrderCancelled> for Occasion {
    fn from(event: &OrderCancelled) -> Self {
        Self {
            order: event.order,
            kind: NoticeKind::Cancelled,
            customer: event.customer.clone(),
            customer_name: customer_name(event.fields.as_ref()),
            offering: event.offering,
            offering_name: event.name.clone(),
            quantity: event.quantity,
            seats: seats(event.now.as_deref()),
            reason: event.now.as_deref().and_then(|order| order.cancel_reason.clone()),
        }
    }
}

fn seats(order: Option<&OrderNow>) -> Vec<Text> {
    order.and_then(|order| order.seats.clone()).unwrap_or_default()
}

/// What the client called the customer, among the fields that are only kept.
fn customer_name(fields: Option<&Text>) -> Option<Text> {
    let fields: serde_json::Value = serde_json::from_str(fields?).ok()?;
    fields.get("userName")?.as_str().map(Text::from)
}
