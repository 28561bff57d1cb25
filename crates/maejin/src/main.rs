//! The one binary: command line, settings, wiring. A room for each verb, and for each part of a running shop.

mod api;
mod backup;
mod check;
mod cli;
mod events;
mod fingerprint;
mod journal;
mod live;
mod newest;

mod operate;
mod operator;
mod rebuild;
mod serve;
mod settings;
mod shop;
mod stopped;
mod written;

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use cli::{Cli, Verb};

/// What one thread allocates here another one frees. The system's allocator slows down under that, and keeps the memory of a crowd for good.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    done(Cli::parse().verb).unwrap_or_else(|why| {
        let _ = writeln!(std::io::stderr(), "maejin: {why}");
        ExitCode::FAILURE
    })
}

/// Does what is asked.
fn done(verb: Verb) -> Result<ExitCode, String> {
    match verb {
        Verb::Serve(serve) => serve::run(&serve),
        Verb::Check(check) => check::run(&check),
        Verb::Events(events) => events::run(&events),
        Verb::Rebuild(rebuild) => rebuild::run(&rebuild),
        Verb::Journal(journal) => journal::run(&journal.what),
        Verb::Backup(args) => backup::run(&args),
        Verb::Restore(args) => backup::restore(&args),
        Verb::Orders(orders) => operate::orders::run(&orders.what),
        Verb::Parked(parked) => operate::parked::run(&parked.what),
        Verb::Offerings(offerings) => operate::offerings::run(&offerings.what),
        Verb::Points(points) => operate::points::run(&points.what),
        Verb::Config(config) => operate::config::run(&config),
        Verb::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "maejin", &mut std::io::stdout());
            Ok(ExitCode::SUCCESS)
        }
    }
}
