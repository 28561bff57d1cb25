//! Customers read my page while orders go on at half of what the shop can do: how fast both are.

use std::thread;
use std::time::Duration;

use super::{Measured, OPEN_CONNECTIONS, STEADY, count, latencies, run};
use crate::load::{Load, Pace, Reading, Tally};
use crate::scenario::{CONFIRMED, CONNECTIONS, CUSTOMERS, Scenario, my_page};
use crate::server::Server;

/// At which part of the capacity orders go on.
const HALF: f64 = 0.5;

/// The reads as fast as they go, and then for latencies at a steady pace below that, each beside orders; then those orders.
///
/// # Errors
/// If the server does not do what is asked of it.
pub fn reads(scenario: &Scenario, server: &Server, idle_mb: f64, lasts: Duration) -> Result<Vec<Measured>, String> {
    let capacity = run(scenario, server, &mut (scenario.requests)(), Pace::Closed, lasts / 2)?;
    let placed = count(scenario, &capacity)?;
    let pace = Pace::Open(placed as f64 / capacity.lasted.as_secs_f64() * HALF);
    let beside = Beside { scenario, server, pace, customers: placed.min(CUSTOMERS) };
    server.settled()?;
    let (fast, orders) = beside.run(Pace::Closed, lasts)?;
    let per_second = |tally: &Tally| tally.done as f64 / tally.lasted.as_secs_f64();
    server.settled()?;
    let (steady, meanwhile) = beside.run(Pace::Open(per_second(&fast) * STEADY), lasts / 2)?;
    let memory_mb = server.memory_mb()?.1;
    let measured = |per_second, latency_ms| Measured {
        per_second,
        cpu_ms: None,
        load_cpu_ms: None,
        latency_ms,
        memory_mb,
        idle_mb,
        ready_ms: server.ready.as_secs_f64() * 1_000.0,
    };
    Ok(vec![measured(per_second(&fast), latencies(&steady)), measured(per_second(&orders), latencies(&meanwhile))])
}

struct Beside<'a> {
    scenario: &'a Scenario,
    server: &'a Server,
    /// The orders'.
    pace: Pace,
    /// How many have ordered something.
    customers: u64,
}

impl Beside<'_> {
    /// Reads at `pace`, and the orders meanwhile.
    fn run(&self, pace: Pace, lasts: Duration) -> Result<(Tally, Tally), String> {
        let (reads, orders) = thread::scope(|scope| {
            let orders = || run(self.scenario, self.server, &mut (self.scenario.requests)(), self.pace, lasts);
            let orders = scope.spawn(orders);
            let connections = if pace == Pace::Closed { CONNECTIONS } else { OPEN_CONNECTIONS };
            let load = Load { address: self.server.address, connections, pace, lasts, at_most: None };
            let reads = load.run(&Reading::new(CONFIRMED), &mut my_page(self.customers));
            (reads, orders.join().map_err(|_| "the orders' load panicked".to_owned()))
        });
        let (reads, orders) = (reads?, orders??);
        for tally in [&reads, &orders] {
            count(self.scenario, tally)?;
        }
        Ok((reads, orders))
    }
}
