//! Who waits for the decision of an order, and is told of it once that is durable.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use backend::Stage;
use contracts::{Kind, Message, OrderId, Subject};
use engine::{Envelope, Observer};
use tokio::sync::oneshot;

use crate::houses::Houses;
use crate::observer::Watch;
use crate::sold_out::SoldOut;

/// Those who wait, by their orders.
#[derive(Debug, Default)]
pub struct Decisions {
    waiting: Mutex<HashMap<OrderId, Vec<Waiter>>>,
    /// How many orders are waited for: nobody looks at messages while it is zero.
    orders: AtomicUsize,
}

/// Who is told once the order has come so far.
type Waiter = (Stage, oneshot::Sender<()>);

/// Somebody who waits for an order. Begin to wait, look at the order, and only then wait: what is decided in between is not missed.
#[derive(Debug)]
pub struct Waiting {
    order: OrderId,
    decided: oneshot::Receiver<()>,
    decisions: Arc<Decisions>,
}

impl Decisions {
    /// Begins to wait until `order` has come to `stage`.
    pub fn wait(self: &Arc<Self>, order: OrderId, stage: Stage) -> Waiting {
        let (sender, decided) = oneshot::channel();
        let mut waiting = self.lock();
        waiting.entry(order).or_default().push((stage, sender));
        self.orders.store(waiting.len(), Ordering::Release);
        Waiting { order, decided, decisions: self.clone() }
    }

    /// Tells those who wait for an order that `messages` decide.
    pub fn hear(&self, messages: &[Envelope<Message>]) {
        if self.orders.load(Ordering::Acquire) == 0 {
            return;
        }
        let mut waiting = self.lock();
        for envelope in messages {
            let Some(reached) = reached(&envelope.message) else { continue };
            let order = envelope.message.subject().and_then(Subject::order);
            let Some(Entry::Occupied(mut there)) = order.map(|order| waiting.entry(order)) else { continue };
            let is_told = |(stage, _): &mut Waiter| reached == Stage::Decided || *stage == Stage::Held;
            let told: Vec<Waiter> = there.get_mut().extract_if(.., is_told).collect();
            if there.get().is_empty() {
                there.remove();
            }
            told.into_iter().for_each(|(_, sender)| {
                let _ = sender.send(());
            });
        }
        self.orders.store(waiting.len(), Ordering::Release);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<OrderId, Vec<Waiter>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hears of every batch: what is sold out and which seats changed, first; then tells those who wait, and hands it on to be counted.
pub(super) struct Telling {
    pub sold_out: Arc<SoldOut>,
    pub houses: Arc<Houses>,
    pub decisions: Arc<Decisions>,
    pub watch: Watch,
}

impl Observer<Message> for Telling {
    fn unanswered(&mut self, messages: &[Envelope<Message>]) {
        self.sold_out.hear(messages);
        self.houses.hear(messages);
    }

    fn durable(&mut self, messages: &[Envelope<Message>], append_us: u64) {
        self.decisions.hear(messages);
        self.watch.durable(messages, append_us);
    }
}

/// How far an order has come by a message.
fn reached(message: &Message) -> Option<Stage> {
    match message.kind() {
        Kind::OrderConfirmed
        | Kind::OrderRejected
        | Kind::OrderCancelled
        | Kind::OrderCancelRefused
        | Kind::OrderParked => Some(Stage::Decided),
        Kind::OrderHeld => Some(Stage::Held),
        _ => None,
    }
}

impl Waiting {
    /// Waits until the order has come so far.
    pub async fn decided(&mut self) {
        let _ = (&mut self.decided).await;
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.decided.close();
        let mut waiting = self.decisions.lock();
        if let Some(senders) = waiting.get_mut(&self.order) {
            senders.retain(|(_, sender)| !sender.is_closed());
            if senders.is_empty() {
                waiting.remove(&self.order);
            }
        }
        self.decisions.orders.store(waiting.len(), Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use contracts::events::{OrderCancelling, OrderHeld, OrderParked};
    use contracts::{Money, OfferingId};

    use super::*;

    fn envelope(message: impl Into<Message>) -> Envelope<Message> {
        let message = message.into();
        Envelope {
            id: 1,
            origin: None,
            cause: 0,
            from: 1,
            subject: message.subject_key(),
            correlation: 0,
            at: 0,
            message,
        }
    }

    #[tokio::test]
    async fn who_waits_is_told_of_the_decision_and_of_nothing_else() {
        let decisions = Arc::new(Decisions::default());
        let (mut seven, mut eight) =
            (decisions.wait(OrderId(7), Stage::Decided), decisions.wait(OrderId(8), Stage::Decided));
        decisions.hear(&[envelope(OrderCancelling { order: OrderId(8), now: None })]);
        decisions.hear(&[envelope(OrderParked { order: OrderId(7), reason: "why".into(), now: None })]);
        seven.decided().await;
        assert!(eight.decided.try_recv().is_err());
    }

    #[test]
    fn who_waits_for_stock_is_told_before_who_waits_for_the_end() {
        let decisions = Arc::new(Decisions::default());
        let order = OrderId(7);
        let (mut held, mut decided) = (decisions.wait(order, Stage::Held), decisions.wait(order, Stage::Decided));
        let price = Money::krw(5);
        decisions.hear(&[envelope(OrderHeld {
            order,
            customer: "1".into(),
            offering: OfferingId(1),
            name: None,
            quantity: 1,
            total: price,
            unit_price: price,
            now: None,
        })]);
        assert_eq!((held.decided.try_recv(), decided.decided.try_recv().is_err()), (Ok(()), true));
        decisions.hear(&[envelope(OrderParked { order, reason: "why".into(), now: None })]);
        assert_eq!(decided.decided.try_recv(), Ok(()));
    }

    #[test]
    fn who_gives_up_is_forgotten() {
        let decisions = Arc::new(Decisions::default());
        let (first, second) = (decisions.wait(OrderId(7), Stage::Decided), decisions.wait(OrderId(7), Stage::Decided));
        drop(first);
        assert_eq!(decisions.lock()[&OrderId(7)].len(), 1);
        drop(second);
        assert!(decisions.lock().is_empty());
        assert_eq!(decisions.orders.load(Ordering::Relaxed), 0);
    }
}
