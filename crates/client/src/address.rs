//! The address of something below the operator's prefix, written so that any name may stand in it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::args::Named;

/// What stands for itself in a part of a path.
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A path in parts, and a query in pairs.
#[derive(Debug, Default)]
pub struct Address {
    parts: Vec<String>,
    query: Vec<(&'static str, String)>,
}

impl Address {
    /// The path of `parts`.
    pub fn of(parts: &[&str]) -> Self {
        Self { parts: parts.iter().map(|part| (*part).to_owned()).collect(), query: Vec::new() }
    }

    /// The path of something with a number in a storefront.
    pub fn named(first: &str, named: &Named) -> Self {
        Self::of(&[first, &named.storefront, &named.number.to_string()])
    }

    /// With one more part.
    #[must_use]
    pub fn then(mut self, part: &str) -> Self {
        self.parts.push(part.to_owned());
        self
    }

    /// Narrowed by `name`, if there is a value.
    #[must_use]
    pub fn by(mut self, name: &'static str, value: Option<impl ToString>) -> Self {
        self.query.extend(value.map(|value| (name, value.to_string())));
        self
    }

    /// The parts of the path.
    pub fn parts(&self) -> Vec<&str> {
        self.parts.iter().map(String::as_str).collect()
    }

    /// The query, written.
    pub fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.query).finish()
    }

    /// Path and query, written.
    pub fn path_and_query(&self) -> String {
        let path: String = self.parts.iter().map(|part| format!("/{}", utf8_percent_encode(part, PART))).collect();
        match self.query() {
            query if query.is_empty() => path,
            query => format!("{path}?{query}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn any_name_may_stand_in_it() {
        let address = Address::of(&["points", "a/b 김?"]).by("limit", Some(3)).by("after", None::<String>);
        assert_eq!(address.path_and_query(), "/points/a%2Fb%20%EA%B9%80%3F?limit=3");
        let address = Address::of(&["orders"]).by("customer", Some("김 & co"));
        assert_eq!(address.path_and_query(), "/orders?customer=%EA%B9%80+%26+co");
    }
}
