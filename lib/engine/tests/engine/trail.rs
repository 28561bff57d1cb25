//! The trail: in which records a subject is spoken of, whenever and however the tables were brought up to the journal.

use std::collections::BTreeSet;
use std::path::Path;

use engine::Body;
use store::{Journal, TableReader};

use crate::toy::Act::*;
use crate::toy::{Message, command, rig, run};

/// The trail as the tables have it.
pub fn kept(dir: &Path) -> Vec<Vec<String>> {
    let mut reader = store::sqlite::reader(dir).unwrap();
    reader.report("SELECT subject, seq FROM trail ORDER BY subject, seq", &[]).unwrap()
}

/// The trail as it follows from the messages in the journal.
pub fn followed(journal: &mut dyn Journal) -> Vec<Vec<String>> {
    let mut pairs = BTreeSet::new();
    for record in journal.read(1, usize::MAX).unwrap() {
        let body = Body::<Message>::read(record.seq, record.at, &record.body).unwrap();
        pairs.extend(
            body.messages
                .iter()
                .filter(|message| !message.subject.is_none())
                .map(|message| (message.subject, record.seq)),
        );
    }
    pairs.iter().map(|(subject, seq)| vec![subject.number().to_string(), seq.to_string()]).collect()
}

#[test]
fn each_subject_of_a_record_stands_in_the_trail_once() {
    let mut rig = rig();
    run(&mut rig, 7, vec![Say(1), Say(2), Put(1, 1)]).0.unwrap();
    rig.batch(|core| {
        for subject in [9, 7, 9, 0] {
            core.command(command(subject, vec![Say(3)])).unwrap();
        }
    });
    rig.settle();
    assert_eq!(kept(rig.dir()), [["7", "1"], ["7", "2"], ["9", "2"]]);
    assert_eq!(kept(rig.dir()), followed(rig.journal()));
}

#[test]
fn the_trail_is_the_same_after_a_crash_at_any_record_and_after_all_tables_were_lost() {
    const RECORDS: u64 = 12;
    for settled in 0..=RECORDS {
        let mut rig = rig();
        for record in 1..=RECORDS {
            run(&mut rig, 1 + record % 3, vec![Say(record), Put(record, record)]).0.unwrap();
            if record == settled {
                rig.settle();
            }
        }
        let mut rig = rig.reopen();
        assert_eq!(kept(rig.dir()).len(), 12, "settled at {settled}");
        assert_eq!(kept(rig.dir()), followed(rig.journal()), "settled at {settled}");
        let mut rig = rig.rebuild();
        assert_eq!(kept(rig.dir()), followed(rig.journal()), "rebuilt");
    }
}
