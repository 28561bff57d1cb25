//! `maejin rebuild`: builds anew, on a stopped store, what follows from its journal.

mod compare;
mod my_page;
mod tables;

use std::io::Write;
use std::process::ExitCode;

use crate::cli::{Rebuild, Rebuilt};

/// Rebuilds, and prints what came of it.
pub fn run(rebuild: &Rebuild) -> Result<ExitCode, String> {
    let known = storefronts::load(rebuild.storefronts.as_deref()).map_err(|error| error.to_string())?;
    let dir = &rebuild.data.data;
    let report = match rebuild.what {
        Rebuilt::Mypage => my_page::rebuild(dir, &known)?.to_string(),
        Rebuilt::Tables => tables::rebuild(dir)?.to_string(),
    };
    writeln!(std::io::stdout(), "{report}").map_err(|error| format!("cannot write what was done: {error}"))?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
pub use tables::rebuild as tables;

#[cfg(test)]
mod tests;
