//! Which offerings are sold out, so far as everybody has been told: an order of one of them can be refused without troubling the engine.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock};

use contracts::{Code, Message, OfferingId};
use engine::Envelope;

/// How long it is believed, in milliseconds. Then an order goes the long way again, and renews it: so the end of a time of sale shows.
const BELIEVED_MS: u64 = 1_000;

/// From so many on, those are left out that are not believed any more.
const OFFERINGS: usize = 4_096;

/// Offerings of which nothing is left. Only what is durable is known here, and it is known before anybody hears of it.
#[derive(Debug, Default)]
pub struct SoldOut {
    /// When the last order of them was refused, in milliseconds since the Unix epoch.
    offerings: RwLock<HashMap<OfferingId, u64>>,
    /// How many they are: nobody looks for one while it is zero.
    count: AtomicUsize,
    /// How many orders were refused because of this.
    refused: AtomicU64,
}

impl SoldOut {
    /// Whether an order of `offering` that comes at `now`, in milliseconds since the Unix epoch, can be refused.
    pub fn knows(&self, offering: OfferingId, now: u64) -> bool {
        if self.count.load(Ordering::Acquire) == 0 {
            return false;
        }
        let offerings = self.offerings.read().unwrap_or_else(PoisonError::into_inner);
        offerings.get(&offering).is_some_and(|since| now.abs_diff(*since) < BELIEVED_MS)
    }

    /// An order was refused because of this.
    pub fn count_refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    /// How many orders were refused because of this.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// Learns from `messages`, which are durable.
    pub fn hear(&self, messages: &[Envelope<Message>]) {
        for envelope in messages {
            match of(&envelope.message) {
                Some((offering, true)) => self.set(offering, Some(envelope.at)),
                Some((offering, false)) if self.count.load(Ordering::Relaxed) > 0 => self.set(offering, None),
                _ => {}
            }
        }
    }

    fn set(&self, offering: OfferingId, at: Option<u64>) {
        let mut offerings = self.offerings.write().unwrap_or_else(PoisonError::into_inner);
        match at {
            Some(at) => {
                if offerings.len() >= OFFERINGS {
                    offerings.retain(|_, since| at.abs_diff(*since) < BELIEVED_MS);
                }
                offerings.insert(offering, at);
            }
            None => drop(offerings.remove(&offering)),
        }
        self.count.store(offerings.len(), Ordering::Release);
    }
}

/// The offering that a message is about, and whether it says that nothing of it is left.
fn of(message: &Message) -> Option<(OfferingId, bool)> {
    match message {
        Message::StockRefused(refused) => {
            let offering = refused.offering.filter(|_| refused.code == Code::SoldOut && refused.left == 0)?;
            Some((offering, true))
        }
        Message::StockReleased(released) => Some((released.offering?, false)),
        Message::StockAdded(added) => Some((added.offering, false)),
        Message::OfferingRegistered(registered) => Some((registered.offering, false)),
        Message::OfferingChanged(changed) => Some((changed.offering, false)),
        Message::OfferingWithdrawn(withdrawn) => Some((withdrawn.offering, false)),
        Message::SeatChanged(seat) => Some((seat.offering, false)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use contracts::events::{StockRefused, StockReleased};
    use contracts::{Numbered, OrderId, StorefrontNo};

    use super::*;

    const OFFERING: OfferingId = OfferingId(7);

    fn said(message: impl Into<Message>) -> Envelope<Message> {
        let message = message.into();
        Envelope { id: 1, cause: 0, from: 1, subject: message.subject_key(), correlation: 0, at: 5_000, message }
    }

    fn refused(code: Code, left: u64) -> Envelope<Message> {
        said(StockRefused {
            order: OrderId::of(StorefrontNo(1), 1),
            code,
            message: "why".into(),
            field: None,
            offering: Some(OFFERING),
            name: None,
            left,
            quantity: 2,
            unit_price: None,
        })
    }

    fn released() -> Envelope<Message> {
        let order = OrderId::of(StorefrontNo(1), 2);
        said(StockReleased {
            order,
            offering: Some(OFFERING),
            name: None,
            quantity: 1,
            left: 1,
            expired: true,
            now: None,
            seats_now: None,
        })
    }

    #[test]
    fn only_where_nothing_is_left_everybody_is_refused() {
        let sold_out = SoldOut::default();
        sold_out.hear(&[refused(Code::SoldOut, 1), refused(Code::NotOnSale, 0)]);
        assert!(!sold_out.knows(OFFERING, 5_000), "one who wants fewer may have them");
        sold_out.hear(&[refused(Code::SoldOut, 0)]);
        assert!(sold_out.knows(OFFERING, 5_000));
        assert!(!sold_out.knows(OfferingId(8), 5_000));
        sold_out.count_refused();
        assert_eq!(sold_out.refused(), 1);
    }

    #[test]
    fn what_comes_back_can_be_had_at_once() {
        let sold_out = SoldOut::default();
        sold_out.hear(&[refused(Code::SoldOut, 0), released()]);
        assert!(!sold_out.knows(OFFERING, 5_000));
        sold_out.hear(&[released(), refused(Code::SoldOut, 0)]);
        assert!(sold_out.knows(OFFERING, 5_000), "and is gone again");
    }

    #[test]
    fn it_is_not_believed_for_long() {
        let sold_out = SoldOut::default();
        sold_out.hear(&[refused(Code::SoldOut, 0)]);
        assert!(sold_out.knows(OFFERING, 4_999 + BELIEVED_MS));
        assert!(sold_out.knows(OFFERING, 5_001 - BELIEVED_MS), "the clock was set back a little");
        assert!(!sold_out.knows(OFFERING, 5_000 - BELIEVED_MS), "and by more it is not believed until then");
        assert!(!sold_out.knows(OFFERING, 5_000 + BELIEVED_MS));
    }
}
