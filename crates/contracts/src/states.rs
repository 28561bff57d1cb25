//! How it can stand with each thing: closed sets of names, which events tell and tables keep.

/// Declares a set of names that also travels in messages that people read.
macro_rules! states {
    ($($(#[$doc:meta])* pub enum $name:ident { $($(#[$variant_doc:meta])* $n:literal $variant:ident = $text:literal),+ $(,)? })+) => {$(
        typed::names! { $(#[$doc])* pub enum $name { $($(#[$variant_doc])* $n $variant = $text),+ } }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                name.parse().map_err(|_| serde::de::Error::unknown_variant(&name, Self::NAMES))
            }
        }
    )+};
}

states! {
    /// How it stands with a seat.
    pub enum SeatState {
        0 Free = "free",
        1 Held = "held",
        2 Sold = "sold",
        /// Kept back by the seller.
        3 Withheld = "withheld",
    }
    /// How it stands with an order. Rows, answers, facades, commands, metrics, traces and SQL have its names from here.
    pub enum OrderState {
        0 Placed = "placed",
        1 Held = "held",
        2 Paid = "paid",
        3 Confirmed = "confirmed",
        4 Rejected = "rejected",
        5 Cancelling = "cancelling",
        6 Cancelled = "cancelled",
    }
    /// How it stands with a payment.
    pub enum PaymentState {
        /// The provider was asked for the money, and has not answered for certain.
        0 Requested = "requested",
        /// The money was taken.
        1 Paid = "paid",
        /// The provider said no.
        2 Declined = "declined",
        /// The provider was asked to give back what it took, or to take nothing any more.
        3 Refunding = "refunding",
        /// The money was given back.
        4 Refunded = "refunded",
        /// Nothing was taken, and nothing can be taken any more.
        5 Voided = "voided",
        /// An operator has settled it outside; the provider is not asked any more.
        6 GivenUp = "given_up",
    }
    /// How it stands with a delivery.
    pub enum DeliveryState {
        /// It has begun; the goods are still here.
        0 Started = "started",
        /// The goods have left.
        1 Dispatched = "dispatched",
        /// The goods have arrived.
        2 Completed = "completed",
        /// It does not take place.
        3 Cancelled = "cancelled",
    }
}

impl OrderState {
    /// Whether it has come to an end. A confirmed order may still be taken back; nothing comes after the others.
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Confirmed) || self.is_undone()
    }

    /// Whether it has come to an end of which nothing is left.
    pub const fn is_undone(self) -> bool {
        matches!(self, Self::Rejected | Self::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_has_one_name_wherever_it_is_written() {
        for (state, name) in OrderState::ALL.iter().zip(OrderState::NAMES) {
            assert_eq!((state.as_str(), name.parse()), (*name, Ok(*state)));
            let json = serde_json::to_string(state).expect("text");
            assert_eq!((json.clone(), serde_json::from_str(&json).ok()), (format!("{name:?}"), Some(*state)));
        }
        assert!("refunded".parse::<OrderState>().is_err() && serde_json::from_str::<OrderState>("\"\"").is_err());
    }

    #[test]
    fn an_order_that_has_ended_is_confirmed_or_undone() {
        let ended: Vec<_> = OrderState::ALL.iter().copied().filter(|state| state.has_ended()).collect();
        assert_eq!(ended, [OrderState::Confirmed, OrderState::Rejected, OrderState::Cancelled]);
        let undone: Vec<_> = ended.into_iter().filter(|state| state.is_undone()).collect();
        assert_eq!(undone, [OrderState::Rejected, OrderState::Cancelled]);
    }
}
