//! No verb that only reads changes a byte of a store, or a name in its directory: each one that there is, found from the definition of the
//! command line, on stores in every state.

use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::ExitCode;

use clap::{Arg, Command, CommandFactory, Parser};
use store::sqlite::backup::{self, BackupRequest};
use store::{Journal, Record};
use tempfile::TempDir;

use crate::cli::Cli;
use maintenance::offline_store::{OfflineStore, Progress};
use sample::{Sample, walked};

/// The verbs that are there to change a store. Any other one that takes a data directory only reads.
const CHANGE: [&str; 5] = ["serve", "restore", "rebuild", "journal archive", "journal compact"];
/// Take the flags of serve, and open no store.
const NO_STORE: [&str; 2] = ["config", "topics"];

/// By its name every file below `dir`, with what is in it, when it was changed, and who may read it.
type Snapshot = BTreeMap<String, (Vec<u8>, i64, i64, u32)>;

fn snapshot(dir: &Path) -> Snapshot {
    let mut found = Snapshot::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let about = path.metadata().unwrap();
        if about.is_dir() {
            found.extend(snapshot(&path));
        } else {
            let content = std::fs::read(&path).unwrap();
            let name = path.strip_prefix(dir).unwrap().display().to_string();
            found.insert(name, (content, about.mtime(), about.mtime_nsec(), about.mode()));
        }
    }
    found
}

/// Every verb that takes `--data`, or a backup to look at, and does not change it: the words by which it is called.
fn readers() -> Vec<(Vec<String>, Command)> {
    let mut found = Vec::new();
    leaves(&Cli::command(), &[], &mut found);
    let changes = |words: &Vec<String>| CHANGE.iter().chain(&NO_STORE).any(|change| words.join(" ") == *change);
    found.retain(|(words, _)| !changes(words));
    found
}

fn leaves(command: &Command, words: &[String], found: &mut Vec<(Vec<String>, Command)>) {
    let takes_store = command.get_arguments().any(|arg| ["data", "backup"].contains(&arg.get_id().as_str()));
    if takes_store {
        found.push((words.to_vec(), command.clone()));
    }
    for verb in command.get_subcommands() {
        let words: Vec<String> = words.iter().cloned().chain([verb.get_name().to_owned()]).collect();
        leaves(verb, &words, found);
    }
}

/// A value for what `arg` requires.
fn value(arg: &Arg, store: &Path, elsewhere: &Path) -> String {
    match arg.get_id().as_str() {
        "data" | "backup" => store.display().to_string(),
        "to" => elsewhere.join("backup").display().to_string(),
        "order" | "offering" | "what" => "show/1".to_owned(),
        "customer" => "1".to_owned(),
        other => panic!("say here what {other} may be"),
    }
}

/// Calls a verb on `store`.
fn call(words: &[String], command: &Command, store: &Path) -> Result<ExitCode, String> {
    let elsewhere = TempDir::new().unwrap();
    let mut line = vec!["maejin".to_owned()];
    line.extend(words.iter().cloned());
    for arg in command.get_arguments().filter(|arg| arg.is_required_set() || arg.get_id() == "data") {
        line.extend(arg.get_long().map(|name| format!("--{name}")));
        line.push(value(arg, store, elsewhere.path()));
    }
    crate::done(Cli::try_parse_from(&line).unwrap_or_else(|error| panic!("{line:?}: {error}")).verb)
}

/// Calls all of them on `store`, and gives those that changed it, and those that refused.
fn called(store: &Path) -> (Vec<String>, Vec<String>) {
    let (mut changed, mut refused) = (Vec::new(), Vec::new());
    let before = snapshot(store);
    for (words, command) in readers() {
        if let Err(why) = call(&words, &command, store) {
            refused.push(format!("{}: {why}", words.join(" ")));
        }
        let after = snapshot(store);
        let differing = |name: &&String| before.get(*name) != after.get(*name);
        let names: Vec<&String> = before.keys().chain(after.keys()).filter(differing).collect();
        if !names.is_empty() {
            changed.push(format!("{} changed {names:?}", words.join(" ")));
            assert!(changed.len() < 5, "{changed:#?}");
        }
    }
    (changed, refused)
}

/// Copies a store that is open, as it is for who comes after a `kill -9`.
fn killed() -> TempDir {
    let (dir, copy) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut sample = Sample::open(&dir);
    sample.walk_through();
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    copy
}

fn settled() -> TempDir {
    let dir = walked();
    OfflineStore::open(dir.path()).unwrap().bring_forward(&mut Progress::of("")).unwrap();
    dir
}

fn backed_up() -> (TempDir, std::path::PathBuf) {
    let (store, to) = (settled(), TempDir::new().unwrap());
    let path = to.path().join("monday");
    let migrations = host::migrations();
    let request = BackupRequest { dir: store.path(), to: &path, migrations: &migrations, version: "1.2.3", now_ms: 77 };
    backup::take(&request, &mut |_, _| ()).unwrap();
    (to, path)
}

/// Not of a store, but of a backup.
fn is_of_backups(refusal: &str) -> bool {
    refusal.starts_with("backup verify: ")
}

#[test]
fn reading_a_store_changes_nothing_in_whatever_state_it_is() {
    assert!(readers().len() > 9, "they are found");
    let lagging = walked();
    let without_tables = settled();
    std::fs::remove_file(without_tables.path().join("tables.db")).unwrap();
    for (state, dir) in
        [("stopped", settled()), ("lagging", lagging), ("killed", killed()), ("without tables", without_tables)]
    {
        let (changed, mut refused) = called(dir.path());
        assert_eq!(changed, [""; 0], "{state}");
        let excused =
            |refusal: &String| is_of_backups(refusal) || state == "without tables" && refusal.starts_with("backup");
        refused.retain(|refusal| !excused(refusal));
        assert_eq!(refused, [""; 0], "{state}");
    }
}

#[test]
fn looking_at_a_backup_leaves_it_one() {
    let (_files, path) = backed_up();
    let (changed, refused) = called(&path);
    assert_eq!((changed, refused), (Vec::new(), Vec::new()));
    let data = TempDir::new().unwrap();
    backup::restore(&path, &data.path().join("data"), &host::migrations()).unwrap();
}

#[test]
fn a_backup_that_is_not_whole_is_not_verified() {
    let (_files, path) = backed_up();
    let file = path.join("tables.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let (words, command) = readers().into_iter().find(|(words, _)| words.join(" ") == "backup verify").unwrap();
    let why = call(&words, &command, &path).unwrap_err();
    assert!(why.contains("the SHA-256 of tables.db is"), "{why}");
}

#[test]
fn a_damaged_log_is_said_and_left_as_it_is_by_whoever_opens_the_store() {
    let dir = killed();
    let log = dir.path().join("journal.db-wal");
    let mut bytes = std::fs::read(&log).unwrap();
    let at = bytes.len() / 3;
    bytes[at] ^= 0xff;
    std::fs::write(&log, &bytes).unwrap();
    let before = snapshot(dir.path());
    let (changed, refused) = called(dir.path());
    assert_eq!(changed, [""; 0]);
    assert!(refused.len() > 3, "{refused:#?}");
    for tables in [true, false] {
        let opened = host::open(dir.path()).err().unwrap().to_string();
        assert!(opened.contains("journal.db-wal is damaged at byte"), "{opened}");
        assert!(opened.contains("records before it are sound"), "{opened}");
        if tables {
            assert_eq!(snapshot(dir.path()), before);
            for name in ["tables.db", "tables.db-wal", "tables.db-shm"] {
                let _ = std::fs::remove_file(dir.path().join(name));
            }
        }
    }
    bytes[at] ^= 0xff;
    std::fs::write(&log, &bytes).unwrap();
    host::open(dir.path()).unwrap();
}

#[test]
fn what_is_made_is_the_operators_alone() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("some").join("data");
    let migrations = host::migrations();
    let opened = host::open(&data).unwrap();
    let open = modes(dir.path());
    drop(opened);
    let to = dir.path().join("monday");
    let request = BackupRequest { dir: &data, to: &to, migrations: &migrations, version: "1.2.3", now_ms: 77 };
    backup::take(&request, &mut |_, _| ()).unwrap();
    backup::restore(&to, &dir.path().join("elsewhere"), &migrations).unwrap();
    let made: Vec<String> = open.into_iter().chain(modes(dir.path())).collect();
    assert!(made.len() > 12, "{made:#?}");
    let others: Vec<&String> = made.iter().filter(|made| !made.ends_with(" 700") && !made.ends_with(" 600")).collect();
    assert!(others.is_empty(), "others may read {others:#?}");
}

/// All directories and files below `dir`, each with who may do what.
fn modes(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        found.push(format!("{} {:o}", path.display(), path.metadata().unwrap().permissions().mode() & 0o777));
        if path.is_dir() {
            found.extend(modes(&path));
        }
    }
    found
}

#[test]
fn a_backup_is_no_data_directory() {
    let (_files, path) = backed_up();
    let before = snapshot(&path);
    let why = host::open(&path).err().unwrap().to_string();
    assert!(why.contains("is a backup") && why.contains("maejin restore"), "{why}");
    assert_eq!(snapshot(&path), before);
}

#[test]
fn events_of_a_store_on_which_a_shop_is_started_go_on() {
    let dir = walked();
    let mut reading = host::history::Reading::open(dir.path(), None).unwrap();
    while reading.next_passage().unwrap().is_some() {}
    let mut started = OfflineStore::open(dir.path()).unwrap();
    let last = started.journal.last().unwrap().unwrap();
    let next = Record::after(last.sum, last.seq + 1, last.at, last.body);
    started.journal.append(&next).unwrap();
    assert!(!reading.next_passage().unwrap().unwrap().messages.is_empty());
}
