//! Parked work: messages that a service could not handle, and orders that cannot go on.

use std::collections::HashMap;

use contracts::{Message, Numbered, ServiceName};
use engine::Parked;
use order::Order;
use serde_json::{Value, json};
use store::{TableReader, select};

use super::{LIMIT_MAX, int, row};
use crate::OperatorError;
use crate::request::Filters;
use contracts::display::content;
use contracts::display::{StorefrontNames, moment, order_of, storefront_of};

/// Messages that nothing else is parked before.
const FIRST: &str = "WHERE (subject = 0 OR intent IS NOT NULL OR id IN \
    (SELECT min(id) FROM engine_parked WHERE subject <> 0 AND intent IS NULL GROUP BY service, subject)) ORDER BY id LIMIT ?1";

/// What is parked, oldest first. Messages that only wait behind another one are counted with it, or shown if they are asked for.
pub(super) fn list(
    reader: &mut dyn TableReader,
    names: &StorefrontNames,
    filters: &mut Filters<'_>,
) -> Result<Value, OperatorError> {
    let limit = [int(filters.number("limit", LIMIT_MAX)?.unwrap_or(LIMIT_MAX))];
    let tail = if filters.yes("followers")? { "ORDER BY id LIMIT ?1" } else { FIRST };
    let messages = select::<Parked>(reader, tail, &limit)?;
    let orders = select::<Order>(reader, "WHERE parked IS NOT NULL ORDER BY id LIMIT ?1", &limit)?;
    let followed = followed(reader)?;
    let shown = |parked: &Parked| {
        let mut shown = message(parked, names);
        shown["followers"] = followers(parked, &followed).into();
        shown
    };
    let orders: Vec<Value> = orders.iter().map(|order| parked_order(order, names)).collect();
    Ok(json!({ "messages": messages.iter().map(shown).collect::<Vec<_>>(), "orders": orders }))
}

/// By service and subject: the oldest message that is parked, and how many there are.
type Followed = HashMap<(i64, i64), (u64, u64)>;

fn followed(reader: &mut dyn TableReader) -> Result<Followed, OperatorError> {
    let sql = "SELECT service, subject, min(id), count(*) FROM engine_parked
        WHERE subject <> 0 AND intent IS NULL GROUP BY service, subject";
    let line = |line: &Vec<String>| match &line[..] {
        [service, subject, first, count] => {
            let key = (service.parse().ok()?, subject.parse().ok()?);
            Some((key, (first.parse().ok()?, count.parse().ok()?)))
        }
        _ => None,
    };
    Ok(reader.report(sql, &[])?.iter().filter_map(line).collect())
}

fn followers(parked: &Parked, followed: &Followed) -> u64 {
    let key = (i64::from(parked.service), i64::try_from(parked.subject.number()).unwrap_or(i64::MAX));
    followed.get(&key).filter(|(first, _)| *first == parked.id).map_or(0, |(_, count)| count - 1)
}

/// The message `id`: all of it, why it is parked, what waits behind it, and what to do.
pub(super) fn one(reader: &mut dyn TableReader, names: &StorefrontNames, id: &str) -> Result<Value, OperatorError> {
    let number = id.parse().map_err(|_| OperatorError::nothing_parked(id))?;
    let Some(parked) = row::<Parked>(reader, number)? else { return Err(OperatorError::nothing_parked(id)) };
    let mut shown = message(&parked, names);
    shown["data"] = match parked.content::<Message>().and_then(|message| content(&message)) {
        Ok(data) => data,
        Err(why) => json!({ "unreadable": why }),
    };
    let is_alone = parked.subject.is_none() || parked.intent.is_some();
    let same = if is_alone { "WHERE id = ?3" } else { "WHERE service = ?1 AND subject = ?2 AND intent IS NULL" };
    let tail = format!("{same} ORDER BY id LIMIT {LIMIT_MAX}");
    let key = [int(u64::from(parked.service)), int(parked.subject.number()), int(parked.id)];
    let line = select::<Parked>(reader, &tail, &key[..if is_alone { 3 } else { 2 }])?;
    let first = line.first().map_or(parked.id, |first| first.id);
    let behind: Vec<&Parked> = line.iter().filter(|other| other.id > parked.id).collect();
    shown["waits_behind_id"] = json!((first != parked.id).then(|| first.to_string()));
    shown["followers"] = behind.len().into();
    shown["follower_messages"] =
        behind.iter().map(|other| json!({ "id": other.id.to_string(), "message": &*other.name })).collect();
    shown["what_to_do"] = what_to_do(&parked, first).into();
    shown["if_given_up"] = if_given_up(&parked).into();
    Ok(shown)
}

fn what_to_do(parked: &Parked, first: u64) -> String {
    let id = parked.id;
    if first != id {
        return format!("it waits behind {first}, and is handed over when that one is: maejin parked show {first}");
    }
    let then = if parked.intent.is_some() { "then have it tried again" } else { "then" };
    format!(
        "mend what the reason names, {then}: maejin parked retry {id}; or do without it: maejin parked give-up {id}"
    )
}

/// What comes of it if the message is never handled.
fn if_given_up(parked: &Parked) -> &'static str {
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

fn service(parked: &Parked) -> Option<ServiceName> {
    ServiceName::ALL.into_iter().find(|service| *service as u8 == parked.service)
}

/// A parked message as an operator sees it, without its content.
pub(super) fn message(parked: &Parked, names: &StorefrontNames) -> Value {
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

fn parked_order(order: &Order, names: &StorefrontNames) -> Value {
    json!({
        "storefront": names.name(order.storefront),
        "order": order.id.number(),
        "customer": &*order.customer,
        "state": order.state.as_str(),
        "waits_for": order.waits_for(),
        "reason": order.parked.as_deref(),
        "placed_at": moment(order.placed_at),
    })
}
