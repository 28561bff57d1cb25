//! What is done outside: the provider is asked to charge or to give back, with the same key each time, until it answers for certain.

use std::sync::Arc;

use contracts::commands::{ProviderOutcome, RecordOutcome, RefundPayment, TakePayment};
use contracts::{Message, Numbered};
use engine::Effector;
use futures_util::future::BoxFuture;
use provider::{Charge, Outcome, Provider, Refund, RefundOutcome};
use tokio::sync::Semaphore;

use crate::back_off::BackOff;
use crate::payment::wrong_refund;
use crate::provider_key::{self, Kept};

/// How many calls are under way at once: a rush must not run out of connections, and a provider answers sooner to fewer.
const AT_ONCE: usize = 256;

/// Asks a payment provider, and brings back what became of it.
#[derive(Clone)]
pub struct ProviderEffector {
    provider: Arc<dyn Provider>,
    store: Arc<str>,
    lines: Arc<Semaphore>,
}

impl ProviderEffector {
    /// Asks `provider` for the store called `store`.
    pub fn new(provider: Arc<dyn Provider>, store: &str) -> Self {
        Self { provider, store: store.into(), lines: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Asks for the money until the answer is certain. A decline after an answer that was lost is none: the provider may have charged
    /// before, so the key is voided first.
    async fn charge(&self, command: TakePayment) -> ProviderOutcome {
        let charge = charge_of(&command, &self.store);
        let (mut back_off, mut in_doubt) = (BackOff::new(), command.asked_before);
        loop {
            match self.on_a_line(self.provider.charge(charge.clone())).await {
                Outcome::Approved { reference } => return ProviderOutcome::Approved(reference.into()),
                Outcome::Declined { reason } if in_doubt => return self.decline_for_certain(charge, &reason).await,
                Outcome::Declined { reason } => return ProviderOutcome::Declined(reason.into()),
                Outcome::Refused { why } => return ProviderOutcome::ChargeRefused(why.into()),
                Outcome::Unknown { why } => {
                    in_doubt = true;
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

    /// Declined because of `reason`, once nothing is kept of `charge`.
    async fn decline_for_certain(&self, charge: Charge, reason: &str) -> ProviderOutcome {
        let kept = match self.take_back(charge.key).await {
            RefundOutcome::Voided => None,
            RefundOutcome::Refunded { amount } => wrong_refund(amount.amount, charge.amount.amount),
            RefundOutcome::Refused { why } | RefundOutcome::Unknown { why } => Some(why),
        };
        match kept {
            None => ProviderOutcome::Declined(reason.into()),
            Some(why) => {
                let why = format!("declined ({reason}) after an answer that was lost, and cannot be voided: {why}");
                ProviderOutcome::ChargeRefused(why.into())
            }
        }
    }

    async fn refund(&self, command: RefundPayment) -> ProviderOutcome {
        let charge_key = Kept::from(&command).of_charge(&self.store);
        match self.take_back(charge_key).await {
            RefundOutcome::Refunded { amount } => ProviderOutcome::Refunded(amount.amount),
            RefundOutcome::Voided => ProviderOutcome::Voided,
            RefundOutcome::Refused { why } | RefundOutcome::Unknown { why } => {
                ProviderOutcome::RefundRefused(why.into())
            }
        }
    }

    /// Asks for the charge to be given back until the answer is certain.
    async fn take_back(&self, charge_key: String) -> RefundOutcome {
        let refund = Refund { key: provider_key::of_refund(&charge_key), charge_key };
        let mut back_off = BackOff::new();
        loop {
            match self.on_a_line(self.provider.refund(refund.clone())).await {
                RefundOutcome::Unknown { why } => {
                    tracing::warn!(
                        key = refund.charge_key,
                        why,
                        "whether the refund was made is not known; asking again"
                    );
                }
                certain => return certain,
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

    /// What was asked in another life may have been answered there.
    fn resume(&self, effect: Message) -> BoxFuture<'static, Result<Message, String>> {
        self.perform(match effect {
            Message::TakePayment(command) => TakePayment { asked_before: true, ..command }.into(),
            other => other,
        })
    }
}

/// All of it is made of the effect and the name of the store alone: after a restart, or by a newer version, it must be the same call to
/// the provider.
fn charge_of(command: &TakePayment, store: &str) -> Charge {
    Charge {
        key: Kept::from(command).of_charge(store),
        amount: command.amount,
        card: command.card.as_ref().map(String::from),
        description: format!("order {}", command.order.number()),
    }
}
