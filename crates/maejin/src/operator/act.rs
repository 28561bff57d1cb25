//! What an operator does with one order: unpark it, or tell how its delivery goes on.

use contracts::OrderId;
use contracts::commands::{CompleteDelivery, DispatchDelivery, GiveUpOrder, RetryOrder};
use gateway::Caller;

use super::{Operator, Reply};

impl Operator {
    /// Tries a parked order's step again, or gives the order up.
    pub(super) async fn unpark(&self, order: OrderId, act: &str, caller: &Caller) -> Reply {
        let message = if act == "retry" { RetryOrder { order }.into() } else { GiveUpOrder { order }.into() };
        self.ask(message, caller).await
    }

    /// The goods have left, or have arrived.
    pub(super) async fn deliver(&self, order: OrderId, act: &str, caller: &Caller) -> Reply {
        let message =
            if act == "dispatch" { DispatchDelivery { order }.into() } else { CompleteDelivery { order }.into() };
        self.ask(message, caller).await
    }
}
