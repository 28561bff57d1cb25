//! `maejin check`: verifies on a stopped store that the journal is what was written, and that the tables keep the promises.

mod counted;
mod rules;
mod shown;

use std::io::Write;
use std::process::ExitCode;

use store::Identity;

use crate::cli::Check;
use crate::serve::recipes;
use crate::stopped::{JournalRead, Progress, Stopped};
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
    let mut stopped = Stopped::open(&check.data.data).map_err(|error| error.to_string())?;
    line(out, &format!("checking {}", check.data.data.display()))?;
    let identity = store::sqlite::read_identity(&check.data.data).map_err(|error| error.to_string())?;
    if let Some(Identity { store, incarnation }) = identity {
        line(out, &format!("store {store}, incarnation {incarnation}"))?;
    }
    let read =
        JournalRead::of(&mut stopped.journal, &mut Progress::of("reading the journal")).map_err(|e| e.to_string())?;
    if read.damage.is_none() {
        let forward = stopped.bring_forward(&mut Progress::of("bringing the tables up to the journal"));
        forward.map_err(|error| error.to_string())?;
    }
    stopped.knows(&known)?;
    let mut reader = stopped.reader().map_err(|error| error.to_string())?;
    counted::show(&read, &mut reader, out)?;
    line(out, "\npromises")?;
    let mut broken = usize::from(shown::journal(&read, out)?);
    let (names, rules) = (StorefrontNames::of(&known), rules::all(&recipes(&known)));
    for rule in &rules {
        let found = rule.offending(&mut reader).map_err(|error| error.to_string())?;
        shown::rule(rule, &found, &names, out)?;
        broken += usize::from(!found.rows.is_empty());
    }
    line(out, &verdict(broken, rules.len() + 1))?;
    Ok(broken == 0)
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
