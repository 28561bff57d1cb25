//! What is measured: on which server, what is there before, what is asked, and what counts as done.

mod orders;

use std::time::Duration;

use crate::call;
use crate::load::{Kind, Load, Pace, Reading, Requests};
use crate::server::Server;

/// So many connections in a closed load: enough to keep two cores busy.
pub const CONNECTIONS: usize = 64;
/// As much as no load can sell.
const PLENTY: u64 = 2_000_000_000;
/// How many offerings are many.
const MANY: u64 = 10_000;

/// Which server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// The HTTP stack alone, or with one append.
    Ceiling,
    /// The shop.
    Shop,
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
    /// Which answers are counted.
    pub counts: Kind,
    /// Makes what must be there before.
    pub prepare: fn(&Server) -> Result<(), String>,
    /// What is asked.
    pub requests: fn() -> Requests,
}

/// The one that all others are compared to.
pub const NULL: &str = "null";

/// All that can be measured, in the order of the table.
pub fn all() -> Vec<Scenario> {
    let shop = |name, title, prepare, requests| Scenario {
        name,
        title,
        on: On::Shop,
        done: orders::CONFIRMED,
        counts: Kind::Done,
        prepare,
        requests,
    };
    let ceiling = |name, title, requests| Scenario { on: On::Ceiling, ..shop(name, title, |_| Ok(()), requests) };
    vec![
        ceiling(NULL, "the HTTP stack with nothing behind it", || orders::of("/null", |_| 1)),
        ceiling("append", "the same, and one group-committed append", || orders::of("/append", |_| 1)),
        shop("hot", "one hot offering", |server| offering(server, 1, PLENTY), || orders::rush(|_| 1)),
        shop("many", "10,000 offerings", many_offerings, || orders::rush(orders::one_of_many)),
        Scenario {
            counts: Kind::Refused,
            ..shop("sold-out", "sold-out answers", |server| offering(server, 1, 0), || orders::rush(|_| 1))
        },
    ]
}

fn offering(server: &Server, id: u64, stock: u64) -> Result<(), String> {
    call::make(server.address, "/rush/offerings", &orders::offering(id, stock)).map(|_| ())
}

fn many_offerings(server: &Server) -> Result<(), String> {
    let mut id = 0;
    let mut requests: Requests = Box::new(move |into| {
        id += 1;
        call::write_post(into, "/rush/offerings", orders::offering(id, PLENTY).as_bytes());
    });
    make(server, MANY, &mut requests)
}

/// Makes `count` things, as fast as it goes.
fn make(server: &Server, count: u64, requests: &mut Requests) -> Result<(), String> {
    let load = Load {
        address: server.address,
        connections: CONNECTIONS,
        pace: Pace::Closed,
        lasts: Duration::from_secs(600),
        at_most: Some(count),
    };
    let made = load.run(&Reading::new(""), requests)?;
    if made.done == count {
        Ok(())
    } else {
        Err(format!("{} of {count} were made; an answer: {:?}", made.done, made.oddity))
    }
}
