//! The store on SQLite: what it promises to an engine.

mod given;
mod journal;
mod opening;
mod tables;
