//! One payment compared with the charge that the provider lists for it.

use payment::{Payment, PaymentState};
use provider::Listed;

/// What the provider should have kept of the charge of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Its whole amount.
    Kept,
    /// Nothing: there was no charge, or all of it was given back.
    Nothing,
    /// Either: the provider is still being asked, or an operator must see to it.
    Open,
}

/// What is expected of the charge of `payment`.
pub fn expected(payment: &Payment) -> Expected {
    match payment.state {
        PaymentState::Paid => Expected::Kept,
        PaymentState::Requested | PaymentState::Refunding => Expected::Open,
        PaymentState::Declined | PaymentState::Refunded | PaymentState::Voided | PaymentState::GivenUp => {
            Expected::Nothing
        }
    }
}

/// Whether the provider must have the charge of `payment` in its list. Nobody is asked for a payment of nothing.
pub fn must_be_listed(payment: &Payment) -> bool {
    matches!(payment.state, PaymentState::Paid | PaymentState::Refunded) && payment.amount.amount > 0
}

/// Whether the charge `listed` is what `payment` says, to the won. Where nothing should be kept it does not matter what had been taken.
pub fn agree(payment: &Payment, listed: &Listed) -> bool {
    let Listed { taken, refunded, .. } = *listed;
    let amount = payment.amount.amount;
    let same_currency = listed.currency == payment.amount.currency.code();
    match expected(payment) {
        Expected::Kept => same_currency && taken == amount && refunded == 0,
        Expected::Open => same_currency && [0, amount].contains(&taken) && [0, taken].contains(&refunded),
        Expected::Nothing if payment.state == PaymentState::Refunded => taken == amount && refunded == amount,
        Expected::Nothing => taken == refunded,
    }
}
