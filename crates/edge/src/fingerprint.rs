//! What stands for bytes for good: kept with idempotency keys, and given to clients as an ETag. So it may never change.

use ring::digest::{SHA256, digest};

/// The first 63 bits of the SHA-256 of `bytes`.
pub fn fingerprint(bytes: &[u8]) -> u64 {
    let digest = digest(&SHA256, bytes);
    let (first, _) = digest.as_ref().split_first_chunk().expect("a SHA-256 has 32 bytes");
    u64::from_be_bytes(*first) >> 1
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn it_is_that_of_the_standard() {
        // FIPS 180-2, appendix B.1: "abc" gives ba7816bf 8f01cfea, and more.
        assert_eq!(fingerprint(b"abc"), 0xba78_16bf_8f01_cfea_u64 >> 1);
    }
}
