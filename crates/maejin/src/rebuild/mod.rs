//! `maejin rebuild`: builds anew, on a stopped store, what follows from its journal.

mod compare;
mod my_page;
mod tables;

use std::process::ExitCode;

use crate::cli::{Rebuild, Rebuilt};
use crate::written::print;

/// Rebuilds, and prints what came of it.
pub fn run(rebuild: &Rebuild) -> Result<ExitCode, String> {
    let known = storefronts::load(rebuild.storefronts.as_deref()).map_err(|error| error.to_string())?;
    let dir = &rebuild.data.data;
    let report = match rebuild.what {
        Rebuilt::Mypage => my_page::rebuild(dir, &known)?.to_string(),
        Rebuilt::Tables => tables::rebuild(dir)?.to_string(),
    };
    print(&report)?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
pub use tables::rebuild as tables;

#[cfg(test)]
mod tests;
