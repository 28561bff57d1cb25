//! A delivery: its states, and what leads from one to the next.

use contracts::commands::StartDelivery;
pub use contracts::states::DeliveryState;
use contracts::{Code, DeliveryNow, Numbered, OfferingId, OrderId, Rejection, StorefrontNo, Text};

typed::row! {
    /// The delivery of an order.
    pub struct Delivery in 50 "deliveries" {
        /// The order.
        0 owner: OrderId,
        /// The storefront of the order.
        1 storefront: StorefrontNo,
        /// Its number within the storefront: 1, 2, 3.
        2 number: u64,
        /// The customer.
        3 customer: Text,
        /// What is delivered.
        4 offering: OfferingId,
        /// How many.
        5 quantity: u32,
        /// The seller's reference to it, or its number.
        6 product: Text,
        /// How it stands.
        7 state: DeliveryState,
        /// When it began, in milliseconds since the Unix epoch.
        8 started_at: u64,
        /// When it was completed or cancelled, in milliseconds since the Unix epoch.
        9 ended_at: Option<u64>,
        /// How often the row changed, its making included.
        10 version: u64,
    }
}

/// What a transition makes of a delivery.
#[derive(Debug)]
pub(crate) enum Moved {
    /// It is in the state now.
    Now(Delivery),
    /// It was in the state before.
    Already(Delivery),
}

impl Delivery {
    /// The delivery that `command` asks for, with its number within the storefront.
    pub(crate) fn start(command: &StartDelivery, number: u64, now: u64) -> Self {
        Self {
            owner: command.order,
            storefront: command.order.storefront(),
            number,
            customer: command.customer.clone(),
            offering: command.offering,
            quantity: command.quantity,
            product: command.product.clone(),
            state: DeliveryState::Started,
            started_at: now,
            ended_at: None,
            version: 1,
        }
    }

    /// What events say of it.
    pub fn now(&self) -> DeliveryNow {
        DeliveryNow {
            number: self.number,
            product: self.product.clone(),
            customer: self.customer.clone(),
            quantity: self.quantity,
            state: self.state,
            started_at: self.started_at,
            version: self.version,
            ended_at: self.ended_at,
        }
    }

    /// The goods have left.
    pub(crate) fn dispatch(self) -> Result<Moved, Rejection> {
        match self.state {
            DeliveryState::Started => Ok(Moved::Now(self.changed_to(DeliveryState::Dispatched))),
            DeliveryState::Dispatched => Ok(Moved::Already(self)),
            DeliveryState::Completed | DeliveryState::Cancelled => Err(self.in_the_way("dispatched")),
        }
    }

    /// The goods have arrived.
    pub(crate) fn complete(self, now: u64) -> Result<Moved, Rejection> {
        match self.state {
            DeliveryState::Started | DeliveryState::Dispatched => {
                Ok(Moved::Now(self.ended_in(DeliveryState::Completed, now)))
            }
            DeliveryState::Completed => Ok(Moved::Already(self)),
            DeliveryState::Cancelled => Err(self.in_the_way("completed")),
        }
    }

    /// It shall not take place. One that is completed stays so.
    pub(crate) fn cancel(self, now: u64) -> Moved {
        match self.state {
            DeliveryState::Started | DeliveryState::Dispatched => {
                Moved::Now(self.ended_in(DeliveryState::Cancelled, now))
            }
            DeliveryState::Completed | DeliveryState::Cancelled => Moved::Already(self),
        }
    }

    fn changed_to(self, state: DeliveryState) -> Self {
        Self { state, version: self.version + 1, ..self }
    }

    fn ended_in(self, state: DeliveryState, now: u64) -> Self {
        Self { ended_at: Some(now), ..self.changed_to(state) }
    }

    fn in_the_way(&self, wanted: &str) -> Rejection {
        let message = format!("the delivery is {}, so it cannot be {wanted}", self.state.as_str());
        Rejection::new(Code::WrongState, message)
    }
}
