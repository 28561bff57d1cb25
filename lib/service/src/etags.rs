//! ETags that are made of versions, and those that `If-Match` and `If-None-Match` name, as every door reads them (RFC 9110, 8.8.3).

use axum::http::{HeaderMap, HeaderName};

/// What one of the two headers names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Etags {
    /// `*`: whatever there is.
    Any,
    /// These, each as it was sent: in quotes, and behind `W/` if it is weak.
    These(Vec<String>),
}

/// A header is neither `*` nor ETags in quotes with commas between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// The ETag of what has this version.
pub fn etag(version: u64) -> String {
    ["\"", &version.to_string(), "\""].concat()
}

impl Etags {
    /// Those in all lines of the header `name`, if it is there.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn of(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Self>, Unreadable> {
        let lines: Vec<_> = headers.get_all(name).iter().map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
        if lines.is_empty() { Ok(None) } else { Self::read(&lines.join(", ")).map(Some) }
    }

    fn read(text: &str) -> Result<Self, Unreadable> {
        let mut rest = text.trim();
        if rest == "*" {
            return Ok(Self::Any);
        }
        let mut tags = Vec::new();
        while !rest.is_empty() {
            let tag = first(rest).ok_or(Unreadable)?;
            tags.push(tag.to_owned());
            rest = rest[tag.len()..].trim_start();
            if !rest.is_empty() {
                rest = rest.strip_prefix(',').ok_or(Unreadable)?.trim_start();
            }
        }
        if tags.is_empty() { Err(Unreadable) } else { Ok(Self::These(tags)) }
    }

    /// Whether the strong ETag `etag` is meant. A weak one never is: RFC 9110, 13.1.1.
    pub fn has(&self, etag: &str) -> bool {
        self.any(|tag| tag == etag)
    }

    /// The same where a weak ETag counts as a strong one: RFC 9110, 13.1.2.
    pub fn has_weakly(&self, etag: &str) -> bool {
        self.any(|tag| tag.strip_prefix("W/").unwrap_or(tag) == etag)
    }

    fn any(&self, is_it: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::Any => true,
            Self::These(tags) => tags.iter().any(|tag| is_it(tag)),
        }
    }

    /// The ETag that is meant, if it is only one.
    pub fn one(&self) -> Option<&str> {
        match self {
            Self::These(tags) if tags.len() == 1 => Some(&tags[0]),
            _ => None,
        }
    }
}

/// The version that the ETag `tag` was made of; `None` for one that never was.
pub fn version_of(tag: &str) -> Option<u64> {
    tag.trim_matches('"').parse().ok().filter(|version| etag(*version) == tag)
}

/// The tag at the beginning of `text`, with its quotes, and with its mark if it is weak.
fn first(text: &str) -> Option<&str> {
    let quoted = text.strip_prefix("W/").unwrap_or(text).strip_prefix('"')?;
    let end = text.len() - quoted.len() + quoted.find('"')?;
    let tag = &text[..=end];
    tag.chars().all(|c| c > ' ' && c != '\u{7f}').then_some(tag)
}

#[cfg(test)]
mod tests {
    use axum::http::header::IF_MATCH;

    use super::*;

    fn of(lines: &[&str]) -> Result<Option<Etags>, Unreadable> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(IF_MATCH, line.parse().unwrap());
        }
        Etags::of(&headers, &IF_MATCH)
    }

    #[test]
    fn etags_are_read_from_all_lines() {
        assert_eq!((of(&[]), of(&[" * "])), (Ok(None), Ok(Some(Etags::Any))));
        let these = |tags: &[&str]| Ok(Some(Etags::These(tags.iter().map(|tag| (*tag).to_owned()).collect())));
        assert_eq!(of(&["\"a,b\" ,W/\"7\""]), these(&["\"a,b\"", "W/\"7\""]));
        assert_eq!(of(&["\"1\"", "\"7\""]), these(&["\"1\"", "\"7\""]));
    }

    #[test]
    fn what_is_neither_any_nor_etags_is_not_read() {
        for wrong in ["7", "", ",", "\"7", "\"7\" \"8\"", "*, \"7\"", "w/\"7\"", "\"7\"x", "'7'", "\"a b\""] {
            assert_eq!(of(&[wrong]), Err(Unreadable), "{wrong}");
        }
        assert_eq!(of(&["*", "\"7\""]), Err(Unreadable), "two lines");
    }

    #[test]
    fn a_weak_etag_is_only_weakly_the_same() {
        let tags = of(&["W/\"7\", \"8\""]).unwrap().unwrap();
        assert_eq!([tags.has("\"7\""), tags.has_weakly("\"7\""), tags.has("\"8\"")], [false, true, true]);
    }

    #[test]
    fn an_etag_is_that_of_one_version_at_most() {
        assert_eq!(version_of(&etag(7)), Some(7));
        for other in ["\"07\"", "\"+7\"", "W/\"7\"", "\"\"", "\"\"7\"\"", "\"7 \"", "\"x\""] {
            assert_eq!(version_of(other), None, "{other}");
        }
    }
}
