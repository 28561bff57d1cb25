//! A server under test: a process of its own, on a fresh store, that is gone with its data when it is dropped.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use crate::process::{self, pause};

/// How long a server may take to be ready: one that brings millions of orders forward needs some time.
const PATIENCE: Duration = Duration::from_secs(120);
/// For how long a server must do nothing to count as quiet: longer than any of its timers.
const QUIET: Duration = Duration::from_millis(400);
/// How long it may go on with what it has to finish.
const SETTLES: Duration = Duration::from_secs(180);

/// A running server.
pub struct Server {
    child: Child,
    /// Kept open, so that it can go on writing.
    _stdout: BufReader<ChildStdout>,
    /// Where it listens.
    pub address: SocketAddr,
    /// How long it took to be ready.
    pub ready: Duration,
}

/// The directory of the binaries: they were built side by side.
///
/// # Errors
/// If this process does not know where it lies.
pub fn binary(name: &str) -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let path = own.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if path.exists() { Ok(path) } else { Err(format!("there is no {}: build it first", path.display())) }
}

impl Server {
    /// Starts the shop on the store in `data`, with the storefronts in `storefronts` beside the shipped ones.
    ///
    /// # Errors
    /// If it does not get ready.
    pub fn shop(data: &Path, storefronts: &Path) -> Result<Self, String> {
        let args = [OsStr::new("serve"), "--open".as_ref(), "--listen".as_ref(), "127.0.0.1:0".as_ref()];
        let mut command = Command::new(binary("maejin")?);
        command.args(args).arg("--log").arg("warn").arg("--storefronts").arg(storefronts).arg("--data").arg(data);
        Self::start(command, data)
    }

    /// Starts the server that shows the machine's ceiling, with its journal in `data`.
    ///
    /// # Errors
    /// If it does not get ready.
    pub fn ceiling(data: &Path) -> Result<Self, String> {
        let mut command = Command::new(binary("bench")?);
        command.arg("ceiling").arg("--data").arg(data);
        Self::start(command, data)
    }

    fn start(mut command: Command, dir: &Path) -> Result<Self, String> {
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("MAEJIN_")) {
            command.env_remove(name);
        }
        command.current_dir(dir).stdin(Stdio::null()).stdout(Stdio::piped());
        let shown = format!("{command:?}");
        let start = Instant::now();
        let mut child = command.spawn().map_err(|error| format!("{shown} did not start: {error}"))?;
        let stdout = child.stdout.take().ok_or("a server has an output")?;
        let mut stdout = BufReader::new(stdout);
        let address = address_in(&mut stdout).and_then(|address| ready(address, start).map(|()| address));
        match address {
            Ok(address) => Ok(Self { child, _stdout: stdout, address, ready: start.elapsed() }),
            Err(why) => {
                let _ = child.kill();
                let _ = child.wait();
                Err(format!("{shown} did not get ready: {why}"))
            }
        }
    }

    fn pid(&self) -> String {
        self.child.id().to_string()
    }

    /// The CPU it has taken so far.
    ///
    /// # Errors
    /// If it has ended.
    pub fn cpu(&self) -> Result<Duration, String> {
        process::cpu(&self.pid())
    }

    /// What it has in memory, in MB: now, and at its highest.
    ///
    /// # Errors
    /// If it has ended.
    pub fn memory_mb(&self) -> Result<(f64, f64), String> {
        process::memory_mb(&self.pid())
    }

    /// Waits until it has nothing to do any more, its tables written, and gives the CPU it has taken by then.
    ///
    /// # Errors
    /// If it never is, or has ended.
    pub fn settled(&self) -> Result<Duration, String> {
        let start = Instant::now();
        let (mut cpu, mut since) = (self.cpu()?, Instant::now());
        while start.elapsed() < SETTLES {
            if since.elapsed() >= QUIET {
                return Ok(cpu);
            }
            pause(Duration::from_millis(20));
            let now = self.cpu()?;
            // A tick now and then is a timer's.
            if now > cpu + Duration::from_millis(10) {
                (cpu, since) = (now, Instant::now());
            }
        }
        Err(format!("the server is still busy {SETTLES:?} after the load"))
    }
}

/// Stops a server in order, so that nothing is left for the next start to bring forward.
///
/// # Errors
/// If it does not end well.
pub fn stop(mut server: Server) -> Result<(), String> {
    let told =
        Command::new("kill").args(["-TERM", &server.pid()]).status().map_err(|error| format!("kill: {error}"))?;
    if !told.success() {
        return Err(format!("the server could not be told to stop: {told}"));
    }
    let ended = server.child.wait().map_err(|error| error.to_string())?;
    if ended.success() { Ok(()) } else { Err(format!("the server stopped with {ended}")) }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The address that a server says it is ready on.
fn address_in(stdout: &mut BufReader<ChildStdout>) -> Result<SocketAddr, String> {
    let mut line = String::new();
    while stdout.read_line(&mut line).map_err(|error| error.to_string())? > 0 {
        if let Some(address) = ready_on(&line) {
            return Ok(address);
        }
        line.clear();
    }
    Err("it ended without a word of where it listens".to_owned())
}

fn ready_on(line: &str) -> Option<SocketAddr> {
    line.split_once("is ready on http://")?.1.split_whitespace().next()?.parse().ok()
}

fn ready(address: SocketAddr, start: Instant) -> Result<(), String> {
    while start.elapsed() < PATIENCE {
        if crate::call::get(address, "/readyz").is_ok_and(|(status, _)| status == 200) {
            return Ok(());
        }
        pause(Duration::from_millis(1));
    }
    Err(format!("/readyz did not answer 200 within {PATIENCE:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_from_what_a_shop_says() {
        let line = "maejin 0.1.0 is ready on http://127.0.0.1:8088   (data in data)\n";

        assert_eq!(ready_on(line), Some(([127, 0, 0, 1], 8088).into()));
        assert_eq!(ready_on("Call:\n"), None);
    }
}
