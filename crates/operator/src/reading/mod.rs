//! What an operator can read, from tables that are up to the journal: of a running shop over HTTP, of a stopped one from its files.

mod offerings;
mod orders;
mod parked;
mod points;

use backend::Backend;
use contracts::display::{EventIds, StorefrontNames};
use contracts::queries::PageCursor;
use contracts::{NUMBER_MAX, Numbered, StorefrontNo};
use edge::timeline::entry;
use serde_json::{Value, json};

use super::OperatorError;
use super::request::Filters;

pub use offerings::offering;
pub use orders::order;
pub use points::account;

/// How long a list is unless another length is asked for.
const LIMIT: u64 = 50;
/// How long a list is at the most.
pub const LIMIT_MAX: u64 = 1_000;

/// The places that can be read, for an answer to one who asked for another thing there.
const PLACES: [&str; 4] = ["orders", "parked", "offerings", "points"];

/// Reads what an operator may see.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// The shop, or the store of one that does not run.
    pub backend: &'a dyn Backend,
    /// The names of its storefronts.
    pub names: &'a StorefrontNames,
    /// How ids of its messages are written.
    pub ids: &'a EventIds,
    /// The present moment, in milliseconds since the Unix epoch: what is on sale depends on it.
    pub now_ms: u64,
}

impl Reader<'_> {
    /// What is at `path`, below the operator's prefix, narrowed by `query`.
    ///
    /// # Errors
    /// If there is nothing, or the query cannot be meant, or nothing can be read.
    pub async fn read(self, path: &[&str], query: &str) -> Result<Value, OperatorError> {
        let names = self.names;
        if !path.first().is_none_or(|first| PLACES.contains(first)) {
            return Err(OperatorError::nothing_here());
        }
        let mut filters = Filters::of(query)?;
        let found = match path {
            [] => Ok(
                json!({ "orders": "/operator/orders", "parked": "/operator/parked", "offerings": "/operator/offerings" }),
            ),
            ["orders"] => self.orders(&mut filters).await,
            ["orders", storefront, number] => self.one_order(id(names, storefront, number)?).await,
            ["orders", storefront, number, "timeline"] => {
                filters.end()?;
                return self.timeline(storefront, number).await;
            }
            ["parked"] => self.parked(&mut filters).await,
            ["parked", id] => self.one_parked(id).await,
            ["offerings"] => self.offerings(&mut filters).await,
            ["offerings", storefront, number] => self.one_offering(id(names, storefront, number)?).await,
            ["points", customer] => self.points(customer, &mut filters).await,
            _ => Err(OperatorError::nothing_here()),
        }?;
        filters.end()?;
        Ok(found)
    }

    /// Every message about an order, in order.
    async fn timeline(self, storefront: &str, number: &str) -> Result<Value, OperatorError> {
        let said = self.backend.timeline(id(self.names, storefront, number)?).await?;
        if said.is_empty() {
            return Err(OperatorError::not_found(format!("there is no order {storefront}/{number}")));
        }
        Ok(json!({ "items": said.iter().map(|said| entry(said, self.ids)).collect::<Vec<_>>() }))
    }
}

/// The id of number `number` in the storefront named `storefront`.
pub fn id<I: Numbered>(names: &StorefrontNames, storefront: &str, number: &str) -> Result<I, OperatorError> {
    let no = named(names, storefront)?;
    let found = number.parse().ok().filter(|number| (1..=NUMBER_MAX).contains(number));
    found.map(|number| I::of(no, number)).ok_or_else(|| {
        OperatorError::not_found(format!("{number} is no number: they are whole and go from 1 to {NUMBER_MAX}"))
    })
}

/// The storefront named `name`.
pub fn named(names: &StorefrontNames, name: &str) -> Result<StorefrontNo, OperatorError> {
    names
        .number(name)
        .ok_or_else(|| OperatorError::not_found(format!("there is no storefront {name}; there are {}", names.all())))
}

/// The storefronts that a list goes through: the one that is asked for, or all.
fn storefronts_of(names: &StorefrontNames, filters: &mut Filters<'_>) -> Result<Vec<StorefrontNo>, OperatorError> {
    match filters.text("storefront") {
        None => Ok(names.numbers()),
        Some(name) => Ok(vec![named(names, &name)?]),
    }
}

/// Where a list with the newest first goes on.
fn cursor_of(filters: &mut Filters<'_>) -> Result<Option<PageCursor>, OperatorError> {
    let Some(after) = filters.text("after").filter(|after| !after.is_empty()) else { return Ok(None) };
    let cursor = PageCursor::read(&after);
    cursor.map(Some).ok_or_else(|| OperatorError::filter("after", "after is what the list before said as next"))
}
