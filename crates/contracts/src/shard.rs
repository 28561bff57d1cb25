//! Which part of the shop handles a message. What the message is about is another question, which its [`Subject`](crate::Subject)
//! answers: points are earned by an order, but handled where those of its customer are. Decided in ADR 0026.

use std::num::NonZeroU32;

use typed::Text;

use crate::commands::Target;
use crate::{NoticeId, Numbered, OfferingId, OrderId, SeatId, StorefrontNo};

/// A part of the shop that can have an owner of its own, in whose journal all that happens there is in order. Today one process owns all of
/// them, in one journal. What decides the shard must
///
/// - (a) keep an offering's stock and its seats together,
/// - (b) keep an order's course together, as far as stock, order, payment, delivery and notification go it,
/// - (c) follow from an id, or from what a client repeats when it repeats a request,
/// - (d) leave the numbers of a storefront 1, 2, 3 where the storefront has one slot,
/// - (e) let one busy storefront be spread over several owners, without other ids or messages.
///
/// So **a storefront is a shard**, in as many [`Slots`] as it has, and points and my page are sharded **by customer**.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shard {
    /// A slot of a storefront: offerings and seats, and orders with all that belongs to one.
    Storefront {
        /// The storefront.
        storefront: StorefrontNo,
        /// Its slot, counted from 0.
        slot: u32,
    },
    /// A slot of all customers: their points, and their orders on my page.
    Customers {
        /// The slot, counted from 0.
        slot: u32,
    },
}

/// Into how many slots a storefront is cut, or all customers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slots {
    count: NonZeroU32,
    from: u64,
}

impl Slots {
    /// All of it is one.
    pub const ONE: Self = Self { count: NonZeroU32::MIN, from: 0 };

    /// `count` slots for numbers from `from` on; what was numbered before is all in the first.
    pub const fn new(count: NonZeroU32, from: u64) -> Self {
        Self { count, from }
    }

    fn of(self, number: u64) -> u32 {
        if number < self.from {
            return 0;
        }
        u32::try_from(number % u64::from(self.count.get())).unwrap_or_default()
    }
}

/// By what a message finds its shard: it stands in the message itself, and not in any row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ShardKey<'m> {
    /// The number of an offering, a seat or an order. A slot hands out only numbers that leave its own when they are divided by how many
    /// slots there are, so every number tells its slot.
    Number(StorefrontNo, u64),
    /// A storefront, where no number is known: of a new offering, or of one that is ordered by its seller's reference. It is for the first
    /// slot, which keeps the references.
    Storefront(StorefrontNo),
    /// A customer.
    Customer(&'m Text),
}

impl ShardKey<'_> {
    /// The shard, where there are these slots.
    pub fn among(self, slots: Slots) -> Shard {
        match self {
            Self::Number(storefront, number) => Shard::Storefront { storefront, slot: slots.of(number) },
            Self::Storefront(storefront) => Shard::Storefront { storefront, slot: 0 },
            Self::Customer(customer) => Shard::Customers { slot: slots.of(spread(customer.as_bytes())) },
        }
    }
}

/// FNV-1a, of 64 bits: the same in every process and every version, as ids and keys of customers are.
fn spread(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A field, or some, that a message finds its shard by.
pub(crate) trait Keyed<'m> {
    /// The key; `None` where the message does not say.
    fn shard_key(self) -> Option<ShardKey<'m>>;
}

macro_rules! numbered {
    ($($id:ident)+) => {$(
        impl<'m> Keyed<'m> for &'m $id {
            fn shard_key(self) -> Option<ShardKey<'m>> {
                Some(ShardKey::Number(self.storefront(), self.number()))
            }
        }
    )+};
}

numbered! { OrderId OfferingId SeatId }

impl<'m> Keyed<'m> for &'m NoticeId {
    fn shard_key(self) -> Option<ShardKey<'m>> {
        let order = self.order();
        Some(ShardKey::Number(order.storefront(), order.number()))
    }
}

/// Nobody is called nothing: so it is told of points that were to be taken back and had never been granted.
impl<'m> Keyed<'m> for &'m Text {
    fn shard_key(self) -> Option<ShardKey<'m>> {
        (!self.is_empty()).then_some(ShardKey::Customer(self))
    }
}

impl<'m, T> Keyed<'m> for &'m Option<T>
where
    &'m T: Keyed<'m>,
{
    fn shard_key(self) -> Option<ShardKey<'m>> {
        self.as_ref()?.shard_key()
    }
}

/// An offering that is new: its number is given, or handed out where it is handled.
impl<'m> Keyed<'m> for (&'m StorefrontNo, &'m Option<u64>) {
    fn shard_key(self) -> Option<ShardKey<'m>> {
        let (storefront, number) = (*self.0, *self.1);
        Some(number.map_or(ShardKey::Storefront(storefront), |number| ShardKey::Number(storefront, number)))
    }
}

/// An order that is new: it is numbered where its offering is.
impl<'m> Keyed<'m> for (&'m StorefrontNo, &'m Target) {
    fn shard_key(self) -> Option<ShardKey<'m>> {
        Some(match self.1 {
            Target::Id(offering) => ShardKey::Number(*self.0, offering.number()),
            Target::Reference(_) => ShardKey::Storefront(*self.0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_is_spread_as_ever() {
        assert_eq!(spread(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(spread(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn what_was_numbered_before_there_were_slots_stays_in_the_first() {
        let slots = Slots::new(NonZeroU32::new(4).expect("not zero"), 100);
        let of = |number| ShardKey::Number(StorefrontNo(3), number).among(slots);
        let in_slot = |slot| Shard::Storefront { storefront: StorefrontNo(3), slot };
        assert_eq!([1, 99, 100, 101, 103].map(of), [0, 0, 0, 1, 3].map(in_slot));
    }

    #[test]
    fn where_there_is_one_slot_a_storefront_is_one_shard_and_so_are_all_customers() {
        let storefront = StorefrontNo(3);
        let whole = Shard::Storefront { storefront, slot: 0 };
        for number in [1, 2, 1 << 39] {
            assert_eq!(ShardKey::Number(storefront, number).among(Slots::ONE), whole);
        }
        assert_eq!(ShardKey::Storefront(storefront).among(Slots::ONE), whole);
        for customer in ["1", "kim", "김철수"] {
            assert_eq!(ShardKey::Customer(&customer.into()).among(Slots::ONE), Shard::Customers { slot: 0 });
        }
    }
}
