//! What a message changed counts wholly, or, if its service fails, not at all.

use crate::toy::Act::*;
use crate::toy::{Answer, item, rig, run};

#[test]
fn a_command_that_fails_leaves_nothing() {
    let mut rig = rig();
    run(&mut rig, 1, vec![Put(1, 10), PutNamed("a".into(), 1)]).0.unwrap();
    let before = rig.rows(&crate::toy::tables());
    for end in [Fail, Panic, Expect(1, Some(77))] {
        let acts = vec![
            Put(1, 11),
            Put(2, 20),
            Delete(1),
            DeleteNamed("a".into()),
            Say(5),
            Wake(1, 5_000, vec![]),
            Intend(1, 1),
            end,
        ];
        let (answer, batch) = run(&mut rig, 1, acts);
        assert!(answer.is_err());
        assert!(batch.record.is_none() && batch.messages.is_empty() && batch.intents.is_empty());
        assert_eq!(item(&mut rig, 1), Some(10));
        assert_eq!(rig.rows(&crate::toy::tables()), before);
    }
}

#[test]
fn what_others_did_in_the_same_batch_stays() {
    let mut rig = rig();
    let (_, batch) = rig.batch(|core| {
        core.command(crate::toy::command(1, vec![Put(1, 1), Put(2, 2)])).unwrap();
        core.command(crate::toy::command(1, vec![Put(1, 9), Delete(2), Put(3, 9), Fail])).unwrap_err();
        core.command(crate::toy::command(1, vec![Expect(1, Some(1)), Expect(3, None), Put(3, 3)])).unwrap();
    });
    assert_eq!(batch.messages.len(), 2);
    let mut rig = rig.reopen();
    assert_eq!([1, 2, 3].map(|id| item(&mut rig, id)), [Some(1), Some(2), Some(3)]);
}

#[test]
fn a_refusal_that_changed_nothing_leaves_no_trace() {
    let mut rig = rig();
    let (answer, batch) = run(&mut rig, 1, vec![Refuse]);
    assert_eq!(answer, Ok(Answer::Refused));
    assert!(batch.record.is_none() && batch.messages.is_empty());
}

#[test]
fn a_refusal_that_says_something_is_kept() {
    let mut rig = rig();
    let (_, batch) = run(&mut rig, 1, vec![Refuse, Say(5)]);
    assert_eq!(batch.messages.len(), 2);
}

#[test]
fn the_answer_of_a_service_that_failed_is_not_given() {
    let unbearable = crate::toy::Unbearable::default();
    unbearable.lock().unwrap().insert(5);
    let mut rig = crate::toy::rig_with(&unbearable);
    assert_eq!(run(&mut rig, 1, vec![Answer(1), Say(5)]).0, Ok(Answer::Number(1)));
    assert_eq!(run(&mut rig, 2, vec![Answer(1), Say(6)]).0, Ok(Answer::Number(6)));
}
