//! Moments: RFC 3339, in UTC and with three digits of a second where they are given out.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use utoipa::ToSchema;
use world::moment::{LAST_MOMENT, read, written};

/// A moment, in milliseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-11-21T12:00:00.000Z")]
pub struct Moment(pub u64);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&written(self.0.min(LAST_MOMENT)).unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        read(&text).map(Self).map_err(D::Error::custom)
    }
}

/// How what a client asked for is hashed, so that a key that was given before still stands for the same: without the digits of a second
/// that are zero.
pub(super) fn as_hashed<S: Serializer>(moment: &Option<Moment>, serializer: S) -> Result<S::Ok, S::Error> {
    moment.map(hashed).serialize(serializer)
}

/// The same of a moment that may be taken away.
pub(super) fn as_hashed_change<S: Serializer>(
    moment: &Option<Option<Moment>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    moment.map(|moment| moment.map(hashed)).serialize(serializer)
}

fn hashed(Moment(at): Moment) -> String {
    let text = written(at.min(LAST_MOMENT)).unwrap_or_default();
    let (second, digits) = text.split_once('.').unwrap_or((&text, ""));
    match digits.trim_end_matches(['0', 'Z']) {
        "" => format!("{second}Z"),
        _ => format!("{second}.{}Z", digits.trim_end_matches('Z').trim_end_matches('0')),
    }
}

#[cfg(test)]
mod tests {
    use super::{Moment, hashed};

    #[test]
    fn a_moment_is_written_in_utc_and_read_in_any_zone() {
        let noon = Moment(1_795_262_400_000);
        assert_eq!(serde_json::to_string(&noon).unwrap(), "\"2026-11-21T12:00:00.000Z\"");
        for same in ["\"2026-11-21T12:00:00Z\"", "\"2026-11-21T21:00:00+09:00\"", "\"2026-11-21T12:00:00.000Z\""] {
            assert_eq!(serde_json::from_str::<Moment>(same).unwrap(), noon, "{same}");
        }
        assert!(serde_json::from_str::<Moment>("\"tomorrow\"").is_err());
    }

    #[test]
    fn the_last_day_of_the_calendar_is_taken_and_what_was_before_1970_is_refused_by_name() {
        let last = "\"9999-12-31T23:59:59.999Z\"";
        assert_eq!(serde_json::to_string(&serde_json::from_str::<Moment>(last).unwrap()).unwrap(), last);
        let early = serde_json::from_str::<Moment>("\"1969-12-31T23:59:59Z\"").unwrap_err();
        assert!(early.to_string().contains("not before 1970"), "{early}");
    }

    #[test]
    fn a_moment_is_hashed_as_ever() {
        for (at, text) in [(1_795_262_400_000, "00Z"), (1_795_262_400_070, "00.07Z"), (1_795_262_400_123, "00.123Z")] {
            assert_eq!(hashed(Moment(at)), format!("2026-11-21T12:00:{text}"));
        }
    }
}
