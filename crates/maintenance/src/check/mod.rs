//! `maejin check`: verifies on a store that nobody changes, or on a moment of one in a database, that the journal is what was written, and that the tables keep the promises.

mod counted;
mod output;
mod provider;
mod rules;
mod tables;

use std::io::Write;
use std::path::Path;
use std::pin::Pin;
use std::process::ExitCode;

use ::provider::HttpProvider;
use contracts::Recipes;
use host::Location;
use postgres::Address;
use store::sqlite::SqliteReader;
use store::{Identity, StoreError, TableReader};

use crate::offline_store::{JournalRead, OfflineView, Progress, copied, refuse_unknown};
use contracts::display::StorefrontNames;
use service::output::stdout;

/// Opens the provider whose list the store is compared with. It is not asked for before the journal was found sound.
pub type OpenProvider<'a> = Pin<Box<dyn Future<Output = Result<HttpProvider, String>> + 'a>>;

/// The exit code of a store that could not be checked. It is not that of a broken promise: who calls it from a script must not take the
/// one for the other.
pub const NOT_CHECKED: u8 = 2;

/// Checks the store at `location`, prints what was found, and fails if a promise is broken.
///
/// # Errors
/// If it cannot be checked.
pub fn run(location: &Location, known: &Recipes, provider: Option<OpenProvider<'_>>) -> Result<ExitCode, String> {
    let broken = match location {
        Location::Directory(dir) => look_at(dir, known, provider, &mut stdout())?,
        Location::Database(address) => look_at_database(address, known, provider, &mut stdout())?,
    };
    Ok(if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Checks the store in `dir`, not a byte of which is changed, and says how many rules are broken. With `provider` its books, too.
pub fn look_at(
    dir: &Path,
    known: &Recipes,
    provider: Option<OpenProvider<'_>>,
    out: &mut dyn Write,
) -> Result<usize, String> {
    let mut store = OfflineView::open(dir).map_err(not_opened)?;
    let books = head(&dir.into(), provider, out)?;
    let mut progress = Progress::of("reading the journal");
    let read = JournalRead::of(&mut store.journal, &mut progress).map_err(|error| error.to_string())?;
    if read.damage.is_some() {
        // Nobody knows how the tables should be, nor the provider's book.
        if books.is_some() {
            line(out, "\nthe provider's own list is not compared: not all records can be read")?;
        }
        return match store.files().reader() {
            Ok(reader) => judged(known, &read, reader, None, None, out),
            Err(_) => output::journal(&read, out).map(usize::from),
        };
    }
    if !read.elsewhere.is_empty() {
        let reader = store.tables().map_err(|error| error.to_string())?;
        return judged(known, &read, reader, None, books, out);
    }
    let compared = tables::compared(&mut store).map_err(|error| error.to_string())?;
    judged(known, &read, compared.right, Some(&compared.wrong), books, out)
}

/// Checks the store in the database at `address`, also of a shop that runs: its tables as they are at one moment, and the journal up to
/// where it ends a little later.
fn look_at_database(
    address: &Address,
    known: &Recipes,
    provider: Option<OpenProvider<'_>>,
    out: &mut dyn Write,
) -> Result<usize, String> {
    let told = |error: StoreError| error.to_string();
    let mut journal = postgres::read_journal(address).map_err(told)?;
    let books = head(&Location::Database(address.clone()), provider, out)?;
    let (copy, applied) = copied(&mut postgres::reader(address).map_err(told)?).map_err(told)?;
    let read = JournalRead::of(&mut journal, &mut Progress::of("reading the journal")).map_err(told)?;
    if read.damage.is_some() {
        return judged(known, &read, copy.reader().map_err(told)?, None, None, out);
    }
    let compared = tables::compared_copy(&mut journal, copy, applied).map_err(told)?;
    judged(known, &read, compared.right, Some(&compared.wrong), books, out)
}

/// Says which store it is, and with whose books it is to be compared.
fn head<'a>(
    location: &Location,
    provider: Option<OpenProvider<'a>>,
    out: &mut dyn Write,
) -> Result<Option<Books<'a>>, String> {
    line(out, &format!("checking {location}"))?;
    let identity = location.identity().map_err(|error| error.to_string())?;
    if let Some(Identity { store, incarnation }) = &identity {
        line(out, &format!("store {store}, incarnation {incarnation}"))?;
    }
    let nameless = "the store is from before stores had an id; start the shop once";
    provider.map(|provider| Ok(Books { provider, whose: identity.ok_or(nameless)? })).transpose()
}

/// Why a store was not opened, and what to do where it is the store of a running shop.
fn not_opened(error: StoreError) -> String {
    let running = matches!(error, StoreError::InUse(_));
    let how = if running {
        "\nto check a shop that runs: maejin backup --to NAME, then maejin backup verify NAME"
    } else {
        ""
    };
    format!("{error}{how}")
}

/// Shows how much of everything there is in `reader`, and which promises it keeps; `wrong`: what the store's own tables have otherwise.
fn judged(
    known: &Recipes,
    read: &JournalRead,
    mut reader: SqliteReader,
    wrong: Option<&[String]>,
    books: Option<Books<'_>>,
    out: &mut dyn Write,
) -> Result<usize, String> {
    refuse_unknown(&mut reader, known)?;
    counted::show(read, &mut reader, out)?;
    line(out, "\npromises")?;
    let mut broken = usize::from(output::journal(read, out)?) + usize::from(output::tables(wrong, out)?);
    let (names, rules) = (StorefrontNames::of(known), rules::all(known));
    // What could not be compared is no rule that holds.
    let mut all = rules.len() + 1 + usize::from(wrong.is_some());
    for rule in &rules {
        let found = rule.offending(&mut reader).map_err(|error| error.to_string())?;
        output::rule(rule, &found, &names, out)?;
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
    provider: OpenProvider<'a>,
    whose: Identity,
}

impl Books<'_> {
    fn compare(self, reader: &mut dyn TableReader) -> Result<provider::Found, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.map_err(|error| error.to_string())?.block_on(async {
            let provider = self.provider.await?;
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
