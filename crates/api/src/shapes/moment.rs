//! Moments: RFC 3339, in UTC where they are given out.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use utoipa::ToSchema;

/// A moment, in milliseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-11-21T12:00:00Z")]
pub struct Moment(pub u64);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ms = i64::try_from(self.0).unwrap_or(i64::MAX);
        serializer.collect_str(&Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let moment: Timestamp =
            text.parse().map_err(|_| D::Error::custom("a moment is written as 2026-11-21T12:00:00Z"))?;
        // Nothing happened here before 1970.
        Ok(Self(u64::try_from(moment.as_millisecond()).unwrap_or(0)))
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn a_moment_is_written_in_utc_and_read_in_any_zone() {
        let noon = Moment(1_795_262_400_000);
        assert_eq!(serde_json::to_string(&noon).unwrap(), "\"2026-11-21T12:00:00Z\"");
        for same in ["\"2026-11-21T12:00:00Z\"", "\"2026-11-21T21:00:00+09:00\"", "\"2026-11-21T12:00:00.000Z\""] {
            assert_eq!(serde_json::from_str::<Moment>(same).unwrap(), noon, "{same}");
        }
        assert!(serde_json::from_str::<Moment>("\"tomorrow\"").is_err());
    }
}
