//! `If-Match` and `If-None-Match` (RFC 9110, 13): honoured wherever they are sent. The ETag of an item is its version; lists have none.

use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};

use super::errors::Failure;
use super::{Body, empty};

/// The preconditions of a request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Preconditions {
    matches: Option<Tags>,
    none_match: Option<Tags>,
}

#[derive(Debug, PartialEq, Eq)]
enum Tags {
    /// `*`: whatever there is.
    Any,
    These(Vec<Tag>),
}

#[derive(Debug, PartialEq, Eq)]
struct Tag {
    /// None in a tag that was never given out.
    version: Option<u64>,
    weak: bool,
}

impl Preconditions {
    /// Those of `headers`.
    pub fn of(headers: &HeaderMap) -> Result<Self, Failure> {
        Ok(Self { matches: tags(headers, &header::IF_MATCH)?, none_match: tags(headers, &header::IF_NONE_MATCH)? })
    }

    /// What a read is told instead of an item of this version: 412, or that it has it already.
    pub fn before_read(&self, version: u64) -> Result<Option<Response<Body>>, Failure> {
        if self.matches.as_ref().is_some_and(|tags| !tags.has(version, false)) {
            return Err(changed(version));
        }
        if self.none_match.as_ref().is_some_and(|tags| tags.has(version, true)) {
            let mut response = empty(StatusCode::NOT_MODIFIED);
            tell(&mut response, version);
            return Ok(Some(response));
        }
        Ok(None)
    }

    /// Refuses to change an item of this version.
    pub fn before_write(&self, version: u64) -> Result<(), Failure> {
        if self.matches.as_ref().is_some_and(|tags| !tags.has(version, false)) {
            return Err(changed(version));
        }
        match self.none_match.as_ref().filter(|tags| tags.has(version, true)) {
            None => Ok(()),
            Some(Tags::Any) => Err(Failure::precondition("there is one already")),
            Some(Tags::These(_)) => Err(Failure::precondition(format!("it has the version {version}"))),
        }
    }

    /// Refuses to make an item where there is none.
    pub fn before_create(&self) -> Result<(), Failure> {
        match self.matches {
            None => Ok(()),
            Some(_) => Err(Failure::precondition("there is none that could match")),
        }
    }

    /// Whether an item must not be there yet.
    pub fn wants_none(&self) -> bool {
        self.none_match == Some(Tags::Any)
    }

    /// What is asked of a list, which is there and has no ETag: so that no tag matches it.
    pub fn of_list(&self, is_read: bool) -> Result<Option<Response<Body>>, Failure> {
        if matches!(self.matches, Some(Tags::These(_))) {
            return Err(Failure::precondition("a list has no ETag"));
        }
        match (&self.none_match, is_read) {
            (Some(Tags::Any), true) => Ok(Some(empty(StatusCode::NOT_MODIFIED))),
            (Some(Tags::Any), false) => Err(Failure::precondition("the list is there already")),
            _ => Ok(None),
        }
    }

    /// The one version that an item must have, where a command alone can see to that.
    pub fn one_version(&self) -> Option<u64> {
        match (&self.matches, &self.none_match) {
            (Some(Tags::These(tags)), None) => match tags.as_slice() {
                [Tag { version: Some(version), weak: false }] => Some(*version),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether there are any.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Tags {
    /// Whether one of them is the tag of `version`. Weak ones count for `weakly` alone.
    fn has(&self, version: u64, weakly: bool) -> bool {
        match self {
            Self::Any => true,
            Self::These(tags) => tags.iter().any(|tag| tag.version == Some(version) && (weakly || !tag.weak)),
        }
    }
}

/// Writes the ETag of an item of this version.
pub(super) fn tell(response: &mut Response<Body>, version: u64) {
    if let Ok(tag) = HeaderValue::try_from(format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
}

fn changed(version: u64) -> Failure {
    Failure::precondition(format!("it has the version {version} now"))
}

fn tags(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Tags>, Failure> {
    let mut all = Vec::new();
    let mut lines = headers.get_all(name).iter().peekable();
    if lines.peek().is_none() {
        return Ok(None);
    }
    let wrong = || Failure::invalid_field(name.as_str(), "must be *, or ETags as \"3\", separated by commas");
    for line in lines {
        let mut rest = line.to_str().map_err(|_| wrong())?.trim();
        if rest == "*" {
            return Ok(Some(Tags::Any));
        }
        while !rest.is_empty() {
            let (tag, behind) = tag(rest).ok_or_else(wrong)?;
            all.push(tag);
            rest = behind.trim_start();
            if !rest.is_empty() {
                rest = rest.strip_prefix(',').ok_or_else(wrong)?.trim_start();
            }
        }
    }
    if all.is_empty() { Err(wrong()) } else { Ok(Some(Tags::These(all))) }
}

/// The tag that `text` begins with, and what stands behind it.
fn tag(text: &str) -> Option<(Tag, &str)> {
    let (weak, rest) = text.strip_prefix("W/").map_or((false, text), |rest| (true, rest));
    let (opaque, behind) = rest.strip_prefix('"')?.split_once('"')?;
    let version = opaque.parse().ok().filter(|version: &u64| version.to_string() == opaque);
    Some((Tag { version, weak }, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: HeaderName, value: &str) -> Option<Preconditions> {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        Preconditions::of(&headers).ok()
    }

    #[test]
    fn a_change_goes_on_if_its_item_is_one_of_those_named() {
        for (value, goes_on) in [
            ("*", Some(true)),
            ("\"3\"", Some(true)),
            ("\"2\", \"3\"", Some(true)),
            ("\"2\",W/\"3\"", Some(false)),
            ("\"03\"", Some(false)),
            ("\"a, b\"", Some(false)),
            ("3", None),
            ("\"3", None),
            ("\"2\" \"3\"", None),
            ("", None),
        ] {
            let found = of(header::IF_MATCH, value).map(|it| it.before_write(3).is_ok());
            assert_eq!(found, goes_on, "{value}");
            assert!(found.is_none() || of(header::IF_MATCH, value).unwrap().before_create().is_err(), "{value}");
        }
    }

    #[test]
    fn what_a_reader_has_is_not_sent_again() {
        for (value, has) in [("*", true), ("\"3\"", true), ("W/\"3\"", true), ("\"2\", \"4\"", false)] {
            let it = of(header::IF_NONE_MATCH, value).unwrap();
            assert_eq!(it.before_read(3).unwrap().is_some(), has, "{value}");
            assert_eq!(it.before_write(3).is_err(), has, "{value}");
        }
    }

    #[test]
    fn only_one_strong_tag_is_left_to_the_command() {
        let one = |value| of(header::IF_MATCH, value).unwrap().one_version();
        assert_eq!((one("\"3\""), one("\"3\", \"4\""), one("W/\"3\""), one("*")), (Some(3), None, None, None));
    }

    #[test]
    fn no_tag_is_that_of_a_list() {
        let list = |name, value, is_read| of(name, value).unwrap().of_list(is_read).map(|told| told.is_some()).ok();
        assert_eq!(list(header::IF_MATCH, "\"1\"", false), None);
        assert_eq!(list(header::IF_MATCH, "*", false), Some(false));
        assert_eq!(list(header::IF_NONE_MATCH, "*", false), None);
        assert_eq!(list(header::IF_NONE_MATCH, "*", true), Some(true));
        assert_eq!(list(header::IF_NONE_MATCH, "\"1\"", true), Some(false));
    }
}
