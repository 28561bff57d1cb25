//! The stories: what happens to a shop before the power is lost.

use super::lives::Lives;
use super::shim::{Fault, Shim};

const LOG: &str = "/journal.db-wal";
const JOURNAL: &str = "/journal.db";

/// A story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Story {
    /// A shop is opened on an empty disk, and killed under load.
    FirstDay,
    /// It is stopped and started again.
    Restarted,
    /// A sync of the journal fails; it is started again on a disk that is well.
    FailedSync,
    /// The same, while somebody reads the journal, in both lives.
    FailedSyncRead,
    /// The same; somebody reads what is there before it is started again, and goes on reading.
    FailedSyncThenRead,
    /// It is killed in the place of a sync while somebody reads the journal, and started again beside that reader.
    KilledInSync,
    /// It is killed in the place of a sync; somebody reads what is there before it is started again, and goes on reading.
    KilledThenRead,
    /// A sync fails with which the journal is moved from its write-ahead log into its file.
    FailedCheckpoint,
    /// The power is lost, and after the next life again.
    LossAfterLoss,
    /// A backup is made under load, and put back.
    BackupAndRestore,
    /// The older part of the journal is moved away under load, and again when nobody sells.
    Archived,
    /// The disk says that the journal is synced, and it is not: whoever looks must find that something is lost.
    LyingDisk,
}

impl Story {
    /// Those in which nothing may be lost.
    pub const SOUND: [Self; 11] = [
        Self::FirstDay,
        Self::Restarted,
        Self::FailedSync,
        Self::FailedSyncRead,
        Self::FailedSyncThenRead,
        Self::KilledInSync,
        Self::KilledThenRead,
        Self::FailedCheckpoint,
        Self::LossAfterLoss,
        Self::BackupAndRestore,
        Self::Archived,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::FirstDay => "first-day",
            Self::Restarted => "restarted",
            Self::FailedSync => "failed-sync",
            Self::FailedSyncRead => "failed-sync-read",
            Self::FailedSyncThenRead => "failed-then-read",
            Self::KilledInSync => "killed-in-sync",
            Self::KilledThenRead => "killed-then-read",
            Self::FailedCheckpoint => "failed-checkpoint",
            Self::LossAfterLoss => "loss-after-loss",
            Self::BackupAndRestore => "backup-and-restore",
            Self::Archived => "archived",
            Self::LyingDisk => "lying-disk",
        }
    }

    /// Has it happen, and gives the log.
    pub(super) fn happen(self, seed: u64, shim: Shim) -> Vec<u8> {
        let mut lives = Lives::new(self.name(), seed, shim);
        let nth = 30 + lives.chance.below(120);
        let (fails, kills) = (Fault::SyncFails { file: LOG, nth }, Fault::KilledInSync { file: LOG, nth });
        match self {
            Self::FirstDay => lives.open(None),
            Self::Restarted => {
                lives.open(None);
                lives.sell_until_stopped();
                lives.open(None);
            }
            Self::FailedSync => {
                lives.open(Some(fails));
                lives.sell_until_fault();
                lives.open(None);
            }
            Self::FailedSyncRead => lives.read_through(fails),
            Self::KilledInSync => lives.read_through(kills),
            Self::FailedSyncThenRead => lives.read_between(fails),
            Self::KilledThenRead => lives.read_between(kills),
            Self::FailedCheckpoint => {
                let nth = 1 + lives.chance.below(2);
                lives.open(Some(Fault::SyncFails { file: JOURNAL, nth }));
                lives.sell_until_fault();
                lives.open(None);
            }
            Self::LossAfterLoss => {
                for _ in 0..2 {
                    lives.open(None);
                    lives.sell_until_killed();
                    lives.lose_power();
                }
                lives.open(None);
            }
            Self::BackupAndRestore => {
                lives.open(None);
                lives.sell_beside(Lives::back_up);
                lives.restore();
                lives.open(None);
            }
            Self::Archived => {
                lives.open(None);
                lives.sell_beside(Lives::archive);
                lives.archive();
                lives.compact();
                lives.open(None);
            }
            Self::LyingDisk => lives.open(Some(Fault::Lies { file: LOG })),
        }
        lives.sell_until_killed();
        lives.end()
    }
}
