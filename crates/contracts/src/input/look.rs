//! When two names look the same.

use unicode_normalization::UnicodeNormalization;

use super::unseen::{is_joiner, is_unseen};

/// What is the same for names that differ in case, width, composition, blanks or what nobody sees alone: rows `A`, `a` and `Ａ` are one row to
/// whoever looks for it. Letters of different scripts stay different, also where they are drawn alike.
pub fn look(name: &str) -> String {
    if name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return name.to_ascii_lowercase();
    }
    let folded: String =
        name.nfkc().filter(|c| !is_unseen(*c) && !is_joiner(*c)).flat_map(char::to_lowercase).nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::look;

    #[test]
    fn case_width_and_composition_make_no_other_row() {
        for alike in ["a", "Ａ", "ａ", " A "] {
            assert_eq!(look(alike), look("A"), "{alike}");
        }
        assert_eq!(look("1층\u{a0} 나"), look("1층 나"));
        assert_eq!(look("É"), look("e\u{301}"));
        assert_ne!(look("A"), look("B"));
        assert_ne!(look("A"), look("А"), "one is Cyrillic");
    }
}
