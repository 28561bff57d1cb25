//! What every log must do. Another one that is added goes through the same tests.
#![expect(clippy::unwrap_used, reason = "all of this is tests, also what is no test function")]

use eventlog::{Entry, EventLog, InProcessLog};

fn entry(seq: u64) -> Entry {
    Entry { seq, key: seq % 3, body: seq.to_le_bytes().as_slice().into() }
}

fn seqs(log: &dyn EventLog, source: &str, after: u64, limit: usize) -> Vec<u64> {
    log.read(source, after, limit).unwrap().iter().map(|entry| entry.seq).collect()
}

fn keeps_the_order_of_each_source(log: &dyn EventLog) {
    log.append("a", &[entry(1), entry(5)]).unwrap();
    log.append("b", &[entry(3)]).unwrap();
    log.append("a", &[entry(8)]).unwrap();
    assert_eq!(seqs(log, "a", 0, 9), [1, 5, 8]);
    assert_eq!(seqs(log, "a", 1, 1), [5]);
    assert_eq!(seqs(log, "a", 8, 9), [0; 0]);
    assert_eq!(seqs(log, "b", 0, 9), [3]);
    assert_eq!((log.last("a").unwrap(), log.last("b").unwrap(), log.last("c").unwrap()), (8, 3, 0));
    assert_eq!(log.read("a", 4, 1).unwrap(), [entry(5)]);
}

fn takes_again_what_was_appended_before(log: &dyn EventLog) {
    log.append("again", &[entry(1), entry(5)]).unwrap();
    log.append("again", &[entry(1), entry(5), entry(6)]).unwrap();
    let read = seqs(log, "again", 0, 99);
    let mut ascending = read.clone();
    ascending.sort_unstable();
    assert_eq!(read, ascending);
    ascending.dedup();
    assert_eq!(ascending, [1, 5, 6]);
}

#[test]
fn the_log_within_a_process_is_one() {
    let log = InProcessLog::default();
    keeps_the_order_of_each_source(&log);
    takes_again_what_was_appended_before(&log);
}
