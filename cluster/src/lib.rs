//! What a shop of several processes stands on, started on this machine without containers: for tests, and for whoever wants to see one.

pub mod kafka;
pub mod postgres;
