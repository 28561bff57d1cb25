//! What lets in to events as they happen.

use serde::Serialize;
use utoipa::ToSchema;

use super::Moment;

/// What lets in to events for some seconds, as `ticket` in the query.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Ticket {
    /// The ticket.
    #[schema(pattern = "^[0-9a-f]{96}$")]
    pub ticket: String,
    /// Until when it lets in. Whoever listens by then goes on listening.
    pub ends_at: Moment,
}
