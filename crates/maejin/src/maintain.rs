//! The verbs on stores and journals, from what the command line says.

use std::path::Path;
use std::process::ExitCode;

use contracts::Recipes;
use maintenance::rebuild::Part;

use crate::cli::{Backup, BackupVerb, Check, Events, JournalAct, Rebuild, Rebuilt, Restore};
use crate::provider_source;

/// What stands in the place of a backup and of a restore.
const BACKUP: &str = "use pg_dump, or the base backups and the WAL archive of its server";
/// What stands in the place of the verbs on a journal's file.
const JOURNAL: &str = "look at the table journal there; nothing of it is archived";

/// The recipes of all storefronts that are known, those in the directory `further` among them.
///
/// # Errors
/// If one of them is not sound.
pub fn recipes(further: Option<&Path>) -> Result<Recipes, String> {
    let known = storefronts::load(further).map_err(|error| error.to_string())?;
    Ok(storefronts::recipes(&known))
}

/// `maejin check`.
pub fn check(args: &Check) -> Result<ExitCode, String> {
    let (dir, known) = (&args.data.data, recipes(args.storefronts.as_deref())?);
    let location = args.data.location()?;
    let provider = args.provider.as_ref().map(|url| Box::pin(provider_source::open(dir, url.as_deref())) as _);
    maintenance::check::run(&location, &known, provider)
}

/// `maejin events`.
pub fn events(args: Events) -> Result<ExitCode, String> {
    let known = recipes(args.storefronts.as_deref())?;
    let Events { data, follow, storefront, order, old_names, json, storefronts: _ } = args;
    let request =
        maintenance::events::Request { location: data.location()?, follow, storefront, order, old_names, json };
    maintenance::events::run(&request, &known)
}

/// `maejin rebuild`.
pub fn rebuild(args: &Rebuild) -> Result<ExitCode, String> {
    let part = match args.what {
        Rebuilt::Mypage => Part::MyPage,
        Rebuilt::Tables => Part::Tables,
    };
    let dir = args.data.directory("nothing builds the tables there anew yet")?;
    maintenance::rebuild::run(part, dir, &recipes(args.storefronts.as_deref())?)
}

/// `maejin journal`.
pub fn journal(what: &JournalAct) -> Result<ExitCode, String> {
    match what {
        JournalAct::Show(args) => maintenance::journal::show(args.data.directory(JOURNAL)?, args.json),
        JournalAct::Archive(args) => {
            maintenance::journal::archive(args.data.directory(JOURNAL)?, &args.older_than, args.json)
        }
        JournalAct::Compact(args) => maintenance::journal::compact(args.data.directory(JOURNAL)?),
    }
}

/// `maejin backup`, which makes one or verifies one.
pub fn backup(args: &Backup) -> Result<ExitCode, String> {
    match (&args.what, &args.to) {
        (Some(BackupVerb::Verify { backup, storefronts }), _) => {
            maintenance::backup::verify(backup, &recipes(storefronts.as_deref())?)
        }
        (None, Some(to)) => maintenance::backup::make(args.data.directory(BACKUP)?, to, args.json),
        (None, None) => Err("say what the backup is to be called, with --to".to_owned()),
    }
}

/// `maejin restore`.
pub fn restore(args: &Restore) -> Result<ExitCode, String> {
    let known = recipes(args.storefronts.as_deref())?;
    maintenance::backup::restore(&args.from, args.data.directory(BACKUP)?, &known, args.json)
}
