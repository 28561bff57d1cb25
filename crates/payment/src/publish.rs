//! What the service says of a payment, from its row: so that said again it is the same.

use contracts::events::{
    PaymentChanged, PaymentDeclined, PaymentParked, PaymentRefunded, PaymentRequested, PaymentTaken,
};
use contracts::{Money, OrderId, PaymentNow, Text};

use crate::payment::Payment;

/// The provider is being asked.
pub(crate) fn requested(payment: &Payment) -> PaymentRequested {
    PaymentRequested { order: payment.owner, amount: payment.amount, now: now(payment) }
}

/// It changed in a way that no other event tells.
pub(crate) fn changed(payment: &Payment) -> PaymentChanged {
    PaymentChanged { order: payment.owner, now: now(payment) }
}

/// The money was taken.
pub(crate) fn taken(payment: &Payment) -> PaymentTaken {
    PaymentTaken {
        order: payment.owner,
        amount: payment.amount,
        reference: payment.reference.clone().unwrap_or_default(),
        number: payment.number,
        offering: payment.offering,
        now: now(payment),
    }
}

/// The provider said no.
pub(crate) fn declined(payment: &Payment) -> PaymentDeclined {
    not_taken(payment, payment.reason.clone().unwrap_or_default())
}

/// No money is taken, because of `reason`.
pub(crate) fn not_taken(payment: &Payment, reason: Text) -> PaymentDeclined {
    PaymentDeclined { order: payment.owner, amount: payment.amount, reason, now: now(payment) }
}

/// An operator must see to it.
pub(crate) fn parked(payment: &Payment) -> PaymentParked {
    PaymentParked { order: payment.owner, reason: payment.parked.clone().unwrap_or_default(), now: now(payment) }
}

/// What was taken was given back, or nothing had been taken.
pub(crate) fn refunded(payment: &Payment) -> PaymentRefunded {
    PaymentRefunded {
        order: payment.owner,
        amount: payment.given_back.unwrap_or(Money { amount: 0, ..payment.amount }),
        number: payment.number,
        offering: Some(payment.offering),
        taken_at: payment.paid_at,
        now: now(payment),
    }
}

/// No payment was ever asked for, so there is nothing to give back.
pub(crate) fn never_taken(order: OrderId) -> PaymentRefunded {
    PaymentRefunded { order, amount: Money::default(), number: 0, offering: None, taken_at: None, now: None }
}

/// What events say of it.
fn now(payment: &Payment) -> Option<Box<PaymentNow>> {
    Some(Box::new(payment.now()))
}
