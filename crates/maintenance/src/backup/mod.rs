//! `maejin backup` and `maejin restore`: a store copied while the shop runs, verified, and put back into an empty directory.

mod orders;
mod output;

use std::path::Path;
use std::process::ExitCode;

use contracts::Recipes;
use store::sqlite::backup::{self, BackupRequest};
use world::{Clock, SystemClock};

use crate::check;
use crate::offline_store::{OfflineStore, Progress};
use contracts::display::StorefrontNames;
use orders::OrdersOf;
use service::output::{json, print, stdout};

/// Verifies that the backup `path` is what was written, and that what is in it keeps the promises.
///
/// # Errors
/// If it is not, or cannot be read.
pub fn verify(path: &Path, known: &Recipes) -> Result<ExitCode, String> {
    let manifest = backup::verify(path, &host::migrations()).map_err(|error| error.to_string())?;
    print(&output::verified(path, &manifest))?;
    let broken = check::look_at(path, known, None, &mut stdout())?;
    Ok(if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Makes the backup `to` of the store in `dir`, and prints what is in it, as JSON if `is_json`.
///
/// # Errors
/// If it cannot be made.
pub fn make(dir: &Path, to: &Path, is_json: bool) -> Result<ExitCode, String> {
    let mut progress = Progress::of("copying the journal");
    let migrations = host::migrations();
    let made = backup::take(
        &BackupRequest {
            dir,
            to,
            migrations: &migrations,
            version: env!("CARGO_PKG_VERSION"),
            now_ms: SystemClock.now(),
        },
        &mut |at, last| progress.at(at, last),
    );
    progress.end();
    let manifest = made.map_err(|error| error.to_string())?;
    let path = to.display().to_string();
    let text = if is_json { output::made_json(&path, &manifest) } else { output::made(&path, &manifest) };
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Restores the backup `from` to `dir`, opens the store as the shop would, and prints what is in it, as JSON if `is_json`.
///
/// # Errors
/// If it cannot be restored.
pub fn restore(from: &Path, dir: &Path, known: &Recipes, is_json: bool) -> Result<ExitCode, String> {
    let manifest = backup::restore(from, dir, &host::migrations()).map_err(|error| error.to_string())?;
    let mut store = OfflineStore::open(dir).map_err(|error| error.to_string())?;
    let forward = store.bring_forward(&mut Progress::of("bringing the tables up to the journal"));
    let forward = forward.map_err(|error| error.to_string())?;
    let mut reader = store.reader().map_err(|error| error.to_string())?;
    let orders = OrdersOf::all(&mut reader, &StorefrontNames::of(known)).map_err(|error| error.to_string())?;
    let restored = output::Restored { path: dir.display().to_string(), manifest, applied: forward.applied, orders };
    print(&if is_json { json(&restored) } else { restored.to_string() })?;
    Ok(ExitCode::SUCCESS)
}
