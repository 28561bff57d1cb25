//! Amounts of money in minor units. The won has none, so an amount in KRW counts whole won.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use typed::{Cell, Column, Mismatch, Sql};

/// An ISO 4217 currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, Encode, Decode)]
#[cbor(index_only)]
pub enum Currency {
    /// Korean won, without minor units.
    #[default]
    #[n(0)]
    #[serde(rename = "KRW")]
    Krw,
}

impl Currency {
    /// Its three letters.
    pub fn code(self) -> &'static str {
        match self {
            Self::Krw => "KRW",
        }
    }
}

/// An amount in minor units of a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, Encode, Decode)]
pub struct Money {
    /// Minor units; negative where money goes back.
    #[n(0)]
    pub amount: i64,
    /// The currency.
    #[n(1)]
    pub currency: Currency,
}

impl Money {
    /// `amount` whole won.
    pub fn krw(amount: i64) -> Self {
        Self { amount, currency: Currency::Krw }
    }

    /// The amount `times` over, or `None` if it does not fit 64 bits.
    pub fn checked_mul(self, times: u32) -> Option<Self> {
        Some(Self { amount: self.amount.checked_mul(i64::from(times))?, ..self })
    }

    /// The sum of two amounts of one currency, or `None` if it does not fit 64 bits or the currencies differ.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        (self.currency == other.currency).then_some(())?;
        Some(Self { amount: self.amount.checked_add(other.amount)?, ..self })
    }

    /// `percent` of the amount, rounded towards zero to whole minor units.
    pub fn percent(self, percent: u32) -> i64 {
        let share = i128::from(self.amount) * i128::from(percent) / 100;
        i64::try_from(share).unwrap_or(if share < 0 { i64::MIN } else { i64::MAX })
    }
}

/// In a table: the minor units. There is one currency so far; a second one will bring a column of its own.
impl Column for Money {
    fn sql(&self) -> Sql<'_> {
        Sql::Int(self.amount)
    }
    fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch> {
        i64::from_cell(cell).map(Self::krw)
    }
    /// In the journal it has its currency with it.
    fn weight(&self) -> usize {
        self.amount.weight() + 3
    }
}

#[cfg(test)]
mod tests {
    use super::Money;

    #[test]
    fn a_share_is_rounded_down_to_whole_won() {
        assert_eq!(Money::krw(199).percent(5), 9);
        assert_eq!(Money::krw(300_000).percent(5), 15_000);
        assert_eq!(Money::krw(i64::MAX).percent(100), i64::MAX);
    }

    #[test]
    fn an_amount_that_does_not_fit_is_none() {
        assert_eq!(Money::krw(i64::MAX).checked_mul(2), None);
    }
}
