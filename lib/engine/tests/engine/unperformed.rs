//! What nobody can take up is parked with its reason, shown after a restart too, and can be taken up again or given up.

use engine::{Intent, Parked, Timer};
use testkit::Rig;

use crate::toy::Act::*;
use crate::toy::{Answer, DOER, Message, item, rig, run};

const UNKNOWN: u8 = 30;

fn key(service: u8, own: u64) -> u64 {
    (u64::from(service) << 57) | own
}

/// A rig in which `key` is due at 2,000 with `message`, and that time has come.
fn due(key: u64, message: Vec<u8>) -> Rig<Message, Answer> {
    let mut rig = rig();
    let timer = Timer { key, due: 2_000, message: message.into(), correlation: 5, cause: 77, wait_ms: None };
    rig.batch(|core| core.put_right(key, Some(timer)).unwrap());
    rig.now = 2_000;
    rig.batch(|_| ());
    assert_eq!(rig.all::<Timer>(), []);
    rig
}

fn only(rig: &mut Rig<Message, Answer>) -> Parked {
    let mut parked = rig.all::<Parked>();
    assert_eq!((parked.len(), rig.core.parked_count()), (1, 1), "{parked:?}");
    parked.remove(0)
}

fn nothing_is_parked(rig: &mut Rig<Message, Answer>) {
    assert_eq!((rig.all::<Parked>(), rig.core.parked_count()), (vec![], 0));
}

fn written(message: &Message) -> Vec<u8> {
    minicbor::to_vec(message).unwrap()
}

#[test]
fn a_timer_that_cannot_be_read_is_parked_stays_so_when_tried_and_can_be_given_up() {
    let mut rig = due(key(DOER, 9), b"what is this".to_vec()).reopen();
    let parked = only(&mut rig);
    assert_eq!((parked.service, parked.subject.number(), &*parked.name), (DOER, 0, "unreadable"));
    assert_eq!((parked.message_id, parked.correlation, &*parked.message), (77, 5, &b"what is this"[..]));
    assert!(parked.reason.clone().unwrap().contains("cannot be read"), "{parked:?}");
    assert_eq!(rig.batch(|core| core.redrive(parked.id).unwrap()).0, Some(0));
    assert!(only(&mut rig).reason.unwrap().contains("cannot be read"));
    assert_eq!(rig.batch(|core| core.give_up(parked.id, |_| None).unwrap()).0, Some(0));
    nothing_is_parked(&mut rig.reopen());
}

#[test]
fn a_timer_whose_service_is_not_here_is_parked_and_says_so_when_tried() {
    let message = Message::Do(1, vec![Count(1)]);
    let mut rig = due(key(UNKNOWN, 9), written(&message)).reopen();
    let parked = only(&mut rig);
    assert_eq!((parked.service, parked.subject.number(), parked.content()), (UNKNOWN, 1, Ok(message)));
    assert_eq!(&**parked.reason.as_ref().unwrap(), "no service on this node has the number 30");
    assert_eq!(rig.batch(|core| core.redrive(parked.id).unwrap()).0, Some(0));
    assert_eq!(only(&mut rig), parked);
    run(&mut rig, 1, vec![Count(1)]).0.unwrap();
    assert_eq!(item(&mut rig, 1), Some(1), "nothing of another service waits behind it");
}

#[test]
fn timers_parked_at_once_have_ids_of_their_own() {
    let mut rig = rig();
    rig.batch(|core| {
        for own in 0..50 {
            let timer = Timer {
                key: key(DOER, own),
                due: 2_000,
                message: vec![0xff].into(),
                correlation: 0,
                cause: 0,
                wait_ms: None,
            };
            core.put_right(timer.key, Some(timer)).unwrap();
        }
    });
    rig.now = 2_000;
    rig.batch(|_| ());
    assert_eq!((rig.all::<Parked>().len(), rig.core.parked_count()), (50, 50));
}

/// A rig in which an intent is parked, and that intent.
fn unperformed() -> (Rig<Message, Answer>, Intent, Parked) {
    let mut rig = rig();
    let (_, batch) = run(&mut rig, 3, vec![Intend(1, 10)]);
    let intent = batch.intents.into_iter().find_map(|(_, intent)| intent).unwrap();
    let (_, batch) = rig.batch(|core| core.park_intent(&intent, "nobody can").unwrap());
    assert_eq!(batch.intents, [(intent.key, None)], "nobody is at it any more");
    let mut rig = rig.reopen();
    let parked = only(&mut rig);
    (rig, intent, parked)
}

#[test]
fn an_intent_that_nobody_can_perform_is_parked_and_not_begun_at_a_restart() {
    let (mut rig, intent, parked) = unperformed();
    assert_eq!((parked.service, parked.subject.number(), &*parked.name), (DOER, 3, "Event"));
    assert_eq!((parked.intent, parked.message_id), (Some(intent.key), intent.cause));
    assert_eq!(parked.reason.as_deref(), Some("nobody can"));
    assert_eq!(rig.intents(), []);
    rig.batch(|core| core.park_intent(&intent, "still nobody").unwrap());
    assert_eq!(only(&mut rig), parked, "once");
}

#[test]
fn nothing_waits_behind_a_parked_intent() {
    let (mut rig, ..) = unperformed();
    run(&mut rig, 3, vec![Count(1)]).0.unwrap();
    assert_eq!(item(&mut rig, 1), Some(1));
}

#[test]
fn a_parked_intent_that_is_tried_again_is_begun_again() {
    let (mut rig, intent, parked) = unperformed();
    let (begun, batch) = rig.batch(|core| core.redrive(parked.id).unwrap());
    assert_eq!((begun, batch.intents), (Some(1), vec![(intent.key, Some(intent.clone()))]));
    nothing_is_parked(&mut rig);
    let mut rig = rig.reopen();
    assert_eq!(rig.intents(), std::slice::from_ref(&intent));
    rig.batch(|core| core.park_intent(&intent, "in vain").unwrap());
    assert_eq!(only(&mut rig).reason.as_deref(), Some("in vain"));
}

#[test]
fn a_parked_intent_that_is_given_up_is_gone_and_told_of() {
    let (mut rig, intent, parked) = unperformed();
    let (_, batch) = rig.batch(|core| core.give_up(parked.id, |_| Some(Message::Elsewhere(0))).unwrap());
    assert_eq!(batch.intents, [(intent.key, None)]);
    assert_eq!((batch.messages[0].subject.number(), batch.messages[0].cause), (3, parked.message_id));
    nothing_is_parked(&mut rig);
    let mut rig = rig.reopen();
    assert_eq!((rig.intents(), rig.all::<Intent>()), (vec![], vec![]));
}

#[test]
fn a_parked_intent_is_parked_no_more_once_its_service_wants_something_else() {
    for (acts, left) in [(vec![Settle(1)], 0), (vec![Intend(1, 11)], 1)] {
        let (mut rig, intent, _) = unperformed();
        run(&mut rig, 3, acts).0.unwrap();
        nothing_is_parked(&mut rig);
        let mut rig = rig.reopen();
        assert_eq!(rig.intents().len(), left);
        rig.batch(|core| core.park_intent(&intent, "too late").unwrap());
        nothing_is_parked(&mut rig);
    }
}
