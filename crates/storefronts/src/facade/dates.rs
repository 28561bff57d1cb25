//! The two ways in which storefronts write a moment, and the ways in which they take one.

use world::moment::{NotAMoment, in_range, read, read_day};
pub(super) use world::moment::{iso, stamp};

/// A moment from milliseconds since the epoch, from ISO 8601 with an offset, or from a day (its beginning in UTC).
pub(super) fn parse(text: &str) -> Result<u64, NotAMoment> {
    match text.parse::<i64>() {
        Ok(ms) => in_range(ms),
        Err(_) if text.len() == "2024-11-22".len() => read_day(text),
        Err(_) => read(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: u64 = 1_732_240_000_000;

    #[test]
    fn a_moment_is_taken_in_three_ways_and_no_other() {
        let table = [
            ("1732240000000", Some(MOMENT)),
            ("2024-11-22T10:46:40.000+09:00", Some(MOMENT)),
            ("2024-11-22T01:46:40Z", Some(MOMENT)),
            ("2024-11-22T10:46:40+0900", Some(MOMENT)),
            ("2024-11-22", Some(1_732_233_600_000)),
            ("22/11/2024", None),
            ("2024-11-22T10:00:00", None),
            ("2024-13-01", None),
            ("9999-12-31", Some(253_402_214_400_000)),
            ("9999-12-31T23:59:59.999Z", Some(253_402_300_799_999)),
            ("1970-01-01", Some(0)),
            ("1969-12-31", None),
            ("-1", None),
            ("99999999999999999", None),
            ("soon", None),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text).ok(), expected, "{text}");
        }
        assert_eq!((parse("1969-12-31"), parse("-1")), (Err(NotAMoment::TooEarly), Err(NotAMoment::TooEarly)));
    }
}
