//! Every crate begins with its card: what it is for, in the first line of `lib.rs` and `main.rs`.

use crate::tidy::repo::{Finding, Repo};

pub fn check(repo: &Repo) -> Vec<Finding> {
    let roots =
        repo.graph.crates.iter().flat_map(|one| ["lib.rs", "main.rs"].map(|file| format!("{}/src/{file}", one.folder)));
    roots.filter(|path| repo.files.get(path).is_some_and(|text| !text.starts_with("//!"))).map(without_card).collect()
}

fn without_card(path: String) -> Finding {
    Finding { path, line: 1, message: "begins without a `//!` line that says what the crate is for".into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found_in(text: &str) -> Vec<Finding> {
        check(&Repo::sample(&[("crates/stock/src/lib.rs", text)], &[("crates/stock", "")]))
    }

    #[test]
    fn a_crate_without_a_card_is_found() {
        for text in ["", "mod hold;", "// Stock.\n//! Stock."] {
            assert_eq!(found_in(text), [without_card("crates/stock/src/lib.rs".into())], "{text}");
        }
    }

    #[test]
    fn a_crate_with_a_card_passes() {
        assert_eq!(found_in("//! Stock: owns units and holds.\n"), []);
    }
}
