//! Structured logs on standard error: readable on a terminal, one JSON object a line otherwise.

use std::io::IsTerminal;
use std::sync::Arc;

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, reload};

/// How logs look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people if they go to a terminal, for programs otherwise.
    #[default]
    Auto,
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Changes which logs are written, while they are.
#[derive(Clone)]
pub struct LogFilter(Arc<Set>);

type Set = dyn Fn(&str) -> Result<(), String> + Send + Sync;

impl std::fmt::Debug for LogFilter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LogFilter")
    }
}

impl LogFilter {
    /// From now on, logs are those of `filter`.
    ///
    /// # Errors
    /// If it cannot be understood: then nothing changes.
    pub fn set(&self, filter: &str) -> Result<(), String> {
        (self.0)(filter)
    }
}

/// Starts logs with `filter`, such as `info` or `info,engine=debug`.
///
/// # Errors
/// If the filter cannot be understood.
pub fn start_logs(filter: &str, format: LogFormat) -> Result<LogFilter, String> {
    let json = match format {
        LogFormat::Auto => !std::io::stderr().is_terminal(),
        LogFormat::Text => false,
        LogFormat::Json => true,
    };
    let (filter, handle) = reload::Layer::new(parsed(filter)?);
    let registry = tracing_subscriber::registry().with(filter);
    // A disk that is full, or a reader that has gone, is no reason to stop selling. The layer would say so on standard error, and panic.
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).log_internal_errors(false);
    let started = if json {
        registry.with(lines.json().flatten_event(true)).try_init()
    } else {
        registry.with(lines.with_ansi(std::io::stderr().is_terminal())).try_init()
    };
    started.map_err(|error| error.to_string())?;
    let set = move |filter: &str| handle.reload(parsed(filter)?).map_err(|error| error.to_string());
    Ok(LogFilter(Arc::new(set)))
}

fn parsed(filter: &str) -> Result<EnvFilter, String> {
    EnvFilter::try_new(filter).map_err(|error| format!("the log filter {filter:?}: {error}"))
}
