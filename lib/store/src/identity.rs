//! Who a store is to others. What leaves a store (keys given to a payment provider, ids of mails and events) is unique outside it only
//! if it says so: numbers alone begin with 1 in every store, and after a restore they come a second time.

use std::fmt;

use uuid::Uuid;

/// The name of a store, and of its present life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Made with the store, and kept by its backups: a UUID of version 7.
    pub store: String,
    /// Another one after each restore: 16 hexadecimal digits, which are random.
    pub incarnation: String,
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
fn random() -> String {
    let low = |uuid: Uuid| uuid.as_u64_pair().1;
    format!("{:016x}", low(Uuid::now_v7()) ^ low(Uuid::now_v7()).rotate_left(32))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::Identity;

    #[test]
    fn a_store_keeps_its_name_and_never_gets_an_incarnation_twice() {
        let store = Identity::new_store();
        let lives: HashSet<String> = (0..10_000).map(|_| store.clone().reborn().incarnation).collect();
        assert_eq!(lives.len(), 10_000);
        assert!(lives.iter().all(|life| life.len() == 16 && life.bytes().all(|byte| byte.is_ascii_hexdigit())));
        assert_eq!(store.clone().reborn().store, store.store);
        assert_ne!(Identity::new_store().store, store.store);
        assert_eq!(store.store.as_bytes()[14], b'7', "the version: {}", store.store);
    }
}
