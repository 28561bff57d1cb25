//! What every process that serves HTTP needs: health, logs, metrics, traces, a place to listen, and a stop that finishes what was accepted.

pub mod body;
pub mod etags;
mod health;
mod listen;
mod logs;
mod meters;
pub mod output;
mod signals;
mod telemetry;

pub use health::Health;
pub use listen::{Connections, Crowded, Limits, Listening, listen};
pub use logs::{LogFilter, LogFormat, start_logs};
pub use meters::{Histogram, Labels, Meter, Meters, ProcessMeters, Sheet};
pub use signals::{raise_descriptors, signalled};
pub use telemetry::{Exporting, Remote, Remotes, Span, Spans, start_traces};
