//! The table, as text that is Markdown too.

use super::{Row, Spread};

const COLUMNS: usize = 8;

/// A line for each of `rows`: medians, with the lowest and the highest. Shares are of what `compared` says.
pub fn table(rows: &[Row], compared: &str) -> String {
    let heads = ["", "each second", compared, "server CPU, ms", "p50, ms", "p99, ms", "p99.9, ms", "memory, MB"];
    let heads = heads.map(str::to_owned);
    let lines: Vec<[String; COLUMNS]> = rows.iter().map(line).collect();
    let widths: Vec<usize> = (0..COLUMNS)
        .map(|place| lines.iter().chain([&heads]).map(|cells| cells[place].chars().count()).max().unwrap_or(0))
        .collect();
    let draw = |cells: &[String; COLUMNS]| {
        let cells: Vec<String> = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(width + 2)).collect();
    let mut text = draw(&heads) + &format!("|{}|\n", rule.join("|"));
    lines.iter().for_each(|cells| text.push_str(&draw(cells)));
    text
}

fn line(row: &Row) -> [String; COLUMNS] {
    let text = |digits, spread: Option<Spread>| spread.map_or_else(String::new, |spread| spread.text(digits));
    let share = Spread::of(row.shares.iter().map(|share| share * 100.0));
    [
        row.title.clone(),
        text(0, row.spread(|one| one.per_second)),
        share.map_or_else(String::new, |share| share.text(1) + " %"),
        text(4, row.spread(|one| one.cpu_ms)),
        text(2, row.spread(|one| one.latency_ms[0])),
        text(2, row.spread(|one| one.latency_ms[1])),
        text(2, row.spread(|one| one.latency_ms[2])),
        text(0, row.spread(|one| one.memory_mb)),
    ]
}

#[cfg(test)]
pub(super) fn row(title: &str, per_second: &[f64]) -> Row {
    let measured = |per_second: &f64| crate::measure::Measured {
        per_second: *per_second,
        cpu_ms: Some(0.05),
        load_cpu_ms: None,
        latency_ms: [0.5, 2.0, 9.0],
        memory_mb: 120.0,
        idle_mb: 15.0,
        ready_ms: 36.0,
    };
    let rounds: Vec<_> = per_second.iter().map(measured).collect();
    Row { name: title.into(), title: title.into(), rounds, shares: vec![0.2; per_second.len()] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_a_line_with_medians_and_ends_where_they_differ() {
        let text = table(&[row("one hot offering", &[20_000.0, 30_000.0, 25_000.0])], "share of null");

        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert!(lines[2].contains("one hot offering | 25,000 (20,000 to 30,000) | 20.0 %"), "{text}");
        assert!(lines[2].contains("| 0.0500"), "{text}");
        assert!(lines.iter().all(|line| line.len() == lines[0].len()), "{text}");
    }
}
