//! What holds the shop together, to be taken out: a simulation that does not find that it is gone would not find that it is broken.
//! Nothing of this is in a program that is shipped.

use std::fmt;
use std::str::FromStr;

use store::memory::MemoryStore;
use store::{Applied, Change, Epoch, Journal, Record, StoreError, TableWriter};

/// A guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// The journal refuses who was taken over from.
    Epoch,
    /// The tables refuse who was taken over from.
    TableEpoch,
    /// What was taken in is not taken in again.
    Watermark,
    /// A command that comes again with its key is done once.
    Keys,
    /// Messages about the same thing stay in order on their way.
    Order,
    /// What was done last is undone first.
    Undo,
}

impl Guard {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Epoch, Self::TableEpoch, Self::Watermark, Self::Keys, Self::Order, Self::Undo];

    fn name(self) -> &'static str {
        match self {
            Self::Epoch => "epoch",
            Self::TableEpoch => "table-epoch",
            Self::Watermark => "watermark",
            Self::Keys => "keys",
            Self::Order => "order",
            Self::Undo => "undo",
        }
    }
}

impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Guard {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|guard| guard.name() == name);
        found.ok_or_else(|| format!("there is no guard {name}; there are {}", Self::ALL.map(Self::name).join(", ")))
    }
}

/// A journal and tables that take what anybody brings, in whatever epoch.
pub(super) struct Unfenced(pub MemoryStore);

impl Journal for Unfenced {
    fn claim(&mut self) -> Result<Epoch, StoreError> {
        self.0.journal().claim()
    }
    fn append(&mut self, record: &Record) -> Result<(), StoreError> {
        self.0.journal().append(record)
    }
    fn last(&mut self) -> Result<Option<Record>, StoreError> {
        self.0.journal().last()
    }
    fn read(&mut self, from: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.0.journal().read(from, limit)
    }
}

impl TableWriter for Unfenced {
    fn applied(&mut self) -> Result<Applied, StoreError> {
        self.0.writer().applied()
    }
    fn claim(&mut self, epoch: Epoch) -> Result<(), StoreError> {
        self.0.writer().claim(epoch)
    }
    fn apply(
        &mut self,
        changes: &mut [Change<'_>],
        trail: &mut [(u64, u64)],
        applied: Applied,
    ) -> Result<(), StoreError> {
        self.0.writer().apply(changes, trail, applied)
    }
}
