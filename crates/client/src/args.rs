//! What an operator asks for: orders, parked work, offerings, points.

use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use contracts::Detail;
use serde_json::Value;

mod lists;
mod points;

pub use lists::{How, OfferingsList, OrdersList, Part};
pub use points::{Points, PointsVerb};

/// How long a list may be.
const LIST: std::ops::RangeInclusive<u64> = 1..=1_000;

/// How many one customer can have.
const LIMIT: std::ops::RangeInclusive<i64> = 1..=contracts::limits::LIMIT_MAX as i64;

/// A running shop.
#[derive(Debug, Args)]
pub struct Shop {
    /// The address of the running shop.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8088", env = "MAEJIN_URL")]
    pub url: String,
    /// The file with the token to show it; without one, the token in MAEJIN_TOKEN, or none.
    #[arg(long, value_name = "FILE", env = "MAEJIN_TOKEN_FILE")]
    pub token_file: Option<PathBuf>,
    /// One JSON document.
    #[arg(long)]
    pub json: bool,
}

/// A running shop, or the store of one that is stopped.
#[derive(Debug, Args)]
pub struct Source {
    /// The running shop.
    #[command(flatten)]
    pub shop: Shop,
    /// Read the store of a stopped shop in this directory instead.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// With --data: load further storefronts from the .toml files in this directory.
    #[arg(long, value_name = "DIR", requires = "data")]
    pub storefronts: Option<PathBuf>,
}

/// Something with a number in a storefront, such as `show/12`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The storefront's name.
    pub storefront: String,
    /// The number.
    pub number: u64,
}

impl FromStr for Named {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = text.split_once('/').and_then(|(storefront, number)| {
            let number = number.parse().ok().filter(|number| (1..=contracts::NUMBER_MAX).contains(number))?;
            (!storefront.is_empty()).then(|| Self { storefront: storefront.to_owned(), number })
        });
        found.ok_or_else(|| "say the storefront and the number, such as show/12".to_owned())
    }
}

/// Something that is parked: a message by its id, or an order such as `show/12`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParkedThing {
    /// A message.
    Message(u64),
    /// An order.
    Order(Named),
}

impl FromStr for ParkedThing {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let message = || text.parse().map(Self::Message).ok();
        let found = message().or_else(|| text.parse().map(Self::Order).ok());
        found.ok_or_else(|| "say the id of a parked message, or an order such as show/12".to_owned())
    }
}

/// A moment as it was written, if it is one.
fn moment(text: &str) -> Result<String, String> {
    world::moment::read(text).map(|_| text.to_owned()).map_err(|why| why.to_string())
}

/// A name and its value: JSON where it is no object and no list, or else a text as it is.
fn named_value(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| "say a name and a value, such as minutes=90".to_owned())?;
    let read = serde_json::from_str(value).ok().filter(|read: &Value| !read.is_object() && !read.is_array());
    Ok((name.to_owned(), read.unwrap_or_else(|| value.into())))
}

/// Orders.
#[derive(Debug, Args)]
pub struct Orders {
    /// What to do with them.
    #[command(subcommand)]
    pub what: OrdersVerb,
}

/// What can be done with orders.
#[derive(Debug, Subcommand)]
pub enum OrdersVerb {
    /// List orders, newest first.
    List(OrdersList),
    /// Show one order, with its hold, payment and delivery.
    Show {
        /// Which, such as show/12.
        order: Named,
        /// Where to look.
        #[command(flatten)]
        at: Source,
    },
    /// Show every message about one order, in order.
    Timeline {
        /// Which, such as show/12.
        order: Named,
        /// Where to look.
        #[command(flatten)]
        at: Source,
    },
    /// Take an order back: what was done of it is undone, and what was paid is given back. Asks first, on a terminal.
    Cancel {
        /// Which, such as show/12.
        order: Named,
        /// Why: kept with the order, and told to the customer.
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        /// Do not ask first.
        #[arg(long)]
        yes: bool,
        /// Where.
        #[command(flatten)]
        at: Shop,
    },
}

/// Parked work.
#[derive(Debug, Args)]
pub struct Parked {
    /// What to do with it.
    #[command(subcommand)]
    pub what: ParkedVerb,
}

/// What can be done with parked work.
#[derive(Debug, Subcommand)]
pub enum ParkedVerb {
    /// List the messages that a service could not handle, and the orders that cannot go on.
    List {
        /// Also the messages that only wait behind another one.
        #[arg(long)]
        followers: bool,
        /// How many of each at the most.
        #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u64).range(LIST))]
        limit: u64,
        /// How it comes out.
        #[command(flatten)]
        how: How,
        /// Where to look.
        #[command(flatten)]
        at: Source,
    },
    /// Show a parked message with its content, or a parked order: why it is parked, and what to do.
    Show {
        /// The id of a message, or an order such as show/12.
        what: ParkedThing,
        /// Where to look.
        #[command(flatten)]
        at: Source,
    },
    /// Hand a message over again, and those behind it; or ask for an order's step again. Exit 1 if it fails again.
    Retry {
        /// The id of a message, or an order such as show/12.
        what: ParkedThing,
        /// Where.
        #[command(flatten)]
        at: Shop,
    },
    /// Do without a message: it is never handled, and those behind it are. Or undo what was done of an order, and reject it.
    GiveUp {
        /// The id of a message, or an order such as show/12.
        what: ParkedThing,
        /// Where.
        #[command(flatten)]
        at: Shop,
    },
}

/// Offerings.
#[derive(Debug, Args)]
pub struct Offerings {
    /// What to do with them.
    #[command(subcommand)]
    pub what: OfferingsVerb,
}

/// What can be done with offerings.
#[derive(Debug, Subcommand)]
pub enum OfferingsVerb {
    /// List offerings, by storefront and number.
    List(OfferingsList),
    /// Show one.
    Show {
        /// Which, such as show/1.
        offering: Named,
        /// Where to look.
        #[command(flatten)]
        at: Source,
    },
    /// Put an offering on sale.
    Register(NewOffering),
    /// Change one: what is not named stays as it is.
    Change(OfferingChange),
    /// Add to what is left of one.
    AddStock {
        /// Which, such as show/1.
        offering: Named,
        /// How many more.
        #[arg(value_parser = clap::value_parser!(u64).range(1..))]
        add: u64,
        /// Where.
        #[command(flatten)]
        at: Shop,
    },
    /// Take all orders of one back, the newest first, and give back what was paid. Cut off, run it again: it goes on, and takes none
    /// back twice. Exit 1 if some could not be taken back. Asks first, on a terminal.
    CancelOrders {
        /// Which, such as show/1.
        offering: Named,
        /// Why: kept with each order, and told to its customer.
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        /// Do not ask first.
        #[arg(long)]
        yes: bool,
        /// Where.
        #[command(flatten)]
        at: Shop,
    },
    /// Take one off sale, whatever is held and sold of it. What was ordered of it stays, and it can be reopened.
    Withdraw {
        /// Which, such as show/1.
        offering: Named,
        /// Where.
        #[command(flatten)]
        at: Shop,
    },
    /// The seats of one that is sold by numbered seats.
    Seats {
        /// What to do with them.
        #[command(subcommand)]
        what: SeatsVerb,
    },
    /// Put one on sale again that was withdrawn.
    Reopen {
        /// Which, such as show/1.
        offering: Named,
        /// Where.
        #[command(flatten)]
        at: Shop,
    },
}

/// Which logs a running shop writes.
#[derive(Debug, Args)]
pub struct Log {
    /// From now on, and until it is started anew: such as info, or info,engine=debug. Without it, what it is now.
    pub filter: Option<String>,
    /// Where.
    #[command(flatten)]
    pub at: Shop,
}

/// An offering to put on sale.
#[derive(Debug, Args)]
pub struct NewOffering {
    /// The storefront that sells it.
    pub storefront: String,
    /// What people read.
    #[arg(long)]
    pub name: String,
    /// The price of one, in whole won. Seats have prices of their own, so with --seated it may be left out.
    #[arg(long, value_name = "WON", required_unless_present = "seated", value_parser = clap::value_parser!(i64).range(0..))]
    pub price: Option<i64>,
    /// How many there are.
    #[arg(long, value_name = "N", conflicts_with = "seated")]
    pub stock: Option<u64>,
    /// The seller's own reference, where the storefront's clients order by that.
    #[arg(long)]
    pub reference: Option<String>,
    /// It is sold by numbered seats, which are added afterwards.
    #[arg(long)]
    pub seated: bool,
    /// From when on it can be ordered, such as 2027-01-31T09:00:00+09:00.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub on_sale_from: Option<String>,
    /// Until when it can be ordered.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub on_sale_until: Option<String>,
    /// How many of it one customer can have, in all orders that are held or sold.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(LIMIT))]
    pub limit_per_customer: Option<u32>,
    /// What it says of itself.
    #[command(flatten)]
    pub says: Says,
    /// Where.
    #[command(flatten)]
    pub at: Shop,
}

/// Changes of an offering.
#[derive(Debug, Args)]
pub struct OfferingChange {
    /// Which, such as show/1.
    pub offering: Named,
    /// What people read.
    #[arg(long)]
    pub name: Option<String>,
    /// The price of one, in whole won. Orders whose stock is set aside already keep theirs.
    #[arg(long, value_name = "WON", value_parser = clap::value_parser!(i64).range(0..))]
    pub price: Option<i64>,
    /// The seller's own reference.
    #[arg(long)]
    pub reference: Option<String>,
    /// How many there are in all, what is held and sold among them: not fewer than those.
    #[arg(long, value_name = "N")]
    pub stock: Option<u64>,
    /// From when on it can be ordered, such as 2027-01-31T09:00:00+09:00.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub on_sale_from: Option<String>,
    /// It can be ordered from the beginning of time.
    #[arg(long, conflicts_with = "on_sale_from")]
    pub no_on_sale_from: bool,
    /// Until when it can be ordered.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub on_sale_until: Option<String>,
    /// It can be ordered until it is withdrawn.
    #[arg(long, conflicts_with = "on_sale_until")]
    pub no_on_sale_until: bool,
    /// How many of it one customer can have from now on, in all orders that are held or sold.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(LIMIT))]
    pub limit_per_customer: Option<u32>,
    /// A customer can have as many as there are.
    #[arg(long, conflicts_with = "limit_per_customer")]
    pub no_limit_per_customer: bool,
    /// It does not say this any more: starts_at, ends_at, venue, description, image or extra. Can be given more than once.
    #[arg(long, value_name = "WHAT", value_parser = PossibleValuesParser::new(Detail::NAMES.map(|(name, _)| name)))]
    pub without: Vec<String>,
    /// What it says of itself.
    #[command(flatten)]
    pub says: Says,
    /// Where.
    #[command(flatten)]
    pub at: Shop,
}

/// What an offering says of itself.
#[derive(Debug, Args)]
pub struct Says {
    /// When it begins, such as 2027-02-28T19:30:00+09:00.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub starts_at: Option<String>,
    /// When it ends.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub ends_at: Option<String>,
    /// Where it is.
    #[arg(long)]
    pub venue: Option<String>,
    /// What people read about it.
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    /// Where a picture of it is.
    #[arg(long, value_name = "URL")]
    pub image: Option<String>,
    /// A further field that the storefront's file declares: a number, true or false, null to take it away, or else a text. Can be given
    /// more than once.
    #[arg(long, value_name = "NAME=VALUE", value_parser = named_value)]
    pub extra: Vec<(String, Value)>,
}

/// What can be done with seats.
#[derive(Debug, Subcommand)]
pub enum SeatsVerb {
    /// Add the seats of a CSV file, and change those that there are: all, or none where a line is wrong.
    Import {
        /// Which, such as musical/1.
        offering: Named,
        /// The file: a line of heads, `row,number,grade,price,withheld`, and a line for each seat. Prices are in whole won, withheld is yes
        /// or no. What is empty, or has no head, stays as it is.
        file: PathBuf,
        /// Where.
        #[command(flatten)]
        at: Shop,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_named_by_its_storefront_and_number() {
        assert_eq!("show/12".parse(), Ok(Named { storefront: "show".to_owned(), number: 12 }));
        for wrong in ["show", "show/", "/12", "show/0", "show/x", "show/-1", "show/1/2", "show/1099511627776"] {
            assert!(wrong.parse::<Named>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_parked_is_a_message_or_an_order() {
        assert_eq!("77".parse(), Ok(ParkedThing::Message(77)));
        assert_eq!("show/7".parse(), Ok(ParkedThing::Order(Named { storefront: "show".to_owned(), number: 7 })));
        assert!("x".parse::<ParkedThing>().is_err());
    }
}
