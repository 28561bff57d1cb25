//! The delivery service as a whole: its rules through the engine, its tables in a store.
#![expect(clippy::unwrap_used, reason = "all of this is tests, also what is no test function")]

mod given;
mod rules;
mod tables;
