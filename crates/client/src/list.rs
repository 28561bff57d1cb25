//! Lists: a page or all of them, as a table for people, one JSON document, or comma-separated values.

use serde_json::{Value, json};

use super::args::{How, Part, Source};
use super::csv::{self, Column};
use super::output::print;
use super::{Address, source};
use crate::Stopped;

/// So many items are asked for at once where all are.
const AT_ONCE: u64 = 1_000;

/// A list: where it is, page by page, and how it is shown.
pub(crate) struct List<'a> {
    /// Where it is, without the length and the beginning of a page.
    pub address: &'a dyn Fn() -> Address,
    /// How many, if not all.
    pub limit: u64,
    /// Where the page begins.
    pub after: Option<&'a str>,
    /// As a table.
    pub table: fn(&Value) -> String,
    /// As comma-separated values.
    pub columns: &'a [Column],
    /// The items of a page.
    pub items: fn(&Value) -> Vec<Value>,
}

/// The items of most lists.
fn items(page: &Value) -> Vec<Value> {
    page["items"].as_array().cloned().unwrap_or_default()
}

impl<'a> List<'a> {
    /// The `part` of a list that is asked for.
    pub(crate) fn of(
        address: &'a dyn Fn() -> Address,
        part: &'a Part,
        table: fn(&Value) -> String,
        columns: &'a [Column],
    ) -> Self {
        Self { address, limit: part.limit, after: part.after.as_deref(), table, columns, items }
    }

    /// Reads it, and shows it.
    ///
    /// # Errors
    /// If it cannot be read, or written.
    pub(crate) fn show(&self, all: bool, how: &How, at: &Source, stopped: Stopped) -> Result<(), String> {
        if how.csv {
            return self.show_csv(all, at, stopped);
        }
        let mut first: Option<Value> = None;
        let mut after = self.after.map(str::to_owned);
        loop {
            let page = self.page(all, after.as_deref(), at, stopped)?;
            after = page["next"].as_str().map(str::to_owned);
            match &mut first {
                None => first = Some(page),
                Some(whole) => join(whole, page),
            }
            if !all || after.is_none() {
                break;
            }
        }
        print(&first.unwrap_or_else(|| json!({})), at.shop.json, self.table)
    }

    /// Page by page, so that a list may be longer than memory. What follows a page that was not to be the last is said beside it.
    fn show_csv(&self, all: bool, at: &Source, stopped: Stopped) -> Result<(), String> {
        let mut after = self.after.map(str::to_owned);
        let mut text = csv::head(self.columns);
        loop {
            let page = self.page(all, after.as_deref(), at, stopped)?;
            text.extend((self.items)(&page).iter().map(|item| csv::row(self.columns, item)));
            write(&text)?;
            text.clear();
            after = page["next"].as_str().map(str::to_owned);
            match &after {
                None => return Ok(()),
                Some(next) if !all => {
                    eprintln!("there are more: --after {next}, or --all");
                    return Ok(());
                }
                Some(_) => {}
            }
        }
    }

    fn page(&self, all: bool, after: Option<&str>, at: &Source, stopped: Stopped) -> Result<Value, String> {
        let limit = if all { AT_ONCE } else { self.limit };
        source::read(at, &(self.address)().by("limit", Some(limit)).by("after", after), stopped)
    }
}

/// Adds the items of `page` to those of `whole`.
fn join(whole: &mut Value, mut page: Value) {
    for name in ["items", "entries"] {
        if let (Some(all), Some(more)) = (whole[name].as_array_mut(), page[name].as_array_mut()) {
            all.append(more);
        }
    }
    whole["next"] = page["next"].take();
}

fn write(text: &str) -> Result<(), String> {
    use std::io::Write;
    let mut out = service::output::stdout();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| format!("cannot write: {error}"))
}
