//! What the operating system says of this process, and what it was built from.

use std::fmt;

use super::{Meter, Sheet};

/// What is known of the process.
#[derive(Debug)]
pub struct ProcessMeters {
    version: &'static str,
    started_ms: u64,
}

impl ProcessMeters {
    /// Of version `version`, started at `started_ms` milliseconds since the Unix epoch.
    pub fn new(version: &'static str, started_ms: u64) -> Self {
        Self { version, started_ms }
    }
}

impl Meter for ProcessMeters {
    fn show(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        sheet.gauges("maejin_build_info", "The version that runs", [(&[("version", self.version)][..], 1.0)])?;
        let started = self.started_ms as f64 / 1_000.0;
        sheet.gauge("process_start_time_seconds", "When the process was started, since the Unix epoch", started)?;
        show_system(sheet)
    }
}

#[cfg(target_os = "linux")]
fn show_system(sheet: &mut Sheet<'_>) -> fmt::Result {
    let Ok(process) = procfs::process::Process::myself() else { return Ok(()) };
    if let Ok(stat) = process.stat() {
        let seconds = (stat.utime + stat.stime) as f64 / procfs::ticks_per_second() as f64;
        sheet.counter("process_cpu_seconds", "Processor time used", seconds)?;
        let resident = stat.rss * procfs::page_size();
        sheet.gauge("process_resident_memory_bytes", "Memory in use", resident as f64)?;
        sheet.gauge("process_threads", "Threads", stat.num_threads as f64)?;
    }
    if let Ok(open) = process.fd_count() {
        sheet.gauge("process_open_fds", "Open files and sockets", open as f64)?;
    }
    if let Ok(procfs::process::LimitValue::Value(most)) =
        process.limits().map(|limits| limits.max_open_files.soft_limit)
    {
        sheet.gauge("process_max_fds", "The most files and sockets that may be open", most as f64)?;
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn show_system(_sheet: &mut Sheet<'_>) -> fmt::Result {
    Ok(())
}
