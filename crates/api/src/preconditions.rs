//! In which version a client means something: `If-Match` and `If-None-Match` (RFC 9110, 13.1). Each is honoured or refused, never passed over.

use http::{HeaderMap, HeaderName, StatusCode, header};
use serde::Serialize;

use crate::Problem;
use crate::headers::text;

/// What one of the two headers says.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Tags {
    /// `*`: whichever there is.
    Any,
    /// These, as they were sent.
    These(Vec<String>),
}

/// What both say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preconditions {
    if_match: Option<Tags>,
    if_none_match: Option<Tags>,
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
        Err(Problem::of_field(status, "precondition-required", "If-Match", message))
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

    /// A weak tag never matches here: RFC 9110, 13.1.1.
    fn is_matched(&self, etag: &str) -> Result<(), Problem> {
        match &self.if_match {
            Some(Tags::These(tags)) if !tags.iter().any(|tag| tag == etag) => Err(changed("If-Match", etag)),
            _ => Ok(()),
        }
    }

    /// Here a weak tag counts as a strong one: RFC 9110, 13.1.2.
    fn knows(&self, etag: &str) -> bool {
        match &self.if_none_match {
            None => false,
            Some(Tags::Any) => true,
            Some(Tags::These(tags)) => tags.iter().any(|tag| tag.strip_prefix("W/").unwrap_or(tag) == etag),
        }
    }

    /// What stands for them; nothing where there are none, or any version will do.
    pub fn meant(&self) -> Option<Meant> {
        match (&self.if_match, &self.if_none_match) {
            (None | Some(Tags::Any), None) => None,
            (Some(Tags::These(tags)), None) if tags.len() == 1 => {
                let number = tags[0].trim_matches('"').parse().ok();
                Some(Meant::Version(number.filter(|version| crate::headers::etag(*version) == tags[0]).unwrap_or(0)))
            }
            both => Some(Meant::Sent([both.0, both.1].into_iter().flat_map(Tags::sent).collect())),
        }
    }
}

impl Tags {
    /// As it was sent, behind a mark that tells one header from the other.
    fn sent(of: &Option<Self>) -> Vec<String> {
        match of {
            None => vec![String::new()],
            Some(Self::Any) => vec!["*".to_owned()],
            Some(Self::These(tags)) => tags.clone(),
        }
    }
}

/// The tags of the header `name`, if it is there.
fn tags(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Tags>, Problem> {
    let Some(text) = text(headers, name) else { return Ok(None) };
    if text.trim() == "*" {
        return Ok(Some(Tags::Any));
    }
    let (mut tags, mut rest) = (Vec::new(), text.trim());
    while !rest.is_empty() {
        let tag = first(rest).ok_or_else(|| wrong(name, "ETags in quotes with commas between them, or *"))?;
        tags.push(tag.to_owned());
        rest = rest[tag.len()..].trim_start();
        rest = match rest.strip_prefix(',') {
            Some(rest) => rest.trim_start(),
            None if rest.is_empty() => rest,
            None => return Err(wrong(name, "ETags in quotes with commas between them, or *")),
        };
    }
    if tags.is_empty() {
        return Err(wrong(name, "ETags in quotes with commas between them, or *"));
    }
    Ok(Some(Tags::These(tags)))
}

/// The tag at the beginning of `text`, with its quotes, and with its mark if it is weak.
fn first(text: &str) -> Option<&str> {
    let quoted = text.strip_prefix("W/").unwrap_or(text).strip_prefix('"')?;
    let end = text.len() - quoted.len() + quoted.find('"')?;
    let tag = &text[..=end];
    tag.chars().all(|c| c > ' ' && c != '\u{7f}').then_some(tag)
}

fn wrong(name: &HeaderName, message: &str) -> Problem {
    let shown = if *name == header::IF_MATCH { "If-Match" } else { "If-None-Match" };
    Problem::of_field(StatusCode::BAD_REQUEST, "invalid-header", shown, message)
}

fn changed(header: &str, etag: &str) -> Problem {
    let code = contracts::Code::VersionChanged.as_str();
    Problem::of_field(StatusCode::PRECONDITION_FAILED, code, header, format!("its ETag is {etag} now"))
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn what_cannot_be_read_is_refused_by_its_name() {
        for (header, shown) in [("if-match", "If-Match"), ("if-none-match", "If-None-Match")] {
            for wrong in ["7", "", ",", "\"7", "\"7\" \"8\"", "*, \"7\"", "w/\"7\"", "\"7\"x", "'7'", "\"a b\""] {
                assert_eq!(of(&[(header, wrong)]).unwrap_err(), (400, shown.to_owned()), "{wrong}");
            }
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
