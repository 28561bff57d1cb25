//! Writes records, lists and links as HAL, straight into bytes.

use axum::body::Body;
use http::{HeaderValue, Response, header};
use serde::Serialize;
use serde_json::Value as Json;

use super::dates;
use super::links::Links;
use crate::port::{Record, Value};
use crate::{Field, FieldType, Resource, Statuses};

/// Room for one item: enough for the rows of all five storefronts, so that writing one grows no buffer.
const ITEM_BYTES: usize = 512;

/// A link, by its name.
pub(super) struct Link<'a> {
    pub name: &'a str,
    pub href: String,
    /// Whether the address is a pattern.
    pub templated: bool,
}

impl<'a> Link<'a> {
    pub fn new(name: &'a str, href: impl Into<String>) -> Self {
        Self { name, href: href.into(), templated: false }
    }

    pub fn templated(name: &'a str, href: String) -> Self {
        Self { name, href, templated: true }
    }
}

/// One item, alone.
pub(super) fn item(of: &Resource, record: &Record, links: &Links<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(ITEM_BYTES);
    write_item(&mut out, of, record, links);
    out
}

/// Several items below the name of their collection, without the closing brace of the whole.
pub(super) fn embedded(of: &Resource, records: &[Record], links: &Links<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(ITEM_BYTES * (records.len() + 1));
    out.extend_from_slice(b"{\"_embedded\":{");
    scalar(&mut out, &of.path);
    out.extend_from_slice(b":[");
    for (place, record) in records.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        write_item(&mut out, of, record, links);
    }
    out.extend_from_slice(b"]},");
    out
}

/// `"_links":{...}`
pub(super) fn write_links(out: &mut Vec<u8>, links: &[Link<'_>]) {
    out.extend_from_slice(b"\"_links\":{");
    for (place, link) in links.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        scalar(out, link.name);
        out.extend_from_slice(b":{\"href\":");
        scalar(out, &link.href);
        out.extend_from_slice(if link.templated { b",\"templated\":true}".as_slice() } else { b"}" });
    }
    out.push(b'}');
}

/// Links and nothing else.
pub(super) fn only_links(links: &[Link<'_>]) -> Vec<u8> {
    let mut out = Vec::with_capacity(ITEM_BYTES);
    out.push(b'{');
    write_links(&mut out, links);
    out.push(b'}');
    out
}

/// An answer with these bytes.
pub(super) fn response(bytes: Vec<u8>, media: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response
}

fn write_item(out: &mut Vec<u8>, of: &Resource, record: &Record, links: &Links<'_>) {
    out.push(b'{');
    for (place, field) in of.fields.iter().enumerate() {
        let value = record.values.get(place).unwrap_or(&Value::Null);
        if field.optional && is_absent(value, &of.statuses) {
            continue;
        }
        scalar(out, &field.name);
        out.push(b':');
        write_value(out, field, value, &of.statuses);
        out.push(b',');
    }
    // Addresses and names are safe inside JSON as they are.
    let own = links.item(of, record.number);
    for part in ["\"_links\":{\"self\":{\"href\":\"", &own, "\"},\"", &of.singular, "\":{\"href\":\"", &own, "\"}}}"] {
        out.extend_from_slice(part.as_bytes());
    }
}

fn is_absent(value: &Value, statuses: &Statuses) -> bool {
    match value {
        Value::Null | Value::Int(0) => true,
        Value::State(state) => statuses.word(*state).is_none(),
        _ => false,
    }
}

/// Writes a value in the type of its field. What has none in that type, such as the customer `kim` in a number, is shown as null.
fn write_value(out: &mut Vec<u8>, field: &Field, value: &Value, statuses: &Statuses) {
    use FieldType::{Bool, Date, Int, Long, Stamp, Status, Text};
    match (field.field_type, value) {
        (Int | Long, Value::Int(number)) => scalar(out, number),
        (Int | Long, Value::Text(text)) => scalar(out, &canonical(text)),
        (Text, Value::Text(text)) => scalar(out, text),
        (Text, Value::Int(number)) => scalar(out, &number.to_string()),
        (Text, Value::Bool(yes)) => scalar(out, &yes.to_string()),
        (Bool, Value::Bool(yes)) => scalar(out, yes),
        (Date, Value::Date(ms)) => scalar(out, &dates::iso(*ms)),
        (Stamp, Value::Date(ms)) => scalar(out, &dates::stamp(*ms)),
        (Status, Value::State(state)) => scalar(out, &statuses.word(*state)),
        _ => scalar(out, &()),
    }
}

/// The number that `text` is, written as numbers are: `0900` is none, lest it be taken for 900.
fn canonical(text: &str) -> Option<i64> {
    text.parse().ok().filter(|number: &i64| number.to_string() == text)
}

/// What an item shows in `field`.
pub(super) fn to_json(field: &Field, value: &Value, statuses: &Statuses) -> Json {
    let mut out = Vec::new();
    write_value(&mut out, field, value, statuses);
    serde_json::from_slice(&out).unwrap_or_default()
}

fn scalar<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    serde_json::to_writer(out, value).expect("a buffer takes whatever is written, and these values always can be");
}
