//! `If-Match` and `If-None-Match` (RFC 9110, 13): honoured wherever they are sent. The ETag of an item is its version; lists have none.

use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use service::etags::{Etags, etag, version_of};

use super::error::FacadeError;
use super::{Body, empty};

/// The preconditions of a request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Preconditions {
    if_match: Option<Etags>,
    if_none_match: Option<Etags>,
}

impl Preconditions {
    /// Those of `headers`.
    pub fn of(headers: &HeaderMap) -> Result<Self, FacadeError> {
        Ok(Self { if_match: tags(headers, &header::IF_MATCH)?, if_none_match: tags(headers, &header::IF_NONE_MATCH)? })
    }

    /// What a read is told instead of an item of this version: 412, or that it has it already.
    pub fn before_read(&self, version: u64) -> Result<Option<Response<Body>>, FacadeError> {
        self.is_matched(version)?;
        if self.if_none_match.as_ref().is_some_and(|tags| tags.has_weakly(&etag(version))) {
            let mut response = empty(StatusCode::NOT_MODIFIED);
            tell(&mut response, version);
            return Ok(Some(response));
        }
        Ok(None)
    }

    /// Refuses to change an item of this version.
    pub fn before_write(&self, version: u64) -> Result<(), FacadeError> {
        self.is_matched(version)?;
        match self.if_none_match.as_ref().filter(|tags| tags.has_weakly(&etag(version))) {
            None => Ok(()),
            Some(Etags::Any) => Err(FacadeError::precondition("there is one already")),
            Some(Etags::These(_)) => Err(FacadeError::precondition(format!("it has the version {version}"))),
        }
    }

    fn is_matched(&self, version: u64) -> Result<(), FacadeError> {
        if self.if_match.as_ref().is_some_and(|tags| !tags.has(&etag(version))) {
            return Err(FacadeError::precondition(format!("it has the version {version} now")));
        }
        Ok(())
    }

    /// Refuses to make an item where there is none.
    pub fn before_create(&self) -> Result<(), FacadeError> {
        match self.if_match {
            None => Ok(()),
            Some(_) => Err(FacadeError::precondition("there is none that could match")),
        }
    }

    /// Whether an item must not be there yet.
    pub fn wants_none(&self) -> bool {
        self.if_none_match == Some(Etags::Any)
    }

    /// What is asked of a list, which is there and has no ETag: so that no tag matches it.
    pub fn of_list(&self, is_read: bool) -> Result<Option<Response<Body>>, FacadeError> {
        if matches!(self.if_match, Some(Etags::These(_))) {
            return Err(FacadeError::precondition("a list has no ETag"));
        }
        match (&self.if_none_match, is_read) {
            (Some(Etags::Any), true) => Ok(Some(empty(StatusCode::NOT_MODIFIED))),
            (Some(Etags::Any), false) => Err(FacadeError::precondition("the list is there already")),
            _ => Ok(None),
        }
    }

    /// The one version that an item must have, where a command alone can see to that.
    pub fn one_version(&self) -> Option<u64> {
        self.if_match.as_ref().filter(|_| self.if_none_match.is_none()).and_then(Etags::one).and_then(version_of)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Writes the ETag of an item of this version.
pub(super) fn tell(response: &mut Response<Body>, version: u64) {
    if let Ok(tag) = HeaderValue::try_from(etag(version)) {
        response.headers_mut().insert(header::ETAG, tag);
    }
}

fn tags(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Etags>, FacadeError> {
    let wrong = |_| FacadeError::invalid_field(name.as_str(), "must be *, or ETags as \"3\", separated by commas");
    Etags::of(headers, name).map_err(wrong)
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
            ("\"a,b\"", Some(false)),
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
