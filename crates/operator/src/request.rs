//! What an operator asks for: a path, the filters of a list, and the fields of a body, each read strictly.

use contracts::limits::COUNT_MAX;
use contracts::{Detail, Money};
use edge::query::{Query, decoded, unknown};
use serde_json::{Map, Value};

use super::OperatorError;

/// The parts of a path below the prefix, decoded. An empty part leads nowhere; the prefix alone may end with a slash.
pub fn parts(path: &str) -> Result<Vec<String>, OperatorError> {
    let path = path.strip_prefix('/').unwrap_or(path);
    if path.is_empty() {
        return Ok(Vec::new());
    }
    let part = |part: &str| match part {
        "" => Err(OperatorError::nothing_here()),
        part => Ok(decoded("path", part).map_err(OperatorError::Problem)?.into_owned()),
    };
    path.split('/').map(part).collect()
}

/// The pairs after the question mark of an address, each there once. Each is to be taken out; what is left over is refused.
pub struct Filters<'a>(Query<'a>);

impl<'a> Filters<'a> {
    /// Those of `query`.
    ///
    /// # Errors
    /// If one is there twice, or unreadable.
    pub fn of(query: &'a str) -> Result<Self, OperatorError> {
        Query::any(Some(query)).map(Self).map_err(OperatorError::Problem)
    }

    /// The text of `name`.
    pub fn text(&mut self, name: &str) -> Option<String> {
        self.0.take(name)
    }

    /// Whether `name` is said to be true.
    pub fn yes(&mut self, name: &str) -> Result<bool, OperatorError> {
        Ok(self.truth(name)?.unwrap_or(false))
    }

    /// Whether `name` is said to be true or false.
    pub fn truth(&mut self, name: &str) -> Result<Option<bool>, OperatorError> {
        match self.0.take(name).as_deref() {
            None => Ok(None),
            Some("false") => Ok(Some(false)),
            Some("true") => Ok(Some(true)),
            Some(other) => Err(OperatorError::filter(name, format!("{name} is true or false, not {other}"))),
        }
    }

    /// The whole number of `name`, between 1 and `max`.
    pub fn number(&mut self, name: &str, max: u64) -> Result<Option<u64>, OperatorError> {
        let Some(text) = self.0.take(name) else { return Ok(None) };
        let number = text.parse().ok().filter(|number| (1..=max).contains(number));
        let why = || OperatorError::filter(name, format!("{name} is a whole number from 1 to {max}, not {text}"));
        number.ok_or_else(why).map(Some)
    }

    /// The whole number of `name`, zero or more.
    pub fn count(&mut self, name: &str) -> Result<Option<u64>, OperatorError> {
        let Some(text) = self.0.take(name) else { return Ok(None) };
        let number = text.parse().ok().filter(|number| *number <= COUNT_MAX);
        let why = || OperatorError::filter(name, format!("{name} is a whole number from 0 to {COUNT_MAX}, not {text}"));
        number.ok_or_else(why).map(Some)
    }

    /// The moment of `name`, in milliseconds since the Unix epoch.
    pub fn moment(&mut self, name: &str) -> Result<Option<u64>, OperatorError> {
        let moment = self.0.moment(name).map_err(OperatorError::Problem)?;
        self.0.take(name);
        Ok(moment)
    }

    /// Refuses what nobody asked for.
    pub fn end(self) -> Result<(), OperatorError> {
        match self.0.left() {
            None => Ok(()),
            Some(name) => Err(OperatorError::Problem(unknown(name, format!("there is no filter {name} here")))),
        }
    }
}

/// The fields of a JSON body. Each is to be taken out; what is left over is refused.
pub struct BodyFields(Map<String, Value>);

impl BodyFields {
    /// Those of `body`.
    pub fn of(body: &[u8]) -> Result<Self, OperatorError> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(OperatorError::invalid("body", "the body is a JSON object")),
            Err(error) => Err(OperatorError::invalid("body", format!("the body is no JSON: {error}"))),
        }
    }

    /// Those of `body`, if there is one.
    pub fn if_any(body: &[u8]) -> Result<Self, OperatorError> {
        if body.iter().all(u8::is_ascii_whitespace) { Ok(Self(Map::new())) } else { Self::of(body) }
    }

    fn take<T>(
        &mut self,
        name: &str,
        what: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<Option<T>, OperatorError> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                read(&value).map(Some).ok_or_else(|| OperatorError::invalid(name, format!("{name} is {what}")))
            }
        }
    }

    /// The text `name`.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, OperatorError> {
        self.take(name, "a text", |value| value.as_str().map(str::to_owned))
    }

    /// The whole number `name`.
    pub fn int(&mut self, name: &str) -> Result<Option<i64>, OperatorError> {
        self.take(name, "a whole number of 64 bits", Value::as_i64)
    }

    /// The whole number `name` that is not below zero.
    pub fn count(&mut self, name: &str) -> Result<Option<u64>, OperatorError> {
        let read = |value: &Value| value.as_u64().filter(|count| i64::try_from(*count).is_ok());
        self.take(name, "a whole number, zero or more", read)
    }

    /// The yes or no `name`.
    pub fn yes(&mut self, name: &str) -> Result<bool, OperatorError> {
        Ok(self.take(name, "true or false", Value::as_bool)?.unwrap_or(false))
    }

    /// The amount of money `name`, in whole won.
    pub fn money(&mut self, name: &str) -> Result<Option<Money>, OperatorError> {
        let read = |value: &Value| value.as_i64().filter(|amount| *amount >= 0).map(Money::krw);
        self.take(name, "an amount in whole won, zero or more", read)
    }

    /// The moment `name`, in milliseconds since the Unix epoch.
    pub fn moment(&mut self, name: &str) -> Result<Option<u64>, OperatorError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        world::moment::read(&text).map(Some).map_err(|why| OperatorError::invalid(name, format!("{name}: {why}")))
    }

    /// The object `name`.
    pub fn object(&mut self, name: &str) -> Result<Option<Map<String, Value>>, OperatorError> {
        self.take(name, "an object", |value| value.as_object().cloned())
    }

    /// What an offering shall not say of itself any more.
    pub fn unsaid(&mut self) -> Result<Option<Vec<Detail>>, OperatorError> {
        let names = Detail::NAMES.map(|(name, _)| name).join(", ");
        let one = |value: &Value| Detail::NAMES.iter().find(|(name, _)| value == name).map(|(_, detail)| *detail);
        let all = |value: &Value| value.as_array()?.iter().map(one).collect::<Option<Vec<Detail>>>();
        let gone = self.take("without", &format!("a list of these: {names}"), all)?;
        Ok(gone.filter(|gone| !gone.is_empty()))
    }

    /// How many one customer can have.
    pub fn limit(&mut self) -> Result<Option<u32>, OperatorError> {
        let read = |value: &Value| value.as_u64().and_then(|count| u32::try_from(count).ok());
        self.take("limit_per_customer", "a whole number from 1 on", read)
    }

    /// Refuses what nobody asked for.
    pub fn end(self) -> Result<(), OperatorError> {
        match self.0.into_iter().next() {
            None => Ok(()),
            Some((name, _)) => Err(OperatorError::invalid(&name, format!("there is no field {name} here"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(error: OperatorError) -> String {
        error.into_problem().errors()[0].field.clone()
    }

    #[test]
    fn a_path_is_decoded_part_by_part() {
        assert_eq!(parts("/points/a%2Fb%20%ED%95%9C").unwrap(), ["points", "a/b 한"]);
        assert!(parts("").unwrap().is_empty() && parts("/").unwrap().is_empty());
        for nowhere in ["/orders/", "//orders", "/orders//1", "//", "/%ff", "/%00"] {
            assert!(parts(nowhere).is_err(), "{nowhere}");
        }
    }

    #[test]
    fn what_is_not_asked_for_is_refused_by_its_name() {
        let mut filters = Filters::of("limit=5&colour=red").unwrap();
        assert_eq!(filters.number("limit", 10).unwrap(), Some(5));
        assert_eq!(field(filters.end().unwrap_err()), "colour");
        assert_eq!(field(Filters::of("limit=5&limit=5").err().unwrap()), "limit");
        let mut fields = BodyFields::of(br#"{"add":3,"colour":"red"}"#).unwrap();
        assert_eq!(fields.count("add").unwrap(), Some(3));
        assert_eq!(field(fields.end().unwrap_err()), "colour");
    }

    #[test]
    fn what_is_out_of_its_range_is_refused_by_its_name() {
        for query in ["limit=0", "limit=11", "limit=-1", "limit=x", "limit="] {
            assert_eq!(field(Filters::of(query).unwrap().number("limit", 10).unwrap_err()), "limit", "{query}");
        }
        for body in [r#"{"add":-1}"#, r#"{"add":1.5}"#, r#"{"add":"1"}"#, r#"{"add":9223372036854775808}"#] {
            assert_eq!(field(BodyFields::of(body.as_bytes()).unwrap().count("add").unwrap_err()), "add", "{body}");
        }
        assert!(BodyFields::of(b"[]").is_err() && BodyFields::of(b"{").is_err());
    }
}
