//! `maejin backup` and `maejin restore`: a store copied while the shop runs, verified, and put back into an empty directory.

mod orders;
mod shown;

use std::path::Path;
use std::process::ExitCode;

use store::sqlite::backup::{self, BackupRequest};
use world::{Clock, SystemClock};

use crate::check;
use crate::cli::{Backup, BackupVerb, Restore};
use crate::stopped::{Progress, Stopped};
use crate::written::{StorefrontNames, json, print};
use orders::OrdersOf;

/// Makes a backup, and prints what is in it; or verifies one.
pub fn run(args: &Backup) -> Result<ExitCode, String> {
    match (&args.what, &args.to) {
        (Some(BackupVerb::Verify { backup, storefronts }), _) => verify(backup, storefronts.as_deref()),
        (None, Some(to)) => make(args, to),
        (None, None) => Err("say what the backup is to be called, with --to".to_owned()),
    }
}

/// Verifies that the backup `path` is what was written, and that what is in it keeps the promises.
fn verify(path: &Path, storefronts: Option<&Path>) -> Result<ExitCode, String> {
    let known = storefronts::load(storefronts).map_err(|error| error.to_string())?;
    let manifest = backup::verify(path, &host::migrations()).map_err(|error| error.to_string())?;
    print(&shown::verified(path, &manifest))?;
    let broken = check::look_at(path, &known, None, &mut std::io::stdout().lock())?;
    Ok(if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn make(args: &Backup, to: &Path) -> Result<ExitCode, String> {
    let mut progress = Progress::of("copying the journal");
    let migrations = host::migrations();
    let made = backup::take(
        &BackupRequest {
            dir: &args.data.data,
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
    let text = if args.json { shown::made_json(&path, &manifest) } else { shown::made(&path, &manifest) };
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Restores a backup, opens the store as the shop would, and prints what is in it.
pub fn restore(args: &Restore) -> Result<ExitCode, String> {
    let known = storefronts::load(args.storefronts.as_deref()).map_err(|error| error.to_string())?;
    let dir = &args.data.data;
    let manifest = backup::restore(&args.from, dir, &host::migrations()).map_err(|error| error.to_string())?;
    let mut stopped = Stopped::open(dir).map_err(|error| error.to_string())?;
    let forward = stopped.bring_forward(&mut Progress::of("bringing the tables up to the journal"));
    let forward = forward.map_err(|error| error.to_string())?;
    let mut reader = stopped.reader().map_err(|error| error.to_string())?;
    let orders = OrdersOf::all(&mut reader, &StorefrontNames::of(&known)).map_err(|error| error.to_string())?;
    let restored = shown::Restored { path: dir.display().to_string(), manifest, applied: forward.applied, orders };
    print(&if args.json { json(&restored) } else { restored.to_string() })?;
    Ok(ExitCode::SUCCESS)
}
