//! What there is in the store, in figures.

use std::io::Write;

use store::StoreError;
use store::sqlite::SqliteReader;

use super::line;
use crate::offline_store::JournalRead;
use contracts::display::moment;

/// The tables that are counted: the name for people, the table, and the column by whose values they are told apart.
const COUNTED: [(&str, &str, Option<&str>); 12] = [
    ("offerings", "offerings", None),
    ("seats", "seats", Some("state")),
    ("holds", "holds", Some("state")),
    ("orders", "orders", Some("state")),
    ("payments", "payments", Some("state")),
    ("deliveries", "deliveries", Some("state")),
    ("points accounts", "points_accounts", None),
    ("points entries", "points_ledger", None),
    ("notices", "notices", Some("state")),
    ("my page lines", "my_page", Some("state")),
    ("timers", "engine_timers", None),
    ("open intents", "engine_intents", None),
];

/// Writes how much of everything there is.
pub fn show(read: &JournalRead, reader: &mut SqliteReader, out: &mut dyn Write) -> Result<(), String> {
    line(out, "\ncounted")?;
    let span = read.span.map_or(String::new(), |(from, to)| format!("{} to {}", moment(from), moment(to)));
    line(out, &figure("journal records", &read.records.to_string(), &span))?;
    line(out, &figure("messages", &read.messages.to_string(), &format!("{} bytes in the journal", read.bytes)))?;
    for (label, table, by) in COUNTED {
        let (total, parts) = count(reader, table, by).map_err(|error| error.to_string())?;
        line(out, &figure(label, &total, &parts))?;
    }
    parked(reader, out)
}

fn figure(label: &str, count: &str, detail: &str) -> String {
    format!("  {label:<16} {count:>10}   {detail}").trim_end().to_owned()
}

fn count(reader: &mut SqliteReader, table: &str, by: Option<&str>) -> Result<(String, String), StoreError> {
    let total = reader.report_in_sql(&format!("SELECT count(*) FROM {table}"))?.concat().concat();
    let Some(by) = by else { return Ok((total, String::new())) };
    let groups = reader.report_in_sql(&format!("SELECT {by}, count(*) FROM {table} GROUP BY 1 ORDER BY 1"))?;
    let parts: Vec<String> = groups.iter().map(|group| group.join(" ")).collect();
    Ok((total, parts.join(", ")))
}

/// What waits for an operator. That is no broken promise: it waits in plain sight.
fn parked(reader: &mut SqliteReader, out: &mut dyn Write) -> Result<(), String> {
    let mut rows = |sql: &str| reader.report_in_sql(sql).map_err(|error| error.to_string());
    let orders =
        rows("SELECT parked, count(*) FROM orders WHERE parked IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 20")?;
    let messages = rows(
        "SELECT name || ': ' || coalesce(reason, 'waits behind another'), count(*) FROM engine_parked
         GROUP BY 1 ORDER BY 2 DESC LIMIT 20",
    )?;
    for (label, groups) in [("parked orders", orders), ("parked messages", messages)] {
        let total: u64 = groups.iter().filter_map(|group| group.get(1)?.parse::<u64>().ok()).sum();
        line(out, &figure(label, &total.to_string(), ""))?;
        for group in groups {
            line(out, &format!("  {:16} {:>10}     {}", "", group[1], group[0]))?;
        }
    }
    Ok(())
}
