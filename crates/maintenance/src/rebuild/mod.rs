//! `maejin rebuild`: builds anew, on a stopped store, what follows from its journal.

mod compare;
mod my_page;
mod tables;

use std::path::Path;
use std::process::ExitCode;

use contracts::Recipes;

use service::output::print;

/// What can be built anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// My page, from the messages.
    MyPage,
    /// All tables, from the rows in the journal.
    Tables,
}

/// Rebuilds `part` of the store in `dir`, and prints what came of it.
///
/// # Errors
/// If it cannot be rebuilt.
pub fn run(part: Part, dir: &Path, known: &Recipes) -> Result<ExitCode, String> {
    let report = match part {
        Part::MyPage => my_page::rebuild(dir, known)?.to_string(),
        Part::Tables => tables::rebuild(dir)?.to_string(),
    };
    print(&report)?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
pub use tables::rebuild as tables;

#[cfg(test)]
mod tests;
