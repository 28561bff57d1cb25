//! What a verb did or found, on standard output.

use std::io::{ErrorKind, Write};

use serde::Serialize;

/// Writes `text` and ends the line.
///
/// # Errors
/// If it cannot be written, but for a reader that has gone: that is how `head` ends what is piped into it.
pub fn print(text: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(format!("cannot write: {error}")),
        _ => Ok(()),
    }
}

/// `document` for programs.
pub fn json<T: Serialize>(document: &T) -> String {
    serde_json::to_string_pretty(document).expect("what is told can be written as JSON")
}
