//! The power is lost at 220 moments: what was acknowledged is there, and everything follows from it. And the test is no blind one: on a
//! disk that lies about the journal it finds that something is lost.

use tests::power_loss::{Shim, Story, examine};

/// From what the stories and the moments follow.
const SEED: u64 = 20;
/// How many moments of each story.
const MOMENTS: u64 = 20;

#[track_caller]
fn nothing_is_lost(story: Story) {
    let Some(shim) = Shim::try_new() else { return };
    let report = examine(story, SEED, MOMENTS, &shim);
    println!("{report}");
    assert_eq!(report.complaints(), Vec::<String>::new());
    assert!(report.compared() > MOMENTS as usize, "there was hardly any load: {report}");
}

#[test]
fn on_the_first_day() {
    nothing_is_lost(Story::FirstDay);
}

#[test]
fn after_a_stop_and_a_start() {
    nothing_is_lost(Story::Restarted);
}

#[test]
fn after_a_sync_of_the_journal_failed() {
    nothing_is_lost(Story::FailedSync);
}

#[test]
fn after_a_sync_of_the_journal_failed_beside_a_reader() {
    nothing_is_lost(Story::FailedSyncRead);
}

#[test]
fn after_a_sync_of_the_journal_failed_and_a_reader_before_the_next_life() {
    nothing_is_lost(Story::FailedSyncThenRead);
}

#[test]
fn after_a_kill_in_the_place_of_a_sync_beside_a_reader() {
    nothing_is_lost(Story::KilledInSync);
}

#[test]
fn after_a_kill_in_the_place_of_a_sync_and_a_reader_before_the_next_life() {
    nothing_is_lost(Story::KilledThenRead);
}

#[test]
fn after_a_checkpoint_failed() {
    nothing_is_lost(Story::FailedCheckpoint);
}

#[test]
fn after_a_power_loss_and_another_life() {
    nothing_is_lost(Story::LossAfterLoss);
}

#[test]
fn while_a_backup_is_made_and_put_back() {
    nothing_is_lost(Story::BackupAndRestore);
}

#[test]
fn while_the_journal_is_archived() {
    nothing_is_lost(Story::Archived);
}

#[test]
fn a_disk_that_lies_is_found_out() {
    let Some(shim) = Shim::try_new() else { return };
    let report = examine(Story::LyingDisk, SEED, MOMENTS, &shim);
    println!("{report}");
    assert!(report.lost() > 0, "orders are lost on a disk that does not sync, and nobody noticed: {report}");
}
