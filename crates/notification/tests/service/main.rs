//! The notification service as a whole: its rules through the engine, its tables in a store, its mail to a real server.
#![expect(clippy::unwrap_used, reason = "all of this is tests, also what is no test function")]

mod given;
mod inbox_rules;
mod mail_attempts;
mod mail_rules;
mod mail_server;
mod over_smtp;
