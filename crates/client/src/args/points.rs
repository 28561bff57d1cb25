//! What can be done with points.

use clap::{Args, Subcommand};

use super::{How, LIST, Shop, Source};

/// Points.
#[derive(Debug, Args)]
pub struct Points {
    /// What to do with them.
    #[command(subcommand)]
    pub what: PointsVerb,
}

/// What can be done with points.
#[derive(Debug, Subcommand)]
pub enum PointsVerb {
    /// Show a customer's balance and the newest entries of the ledger.
    Show {
        /// Whose.
        customer: String,
        /// How many entries at the most.
        #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(LIST))]
        limit: u64,
        /// Go on after a list, from what it said as next.
        #[arg(long, value_name = "NEXT")]
        after: Option<String>,
        /// All entries, however many.
        #[arg(long, conflicts_with_all = ["limit", "after"])]
        all: bool,
        /// How it comes out; with --csv the entries alone.
        #[command(flatten)]
        how: How,
        /// Where to look.
        #[command(flatten)]
        at: Source,
    },
    /// Give a customer so many more points, or fewer: a correction, by an entry of its own in the ledger.
    Add {
        /// Whose. A customer without an account gets one.
        customer: String,
        /// How many; below zero to take some away.
        #[arg(allow_negative_numbers = true)]
        points: i64,
        /// Why: kept in the ledger, which the customer sees.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// What makes a repetition known: with the same key the same is done once, for a day at least.
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
        /// Also where the customer has fewer than none then.
        #[arg(long)]
        below_zero: bool,
        /// Where.
        #[command(flatten)]
        at: Shop,
    },
    /// Set a customer's balance, by an entry of its own in the ledger.
    Set {
        /// Whose.
        customer: String,
        /// The new balance.
        #[arg(allow_negative_numbers = true)]
        balance: i64,
        /// Where.
        #[command(flatten)]
        at: Shop,
    },
}
