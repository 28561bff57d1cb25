//! Structured logs on standard error: readable on a terminal, one JSON object a line otherwise.

use std::io::IsTerminal;
use std::sync::{Arc, Mutex, PoisonError};

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
pub struct LogFilter(Arc<Filter>);

struct Filter {
    now: Mutex<String>,
    set: Box<Set>,
}

type Set = dyn Fn(&str) -> Result<(), String> + Send + Sync;

impl std::fmt::Debug for LogFilter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LogFilter({:?})", self.now())
    }
}

impl LogFilter {
    /// One that is `filter` now, and is changed by `set`.
    pub fn new(filter: &str, set: impl Fn(&str) -> Result<(), String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(Filter { now: Mutex::new(filter.to_owned()), set: Box::new(set) }))
    }

    /// The logs that are written now.
    pub fn now(&self) -> String {
        self.0.now.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on, logs are those of `filter`.
    ///
    /// # Errors
    /// If it cannot be understood: then nothing changes.
    pub fn set(&self, filter: &str) -> Result<(), String> {
        // Held meanwhile: of two who set it at once, the later one is named.
        let mut now = self.0.now.lock().unwrap_or_else(PoisonError::into_inner);
        (self.0.set)(filter)?;
        filter.clone_into(&mut now);
        Ok(())
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
    let (layer, handle) = reload::Layer::new(parsed(filter)?);
    let registry = tracing_subscriber::registry().with(layer);
    // A disk that is full, or a reader that has gone, is no reason to stop selling. The layer would say so on standard error, and panic.
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).log_internal_errors(false);
    let started = if json {
        registry.with(lines.json().flatten_event(true)).try_init()
    } else {
        registry.with(lines.with_ansi(std::io::stderr().is_terminal())).try_init()
    };
    started.map_err(|error| error.to_string())?;
    Ok(LogFilter::new(filter, move |filter| handle.reload(parsed(filter)?).map_err(|error| error.to_string())))
}

fn parsed(filter: &str) -> Result<EnvFilter, String> {
    EnvFilter::try_new(filter).map_err(|error| format!("the log filter {filter:?}: {error}"))
}
