//! The chores of the project, `cargo xtask <verb>`: what a person runs before a commit is what CI runs after it.

mod bench;
mod chore;
mod crash;
mod faults;
mod lint;
mod native;
mod power_loss;
mod release;
mod simulate;
mod test;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask", about = "The chores of the project")]
struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Check the rules of the tree: sizes, directions, doors, names, leftovers, links, faults
    Tidy {
        /// Rewrite docs/crate-graph.txt from the manifests before checking
        #[arg(long)]
        bless: bool,
    },
    /// Build the binary that the stories start, then run every test of the workspace
    Test {
        /// Handed on to `cargo test`, for example `-- a_name` or `-- a_name -- --nocapture`
        #[arg(last = true)]
        extra: Vec<String>,
    },
    /// Check the formatting, run clippy, then `tidy`
    Lint,
    /// Put back what the systems before this one got wrong, one fault after the other: the test named after it must fail
    Faults {
        /// How the names of the tests begin, for example `w01`; all of them if none is given
        names: Vec<String>,
    },
    /// Kill a shop under load, round after round: nothing acknowledged is lost, nothing half done, and it is ready again soon
    Crash {
        /// How often
        #[arg(long, default_value_t = 200)]
        rounds: u32,
        /// How many orders there are in its store before the first round
        #[arg(long, default_value_t = 0)]
        orders: u64,
        /// Which storefronts, moments and backups the rounds have follows from this
        #[arg(long, default_value_t = 20)]
        seed: u64,
    },
    /// Lose the power at moments of a shop's life, with random parts of what was not synced: nothing acknowledged is lost
    PowerLoss {
        /// At how many moments
        #[arg(long, default_value_t = 5_000)]
        moments: u64,
        /// What happens, which moments, and what is lost at them, follows from this
        #[arg(long, default_value_t = 20)]
        seed: u64,
        /// Look again at this log, which a failure kept, with the same seed and moments
        #[arg(long, value_name = "FILE")]
        log: Option<PathBuf>,
    },
    /// Run the shop on many nodes in virtual time, with everything going wrong between them, seed after seed
    Simulate {
        /// The first seed
        #[arg(long, default_value_t = 0)]
        first: u64,
        /// How many seeds
        #[arg(long, default_value_t = 10_000)]
        seeds: u64,
        /// How many orders each has
        #[arg(long, default_value_t = 200)]
        orders: usize,
        /// Take this guard out: epoch, table-epoch, watermark, keys, order, or undo. Then something must be found
        #[arg(long, value_name = "GUARD")]
        without: Option<String>,
    },
    /// Measure the release binary on fresh stores, beside the ceiling of the machine
    Bench {
        /// Handed on: `-- --help` tells what there is
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        extra: Vec<String>,
    },
    /// Build the binary that is given to others, and the file with what debuggers need, in target/dist
    Release,
    /// Everything a change must pass: `lint`, then `test`, and how long each phase took
    Ci,
}

fn main() -> ExitCode {
    let outcome = match Args::parse().verb {
        Verb::Tidy { bless: true } => tidy::bless().and_then(|()| tidy::check()),
        Verb::Tidy { bless: false } => tidy::check(),
        Verb::Test { extra } => test::build().and_then(|()| test::run(&extra)),
        Verb::Lint => chore::run_all(&lint::PHASES),
        Verb::Faults { names } => faults::run(&names),
        Verb::Crash { rounds, orders, seed } => crash::run(rounds, orders, seed),
        Verb::PowerLoss { moments, seed, log } => power_loss::run(moments, seed, log.as_deref()),
        Verb::Simulate { first, seeds, orders, without } => simulate::run(first, seeds, orders, without.as_deref()),
        Verb::Bench { extra } => bench::run(&extra),
        Verb::Release => release::run(),
        Verb::Ci => chore::run_all(&[&lint::PHASES[..], &test::PHASES[..]].concat()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(complaint) => {
            eprintln!("xtask: {complaint}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_verbs_are_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn what_follows_the_dashes_is_handed_on_with_further_dashes() {
        let args = Args::parse_from(["xtask", "test", "--", "a_name", "--", "--nocapture"]);

        let Verb::Test { extra } = args.verb else { panic!("another verb: {args:?}") };
        assert_eq!(extra, ["a_name", "--", "--nocapture"]);
    }
}
