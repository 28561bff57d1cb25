//! What Linux says of a process: its CPU and its memory.

use std::time::Duration;

/// Ticks a second in /proc: the same on every Linux of today.
const TICKS: u64 = 100;

/// The CPU that the process `pid` has taken, in user and system mode, with all its threads.
///
/// # Errors
/// If there is no such process.
pub fn cpu(pid: &str) -> Result<Duration, String> {
    let stat = read(pid, "stat")?;
    ticks(&stat).map(|ticks| Duration::from_millis(ticks * 1_000 / TICKS)).ok_or(format!("/proc/{pid}/stat: {stat}"))
}

/// The CPU that this process has taken.
///
/// # Errors
/// If this is not Linux.
pub fn own_cpu() -> Result<Duration, String> {
    cpu("self")
}

/// What the process `pid` has in memory, in MB: now, and at its highest.
///
/// # Errors
/// If there is no such process.
pub fn memory_mb(pid: &str) -> Result<(f64, f64), String> {
    let status = read(pid, "status")?;
    let of = |name| kilobytes(&status, name).map(|kb| kb / 1_024.0).ok_or(format!("/proc/{pid}/status has no {name}"));
    Ok((of("VmRSS:")?, of("VmHWM:")?))
}

fn read(pid: &str, what: &str) -> Result<String, String> {
    std::fs::read_to_string(format!("/proc/{pid}/{what}")).map_err(|error| format!("/proc/{pid}/{what}: {error}"))
}

/// User and system time; a name in brackets stands before, which may have anything in it.
fn ticks(stat: &str) -> Option<u64> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
}

fn kilobytes(status: &str, name: &str) -> Option<f64> {
    status.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next()?.parse().ok())
}

/// Lets time pass between two looks.
#[expect(clippy::disallowed_methods, reason = "from outside of a process one can only look again later")]
pub fn pause(time: Duration) {
    std::thread::sleep(time);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cpu_is_read_behind_a_name_with_blanks_and_brackets() {
        let stat = "17 (a ) b) S 1 2 3 4 5 6 7 8 9 10 250 40 0 0 20 0";

        assert_eq!(ticks(stat), Some(290));
    }

    #[test]
    fn this_process_has_cpu_and_memory() {
        let (now, highest) = memory_mb("self").unwrap();

        assert!(own_cpu().is_ok());
        assert!(now > 1.0 && highest >= now, "{now} {highest}");
    }
}
