//! What `cargo xtask crash` runs: a shop is killed under load, round after round, and how soon it is ready again is printed.

use std::time::Duration;

use clap::Parser;
use tests::crash::{Plan, Round, rounds};

/// Kill a shop under load, again and again.
#[derive(Debug, Parser)]
struct Args {
    /// How often.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// How many orders there are before the first round.
    #[arg(long, default_value_t = 0)]
    orders: u64,
    /// What the rounds are like follows from this.
    #[arg(long, default_value_t = 20)]
    seed: u64,
}

fn main() {
    let Args { rounds: many, orders, seed } = Args::parse();
    println!("round  killed after  acknowledged  ready again  backup");
    let all = rounds(Plan { rounds: many as usize, seed, orders }, |round| {
        let Round { number, after, acknowledged, backup, ready, .. } = round;
        let backup = if *backup { "under way" } else { "" };
        println!("{number:>5}  {:>9} ms  {acknowledged:>12}  {:>8} ms  {backup}", after.as_millis(), ready.as_millis());
    });
    let mut ready: Vec<Duration> = all.iter().map(|round| round.ready).collect();
    ready.sort_unstable();
    let acknowledged: usize = all.iter().map(|round| round.acknowledged).sum();
    println!("{many} rounds, {acknowledged} acknowledged: nothing lost, nothing half done");
    let (median, max) = (ready[ready.len() / 2], ready[ready.len() - 1]);
    println!("ready again after {} ms in the median, {} ms at most", median.as_millis(), max.as_millis());
}
