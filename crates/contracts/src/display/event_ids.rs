//! How the ids of messages are written for others: `INCARNATION-NUMBER`. After a restore the same numbers mean other messages.

use std::sync::Arc;

/// Writes and reads the ids of a store's messages.
#[derive(Debug, Clone)]
pub struct EventIds(Option<Arc<str>>);

/// Why a text is not the id of a message of this store's present life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotOurs {
    /// It is no id at all.
    NoId,
    /// It is from another life, or from before ids said so.
    OtherLife,
}

impl EventIds {
    /// Those of a store's life, its `incarnation`; plain numbers for a store that has none yet.
    pub fn of(incarnation: Option<String>) -> Self {
        Self(incarnation.map(Into::into))
    }

    /// The id of the message with the number `number`.
    pub fn text(&self, number: u64) -> String {
        self.0.as_ref().map_or_else(|| number.to_string(), |life| format!("{life}-{number}"))
    }

    /// The number that `text` is the id of. `0` stands for the place before the first message of any life.
    ///
    /// # Errors
    /// If it is not the id of a message of this life.
    pub fn number(&self, text: &str) -> Result<u64, NotOurs> {
        let (life, digits) = text.rsplit_once('-').map_or((None, text), |(life, digits)| (Some(life), digits));
        let digits = Some(digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let number = digits.and_then(|digits| digits.parse().ok()).ok_or(NotOurs::NoId)?;
        let is_a_life = |life: &str| life.len() == 16 && life.bytes().all(|byte| byte.is_ascii_hexdigit());
        match life {
            Some(life) if !is_a_life(life) => Err(NotOurs::NoId),
            None if number == 0 => Ok(0),
            life if life == self.0.as_deref() => Ok(number),
            _ => Err(NotOurs::OtherLife),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_in_its_own_life_alone() {
        let (ids, later) =
            (EventIds::of(Some("5f2c9a1b3d4e6f70".to_owned())), EventIds::of(Some("0000000000000001".to_owned())));
        for number in [0, 1, 6_291_463, u64::MAX] {
            assert_eq!(ids.number(&ids.text(number)), Ok(number));
            assert_eq!(later.number(&ids.text(number)), Err(NotOurs::OtherLife));
        }
        assert_eq!((ids.number("0"), ids.number("7")), (Ok(0), Err(NotOurs::OtherLife)));
        assert_eq!(EventIds::of(None).number("7"), Ok(7));
        for text in ["", "-1", "+1", "abc", "0-0", "99999999999999999999", " 1"] {
            assert_eq!(ids.number(text), Err(NotOurs::NoId), "{text}");
        }
    }
}
