//! Traces: spans that are sent by OTLP over HTTP, in protobuf, to whoever collects them. Nothing ever waits for them: what does not fit
//! the queue or cannot be sent is dropped.

mod export;
mod remote;
mod span;

pub use export::{Exporting, Spans, start_traces};
pub use remote::{Remote, Remotes};
pub use span::Span;
