//! What stands for an idempotency key in memory and in the table.

use ring::digest::{SHA256, digest};
use typed::Bytes;

use crate::system_tables::Remembered;

/// The first 128 bits of the SHA-256 of a key. They stand in stores, so this may never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyHash(u64, u64);

impl KeyHash {
    pub(crate) fn of(key: &str) -> Self {
        let digest = digest(&SHA256, key.as_bytes());
        let (first, rest) = digest.as_ref().split_first_chunk().expect("a SHA-256 has 32 bytes");
        let (second, _) = rest.split_first_chunk().expect("a SHA-256 has 32 bytes");
        Self(u64::from_be_bytes(*first), u64::from_be_bytes(*second))
    }

    /// The first half, by which a key is looked up.
    pub(crate) fn short(self) -> u64 {
        self.0
    }

    pub(crate) fn is_of(self, row: &Remembered) -> bool {
        (row.hash, row.more) == (self.0.cast_signed(), self.1.cast_signed())
    }

    /// The row of this key at `place`.
    pub(crate) fn row(self, place: u64, fingerprint: u64, answer: Bytes) -> Remembered {
        Remembered { place, hash: self.0.cast_signed(), more: self.1.cast_signed(), fingerprint, answer }
    }
}

#[cfg(test)]
mod tests {
    use super::KeyHash;

    #[test]
    fn it_is_that_of_the_standard() {
        // FIPS 180-2, appendix B.1: "abc" gives ba7816bf 8f01cfea 414140de 5dae2223, and more.
        assert_eq!(KeyHash::of("abc"), KeyHash(0xba78_16bf_8f01_cfea, 0x4141_40de_5dae_2223));
    }
}
