//! `maejin check`: verifies on a stopped store that the journal is what was written, and that the tables keep the promises.

mod counted;
mod provider;
mod provider_source;
mod rules;
mod shown;
mod tables;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use store::sqlite::SqliteReader;
use store::{Identity, TableReader};
use storefronts::Storefront;

use crate::cli::Check;
use crate::serve::recipes;
use crate::stopped::{AtRest, JournalRead, Progress, refuse_unknown};
use crate::written::StorefrontNames;

/// Checks, prints what was found, and fails if a promise is broken.
pub fn run(check: &Check) -> Result<ExitCode, String> {
    let mut out = std::io::stdout().lock();
    let whole = checked(check, &mut out)?;
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Checks, writes what was found to `out`, and says whether every promise holds.
fn checked(check: &Check, out: &mut dyn Write) -> Result<bool, String> {
    let known = storefronts::load(check.storefronts.as_deref()).map_err(|error| error.to_string())?;
    let provider = check.provider.as_ref().map(Option::as_deref);
    let broken = look_at(&check.data.data, &known, provider, out)?;
    Ok(broken == 0)
}

/// Checks the store in `dir`, not a byte of which is changed, and says how many rules are broken. With `provider` its books, too: those
/// of the one at that address, or of the one that serve would ask.
pub fn look_at(
    dir: &Path,
    known: &[Arc<Storefront>],
    provider: Option<Option<&str>>,
    out: &mut dyn Write,
) -> Result<usize, String> {
    let mut store = AtRest::open(dir).map_err(|error| error.to_string())?;
    line(out, &format!("checking {}", dir.display()))?;
    let identity = store::sqlite::read_identity(dir).map_err(|error| error.to_string())?;
    if let Some(Identity { store, incarnation }) = &identity {
        line(out, &format!("store {store}, incarnation {incarnation}"))?;
    }
    let nameless = "the store is from before stores had an id; start the shop once";
    let books =
        provider.map(|url| Ok::<_, String>(Books { dir, url, whose: identity.ok_or(nameless)? })).transpose()?;
    let mut progress = Progress::of("reading the journal");
    let read = JournalRead::of(&mut store.journal, &mut progress).map_err(|error| error.to_string())?;
    if read.damage.is_some() {
        // Nobody knows how the tables should be, nor the provider's book.
        if books.is_some() {
            line(out, "\nthe provider's own list is not compared: not all records can be read")?;
        }
        return match store.files().reader() {
            Ok(reader) => judged(known, &read, reader, None, None, out),
            Err(_) => shown::journal(&read, out).map(usize::from),
        };
    }
    if !read.elsewhere.is_empty() {
        let reader = store.tables().map_err(|error| error.to_string())?;
        return judged(known, &read, reader, None, books.as_ref(), out);
    }
    let compared = tables::compared(&mut store).map_err(|error| error.to_string())?;
    judged(known, &read, compared.right, Some(&compared.wrong), books.as_ref(), out)
}

/// Shows how much of everything there is in `reader`, and which promises it keeps; `wrong`: what the store's own tables have otherwise.
fn judged(
    known: &[Arc<Storefront>],
    read: &JournalRead,
    mut reader: SqliteReader,
    wrong: Option<&[String]>,
    books: Option<&Books<'_>>,
    out: &mut dyn Write,
) -> Result<usize, String> {
    refuse_unknown(&mut reader, known)?;
    counted::show(read, &mut reader, out)?;
    line(out, "\npromises")?;
    let mut broken = usize::from(shown::journal(read, out)?) + usize::from(shown::tables(wrong, out)?);
    let (names, rules) = (StorefrontNames::of(known), rules::all(&recipes(known)));
    // What could not be compared is no rule that holds.
    let mut all = rules.len() + 1 + usize::from(wrong.is_some());
    for rule in &rules {
        let found = rule.offending(&mut reader).map_err(|error| error.to_string())?;
        shown::rule(rule, &found, &names, out)?;
        broken += usize::from(!found.rows.is_empty());
    }
    if let Some(books) = books {
        let found = books.compare(&mut reader)?;
        let (more, differing) = provider::show(&found, &names, out)?;
        (all, broken) = (all + more, broken + differing);
    }
    line(out, &verdict(broken, all))?;
    Ok(broken)
}

/// With whose books those of a store are compared.
struct Books<'a> {
    dir: &'a Path,
    url: Option<&'a str>,
    whose: Identity,
}

impl Books<'_> {
    fn compare(&self, reader: &mut dyn TableReader) -> Result<provider::Found, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.map_err(|error| error.to_string())?.block_on(async {
            let provider = provider_source::open(self.dir, self.url).await?;
            provider::compare(&provider, &self.whose, reader).await
        })
    }
}

fn verdict(broken: usize, all: usize) -> String {
    match broken {
        0 => format!("\nall {all} rules hold"),
        _ => format!("\n{broken} of {all} rules BROKEN"),
    }
}

fn line(out: &mut dyn Write, text: &str) -> Result<(), String> {
    writeln!(out, "{text}").map_err(|error| format!("cannot write what was found: {error}"))
}

#[cfg(test)]
mod tests;
