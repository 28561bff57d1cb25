//! What `cargo xtask simulate` runs: the shop on many nodes, seed after seed.

use std::process::ExitCode;

use clap::Parser;
use tests::simulation::{Guard, try_seeds};

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
    /// Take this guard out: then something must be found.
    #[arg(long)]
    without: Option<Guard>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let found = try_seeds(args.first..args.first + args.seeds, args.orders, args.without);
    if let Some(guard) = args.without {
        return without(guard, args.seeds, found.err().unwrap_or_default().len());
    }
    match found {
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

/// Tells with how many of `seeds` it was found that `guard` is gone, which must be some.
fn without(guard: Guard, seeds: u64, found: usize) -> ExitCode {
    println!("without the guard {guard}: something did not hold with {found} of {seeds} seeds");
    if found > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
