//! Messages between nodes: each handled once, however often it comes.

use engine::{Body, Core, INTAKE, Incoming, Origin, Source, Watermark};
use testkit::Rig;
use typed::SubjectKey;

use crate::toy::Act::*;
use crate::toy::{Answer, Message, Unbearable, rig, rig_with, run, words};

/// From the only partition of the shard 7.
const HERE: Source = Source { shard: 7, partition: 0 };

/// What the batch of one node sends to others: ids, subjects and forms.
fn sent(rig: &mut Rig<Message, Answer>, acts: Vec<crate::toy::Act>) -> Vec<Sent> {
    let (_, batch) = run(rig, 1, acts);
    let hosts = rig.core.hosts();
    batch
        .messages
        .iter()
        .filter(|envelope| hosts.sends(envelope))
        .map(|envelope| (envelope.id, envelope.subject, envelope.to_bytes()))
        .collect()
}

type Sent = (u64, SubjectKey, Vec<u8>);

fn receive(core: &mut Core<Message, Answer>, source: Source, messages: &[Sent]) -> usize {
    let incoming: Vec<Incoming<'_>> =
        messages.iter().map(|(id, subject, bytes)| Incoming { id: *id, subject: *subject, bytes }).collect();
    core.receive(source, &incoming).unwrap()
}

#[test]
fn events_and_commands_for_others_leave_a_node_and_nothing_else() {
    let mut rig = rig();
    let kinds: Vec<u8> =
        sent(&mut rig, vec![Say(1), Ask(2), Put(1, 1), Say(3)]).iter().map(|(.., bytes)| kind(bytes)).collect();
    assert_eq!(kinds, [1, 2, 1]);
}

fn kind(bytes: &[u8]) -> u8 {
    let mut d = minicbor::Decoder::new(bytes);
    (0..4).for_each(|_| d.skip().unwrap());
    typed::Message::kind(&d.decode::<Message>().unwrap())
}

#[test]
fn what_came_from_another_shard_keeps_its_origin_and_is_not_sent_on() {
    let (mut here, mut there) = (rig(), rig());
    let messages = sent(&mut here, vec![Say(1)]);
    let (_, batch) = there.batch(|core| receive(core, HERE, &messages));
    let [taken_in] = &batch.messages[..] else { panic!("{:?}", batch.messages) };
    assert_eq!(taken_in.origin, Some(Origin { shard: 7, id: messages[0].0 }));
    assert!(!there.core.hosts().sends(taken_in));
    let record = batch.record.unwrap();
    let body = Body::<Message>::read(record.seq, record.at, &record.body).unwrap();
    assert_eq!(&body.messages[0], taken_in, "the journal has it, too");
}

#[test]
fn a_message_that_comes_again_is_dropped_also_after_a_restart() {
    let (mut here, mut there) = (rig(), rig());
    let messages = sent(&mut here, vec![Say(1), Say(2), Say(3)]);
    let twice = [&messages[..2], &messages[..]].concat();
    assert_eq!(there.batch(|core| receive(core, HERE, &twice)).0, 5);
    assert_eq!(words(&mut there, 1), "1 2 3 ");
    let mut there = there.reopen();
    let (done, batch) = there.batch(|core| receive(core, HERE, &twice));
    assert_eq!(done, 5);
    assert!(batch.record.is_none(), "what was taken in before leaves no trace");
    assert_eq!(words(&mut there, 1), "1 2 3 ");
    assert_eq!(there.batch(|core| core.received(HERE).unwrap()).0, messages[2].0);
}

#[test]
fn a_message_of_a_batch_that_was_lost_is_taken_again() {
    let (mut here, there) = (rig(), rig());
    let messages = sent(&mut here, vec![Say(1), Say(2)]);
    let mut there = there.crash_before_append(|core| receive(core, HERE, &messages));
    assert_eq!(there.batch(|core| core.received(HERE).unwrap()).0, 0);
    there.batch(|core| receive(core, HERE, &messages));
    assert_eq!(words(&mut there, 1), "1 2 ");
}

#[test]
fn each_partition_of_each_shard_has_a_watermark_of_its_own_and_one_row_for_a_batch() {
    let (mut here, mut there) = (rig(), rig());
    let messages = sent(&mut here, vec![Say(1), Say(2)]);
    let (other_part, other_shard) = (Source { partition: 1, ..HERE }, Source { shard: 8, ..HERE });
    let (_, batch) = there.batch(|core| {
        receive(core, HERE, &messages);
        receive(core, other_part, &messages[1..]);
        receive(core, other_shard, &messages[..1]);
    });
    assert_eq!(words(&mut there, 1), "1 2 2 1 ");
    assert_eq!(crate::toy::changes(&batch).iter().filter(|(table, ..)| *table == 5).count(), 3);
    let mut marks: Vec<(String, u64)> =
        there.all::<Watermark>().iter().map(|mark| (mark.source.to_string(), mark.seq)).collect();
    marks.sort();
    let expected = [("7/0", messages[1].0), ("7/1", messages[1].0), ("8/0", messages[0].0)];
    assert_eq!(marks, expected.map(|(source, id)| (source.to_owned(), id)));
}

#[test]
fn a_message_that_concerns_nobody_here_is_passed_over_for_good() {
    let (mut here, mut there) = (rig(), rig());
    let messages = sent(&mut here, vec![Ask(1)]);
    let (_, batch) = there.batch(|core| receive(core, HERE, &messages));
    assert_eq!(batch.messages, []);
    assert_eq!(there.batch(|core| core.received(HERE).unwrap()).0, messages[0].0);
}

#[test]
fn what_does_not_fit_a_batch_comes_with_the_next() {
    let (mut here, there) = (rig(), rig());
    let messages = sent(&mut here, (0..40).map(|_| Say(1)).collect());
    let mut there = there.with_limits(engine::Limits { full_messages: 8, ..Default::default() });
    let (done, _) = there.batch(|core| receive(core, HERE, &messages));
    assert_eq!(done, 8);
    let rounds = (0..10).filter(|_| there.batch(|core| receive(core, HERE, &messages)).1.record.is_some()).count();
    assert_eq!((rounds, words(&mut there, 1).len()), (4, 80));
}

#[test]
fn a_message_that_fails_is_parked_and_counts_as_handled() {
    let unbearable = Unbearable::default();
    unbearable.lock().unwrap().insert(1);
    let (mut here, mut there) = (rig(), rig_with(&unbearable));
    let messages = sent(&mut here, vec![Say(1), Say(2)]);
    for _ in 0..2 {
        there.batch(|core| receive(core, HERE, &messages));
    }
    let parked = there.all::<engine::Parked>();
    assert_eq!(parked.len(), 2);
    unbearable.lock().unwrap().clear();
    there.batch(|core| core.redrive(parked[0].id).unwrap());
    assert_eq!(words(&mut there, 1), "1 2 ");
}

/// What is garbled on the way: its first message, in both of two batches.
#[test]
fn a_message_that_cannot_be_read_is_parked_with_what_follows_about_the_same_and_stops_nobody_else() {
    let mut here = rig();
    let (sound, others) = (sent(&mut here, vec![Say(1), Say(2), Say(3)]), sent(&mut here, vec![Say(9)]));
    let mut garbled = sound.clone();
    garbled[0].2 = b"nonsense".to_vec();
    // What is about another thing comes in between.
    let about_others = SubjectKey::new(garbled[0].1.number() + 1);
    let other = (others[0].0, about_others, others[0].2.clone());
    let mut there = rig();
    there.batch(|core| receive(core, HERE, &[&garbled[..], &[other]].concat()));
    assert_eq!(words(&mut there, 1), "9 ", "the other one goes on");
    let mut there = there.reopen();
    let parked = there.all::<engine::Parked>();
    let shown: Vec<_> = parked.iter().map(|p| (p.service, p.subject, &*p.name, p.reason.is_some())).collect();
    let subject = garbled[0].1;
    let waits = (INTAKE, subject, "unreadable", false);
    assert_eq!(shown, [(INTAKE, subject, "unreadable", true), waits, waits]);
    assert_eq!(there.batch(|core| core.redrive(parked[0].id).unwrap()).0, Some(0), "it is as unreadable as before");
    assert_eq!(there.batch(|core| core.give_up(parked[0].id, |_| None).unwrap()).0, Some(2));
    assert_eq!(words(&mut there, 1), "9 2 3 ");
    assert_eq!(there.all::<engine::Parked>(), []);
}
