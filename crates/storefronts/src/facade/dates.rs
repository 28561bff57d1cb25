//! The two ways in which storefronts write a moment, and the ways in which they take one.

use jiff::{Timestamp, civil, tz::Offset};

/// Seoul is nine hours ahead of UTC, without summer time since 1988.
const SEOUL: Offset = Offset::constant(9);

/// `2024-11-22T01:46:40.000+00:00`, or `None` where the moment is beyond the calendar.
pub(super) fn iso(ms: u64) -> Option<String> {
    let at = Offset::UTC.to_datetime(moment(ms)?);
    Some(format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}+00:00",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
        at.millisecond()
    ))
}

/// `20241122104640` in Seoul, or `None` where the moment is beyond the calendar.
pub(super) fn stamp(ms: u64) -> Option<String> {
    let at = SEOUL.to_datetime(moment(ms)?);
    Some(format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    ))
}

/// A moment from milliseconds since the epoch, from ISO 8601 with an offset, or from a day (its beginning in UTC).
pub(super) fn parse(text: &str) -> Option<u64> {
    if let Ok(ms) = text.parse::<u64>() {
        return in_range(ms);
    }
    let at = if text.len() == "2024-11-22".len() {
        let day: civil::Date = text.parse().ok()?;
        Offset::UTC.to_timestamp(day.to_datetime(civil::Time::midnight())).ok()?
    } else {
        text.parse::<Timestamp>().ok()?
    };
    u64::try_from(at.as_millisecond()).ok()
}

/// `ms`, where the calendar has it.
pub(super) fn in_range(ms: u64) -> Option<u64> {
    moment(ms).map(|_| ms)
}

fn moment(ms: u64) -> Option<Timestamp> {
    Timestamp::from_millisecond(i64::try_from(ms).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: u64 = 1_732_240_000_000;

    #[test]
    fn a_moment_is_written_in_utc_and_stamped_in_seoul() {
        assert_eq!(iso(MOMENT).as_deref(), Some("2024-11-22T01:46:40.000+00:00"));
        assert_eq!(stamp(MOMENT).as_deref(), Some("20241122104640"));
        assert_eq!(iso(u64::MAX), None);
    }

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
            ("1969-12-31", None),
            ("99999999999999999", None),
            ("soon", None),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
