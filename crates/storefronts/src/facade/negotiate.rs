//! Which form of an answer the client wants, by its `Accept`, and whether it wants a body at all.

use http::{HeaderMap, header};

use super::error::FacadeError;
use super::media::{HAL, JSON, SCHEMA, URI_LIST};

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Hal,
    Json,
    /// Addresses, one a line. Only collections have it.
    UriList,
}

impl Form {
    /// The media type of a JSON form.
    pub fn media(self) -> &'static str {
        if self == Self::Json { JSON } else { HAL }
    }
}

/// Whether the client said what it accepts. Only then does a write answer with a body.
pub(super) fn is_told(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|accept| !accept.is_empty())
}

/// The form of a resource's answer.
pub(super) fn form(headers: &HeaderMap, is_collection: bool) -> Result<Form, FacadeError> {
    best(headers, |range| match range {
        "*/*" | "application/*" | "application/*+json" | HAL => Some(Form::Hal),
        JSON => Some(Form::Json),
        URI_LIST if is_collection => Some(Form::UriList),
        _ => None,
    })
    .map(|found| found.unwrap_or(Form::Hal))
}

/// Whether the client takes a schema.
pub(super) fn takes_schema(headers: &HeaderMap) -> Result<(), FacadeError> {
    let known = |range: &str| matches!(range, "*/*" | "application/*" | "application/*+json" | SCHEMA | HAL | JSON);
    best(headers, |range| known(range).then_some(())).map(|_| ())
}

/// The first of what is offered, in the client's order of preference; `None` where it has none.
fn best<T: Copy>(headers: &HeaderMap, offered: impl Fn(&str) -> Option<T>) -> Result<Option<T>, FacadeError> {
    if !is_told(headers) {
        return Ok(None);
    }
    let mut found: Option<(u32, u32, T)> = None;
    let accepts = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    for range in accepts.flat_map(|accept| accept.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(1000, weight);
        let exactness = if name == "*/*" { 0 } else { u32::from(!name.contains('*')) + 1 };
        let Some(form) = offered(&name).filter(|_| weight > 0) else { continue };
        if found.is_none_or(|(w, e, _)| (weight, exactness) > (w, e)) {
            found = Some((weight, exactness, form));
        }
    }
    found.map(|(_, _, form)| Some(form)).ok_or(FacadeError::NotAcceptable)
}

/// A quality value in thousandths.
fn weight(text: &str) -> u32 {
    let quality: f32 = text.parse().unwrap_or(0.0);
    if quality >= 1.0 {
        1000
    } else if quality > 0.0 {
        // Between 1 and 999: the cast cannot lose more than the fraction of a thousandth.
        ((quality * 1000.0) as u32).max(1)
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form_of(accept: &str) -> Option<Form> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        form(&headers, true).ok()
    }

    #[test]
    fn the_form_follows_what_clients_accept() {
        let table = [
            ("*/*", Some(Form::Hal)),
            ("application/json, */*;q=0.5", Some(Form::Json)),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Some(Form::Hal)),
            ("application/hal+json;q=0.2, application/json", Some(Form::Json)),
            ("*/*, application/json", Some(Form::Json)),
            ("text/uri-list", Some(Form::UriList)),
            ("application/xml", None),
            ("application/json;q=0", None),
            ("nonsense", None),
            (";;,,q=", None),
        ];
        for (accept, expected) in table {
            assert_eq!(form_of(accept), expected, "{accept}");
        }
    }

    #[test]
    fn without_an_accept_it_is_hal() {
        assert_eq!(form(&HeaderMap::new(), false).ok(), Some(Form::Hal));
        assert!(!is_told(&HeaderMap::new()));
    }

    #[test]
    fn an_item_is_no_list_of_addresses() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, "text/uri-list".parse().unwrap());
        assert!(form(&headers, false).is_err());
    }
}
