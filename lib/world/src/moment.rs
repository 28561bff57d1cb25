//! Moments as text, for everybody who writes or reads one: RFC 3339 with three digits of a second, in the years 1970 to 9999.

use std::fmt;

use jiff::fmt::temporal::Pieces;

use crate::Timestamp;

/// The last moment that can be written: the last millisecond of the year 9999.
pub const LAST_MOMENT: Timestamp = 253_402_300_799_999;

const DAY_MS: u64 = 86_400_000;

/// A moment as a calendar and a clock show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Civil {
    /// From 1970 to 9999.
    pub year: u64,
    /// From 1 to 12.
    pub month: u64,
    /// From 1 to 31.
    pub day: u64,
    /// From 0 to 23.
    pub hour: u64,
    /// From 0 to 59.
    pub minute: u64,
    /// From 0 to 59.
    pub second: u64,
    /// From 0 to 999.
    pub millisecond: u64,
}

impl Civil {
    /// `at`, where clocks are `ahead_ms` ahead of UTC; `None` after the year 9999.
    pub fn of(at: Timestamp, ahead_ms: u64) -> Option<Self> {
        let at = at.checked_add(ahead_ms).filter(|at| *at <= LAST_MOMENT)?;
        let (days, ms) = (at / DAY_MS, at % DAY_MS);
        // The calendar from the days since 0000-03-01: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let days = days + 719_468;
        let (era, of_era) = (days / 146_097, days % 146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        Some(Self {
            year: year_of_era + era * 400 + u64::from(month <= 2),
            month,
            day: of_year - (153 * from_march + 2) / 5 + 1,
            hour: ms / 3_600_000,
            minute: ms / 60_000 % 60,
            second: ms / 1_000 % 60,
            millisecond: ms % 1_000,
        })
    }
}

impl fmt::Display for Civil {
    /// `2026-11-25T12:00:00.000`, to which its offset is added.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second, millisecond } = self;
        write!(out, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millisecond:03}")
    }
}

/// `2026-11-25T12:00:00.000Z`; `None` after the year 9999.
pub fn written(at: Timestamp) -> Option<String> {
    Civil::of(at, 0).map(|civil| format!("{civil}Z"))
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
    let (hour, minute, second) = (i64::from(time.hour()), i64::from(time.minute()), i64::from(time.second()));
    let ms = (hour * 3_600 + minute * 60 + second) * 1_000 + i64::from(time.subsec_nanosecond()) / 1_000_000;
    in_range(days(pieces.date()) * DAY_MS.cast_signed() + ms - i64::from(offset.seconds()) * 1_000)
}

/// The beginning of the day that `text` names, in UTC.
///
/// # Errors
/// If it names none, or one that could not be written again.
pub fn read_day(text: &str) -> Result<Timestamp, NotAMoment> {
    let is_day = text.len() == "2024-11-22".len();
    let date = text.parse().ok().filter(|_| is_day).ok_or(NotAMoment::Unread)?;
    in_range(days(date) * DAY_MS.cast_signed())
}

/// `ms` since the Unix epoch as a moment.
///
/// # Errors
/// If it could not be written.
pub fn in_range(ms: i64) -> Result<Timestamp, NotAMoment> {
    let ms = u64::try_from(ms).map_err(|_| NotAMoment::TooEarly)?;
    if ms > LAST_MOMENT { Err(NotAMoment::TooLate) } else { Ok(ms) }
}

/// Days since 1970, the other way about.
fn days(date: jiff::civil::Date) -> i64 {
    let (month, day) = (i64::from(date.month()), i64::from(date.day()));
    let year = i64::from(date.year()) - i64::from(month <= 2);
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let seoul = Civil::of(1_732_240_000_000, 9 * 3_600_000).unwrap();
        assert_eq!(seoul.to_string(), "2024-11-22T10:46:40.000");
        assert_eq!(Civil::of(LAST_MOMENT, 1), None);
    }
}
