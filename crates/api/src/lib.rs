//! What v1 looks like to its clients: shapes, ids, problems, preconditions, pages, and the document that describes them.
//!
//! Owns: the JSON of v1 and its OpenAPI document. Knows no service and no server: `crates/maejin` answers the calls.
//! Always: what is given out is accepted; what is not understood is refused by name, never ignored.

pub mod body;
pub mod document;
pub mod headers;
pub mod ids;
pub mod page;
pub mod preconditions;
mod problem;
pub mod query;
pub mod shapes;

pub use problem::Problem;
