//! What commands are made of.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use typed::Text;

use crate::{Code, Money, OfferingId, Rejection, SeatId};

/// Which offering is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub enum Target {
    /// The offering with this id.
    #[n(0)]
    Id(#[n(0)] OfferingId),
    /// The offering that its seller registered under this reference, which is not its id.
    #[n(1)]
    Reference(#[n(0)] Text),
}

impl Target {
    /// The offering as the client named it: its number, or the seller's reference.
    pub fn wanted(&self) -> Text {
        match self {
            Self::Id(id) => crate::Numbered::number(*id).to_string().into(),
            Self::Reference(reference) => reference.clone(),
        }
    }
}

/// A numbered place of an offering that is about to be registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct NewSeat {
    /// Its row.
    #[n(0)]
    pub row: Text,
    /// Its number within the row.
    #[n(1)]
    pub column: i64,
    /// Its grade, such as `R` or `VIP`.
    #[n(2)]
    pub grade: Option<Text>,
    /// Its price.
    #[n(3)]
    pub price: Money,
    /// Not for sale: kept back by the seller.
    #[n(4)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<bool>,
}

/// What a numbered place of an offering shall be. What is `None` stays as it is, or is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct SeatWish {
    /// The seat, where there is one already: its place is then not looked at.
    #[n(0)]
    pub seat: Option<SeatId>,
    /// The row of a new one.
    #[n(1)]
    pub row: Option<Text>,
    /// Its number within the row.
    #[n(2)]
    pub column: Option<i64>,
    /// Its grade, such as `R` or `VIP`.
    #[n(3)]
    pub grade: Option<Text>,
    /// Its price; a new one needs one.
    #[n(4)]
    pub price: Option<Money>,
    /// Keep it back from sale, or put it on sale.
    #[n(5)]
    pub withheld: Option<bool>,
}

/// What must be so of an offering or a seat right before a change of it; else the change is refused. Of what is not of that kind, such as
/// the row of an offering, nothing is ever so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub enum Expected {
    /// The seller's reference.
    #[n(0)]
    Reference(#[n(0)] Option<Text>),
    /// The name.
    #[n(1)]
    Name(#[n(0)] Option<Text>),
    /// The price of one.
    #[n(2)]
    Price(#[n(0)] Money),
    /// How many are left.
    #[n(3)]
    Left(#[n(0)] u64),
    /// A field that maejin only keeps and gives back: its name, and its value as JSON; `None` where it is not kept.
    #[n(4)]
    Field(#[n(0)] Text, #[n(1)] Option<Text>),
    /// The offering of a seat.
    #[n(5)]
    Offering(#[n(0)] OfferingId),
    /// The grade of a seat.
    #[n(6)]
    Grade(#[n(0)] Option<Text>),
    /// The row of a seat.
    #[n(7)]
    Row(#[n(0)] Option<Text>),
    /// The column of a seat.
    #[n(8)]
    Column(#[n(0)] Option<i64>),
    /// Whether a seat is sold or kept back.
    #[n(9)]
    Sold(#[n(0)] bool),
}

/// In which versions of a thing its change is meant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Versions {
    /// One of these; any if it says nothing.
    #[n(0)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_of: Option<Vec<u64>>,
    /// None of these.
    #[n(1)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub none_of: Option<Which>,
}

/// Some versions of a thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// Whatever it has.
    #[n(0)]
    Any,
    /// These.
    #[n(1)]
    These(#[n(0)] Vec<u64>),
}

/// What a client sends back, beside a change of an offering, of what cannot be changed so: as it is, or may have been when it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct AsRead {
    /// Whether it is sold by numbered seats.
    #[n(0)]
    pub seated: Option<bool>,
    /// A version that it has or had.
    #[n(1)]
    pub version: Option<u64>,
    /// How much of it there is or, beside an older version, was.
    #[n(2)]
    pub stock: Option<StockRead>,
    /// Whether it is off sale.
    #[n(3)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<bool>,
}

/// How much of an offering there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct StockRead {
    /// In all.
    #[n(0)]
    pub capacity: u64,
    /// To be had.
    #[n(1)]
    pub left: u64,
    /// Set aside.
    #[n(2)]
    pub held: u64,
    /// Sold.
    #[n(3)]
    pub sold: u64,
}

impl Versions {
    /// Nothing if what has the version `now` is meant, else a refusal.
    ///
    /// # Errors
    /// [`Code::VersionChanged`].
    pub fn allow(meant: Option<&Self>, now: u64) -> Result<(), Rejection> {
        let Some(meant) = meant else { return Ok(()) };
        let is_one = meant.one_of.as_ref().is_none_or(|these| these.contains(&now));
        let is_other = meant.none_of.as_ref().is_none_or(|others| match others {
            Which::Any => false,
            Which::These(these) => !these.contains(&now),
        });
        if is_one && is_other {
            return Ok(());
        }
        Err(Rejection::new(Code::VersionChanged, format!("it has the version {now} now, which is not meant")))
    }
}

/// What a seat can be without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(index_only)]
pub enum Emptied {
    /// Its grade.
    #[n(0)]
    Grade,
    /// Its row.
    #[n(1)]
    Row,
    /// Its column.
    #[n(2)]
    Column,
}

/// What a payment provider answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
pub enum ProviderOutcome {
    /// The charge was made; the provider's own id of it.
    #[n(0)]
    Approved(#[n(0)] Text),
    /// The charge was not made, and why.
    #[n(1)]
    Declined(#[n(0)] Text),
    /// The charge was given back, this much of it.
    #[n(2)]
    Refunded(#[n(0)] i64),
    /// There was nothing to give back, and nothing will be taken.
    #[n(3)]
    Voided,
    /// The call of the charge was refused, or answered with what cannot be, and why. Nobody was declined, and whether money was taken is
    /// for an operator to see.
    #[n(4)]
    ChargeRefused(#[n(0)] Text),
    /// The same of a refund: what was taken may still be there.
    #[n(5)]
    RefundRefused(#[n(0)] Text),
}

#[cfg(test)]
mod tests {
    use super::{Versions, Which};

    #[test]
    fn a_change_is_meant_in_one_of_some_versions_and_in_none_of_others() {
        let these = |these: &[u64]| Some(Which::These(these.to_vec()));
        let allowed = |one_of: Option<&[u64]>, none_of: Option<Which>| {
            let meant = Versions { one_of: one_of.map(<[u64]>::to_vec), none_of };
            Versions::allow(Some(&meant), 7).is_ok()
        };
        assert!(Versions::allow(None, 7).is_ok() && allowed(None, None));
        assert!(allowed(Some(&[1, 7]), None) && !allowed(Some(&[8]), None) && !allowed(Some(&[]), None));
        assert!(allowed(None, these(&[8])) && !allowed(None, these(&[7])) && !allowed(None, Some(Which::Any)));
        assert!(allowed(Some(&[7]), these(&[])) && !allowed(Some(&[7]), these(&[7])));
    }
}
