//! Writes records, lists and links as HAL, straight into bytes.

use axum::body::Body;
use http::{HeaderValue, Response, header};
use serde::Serialize;

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

fn write_value(out: &mut Vec<u8>, field: &Field, value: &Value, statuses: &Statuses) {
    let is_number = matches!(field.field_type, FieldType::Int | FieldType::Long);
    match value {
        Value::Null => scalar(out, &()),
        Value::Bool(yes) => scalar(out, yes),
        Value::Int(number) if field.field_type == FieldType::Text => scalar(out, &number.to_string()),
        Value::Int(number) => scalar(out, number),
        Value::Text(text) => match text.parse::<i64>() {
            Ok(number) if is_number => scalar(out, &number),
            _ => scalar(out, text),
        },
        Value::Date(ms) if field.field_type == FieldType::Stamp => scalar(out, &dates::stamp(*ms)),
        Value::Date(ms) => scalar(out, &dates::iso(*ms)),
        Value::State(state) => scalar(out, &statuses.word(*state)),
    }
}

fn scalar<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    serde_json::to_writer(out, value).expect("a buffer takes whatever is written, and these values always can be");
}
