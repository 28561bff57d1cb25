//! A message that a service cannot handle is parked with its followers; everything else goes on, and a redrive sets it right.

use engine::Parked;
use testkit::Rig;

use crate::toy::Act::*;
use crate::toy::{Answer, Message, Unbearable, command, item, rig_with, run, words};

/// Word 5 makes the ear fail, 105 makes it panic.
fn broken() -> (Rig<Message, Answer>, Unbearable) {
    let unbearable = Unbearable::default();
    unbearable.lock().unwrap().extend([5, 105]);
    (rig_with(&unbearable), unbearable)
}

fn mend(unbearable: &Unbearable) {
    unbearable.lock().unwrap().clear();
}

fn parked(rig: &mut Rig<Message, Answer>) -> Vec<(u64, bool)> {
    let parked = rig.all::<Parked>();
    assert_eq!(rig.core.parked_count(), parked.len() as u64, "how many there are is known without looking");
    parked.iter().map(|parked| (parked.subject.number(), parked.reason.is_some())).collect()
}

fn redrive(rig: &mut Rig<Message, Answer>, id: u64) -> Option<usize> {
    rig.batch(|core| core.redrive(id).unwrap()).0
}

#[test]
fn the_one_that_fails_waits_with_its_followers_and_the_rest_goes_on() {
    for bad in [5, 105] {
        let (mut rig, unbearable) = broken();
        let (answer, _) = run(&mut rig, 1, vec![Say(1), Say(bad), Say(2), Put(1, 1)]);
        answer.unwrap();
        run(&mut rig, 2, vec![Say(3)]).0.unwrap();
        run(&mut rig, 1, vec![Say(4), Put(2, 2)]).0.unwrap();
        assert_eq!((words(&mut rig, 1).as_str(), words(&mut rig, 2).as_str()), ("1 ", "3 "));
        assert_eq!((item(&mut rig, 1), item(&mut rig, 2)), (Some(1), Some(2)), "the one who said it is not concerned");
        assert_eq!(parked(&mut rig), [(1, true), (1, false), (1, false)]);

        let id = rig.all::<Parked>()[0].id;
        assert_eq!(redrive(&mut rig, id), Some(0), "it fails again, and nothing overtakes it");
        assert_eq!(parked(&mut rig), [(1, true), (1, false), (1, false)]);
        mend(&unbearable);
        assert_eq!(redrive(&mut rig, id), Some(3));
        assert_eq!(words(&mut rig, 1), format!("1 {bad} 2 4 "));
        assert_eq!(parked(&mut rig), []);
        run(&mut rig, 1, vec![Say(6)]).0.unwrap();
        assert_eq!(words(&mut rig, 1), format!("1 {bad} 2 4 6 "));
    }
}

#[test]
fn what_is_parked_stays_parked_over_a_restart_and_can_be_redriven_then() {
    let (mut rig, unbearable) = broken();
    run(&mut rig, 1, vec![Say(5), Say(6)]).0.unwrap();
    let mut rig = rig.reopen();
    assert_eq!(parked(&mut rig).len(), 2);
    run(&mut rig, 1, vec![Say(7)]).0.unwrap();
    assert_eq!(words(&mut rig, 1), "");
    mend(&unbearable);
    let mut rig = rig.reopen();
    let id = rig.all::<Parked>()[1].id;
    assert_eq!(redrive(&mut rig, id), Some(3), "whichever of them is named, the oldest comes first");
    assert_eq!(words(&mut rig, 1), "5 6 7 ");
    let mut rig = rig.reopen();
    assert_eq!(parked(&mut rig), []);
    run(&mut rig, 1, vec![Say(8)]).0.unwrap();
    assert_eq!(words(&mut rig, 1), "5 6 7 8 ");
    assert_eq!(redrive(&mut rig, id), None);
}

#[test]
fn a_redrive_does_not_need_the_tables_to_be_up_to_date() {
    let (mut rig, unbearable) = broken();
    let (_, batch) = run(&mut rig, 1, vec![Say(5), Say(6)]);
    mend(&unbearable);
    let id = crate::toy::changes(&batch).into_iter().find_map(|(table, key, _)| match key {
        typed::KeyValue::Int(key) if table == 3 => Some(key),
        _ => None,
    });
    assert_eq!(redrive(&mut rig, id.unwrap()), Some(2));
    assert_eq!(words(&mut rig, 1), "5 6 ");
}

#[test]
fn what_a_redriven_message_leads_to_comes_after_what_waits_already() {
    let (mut rig, unbearable) = broken();
    // The first timer fails until row 9 is there; then it says a word, while another timer waits behind it.
    run(&mut rig, 1, vec![Wake(1, 2_000, vec![Expect(9, Some(9)), Say(1), Wake(3, 2_000, vec![Say(3)])])]).0.unwrap();
    run(&mut rig, 1, vec![Wake(2, 2_001, vec![Say(2)])]).0.unwrap();
    rig.now = 3_000;
    rig.batch(|_| ());
    assert_eq!(parked(&mut rig), [(1, true), (1, false)]);
    run(&mut rig, 7, vec![Put(9, 9)]).0.unwrap();
    mend(&unbearable);
    let id = rig.all::<Parked>()[0].id;
    assert_eq!(redrive(&mut rig, id), Some(2));
    rig.batch(|_| ());
    assert_eq!(words(&mut rig, 1), "1 2 3 ");
    assert_eq!(parked(&mut rig), []);
}

#[test]
fn messages_about_nothing_do_not_wait_for_each_other() {
    let (mut rig, unbearable) = broken();
    rig.batch(|core| {
        core.command(command(0, vec![Say(5), Say(6)])).unwrap();
        core.command(command(0, vec![Say(105)])).unwrap();
    });
    assert_eq!(words(&mut rig, 0), "6 ");
    assert_eq!(parked(&mut rig), [(0, true), (0, true)]);
    mend(&unbearable);
    let mut rig = rig.reopen();
    let id = rig.all::<Parked>()[1].id;
    assert_eq!(redrive(&mut rig, id), Some(1), "each is redriven by itself");
    assert_eq!(words(&mut rig, 0), "6 105 ");
    assert_eq!(parked(&mut rig).len(), 1);
}

#[test]
fn a_command_that_waits_for_an_answer_is_told_instead_of_parked() {
    let (mut rig, _) = broken();
    let (answer, batch) = run(&mut rig, 1, vec![Put(1, 1), Fail]);
    assert!(answer.unwrap_err().contains("told to fail"));
    assert!(batch.record.is_none());
    assert_eq!(parked(&mut rig), []);
}

#[test]
fn the_reason_is_the_newest() {
    let (mut rig, unbearable) = broken();
    run(&mut rig, 1, vec![Say(5), Say(105)]).0.unwrap();
    unbearable.lock().unwrap().remove(&5);
    let id = rig.all::<Parked>()[0].id;
    assert_eq!(redrive(&mut rig, id), Some(1));
    let left = rig.all::<Parked>();
    assert_eq!(left.len(), 1);
    assert!(left[0].reason.as_ref().unwrap().contains("panicked: cannot bear 105"), "{left:?}");
}

/// Gives up what is parked as `id`, and shows what the journal has to say of it: the cause, the subject, and the message.
fn give_up(rig: &mut Rig<Message, Answer>, id: u64) -> (Option<usize>, Vec<(u64, u64, Message)>) {
    let (handled, batch) = rig.batch(|core| core.give_up(id, |_| Some(Message::Elsewhere(0))).unwrap());
    let told = batch.messages.into_iter().filter(|envelope| matches!(envelope.message, Message::Elsewhere(_)));
    (handled, told.map(|envelope| (envelope.cause, envelope.subject.number(), envelope.message)).collect())
}

#[test]
fn what_is_given_up_is_never_handled_and_those_behind_it_are_in_their_order() {
    let (mut rig, _) = broken();
    run(&mut rig, 1, vec![Say(5), Say(2), Say(3)]).0.unwrap();
    let first = rig.all::<Parked>().remove(0);
    let (handled, told) = give_up(&mut rig, first.id);
    assert_eq!(handled, Some(2));
    assert_eq!(told, [(first.message_id, 1, Message::Elsewhere(0))], "the journal tells of it, and about what it was");
    assert_eq!(words(&mut rig, 1), "2 3 ");
    assert_eq!(parked(&mut rig), []);
    run(&mut rig, 1, vec![Say(4)]).0.unwrap();
    assert_eq!(words(&mut rig, 1), "2 3 4 ");
    assert_eq!(give_up(&mut rig, first.id), (None, vec![]), "it is given up once");
    let mut rig = rig.reopen();
    assert_eq!((parked(&mut rig), words(&mut rig, 1).as_str()), (vec![], "2 3 4 "));
}

#[test]
fn giving_up_ends_at_the_next_one_that_fails() {
    let (mut rig, unbearable) = broken();
    run(&mut rig, 1, vec![Say(5), Say(2), Say(105), Say(3)]).0.unwrap();
    let first = rig.all::<Parked>()[0].id;
    assert_eq!(give_up(&mut rig, first).0, Some(1));
    assert_eq!(words(&mut rig, 1), "2 ");
    assert_eq!(parked(&mut rig), [(1, true), (1, false)], "with its own reason now");
    mend(&unbearable);
    let id = rig.all::<Parked>()[0].id;
    assert_eq!(redrive(&mut rig, id), Some(2));
    assert_eq!(words(&mut rig, 1), "2 105 3 ");
}

#[test]
fn one_that_waits_can_be_given_up_too_and_the_first_keeps_the_rest_waiting() {
    let (mut rig, unbearable) = broken();
    run(&mut rig, 1, vec![Say(5), Say(2), Say(3)]).0.unwrap();
    let second = rig.all::<Parked>()[1].id;
    assert_eq!(give_up(&mut rig, second).0, Some(0));
    assert_eq!(parked(&mut rig), [(1, true), (1, false)]);
    let mut rig = rig.reopen();
    mend(&unbearable);
    let first = rig.all::<Parked>()[0].id;
    assert_eq!(redrive(&mut rig, first), Some(2));
    assert_eq!(words(&mut rig, 1), "5 3 ");
}

#[test]
fn of_messages_about_nothing_only_the_one_that_is_named_is_given_up() {
    let (mut rig, _) = broken();
    rig.batch(|core| {
        core.command(command(0, vec![Say(5)])).unwrap();
        core.command(command(0, vec![Say(105)])).unwrap();
    });
    let first = rig.all::<Parked>()[0].id;
    assert_eq!(give_up(&mut rig, first).0, Some(0));
    assert_eq!(parked(&mut rig), [(0, true)]);
}
