//! What a name looks like, as a pattern. Schemas say [`SHORT`], and the document spells it out.

use serde_json::Value;

/// What stands in a schema: no white space around it.
pub(super) const SHORT: &str = r"^\S(.*\S)?$";

/// The characters up to U+FFFF of which a pattern says that no name has them. The rule itself, which looks further, is that of `contracts`.
const UNSEEN: [(u32, u32); 17] = [
    (0x00, 0x1f),
    (0x7f, 0x9f),
    (0xad, 0xad),
    (0x34f, 0x34f),
    (0x61c, 0x61c),
    (0x115f, 0x1160),
    (0x17b4, 0x17b5),
    (0x180b, 0x180f),
    (0x200b, 0x200f),
    (0x2028, 0x202e),
    (0x2060, 0x206f),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff),
    (0xffa0, 0xffa0),
    (0xfff0, 0xfffb),
];

/// The pattern of a name.
pub(super) fn pattern() -> String {
    let unseen: String = UNSEEN.iter().map(|(from, to)| format!(r"\u{from:04x}-\u{to:04x}")).collect();
    format!(r"^[^\s{unseen}]([^{unseen}]*[^\s{unseen}])?$")
}

/// Spells out the pattern of a name wherever a schema in `document` has it.
pub(super) fn spell_out(document: &mut Value) {
    match document {
        Value::Object(fields) => {
            if fields.get("pattern").is_some_and(|pattern| pattern == SHORT) {
                fields.insert("pattern".to_owned(), pattern().into());
            }
            fields.values_mut().for_each(spell_out);
        }
        Value::Array(items) => items.iter_mut().for_each(spell_out),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::UNSEEN;

    #[test]
    fn what_the_pattern_leaves_out_is_what_no_name_has() {
        for c in (0..=0xffff).filter_map(char::from_u32).filter(|c| !c.is_whitespace()) {
            let is_left_out = UNSEEN.iter().any(|(from, to)| (*from..=*to).contains(&u32::from(c)));
            // What changes the look of its neighbours is right beside some of them: that no pattern can say.
            assert_eq!(
                contracts::input::name("name", &format!("a{c}")).is_err(),
                is_left_out,
                "U+{:04X}",
                u32::from(c)
            );
        }
    }
}
