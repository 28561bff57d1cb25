//! A message of the journal, as clients and operators see it: in the timeline of an order, and among live events.

mod entry;
mod summary;

use contracts::display::{EventIds, StorefrontNames, order_of, storefront_of};
use contracts::{Numbered, Recorded};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::ids;
pub use entry::entry;

/// A message in the timeline of an order, or among live events.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TimelineEntry {
    /// When it was handled.
    #[schema(format = DateTime)]
    pub at: String,
    /// Who said it; `outside` for what a client, an operator or a provider said.
    pub service: &'static str,
    /// Its name.
    #[schema(example = "OrderConfirmed")]
    pub message: &'static str,
    /// Its id: text that sorts by length, then by content. The part before the dash is another one after the shop was restored from a
    /// backup: then the same numbers mean other messages.
    #[schema(pattern = "^([0-9a-f]{16}-)?[0-9]+$", example = "5f2c9a1b3d4e6f70-6291463")]
    pub id: String,
    /// The id of the message that brought it about.
    #[schema(required = true)]
    pub cause: Option<String>,
    /// What it says, for people.
    pub summary: String,
    /// What it says, for programs; its fields are those of the message.
    #[schema(value_type = Object)]
    pub data: Value,
}

/// An event, as it is sent to those who listen.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Event {
    /// The message.
    #[serde(flatten)]
    pub entry: TimelineEntry,
    /// The storefront it happened in; null for what concerns all, such as a customer's points.
    #[schema(required = true)]
    pub storefront: Option<String>,
    /// The order it is about, if it is about one.
    #[schema(required = true)]
    pub order: Option<String>,
    /// By which an operator finds the request that began it.
    pub correlation_id: String,
}

/// What is sent of a message to those who listen.
pub fn event(recorded: &Recorded, ids: &EventIds, names: &StorefrontNames) -> Event {
    Event {
        entry: entry(recorded, ids),
        storefront: storefront_of(recorded.subject).map(|storefront| names.name(storefront)),
        order: order_of(recorded.subject).map(|order| ids::text(order.number())),
        correlation_id: format!("{:016x}", recorded.correlation),
    }
}
