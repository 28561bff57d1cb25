//! Whole numbers. To JSON `2.0` is the number `2`, and JSON Schema calls both an integer: both are read.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

/// From here on a number with a point may stand for another one beside it.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

/// Reads a field that is a whole number.
pub(super) fn whole<'de, T: TryFrom<i128>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    Whole::deserialize(deserializer).map(|whole| whole.0)
}

/// The same, of a field that may be null.
pub(super) fn whole_or_null<'de, T: TryFrom<i128>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(Option::<Whole<T>>::deserialize(deserializer)?.map(|whole| whole.0))
}

struct Whole<T>(T);

impl<'de, T: TryFrom<i128>> Deserialize<'de> for Whole<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader(PhantomData)).map(Self)
    }
}

struct Reader<T>(PhantomData<T>);

impl<T: TryFrom<i128>> Visitor<'_> for Reader<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number of this size")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        T::try_from(number.into()).map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        T::try_from(number.into()).map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        let is_whole = number.fract() == 0.0 && number.abs() < EXACT_MAX;
        #[expect(clippy::cast_possible_truncation, reason = "it is whole, and small enough to be exact")]
        let found = is_whole.then(|| T::try_from(number as i128).ok()).flatten();
        found.ok_or_else(|| E::invalid_value(Unexpected::Float(number), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::Whole;

    fn read(text: &str) -> Option<u32> {
        serde_json::from_str::<Whole<u32>>(text).ok().map(|whole| whole.0)
    }

    #[test]
    fn a_whole_number_is_one_however_it_is_written() {
        for (text, number) in [("2", 2), ("2.0", 2), ("2e0", 2), ("0.2e1", 2), ("-0.0", 0), ("4294967295.0", u32::MAX)]
        {
            assert_eq!(read(text), Some(number), "{text}");
        }
        for wrong in ["2.5", "-1", "-1.0", "4294967296", "1e300", "\"2\"", "null", "true"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_number_that_may_stand_for_its_neighbour_is_refused() {
        let read = |text: &str| serde_json::from_str::<Whole<u64>>(text).ok().map(|whole| whole.0);
        assert_eq!(read("9007199254740991.0"), Some(9_007_199_254_740_991));
        assert_eq!(read("9007199254740993.0"), None);
    }
}
