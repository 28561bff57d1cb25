//! A run: all scenarios that are wanted, round after round, so that a slow hour hits all alike.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use crate::measure::{self, Measured};
use crate::overload::{self, Parts};
use crate::report::{self, Row, Spread};
use crate::scenario::{self, NULL, Scenario};

/// Named on the command line, it overloads the shop instead of filling the table.
const OVERLOAD: &str = "overload";
/// What it is overloaded with.
const HOT: &str = "hot";

/// What to measure, and how long.
#[derive(Debug, Args)]
pub struct Run {
    /// How many rounds; the table shows their medians
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long each scenario is loaded in a round; half as long again for latencies
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Only these, and what they are compared to; `overload` alone: three times the capacity for a minute
    #[arg(long, num_args = 1.., value_name = "NAME")]
    only: Vec<String>,
    /// One short round: to see that it works
    #[arg(long)]
    quick: bool,
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
        write(&storefronts.path().join("rush.toml"), include_str!("../storefronts/rush.toml"))?;
        std::fs::create_dir_all(&self.out).map_err(|error| format!("{}: {error}", self.out.display()))?;
        if self.only == [OVERLOAD] {
            return self.overload(storefronts.path());
        }
        let scenarios = self.wanted()?;
        let (rounds, lasts) = match self.quick {
            true => (1, Duration::from_millis(400)),
            false => (self.rounds.max(1), Duration::from_secs_f64(self.seconds.max(0.1))),
        };
        let mut measured: Vec<Vec<Measured>> = scenarios.iter().map(|_| Vec::new()).collect();
        for round in 1..=rounds {
            for (scenario, rounds) in scenarios.iter().zip(&mut measured) {
                let one = measure::once(scenario, storefronts.path(), lasts)?;
                eprintln!("round {round}  {:<10} {:>9.0}/s  {:.4} ms", scenario.name, one.per_second, one.cpu_ms);
                rounds.push(one);
            }
        }
        self.tell(&rows(&scenarios, measured))
    }

    fn overload(&self, storefronts: &Path) -> Result<(), String> {
        let seconds = |short, long| Duration::from_secs(if self.quick { short } else { long });
        let parts = Parts {
            capacity: seconds(1, 10),
            overload: seconds(2, 60),
            after: seconds(2, 10),
            crowd: if self.quick { 1_000 } else { 2_048 },
        };
        let hot = scenario::all().into_iter().find(|scenario| scenario.name == HOT);
        let hot = hot.ok_or("one hot offering is always there")?;
        write(&self.out.join("overload.svg"), &overload::run(&hot, storefronts, parts)?)?;
        println!("a picture in {}", self.out.display());
        Ok(())
    }

    fn wanted(&self) -> Result<Vec<Scenario>, String> {
        let all = scenario::all();
        if let Some(unknown) = self.only.iter().find(|name| all.iter().all(|scenario| scenario.name != **name)) {
            let names: Vec<&str> = all.iter().map(|scenario| scenario.name).collect();
            return Err(format!("there is no scenario {unknown}; there are {}, or {OVERLOAD} alone", names.join(", ")));
        }
        let is_wanted = |scenario: &Scenario| {
            self.only.is_empty() || scenario.name == NULL || self.only.iter().any(|name| name == scenario.name)
        };
        Ok(all.into_iter().filter(is_wanted).collect())
    }

    fn tell(&self, rows: &[Row]) -> Result<(), String> {
        println!("{}", report::table(rows));
        println!(
            "Latencies are an open load's at 0.7 of the throughput; server CPU is for each that is counted, tables written."
        );
        for row in rows {
            let of = |digits, pick: fn(&Measured) -> f64| row.spread(pick).map_or_else(String::new, |s| s.text(digits));
            let (ready, idle) = (of(0, |one| one.ready_ms), of(0, |one| one.idle_mb));
            let own = of(4, |one| one.load_cpu_ms);
            println!("{:<10} ready after {ready} ms, idle memory {idle} MB; the load took {own} ms CPU each", row.name);
        }
        let shown = |pick: fn(&Measured) -> f64| -> Vec<(String, Spread)> {
            rows.iter().filter_map(|row| Some((row.title.clone(), row.spread(pick)?))).collect()
        };
        let throughput = report::bars("Each second (median, lowest to highest)", 0, &shown(|one| one.per_second));
        write(&self.out.join("throughput.svg"), &throughput)?;
        let cpu = report::bars("Server CPU for each, in microseconds", 1, &shown(|one| one.cpu_ms * 1_000.0));
        write(&self.out.join("cpu.svg"), &cpu)?;
        println!("pictures in {}", self.out.display());
        Ok(())
    }
}

fn rows(scenarios: &[Scenario], measured: Vec<Vec<Measured>>) -> Vec<Row> {
    let null = scenarios.iter().position(|scenario| scenario.name == NULL);
    let ceiling: Vec<f64> =
        null.map_or_else(Vec::new, |place| measured[place].iter().map(|one| one.per_second).collect());
    let row = |(scenario, rounds): (&Scenario, Vec<Measured>)| Row {
        name: scenario.name.to_owned(),
        title: scenario.title.to_owned(),
        shares: rounds.iter().zip(&ceiling).map(|(one, null)| one.per_second / null).collect(),
        rounds,
    };
    scenarios.iter().zip(measured).map(row).collect()
}

fn write(file: &Path, content: &str) -> Result<(), String> {
    std::fs::write(file, content).map_err(|error| format!("{}: {error}", file.display()))
}
