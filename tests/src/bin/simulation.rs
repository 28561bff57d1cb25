//! What `cargo xtask simulate` runs: the shop on many nodes, seed after seed.

use std::process::ExitCode;

use clap::Parser;
use tests::simulation::{APART, try_seeds};

/// Try seeds.
#[derive(Debug, Parser)]
struct Args {
    /// The first one.
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// How many.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..))]
    seeds: u64,
    /// How many orders each has.
    #[arg(long, default_value_t = 200)]
    orders: usize,
}

fn main() -> ExitCode {
    let args = Args::parse();
    match try_seeds(args.first..args.first + args.seeds, &APART, args.orders) {
        Ok(course) => {
            println!("{course}");
            ExitCode::SUCCESS
        }
        Err(failed) => {
            eprintln!("something did not hold with these seeds: {failed:?}");
            ExitCode::FAILURE
        }
    }
}
