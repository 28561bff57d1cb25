//! Which part of a list is asked for, and how it comes out.

use clap::Args;
use clap::builder::PossibleValuesParser;
use contracts::states::OrderState;

use super::{LIST, Source};

/// How a list comes out, where it is not a table for people.
#[derive(Debug, Args)]
pub struct How {
    /// Comma-separated values with a line of names, for a spreadsheet.
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

/// How much of a list, where from, and how it comes out.
#[derive(Debug, Args)]
pub struct Part {
    /// How many at the most.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u64).range(LIST))]
    pub limit: u64,
    /// Go on after a list, from what it said as next.
    #[arg(long, value_name = "NEXT")]
    pub after: Option<String>,
    /// All that there are, however many.
    #[arg(long, conflicts_with_all = ["limit", "after"])]
    pub all: bool,
    /// How it comes out.
    #[command(flatten)]
    pub how: How,
    /// Where to look.
    #[command(flatten)]
    pub at: Source,
}

/// Which orders to list.
#[derive(Debug, Args)]
pub struct OrdersList {
    /// Only those of this storefront.
    #[arg(long, value_name = "NAME")]
    pub storefront: Option<String>,
    /// Only those in this state.
    #[arg(long, value_parser = PossibleValuesParser::new(OrderState::NAMES))]
    pub state: Option<String>,
    /// Only this customer's, as my page knows them.
    #[arg(long)]
    pub customer: Option<String>,
    /// Only those of this offering of the storefront, by its number.
    #[arg(long, value_name = "N", requires = "storefront", value_parser = clap::value_parser!(u64).range(1..=contracts::NUMBER_MAX))]
    pub offering: Option<u64>,
    /// Only those placed then or later, such as 2026-11-30T00:00:00Z.
    #[arg(long, value_name = "TIME")]
    pub placed_from: Option<String>,
    /// Only those placed before.
    #[arg(long, value_name = "TIME")]
    pub placed_until: Option<String>,
    /// Only those that wait for an operator.
    #[arg(long)]
    pub parked: bool,
    /// How much of it.
    #[command(flatten)]
    pub part: Part,
}

/// Which offerings to list.
#[derive(Debug, Args)]
pub struct OfferingsList {
    /// Only those of this storefront.
    #[arg(long, value_name = "NAME")]
    pub storefront: Option<String>,
    /// Also those that were withdrawn.
    #[arg(long)]
    pub withdrawn: bool,
    /// Only those that can be ordered now, or with --on-sale false only those that cannot.
    #[arg(long, value_name = "YES", num_args = 0..=1, default_missing_value = "true")]
    pub on_sale: Option<bool>,
    /// Only those of which so many are left.
    #[arg(long, value_name = "N")]
    pub min_left: Option<u64>,
    /// Only those of which no more are left.
    #[arg(long, value_name = "N")]
    pub max_left: Option<u64>,
    /// Only those that cost so much, in whole won.
    #[arg(long, value_name = "WON")]
    pub min_price: Option<u64>,
    /// Only those that cost no more.
    #[arg(long, value_name = "WON")]
    pub max_price: Option<u64>,
    /// How much of it.
    #[command(flatten)]
    pub part: Part,
}
