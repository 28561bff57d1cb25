//! What holds of every resource of every storefront: those that are part of the program, and two that only this test has. The resources
//! are found in their files, so that a new one is held to all of this without being named.

mod bodies;
mod given;
mod identity;
mod links;
mod lost_updates;
mod moments;
mod types;
