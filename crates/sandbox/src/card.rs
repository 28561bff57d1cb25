//! The test cards: a text that says how the provider shall behave.

/// How long `late` waits when it does not say.
const LATE_DEFAULT_MS: u64 = 3_000;
/// The longest `late`. Longer than anybody waits for an answer, and a bound on how long a call is held.
const LATE_MAX_MS: u64 = 120_000;

/// What a card does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Card {
    Approve,
    Decline,
    Late { delay_ms: u64 },
    Silent,
    ChargeThenTimeout,
    Unknown,
}

impl Card {
    /// The card of a text. Nothing at all is `approve`.
    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "" | "approve" => Self::Approve,
            "decline" => Self::Decline,
            "late" => Self::Late { delay_ms: LATE_DEFAULT_MS },
            "silent" => Self::Silent,
            "charge-then-timeout" => Self::ChargeThenTimeout,
            _ => Self::late_by(text).unwrap_or(Self::Unknown),
        }
    }

    fn late_by(text: &str) -> Option<Self> {
        let delay_ms = text.strip_prefix("late:")?.parse().ok()?;
        (delay_ms <= LATE_MAX_MS).then_some(Self::Late { delay_ms })
    }

    /// Whether a call with this card may have to be held open.
    pub(crate) fn may_hold(self) -> bool {
        matches!(self, Self::Late { .. } | Self::Silent | Self::ChargeThenTimeout)
    }

    /// Why this card is declined, if it is.
    pub(crate) fn decline_reason(self) -> Option<&'static str> {
        match self {
            Self::Decline => Some("card-declined"),
            Self::Unknown => Some("unknown-card"),
            Self::Approve | Self::Late { .. } | Self::Silent | Self::ChargeThenTimeout => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Card;

    #[test]
    fn a_delay_is_read_from_the_card_and_bounded() {
        assert_eq!(Card::parse("late"), Card::Late { delay_ms: 3_000 });
        assert_eq!(Card::parse("late:800"), Card::Late { delay_ms: 800 });
        for text in ["late:", "late:-1", "late:soon", "late:120001", "late:99999999999999999999", "Approve"] {
            assert_eq!(Card::parse(text), Card::Unknown, "{text}");
        }
    }
}
