//! A run: all scenarios that are wanted, round after round, so that a slow hour hits all alike.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use crate::growth::Growth;
use crate::measure::{self, Measured};
use crate::overload::{self, Parts};
use crate::report::{self, Row};
use crate::scenario::{self, NULL, Scenario};
use crate::wrk;

/// Named on the command line, it overloads the shop instead of filling the table.
const OVERLOAD: &str = "overload";

/// Named on the command line, it measures stores that have grown.
const GROWTH: &str = "growth";

/// What to measure, and how long.
#[derive(Debug, Args)]
pub struct Run {
    /// How many rounds; the table shows their medians
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long each scenario is loaded in a round; half as long again for latencies
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// Only these, and what they are compared to. Alone: `overload`, three times the capacity for a minute; `growth`, stores with millions of orders
    #[arg(long, num_args = 1.., value_name = "NAME")]
    only: Vec<String>,
    /// One short round: to see that it works
    #[arg(long)]
    quick: bool,
    /// For `growth`: how many orders the stores have; the first is what the others are compared to
    #[arg(long, value_delimiter = ',', default_values_t = [0, 1_000_000, 10_000_000])]
    orders: Vec<u64>,
    /// For `growth`: keep filled stores in this directory, and use those that are there; up to a kilobyte an order, and once more to measure on a copy
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// For `overload`: how many connections the crowd has; each process needs that many open files
    #[arg(long, value_name = "CONNECTIONS", default_value_t = 4_096)]
    crowd: usize,
    /// Where the pictures go
    #[arg(long, value_name = "DIR", default_value = "target/bench")]
    out: PathBuf,
}

impl Run {
    /// Measures, prints the table and writes the pictures.
    ///
    /// # Errors
    /// If something cannot be measured.
    pub fn run(&self) -> Result<(), String> {
        let storefronts = tempfile::tempdir().map_err(|error| error.to_string())?;
        report::write(&storefronts.path().join("rush.toml"), include_str!("../storefronts/rush.toml"))?;
        std::fs::create_dir_all(&self.out).map_err(|error| format!("{}: {error}", self.out.display()))?;
        match self.only.first().map(String::as_str).filter(|_| self.only.len() == 1) {
            Some(OVERLOAD) => self.overload(storefronts.path()),
            Some(GROWTH) => self.growth(storefronts.path()),
            _ => self.table(storefronts.path()),
        }
    }

    /// How many rounds, and how long each load lasts.
    fn lengths(&self) -> (usize, Duration) {
        match self.quick {
            true => (1, Duration::from_millis(400)),
            false => (self.rounds.max(1), Duration::from_secs_f64(self.seconds.max(0.1))),
        }
    }

    fn table(&self, storefronts: &Path) -> Result<(), String> {
        let scenarios = self.wanted()?;
        let (rounds, lasts) = self.lengths();
        let mut measured: Vec<Vec<Vec<Measured>>> = scenarios.iter().map(|_| Vec::new()).collect();
        let mut generators = Vec::new();
        for round in 1..=rounds {
            for (scenario, rounds) in scenarios.iter().zip(&mut measured) {
                let all = measure::patiently(self.quick, lasts, |lasts| measure::once(scenario, storefronts, lasts))?;
                for one in &all {
                    eprintln!(
                        "round {round}  {:<10} {:>9.0}/s  p99 {:.2} ms",
                        scenario.name, one.per_second, one.latency_ms[1]
                    );
                }
                rounds.push(all);
                if scenario.name == NULL {
                    generators.extend(wrk::compare(scenario, lasts)?);
                }
            }
        }
        self.tell(&rows(&scenarios, &measured), &generators)
    }

    fn overload(&self, storefronts: &Path) -> Result<(), String> {
        let seconds = |short, long| Duration::from_secs(if self.quick { short } else { long });
        let parts =
            Parts { capacity: seconds(1, 10), overload: seconds(2, 60), after: seconds(2, 10), crowd: self.crowd };
        report::write(&self.out.join("overload.svg"), &overload::run(&scenario::hot(), storefronts, parts)?)?;
        println!("a picture in {}", self.out.display());
        Ok(())
    }

    fn growth(&self, storefronts: &Path) -> Result<(), String> {
        let (rounds, lasts) = self.lengths();
        let growth = Growth {
            orders: self.orders.clone(),
            keep: self.keep.as_deref(),
            storefronts,
            rounds,
            lasts,
            quick: self.quick,
        };
        let rows = growth.run()?;
        println!("{}", report::table(&rows, "share of the first"));
        report::starts(&rows);
        report::draw(&rows, &self.out, "growth-")?;
        println!("pictures in {}", self.out.display());
        Ok(())
    }

    fn wanted(&self) -> Result<Vec<Scenario>, String> {
        let all = scenario::all();
        if let Some(unknown) = self.only.iter().find(|name| all.iter().all(|scenario| scenario.name != **name)) {
            let names: Vec<&str> = all.iter().map(|scenario| scenario.name).collect();
            return Err(format!(
                "there is no scenario {unknown}; there are {}; or {OVERLOAD} or {GROWTH} alone",
                names.join(", ")
            ));
        }
        let is_wanted = |scenario: &Scenario| {
            self.only.is_empty() || scenario.name == NULL || self.only.iter().any(|name| name == scenario.name)
        };
        Ok(all.into_iter().filter(is_wanted).collect())
    }

    fn tell(&self, rows: &[Row], generators: &[wrk::Both]) -> Result<(), String> {
        println!("{}", report::table(rows, "share of null"));
        println!("{NOTES}");
        report::starts(rows);
        match wrk::told(generators) {
            Some(line) => println!("{line}"),
            None => println!("generator vs wrk on null: there is no wrk here"),
        }
        report::draw(rows, &self.out, "")?;
        println!("pictures in {}", self.out.display());
        Ok(())
    }
}

const NOTES: &str = "\
Latencies are an open load's at 0.7 of the throughput; server CPU is for each that is counted, tables written.
Of the recipes those are counted that the server has confirmed; what is paid is answered before, so its latency is the answer's.";

/// A row for each scenario, and one for what ran beside it.
fn rows(scenarios: &[Scenario], measured: &[Vec<Vec<Measured>>]) -> Vec<Row> {
    let null = scenarios.iter().position(|scenario| scenario.name == NULL);
    let ceiling: Vec<f64> =
        null.map_or_else(Vec::new, |place| measured[place].iter().map(|round| round[0].per_second).collect());
    let row = |name: &str, title: &str, rounds: Vec<Measured>| Row {
        name: name.to_owned(),
        title: title.to_owned(),
        shares: rounds.iter().zip(&ceiling).map(|(one, null)| one.per_second / null).collect(),
        rounds,
    };
    let mut rows = Vec::new();
    for (scenario, rounds) in scenarios.iter().zip(measured) {
        let titles = std::iter::once(scenario.title).chain(scenario.beside);
        rows.extend(titles.enumerate().map(|(place, title)| {
            row(scenario.name, title, rounds.iter().filter_map(|round| round.get(place).cloned()).collect())
        }));
    }
    rows
}
