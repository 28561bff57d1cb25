//! Intents: handed on once durable, and again after each restart until they are settled.

use crate::toy::Act::*;
use crate::toy::{Message, rig, run};

fn effects(intents: Vec<engine::Intent>) -> Vec<Message> {
    intents.iter().map(|intent| minicbor::decode(&intent.effect).unwrap()).collect()
}

#[test]
fn an_intent_comes_again_after_each_restart_until_it_is_settled() {
    let mut rig = rig();
    let (_, batch) = run(&mut rig, 3, vec![Intend(1, 10), Intend(2, 20)]);
    let begun: Vec<engine::Intent> = batch.intents.into_iter().filter_map(|(_, intent)| intent).collect();
    assert_eq!(effects(begun), [Message::Event(3, 10), Message::Event(3, 20)]);
    let mut rig = rig.reopen().reopen();
    assert_eq!(effects(rig.intents()), [Message::Event(3, 10), Message::Event(3, 20)]);
    let (_, batch) = run(&mut rig, 3, vec![Settle(1)]);
    assert!(matches!(batch.intents[..], [(_, None)]), "who performs it is told that it is over");
    let mut rig = rig.reopen();
    assert_eq!(effects(rig.intents()), [Message::Event(3, 20)]);
}

#[test]
fn a_later_intent_takes_the_place_of_an_earlier_one() {
    let mut rig = rig();
    run(&mut rig, 3, vec![Intend(1, 10)]).0.unwrap();
    let (_, batch) = run(&mut rig, 3, vec![Intend(1, 11)]);
    assert!(matches!(batch.intents[..], [(_, Some(_))]));
    assert_eq!(effects(rig.reopen().intents()), [Message::Event(3, 11)]);
}

#[test]
fn an_intent_of_a_batch_that_was_lost_never_was() {
    let rig = rig();
    let mut rig = rig.crash_before_append(|core| core.command(crate::toy::command(3, vec![Intend(1, 10)])).unwrap());
    assert_eq!(rig.intents(), []);
}

#[test]
fn the_keys_of_two_services_do_not_meet() {
    let mut rig = rig();
    let (_, batch) = run(&mut rig, 3, vec![Intend((1 << 57) - 1, 10), Intend(0, 11)]);
    let keys: Vec<u64> = batch.intents.iter().map(|(key, _)| *key).collect();
    assert_eq!(keys.iter().map(|key| key >> 57).collect::<Vec<_>>(), [u64::from(crate::toy::DOER); 2]);
}
