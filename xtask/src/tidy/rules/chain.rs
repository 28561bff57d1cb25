//! The graph is wide and shallow: an edit rebuilds a chain of crates one after the other, however many cores there are.

use crate::tidy::graph::{Crate, Graph};
use crate::tidy::repo::{Finding, Repo};

/// Edges between crates of the workspace on the longest way down from any crate of the shop.
/// Rows, store, engine, a context, its host, a room above it, the binary.
const MOST_EDGES: usize = 6;

/// Normal dependencies only, from crates/ and lib/: what stands on top of the whole shop (tests, bench, xtask) adds an
/// edge that nobody waits for while editing.
pub fn check(repo: &Repo) -> Vec<Finding> {
    let graph = &repo.graph;
    let of_the_shop =
        graph.crates.iter().filter(|one| one.folder.starts_with("crates/") || one.folder.starts_with("lib/"));
    let chains = of_the_shop.map(|from| longest_from(graph, from, &[]));
    let too_long = chains.filter(|chain| chain.len() > MOST_EDGES + 1);
    let longest = too_long.max_by_key(Vec::len);
    longest.map(|chain| finding(repo, &chain)).into_iter().collect()
}

fn finding(repo: &Repo, chain: &[&Crate]) -> Finding {
    let names: Vec<&str> = chain.iter().map(|one| one.name.as_str()).collect();
    let message = format!("a chain of {} edges, at most {MOST_EDGES}: {}", names.len() - 1, names.join(" -> "));
    repo.at_dependency(chain[0], names[1], message)
}

/// The longest way down from `from`; `above` breaks a cycle, which cargo refuses later than this is asked.
fn longest_from<'g>(graph: &'g Graph, from: &'g Crate, above: &[&str]) -> Vec<&'g Crate> {
    let above = [above, &[from.name.as_str()]].concat();
    let below = graph.members(from).filter(|(to, how)| !how.dev_only && !above.contains(&to.name.as_str()));
    let longest = below.map(|(to, _)| longest_from(graph, to, &above)).max_by_key(Vec::len);
    [vec![from], longest.unwrap_or_default()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIX_EDGES: [(&str, &str); 7] = [
        ("crates/maejin", "host world"),
        ("crates/host", "order"),
        ("crates/order", "saga"),
        ("lib/saga", "engine"),
        ("lib/engine", "store"),
        ("lib/store", "world"),
        ("lib/world", ""),
    ];

    fn messages(crates: &[(&str, &str)]) -> Vec<String> {
        check(&Repo::sample(&[], crates)).into_iter().map(|found| found.message).collect()
    }

    #[test]
    fn a_seventh_edge_is_found_and_the_chain_is_printed() {
        let mut crates = SIX_EDGES;
        crates[6].1 = "clock";

        let found = messages(&[&crates[..], &[("lib/clock", "")]].concat());

        assert_eq!(
            found,
            ["a chain of 7 edges, at most 6: maejin -> host -> order -> saga -> engine -> store -> world -> clock"]
        );
    }

    #[test]
    fn six_edges_pass_and_the_tests_on_top_do_not_count() {
        assert_eq!(messages(&[&SIX_EDGES[..], &[("tests", "maejin")]].concat()), [""; 0]);
    }

    #[test]
    fn dependencies_of_tests_do_not_count() {
        let mut crates = SIX_EDGES;
        crates[6].1 = "dev:clock";

        assert_eq!(messages(&[&crates[..], &[("lib/clock", "")]].concat()), [""; 0]);
    }

    #[test]
    fn a_cycle_ends() {
        assert_eq!(messages(&[("lib/a", "b"), ("lib/b", "a")]), [""; 0]);
    }
}
