//! The storefronts: a recipe and a facade for each, declared in one TOML file, and the one mechanism that serves every facade.
//!
//! Owns the shape of what clients of a storefront see (paths, field names, HAL). Knows no service and no store: it meets them
//! through [`port::Shop`]. Invariant: **a facade decides nothing about business**; it reads, checks types, asks, and writes.

mod attribute;
mod check;
#[cfg(test)]
mod documented;
mod facade;
mod file;
mod load;
pub mod port;
mod resource;
mod storefront;

pub use attribute::{Attribute, Kind, PaymentState, State};
pub use check::RESERVED_NAMES;
pub use facade::{BODY_LIMIT, Facade, Mount};
pub use load::{LoadError, STOREFRONTS_MAX, load, load_one, parse, recipes, shipped, text_of};
pub use resource::{CancelWhen, Field, FieldType, Ids, Resource, Search, SearchAnswer, Statuses, Writes};
pub use storefront::{Check, Storefront};
