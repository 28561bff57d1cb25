//! In which version a client means something: `If-Match` and `If-None-Match` (RFC 9110, 13.1). Each is honoured or refused, never passed over.

use contracts::commands::{Versions, Which};
use http::{HeaderMap, HeaderName, StatusCode, header};
use serde::Serialize;
use service::etags::{Etags, version_of};

use crate::{DoorCode, Problem};

/// What both say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preconditions {
    if_match: Option<Etags>,
    if_none_match: Option<Etags>,
}

/// What stands for them where it is told whether another request came with the same `Idempotency-Key`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Meant {
    /// The one version that was meant; zero for one that there never was.
    Version(u64),
    /// All that was sent.
    Sent(Vec<String>),
}

impl Preconditions {
    /// Those of a request.
    ///
    /// # Errors
    /// 400 if one cannot be read.
    pub fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let (if_match, if_none_match) = (tags(headers, &header::IF_MATCH)?, tags(headers, &header::IF_NONE_MATCH)?);
        Ok(Self { if_match, if_none_match })
    }

    /// Refuses both, where nothing has a version to compare with.
    ///
    /// # Errors
    /// 400 with the header.
    pub fn refuse(headers: &HeaderMap) -> Result<(), Problem> {
        let sent = [header::IF_MATCH, header::IF_NONE_MATCH].into_iter().find(|name| headers.contains_key(name));
        sent.map_or(Ok(()), |name| Err(wrong(&name, "there is no ETag here to compare with")))
    }

    /// The same; refused if nothing is said of the version that is to be changed.
    ///
    /// # Errors
    /// 428.
    pub fn required(self) -> Result<Self, Problem> {
        if self.if_match.is_some() {
            return Ok(self);
        }
        let (status, message) =
            (StatusCode::PRECONDITION_REQUIRED, "say which version you mean to change, as its ETag, or * for any");
        Err(Problem::of_field(status, DoorCode::PreconditionRequired, "If-Match", message))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Refuses to change what has the ETag `etag` now, if another one is meant.
    ///
    /// # Errors
    /// 412 with the header.
    pub fn allow_change(&self, etag: &str) -> Result<(), Problem> {
        self.is_matched(etag)?;
        if self.knows(etag) {
            return Err(changed("If-None-Match", etag));
        }
        Ok(())
    }

    /// Whether a client that reads what has the ETag `etag` now has it already.
    ///
    /// # Errors
    /// 412 if it wants another one.
    pub fn has(&self, etag: &str) -> Result<bool, Problem> {
        self.is_matched(etag)?;
        Ok(self.knows(etag))
    }

    fn is_matched(&self, etag: &str) -> Result<(), Problem> {
        match &self.if_match {
            Some(tags) if !tags.has(etag) => Err(changed("If-Match", etag)),
            _ => Ok(()),
        }
    }

    fn knows(&self, etag: &str) -> bool {
        self.if_none_match.as_ref().is_some_and(|tags| tags.has_weakly(etag))
    }

    /// The same for the service that owns it: the ETags are those of versions. Nothing where any version will do.
    pub fn versions(&self) -> Option<Box<Versions>> {
        let one_of = match &self.if_match {
            None | Some(Etags::Any) => None,
            Some(Etags::These(tags)) => Some(tags.iter().filter_map(|tag| version_of(tag)).collect()),
        };
        let weakly = |tag: &String| version_of(tag.strip_prefix("W/").unwrap_or(tag));
        let none_of = self.if_none_match.as_ref().map(|tags| match tags {
            Etags::Any => Which::Any,
            Etags::These(tags) => Which::These(tags.iter().filter_map(weakly).collect()),
        });
        (one_of.is_some() || none_of.is_some()).then(|| Box::new(Versions { one_of, none_of }))
    }

    /// What stands for them; nothing where there are none, or any version will do.
    pub fn meant(&self) -> Option<Meant> {
        match (&self.if_match, &self.if_none_match) {
            (None | Some(Etags::Any), None) => None,
            (if_match, if_none_match) => {
                let one = if_match.as_ref().and_then(Etags::one).filter(|_| if_none_match.is_none());
                Some(match one {
                    Some(tag) => Meant::Version(version_of(tag).unwrap_or(0)),
                    None => Meant::Sent([if_match, if_none_match].into_iter().flat_map(sent).collect()),
                })
            }
        }
    }
}

/// What one of the headers names, as it was sent; an empty text stands for one that was not.
fn sent(tags: &Option<Etags>) -> Vec<String> {
    match tags {
        None => vec![String::new()],
        Some(Etags::Any) => vec!["*".to_owned()],
        Some(Etags::These(tags)) => tags.clone(),
    }
}

/// The ETags in the header `name`, if it is there.
fn tags(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Etags>, Problem> {
    Etags::of(headers, name).map_err(|_| wrong(name, "ETags in quotes with commas between them, or *"))
}

fn wrong(name: &HeaderName, message: &str) -> Problem {
    let shown = if *name == header::IF_MATCH { "If-Match" } else { "If-None-Match" };
    Problem::of_field(StatusCode::BAD_REQUEST, DoorCode::InvalidHeader, shown, message)
}

fn changed(header: &str, etag: &str) -> Problem {
    let code = contracts::Code::VersionChanged.as_str();
    Problem::of_field(StatusCode::PRECONDITION_FAILED, code, header, format!("its ETag is {etag} now"))
}

#[cfg(test)]
mod tests {
    use contracts::commands::Versions;
    use http::HeaderMap;

    use super::{Meant, Preconditions};

    fn of(sent: &[(&'static str, &str)]) -> Result<Preconditions, (u16, String)> {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.append(*name, value.parse().unwrap());
        }
        Preconditions::of(&headers).map_err(|problem| (problem.status().as_u16(), problem.errors()[0].field.clone()))
    }

    #[test]
    fn what_is_changed_has_one_of_the_versions_that_are_meant() {
        for fine in ["\"7\"", "*", "\"1\", \"7\"", "\"a,b\" ,\"7\""] {
            assert!(of(&[("if-match", fine)]).unwrap().allow_change("\"7\"").is_ok(), "{fine}");
        }
        for other in ["\"8\"", "W/\"7\"", "\"07\"", "\"7 \""] {
            let refused = of(&[("if-match", other)]).map(|meant| meant.allow_change("\"7\"").is_err());
            assert!(refused != Ok(false), "{other}");
        }
        assert!(
            of(&[("if-match", "\"1\""), ("if-match", "\"7\"")]).unwrap().allow_change("\"7\"").is_ok(),
            "two lines"
        );
        for known in ["*", "\"7\"", "W/\"7\""] {
            let meant = of(&[("if-match", "*"), ("if-none-match", known)]).unwrap();
            assert_eq!(meant.allow_change("\"7\"").unwrap_err().errors()[0].field, "If-None-Match", "{known}");
            assert!(meant.has("\"7\"").unwrap(), "{known}");
        }
        assert!(!of(&[("if-none-match", "\"8\"")]).unwrap().has("\"7\"").unwrap());
        assert!(of(&[("if-match", "\"8\"")]).unwrap().has("\"7\"").is_err());
        assert_eq!(of(&[]).unwrap().required().unwrap_err().status().as_u16(), 428);
    }

    /// Who owns a thing knows versions, and who asks knows ETags: both must come to the same.
    #[test]
    fn what_the_owner_hears_is_what_is_meant() {
        let tags = ["*", "\"7\"", "\"8\"", "W/\"7\"", "\"07\"", "\"x\", \"7\"", "\"8\", W/\"7\""];
        let sent = tags.iter().map(|tag| Some(*tag)).chain([None]);
        for if_match in sent.clone() {
            for if_none_match in sent.clone() {
                let headers = [("if-match", if_match), ("if-none-match", if_none_match)];
                let headers: Vec<_> = headers.iter().filter_map(|(name, tag)| Some((*name, (*tag)?))).collect();
                let meant = of(&headers).unwrap();
                let heard = Versions::allow(meant.versions().as_deref(), 7).is_ok();
                assert_eq!(heard, meant.allow_change("\"7\"").is_ok(), "{headers:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_by_its_name() {
        for (header, shown) in [("if-match", "If-Match"), ("if-none-match", "If-None-Match")] {
            assert_eq!(of(&[(header, "7")]).unwrap_err(), (400, shown.to_owned()));
        }
    }

    /// These stand in stores, as a part of fingerprints: whoever changes one breaks keys that were given before.
    #[test]
    fn what_is_meant_is_written_in_one_form_for_good() {
        let meant = |sent: &[(&'static str, &str)]| serde_json::to_string(&of(sent).unwrap().meant()).unwrap();
        assert_eq!(meant(&[]), "null");
        assert_eq!(meant(&[("if-match", "*")]), "null");
        assert_eq!(meant(&[("if-match", "\"7\"")]), "7");
        assert_eq!(meant(&[("if-match", "W/\"7\"")]), "0");
        assert_eq!(meant(&[("if-match", "\"7\", \"8\"")]), r#"["\"7\"","\"8\"",""]"#);
        assert_eq!(meant(&[("if-match", "*"), ("if-none-match", "\"8\"")]), r#"["*","\"8\""]"#);
        assert_eq!(of(&[("if-match", "\"7\"")]).unwrap().meant(), Some(Meant::Version(7)));
    }
}
