//! A relative link in a Markdown file points to something that exists. The network is not asked about the others.

use crate::tidy::markdown;
use crate::tidy::repo::{Finding, Repo};

pub fn check(repo: &Repo) -> Vec<Finding> {
    repo.ending(".md").flat_map(|(path, text)| dead_links(repo, path, text)).collect()
}

fn dead_links(repo: &Repo, path: &str, text: &str) -> Vec<Finding> {
    let dead = |(_, target): &(usize, String)| {
        is_relative(target) && !resolve(path, target).is_some_and(|target| repo.has(&target))
    };
    let found = markdown::links(text).into_iter().filter(dead);
    found
        .map(|(line, target)| Finding { path: path.to_owned(), line, message: format!("`{target}` does not exist") })
        .collect()
}

fn is_relative(target: &str) -> bool {
    !target.contains("://") && !target.starts_with("mailto:") && !target.starts_with('#')
}

/// The path from the top of the repository; a leading `/` is the top, as on the pages of a forge. None above the top.
fn resolve(from: &str, target: &str) -> Option<String> {
    let target = target.split(['#', '?']).next().unwrap_or(target);
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let from_top = target.strip_prefix('/').map_or_else(|| format!("{folder}/{target}"), str::to_owned);
    let mut parts = Vec::new();
    for part in from_top.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found_in(text: &str) -> Vec<Finding> {
        check(&Repo::of_files(&[("docs/how-to/add-an-event.md", text), ("docs/glossary.md", ""), ("README.md", "")]))
    }

    #[test]
    fn a_dead_link_is_found_at_its_line() {
        for target in ["glossary.md", "../how-to/add.md#top", "/glossary.md", "../../../README.md", "<a.md>"] {
            let found = found_in(&format!("# Add\n\nSee [it]({target}).\n"));

            assert_eq!(found.first().map(|one| one.line), Some(3), "{target}");
        }
    }

    #[test]
    fn living_links_pass() {
        for target in
            ["../glossary.md", "../glossary.md#hold", "../../README.md", "/docs/how-to", "..", "add-an-event.md"]
        {
            assert_eq!(found_in(&format!("See [it]({target}).")), [], "{target}");
        }
    }

    #[test]
    fn links_to_elsewhere_are_not_asked_about() {
        assert_eq!(found_in("[a](https://example.org/a.md) [b](#here) [c](mailto:shop@example.org)"), []);
    }
}
