//! One span, and spans as OTLP has them.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1 as otlp;
use opentelemetry_proto::tonic::trace::v1::SpanFlags;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;

/// The flag of a trace that is recorded (W3C Trace Context).
const SAMPLED: u32 = 1;

/// What one service did for one message, or a whole that such spans are part of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The trace it belongs to; not zero.
    pub trace: u128,
    /// Its id; not zero.
    pub id: u64,
    /// The span that brought it about.
    pub parent: Option<u64>,
    /// Whether that span is of another program.
    pub parent_is_remote: bool,
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

/// An export request for `spans`: each service is a resource of its own.
pub(super) fn request(spans: Vec<Span>) -> ExportTraceServiceRequest {
    let mut by_service = BTreeMap::<&'static str, Vec<otlp::Span>>::new();
    for span in spans {
        by_service.entry(span.service).or_default().push(span.into());
    }
    ExportTraceServiceRequest { resource_spans: by_service.into_iter().map(of_service).collect() }
}

fn of_service((service, spans): (&'static str, Vec<otlp::Span>)) -> otlp::ResourceSpans {
    let of = [("service.name", service.to_owned()), ("service.namespace", "maejin".to_owned())];
    let resource = Resource { attributes: of.map(attribute).into(), ..Resource::default() };
    let scope = InstrumentationScope { name: "maejin".to_owned(), ..InstrumentationScope::default() };
    let scope_spans = vec![otlp::ScopeSpans { scope: Some(scope), spans, ..otlp::ScopeSpans::default() }];
    otlp::ResourceSpans { resource: Some(resource), scope_spans, ..otlp::ResourceSpans::default() }
}

impl From<Span> for otlp::Span {
    fn from(span: Span) -> Self {
        let remote = if span.parent_is_remote { SpanFlags::ContextIsRemoteMask as u32 } else { 0 };
        Self {
            trace_id: span.trace.to_be_bytes().into(),
            span_id: span.id.to_be_bytes().into(),
            parent_span_id: span.parent.map(|parent| parent.to_be_bytes().into()).unwrap_or_default(),
            flags: SAMPLED | SpanFlags::ContextHasIsRemoteMask as u32 | remote,
            name: span.name.to_owned(),
            kind: SpanKind::Internal.into(),
            start_time_unix_nano: span.began_us * 1_000,
            end_time_unix_nano: span.ended_us * 1_000,
            attributes: span.attributes.into_iter().map(attribute).collect(),
            ..Self::default()
        }
    }
}

fn attribute((key, value): (&'static str, String)) -> KeyValue {
    let value = AnyValue { value: Some(Value::StringValue(value)) };
    KeyValue { key: key.to_owned(), value: Some(value), ..KeyValue::default() }
}
