//! Parked work: messages that a service could not handle, and orders that cannot go on.

use backend::{ParkedLine, ParkedMessage, WhichParked};
use contracts::display::{StorefrontNames, content, moment, order_of, storefront_of};
use contracts::queries::{OrderDetail, ParkedOrders};
use contracts::{Numbered, ServiceName};
use serde_json::{Value, json};

use super::{LIMIT_MAX, Reader};
use crate::OperatorError;
use crate::request::Filters;

impl Reader<'_> {
    /// What is parked, oldest first. Messages that only wait behind another one are counted with it, or shown if they are asked for.
    pub(super) async fn parked(self, filters: &mut Filters<'_>) -> Result<Value, OperatorError> {
        let limit = filters.number("limit", LIMIT_MAX)?.unwrap_or(LIMIT_MAX);
        let which = if filters.yes("followers")? { WhichParked::All(limit) } else { WhichParked::First(limit) };
        let messages = self.backend.parked(which).await?;
        let orders = self.backend.ask(ParkedOrders { limit }).await?;
        let shown = |parked: &ParkedMessage| {
            let mut shown = message(parked, self.names);
            shown["followers"] = parked.followers.into();
            shown
        };
        let orders: Vec<Value> = orders.iter().map(|order| parked_order(order, self.names)).collect();
        Ok(json!({ "messages": messages.iter().map(shown).collect::<Vec<_>>(), "orders": orders }))
    }

    /// The message `id`: all of it, why it is parked, what waits behind it, and what to do.
    pub(super) async fn one_parked(self, id: &str) -> Result<Value, OperatorError> {
        let nothing = || OperatorError::nothing_parked(id);
        let found = self.backend.parked_line(id.parse().map_err(|_| nothing())?, LIMIT_MAX).await?;
        Ok(one(&found.ok_or_else(nothing)?, self.names))
    }
}

fn one(found: &ParkedLine, names: &StorefrontNames) -> Value {
    let parked = &found.message;
    let mut shown = message(parked, names);
    shown["data"] = match found.content.as_ref().map_err(String::clone).and_then(content) {
        Ok(data) => data,
        Err(why) => json!({ "unreadable": why }),
    };
    let first = found.line.first().map_or(parked.id, |first| first.id);
    let behind: Vec<&ParkedMessage> = found.line.iter().filter(|other| other.id > parked.id).collect();
    shown["waits_behind_id"] = json!((first != parked.id).then(|| first.to_string()));
    shown["followers"] = behind.len().into();
    shown["follower_messages"] =
        behind.iter().map(|other| json!({ "id": other.id.to_string(), "message": &*other.name })).collect();
    shown["what_to_do"] = what_to_do(parked, first).into();
    shown["if_given_up"] = if_given_up(parked).into();
    shown
}

fn what_to_do(parked: &ParkedMessage, first: u64) -> String {
    let id = parked.id;
    if first != id {
        return format!("it waits behind {first}, and is handed over when that one is: maejin parked show {first}");
    }
    let then = if parked.is_effect { "then have it tried again" } else { "then" };
    format!(
        "mend what the reason names, {then}: maejin parked retry {id}; or do without it: maejin parked give-up {id}"
    )
}

/// What comes of it if the message is never handled.
fn if_given_up(parked: &ParkedMessage) -> &'static str {
    match service(parked) {
        Some(ServiceName::MyPage) => {
            "my page never hears of it; with the shop stopped, maejin rebuild mypage makes up for that"
        }
        Some(ServiceName::Notification) => "nobody is told of it",
        _ if order_of(parked.subject).is_some() => {
            "the order asks again when the deadline of its step passes, and is parked if that is in vain ten times"
        }
        _ => "it never comes about",
    }
}

fn service(parked: &ParkedMessage) -> Option<ServiceName> {
    ServiceName::ALL.into_iter().find(|service| *service as u8 == parked.service)
}

/// A parked message as an operator sees it, without its content.
pub(super) fn message(parked: &ParkedMessage, names: &StorefrontNames) -> Value {
    json!({
        "id": parked.id.to_string(),
        "service": service(parked).map(ServiceName::as_str),
        "message": &*parked.name,
        "about": names.subject(parked.subject),
        "storefront": storefront_of(parked.subject).map(|storefront| names.name(storefront)),
        "order": order_of(parked.subject).map(Numbered::number),
        "reason": parked.reason.as_deref(),
        "waits_behind": parked.reason.is_none(),
        "since": moment(parked.at),
        "since_ms": parked.at,
        "message_id": parked.message_id.to_string(),
        "correlation_id": format!("{:016x}", parked.correlation),
    })
}

fn parked_order(order: &OrderDetail, names: &StorefrontNames) -> Value {
    let OrderDetail { view, waits_for, .. } = order;
    json!({
        "storefront": names.name(view.order.storefront()),
        "order": view.order.number(),
        "customer": &*view.now.customer,
        "state": view.now.state.as_str(),
        "waits_for": waits_for.as_deref(),
        "reason": view.now.parked.as_deref(),
        "placed_at": moment(view.now.placed_at),
    })
}
