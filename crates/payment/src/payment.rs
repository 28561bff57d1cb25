//! A payment: its states, and what leads from one to the next. A transition that does not apply changes nothing and gives `None`.

use contracts::commands::TakePayment;
pub use contracts::states::PaymentState;
use contracts::{Money, Numbered, OfferingId, OrderId, PaymentNow, StorefrontNo, Text};
use store::Incarnation;

typed::row! {
    /// The payment of an order.
    pub struct Payment in 40 "payments" {
        /// The order.
        0 owner: OrderId,
        /// The storefront of the order.
        1 storefront: StorefrontNo,
        /// Its number within the storefront: 1, 2, 3.
        2 number: u64,
        /// The customer.
        3 customer: Text,
        /// The offering that is paid for.
        4 offering: OfferingId,
        /// How much is asked for.
        5 amount: Money,
        /// The means of payment, as the provider names it.
        6 card: Option<Text>,
        /// How it stands.
        7 state: PaymentState,
        /// The provider's own id of the charge, once it is known to be made.
        8 reference: Option<Text>,
        /// Why it was declined.
        9 reason: Option<Text>,
        /// When it was asked for, in milliseconds since the Unix epoch.
        10 requested_at: u64,
        /// When it was heard that it was taken, in milliseconds since the Unix epoch.
        11 paid_at: Option<u64>,
        /// When it was heard that it was given back, in milliseconds since the Unix epoch.
        12 refunded_at: Option<u64>,
        /// How often the row changed, its making included.
        13 version: u64,
        /// How much was given back.
        14 given_back: Option<Money>,
        /// The offering as the client named it.
        15 product: Text,
        /// The whole key by which the provider knows the charge, in a row from before `asked_in`.
        16 provider_key: Option<Text>,
        /// Why an operator must see to it: the provider refused a call, or answered what cannot be.
        17 parked: Option<Text>,
        /// The incarnation of the store that first asked for the charge, which is in its key; none in a row from before keys said that.
        18 asked_in: Option<i64>,
    }
}

impl Payment {
    /// The payment that `command` asks for, first asked for in the life `asked_in` of the store, with its number within the storefront.
    pub(crate) fn request(command: &TakePayment, asked_in: Incarnation, number: u64, now: u64) -> Self {
        Self {
            owner: command.order,
            storefront: command.order.storefront(),
            number,
            customer: command.customer.clone(),
            offering: command.offering,
            amount: command.amount,
            card: command.card.clone(),
            state: PaymentState::Requested,
            reference: None,
            reason: None,
            requested_at: now,
            paid_at: None,
            refunded_at: None,
            version: 1,
            given_back: None,
            product: command.product.clone(),
            provider_key: None,
            parked: None,
            asked_in: Some(asked_in.0),
        }
    }

    /// What events say of it.
    pub fn now(&self) -> PaymentNow {
        PaymentNow {
            number: self.number,
            amount: self.amount,
            state: self.state.as_str().into(),
            requested_at: self.requested_at,
            version: self.version,
            reference: self.reference.clone(),
            paid_at: self.paid_at,
            reason: self.reason.clone(),
            refunded_at: self.refunded_at,
            given_back: self.given_back,
            parked: self.parked.clone(),
        }
    }

    /// Whether there is nothing to take, and so nobody to ask.
    pub(crate) fn is_free(&self) -> bool {
        self.amount.amount == 0
    }

    /// The provider took the money. While that is being taken back it is only noted.
    pub(crate) fn approve(self, reference: Text, now: u64) -> Option<Self> {
        let state = match self.state {
            PaymentState::Requested => PaymentState::Paid,
            PaymentState::Refunding if self.paid_at.is_none() => PaymentState::Refunding,
            _ => return None,
        };
        Some(Self { reference: Some(reference), paid_at: Some(now), ..self.changed_to(state) })
    }

    /// The provider said no.
    pub(crate) fn decline(self, reason: Text) -> Option<Self> {
        let is_open = self.state == PaymentState::Requested;
        is_open.then(|| Self { reason: Some(reason), ..self.changed_to(PaymentState::Declined) })
    }

    /// What was taken shall be given back; what was only asked for shall not be taken any more.
    pub(crate) fn take_back(self) -> Option<Self> {
        let stands = matches!(self.state, PaymentState::Requested | PaymentState::Paid);
        stands.then(|| self.changed_to(PaymentState::Refunding))
    }

    /// The provider gave back this many minor units.
    pub(crate) fn give_back(self, amount: i64, now: u64) -> Option<Self> {
        let given_back = Some(Money { amount, ..self.amount });
        let is_awaited = self.state == PaymentState::Refunding;
        is_awaited.then(|| Self { given_back, refunded_at: Some(now), ..self.changed_to(PaymentState::Refunded) })
    }

    /// The provider had taken nothing, and will not.
    pub(crate) fn void(self) -> Option<Self> {
        let is_awaited = self.state == PaymentState::Refunding;
        is_awaited.then(|| self.changed_to(PaymentState::Voided))
    }

    /// An operator must see to it, because of `why`. What has ended has nothing to be seen to.
    pub(crate) fn park(self, why: Text) -> Option<Self> {
        let is_open = matches!(self.state, PaymentState::Requested | PaymentState::Refunding);
        is_open.then(|| Self { parked: Some(why), ..self.clone().changed_to(self.state) })
    }

    /// The provider is asked again for what was parked.
    pub(crate) fn resume(self) -> Option<Self> {
        self.parked.is_some().then(|| self.clone().changed_to(self.state))
    }

    /// An operator has settled outside what was parked.
    pub(crate) fn give_up(self) -> Option<Self> {
        let reason = self.parked.clone();
        reason.is_some().then(|| Self { reason, ..self.changed_to(PaymentState::GivenUp) })
    }

    /// Whatever changes, it is not parked any more.
    fn changed_to(self, state: PaymentState) -> Self {
        Self { state, version: self.version + 1, parked: None, ..self }
    }
}

/// In what a refund of `given_back` is not that of a charge of `charged`, both in minor units.
pub(crate) fn wrong_refund(given_back: i64, charged: i64) -> Option<String> {
    (given_back != charged).then(|| format!("the provider gave back {given_back}, but was asked for {charged}"))
}
