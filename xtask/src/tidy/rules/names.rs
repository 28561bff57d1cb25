//! Names say what a thing is for: no file, folder or module named after a drawer, no type named after a pattern.

use std::collections::BTreeSet;

use syn::visit::{self, Visit};
use syn::{Ident, ItemEnum, ItemMod, ItemStruct, ItemTrait, ItemType, ItemUnion};

use crate::tidy::repo::{Finding, Repo};
use crate::tidy::rust;

/// Words that say nothing about what is inside.
const DRAWERS: [&str; 7] = ["manager", "helper", "helpers", "util", "utils", "common", "misc"];
/// Endings of type names that say how it is built, not what it is.
const PATTERN_WORDS: [&str; 4] = ["Manager", "Helper", "Util", "Impl"];

pub fn check(repo: &Repo) -> Vec<Finding> {
    let drawers = drawers_in_paths(repo);
    let in_code = repo.ending(".rs").flat_map(|(path, text)| in_code(path, text));
    drawers.into_iter().chain(in_code).collect()
}

/// Every file and folder once, however many files lie in the folder.
fn drawers_in_paths(repo: &Repo) -> Vec<Finding> {
    let ends = |path: &str| path.match_indices('/').map(|(end, _)| end).chain([path.len()]).collect::<Vec<_>>();
    let all: BTreeSet<&str> =
        repo.files.keys().flat_map(|path| ends(path).into_iter().map(|end| &path[..end])).collect();
    let named_so = all.into_iter().filter(|path| is_drawer(stem(path)));
    named_so.map(|path| drawer(path, 1, stem(path))).collect()
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}

/// Also with something in front, as in `http_utils`; a bare `_helpers` is what Helm calls its own file.
fn is_drawer(name: &str) -> bool {
    let last = name.rsplit_once(['_', '-']).filter(|(front, _)| !front.is_empty()).map_or(name, |(_, last)| last);
    DRAWERS.contains(&last)
}

fn drawer(path: &str, line: usize, name: &str) -> Finding {
    Finding { path: path.to_owned(), line, message: format!("`{name}` does not say what is inside") }
}

fn in_code(path: &str, text: &str) -> Vec<Finding> {
    // A file that does not parse is reported once, by the rule on function sizes.
    let Ok(file) = rust::parse(path, text) else { return Vec::new() };
    let mut names = Names { path, found: Vec::new() };
    names.visit_file(&file);
    names.found
}

struct Names<'a> {
    path: &'a str,
    found: Vec<Finding>,
}

impl Names<'_> {
    fn check_type(&mut self, name: &Ident) {
        let text = name.to_string();
        if let Some(word) = PATTERN_WORDS.iter().find(|word| text.ends_with(**word)) {
            let message = format!("type `{text}` is named after a pattern (`{word}`), not after what it is");
            self.found.push(Finding { path: self.path.to_owned(), line: rust::first_line(name.span()), message });
        }
    }
}

impl<'ast> Visit<'ast> for Names<'_> {
    /// Only modules with a body here: one in a file of its own is found by the name of the file.
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        let name = module.ident.to_string();
        if module.content.is_some() && is_drawer(&name) {
            self.found.push(drawer(self.path, rust::first_line(module.ident.span()), &name));
        }
        visit::visit_item_mod(self, module);
    }

    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        self.check_type(&item.ident);
    }

    fn visit_item_enum(&mut self, item: &'ast ItemEnum) {
        self.check_type(&item.ident);
    }

    fn visit_item_union(&mut self, item: &'ast ItemUnion) {
        self.check_type(&item.ident);
    }

    fn visit_item_trait(&mut self, item: &'ast ItemTrait) {
        self.check_type(&item.ident);
        visit::visit_item_trait(self, item);
    }

    fn visit_item_type(&mut self, item: &'ast ItemType) {
        self.check_type(&item.ident);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(files: &[(&str, &str)]) -> Vec<(String, usize)> {
        check(&Repo::of_files(files)).into_iter().map(|found| (found.path, found.line)).collect()
    }

    #[test]
    fn a_file_named_after_a_drawer_is_found() {
        for name in ["manager", "helper", "helpers", "util", "utils", "common", "misc", "http_utils"] {
            let path = format!("crates/stock/src/{name}.rs");

            assert_eq!(places(&[(&path, "")]), [(path.clone(), 1)]);
        }
    }

    #[test]
    fn a_folder_is_found_once() {
        let files = [("crates/stock/src/util/a.rs", ""), ("crates/stock/src/util/b.rs", "")];

        assert_eq!(places(&files), [("crates/stock/src/util".to_owned(), 1)]);
    }

    #[test]
    fn a_module_in_the_file_is_found_at_its_line() {
        assert_eq!(places(&[("lib/a/src/lib.rs", "//! A.\nmod helpers {}")]), [("lib/a/src/lib.rs".to_owned(), 2)]);
    }

    #[test]
    fn types_named_after_patterns_are_found() {
        let text =
            "struct HoldManager;\nenum HoldHelper {}\ntrait HoldUtil {}\ntype StoreImpl = u8;\nmod a { struct BImpl; }";

        let lines: Vec<usize> = places(&[("lib/a/src/lib.rs", text)]).into_iter().map(|(_, line)| line).collect();

        assert_eq!(lines, [1, 2, 3, 4, 5]);
    }

    #[test]
    fn good_names_pass() {
        let text = "struct Hold;\nimpl Hold {}\nmod commonplace {}\nenum Implied {}";

        assert_eq!(places(&[("crates/stock/src/hold.rs", text), ("deploy/helm/templates/_helpers.tpl", "")]), []);
    }
}
