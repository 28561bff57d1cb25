//! The table, as text that is Markdown too.

use super::{Row, Spread};
use crate::measure::Measured;

const HEADS: [&str; 8] =
    ["", "each second", "share of null", "server CPU, ms", "p50, ms", "p99, ms", "p99.9, ms", "memory, MB"];

/// A line for each of `rows`: medians, with the lowest and the highest.
pub fn table(rows: &[Row]) -> String {
    let lines: Vec<[String; 8]> = rows.iter().map(line).collect();
    let heads = HEADS.map(str::to_owned);
    let widths: Vec<usize> = (0..HEADS.len())
        .map(|place| lines.iter().chain([&heads]).map(|cells| cells[place].chars().count()).max().unwrap_or(0))
        .collect();
    let draw = |cells: &[String; 8]| {
        let cells: Vec<String> = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(width + 2)).collect();
    let mut text = draw(&heads) + &format!("|{}|\n", rule.join("|"));
    lines.iter().for_each(|cells| text.push_str(&draw(cells)));
    text
}

fn line(row: &Row) -> [String; 8] {
    let of =
        |digits, pick: fn(&Measured) -> f64| row.spread(pick).map_or_else(String::new, |spread| spread.text(digits));
    let share = Spread::of(row.shares.iter().map(|share| share * 100.0));
    [
        row.title.clone(),
        of(0, |measured| measured.per_second),
        share.map_or_else(String::new, |share| share.text(1) + " %"),
        of(4, |measured| measured.cpu_ms),
        of(2, |measured| measured.latency_ms[0]),
        of(2, |measured| measured.latency_ms[1]),
        of(2, |measured| measured.latency_ms[2]),
        of(0, |measured| measured.memory_mb),
    ]
}

#[cfg(test)]
pub(super) fn row(title: &str, per_second: &[f64]) -> Row {
    let measured = |per_second: &f64| Measured {
        per_second: *per_second,
        cpu_ms: 0.05,
        load_cpu_ms: 0.006,
        latency_ms: [0.5, 2.0, 9.0],
        memory_mb: 120.0,
        idle_mb: 15.0,
        ready_ms: 36.0,
    };
    let rounds: Vec<Measured> = per_second.iter().map(measured).collect();
    Row { name: title.into(), title: title.into(), rounds, shares: vec![0.2; per_second.len()] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_a_line_with_medians_and_ends_where_they_differ() {
        let text = table(&[row("one hot offering", &[20_000.0, 30_000.0, 25_000.0])]);

        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert!(lines[2].contains("one hot offering | 25,000 (20,000 to 30,000) | 20.0 %"), "{text}");
        assert!(lines[2].contains("| 0.0500"), "{text}");
        assert!(lines.iter().all(|line| line.len() == lines[0].len()), "{text}");
    }
}
