//! What belongs to one customer: orders, points, notices.

use contracts::states::OrderState;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Moment, Money, OrderStates};

/// One order on a customer's page.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MyOrder {
    /// The order's id within its storefront.
    pub id: String,
    /// The storefront.
    pub storefront: String,
    /// The offering.
    #[schema(required = true)]
    pub offering: Option<String>,
    /// Its name.
    #[schema(required = true)]
    pub name: Option<String>,
    /// How many.
    pub quantity: u32,
    /// What it costs; null as long as no stock was set aside.
    #[schema(required = true)]
    pub total: Option<Money>,
    /// How far it is.
    #[schema(value_type = OrderStates)]
    pub state: OrderState,
    /// Why it was rejected.
    #[schema(required = true)]
    pub reason: Option<&'static str>,
    /// When it was placed.
    pub placed_at: Moment,
    /// When it was paid.
    #[schema(required = true)]
    pub paid_at: Option<Moment>,
    /// When that was given back.
    #[schema(required = true)]
    pub refunded_at: Option<Moment>,
    /// When it was taken back.
    #[schema(required = true)]
    pub cancelled_at: Option<Moment>,
    /// How it stands with the delivery: `started`, `dispatched`, `completed` or `cancelled`.
    #[schema(required = true)]
    pub delivery: Option<String>,
    /// The customer's points after what it earned, or after that was taken back.
    #[schema(required = true)]
    pub points_after: Option<i64>,
    /// Counts its changes.
    pub version: u64,
}

/// An entry of a points ledger.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LedgerEntry {
    /// The storefront of the order it is for; null where it was made by hand.
    #[schema(required = true)]
    pub storefront: Option<String>,
    /// The order it is for; null where it was made by hand.
    #[schema(required = true)]
    pub order: Option<String>,
    /// How many; below zero where they were taken back.
    pub points: i64,
    /// The balance after it.
    pub balance: i64,
    /// Why, where it was made by hand and that was said.
    #[schema(required = true)]
    pub reason: Option<String>,
    /// When.
    pub at: Moment,
}

/// A customer's points, with a page of the ledger, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Points {
    /// Whose.
    pub customer: String,
    /// How many: the sum of the ledger.
    pub balance: i64,
    /// Entries of the ledger.
    pub items: Vec<LedgerEntry>,
    /// What to send as `after` for the next page; null on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:tt),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// The one that is called `name`.
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

words! {
    /// What a notice tells of an order.
    NotificationKind {
        /// Everything was done.
        Confirmed = "confirmed",
        /// It did not come about.
        Rejected = "rejected",
        /// It was taken back.
        Cancelled = "cancelled",
    }
}

words! {
    /// The furthest way that a notice goes. The inbox has it in either case.
    Channel {
        /// Into the inbox.
        Inbox = "inbox",
        /// Out by mail.
        Mail = "mail",
    }
}

words! {
    /// How it stands with a notice on that way.
    NotificationState {
        /// Arrived.
        Sent = "sent",
        /// On its way.
        Pending = "pending",
        /// Cannot be delivered.
        Failed = "failed",
    }
}

/// A message to a customer about an order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Notification {
    /// Its id.
    pub id: String,
    /// The storefront.
    pub storefront: String,
    /// The order.
    pub order: String,
    /// What it tells.
    pub kind: NotificationKind,
    /// What people read.
    pub text: String,
    /// The furthest way it goes.
    pub channel: Channel,
    /// How it stands on that way.
    pub state: NotificationState,
    /// When it was put into the inbox.
    pub at: Moment,
    /// When it was heard to have arrived.
    #[schema(required = true)]
    pub sent_at: Option<Moment>,
}
