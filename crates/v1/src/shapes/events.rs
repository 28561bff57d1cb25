//! Events as they happen.

use edge::timeline::TimelineEntry;
use serde::Serialize;
use utoipa::ToSchema;

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
