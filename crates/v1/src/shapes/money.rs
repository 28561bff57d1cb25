//! Amounts of money.

use contracts::limits::AMOUNT_MAX;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::limits::invalid;
use super::object::from_object;
use super::whole::whole;
use edge::Problem;

/// An ISO 4217 currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub enum Currency {
    /// Korean won, without minor units.
    #[serde(rename = "KRW")]
    Krw,
}

/// From a text alone. What serde derives takes an object with the name in it, too.
impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        if name == "KRW" { Ok(Self::Krw) } else { Err(D::Error::unknown_variant(&name, &["KRW"])) }
    }
}

/// An amount in minor units of a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Money {
    /// Minor units: of the won, whole won.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 150_000)]
    #[serde(deserialize_with = "whole")]
    pub amount: i64,
    /// The currency.
    pub currency: Currency,
}

from_object!(Money);

impl Money {
    /// Refuses what nothing can cost.
    pub(super) fn check(self, field: &str) -> Result<(), Problem> {
        if !(0..=AMOUNT_MAX).contains(&self.amount) {
            return Err(invalid(&format!("{field}.amount"), format!("a whole number from 0 to {AMOUNT_MAX}")));
        }
        Ok(())
    }
}

impl From<contracts::Money> for Money {
    fn from(money: contracts::Money) -> Self {
        let contracts::Currency::Krw = money.currency;
        Self { amount: money.amount, currency: Currency::Krw }
    }
}

impl From<Money> for contracts::Money {
    fn from(money: Money) -> Self {
        let Currency::Krw = money.currency;
        Self::krw(money.amount)
    }
}
