//! The store on SQLite: what it promises to an engine.
#![expect(clippy::unwrap_used, reason = "all of this is tests, also what is no test function")]

mod accident;
mod archive;
mod backup;
mod epoch;
mod finds;
mod given;
mod journal;
mod opening;
mod tables;
