//! What holds for every message there is, found from the list of their kinds.

mod forms;
mod sample;
mod shards;
