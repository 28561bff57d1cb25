//! Moments as text, for everybody who writes or reads one: RFC 3339 with three digits of a second, in the years 1970 to 9999.

use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::temporal::Pieces;
use jiff::{SignedDuration, civil::datetime};

use crate::Timestamp;

/// The last moment that can be written: the last millisecond of the year 9999.
pub const LAST_MOMENT: Timestamp = 253_402_300_799_999;

/// Seoul is nine hours ahead of UTC, without summer time since 1988.
const SEOUL_MS: u64 = 9 * 3_600_000;

const EPOCH: DateTime = datetime(1970, 1, 1, 0, 0, 0, 0);

/// What a calendar and a clock show at `at`, where they are `ahead_ms` ahead of UTC; `None` after the year 9999.
pub fn civil(at: Timestamp, ahead_ms: u64) -> Option<DateTime> {
    let at = at.checked_add(ahead_ms).filter(|at| *at <= LAST_MOMENT)?;
    EPOCH.checked_add(SignedDuration::from_millis(at.cast_signed())).ok()
}

/// `2026-11-25T12:00:00.000Z`; `None` after the year 9999.
pub fn written(at: Timestamp) -> Option<String> {
    // Each answer about an order has two or three of them; this library takes a quarter of the time of the other.
    (at <= LAST_MOMENT).then(|| humantime::format_rfc3339_millis(UNIX_EPOCH + Duration::from_millis(at)).to_string())
}

/// `2024-11-22T01:46:40.000+00:00`; `None` after the year 9999.
pub fn iso(at: Timestamp) -> Option<String> {
    civil(at, 0).map(|at| format!("{at:.3}+00:00"))
}

/// `20241122104640` in Seoul; `None` after the year 9999.
pub fn stamp(at: Timestamp) -> Option<String> {
    civil(at, SEOUL_MS).map(|at| at.strftime("%Y%m%d%H%M%S").to_string())
}

/// Why a text is no moment that can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAMoment {
    /// It is none.
    Unread,
    /// It is before 1970.
    TooEarly,
    /// It is after 9999.
    TooLate,
}

impl fmt::Display for NotAMoment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Unread => "a moment is written as 2026-11-25T12:00:00.000Z",
            Self::TooEarly => "a moment is not before 1970",
            Self::TooLate => "a moment is not after the year 9999",
        })
    }
}

/// The moment that `text` names: a date and a time with an offset, as RFC 3339 and ISO 8601 write them. What is finer than a millisecond
/// is left out.
///
/// # Errors
/// If it names none, or one that could not be written again.
pub fn read(text: &str) -> Result<Timestamp, NotAMoment> {
    let pieces = Pieces::parse(text).map_err(|_| NotAMoment::Unread)?;
    let offset = pieces.to_numeric_offset().ok_or(NotAMoment::Unread)?;
    let time = pieces.time().ok_or(NotAMoment::Unread)?;
    since_epoch(pieces.date().to_datetime(time), i64::from(offset.seconds()))
}

/// The beginning of the day that `text` names, in UTC.
///
/// # Errors
/// If it names none, or one that could not be written again.
pub fn read_day(text: &str) -> Result<Timestamp, NotAMoment> {
    let is_day = text.len() == "2024-11-22".len();
    let date: Date = text.parse().ok().filter(|_| is_day).ok_or(NotAMoment::Unread)?;
    since_epoch(date.to_datetime(Time::midnight()), 0)
}

/// `ms` since the Unix epoch as a moment.
///
/// # Errors
/// If it could not be written.
pub fn in_range(ms: i64) -> Result<Timestamp, NotAMoment> {
    let ms = u64::try_from(ms).map_err(|_| NotAMoment::TooEarly)?;
    if ms > LAST_MOMENT { Err(NotAMoment::TooLate) } else { Ok(ms) }
}

/// The moment at which a calendar and a clock that are `ahead_s` ahead of UTC show `civil`.
fn since_epoch(civil: DateTime, ahead_s: i64) -> Result<Timestamp, NotAMoment> {
    let since = civil.duration_since(EPOCH) - SignedDuration::from_secs(ahead_s);
    // Towards the past, so that what is finer than a millisecond is left out before 1970, too.
    in_range(i64::try_from(since.as_nanos().div_euclid(1_000_000)).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: u64 = 86_400_000;

    #[test]
    fn a_moment_is_written_in_utc_and_stamped_in_seoul() {
        assert_eq!(iso(1_732_240_000_000).as_deref(), Some("2024-11-22T01:46:40.000+00:00"));
        assert_eq!(stamp(1_732_240_000_000).as_deref(), Some("20241122104640"));
        assert_eq!(iso(u64::MAX), None);
    }

    #[test]
    fn a_moment_has_three_digits_of_a_second() {
        for (at, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_732_240_000_007, "2024-11-22T01:46:40.007Z"),
            (1_795_262_400_000, "2026-11-21T12:00:00.000Z"),
            (LAST_MOMENT, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!((written(at).as_deref(), read(text)), (Some(text), Ok(at)), "{text}");
        }
        assert_eq!((written(LAST_MOMENT + 1), written(u64::MAX)), (None, None));
    }

    #[test]
    fn every_day_that_is_written_is_read() {
        for day in 0..=LAST_MOMENT / DAY_MS {
            let at = day * DAY_MS + day % DAY_MS;
            let text = written(at).unwrap();
            assert_eq!((read(&text), read_day(&text[..10])), (Ok(at), Ok(day * DAY_MS)), "{text}");
        }
    }

    #[test]
    fn a_moment_is_read_in_any_zone_and_what_is_none_is_told_why() {
        use NotAMoment::{TooEarly, TooLate, Unread};
        for (text, expected) in [
            ("2026-11-21T21:00:00+09:00", Ok(1_795_262_400_000)),
            ("2026-11-21T21:00:00+0900", Ok(1_795_262_400_000)),
            ("2026-11-21t12:00:00z", Ok(1_795_262_400_000)),
            ("2026-11-21T12:00:00.0009Z", Ok(1_795_262_400_000)),
            ("9999-12-31T23:59:59Z", Ok(LAST_MOMENT - 999)),
            ("9999-12-31T23:59:59-00:01", Err(TooLate)),
            ("9999-12-31T00:00:00+09:00", Ok(253_402_182_000_000)),
            ("1970-01-01T00:00:00Z", Ok(0)),
            ("1970-01-01T08:59:59+09:00", Err(TooEarly)),
            ("1969-12-31T23:59:59.999Z", Err(TooEarly)),
            ("1926-11-21T12:00:00Z", Err(TooEarly)),
            ("2026-11-21T12:00:00", Err(Unread)),
            ("2026-11-21", Err(Unread)),
            ("2026-13-01T00:00:00Z", Err(Unread)),
            ("2026-02-29T00:00:00Z", Err(Unread)),
            ("tomorrow", Err(Unread)),
            ("", Err(Unread)),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        assert_eq!(read_day("9999-12-31"), Ok(LAST_MOMENT + 1 - DAY_MS));
        assert_eq!((read_day("1969-12-31"), read_day("2024-13-01")), (Err(TooEarly), Err(Unread)));
    }

    #[test]
    fn clocks_elsewhere_show_another_day() {
        let seoul = civil(1_732_240_000_000, 9 * 3_600_000).unwrap();
        assert_eq!(seoul, datetime(2024, 11, 22, 10, 46, 40, 0));
        assert_eq!(civil(LAST_MOMENT, 1), None);
    }
}
