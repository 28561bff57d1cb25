//! One span, and spans in OTLP's JSON form.

use serde_json::{Value, json};

/// What one service did for one message, or a whole that such spans are part of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The trace it belongs to; not zero.
    pub trace: u128,
    /// Its id; not zero.
    pub id: u64,
    /// The span that brought it about.
    pub parent: Option<u64>,
    /// The service that it is about.
    pub service: &'static str,
    /// What was done.
    pub name: &'static str,
    /// When it began, in microseconds since the Unix epoch.
    pub began_us: u64,
    /// When it ended.
    pub ended_us: u64,
    /// What is to be known of it. Never what a customer says.
    pub attributes: Vec<(&'static str, String)>,
}

/// The body of an export request: `spans` by their services.
pub(super) fn request(spans: &[Span]) -> Value {
    let mut services: Vec<&'static str> = spans.iter().map(|span| span.service).collect();
    services.sort_unstable();
    services.dedup();
    let of = |service: &'static str| {
        let resource = [("service.name", service.to_owned()), ("service.namespace", "maejin".to_owned())];
        let of_service: Vec<Value> = spans.iter().filter(|span| span.service == service).map(json).collect();
        json!({
            "resource": { "attributes": attributes(&resource) },
            "scopeSpans": [{ "scope": { "name": "maejin" }, "spans": of_service }],
        })
    };
    json!({ "resourceSpans": services.into_iter().map(of).collect::<Vec<_>>() })
}

fn json(span: &Span) -> Value {
    let nanos = |us: u64| (u128::from(us) * 1_000).to_string();
    json!({
        "traceId": format!("{:032x}", span.trace),
        "spanId": format!("{:016x}", span.id),
        "parentSpanId": span.parent.map_or_else(String::new, |parent| format!("{parent:016x}")),
        "name": span.name,
        "kind": 1,
        "startTimeUnixNano": nanos(span.began_us),
        "endTimeUnixNano": nanos(span.ended_us),
        "attributes": attributes(&span.attributes),
    })
}

fn attributes(of: &[(&'static str, String)]) -> Vec<Value> {
    of.iter().map(|(key, value)| json!({ "key": key, "value": { "stringValue": value } })).collect()
}
