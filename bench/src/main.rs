//! Loads the shop and the ceiling of the machine in one run, and tells what came of it: `cargo xtask bench`.

mod call;
mod ceiling;
mod growth;
mod load;
mod measure;
mod overload;
mod process;
mod report;
mod run;
mod scenario;
mod server;
mod wrk;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench", about = "Load the release binary on fresh stores, and print a table")]
struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    run: run::Run,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Serve the null endpoint and the one with an append; the bench starts this itself
    #[command(hide = true)]
    Ceiling {
        /// Where its journal is
        #[arg(long)]
        data: PathBuf,
    },
}

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match args.verb {
        Some(Verb::Ceiling { data }) => ceiling::run(&data),
        None => args.run.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("bench: {why}");
            ExitCode::FAILURE
        }
    }
}
