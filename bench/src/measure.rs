//! Measures a scenario once: a fresh process on a fresh store, as fast as it goes, then for latencies at a steady pace below that.

mod beside;
mod confirmed;

use std::path::Path;
use std::time::{Duration, Instant};

use crate::load::{Load, Pace, Reading, Requests, Tally};
use crate::scenario::{CONNECTIONS, Counts, On, Scenario};
use crate::server::Server;

/// At which part of its highest throughput latencies are measured: busy, but not at the edge.
const STEADY: f64 = 0.7;
/// How many connections an open load has: more than ever wait at a server that keeps up.
const OPEN_CONNECTIONS: usize = 512;
/// What a refusal for want of stock says in its body, in v1.
const SOLD_OUT: &str = r#""sold-out""#;

/// How much longer a quick look is that came to nothing.
const LONGER: u32 = 10;

/// What was measured in one round.
#[derive(Debug, Clone)]
pub struct Measured {
    /// What is counted, each second.
    pub per_second: f64,
    /// Server CPU for each, in milliseconds, the writing of tables included; of what ran alone.
    pub cpu_ms: Option<f64>,
    /// The load generator's own CPU for each, in milliseconds; of what ran alone.
    pub load_cpu_ms: Option<f64>,
    /// Latencies at the steady pace, in milliseconds: of the half, of 99 and of 99.9 percent.
    pub latency_ms: [f64; 3],
    /// The most that the server had in memory, in MB.
    pub memory_mb: f64,
    /// What it had before the load, in MB.
    pub idle_mb: f64,
    /// How long it took from its start until it was ready, in milliseconds.
    pub ready_ms: f64,
}

/// What `measure` says of a load that lasts so long; of a quick one that came to nothing, what it says of a longer one.
///
/// # Errors
/// What `measure` says is wrong.
pub fn patiently<T>(
    quick: bool,
    lasts: Duration,
    measure: impl Fn(Duration) -> Result<T, String>,
) -> Result<T, String> {
    measure(lasts).or_else(|why| {
        if !quick {
            return Err(why);
        }
        // On a busy machine nothing may be answered in so short a time. What is really wrong is so for longer, too.
        eprintln!("{why}; once more, for longer");
        measure(lasts * LONGER)
    })
}

/// Measures `scenario` for `lasts`, and half as long again for the latencies; what ran beside it comes second.
///
/// # Errors
/// If the server does not do what is asked of it.
pub fn once(scenario: &Scenario, storefronts: &Path, lasts: Duration) -> Result<Vec<Measured>, String> {
    let data = tempfile::tempdir().map_err(|error| format!("no directory for a store: {error}"))?;
    let server = match scenario.on {
        On::Ceiling => Server::ceiling(data.path())?,
        On::Shop => Server::shop(data.path(), storefronts)?,
    };
    let idle_mb = server.memory_mb()?.0;
    (scenario.prepare)(&server, lasts)?;
    match scenario.beside {
        Some(_) => beside::reads(scenario, &server, idle_mb, lasts),
        None => alone(scenario, &server, idle_mb, lasts).map(|one| vec![one]),
    }
}

/// Measures `scenario` on a server where all is prepared.
///
/// # Errors
/// If the server does not do what is asked of it.
pub fn alone(scenario: &Scenario, server: &Server, idle_mb: f64, lasts: Duration) -> Result<Measured, String> {
    let mut requests = (scenario.requests)();
    let before = server.settled()?;
    let start = Instant::now();
    let fast = run(scenario, server, &mut requests, Pace::Closed, lasts)?;
    let counted = count(scenario, &fast)?;
    let (counted, lasted) = match scenario.counts {
        Counts::Confirmed(storefront) => (confirmed::wait_for(server, storefront, counted)?, start.elapsed()),
        _ => (counted, fast.lasted),
    };
    let cpu = server.settled()? - before;
    let per_second = counted as f64 / lasted.as_secs_f64();
    let steady = run(scenario, server, &mut requests, Pace::Open(per_second * STEADY), lasts / 2)?;
    count(scenario, &steady)?;
    if let Counts::Confirmed(storefront) = scenario.counts {
        confirmed::wait_for(server, storefront, counted + steady.done)?;
    }
    Ok(Measured {
        per_second,
        cpu_ms: Some(cpu.as_secs_f64() * 1_000.0 / counted as f64),
        load_cpu_ms: Some(fast.own_cpu.as_secs_f64() * 1_000.0 / counted as f64),
        latency_ms: latencies(&steady),
        memory_mb: server.memory_mb()?.1,
        idle_mb,
        ready_ms: server.ready.as_secs_f64() * 1_000.0,
    })
}

/// Loads the server for `lasts`, and forgets what came of it.
///
/// # Errors
/// If the server does not do what is asked of it.
pub fn warm_up(scenario: &Scenario, server: &Server, lasts: Duration) -> Result<(), String> {
    let tally = run(scenario, server, &mut (scenario.requests)(), Pace::Closed, lasts)?;
    count(scenario, &tally).map(drop)
}

/// The latencies of the half, of 99 and of 99.9 percent, in milliseconds.
fn latencies(tally: &Tally) -> [f64; 3] {
    [50.0, 99.0, 99.9].map(|percent| tally.latency_ms(percent))
}

fn run(
    scenario: &Scenario,
    server: &Server,
    requests: &mut Requests,
    pace: Pace,
    lasts: Duration,
) -> Result<Tally, String> {
    let connections = if pace == Pace::Closed { CONNECTIONS } else { OPEN_CONNECTIONS };
    let at_most = scenario.at_most_per_second.filter(|_| pace == Pace::Closed);
    let at_most = at_most.map(|most| (most * lasts.as_secs_f64()) as u64);
    let load = Load { address: server.address, connections, pace, lasts, at_most };
    let reading = match scenario.counts {
        Counts::Refused => Reading::refusing(scenario.done, SOLD_OUT),
        _ => Reading::new(scenario.done),
    };
    load.run(&reading, requests)
}

/// How many answers count; an error if any is of another kind, since then something else was measured than meant.
fn count(scenario: &Scenario, tally: &Tally) -> Result<u64, String> {
    let (counted, others) = match scenario.counts {
        Counts::Refused => (tally.refused, tally.done),
        _ => (tally.done, tally.refused),
    };
    if counted == 0 || others + tally.busy + tally.wrong + tally.broken > 0 {
        return Err(format!(
            "{}: {counted} answers as meant, {others} of the other kind, {} busy, {} wrong, {} broken; by status {:?}; one of them: {:?}",
            scenario.name, tally.busy, tally.wrong, tally.broken, tally.statuses, tally.oddity
        ));
    }
    Ok(counted)
}
