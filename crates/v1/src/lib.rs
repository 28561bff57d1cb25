//! v1, the API for new clients: its shapes, the document that describes them, its calls over a running node, and events as they happen.
//!
//! Owns: the JSON of v1 and its OpenAPI document.

mod calls;
pub mod document;
mod events;
pub mod shapes;

pub use calls::{PREFIX, Page, V1, pages};

#[cfg(test)]
mod tests;
