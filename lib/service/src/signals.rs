//! What the operating system tells a process, and how much it lets it have.

use tokio::signal::unix::{SignalKind, signal};

/// Waits for SIGTERM or SIGINT. At SIGHUP, `reload` is called: that is how a program is told to read its settings again, and a terminal
/// that hangs up is no reason to stop.
///
/// # Errors
/// If the operating system does not let the process wait for signals.
pub async fn signalled(mut reload: impl FnMut()) -> std::io::Result<&'static str> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let mut hangup = signal(SignalKind::hangup())?;
    loop {
        return Ok(tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
            Some(()) = hangup.recv() => {
                reload();
                continue;
            }
        });
    }
}

/// Raises the number of descriptors that the process may have to the most that it is allowed, and returns it. Where that cannot be
/// known, it is what every system allows.
pub fn raise_descriptors() -> u64 {
    /// What POSIX asks for is less; no system that is in use has a lower default.
    const USUAL: u64 = 256;
    let soft = || rlimit::Resource::NOFILE.get_soft().ok();
    rlimit::increase_nofile_limit(u64::MAX).ok().or_else(soft).unwrap_or(USUAL)
}
