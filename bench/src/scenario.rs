//! What is measured: on which server, what is there before, what is asked, and what counts as done.

mod catalogue;
mod orders;
mod recipes;

use std::time::Duration;

pub use catalogue::PLENTY;
pub use orders::{CONFIRMED, CUSTOMERS, my_page};

use crate::load::{Load, Pace, Reading, Requests};
use crate::server::Server;

/// So many connections in a closed load: enough to keep two cores busy.
pub const CONNECTIONS: usize = 256;
/// How many offerings are many.
const MANY: u64 = 10_000;
/// More seats than this cannot be sold in a second: so many are there for each that a load lasts.
pub const SEATS_PER_SECOND: f64 = 30_000.0;

/// Which server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// The HTTP stack alone, or with one append.
    Ceiling,
    /// The shop.
    Shop,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// Answers that say that it was done.
    Done,
    /// Answers that say that nothing is left.
    Refused,
    /// Orders of this storefront that the server itself counts as confirmed, however long after the answer.
    Confirmed(&'static str),
}

/// Something to measure.
pub struct Scenario {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is, for people.
    pub title: &'static str,
    /// Which server.
    pub on: On,
    /// What the body of an answer says when it was done.
    pub done: &'static str,
    /// What is counted.
    pub counts: Counts,
    /// How many can be asked for in each second that it lasts, where they run out.
    pub at_most_per_second: Option<f64>,
    /// Makes what must be there before a load that lasts so long.
    pub prepare: fn(&Server, Duration) -> Result<(), String>,
    /// What is asked.
    pub requests: fn() -> Requests,
    /// What is called that runs beside it at half its capacity, if anything does: orders beside reads.
    pub beside: Option<&'static str>,
}

/// The one that all others are compared to.
pub const NULL: &str = "null";
/// One hot offering.
pub const HOT: &str = "hot";

/// All that can be measured, in the order of the table.
pub fn all() -> Vec<Scenario> {
    let mut all = vec![
        null(),
        ceiling("append", "the same, and one group-committed append", || orders::keyed("/append", |_| 1)),
        hot(),
        shop(
            "hot-plain",
            "one hot offering, without keys",
            |server, _| catalogue::offering(server, PLENTY),
            || orders::rush_plain(|_| 1),
        ),
        shop(
            "many",
            "10,000 offerings",
            |server, _| catalogue::many(server, MANY),
            || orders::rush(|count| orders::one_of(MANY, count)),
        ),
        Scenario {
            counts: Counts::Refused,
            ..shop("sold-out", "sold-out answers", |server, _| catalogue::offering(server, 0), || orders::rush(|_| 1))
        },
        Scenario {
            counts: Counts::Refused,
            ..shop(
                "sold-out-plain",
                "sold out, without keys",
                |server, _| catalogue::offering(server, 0),
                || orders::rush_plain(|_| 1),
            )
        },
        Scenario {
            at_most_per_second: Some(SEATS_PER_SECOND),
            ..shop(
                "seats",
                "seats, one each, in halls of 1,000",
                |server, lasts| catalogue::halls(server, "rush", lasts),
                orders::seats,
            )
        },
        Scenario { beside: Some("those orders meanwhile"), ..hot_as("my-page", "my page read, orders at half") },
        shop(
            "hot-facade",
            "one hot offering, by a facade",
            |server, _| catalogue::offering(server, PLENTY),
            || orders::plain("/rush/orders", |_| 1),
        ),
    ];
    all.extend(recipes::all());
    all
}

/// What all others are compared to.
pub fn null() -> Scenario {
    ceiling(NULL, "the HTTP stack with nothing behind it", || orders::keyed("/null", |_| 1))
}

fn ceiling(name: &'static str, title: &'static str, requests: fn() -> Requests) -> Scenario {
    Scenario { on: On::Ceiling, ..shop(name, title, |_, _| Ok(()), requests) }
}

/// Orders of one hot offering.
pub fn hot() -> Scenario {
    hot_as(HOT, "one hot offering")
}

fn hot_as(name: &'static str, title: &'static str) -> Scenario {
    shop(name, title, |server, _| catalogue::offering(server, PLENTY), || orders::rush(|_| 1))
}

fn shop(
    name: &'static str,
    title: &'static str,
    prepare: fn(&Server, Duration) -> Result<(), String>,
    requests: fn() -> Requests,
) -> Scenario {
    Scenario {
        name,
        title,
        on: On::Shop,
        done: orders::CONFIRMED,
        counts: Counts::Done,
        at_most_per_second: None,
        prepare,
        requests,
        beside: None,
    }
}

/// Makes `count` things, as fast as it goes; the rate.
///
/// # Errors
/// If one of them was not made.
pub fn make(server: &Server, count: u64, done: &'static str, requests: &mut Requests) -> Result<f64, String> {
    let load = Load {
        address: server.address,
        connections: CONNECTIONS,
        pace: Pace::Closed,
        lasts: Duration::from_secs(600),
        at_most: Some(count),
    };
    let made = load.run(&Reading::new(done), requests)?;
    if made.done == count {
        Ok(count as f64 / made.lasted.as_secs_f64())
    } else {
        Err(format!("{} of {count} were made; an answer: {:?}", made.done, made.oddity))
    }
}
