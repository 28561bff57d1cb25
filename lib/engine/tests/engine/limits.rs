//! A record holds so much and no more: whatever comes, every message has an id of its own and is read back.

use std::collections::HashSet;

use engine::{Body, Limits, Parked};
use proptest::prelude::*;
use store::Journal;

use crate::toy::Act::{self, *};
use crate::toy::{Answer, Message, command, item, rig, run};

const LIMITS: Limits = Limits { messages: 100, bytes: 10_000, full_messages: 40, full_bytes: 3_000 };

/// The ids of all messages of `journal`, in order, and the longest payload.
pub fn recorded(journal: &mut dyn Journal) -> (Vec<u64>, usize) {
    let Some(last) = journal.last().unwrap() else { return (Vec::new(), 0) };
    let (mut ids, mut longest, mut next) = (Vec::new(), 0, 1);
    while next <= last.seq {
        for record in journal.read(next, 16).unwrap() {
            let body = Body::<Message>::read(record.seq, record.at, &record.body).unwrap();
            ids.extend(body.messages.iter().map(|envelope| envelope.id));
            longest = longest.max(body.payload.len());
            next = record.seq + 1;
        }
    }
    (ids, longest)
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (0..60_u64, 0..3_000_u64).prop_map(|(count, length)| Chat(count, length)),
        (0..5_u64).prop_map(Count),
        (0..9_u64).prop_map(Say),
        (0..5_u64, 0..400_usize).prop_map(|(key, acts)| Wake(key, 1_001, vec![Say(1); acts])),
        (0..300_usize).prop_map(|length| PutNamed("n".repeat(length), 1)),
        Just(Fail),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whatever_comes_all_ids_are_unique_and_every_message_is_read_back(
        batches in prop::collection::vec(prop::collection::vec(prop::collection::vec(act(), 0..6), 0..20), 1..5)
    ) {
        let mut rig = rig().with_limits(LIMITS);
        let mut given = Vec::new();
        for requests in batches {
            rig.now += 1;
            let (_, batch) = rig.batch(|core| {
                for acts in requests {
                    let _ = core.command(command(1, acts));
                }
            });
            prop_assert!(batch.messages.len() <= LIMITS.messages);
            given.extend(batch.messages.iter().map(|envelope| envelope.id));
        }
        let (ids, longest) = recorded(rig.journal());
        prop_assert_eq!(&ids, &given);
        prop_assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
        prop_assert!(longest <= 3 * LIMITS.bytes, "{} bytes", longest);
        let parked = rig.all::<Parked>();
        prop_assert_eq!(parked.iter().map(|parked| parked.id).collect::<HashSet<_>>().len(), parked.len());
    }
}

#[test]
fn a_request_that_says_more_than_a_record_holds_is_refused_and_changes_nothing() {
    for too_much in [Chat(100, 3), Chat(50, 300), Wake(1, 5_000, vec![Say(1); 4_000])] {
        let mut rig = rig().with_limits(LIMITS);
        let (answer, batch) = run(&mut rig, 1, vec![Count(1), too_much]);
        assert_eq!(answer.unwrap_err(), "what comes of it is more than one record of the journal holds");
        assert!(batch.record.is_none());
        assert_eq!(run(&mut rig, 1, vec![Count(1), Answer(2), Chat(90, 3)]).0, Ok(Answer::Number(2)));
        assert_eq!(item(&mut rig, 1), Some(1));
    }
}

#[test]
fn a_timer_that_says_more_than_a_record_holds_is_parked_and_may_be_tried_again() {
    let mut rig = rig().with_limits(LIMITS);
    run(&mut rig, 1, vec![Wake(1, 2_000, vec![Chat(100, 3)])]).0.unwrap();
    rig.now = 2_000;
    rig.batch(|_| ());
    let parked = rig.all::<Parked>().remove(0);
    assert!(parked.reason.unwrap().contains("more than one record"));
    let mut rig = rig.reopen();
    assert_eq!(rig.batch(|core| core.redrive(parked.id).unwrap()).0, Some(1), "a larger record holds it");
    assert_eq!(rig.all::<Parked>(), []);
}

#[test]
fn timers_leave_room_for_requests() {
    let mut rig = rig().with_limits(LIMITS);
    run(&mut rig, 1, (0..30).map(|key| Wake(key, 2_000, vec![Chat(2, 3)])).collect()).0.unwrap();
    rig.now = 2_000;
    let (room, _) = rig.batch(|core| core.has_room());
    assert!(room);
    assert_eq!(rig.core.next_due(), Some(2_000), "the rest comes next");
    (0..5).for_each(|_| drop(rig.batch(|_| ())));
    assert_eq!(rig.core.next_due(), None);
}
