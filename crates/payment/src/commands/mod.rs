//! What the service does when it is asked.

mod give_up_payment;
mod record_outcome;
mod refund_payment;
mod take_payment;

pub(crate) use give_up_payment::give_up_payment;
pub(crate) use record_outcome::record_outcome;
pub(crate) use refund_payment::refund_payment;
pub(crate) use take_payment::take_payment;
