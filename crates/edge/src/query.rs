//! The parts of a path and the parameters behind it: each known, each once, each readable.

use std::borrow::Cow;

use http::StatusCode;
use percent_encoding::percent_decode_str;
use world::moment::read;

use crate::{DoorCode, Problem, Wrongs};

/// The longest text of a part or a parameter, in bytes as they are sent: a name of 200 characters may take four bytes for each, and three
/// for each of these.
const LENGTH_MAX: usize = 200 * 4 * 3;
/// The longest cursor, in bytes: a customer's list may say of 256 storefronts how far it was read.
pub const CURSOR_MAX: usize = 16 * 1024;

/// Parameters by their names.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Query<'a>(Vec<(Cow<'a, str>, String)>);

/// A parameter is wrong.
pub fn wrong(name: &str, message: impl Into<String>) -> Problem {
    Problem::of_field(StatusCode::BAD_REQUEST, DoorCode::InvalidParameter, name, message)
}

/// There is no such parameter.
pub fn unknown(name: &str, message: impl Into<String>) -> Problem {
    Problem::of_field(StatusCode::BAD_REQUEST, DoorCode::UnknownParameter, name, message)
}

/// A part of a path or a parameter as it was meant.
///
/// # Errors
/// 400 if it is too long or not UTF-8.
pub fn decoded<'a>(name: &str, raw: &'a str) -> Result<Cow<'a, str>, Problem> {
    let most = if name == "after" { CURSOR_MAX } else { LENGTH_MAX };
    if raw.len() > most {
        return Err(wrong(name, format!("at most {most} bytes")));
    }
    let text = percent_decode_str(raw).decode_utf8().map_err(|_| wrong(name, "it is not UTF-8"))?;
    if text.chars().any(char::is_control) {
        return Err(wrong(name, "there are no control characters in it"));
    }
    Ok(text)
}

impl<'a> Query<'a> {
    /// The parameters of `raw`; each is among `known`.
    ///
    /// # Errors
    /// 400 with all parameters that are wrong.
    pub fn read(raw: Option<&'a str>, known: &[&str]) -> Result<Self, Problem> {
        let (read, mut wrongs) = Self::all(raw);
        for (name, _) in read.0.iter().filter(|(name, _)| !known.contains(&&**name)) {
            wrongs.add(unknown(name, format!("there is no such parameter here; there are: {}", known.join(", "))));
        }
        wrongs.end().map(|()| read)
    }

    /// The parameters of `raw`, whatever they are.
    ///
    /// # Errors
    /// 400 with all parameters that are wrong.
    pub fn any(raw: Option<&'a str>) -> Result<Self, Problem> {
        let (read, wrongs) = Self::all(raw);
        wrongs.end().map(|()| read)
    }

    /// What can be read of `raw`, and what is wrong with the rest.
    fn all(raw: Option<&'a str>) -> (Self, Wrongs) {
        let (mut read, mut wrongs) = (Self::default(), Wrongs::default());
        for pair in raw.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let Some(name) = wrongs.take(decoded("query", name)) else { continue };
            if read.text(&name).is_some() {
                let (status, code) = (StatusCode::BAD_REQUEST, DoorCode::DuplicateParameter);
                wrongs.add(Problem::of_field(status, code, &name, "it is there twice"));
            } else if let Some(value) = wrongs.take(decoded(&name, &value.replace('+', " ")).map(Cow::into_owned)) {
                read.0.push((name, value));
            }
        }
        (read, wrongs)
    }

    /// Takes the parameter `name` out.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(at).1)
    }

    /// The name of a parameter that was not taken out.
    pub fn left(&self) -> Option<&str> {
        self.0.first().map(|(name, _)| &**name)
    }

    /// The moment that the parameter `name` says, if it is there, in milliseconds since the Unix epoch.
    ///
    /// # Errors
    /// 400 with the parameter.
    pub fn moment(&self, name: &str) -> Result<Option<u64>, Problem> {
        self.text(name).map(|text| read(text).map_err(|why| wrong(name, why.to_string()))).transpose()
    }

    /// The parameter `name`, if it is there.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Query;

    const KNOWN: [&str; 2] = ["limit", "name"];

    #[test]
    fn parameters_are_read_as_forms_write_them() {
        let query = Query::read(Some("name=a+b%26%EB%A7%A4&limit="), &KNOWN).unwrap();
        assert_eq!((query.text("name"), query.text("limit")), (Some("a b&매"), Some("")));
        assert_eq!(Query::read(None, &KNOWN), Ok(Query::default()));
    }

    #[test]
    fn what_is_unknown_twice_or_unreadable_is_refused_by_name() {
        let long = format!("name={}", "x".repeat(3_000));
        for (raw, code, field) in [
            ("x=1", "unknown-parameter", "x"),
            ("limit=1&limit=1", "duplicate-parameter", "limit"),
            ("name=%ff", "invalid-parameter", "name"),
            ("name=%00", "invalid-parameter", "name"),
            (&long, "invalid-parameter", "name"),
        ] {
            let problem = Query::read(Some(raw), &KNOWN).unwrap_err();
            assert_eq!((problem.code(), problem.errors()[0].field.as_str()), (code, field), "{raw}");
            assert_eq!(problem.status().as_u16(), 400);
        }
    }
}
