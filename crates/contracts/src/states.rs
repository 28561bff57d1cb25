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
                match &*name {
                    $($text => Ok(Self::$variant),)+
                    other => Err(serde::de::Error::unknown_variant(other, &[$($text),+])),
                }
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
    /// How it stands with an order.
    pub enum OrderState {
        0 Placed = "placed",
        1 Held = "held",
        2 Paid = "paid",
        3 Confirmed = "confirmed",
        4 Rejected = "rejected",
        5 Cancelling = "cancelling",
        6 Cancelled = "cancelled",
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
