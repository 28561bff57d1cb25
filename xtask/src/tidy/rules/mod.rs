//! The rules, one file each. A rule looks at the repository and returns what breaks it; it never prints and never writes.

mod adr_index;
mod card;
mod chain;
mod code_map;
pub mod crate_graph;
mod crate_size;
mod direction;
mod doors;
mod faults;
mod file_size;
mod function_size;
mod leftovers;
mod limits;
mod links;
mod log_fields;
mod names;
mod sql;

use super::repo::{Finding, Repo};

/// A rule and the name it is reported under.
pub struct Rule {
    pub name: &'static str,
    pub check: fn(&Repo) -> Vec<Finding>,
}

/// Every rule, in the order of the report.
pub const ALL: [Rule; 17] = [
    Rule { name: "file-size", check: file_size::check },
    Rule { name: "function-size", check: function_size::check },
    Rule { name: "crate-size", check: crate_size::check },
    Rule { name: "direction", check: direction::check },
    Rule { name: "chain", check: chain::check },
    Rule { name: "doors", check: doors::check },
    Rule { name: "names", check: names::check },
    Rule { name: "card", check: card::check },
    Rule { name: "crate-graph", check: crate_graph::check },
    Rule { name: "leftovers", check: leftovers::check },
    Rule { name: "links", check: links::check },
    Rule { name: "code-map", check: code_map::check },
    Rule { name: "adr-index", check: adr_index::check },
    Rule { name: "faults", check: faults::check },
    Rule { name: "limits", check: limits::check },
    Rule { name: "log-fields", check: log_fields::check },
    Rule { name: "sql", check: sql::check },
];
