//! A whole shop in one process, without threads, network and clock: all services on one engine and one store, batch by batch, with a
//! payment provider that is played. What it was asked is noted, so that the same can be asked again in another way.

mod copied;
mod course;
mod faults;
mod input;
mod invariants;
mod provider;
mod workload;

use std::rc::Rc;
use std::sync::OnceLock;

use contracts::{Answer, Message, Recipes, ServiceName};
use engine::Service;
use store::{Identity, Incarnation};
use testkit::{Plan, Rig};
use typed::Table;

pub use copied::Copied;
pub use course::CoreShop;
pub use faults::{Stumbles, Stumbling, Twice};
pub use input::{Input, feed, replay};
pub use invariants::{Rows, check};
pub use provider::Provider;
pub use workload::{COUPON, MOVIE, MUSICAL, Op, SHOP, SHOW, busy, first_offerings, message, offerings, place};

/// A service of the shop.
pub type AnyService = Box<dyn Service<Message, Answer>>;

/// When the shop opens, in milliseconds since the Unix epoch.
pub const OPENING: u64 = 1_700_000_000_000;

/// The recipes of the storefronts that are part of the program.
///
/// # Panics
/// If they cannot be loaded.
pub fn recipes() -> Recipes {
    static SHIPPED: OnceLock<Recipes> = OnceLock::new();
    let shipped = || storefronts::recipes(&storefronts::shipped().expect("the shipped storefronts are sound"));
    SHIPPED.get_or_init(shipped).clone()
}

/// The store that all of it happens in: always the same one, so that what happens twice is the same.
fn identity() -> Identity {
    Identity { store: "a-store".to_owned(), incarnation: Incarnation(1) }
}

/// All services.
pub fn services(recipes: &Recipes) -> Vec<AnyService> {
    host::services(&identity(), recipes, None)
}

/// The tables of the business: those of all services, without the engine's own.
pub fn business_tables() -> Vec<&'static Table> {
    host::HOSTED.iter().flat_map(|hosted| (hosted.tables)()).collect()
}

/// All tables.
pub fn tables() -> Vec<&'static Table> {
    host::tables()
}

/// What a shop is made of whose services are `pick`ed from all of them, or wrapped.
pub fn plan(pick: impl Fn(Vec<AnyService>) -> Vec<AnyService> + 'static) -> Rc<Plan<Message, Answer>> {
    let recipes = recipes();
    let services = Box::new(move || pick(services(&recipes)));
    Rc::new(Plan { tables: tables(), services })
}

/// An engine with all services.
pub fn rig() -> Rig<Message, Answer> {
    Rig::new(plan(|services| services), OPENING)
}

/// An engine with these services.
pub fn rig_of(hosted: &[ServiceName]) -> Rig<Message, Answer> {
    let hosted = hosted.to_vec();
    let picked = move |services: Vec<AnyService>| {
        services.into_iter().filter(|service| hosted.iter().any(|name| *name as u8 == service.number())).collect()
    };
    Rig::new(plan(picked), OPENING)
}
