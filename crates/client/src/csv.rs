//! Lists as comma-separated values (RFC 4180): a line of names, and a line for each item. Text that came from others is never read as a
//! formula by a spreadsheet.

use serde_json::Value;

/// A column: its name, and where an item has its value, as a JSON pointer.
pub(crate) type Column = (&'static str, &'static str);

/// What a spreadsheet takes for the beginning of a formula, or of white space before one; also in the wide forms that Korean and Japanese
/// ones take.
const BEGIN_FORMULAS: [char; 11] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// The line of names.
pub(crate) fn head(columns: &[Column]) -> String {
    line(columns.iter().map(|(name, _)| (*name).to_owned()))
}

/// An item.
pub(crate) fn row(columns: &[Column], item: &Value) -> String {
    line(columns.iter().map(|(_, at)| item.pointer(at).map_or_else(String::new, cell)))
}

fn line(cells: impl Iterator<Item = String>) -> String {
    cells.collect::<Vec<_>>().join(",") + "\r\n"
}

/// A number is written as it is, also below zero: it is one for a spreadsheet, too.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items = items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned));
            quoted(&items.collect::<Vec<_>>().join(" "))
        }
        Value::Object(_) => quoted(&value.to_string()),
        other => other.to_string(),
    }
}

fn quoted(text: &str) -> String {
    let text = if text.starts_with(BEGIN_FORMULAS) { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_cell_is_quoted_where_it_would_be_read_as_more_than_one() {
        let columns = [("name", "/name"), ("total", "/total/amount"), ("seats", "/seats"), ("why", "/why")];
        assert_eq!(head(&columns), "name,total,seats,why\r\n");
        let item =
            json!({ "name": "a \"b\", c\r\nd", "total": { "amount": -5 }, "seats": ["A-1", "A-2"], "why": null });
        assert_eq!(row(&columns, &item), "\"a \"\"b\"\", c\r\nd\",-5,A-1 A-2,\r\n");
    }

    #[test]
    fn what_others_wrote_is_no_formula() {
        for begin in ["=", "+", "-", "@", "\t=", "\r=", "\u{ff1d}", "\u{ff0b}", "\u{ff0d}", "\u{ff20}"] {
            let text = format!("{begin}HYPERLINK(\"http://x\",\"y\")");
            let shown = cell(&json!(text));
            assert_eq!(shown, format!("\"'{}\"", text.replace('"', "\"\"")), "{text}");
        }
        assert_eq!(
            (cell(&json!("-5")), cell(&json!(-5)), cell(&json!("a=b"))),
            ("'-5".into(), "-5".into(), "a=b".into())
        );
        assert_eq!(cell(&json!(["=1", "b"])), "'=1 b");
    }
}
