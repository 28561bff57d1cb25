//! Events as they happen.

use edge::timeline::TimelineEntry;
use serde::Serialize;
use utoipa::ToSchema;

use super::Moment;

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

/// What lets in to events for some seconds, as `ticket` in the query.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Ticket {
    /// The ticket.
    #[schema(pattern = "^[0-9a-f]{96}$")]
    pub ticket: String,
    /// Until when it lets in. Whoever listens by then goes on listening.
    pub ends_at: Moment,
}
