//! How a rule, and what breaks it, is shown: one line each, the offending rows below in columns.

use std::io::Write;

use super::line;
use super::rules::{Offending, Rule};
use crate::offline_store::JournalRead;
use contracts::display::StorefrontNames;

/// The columns whose numbers are ids, and are shown as what they are the id of.
const IDS: [&str; 3] = ["order", "offering", "seat"];

/// Shows how it is with the journal, and answers whether it is damaged.
pub fn journal(read: &JournalRead, out: &mut dyn Write) -> Result<bool, String> {
    verdict(2, "every record of the journal is there, and is what was written", read.damage.is_none(), out)?;
    if let Some(damage) = &read.damage {
        line(out, &format!("       {damage}; {} records before it are sound", read.records))?;
    }
    for elsewhere in &read.elsewhere {
        line(out, &format!("       not read: {elsewhere}"))?;
    }
    Ok(read.damage.is_some())
}

/// Shows what the tables have other than the journal says, and answers whether that is anything; `None` where nobody could compare.
pub fn tables(wrong: Option<&[String]>, out: &mut dyn Write) -> Result<bool, String> {
    let says = "the tables have every row that the journal says last, and no other";
    let Some(wrong) = wrong else {
        line(out, &format!("  2  {says:<90} not compared: not all records can be read"))?;
        return Ok(false);
    };
    verdict(2, says, wrong.is_empty(), out)?;
    wrong.iter().try_for_each(|fault| line(out, &format!("       {fault}")))?;
    if !wrong.is_empty() {
        line(out, "       to build them anew: maejin rebuild tables")?;
    }
    Ok(!wrong.is_empty())
}

/// Shows how it is with `rule`.
pub fn rule(rule: &Rule, found: &Offending, names: &StorefrontNames, out: &mut dyn Write) -> Result<(), String> {
    verdict(rule.promise, rule.says, found.rows.is_empty(), out)?;
    if found.rows.is_empty() {
        return Ok(());
    }
    let mut table = vec![rule.columns.iter().map(|column| (*column).to_owned()).collect::<Vec<_>>()];
    table.extend(found.rows.iter().map(|row| readable(rule, row, names)));
    for row in aligned(&table) {
        line(out, &format!("       {row}"))?;
    }
    if found.more > 0 {
        line(out, &format!("       and {} more", found.more))?;
    }
    Ok(())
}

fn verdict(promise: u8, says: &str, holds: bool, out: &mut dyn Write) -> Result<(), String> {
    line(out, &format!("  {promise}  {says:<90} {}", if holds { "ok" } else { "BROKEN" }))
}

fn readable(rule: &Rule, row: &[String], names: &StorefrontNames) -> Vec<String> {
    let cell = |(column, value): (&&str, &String)| match value.parse() {
        Ok(id) if IDS.contains(column) => names.id(column, id),
        _ if value.is_empty() => "-".to_owned(),
        _ => value.clone(),
    };
    rule.columns.iter().zip(row).map(cell).collect()
}

/// The rows as lines, each column as wide as its widest cell.
fn aligned(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or_default()).collect();
    let written = |row: &Vec<String>| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(written).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [vec!["order".to_owned(), "state".to_owned()], vec!["show/order 12".to_owned(), "-".to_owned()]];
        assert_eq!(aligned(&rows), ["order          state", "show/order 12  -"]);
    }
}
