//! The command line.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

mod journal;

use client::{Log, Offerings, Orders, Parked, Points};
use host::Location;
pub use journal::*;

/// Sells things that run out: never one twice, never half, and fast when everybody comes at once.
#[derive(Debug, Parser)]
#[command(name = "maejin", version = env!("MAEJIN_VERSION"), after_help = EXAMPLES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

const EXAMPLES: &str = "Examples:
  maejin serve --demo                        all five storefronts, filled, on 127.0.0.1:8088
  maejin serve --open --storefront show      one storefront at the root of 8088, its services on their own ports
  maejin check --data data                   verify the promises on a stopped shop's store
  maejin backup --data data --to /mnt/backups/monday
  maejin events --data data --storefront show --order 1
  maejin orders list --state confirmed       the newest confirmed orders of the running shop
  maejin parked list                         what waits for an operator, and why
  maejin completions bash > /etc/bash_completion.d/maejin";

/// What maejin can do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Run the shop.
    Serve(Serve),
    /// Verify the promises on a stopped shop's store; exit 1 if one is broken.
    Check(Check),
    /// Show what was said, from the journal. Works while the shop runs.
    Events(Events),
    /// Build something anew from the journal of a stopped shop.
    Rebuild(Rebuild),
    /// See how the journal grows, and archive its older part.
    Journal(Journal),
    /// Copy the store while the shop runs, and verify the copy.
    Backup(Backup),
    /// Put a backup back, into an empty data directory.
    Restore(Restore),
    /// See orders, their course, and take them back.
    Orders(Orders),
    /// See what is parked and why; hand it over again, or give it up.
    Parked(Parked),
    /// See and change what is on sale.
    Offerings(Offerings),
    /// See and set a customer's points.
    Points(Points),
    /// Check a storefront's file, or show one as an example.
    Storefronts(Storefronts),
    /// See and set which logs a running shop writes.
    Log(Log),
    /// Make the topics of Apache Kafka that serve would publish on, and compare those that are there; exit 1 if one is other than it is to be.
    /// Takes the flags of serve.
    Topics(TopicsArgs),
    /// Show the settings that serve would run with, each with where it comes from. Takes the flags of serve.
    Config(Config),
    /// Print shell completions.
    Completions {
        /// For which shell.
        shell: clap_complete::Shell,
    },
}

/// Which store.
#[derive(Debug, Args)]
pub struct Data {
    /// The data directory.
    #[arg(long, value_name = "DIR", default_value = "data", env = "MAEJIN_DATA")]
    pub data: PathBuf,
    /// The PostgreSQL database, where the store is in one: postgres://user@host:5432/database.
    #[arg(long, value_name = "URL", env = "MAEJIN_STORE", hide_env_values = true)]
    pub store: Option<String>,
    /// A file with the password for it.
    #[arg(long, value_name = "FILE", env = "MAEJIN_STORE_PASSWORD_FILE")]
    pub store_password_file: Option<PathBuf>,
}

impl Data {
    /// Where the store is.
    ///
    /// # Errors
    /// If its address is none.
    pub fn location(&self) -> Result<Location, String> {
        Location::try_new(&self.data, self.store.as_deref(), self.store_password_file.as_deref())
    }

    /// The data directory, for what only a store in files can have done.
    ///
    /// # Errors
    /// That the store is in a database, and that `instead` does there what is wanted.
    pub fn directory(&self, instead: &str) -> Result<&Path, String> {
        match self.location()? {
            Location::Directory(_) => Ok(&self.data),
            Location::Database(address) => {
                Err(format!("this is for a store in files, and {address} is none: {instead}"))
            }
        }
    }
}

/// What to verify.
#[derive(Debug, Args)]
pub struct Check {
    /// Where the store is.
    #[command(flatten)]
    pub data: Data,
    /// Compare the store with the payment provider's own list, too: the provider at URL, or the one that serve would ask.
    #[arg(long, value_name = "URL", num_args = 0..=1)]
    pub provider: Option<Option<String>>,
    /// Load further storefronts from the .toml files in this directory.
    #[arg(long, value_name = "DIR")]
    pub storefronts: Option<PathBuf>,
}

/// How to run the shop.
#[derive(Debug, Default, Args)]
pub struct Serve {
    /// Without accounts, for this machine only: the customer is whoever the request says. Loopback addresses only.
    #[arg(long)]
    pub open: bool,
    /// Like --open, on a store filled with samples in all storefronts.
    #[arg(long, conflicts_with = "open")]
    pub demo: bool,
    /// Serve this storefront alone: at the root, its services also on the ports of the system it stands for.
    #[arg(long, value_name = "NAME")]
    pub storefront: Option<String>,
    /// The data directory; also MAEJIN_DATA. Default: data; with --demo: data/demo.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Keep the store in a PostgreSQL database: postgres://user@host:5432/database; also MAEJIN_STORE. Name a file with the password in
    /// MAEJIN_STORE_PASSWORD_FILE: others on this machine see what a command line says.
    #[arg(long, value_name = "URL")]
    pub store: Option<String>,
    /// Where the public door listens. Default: 127.0.0.1:8088. Without --storefront no other port is opened.
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// Move the port of a service of --storefront: 8083=18083, or 8083=off to leave it closed. May be repeated.
    #[arg(long = "port", value_name = "PORT=TO")]
    pub ports: Vec<String>,
    /// Read settings from this file as well.
    #[arg(long, value_name = "FILE", env = "MAEJIN_CONFIG")]
    pub config: Option<PathBuf>,
    /// Load further storefronts from the .toml files in this directory.
    #[arg(long, value_name = "DIR")]
    pub storefronts: Option<PathBuf>,
    /// Publish what happens on Apache Kafka, whose brokers are at HOST:PORT, or several with commas between them.
    #[arg(long, value_name = "BROKERS")]
    pub kafka: Option<String>,
    /// Which logs to write, such as info or info,maejin::orders=debug.
    #[arg(long, value_name = "FILTER")]
    pub log: Option<String>,
    /// How logs look.
    #[arg(long, value_enum)]
    pub log_format: Option<Format>,
}

/// Which topics to see to.
#[derive(Debug, Args)]
pub struct TopicsArgs {
    /// As for serve.
    #[command(flatten)]
    pub serve: Serve,
}

/// Which settings to show.
#[derive(Debug, Args)]
pub struct Config {
    /// As for serve.
    #[command(flatten)]
    pub serve: Serve,
    /// One JSON document.
    #[arg(long)]
    pub json: bool,
}

/// Files of storefronts.
#[derive(Debug, Args)]
pub struct Storefronts {
    /// What to do with them.
    #[command(subcommand)]
    pub what: StorefrontsVerb,
}

/// What can be done with files of storefronts.
#[derive(Debug, Subcommand)]
pub enum StorefrontsVerb {
    /// Say whether a file can be served, or which of its fields is wrong and why; exit 1 then.
    Check {
        /// The file.
        file: PathBuf,
        /// Beside the .toml files in this directory, whose names and numbers it may not have.
        #[arg(long, value_name = "DIR")]
        storefronts: Option<PathBuf>,
    },
    /// Print the file of a storefront.
    Show {
        /// Its name, such as show.
        name: String,
        /// Also one of the .toml files in this directory.
        #[arg(long, value_name = "DIR")]
        storefronts: Option<PathBuf>,
    },
}

/// How logs look.
#[derive(Debug, Clone, Copy, ValueEnum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Readable on a terminal, JSON otherwise.
    Auto,
    /// Readable.
    Text,
    /// One JSON object a line.
    Json,
}

/// Which messages to show.
#[derive(Debug, Args)]
pub struct Events {
    /// Where the journal is.
    #[command(flatten)]
    pub data: Data,
    /// Go on with what is said from now on.
    #[arg(long)]
    pub follow: bool,
    /// Only this storefront's.
    #[arg(long, value_name = "NAME")]
    pub storefront: Option<String>,
    /// Only this order's, by its number in the storefront.
    #[arg(long, value_name = "N", requires = "storefront")]
    pub order: Option<u64>,
    /// In the words of the systems that the storefronts stand for.
    #[arg(long)]
    pub old_names: bool,
    /// One JSON object a line.
    #[arg(long)]
    pub json: bool,
    /// Load further storefronts from the .toml files in this directory.
    #[arg(long, value_name = "DIR")]
    pub storefronts: Option<PathBuf>,
}

/// What to back up.
#[derive(Debug, Args)]
#[command(subcommand_negates_reqs = true)]
pub struct Backup {
    /// What else to do with a backup.
    #[command(subcommand)]
    pub what: Option<BackupVerb>,
    /// Where the store is.
    #[command(flatten)]
    pub data: Data,
    /// What the backup is to be called; nothing may be there yet.
    #[arg(long, value_name = "PATH", required = true)]
    pub to: Option<PathBuf>,
    /// Say what is in it as JSON.
    #[arg(long)]
    pub json: bool,
}

/// What can be done with a backup but to restore it.
#[derive(Debug, Subcommand)]
pub enum BackupVerb {
    /// Verify a backup and the promises in it, without a change to it; exit 1 if it is not whole.
    Verify {
        /// The backup.
        #[arg(value_name = "PATH")]
        backup: PathBuf,
        /// Load further storefronts from the .toml files in this directory.
        #[arg(long, value_name = "DIR")]
        storefronts: Option<PathBuf>,
    },
}

/// What to restore.
#[derive(Debug, Args)]
pub struct Restore {
    /// The backup.
    #[arg(long, value_name = "PATH")]
    pub from: PathBuf,
    /// Where to: a directory that is empty or not there yet.
    #[command(flatten)]
    pub data: Data,
    /// Load further storefronts from the .toml files in this directory.
    #[arg(long, value_name = "DIR")]
    pub storefronts: Option<PathBuf>,
    /// Say what is in it as JSON.
    #[arg(long)]
    pub json: bool,
}

/// What to build anew.
#[derive(Debug, Args)]
pub struct Rebuild {
    /// What.
    #[arg(value_enum)]
    pub what: Rebuilt,
    /// Where.
    #[command(flatten)]
    pub data: Data,
    /// Load further storefronts from the .toml files in this directory.
    #[arg(long, value_name = "DIR")]
    pub storefronts: Option<PathBuf>,
}

/// What can be built anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Rebuilt {
    /// My page, from the messages.
    Mypage,
    /// All tables, from the rows in the journal.
    Tables,
}
