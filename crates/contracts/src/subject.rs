//! What a message is about. Where it is handled is another question, which its [`Shard`](crate::Shard) answers.

use typed::{SubjectKey, Text};

use crate::{Numbered, OfferingId, OrderId, SeatId, StorefrontNo};

/// What a message is about: by that it is told to people, filtered, parked and found again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject<'m> {
    /// An order, with its hold, its payment, its delivery and its points.
    Order(OrderId),
    /// An offering.
    Offering(OfferingId),
    /// A seat.
    Seat(SeatId),
    /// A customer's points account. It has no key: a command about it that fails is answered so and is never parked, and no service hears
    /// what is said of it.
    Customer(&'m Text),
}

/// The bits of a key above every id that tell what it is the id of; none of them is set for an order.
const OFFERING: u64 = 1 << 61;
const SEAT: u64 = 1 << 62;

impl Subject<'_> {
    /// Its key in journals and tables.
    pub fn key(self) -> SubjectKey {
        match self {
            Self::Order(order) => SubjectKey::new(order.0),
            Self::Offering(offering) => SubjectKey::new(OFFERING | offering.0),
            Self::Seat(seat) => SubjectKey::new(SEAT | seat.0),
            Self::Customer(_) => SubjectKey::NONE,
        }
    }

    /// What has the key `key`; `None` if nothing has it.
    pub fn of(key: SubjectKey) -> Option<Self> {
        match key.number() {
            0 => None,
            number if number & SEAT != 0 => Some(Self::Seat(SeatId(number ^ SEAT))),
            number if number & OFFERING != 0 => Some(Self::Offering(OfferingId(number ^ OFFERING))),
            number => Some(Self::Order(OrderId(number))),
        }
    }

    /// The order that it is.
    pub fn order(self) -> Option<OrderId> {
        match self {
            Self::Order(order) => Some(order),
            Self::Offering(_) | Self::Seat(_) | Self::Customer(_) => None,
        }
    }

    /// The storefront that it belongs to. A customer belongs to none.
    pub fn storefront(self) -> Option<StorefrontNo> {
        match self {
            Self::Order(order) => Some(order.storefront()),
            Self::Offering(offering) => Some(offering.storefront()),
            Self::Seat(seat) => Some(seat.storefront()),
            Self::Customer(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NUMBER_MAX, STOREFRONT_MAX};

    #[test]
    fn every_key_leads_back_to_what_has_it_and_fits_a_column() {
        for (storefront, number) in [(1, 1), (1, NUMBER_MAX), (STOREFRONT_MAX, 1), (STOREFRONT_MAX, NUMBER_MAX)] {
            let storefront = StorefrontNo(storefront);
            let subjects = [
                Subject::Order(OrderId::of(storefront, number)),
                Subject::Offering(OfferingId::of(storefront, number)),
                Subject::Seat(SeatId::of(storefront, number)),
            ];
            for subject in subjects {
                assert_eq!((Subject::of(subject.key()), subject.storefront()), (Some(subject), Some(storefront)));
                assert!(i64::try_from(subject.key().number()).is_ok());
            }
        }
        let customer = Text::from("7");
        let none = Subject::Customer(&customer);
        assert_eq!((none.key(), Subject::of(none.key()), none.storefront()), (SubjectKey::NONE, None, None));
    }

    #[test]
    fn keys_stand_in_journals_and_stay_what_they_are() {
        let numbers =
            [Subject::Order(OrderId(7)).key(), Subject::Offering(OfferingId(7)).key(), Subject::Seat(SeatId(7)).key()];
        assert_eq!(numbers.map(SubjectKey::number), [7, 0x2000_0000_0000_0007, 0x4000_0000_0000_0007]);
    }
}
