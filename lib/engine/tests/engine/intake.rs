//! Messages between nodes: each handled once, however often it comes.

use engine::{Core, IntakeError, Watermark};
use testkit::Rig;

use crate::toy::Act::*;
use crate::toy::{Answer, Message, Unbearable, rig, rig_with, run, words};

/// What the batch of one node sends to others: numbers and forms.
fn sent(rig: &mut Rig<Message, Answer>, acts: Vec<crate::toy::Act>) -> Vec<(u64, Vec<u8>)> {
    let (_, batch) = run(rig, 1, acts);
    let hosts = rig.core.hosts();
    batch
        .messages
        .iter()
        .filter(|envelope| hosts.sends(envelope))
        .map(|envelope| (envelope.id, envelope.to_bytes()))
        .collect()
}

fn receive(core: &mut Core<Message, Answer>, node: &str, messages: &[(u64, Vec<u8>)]) -> usize {
    messages.iter().filter(|(seq, bytes)| core.receive(node, *seq, bytes).unwrap()).count()
}

#[test]
fn events_and_commands_for_others_leave_a_node_and_nothing_else() {
    let mut rig = rig();
    let kinds: Vec<u8> =
        sent(&mut rig, vec![Say(1), Ask(2), Put(1, 1), Say(3)]).iter().map(|(_, bytes)| kind(bytes)).collect();
    assert_eq!(kinds, [1, 2, 1]);
}

fn kind(bytes: &[u8]) -> u8 {
    let mut d = minicbor::Decoder::new(bytes);
    (0..4).for_each(|_| d.skip().unwrap());
    typed::Message::kind(&d.decode::<Message>().unwrap())
}

#[test]
fn what_came_from_another_node_is_not_sent_on() {
    let (mut here, mut there) = (rig(), rig());
    let messages = sent(&mut here, vec![Say(1)]);
    let (_, batch) = there.batch(|core| receive(core, "here", &messages));
    assert_eq!(batch.messages.len(), 1);
    // Both nodes host the doer here, so the envelope's sender decides, as it does where each service is on one node.
    let ear_only = Rig::new(
        std::rc::Rc::new(testkit::Plan {
            migrations: crate::toy::migrations(),
            tables: crate::toy::tables(),
            services: Box::new(|| vec![Box::new(crate::toy::Ear(Unbearable::default()))]),
        }),
        1,
    );
    assert!(!ear_only.core.hosts().sends(&batch.messages[0]));
}

#[test]
fn a_message_that_comes_again_is_dropped_also_after_a_restart() {
    let (mut here, mut there) = (rig(), rig());
    let messages = sent(&mut here, vec![Say(1), Say(2), Say(3)]);
    let twice = [&messages[..2], &messages[..]].concat();
    assert_eq!(there.batch(|core| receive(core, "here", &twice)).0, 3);
    assert_eq!(words(&mut there, 1), "1 2 3 ");
    let mut there = there.reopen();
    let (taken, batch) = there.batch(|core| receive(core, "here", &twice));
    assert_eq!(taken, 0);
    assert!(batch.record.is_none(), "what was handled before leaves no trace");
    assert_eq!(words(&mut there, 1), "1 2 3 ");
    assert_eq!(there.batch(|core| core.received("here").unwrap()).0, messages[2].0);
}

#[test]
fn a_message_of_a_batch_that_was_lost_is_taken_again() {
    let (mut here, there) = (rig(), rig());
    let messages = sent(&mut here, vec![Say(1), Say(2)]);
    let mut there = there.crash_before_append(|core| receive(core, "here", &messages));
    assert_eq!(there.batch(|core| receive(core, "here", &messages)).0, 2);
    assert_eq!(words(&mut there, 1), "1 2 ");
}

#[test]
fn each_node_has_a_watermark_of_its_own_and_one_row_for_a_batch() {
    let (mut here, mut there) = (rig(), rig());
    let messages = sent(&mut here, vec![Say(1), Say(2)]);
    let (_, batch) = there.batch(|core| receive(core, "a", &messages) + receive(core, "b", &messages[..1]));
    assert_eq!(words(&mut there, 1), "1 2 1 ");
    assert_eq!(crate::toy::changes(&batch).iter().filter(|(table, ..)| *table == 5).count(), 2);
    let marks: Vec<(String, u64)> =
        there.all::<Watermark>().iter().map(|mark| (mark.source.to_string(), mark.seq)).collect();
    assert_eq!(marks, [("a".to_owned(), messages[1].0), ("b".to_owned(), messages[0].0)]);
}

#[test]
fn a_message_that_concerns_nobody_here_leaves_no_trace() {
    let (mut here, mut there) = (rig(), rig());
    let messages = sent(&mut here, vec![Ask(1)]);
    let (taken, batch) = there.batch(|core| receive(core, "here", &messages));
    assert_eq!(taken, 0);
    assert!(batch.record.is_none());
}

#[test]
fn a_message_that_fails_is_parked_and_counts_as_handled() {
    let unbearable = Unbearable::default();
    unbearable.lock().unwrap().insert(1);
    let (mut here, mut there) = (rig(), rig_with(&unbearable));
    let messages = sent(&mut here, vec![Say(1), Say(2)]);
    for _ in 0..2 {
        there.batch(|core| receive(core, "here", &messages));
    }
    let parked = there.all::<engine::Parked>();
    assert_eq!(parked.len(), 2);
    unbearable.lock().unwrap().clear();
    there.batch(|core| core.redrive(parked[0].id).unwrap());
    assert_eq!(words(&mut there, 1), "1 2 ");
}

#[test]
fn a_message_that_cannot_be_read_is_not_passed_over() {
    let mut there = rig();
    let (result, batch) = there.batch(|core| core.receive("here", 5, b"nonsense"));
    assert!(matches!(result, Err(IntakeError::Unreadable { seq: 5, .. })));
    assert!(batch.record.is_none());
    assert_eq!(there.batch(|core| core.received("here").unwrap()).0, 0);
}
