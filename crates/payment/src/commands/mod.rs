//! What the service does when it is asked.

mod record_outcome;
mod refund_payment;
mod take_payment;

pub(crate) use record_outcome::record_outcome;
pub(crate) use refund_payment::refund_payment;
pub(crate) use take_payment::take_payment;
