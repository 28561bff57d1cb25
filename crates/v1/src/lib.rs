//! What v1 looks like to its clients: shapes, and the document that describes them.
//!
//! Owns: the JSON of v1 and its OpenAPI document. Knows no service and no server: `crates/maejin` answers the calls.

pub mod document;
pub mod shapes;

#[cfg(test)]
mod tests;
