//! Notification: tells people how their orders ended, in an inbox and, where that is configured, by mail.
//!
//! Owns: notices, at most one for each order and way to end, and their numbers within a storefront.
//! Accepts: from its own effects, `RecordDelivery`.
//! Says: `NotificationSent`, `NotificationFailed`.
//! Listens: to `OrderConfirmed`, `OrderRejected`, `OrderCancelled`, of storefronts whose recipe notifies.
//! Always: an order's end is told once in the inbox, whatever becomes of the mail; a mail that may have arrived is not known to have
//! failed.

mod addresses;
mod audience;
mod channels;
mod commands;
mod effects;
mod kind;
mod messages;
mod notice;
mod occasion;
mod publish;
pub mod queries;
mod reactions;
mod role;
mod store;

pub use addresses::{Addresses, NoPlaceholder};
pub use channels::{Channel, Failure, Mail, Security, SettingsError, SmtpChannel, SmtpSettings};
pub use effects::MailEffector;
pub use kind::NoticeKind;
pub use notice::{By, Notice, NoticeState};
pub use role::NotificationService;
pub use store::{Counter as NoticeCounter, MIGRATIONS, tables};

/// What a handler of this service may do.
type Context<'a> = engine::Context<'a, contracts::Message, contracts::Answer>;
