//! Reading Rust source with `syn`, which is exact about where things begin and end.

use proc_macro2::Span;
use syn::{Attribute, Item};

use super::repo::Finding;

/// Parses a file; a file that does not parse is a finding of its own.
pub fn parse(path: &str, text: &str) -> Result<syn::File, Finding> {
    syn::parse_file(text).map_err(|error| Finding {
        path: path.to_owned(),
        line: first_line(error.span()),
        message: format!("does not parse: {error}"),
    })
}

/// The line on which the span begins, counted from one.
pub fn first_line(span: Span) -> usize {
    span.start().line
}

/// Whether an item with these attributes is built for tests only: `#[cfg(test)]`, `#[test]`, `#[tokio::test]`.
pub fn is_test_only(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let is_test = attribute.path().segments.last().is_some_and(|last| last.ident == "test");
        is_test || (attribute.path().is_ident("cfg") && guards_tests(attribute))
    })
}

fn guards_tests(cfg: &Attribute) -> bool {
    cfg.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
}

/// The line on which a trailing `#[cfg(test)] mod tests { .. }` begins, with its attributes.
pub fn trailing_tests(file: &syn::File) -> Option<usize> {
    let Some(Item::Mod(last)) = file.items.last() else { return None };
    let first_attribute = last.attrs.first()?;
    let is_tests = last.ident == "tests" && last.content.is_some() && is_test_only(&last.attrs);
    is_tests.then(|| first_line(first_attribute.pound_token.span))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trailing_module_of_tests_begins_at_its_attribute() {
        let file = syn::parse_file("fn a() {}\n\n#[cfg(test)]\nmod tests {}\n").unwrap();

        assert_eq!(trailing_tests(&file), Some(3));
    }

    #[test]
    fn a_module_of_another_name_or_without_the_attribute_is_code() {
        for text in ["#[cfg(test)]\nmod samples {}", "mod tests {}", "#[cfg(not(test))]\nmod tests {}"] {
            assert_eq!(trailing_tests(&syn::parse_file(text).unwrap()), None, "{text}");
        }
    }

    #[test]
    fn a_file_that_does_not_parse_is_named_with_its_line() {
        let found = parse("lib/a/src/lib.rs", "fn a() {}\nfn fn").err().unwrap();

        assert_eq!((found.path.as_str(), found.line), ("lib/a/src/lib.rs", 2));
    }
}
