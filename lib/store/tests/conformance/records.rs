//! The journal gives back what was appended, or says at which record it cannot.

use store::{Record, StoreError};

use crate::engines::Engine;
use crate::given::append;

fn damaged_at(result: Result<Vec<Record>, StoreError>) -> u64 {
    match result {
        Err(StoreError::Damaged { seq, .. }) => seq,
        other => panic!("damage is found, not {other:?}"),
    }
}

pub fn what_was_appended_is_read_in_order_also_by_who_comes_later(engine: &dyn Engine) {
    let mut journal = engine.journal();
    assert_eq!(journal.last().unwrap(), None);
    assert_eq!(journal.read(1, 10).unwrap(), []);
    let long = vec![7; 100_000];
    let mut records = append(&mut *journal, &[b"a", b"", &long]);
    drop(journal);
    let mut journal = engine.journal();
    records.extend(append(&mut *journal, &[b"d"]));
    assert_eq!(journal.last().unwrap().as_ref(), records.last());
    assert_eq!(journal.read(1, 10).unwrap(), records);
    assert_eq!(journal.read(0, 2).unwrap(), records[..2]);
    assert_eq!(journal.read(3, 1).unwrap(), records[2..3]);
    journal.checkpoint().unwrap();
    assert_eq!(engine.journal().read(2, 10).unwrap(), records[1..]);
}

pub fn of_long_records_fewer_are_read_at_once_and_all_in_the_end(engine: &dyn Engine) {
    let mut journal = engine.journal();
    let long = vec![7; 3 << 20];
    let records = append(&mut *journal, &[&long, &long, &long, &long, b"short"]);
    let (mut read, mut next) = (Vec::new(), 1);
    loop {
        let some = journal.read(next, 10).unwrap();
        assert!(some.len() < 5, "not all at once");
        let Some(last) = some.last() else { break };
        next = last.seq + 1;
        read.extend(some);
    }
    assert_eq!(read, records);
}

pub fn past_the_end_there_is_nothing(engine: &dyn Engine) {
    let mut journal = engine.journal();
    append(&mut *journal, &[b"a", b"b"]);
    assert_eq!(journal.read(3, 10).unwrap(), []);
    assert_eq!(journal.read(9, 10).unwrap(), []);
}

pub fn a_place_is_taken_once(engine: &dyn Engine) {
    let mut journal = engine.journal();
    let records = append(&mut *journal, &[b"a"]);
    let refused = journal.append(&Record::after(0, 1, 5, b"other"[..].into()));
    assert!(matches!(refused, Err(StoreError::Refused { .. })), "{refused:?}");
    assert_eq!(journal.read(1, 9).unwrap(), records);
    let more = append(&mut *journal, &[b"b"]);
    assert_eq!(journal.read(2, 9).unwrap(), more, "one goes on after that");
}

pub fn a_record_that_does_not_follow_the_one_before_is_damage(engine: &dyn Engine) {
    let mut journal = engine.journal();
    let records = append(&mut *journal, &[b"a", b"b"]);
    journal.append(&Record::after(records[1].sum ^ 1, 3, 1_003, b"c"[..].into())).unwrap();
    assert_eq!(damaged_at(journal.read(1, 10)), 3);
    assert_eq!(damaged_at(journal.read(3, 1)), 3);
    assert_eq!(journal.read(1, 2).unwrap(), records);
    assert!(matches!(journal.last(), Err(StoreError::Damaged { seq: 3, .. })));
}

pub fn a_gap_is_damage_at_the_missing_record(engine: &dyn Engine) {
    let mut journal = engine.journal();
    let records = append(&mut *journal, &[b"a", b"b"]);
    journal.append(&Record::after(records[1].sum, 4, 1_004, b"d"[..].into())).unwrap();
    assert_eq!(damaged_at(journal.read(1, 10)), 3);
    assert_eq!(damaged_at(journal.read(4, 10)), 3);
    assert_eq!(journal.read(1, 2).unwrap(), records);
}
