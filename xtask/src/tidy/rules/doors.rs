//! What the shop talks to the outside with stands behind a door: only the crates named here may depend on it.

use crate::tidy::graph::Crate;
use crate::tidy::repo::{Finding, Repo};

/// Libraries and the folders of the crates that may depend on them, for tests too.
struct Door {
    libraries: &'static [&'static str],
    behind: &'static [&'static str],
    reason: &'static str,
}

const DOORS: [Door; 7] = [
    Door {
        libraries: &["rusqlite"],
        behind: &["lib/store"],
        reason: "a context says what it keeps, the port says in which database",
    },
    Door {
        libraries: &["tokio-postgres"],
        behind: &["lib/postgres"],
        reason: "a context says what it keeps, the port says in which database",
    },
    Door {
        libraries: &["rdkafka"],
        behind: &["lib/eventlog", "lib/kafka", "tests"],
        reason: "events travel the same way inside one process and between nodes; what is published goes out by one door; tests read it",
    },
    Door {
        libraries: &["axum", "hyper"],
        behind: &[
            "lib/outbound",
            "lib/service",
            "crates/facade",
            "crates/storefronts",
            "crates/gateway",
            "crates/v1",
            "crates/web",
            "crates/sandbox",
            "crates/operator",
            "crates/maejin",
            "tests",
            "bench",
        ],
        reason: "a context offers its operations as data; only what faces the network speaks HTTP",
    },
    Door { libraries: &["lettre"], behind: &["crates/notification"], reason: "one context sends letters" },
    Door {
        libraries: &["hyper-rustls"],
        behind: &["lib/outbound"],
        reason: "the shop calls other people's servers in one way",
    },
    Door {
        libraries: &["ureq"],
        behind: &["crates/client", "tests"],
        reason: "the operator's command line calls a running shop, as tests do; services call nobody",
    },
];

pub fn check(repo: &Repo) -> Vec<Finding> {
    DOORS.iter().flat_map(|door| repo.graph.crates.iter().flat_map(|from| around(repo, door, from))).collect()
}

fn around<'a>(repo: &'a Repo, door: &'a Door, from: &'a Crate) -> impl Iterator<Item = Finding> + 'a {
    let is_behind = door.behind.contains(&from.folder.as_str());
    let used = from.dependencies.iter().map(|dependency| dependency.name.as_str());
    used.filter(move |name| !is_behind && door.libraries.contains(name)).map(move |name| {
        let message =
            format!("{} depends on {name}, which belongs to {}: {}", from.name, door.behind.join(", "), door.reason);
        repo.at_dependency(from, name, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found_in(crates: &[(&str, &str)]) -> Vec<Finding> {
        check(&Repo::sample(&[], crates))
    }

    #[test]
    fn each_library_is_found_in_a_crate_that_is_not_its_door() {
        for library in ["rusqlite", "tokio-postgres", "rdkafka", "axum", "hyper", "lettre", "hyper-rustls", "ureq"] {
            assert_eq!(found_in(&[("crates/stock", library)]).len(), 1, "{library}");
        }
    }

    #[test]
    fn a_dependency_for_tests_only_goes_through_the_door_too() {
        let found = found_in(&[("crates/order", "dev:rusqlite")]);

        assert_eq!(
            found[0].message,
            "order depends on rusqlite, which belongs to lib/store: \
             a context says what it keeps, the port says in which database"
        );
    }

    #[test]
    fn the_doors_themselves_pass() {
        let crates = [
            ("lib/store", "rusqlite"),
            ("lib/postgres", "tokio-postgres"),
            ("lib/eventlog", "rdkafka"),
            ("crates/gateway", "axum hyper"),
            ("crates/notification", "lettre"),
            ("lib/outbound", "hyper hyper-rustls"),
            ("crates/maejin", "axum"),
            ("crates/client", "ureq"),
            ("tests", "axum ureq"),
        ];

        assert_eq!(found_in(&crates), []);
    }
}
