//! What a client expects of an item right before its change, in the words of the services.

use contracts::commands::Expected;
use contracts::{Money, Numbered, OfferingId, Rejection};
use storefronts::port::{Fields, Value};
use storefronts::{Attribute, Resource};

use super::fields::{as_json, kept_name, number, text};

/// What `tests` say of an offering or a seat of `of`; `None` if they say nothing.
pub(super) fn expected(of: &Resource, tests: Fields) -> Result<Option<Vec<Expected>>, Rejection> {
    let expected: Vec<Expected> =
        tests.into_iter().map(|(attribute, value)| one(of, &attribute, value)).collect::<Result<_, _>>()?;
    Ok((!expected.is_empty()).then_some(expected))
}

fn one(of: &Resource, attribute: &Attribute, value: Value) -> Result<Expected, Rejection> {
    let is_null = value == Value::Null;
    let whole = || number(attribute, &value);
    let count = || whole().map(|number| u64::try_from(number).unwrap_or(u64::MAX));
    Ok(match attribute {
        Attribute::Reference => Expected::Reference(text(value)),
        Attribute::Name => Expected::Name(text(value)),
        Attribute::Grade => Expected::Grade(text(value)),
        Attribute::SeatRow => Expected::Row(text(value)),
        Attribute::SeatColumn => Expected::Column(if is_null { None } else { Some(whole()?) }),
        Attribute::Price => Expected::Price(Money::krw(if is_null { -1 } else { whole()? })),
        Attribute::Left => Expected::Left(if is_null { u64::MAX } else { count()? }),
        Attribute::Offering => Expected::Offering(OfferingId::of(of.storefront, if is_null { 0 } else { count()? })),
        Attribute::Sold => Expected::Sold(value == Value::Bool(true)),
        other => {
            let value = (!is_null).then(|| as_json(&value).to_string().into());
            Expected::Field(kept_name(other).unwrap_or(other.word()).into(), value)
        }
    })
}
