//! The same load on stores that have sold nothing yet, and a million, and ten: what it costs that a shop grows.

mod stores;

use std::path::Path;
use std::time::Duration;

use crate::measure::{self, Measured};
use crate::report::{Row, number};
use crate::scenario::{self, Scenario};
use crate::server::{self, Server};
use stores::{Copies, Kept};

/// How long a store is loaded after a restart before it is measured: what was in memory before is not any more.
const WARM_UP: Duration = Duration::from_secs(2);

/// What to measure.
#[derive(Debug)]
pub struct Growth<'a> {
    /// How many orders the stores have; the first is what the others are compared to.
    pub orders: Vec<u64>,
    /// Where filled stores are, to be used again.
    pub keep: Option<&'a Path>,
    /// The storefronts beside the shipped ones.
    pub storefronts: &'a Path,
    /// How many rounds.
    pub rounds: usize,
    /// How long each load lasts.
    pub lasts: Duration,
    /// Whether it is only to be seen that it works.
    pub quick: bool,
}

impl Growth<'_> {
    /// Fills the stores that are not there yet, measures all in turn, and gives a row for each.
    ///
    /// # Errors
    /// If a store cannot be filled or loaded.
    pub fn run(&self) -> Result<Vec<Row>, String> {
        let hot = scenario::hot();
        let own = tempfile::tempdir().map_err(|error| format!("no directory for stores: {error}"))?;
        let dir = self.keep.unwrap_or(own.path());
        let failed = |error: std::io::Error| format!("{}: {error}", dir.display());
        std::fs::create_dir_all(dir).map_err(failed)?;
        // A server has a directory of its own, so a relative path would be another one there.
        let dir = dir.canonicalize().map_err(failed)?;
        let kept: Vec<Kept> = self
            .orders
            .iter()
            .map(|orders| stores::filled(&dir, *orders, &hot, self.storefronts))
            .collect::<Result<_, _>>()?;
        let mut copies: Vec<Copies<'_>> = kept.iter().map(Copies::of).collect();
        let mut measured: Vec<Vec<Measured>> = kept.iter().map(|_| Vec::new()).collect();
        for round in 1..=self.rounds {
            for (copies, rounds) in copies.iter_mut().zip(&mut measured) {
                let orders = copies.of.orders;
                let data = copies.next()?;
                let one = measure::patiently(self.quick, self.lasts, |lasts| self.measure(&hot, data, lasts))?;
                let title = titled(orders);
                eprintln!("round {round}  {title:<18} {:>9.0}/s  ready after {:.0} ms", one.per_second, one.ready_ms);
                rounds.push(one);
            }
        }
        Ok(rows(&self.orders, measured))
    }

    /// Starts a shop on the store in `data`, warms it up, and measures it.
    fn measure(&self, hot: &Scenario, data: &Path, lasts: Duration) -> Result<Measured, String> {
        let server = Server::shop(data, self.storefronts)?;
        let idle_mb = server.memory_mb()?.0;
        measure::warm_up(hot, &server, WARM_UP.min(lasts))?;
        let one = measure::alone(hot, &server, idle_mb, lasts)?;
        server::stop(server)?;
        Ok(one)
    }
}

fn titled(orders: u64) -> String {
    format!("{} orders", number(orders as f64, 0))
}

fn rows(orders: &[u64], measured: Vec<Vec<Measured>>) -> Vec<Row> {
    let first: Vec<f64> = measured.first().into_iter().flatten().map(|one| one.per_second).collect();
    let row = |(orders, rounds): (&u64, Vec<Measured>)| Row {
        name: orders.to_string(),
        title: titled(*orders),
        shares: rounds.iter().zip(&first).map(|(one, first)| one.per_second / first).collect(),
        rounds,
    };
    orders.iter().zip(measured).map(row).collect()
}
