//! What an operator can read, from tables that are up to the journal: of a running shop over HTTP, of a stopped one from its files.

mod offerings;
mod orders;
mod parked;
mod points;

use std::path::Path;

use contracts::{NUMBER_MAX, Numbered, StorefrontNo};
use serde_json::{Value, json};
use store::{TableReader, select};
use typed::{Row, Sql};

use super::OperatorError;
use super::request::Filters;
use contracts::display::StorefrontNames;
use edge::timeline::entry;

pub use offerings::offering;
pub use orders::order;
pub use points::account;

/// How long a list is unless another length is asked for.
const LIMIT: u64 = 50;
/// How long a list is at the most.
pub const LIMIT_MAX: u64 = 1_000;

/// The places that can be read, for an answer to one who asked for another thing there.
const PLACES: [&str; 4] = ["orders", "parked", "offerings", "points"];

/// What is at `path`, below the operator's prefix, narrowed by `query`.
///
/// # Errors
/// If there is nothing, or the query cannot be meant, or the tables cannot be read.
pub fn read(
    reader: &mut dyn TableReader,
    names: &StorefrontNames,
    path: &[&str],
    query: &str,
) -> Result<Value, OperatorError> {
    let mut filters = Filters::of(query)?;
    let found = match path {
        [] => Ok(
            json!({ "orders": "/operator/orders", "parked": "/operator/parked", "offerings": "/operator/offerings" }),
        ),
        ["orders"] => orders::list(reader, names, &mut filters),
        ["orders", storefront, number] => orders::one(reader, names, id(names, storefront, number)?),
        ["parked"] => parked::list(reader, names, &mut filters),
        ["parked", id] => parked::one(reader, names, id),
        ["offerings"] => offerings::list(reader, names, &mut filters),
        ["offerings", storefront, number] => offerings::one(reader, names, id(names, storefront, number)?),
        ["points", customer] => points::one(reader, names, customer, &mut filters),
        _ => Err(OperatorError::nothing_here()),
    }?;
    filters.end()?;
    Ok(found)
}

/// Every message about an order, in order, from the journal in `dir`.
///
/// # Errors
/// If there is no such order, or the journal cannot be read.
pub fn timeline(dir: &Path, names: &StorefrontNames, storefront: &str, number: &str) -> Result<Value, OperatorError> {
    let order = id(names, storefront, number)?;
    let (said, ids) = (host::history::timeline(dir, order)?, host::history::event_ids(dir)?);
    let items: Vec<_> = said.iter().map(|said| entry(said, &ids)).collect();
    if items.is_empty() {
        return Err(OperatorError::not_found(format!("there is no order {storefront}/{number}")));
    }
    Ok(json!({ "items": items }))
}

/// Whether something is read at `path`.
pub fn is_place(path: &[&str]) -> bool {
    path.first().is_none_or(|first| PLACES.contains(first))
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

/// The row of `key`.
fn row<R: Row>(reader: &mut dyn TableReader, key: u64) -> Result<Option<R>, OperatorError> {
    let tail = format!("WHERE {} = ?1", R::TABLE.columns[0]);
    Ok(select::<R>(reader, &tail, &[int(key)])?.pop())
}

fn int(number: u64) -> Sql<'static> {
    Sql::Int(i64::try_from(number).unwrap_or(i64::MAX))
}
