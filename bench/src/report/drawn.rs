//! The pictures of a run: a file for each measure, with all rows on it.

use std::path::Path;

use super::{Row, Spread, bars};

/// Draws throughput, server CPU and latency of `rows` into `dir`; the names of the files begin with `prefix`.
///
/// # Errors
/// If a file cannot be written.
pub fn draw(rows: &[Row], dir: &Path, prefix: &str) -> Result<(), String> {
    let shown = |of: &dyn Fn(&Row) -> Option<Spread>| -> Vec<(String, Spread)> {
        rows.iter().filter_map(|row| Some((row.title.clone(), of(row)?))).collect()
    };
    let throughput = shown(&|row| row.spread(|one| one.per_second));
    let cpu = shown(&|row| row.spread(|one| one.cpu_ms.map(|cpu_ms| cpu_ms * 1_000.0)));
    let latency = shown(&|row| row.spread(|one| one.latency_ms[1]));
    for (name, picture) in [
        ("throughput", bars("Each second (median, lowest to highest)", 0, &throughput)),
        ("cpu", bars("Server CPU for each, in microseconds", 1, &cpu)),
        ("latency", bars("p99 in milliseconds, open load at 0.7 of the throughput", 2, &latency)),
    ] {
        write(&dir.join(format!("{prefix}{name}.svg")), &picture)?;
    }
    Ok(())
}

/// Writes `content` to `file`.
///
/// # Errors
/// If that cannot be.
pub fn write(file: &Path, content: &str) -> Result<(), String> {
    std::fs::write(file, content).map_err(|error| format!("{}: {error}", file.display()))
}
