//! v1, the API for new clients: its shapes, the document that describes them, and its calls over a running node.
//!
//! Owns: the JSON of v1 and its OpenAPI document. What is read from the journal, timelines and live events, somebody else answers.

mod calls;
pub mod document;
pub mod shapes;

pub use calls::{PREFIX, V1, pages};

#[cfg(test)]
mod tests;
