//! The list of faults: which test each belongs to, and the edits that put it back into the product.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::chore::Outcome;

/// Where the list is kept.
pub const LIST: &str = "tests/faults.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    fault: Vec<Fault>,
}

/// A wrong of the systems before this one, and how it is put back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    test: Spanned<String>,
    /// What the old systems did.
    pub wrong: String,
    /// What puts it back, edit by edit.
    pub edit: Vec<Edit>,
}

/// A change of one place in one file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// From the top of the repository.
    pub file: String,
    find: Spanned<String>,
    replace: String,
}

/// The faults that are written in `text`.
pub fn parse(text: &str) -> Outcome<Vec<Fault>> {
    let list: List = toml::from_str(text).map_err(|error| format!("{LIST}: {error}"))?;
    Ok(list.fault)
}

impl Fault {
    /// The test that must notice it.
    pub fn test(&self) -> &str {
        self.test.get_ref()
    }

    /// On which line of the list it names its test, counted from one.
    pub fn line(&self, list: &str) -> usize {
        line_of(list, &self.test)
    }

    /// The files it changes, with the fault in them; `read` gives them without it.
    pub fn applied(&self, read: impl Fn(&str) -> Outcome<String>) -> Outcome<BTreeMap<String, String>> {
        let mut changed: BTreeMap<String, String> = BTreeMap::new();
        for edit in &self.edit {
            let text = changed.remove(&edit.file).map_or_else(|| read(&edit.file), Ok)?;
            let text = edit.applied(&text).map_err(|why| format!("{}: {why}", edit.file))?;
            changed.insert(edit.file.clone(), text);
        }
        Ok(changed)
    }
}

impl Edit {
    /// On which line of the list it says what to find, counted from one.
    pub fn line(&self, list: &str) -> usize {
        line_of(list, &self.find)
    }

    /// `text` with this edit. What is to be found must stand there once, so that no other place is meant than the one that was.
    pub fn applied(&self, text: &str) -> Outcome<String> {
        let find = self.find.get_ref().as_str();
        match text.matches(find).count() {
            _ if find.trim().is_empty() => Err("there is nothing to be found".to_owned()),
            _ if *find == self.replace => Err("it changes nothing".to_owned()),
            1 => Ok(text.replacen(find, &self.replace, 1)),
            count => {
                Err(format!("`{}` stands there {count} times, not once", find.trim().lines().next().unwrap_or("")))
            }
        }
    }
}

fn line_of(list: &str, what: &Spanned<String>) -> usize {
    list[..what.span().start].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
[[fault]]
test = "w01_no_oversell"
wrong = "stock was not looked at"

[[fault.edit]]
file = "a.rs"
find = "left >= n"
replace = "true"

[[fault.edit]]
file = "a.rs"
find = "true && b"
replace = "b"
"#;

    fn applied_to(text: &str) -> Outcome<BTreeMap<String, String>> {
        parse(TEXT).unwrap()[0].applied(|_| Ok(text.to_owned()))
    }

    #[test]
    fn a_fault_knows_its_test_and_where_it_is_listed() {
        let faults = parse(TEXT).unwrap();

        assert_eq!((faults[0].test(), faults[0].line(TEXT), faults[0].edit[1].line(TEXT)), ("w01_no_oversell", 3, 13));
    }

    #[test]
    fn edits_follow_each_other_in_one_file() {
        assert_eq!(applied_to("if left >= n && b").unwrap()["a.rs"], "if b");
    }

    #[test]
    fn what_stands_there_never_or_twice_is_refused() {
        assert_eq!(applied_to("none"), Err("a.rs: `left >= n` stands there 0 times, not once".into()));
        assert!(applied_to("left >= n, left >= n").is_err());
    }

    #[test]
    fn an_edit_that_changes_nothing_is_refused() {
        let same = TEXT.replace("\"true\"", "\"left >= n\"");

        assert_eq!(parse(&same).unwrap()[0].edit[0].applied("left >= n"), Err("it changes nothing".into()));
    }

    #[test]
    fn a_word_that_means_nothing_is_refused() {
        assert!(parse(&TEXT.replace("wrong", "worng")).is_err());
    }
}
