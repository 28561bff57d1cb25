//! What every door holds of a body before it is read as JSON: that it is not compressed, and that it is UTF-8, with or without the mark
//! that some editors begin it with.

use std::fmt;

use axum::body::Bytes;
use axum::http::{HeaderMap, header::CONTENT_ENCODING};

const UTF_8: &[u8] = &[0xEF, 0xBB, 0xBF];
const UTF_16: [&[u8]; 2] = [&[0xFE, 0xFF], &[0xFF, 0xFE]];

/// Why a body is not read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It is compressed: 415.
    Compressed,
    /// It says itself that it is UTF-16: 400.
    Utf16,
}

impl fmt::Display for Unread {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Compressed => "the body is not compressed here: leave Content-Encoding out",
            Self::Utf16 => "the body is UTF-16; JSON is UTF-8",
        })
    }
}

/// Refuses a body that says it is compressed. Asked before it is read.
///
/// # Errors
/// If it is.
pub fn is_plain(headers: &HeaderMap) -> Result<(), Unread> {
    let lines = headers.get_all(CONTENT_ENCODING).iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    let mut codings = lines.map(<[u8]>::trim_ascii).filter(|coding| !coding.is_empty());
    if codings.all(|coding| coding.eq_ignore_ascii_case(b"identity")) { Ok(()) } else { Err(Unread::Compressed) }
}

/// The text of a body, without the byte order mark that it may begin with.
///
/// # Errors
/// If that is the one of UTF-16.
pub fn text(body: Bytes) -> Result<Bytes, Unread> {
    if body.starts_with(UTF_8) {
        return Ok(body.slice(UTF_8.len()..));
    }
    if UTF_16.iter().any(|mark| body.starts_with(mark)) { Err(Unread::Utf16) } else { Ok(body) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(lines: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(CONTENT_ENCODING, line.parse().unwrap());
        }
        is_plain(&headers).is_ok()
    }

    #[test]
    fn only_what_is_not_compressed_is_read() {
        assert!(plain(&[]) && plain(&["identity"]) && plain(&["Identity, identity", ""]));
        assert!(!plain(&["gzip"]) && !plain(&["identity, br"]) && !plain(&["identity", "gzip"]));
    }

    #[test]
    fn the_mark_of_utf_8_is_no_part_of_the_text_and_that_of_utf_16_is_named() {
        assert_eq!(text(Bytes::from_static(b"\xEF\xBB\xBF{}")).unwrap(), "{}");
        assert_eq!(text(Bytes::from_static(b"{}")).unwrap(), "{}");
        assert_eq!(text(Bytes::from_static(b"\xFF\xFE{\0}\0")), Err(Unread::Utf16));
        assert_eq!(text(Bytes::from_static(b"\xFE\xFF\0{\0}")), Err(Unread::Utf16));
    }
}
