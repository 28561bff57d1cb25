//! Which offerings are sold out, so far as everybody has been told: an order of one of them can be refused without troubling the engine.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock};

use contracts::{Code, Message, OfferingId};
use engine::Envelope;

/// How long it is believed, in milliseconds. Then an order goes the long way again, and renews it: so the end of a time of sale shows.
const BELIEVED_MS: u64 = 1_000;

/// From so many on, those are left out that are not believed any more; from twice as many as were left, if these were more.
const OFFERINGS: usize = 4_096;

/// Offerings of which nothing is left. Only what is durable is known here, and it is known before anybody hears of it.
#[derive(Debug, Default)]
pub struct SoldOut {
    offerings: RwLock<Offerings>,
    /// How many they are: nobody looks for one while it is zero.
    count: AtomicUsize,
    /// How many orders were refused because of this.
    refused: AtomicU64,
}

#[derive(Debug, Default)]
struct Offerings {
    /// When the last order of each was refused, in milliseconds since the Unix epoch.
    refused_at: HashMap<OfferingId, u64>,
    /// How many were left when some were left out last.
    left: usize,
}

impl Offerings {
    fn insert(&mut self, offering: OfferingId, at: u64) {
        // Twice as many, so that a crowd of offerings is not gone through for each of them.
        if self.refused_at.len() >= OFFERINGS.max(2 * self.left) {
            self.refused_at.retain(|_, since| is_believed(*since, at));
            self.left = self.refused_at.len();
        }
        self.refused_at.insert(offering, at);
    }
}

/// Whether it is believed at `now` of what was so at `since`.
fn is_believed(since: u64, now: u64) -> bool {
    now.abs_diff(since) < BELIEVED_MS
}

impl SoldOut {
    /// Whether an order of `offering` that comes at `now`, in milliseconds since the Unix epoch, can be refused.
    pub fn knows(&self, offering: OfferingId, now: u64) -> bool {
        if self.count.load(Ordering::Acquire) == 0 {
            return false;
        }
        let offerings = self.offerings.read().unwrap_or_else(PoisonError::into_inner);
        offerings.refused_at.get(&offering).is_some_and(|since| is_believed(*since, now))
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
            Some(at) => offerings.insert(offering, at),
            None => drop(offerings.refused_at.remove(&offering)),
        }
        self.count.store(offerings.refused_at.len(), Ordering::Release);
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
        Message::OfferingReopened(reopened) => Some((reopened.offering, false)),
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

    fn envelope(message: impl Into<Message>) -> Envelope<Message> {
        let message = message.into();
        Envelope {
            id: 1,
            origin: None,
            cause: 0,
            from: 1,
            subject: message.subject_key(),
            correlation: 0,
            at: 5_000,
            message,
        }
    }

    fn refused(code: Code, left: u64) -> Envelope<Message> {
        envelope(StockRefused {
            order: OrderId::of(StorefrontNo(1), 1),
            code,
            message: "why".into(),
            field: None,
            offering: Some(OFFERING),
            name: None,
            left,
            quantity: 2,
            unit_price: None,
            seats: None,
        })
    }

    fn released() -> Envelope<Message> {
        let order = OrderId::of(StorefrontNo(1), 2);
        envelope(StockReleased {
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

    #[test]
    fn only_so_many_are_known_as_are_believed_or_twice_as_many() {
        const EACH: u64 = 3_000;
        let mut offerings = Offerings::default();
        for second in 0..10 {
            for number in 0..EACH {
                offerings.insert(OfferingId(second * EACH + number), second * BELIEVED_MS);
            }
            let known = (0..EACH).all(|number| offerings.refused_at.contains_key(&OfferingId(second * EACH + number)));
            assert!(known, "all of this second are");
            assert!(offerings.refused_at.len() <= 2 * EACH as usize, "{}", offerings.refused_at.len());
        }
    }
}
