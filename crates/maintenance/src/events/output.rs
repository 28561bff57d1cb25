//! A message as a line: for people, or as one JSON object.

use contracts::display::{EventIds, StorefrontNames, content, moment, order_of, service, storefront_of};
use contracts::{Message, Numbered};
use engine::Envelope;
use serde::Serialize;
use serde_json::Value;

/// The line for people: when, id, who said it, what, about what, the request, and the content.
pub fn text(envelope: &Envelope<Message>, names: &StorefrontNames) -> Result<String, String> {
    Ok(format!(
        "{}  {:<10}  {:<12}  {:<18}  {:<18}  {:016x}  {}",
        moment(envelope.at),
        envelope.id,
        service(envelope.from),
        envelope.message.name(),
        names.subject(envelope.subject),
        envelope.correlation,
        content(&envelope.message)?
    ))
}

/// The keys of a line for programs. Ids are text: they do not fit the numbers of every JSON reader.
#[derive(Serialize)]
struct Line<'a> {
    at: String,
    id: String,
    cause: Option<String>,
    service: &'a str,
    message: &'a str,
    storefront: Option<String>,
    order: Option<u64>,
    correlation_id: String,
    data: Value,
}

/// The line for programs, with ids as v1 writes them.
pub fn json(envelope: &Envelope<Message>, ids: &EventIds, names: &StorefrontNames) -> Result<String, String> {
    let line = Line {
        at: moment(envelope.at),
        id: ids.text(envelope.id),
        cause: (envelope.cause != 0).then(|| ids.text(envelope.cause)),
        service: service(envelope.from),
        message: envelope.message.name(),
        storefront: storefront_of(envelope.subject).map(|storefront| names.name(storefront)),
        order: order_of(envelope.subject).map(|order| order.number()),
        correlation_id: format!("{:016x}", envelope.correlation),
        data: content(&envelope.message)?,
    };
    serde_json::to_string(&line).map_err(|error| error.to_string())
}
