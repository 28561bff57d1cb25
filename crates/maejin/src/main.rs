//! The one binary: command line, settings, wiring. A room for each part of a running shop; the verbs on stores are in `maintenance`.

mod cli;
mod maintain;
mod provider_source;
mod roles;
mod serve;
mod settings;
mod stopped;
mod storefront_files;
mod topics;
#[cfg(test)]
mod unchanged;

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use cli::{Backup, Cli, Verb};

/// What one thread allocates here another one frees. The system's allocator slows down under that, and keeps the memory of a crowd for good.
/// It does not stand in the place of `malloc` itself: libraries that are loaded before the program would find it there before it is ready.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // The allocator asks for pages of 2 MiB, and much of each stays empty: without them a busy shop takes a third less memory, and an order
    // no more time. Where it cannot be said, nothing is lost but that.
    let _ = rustix::thread::disable_transparent_huge_pages(true);
    let verb = Cli::parse().verb;
    let failure = match &verb {
        Verb::Check(_) | Verb::Backup(Backup { what: Some(_), .. }) => ExitCode::from(maintenance::check::NOT_CHECKED),
        _ => ExitCode::FAILURE,
    };
    done(verb).unwrap_or_else(|why| {
        let _ = writeln!(std::io::stderr(), "maejin: {why}");
        failure
    })
}

/// Does what is asked.
fn done(verb: Verb) -> Result<ExitCode, String> {
    match verb {
        Verb::Serve(serve) => serve::run(&serve),
        Verb::Check(check) => maintain::check(&check),
        Verb::Events(events) => maintain::events(events),
        Verb::Rebuild(rebuild) => maintain::rebuild(&rebuild),
        Verb::Journal(journal) => maintain::journal(&journal.what),
        Verb::Backup(args) => maintain::backup(&args),
        Verb::Restore(args) => maintain::restore(&args),
        Verb::Orders(orders) => orders.run(stopped::read),
        Verb::Parked(parked) => parked.run(stopped::read),
        Verb::Offerings(offerings) => offerings.run(stopped::read),
        Verb::Points(points) => points.run(stopped::read),
        Verb::Storefronts(args) => storefront_files::run(&args),
        Verb::Log(log) => log.run(),
        Verb::Topics(args) => topics::run(&args),
        Verb::Config(config) => settings::show(&config),
        Verb::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "maejin", &mut service::output::stdout());
            Ok(ExitCode::SUCCESS)
        }
    }
}
