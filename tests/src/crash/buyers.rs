//! What buyers do until the shop is gone.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::{Paths, Shop};

/// What a buyer did, as far as the shop answered.
#[derive(Debug, Clone)]
pub(crate) enum Done {
    /// Free, in `show`.
    Reserved(u64),
    /// And taken back.
    Cancelled(u64),
    /// Paid, in `coupon`.
    Bought(u64),
    /// And given back.
    GivenBack(u64),
    /// Paid and delivered, in `shop`.
    Ordered(u64),
    /// Under a key: the request, and the number if there was an answer.
    Keyed(String, Option<u64>),
}

impl Done {
    /// Whether the shop answered.
    pub(crate) fn is_acknowledged(&self) -> bool {
        !matches!(self, Self::Keyed(_, None))
    }

    /// Whether it was taken back or given back.
    pub(crate) fn is_cancelled(&self) -> bool {
        matches!(self, Self::Cancelled(_) | Self::GivenBack(_))
    }
}

#[derive(Debug, Clone, Copy)]
enum Wish {
    Reserve,
    Cancel,
    Keyed,
    Buy,
    GiveBack,
    Order,
}

const WISHES: [Wish; 6] = [Wish::Reserve, Wish::Cancel, Wish::Keyed, Wish::Buy, Wish::GiveBack, Wish::Order];

/// The shop in one round, with what buyers come for in it.
pub(crate) struct Market {
    show: Paths,
    coupon: Paths,
    mall: Paths,
    /// Each buyer has three bits of it for a wish, so that a round may be all of one kind or of every kind.
    mix: u64,
    round: usize,
    turn: AtomicUsize,
    /// So that each buyer has at most one request without an answer.
    gone: AtomicBool,
}

impl Market {
    pub(crate) fn at(shop: &Shop, round: usize, mix: u64) -> Self {
        let (show, coupon, mall) = (shop.paths("show"), shop.paths("coupon"), shop.paths("shop"));
        Self { show, coupon, mall, mix, round, turn: AtomicUsize::new(0), gone: AtomicBool::new(false) }
    }

    /// One turn of a buyer; `None` when the shop is gone.
    pub(crate) fn turn(&self, buyer: usize) -> Option<Vec<Done>> {
        if self.gone.load(Ordering::Relaxed) {
            return None;
        }
        let wish = WISHES[(self.mix >> (3 * buyer) & 7) as usize % WISHES.len()];
        let done = match wish {
            Wish::Reserve => self.reserved(buyer, false),
            Wish::Cancel => self.reserved(buyer, true),
            Wish::Keyed => return Some(self.keyed(buyer)),
            Wish::Buy => self.bought(buyer, false),
            Wish::GiveBack => self.bought(buyer, true),
            Wish::Order => self.ordered(buyer),
        };
        self.gone.fetch_or(done.is_none(), Ordering::Relaxed);
        done
    }

    fn reserved(&self, buyer: usize, back: bool) -> Option<Vec<Done>> {
        let asked = format!("POST /reservations userId={buyer} showId=1 qty=1");
        let reply = self.show.try_http(&asked).ok()?.is(201);
        assert_eq!(reply["status"], "Reservation Completed");
        let number = reply.number();
        if !back {
            return Some(vec![Done::Reserved(number)]);
        }
        // Without an answer nobody knows whether it was taken back.
        let answered = self.show.try_http(&format!("DELETE /reservations/{number}")).ok();
        Some(answered.map(|reply| reply.is(204)).iter().map(|_| Done::Cancelled(number)).collect())
    }

    fn bought(&self, buyer: usize, back: bool) -> Option<Vec<Done>> {
        let reply = self.coupon.try_http(&format!("POST /orders couponId=1 customerId={buyer} qty=2")).ok()?;
        let number = reply.is(201).number();
        if !back {
            return Some(vec![Done::Bought(number)]);
        }
        let asked = format!("PATCH /orders/{number} orderCancelDate=20211231235959");
        let answered = self.coupon.try_http(&asked).ok();
        Some(answered.map(|reply| reply.is(200)).iter().map(|_| Done::GivenBack(number)).collect())
    }

    fn ordered(&self, buyer: usize) -> Option<Vec<Done>> {
        let reply = self.mall.try_http(&format!("POST /orders productId=1 customerId={buyer} qty=3")).ok()?;
        Some(vec![Done::Ordered(reply.is(201).number())])
    }

    /// An order under a key, asked for twice.
    fn keyed(&self, buyer: usize) -> Vec<Done> {
        let key = format!("{}-{}", self.round, self.turn.fetch_add(1, Ordering::Relaxed));
        let asked = format!("POST /reservations userId={buyer} showId=1 qty=1 Idempotency-Key:{key}");
        let ask = || self.show.try_http(&asked).ok().map(|reply| reply.is(201).number());
        let (first, again) = (ask(), ask());
        assert!(first.is_none() || again.is_none() || first == again, "{asked}: {first:?}, then {again:?}");
        self.gone.fetch_or(again.is_none(), Ordering::Relaxed);
        vec![Done::Keyed(asked, first.or(again))]
    }
}
