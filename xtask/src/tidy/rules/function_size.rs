//! A function fits on a screen: at most 70 lines from `fn` to its last brace. Tests may be longer.

use syn::visit::{self, Visit};
use syn::{Block, ImplItemFn, ItemFn, ItemImpl, ItemMod, Signature, TraitItemFn};

use crate::tidy::repo::{Finding, Repo, is_test_file};
use crate::tidy::rust;

/// The hard stop; 5 to 25 is the aim.
const MOST_LINES: usize = 70;

pub fn check(repo: &Repo) -> Vec<Finding> {
    repo.ending(".rs")
        .filter(|(path, _)| !is_test_file(path))
        .flat_map(|(path, text)| long_functions(path, text))
        .collect()
}

fn long_functions(path: &str, text: &str) -> Vec<Finding> {
    let file = match rust::parse(path, text) {
        Ok(file) => file,
        Err(finding) => return vec![finding],
    };
    let mut functions = Functions { path, found: Vec::new() };
    functions.visit_file(&file);
    functions.found
}

struct Functions<'a> {
    path: &'a str,
    found: Vec<Finding>,
}

impl Functions<'_> {
    fn measure(&mut self, signature: &Signature, block: &Block) {
        let line = rust::first_line(signature.fn_token.span);
        let lines = block.brace_token.span.close().end().line - line + 1;
        if lines > MOST_LINES {
            let message = format!("fn {} has {lines} lines, at most {MOST_LINES}", signature.ident);
            self.found.push(Finding { path: self.path.to_owned(), line, message });
        }
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !rust::is_test_only(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_impl(&mut self, block: &'ast ItemImpl) {
        if !rust::is_test_only(&block.attrs) {
            visit::visit_item_impl(self, block);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        if !rust::is_test_only(&function.attrs) {
            self.measure(&function.sig, &function.block);
            visit::visit_item_fn(self, function);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.measure(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(block) = &function.default {
            self.measure(&function.sig, block);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A function `name` of so many lines, the first with `fn`, the last with the brace.
    fn function(name: &str, lines: usize) -> String {
        format!("fn {name}() {{\n{}}}\n", "work();\n".repeat(lines - 2))
    }

    fn found_in(text: &str) -> Vec<Finding> {
        check(&Repo::of_files(&[("lib/a/src/lib.rs", text)]))
    }

    #[test]
    fn a_function_over_70_lines_is_found_at_its_first_line() {
        let found = found_in(&format!("const A: u8 = 1;\n/// Said.\n{}", function("long", 71)));

        assert_eq!(found.len(), 1);
        assert_eq!((found[0].line, found[0].message.as_str()), (3, "fn long has 71 lines, at most 70"));
    }

    #[test]
    fn methods_and_default_methods_are_measured_too() {
        for around in ["impl A {", "trait A {"] {
            assert_eq!(found_in(&format!("{around}\n{}}}", function("long", 71))).len(), 1, "{around}");
        }
    }

    #[test]
    fn a_function_of_70_lines_passes() {
        assert_eq!(found_in(&function("fits", 70)), []);
    }

    #[test]
    fn tests_may_be_longer() {
        let module = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", function("long", 90));
        let samples = format!("#[cfg(test)]\nimpl A {{\n{}}}\n", function("long", 90));
        let test = format!("#[tokio::test]\nasync {}", function("long", 90));

        assert_eq!(found_in(&format!("{module}{samples}{test}")), []);
    }

    #[test]
    fn a_file_that_does_not_parse_is_found() {
        assert_eq!(found_in("fn fn").len(), 1);
    }
}
