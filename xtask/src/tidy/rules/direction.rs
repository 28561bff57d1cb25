//! Who may depend on whom: `lib/` never names `crates/`, and no context names another: they meet in `contracts`.

use crate::tidy::graph::{Crate, Dependency, Graph};
use crate::tidy::repo::{Finding, Repo};

/// The words that services share, and how a list of their rows is answered: every crate of the business may depend on these.
const SHARED: [&str; 2] = ["contracts", "records"];
/// The port to the shop, and what doors are made of: the shop behind the facades may depend on these.
const OF_DOORS: [&str; 4] = ["backend", "edge", "gateway", "storefronts"];

/// These see several contexts, each for a reason of its own.
const SEE_SEVERAL: [(&str, &str); 7] = [
    ("host", "hosts the services, and has the one list of them"),
    ("maintenance", "reads and mends the rows of all services in a store"),
    ("sample", "has all services handle a few messages, for the tests of others"),
    ("maejin", "wires the contexts into one binary"),
    ("tests", "tells stories of the whole shop"),
    ("bench", "loads the whole shop"),
    ("xtask", "does the chores of all crates"),
];

/// What hosts the services, and so depends on each of them.
const HOST: &str = "host";
/// The port to them, which is no service.
const PORT: &str = "backend";
/// Nobody else knows all services: what is about each of them goes over the one list.
const KNOW_ALL: [&str; 2] = [HOST, "maejin"];

/// Makes stores for tests, and panics where something is missing.
const FOR_TESTS: &str = "sample";

/// The verbs on stores: they are to work on any machine that has the files, whatever doors the shop has.
const BELOW_DOORS: &str = "maintenance";
/// What speaks to clients, and to those who listen.
const DOORS: [&str; 8] = ["edge", "facade", "feed", "gateway", "operator", "storefronts", "v1", "web"];

/// Doors that meet the services through a port, or not at all.
const BEHIND_A_PORT: [&str; 7] = ["edge", "facade", "feed", "gateway", "operator", "storefronts", "v1"];
/// How services run and where their rows are.
const INSIDE: [&str; 3] = ["engine", "host", "store"];

/// A single dependency inside the business that is allowed.
struct Allowed {
    from: &'static str,
    to: &'static str,
    tests_only: bool,
}

const ALLOWED: [Allowed; 14] = [
    // The port to the shop is no context: what all doors do with it is done in one way.
    Allowed { from: "edge", to: "backend", tests_only: false },
    // The manners of HTTP are no context: all doors refuse in the same words.
    Allowed { from: "gateway", to: "edge", tests_only: false },
    Allowed { from: "operator", to: "edge", tests_only: false },
    // What is published is what doors show, and comes over the port.
    Allowed { from: "feed", to: "edge", tests_only: false },
    Allowed { from: "feed", to: "backend", tests_only: false },
    Allowed { from: "feed", to: "old_names", tests_only: false },
    // A door is mounted behind the public one, and asks the shop through the port.
    Allowed { from: "operator", to: "gateway", tests_only: false },
    Allowed { from: "operator", to: "backend", tests_only: false },
    Allowed { from: "v1", to: "edge", tests_only: false },
    Allowed { from: "v1", to: "gateway", tests_only: false },
    Allowed { from: "v1", to: "backend", tests_only: false },
    // v1 shows the storefronts that are served.
    Allowed { from: "v1", to: "storefronts", tests_only: false },
    // The port to the payment providers is a crate of its own, but no context.
    Allowed { from: "payment", to: "provider", tests_only: false },
    // The client and the stand-in server are two sides of one interface, tested against each other.
    Allowed { from: "provider", to: "sandbox", tests_only: true },
];

pub fn check(repo: &Repo) -> Vec<Finding> {
    let graph = &repo.graph;
    let single = graph.crates.iter().flat_map(|from| {
        graph.members(from).filter_map(move |(to, how)| {
            let why = refusal(from, to, how)?;
            Some(repo.at_dependency(from, &to.name, format!("{} depends on {}: {why}", from.name, to.name)))
        })
    });
    let several = graph.crates.iter().filter_map(|from| sees_several(repo, from));
    single.chain(several).chain(graph.crates.iter().filter_map(|from| knows_all(repo, from))).collect()
}

/// Why `from` may not depend on `to`, if so.
fn refusal(from: &Crate, to: &Crate, how: &Dependency) -> Option<&'static str> {
    if to.name == FOR_TESTS && !how.dev_only && from.name != "tests" {
        Some("it is for tests alone")
    } else if from.name == BELOW_DOORS && DOORS.contains(&to.name.as_str()) {
        Some("a store is looked after where no door is")
    } else if BEHIND_A_PORT.contains(&from.name.as_str()) && INSIDE.contains(&to.name.as_str()) && !how.dev_only {
        Some("this door does not know how services run or where their rows are")
    } else if !to.folder.starts_with("crates/") || may_see_several(from) || is_allowed(from, to, how) {
        None
    } else if from.folder.starts_with("lib/") {
        Some("a crate in lib/ never depends on one in crates/")
    } else if from.name == "facade" && OF_DOORS.contains(&to.name.as_str()) {
        None
    } else if from.folder.starts_with("crates/") && !SHARED.contains(&to.name.as_str()) {
        Some("no context depends on another, they meet in contracts")
    } else {
        None
    }
}

fn is_allowed(from: &Crate, to: &Crate, how: &Dependency) -> bool {
    // A door is tried on stores that services filled.
    if BEHIND_A_PORT.contains(&from.name.as_str()) && how.dev_only {
        return true;
    }
    ALLOWED.iter().any(|one| from.name == one.from && to.name == one.to && (how.dev_only || !one.tests_only))
}

fn may_see_several(from: &Crate) -> bool {
    SEE_SEVERAL.iter().any(|(name, _)| from.name == *name)
}

/// For crates outside lib/ and crates/, which may see one context but not two.
fn sees_several(repo: &Repo, from: &Crate) -> Option<Finding> {
    let is_elsewhere = !from.folder.starts_with("crates/") && !from.folder.starts_with("lib/");
    if !is_elsewhere || may_see_several(from) {
        return None;
    }
    let contexts = contexts_of(&repo.graph, from);
    let [_, second, ..] = contexts[..] else { return None };
    let message = format!("{} depends on several contexts: {}", from.name, contexts.join(", "));
    Some(repo.at_dependency(from, second, message))
}

/// For rooms that know every service that is hosted, though they neither host nor wire them.
fn knows_all(repo: &Repo, from: &Crate) -> Option<Finding> {
    let graph = &repo.graph;
    let host = graph.find(HOST)?;
    let is_service =
        |to: &Crate| to.folder.starts_with("crates/") && to.name != PORT && !SHARED.contains(&to.name.as_str());
    let of =
        |one| graph.members(one).filter(|(to, how)| !how.dev_only && is_service(to)).map(|(to, _)| to.name.as_str());
    let (services, known): (Vec<&str>, Vec<&str>) = (of(host).collect(), of(from).collect());
    let is_room = from.folder.starts_with("crates/") && !KNOW_ALL.contains(&from.name.as_str());
    let knows_all = services.len() > 1 && services.iter().all(|service| known.contains(service));
    let message = || format!("{} knows all services, as only {} do", from.name, KNOW_ALL.join(" and "));
    (is_room && knows_all).then(|| repo.at_dependency(from, services[0], message()))
}

fn contexts_of<'g>(graph: &'g Graph, from: &'g Crate) -> Vec<&'g str> {
    let is_context = |to: &Crate| to.folder.starts_with("crates/") && !SHARED.contains(&to.name.as_str());
    let mut names: Vec<&str> =
        graph.members(from).filter(|(to, _)| is_context(to)).map(|(to, _)| to.name.as_str()).collect();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(crates: &[(&str, &str)]) -> Vec<String> {
        check(&Repo::sample(&[], crates)).into_iter().map(|found| found.message).collect()
    }

    #[test]
    fn machinery_that_names_the_business_is_found() {
        let found = messages(&[("lib/engine", "contracts"), ("crates/contracts", "")]);

        assert_eq!(found, ["engine depends on contracts: a crate in lib/ never depends on one in crates/"]);
    }

    #[test]
    fn a_context_that_names_another_is_found_also_for_its_tests_only() {
        for words in ["stock", "dev:stock"] {
            let found = messages(&[("crates/order", words), ("crates/stock", "")]);

            assert_eq!(found, ["order depends on stock: no context depends on another, they meet in contracts"]);
        }
    }

    #[test]
    fn the_shared_words_name_no_context() {
        assert_eq!(messages(&[("crates/contracts", "stock"), ("crates/stock", "")]).len(), 1);
    }

    #[test]
    fn what_is_allowed_for_tests_only_is_found_in_the_code() {
        assert_eq!(messages(&[("crates/provider", "sandbox"), ("crates/sandbox", "")]).len(), 1);
    }

    #[test]
    fn what_is_for_tests_alone_is_found_in_the_code() {
        let found = messages(&[("crates/maejin", "sample"), ("crates/host", "dev:sample"), ("crates/sample", "host")]);

        assert_eq!(found, ["maejin depends on sample: it is for tests alone"]);
    }

    #[test]
    fn a_door_named_by_the_verbs_on_stores_is_found() {
        let found = messages(&[("crates/maintenance", "host gateway"), ("crates/gateway", ""), ("crates/host", "")]);

        assert_eq!(found, ["maintenance depends on gateway: a store is looked after where no door is"]);
    }

    #[test]
    fn a_door_that_knows_where_rows_are_is_found() {
        let found = messages(&[("crates/gateway", "store world"), ("lib/store", ""), ("lib/world", "")]);

        assert_eq!(
            found,
            ["gateway depends on store: this door does not know how services run or where their rows are"]
        );
    }

    #[test]
    fn a_door_that_knows_a_service_is_found_but_not_in_its_tests() {
        let found = messages(&[("crates/operator", "stock dev:order"), ("crates/stock", ""), ("crates/order", "")]);

        assert_eq!(found, ["operator depends on stock: no context depends on another, they meet in contracts"]);
    }

    #[test]
    fn a_room_that_knows_all_services_is_found_and_what_hosts_or_wires_them_passes() {
        let services = [("crates/stock", ""), ("crates/order", ""), ("crates/backend", "")];
        let knows =
            |name, words| messages(&[&services[..], &[("crates/host", "backend order stock"), (name, words)]].concat());

        assert_eq!(
            knows("crates/maintenance", "host order stock"),
            ["maintenance knows all services, as only host and maejin do"]
        );
        assert_eq!(knows("crates/maintenance", "host order"), [""; 0]);
        assert_eq!(knows("crates/maejin", "host order stock"), [""; 0]);
    }

    #[test]
    fn a_stranger_that_sees_two_contexts_is_found() {
        let found = messages(&[("tools", "order stock"), ("crates/order", ""), ("crates/stock", "")]);

        assert_eq!(found, ["tools depends on several contexts: order, stock"]);
    }

    #[test]
    fn the_intended_shop_passes() {
        let shop = [
            ("lib/world", ""),
            ("lib/engine", "world"),
            ("crates/contracts", "world"),
            ("crates/provider", "contracts dev:sandbox"),
            ("crates/sandbox", "world"),
            ("crates/payment", "contracts engine provider"),
            ("crates/stock", "contracts engine"),
            ("crates/maejin", "payment stock contracts"),
            ("tests", "maejin stock payment"),
        ];

        assert_eq!(messages(&shop), [""; 0]);
    }
}
