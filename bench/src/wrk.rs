//! How much the load generator itself takes: what it gets from the null endpoint, beside what `wrk` gets from the same server.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::load::{Load, Pace, Reading};
use crate::report::{Spread, write};
use crate::scenario::{CONFIRMED, CONNECTIONS, Scenario};
use crate::server::Server;

/// The same order that our own generator sends, always the same customer's.
const SCRIPT: &str = r#"wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"offering":"1","quantity":1,"customer":"1"}'
"#;

/// Both in one round, in answers a second.
#[derive(Debug, Clone, Copy)]
pub struct Both {
    /// Our own generator.
    own: f64,
    /// `wrk`, with one thread as well.
    wrk: f64,
}

/// Measures both for `lasts`, on one fresh server; nothing where there is no `wrk`.
///
/// # Errors
/// If one of them fails.
pub fn compare(null: &Scenario, lasts: Duration) -> Result<Option<Both>, String> {
    if Command::new("wrk").arg("--version").output().is_err() {
        return Ok(None);
    }
    let data = tempfile::tempdir().map_err(|error| format!("no directory for a store: {error}"))?;
    let server = Server::ceiling(data.path())?;
    let load = Load { address: server.address, connections: CONNECTIONS, pace: Pace::Closed, lasts, at_most: None };
    let own = load.run(&Reading::new(CONFIRMED), &mut (null.requests)())?;
    let wrk = run(&server, data.path(), lasts)?;
    Ok(Some(Both { own: own.done as f64 / own.lasted.as_secs_f64(), wrk }))
}

fn run(server: &Server, dir: &Path, lasts: Duration) -> Result<f64, String> {
    let script = dir.join("order.lua");
    write(&script, SCRIPT)?;
    let ran = Command::new("wrk")
        .args(["-t1", &format!("-c{CONNECTIONS}"), &format!("-d{}s", lasts.as_secs().max(1)), "-s"])
        .arg(&script)
        .arg(format!("http://{}/null", server.address))
        .output()
        .map_err(|error| format!("wrk: {error}"))?;
    let printed = String::from_utf8_lossy(&ran.stdout);
    per_second(&printed).ok_or_else(|| format!("wrk printed {printed}{}", String::from_utf8_lossy(&ran.stderr)))
}

/// What `wrk` says of how many were answered each second, if all were answered well.
fn per_second(told: &str) -> Option<f64> {
    let is_well = !told.contains("Non-2xx") && !told.contains("Socket errors");
    let value = told.lines().find_map(|line| line.strip_prefix("Requests/sec:"))?;
    value.trim().parse().ok().filter(|_| is_well)
}

/// What came of all rounds, in a line.
pub fn told(rounds: &[Both]) -> Option<String> {
    let of = |pick: fn(&Both) -> f64| Spread::of(rounds.iter().map(pick));
    let (own, wrk, ratio) = (of(|both| both.own)?, of(|both| both.wrk)?, of(|both| both.own / both.wrk)?);
    Some(format!("generator vs wrk on null: {}/s vs {}/s, {} of it", own.text(0), wrk.text(0), ratio.text(2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_read_from_what_wrk_says_unless_something_went_wrong() {
        let told = "  2 requests in 1.00s, 1.00KB read\nRequests/sec:  98304.12\nTransfer/sec:     16.31MB\n";

        assert_eq!(per_second(told), Some(98_304.12));
        assert_eq!(per_second(&told.replace("Transfer", "  Non-2xx or 3xx responses: 2\nTransfer")), None);
    }

    #[test]
    fn the_ratio_is_the_median_of_the_rounds() {
        let both = |own, wrk| Both { own, wrk };

        let told = told(&[both(50.0, 100.0), both(90.0, 100.0), both(80.0, 100.0)]).unwrap();
        assert!(told.ends_with("0.80 (0.50 to 0.90) of it"), "{told}");
    }
}
