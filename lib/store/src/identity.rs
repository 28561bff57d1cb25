//! Who a store is to others. What leaves a store (keys given to a payment provider, ids of mails and events) is unique outside it only
//! if it says so: numbers alone begin with 1 in every store, and after a restore they come a second time.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use uuid::Uuid;

/// The name of a store, and of its present life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Made with the store, and kept by its backups: a UUID of version 7.
    pub store: String,
    /// Another one after each restore.
    pub incarnation: Incarnation,
}

/// The name of one life of a store: 64 random bits, as the signed number that tables and messages take. People read 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Incarnation(pub i64);

impl fmt::Display for Incarnation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Incarnation {
    type Err = ParseIntError;
    fn from_str(digits: &str) -> Result<Self, ParseIntError> {
        u64::from_str_radix(digits, 16).map(|bits| Self(bits.cast_signed()))
    }
}

impl Identity {
    /// That of a new store.
    pub fn new_store() -> Self {
        Self { store: Uuid::now_v7().hyphenated().to_string(), incarnation: random() }
    }

    /// That of the same store in another life.
    pub fn reborn(self) -> Self {
        Self { incarnation: random(), ..self }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.store, self.incarnation)
    }
}

/// 64 bits: the lower half of a UUID of version 7 is random but for its two highest bits, which are drawn from the next one.
fn random() -> Incarnation {
    let low = |uuid: Uuid| uuid.as_u64_pair().1;
    Incarnation((low(Uuid::now_v7()) ^ low(Uuid::now_v7()).rotate_left(32)).cast_signed())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Identity, Incarnation};

    #[test]
    fn a_store_keeps_its_name_and_never_gets_an_incarnation_twice() {
        let store = Identity::new_store();
        let lives: HashSet<Incarnation> = (0..10_000).map(|_| store.clone().reborn().incarnation).collect();
        assert_eq!(lives.len(), 10_000);
        assert_eq!(store.clone().reborn().store, store.store);
        assert_ne!(Identity::new_store().store, store.store);
        assert_eq!(store.store.as_bytes()[14], b'7', "the version: {}", store.store);
    }

    #[test]
    fn an_incarnation_is_read_back_from_its_16_digits() {
        for bits in [0, 1, -1, i64::MIN, i64::MAX, 0x0123_4567_89ab_cdef] {
            let digits = Incarnation(bits).to_string();
            assert!(digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()), "{digits}");
            assert_eq!(digits.parse(), Ok(Incarnation(bits)));
        }
        for foreign in ["", "a-life", "10123456789abcdef"] {
            assert!(foreign.parse::<Incarnation>().is_err(), "{foreign}");
        }
    }
}
