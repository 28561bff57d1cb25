//! Tables for people: columns as wide as what stands in them takes on a terminal, Korean text included.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};

/// A table with these heads; those that begin with `>` stand over numbers.
pub fn table(heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = bare();
    table.set_header(heads.iter().map(|head| head.trim_start_matches('>')));
    for row in rows {
        table.add_row(row);
    }
    for (at, _) in heads.iter().enumerate().filter(|(_, head)| head.starts_with('>')) {
        if let Some(column) = table.column_mut(at) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    rendered(&table)
}

/// Names and values, one a line.
pub fn list<'n>(rows: impl IntoIterator<Item = (&'n str, String)>) -> String {
    let mut table = bare();
    for (name, value) in rows {
        table.add_row([name.to_owned(), value]);
    }
    rendered(&table)
}

fn bare() -> Table {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table
}

fn rendered(table: &Table) -> String {
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().trim_start_matches(' ').to_owned()).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_text_takes_two_columns_a_letter() {
        let rows = [("매진", "2"), ("sold out", "10")].map(|(a, b)| vec![a.to_owned(), b.to_owned()]);
        assert_eq!(table(&["NAME", ">LEFT"], rows), "NAME      LEFT\n매진         2\nsold out    10");
    }
}
