//! Measures a scenario once: a fresh process on a fresh store, as fast as it goes, then for latencies at a steady pace below that.

use std::path::Path;
use std::time::Duration;

use crate::load::{Kind, Load, Pace, Reading, Tally};
use crate::scenario::{CONNECTIONS, On, Scenario};
use crate::server::Server;

/// At which part of its highest throughput latencies are measured: busy, but not at the edge.
const STEADY: f64 = 0.7;
/// How many connections an open load has: more than ever wait at a server that keeps up.
const OPEN_CONNECTIONS: usize = 512;

/// What was measured in one round.
#[derive(Debug, Clone)]
pub struct Measured {
    /// What is counted, each second.
    pub per_second: f64,
    /// Server CPU for each, in milliseconds, the writing of tables included.
    pub cpu_ms: f64,
    /// The load generator's own CPU for each, in milliseconds.
    pub load_cpu_ms: f64,
    /// Latencies at the steady pace, in milliseconds: of the half, of 99 and of 99.9 percent.
    pub latency_ms: [f64; 3],
    /// The most that the server had in memory, in MB.
    pub memory_mb: f64,
    /// What it had before the load, in MB.
    pub idle_mb: f64,
    /// How long it took from its start until it was ready, in milliseconds.
    pub ready_ms: f64,
}

/// Measures `scenario` for `lasts`, and half as long again for the latencies.
///
/// # Errors
/// If the server does not do what is asked of it.
pub fn once(scenario: &Scenario, storefronts: &Path, lasts: Duration) -> Result<Measured, String> {
    let data = tempfile::tempdir().map_err(|error| format!("no directory for a store: {error}"))?;
    let server = match scenario.on {
        On::Ceiling => Server::ceiling(data.path())?,
        On::Shop => Server::shop(data.path(), storefronts)?,
    };
    let (idle_mb, _) = server.memory_mb()?;
    (scenario.prepare)(&server)?;
    let before = server.settled()?;
    let fast = run(scenario, &server, Pace::Closed, lasts)?;
    let cpu = server.settled()? - before;
    let counted = count(scenario, &fast)?;
    let per_second = counted as f64 / fast.lasted.as_secs_f64();
    let steady = run(scenario, &server, Pace::Open(per_second * STEADY), lasts / 2)?;
    count(scenario, &steady)?;
    Ok(Measured {
        per_second,
        cpu_ms: cpu.as_secs_f64() * 1_000.0 / counted as f64,
        load_cpu_ms: fast.own_cpu.as_secs_f64() * 1_000.0 / counted as f64,
        latency_ms: [50.0, 99.0, 99.9].map(|percent| steady.latency_ms(percent)),
        memory_mb: server.memory_mb()?.1,
        idle_mb,
        ready_ms: server.ready.as_secs_f64() * 1_000.0,
    })
}

fn run(scenario: &Scenario, server: &Server, pace: Pace, lasts: Duration) -> Result<Tally, String> {
    let connections = if pace == Pace::Closed { CONNECTIONS } else { OPEN_CONNECTIONS };
    let load = Load { address: server.address, connections, pace, lasts, at_most: None };
    load.run(&Reading::new(scenario.done), &mut (scenario.requests)())
}

/// How many answers count; an error if any is of another kind, since then something else was measured than meant.
fn count(scenario: &Scenario, tally: &Tally) -> Result<u64, String> {
    let (counted, others) = match scenario.counts {
        Kind::Done => (tally.done, tally.refused),
        _ => (tally.refused, tally.done),
    };
    if counted == 0 || others + tally.busy + tally.wrong + tally.broken > 0 {
        return Err(format!(
            "{}: {counted} answers as meant, {others} of the other kind, {} busy, {} wrong, {} broken; by status {:?}; one of them: {:?}",
            scenario.name, tally.busy, tally.wrong, tally.broken, tally.statuses, tally.oddity
        ));
    }
    Ok(counted)
}
