//! What a command did or found, on standard output.

use std::io::{ErrorKind, StdoutLock, Write};

use serde::Serialize;

/// Writes `text` and ends the line.
///
/// # Errors
/// If it cannot be written.
pub fn print(text: &str) -> Result<(), String> {
    let mut out = stdout();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(|error| format!("cannot write: {error}"))
}

/// Standard output whose reader may go away: `head` ends what is piped into it like that. What is written afterwards goes nowhere, and
/// the verb ends with the exit code that it would have had.
pub fn stdout() -> Stdout {
    Stdout(std::io::stdout().lock())
}

/// See [`stdout`].
#[derive(Debug)]
pub struct Stdout(StdoutLock<'static>);

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(bytes.len()),
            done => done,
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            done => done,
        }
    }
}

/// `document` for programs.
pub fn json<T: Serialize>(document: &T) -> String {
    serde_json::to_string_pretty(document).expect("what is told can be written as JSON")
}
