//! A name: of a customer, an offering, a row, a grade, a card, a reference.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::unseen::{is_joiner, is_unseen, joins};
use crate::limits::NAME_MAX;
use crate::{Code, Rejection};

/// `text` as a name: without white space around it, in Unicode's form NFC, 1 to [`NAME_MAX`] characters, all of which can be seen. `field` is
/// what a refusal calls it.
///
/// # Errors
/// A refusal that names the field.
pub fn name<'a>(field: &str, text: &'a str) -> Result<Cow<'a, str>, Rejection> {
    if is_plain(text) {
        return Ok(Cow::Borrowed(text));
    }
    proper(field, text, 1..=NAME_MAX, |_| false)
}

/// Printable ASCII without a space around it, as nearly all names are: those need no second look.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    *first != b' ' && *last != b' ' && bytes.len() <= NAME_MAX && bytes.iter().all(|b| (b' '..=b'~').contains(b))
}

/// `text` in its proper form, of so many characters; those that are `also` right are, though nobody sees them.
pub(super) fn proper<'a>(
    field: &str,
    text: &'a str,
    length: std::ops::RangeInclusive<usize>,
    also: impl Fn(char) -> bool,
) -> Result<Cow<'a, str>, Rejection> {
    let invalid = |message: String| Err(Rejection::of_field(Code::InvalidValue, field, message));
    let text = text.trim();
    let text = if unicode_normalization::is_nfc(text) { Cow::Borrowed(text) } else { text.nfc().collect() };
    let count = text.chars().take(length.end() + 1).count();
    if !length.contains(&count) {
        let (least, most) = length.into_inner();
        return invalid(format!("{least} to {most} characters, without white space around them"));
    }
    let mut before = None;
    for c in text.chars() {
        let is_seen = !is_unseen(c) && (!is_joiner(c) || joins(before));
        if !is_seen && !also(c) {
            return invalid(format!("the character U+{:04X} in it cannot be seen", u32::from(c)));
        }
        before = Some(c);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_name_is_kept_in_one_form() {
        for (sent, kept) in [
            ("Kim", "Kim"),
            (" \u{a0}\u{3000}Kim Min\t\n", "Kim Min"),
            ("Cafe\u{301}", "Caf\u{e9}"),
            ("\u{1112}\u{1161}\u{11ab}", "한"),
            ("👩\u{200d}🚀", "👩\u{200d}🚀"),
            ("1\u{fe0f}\u{20e3}", "1\u{fe0f}\u{20e3}"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ] {
            assert_eq!(name("name", sent).as_deref(), Ok(kept));
        }
        assert!(name("name", &format!(" {} ", "가".repeat(200))).is_ok());
    }

    #[test]
    fn what_nobody_can_tell_from_another_name_or_from_nothing_is_none() {
        let long = "x".repeat(201);
        for wrong in [
            "",
            " ",
            "\u{3000}",
            "\u{3164}",
            &long,
            "a\u{0}b",
            "a\nb",
            "a\u{85}b",
            "a\u{202e}b",
            "\u{feff}a",
            "a\u{200b}",
            "a\u{200d}b",
            "가\u{fe0f}",
            "\u{200d}a",
            "a\u{2028}b",
            "a\u{ad}b",
        ] {
            let refused = name("grade", wrong).expect_err(wrong);
            assert_eq!(
                (refused.code.as_str(), refused.field.as_deref()),
                ("invalid-value", Some("grade")),
                "{wrong:?}"
            );
        }
    }
}
