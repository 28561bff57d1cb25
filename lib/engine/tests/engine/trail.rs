//! The trail: in which records a subject is spoken of, whenever and however the tables were brought up to the journal.

use std::collections::BTreeSet;

use engine::Body;
use store::{Journal, TableReader};

use crate::toy::Act::*;
use crate::toy::{Message, command, rig, run};

/// Above all subjects that these tests speak of.
const SUBJECTS: u64 = 1_000;

/// The trail as the tables have it: subjects, and the records in which they are spoken of.
pub fn kept(reader: &mut dyn TableReader) -> Vec<(u64, u64)> {
    let of = |subject| reader.trail(subject, u64::MAX).unwrap().into_iter().map(move |seq| (subject, seq));
    (0..SUBJECTS).flat_map(of).collect()
}

/// The trail as it follows from the messages in the journal.
pub fn followed(journal: &mut dyn Journal) -> Vec<(u64, u64)> {
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
    pairs.iter().map(|(subject, seq)| (subject.number(), *seq)).collect()
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
    assert_eq!(kept(&mut rig.reader()), [(7, 1), (7, 2), (9, 2)]);
    assert_eq!(kept(&mut rig.reader()), followed(rig.journal()));
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
        assert_eq!(kept(&mut rig.reader()).len(), 12, "settled at {settled}");
        assert_eq!(kept(&mut rig.reader()), followed(rig.journal()), "settled at {settled}");
        let mut rig = rig.rebuild();
        assert_eq!(kept(&mut rig.reader()), followed(rig.journal()), "rebuilt");
    }
}
