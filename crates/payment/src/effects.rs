//! What is done outside: the provider is asked to charge or to give back, with the same key each time, until it answers for certain.

use std::sync::Arc;

use contracts::commands::{ProviderOutcome, RecordOutcome, RefundPayment, TakePayment};
use contracts::{Message, Numbered};
use engine::Effector;
use futures_util::future::BoxFuture;
use provider::{Charge, Outcome, Provider, Refund, RefundOutcome};
use tokio::sync::Semaphore;

use crate::back_off::BackOff;
use crate::provider_key;

/// How many calls are under way at once: a rush must not run out of connections, and a provider answers sooner to fewer.
const AT_ONCE: usize = 256;

/// Asks a payment provider, and brings back what became of it.
#[derive(Clone)]
pub struct ProviderEffector {
    provider: Arc<dyn Provider>,
    lines: Arc<Semaphore>,
}

impl ProviderEffector {
    /// Asks `provider`.
    pub fn new(provider: Arc<dyn Provider>) -> Self {
        Self { provider, lines: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Asks for the money until the answer is certain.
    async fn charge(&self, command: TakePayment) -> ProviderOutcome {
        let charge = charge_of(&command);
        let mut back_off = BackOff::new();
        loop {
            match self.on_a_line(self.provider.charge(charge.clone())).await {
                Outcome::Approved { reference } => return ProviderOutcome::Approved(reference.into()),
                Outcome::Declined { reason } => return ProviderOutcome::Declined(reason.into()),
                Outcome::Unknown { why } => {
                    tracing::warn!(
                        order = command.order.0,
                        why,
                        "whether the charge was made is not known; asking again"
                    );
                }
            }
            back_off.wait().await;
        }
    }

    /// Asks for the charge to be given back until the answer is certain.
    async fn refund(&self, command: RefundPayment) -> ProviderOutcome {
        let charge_key = provider_key::of_charge(command.provider_key.as_ref(), command.order);
        let refund = Refund { key: provider_key::of_refund(&charge_key), charge_key };
        let mut back_off = BackOff::new();
        loop {
            match self.on_a_line(self.provider.refund(refund.clone())).await {
                RefundOutcome::Refunded { amount } => return ProviderOutcome::Refunded(amount.amount),
                RefundOutcome::Voided => return ProviderOutcome::Voided,
                RefundOutcome::Unknown { why } => {
                    tracing::warn!(
                        order = command.order.0,
                        why,
                        "whether the refund was made is not known; asking again"
                    );
                }
            }
            back_off.wait().await;
        }
    }

    async fn on_a_line<T>(&self, call: impl Future<Output = T>) -> T {
        let _line = self.lines.acquire().await.expect("the lines are never closed");
        call.await
    }

    async fn outcome_of(self, effect: Message) -> Result<Message, String> {
        let (order, outcome) = match effect {
            Message::TakePayment(command) => (command.order, self.charge(command).await),
            Message::RefundPayment(command) => (command.order, self.refund(command).await),
            other => return Err(format!("payment does not know how to perform {}", other.name())),
        };
        Ok(RecordOutcome { order, outcome }.into())
    }
}

impl Effector<Message> for ProviderEffector {
    fn perform(&self, effect: Message) -> BoxFuture<'static, Result<Message, String>> {
        Box::pin(self.clone().outcome_of(effect))
    }
}

/// All of it is made of the effect alone: after a restart, or by a newer version, it must be the same call to the provider.
fn charge_of(command: &TakePayment) -> Charge {
    Charge {
        key: provider_key::of_charge(command.provider_key.as_ref(), command.order),
        amount: command.amount,
        card: command.card.as_ref().map(String::from),
        description: format!("order {}", command.order.number()),
    }
}
