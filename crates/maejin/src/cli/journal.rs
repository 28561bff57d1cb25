//! The verbs about the journal.

use clap::{Args, Subcommand};

use super::Data;

/// About the journal.
#[derive(Debug, Args)]
pub struct Journal {
    /// What.
    #[command(subcommand)]
    pub what: JournalAct,
}

/// What can be done about the journal.
#[derive(Debug, Subcommand)]
pub enum JournalAct {
    /// Say where its records are, and how large it is. Works while the shop runs.
    Show(ShowJournal),
    /// Move its older part into files of their own, in the directory archive of the data directory. Works while the shop runs.
    Archive(Archive),
    /// Give the room that archived records left in the journal's own file back to the disk. Of a stopped shop.
    Compact(CompactJournal),
}

/// Which journal is to be shown.
#[derive(Debug, Args)]
pub struct ShowJournal {
    /// Where it is.
    #[command(flatten)]
    pub data: Data,
    /// One JSON document.
    #[arg(long)]
    pub json: bool,
}

/// What is to be archived.
#[derive(Debug, Args)]
pub struct Archive {
    /// Where the journal is.
    #[command(flatten)]
    pub data: Data,
    /// Records that are older than this, such as 30d or 12h.
    #[arg(long, value_name = "DURATION")]
    pub older_than: String,
    /// Say what was archived as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Which journal is to be made smaller.
#[derive(Debug, Args)]
pub struct CompactJournal {
    /// Where it is.
    #[command(flatten)]
    pub data: Data,
}
