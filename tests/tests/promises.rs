//! What the shop promises of its state, whatever comes in whatever pieces: compared over every column of every business table.
#![expect(clippy::unwrap_used, reason = "all of this is tests, also what is no test function")]

use contracts::{Kind, Message, OrderId, ServiceName, Subject};
use engine::{Body, Envelope, OUTSIDE};
use order::Order;
use proptest::prelude::*;
use store::Journal;
use store::sqlite::SqliteStore;
use testkit::{Rig, Rows};
use tests::core_shop::{
    CoreShop, Input, Op, business_tables, busy, check, offerings, replay, rig, rig_of, services, tables,
};

type Engine = Rig<Message, contracts::Answer>;

fn ops() -> impl Strategy<Value = Vec<Op>> {
    prop::collection::vec((any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>()), 0..80)
}

/// A shop after a busy day, at rest if it is to be.
fn day(ops: &[Op], rests: bool) -> CoreShop {
    let mut shop = CoreShop::new(rig());
    offerings(&mut shop);
    busy(&mut shop, ops);
    if rests {
        shop.rest();
    }
    shop
}

/// The timers, by key and time.
fn due(rig: &mut Engine) -> Vec<(u64, u64)> {
    rig.all::<engine::Timer>().iter().map(|timer| (timer.key, timer.due)).collect()
}

fn business(rig: &mut Engine) -> Rows {
    rig.rows(&business_tables())
}

/// The first row that differs, which says more than two whole shops do.
fn assert_same(left: &Rows, right: &Rows) -> Result<(), TestCaseError> {
    for (table, rows) in left {
        let other = &right[table];
        for at in 0..rows.len().max(other.len()) {
            prop_assert_eq!(rows.get(at), other.get(at), "row {} of {}", at, table);
        }
    }
    Ok(())
}

fn records(journal: &mut dyn Journal) -> Vec<Body<Message>> {
    let records = journal.read(1, usize::MAX >> 1).unwrap();
    records.iter().map(|record| Body::read(record.seq, record.at, &record.body).unwrap()).collect()
}

fn order_of(envelope: &Envelope<Message>) -> Option<OrderId> {
    Subject::of(envelope.subject).and_then(Subject::order)
}

/// Hands what services said in a batch to all whom it concerns, once more.
fn again(rig: &mut Engine, envelopes: &[Envelope<Message>]) {
    let recipes = tests::core_shop::recipes();
    let hosted = services(&recipes);
    let forgotten: Vec<OrderId> = {
        let placed = envelopes.iter().filter(|envelope| envelope.message.kind() == Kind::OrderPlaced);
        placed.filter_map(order_of).filter(|order| rig.get::<Order>(order).is_none()).collect()
    };
    rig.batch(|core| {
        for envelope in envelopes.iter().filter(|envelope| comes_again(envelope, &forgotten)) {
            let message = &envelope.message;
            let concerned = hosted.iter().filter(|service| match message.to() {
                Some(to) => to as u8 == service.number(),
                None => service.listens().contains(&(message.kind() as u8)),
            });
            for service in concerned {
                core.dispatch(service.number(), message.clone(), envelope.correlation, envelope.cause);
            }
        }
    });
}

/// A request from outside is a new wish each time; a deadline is kept and struck out by the node itself; and of an order for something
/// that does not exist nothing is kept by which a second telling of it could be known.
fn comes_again(envelope: &Envelope<Message>, forgotten: &[OrderId]) -> bool {
    let kind = envelope.message.kind();
    let is_placing_of_forgotten =
        kind == Kind::OrderPlaced && order_of(envelope).is_some_and(|order| forgotten.contains(&order));
    envelope.from != OUTSIDE && kind != Kind::StepDue && !is_placing_of_forgotten
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn everything_ends_and_adds_up(ops in ops()) {
        let mut shop = day(&ops, false);
        check(&mut shop, false);
        shop.rest();
        check(&mut shop, true);
        prop_assert_eq!(shop.rig.all::<engine::Parked>(), []);
        prop_assert_eq!(shop.rig.intents(), []);
    }

    #[test]
    fn a_message_that_comes_twice_changes_nothing(ops in ops()) {
        let mut shop = day(&ops, true);
        let mut other = rig();
        replay(&mut other, &shop.inputs, &[1], |rig, batch| again(rig, &batch.messages));
        assert_same(&business(&mut shop.rig), &business(&mut other))?;
        prop_assert_eq!(other.all::<engine::Parked>(), []);
    }

    #[test]
    fn my_page_built_anew_from_the_messages_is_what_it_was(ops in ops(), rests in any::<bool>()) {
        let mut shop = day(&ops, rests);
        let bodies = records(shop.rig.journal());
        let mut other = rig_of(&[ServiceName::MyPage]);
        for body in bodies {
            other.now = body.messages.first().map_or(other.now, |envelope| envelope.at);
            other.batch(|core| {
                for envelope in body.messages.into_iter().filter(|envelope| envelope.message.to().is_none()) {
                    core.dispatch(ServiceName::MyPage as u8, envelope.message, envelope.correlation, envelope.cause);
                }
            });
        }
        assert_same(&shop.rig.rows(&mypage::tables()), &other.rows(&mypage::tables()))?;
    }

    #[test]
    fn all_tables_built_anew_from_the_journal_are_what_they_were(ops in ops(), rests in any::<bool>()) {
        let mut shop = day(&ops, rests);
        let before = shop.rig.rows(&tables());
        let (seq, mut built) = (shop.rig.core.seq(), shop.rig.rebuild());
        assert_same(&before, &built.rows(&tables()))?;
        prop_assert_eq!(built.core.seq(), seq);
    }

    #[test]
    fn the_same_input_in_any_batches_gives_the_same(
        ops in ops(),
        rests in any::<bool>(),
        sizes in prop::collection::vec(1_usize..40, 1..9),
    ) {
        let mut shop = day(&ops, rests);
        let mut other = rig();
        replay(&mut other, &shop.inputs, &sizes, |_, _| ());
        assert_same(&business(&mut shop.rig), &business(&mut other))?;
        prop_assert_eq!(due(&mut shop.rig), due(&mut other));
    }

    #[test]
    fn the_tables_written_after_every_batch_or_once_are_the_same(ops in ops(), sizes in prop::collection::vec(1_usize..9, 1..9)) {
        let shop = day(&ops, false);
        let (mut often, mut once, mut crashing) = (rig(), rig(), Some(rig()));
        replay(&mut often, &shop.inputs, &sizes, |rig, _| rig.settle());
        replay(&mut once, &shop.inputs, &sizes, |_, _| ());
        for (at, input) in shop.inputs.iter().enumerate() {
            // A restart after every input: what memory held is read from tables that were just brought forward.
            let mut rig = crashing.take().unwrap();
            if let Input::Wait(ms) = input {
                rig.now += ms;
            }
            rig.batch(|core| tests::core_shop::feed(core, at, input).unwrap());
            crashing = Some(if at % 3 == 0 { rig.reopen() } else { rig });
        }
        let once = once.rows(&tables());
        assert_same(&often.rows(&tables()), &once)?;
        assert_same(&business(&mut crashing.unwrap()), &once.into_iter().filter(|(name, _)| !name.starts_with("engine_")).collect())?;
    }
}

#[test]
fn every_table_is_as_it_is_declared() {
    let dir = tempfile::TempDir::new().unwrap();
    let mut reader = SqliteStore::open(dir.path(), &host::migrations()).unwrap().reader().unwrap();
    assert_eq!(testkit::check_columns(&mut reader, &tables()), [""; 0]);
}

#[test]
fn what_costs_nothing_is_not_paid_for() {
    use tests::core_shop::{COUPON, SHOP, place};
    let mut shop = CoreShop::new(rig());
    offerings(&mut shop);
    for storefront in [COUPON, SHOP] {
        let answer = shop.ask(place(storefront, 3, 1, 1, Some("decline"))).unwrap();
        let contracts::Answer::Order(order) = answer else { panic!("it is placed, not {answer:?}") };
        assert_eq!(shop.rig.get::<Order>(&order).unwrap().state, order::OrderState::Confirmed);
    }
    check(&mut shop, true);
}

#[test]
fn a_hold_is_given_back_also_when_its_offering_is_gone() {
    use contracts::commands::WithdrawOffering;
    use contracts::{Answer, Numbered, OfferingId};
    use tests::core_shop::{SHOP, place};
    let mut shop = CoreShop::new(rig());
    offerings(&mut shop);
    let Answer::Order(order) = shop.ask(place(SHOP, 1, 1, 1, Some("silent"))).unwrap() else { panic!("it is placed") };
    // The payment is given up, but before the refund is heard of the hold ends and the offering goes.
    shop.rig.now += 310_000;
    let (_, refund) = shop.rig.batch(|_| ());
    shop.rig.now += 400_000;
    shop.rig.batch(|_| ());
    assert_eq!(shop.ask(WithdrawOffering::of(OfferingId::of(SHOP, 1))).unwrap(), Answer::Done);
    assert_eq!(shop.rig.get::<stock::Offering>(&OfferingId::of(SHOP, 1)), None);
    shop.took(refund);
    shop.rest();
    assert_eq!(shop.rig.get::<Order>(&order).unwrap().state, order::OrderState::Rejected);
    check(&mut shop, true);
    assert_eq!(shop.rig.all::<engine::Parked>(), []);
}

/// An order of offering 1 of `storefront`, and the refusal, if that is one, of then withdrawing it.
fn sold_and_withdrawn(shop: &mut CoreShop, storefront: contracts::StorefrontNo) -> (OrderId, Option<contracts::Code>) {
    use contracts::commands::WithdrawOffering;
    use contracts::{Answer, Numbered, OfferingId};
    let placed = shop.ask(tests::core_shop::place(storefront, 1, 1, 1, None)).unwrap();
    let Answer::Order(order) = placed else { panic!("it is placed, not {placed:?}") };
    let withdraw = WithdrawOffering::of(OfferingId::of(storefront, 1));
    match shop.ask(withdraw).unwrap() {
        Answer::Refused(rejection) => (order, Some(rejection.code)),
        _ => (order, None),
    }
}

#[test]
fn an_offering_is_withdrawn_from_under_its_orders_only_if_it_has_no_seats() {
    use tests::core_shop::{MUSICAL, SHOP};
    let mut shop = CoreShop::new(rig());
    offerings(&mut shop);
    for (storefront, refusal) in [(SHOP, None), (MUSICAL, Some(contracts::Code::InUse))] {
        let (order, refused) = sold_and_withdrawn(&mut shop, storefront);
        assert_eq!(refused, refusal);
        check(&mut shop, false);
        shop.rest();
        assert_eq!(shop.rig.get::<Order>(&order).unwrap().state, order::OrderState::Confirmed);
    }
    check(&mut shop, true);
}

#[test]
fn a_sale_that_was_ended_is_taken_up_again_with_all_that_was_sold_of_it() {
    use contracts::commands::{CancelOrder, ReopenOffering, WithdrawOffering};
    use contracts::{Answer, Code, Numbered, OfferingId};
    use tests::core_shop::{MUSICAL, SHOP, place};
    let mut shop = CoreShop::new(rig());
    offerings(&mut shop);
    for storefront in [SHOP, MUSICAL] {
        let offering = OfferingId::of(storefront, 1);
        let mut buy = |quantity| match shop.ask(place(storefront, 1, quantity, 1, None)).unwrap() {
            Answer::Order(order) => order,
            other => panic!("it is placed, not {other:?}"),
        };
        let (kept, given_back) = (buy(1), buy(2));
        shop.rest();
        let end = WithdrawOffering { keep: Some(true), ..WithdrawOffering::of(offering) };
        assert_eq!(shop.ask(end.clone()).unwrap(), Answer::Offering(offering));
        let Answer::Refused(refused) = shop.ask(end).unwrap() else { panic!("it is withdrawn already") };
        assert_eq!(refused.code, Code::NotFound);
        let Answer::Order(late) = shop.ask(place(storefront, 1, 3, 1, None)).unwrap() else { panic!("it is an order") };
        shop.ask(CancelOrder::of(given_back)).unwrap();
        shop.rest();
        check(&mut shop, false);
        let state = |shop: &mut CoreShop, order| shop.rig.get::<Order>(&order).unwrap();
        assert_eq!(state(&mut shop, late).reason, Some(Code::NotOnSale));
        assert_eq!(state(&mut shop, kept).state, order::OrderState::Confirmed);
        let before = shop.rig.get::<stock::Offering>(&offering).unwrap();
        assert!(before.withdrawn && before.sold == u64::from(state(&mut shop, kept).quantity));
        for _ in 0..2 {
            let reopen = ReopenOffering { offering, versions: None };
            assert_eq!(shop.ask(reopen).unwrap(), Answer::Offering(offering), "also where it is on sale");
        }
        let after = shop.rig.get::<stock::Offering>(&offering).unwrap();
        assert_eq!(after, stock::Offering { withdrawn: false, version: before.version + 1, ..before });
        let Answer::Order(again) = shop.ask(place(storefront, 1, 2, 1, None)).unwrap() else {
            panic!("it is an order")
        };
        shop.rest();
        assert_eq!(state(&mut shop, again).state, order::OrderState::Confirmed);
    }
    check(&mut shop, true);
}

#[test]
fn what_was_sold_by_count_is_put_on_sale_again_by_count_alone() {
    use contracts::commands::{CancelOrder, NewSeat, RegisterOffering};
    use contracts::{Answer, Code, Money, Numbered, OfferingId};
    use tests::core_shop::SHOW;
    let mut shop = CoreShop::new(rig());
    offerings(&mut shop);
    let (order, _) = sold_and_withdrawn(&mut shop, SHOW);
    let again = |seats: &[i64]| RegisterOffering {
        storefront: SHOW,
        number: Some(1),
        reference: None,
        name: None,
        price: Money::krw(5),
        stock: if seats.is_empty() { 3 } else { 0 },
        fields: None,
        seated: !seats.is_empty(),
        seats: seats
            .iter()
            .map(|column| NewSeat {
                row: "A".into(),
                column: *column,
                grade: None,
                price: Money::krw(5),
                withheld: None,
            })
            .collect(),
        on_sale_from: None,
        on_sale_until: None,
        limit_per_customer: None,
        details: None,
    };
    let Answer::Refused(refused) = shop.ask(again(&[1, 2])).unwrap() else { panic!("what is sold of it has no seat") };
    assert_eq!((refused.code, refused.field.as_deref()), (Code::AlreadyExists, Some("id")));
    check(&mut shop, false);
    assert_eq!(shop.ask(again(&[])).unwrap(), Answer::Offering(OfferingId::of(SHOW, 1)));
    shop.ask(CancelOrder::of(order)).unwrap();
    shop.rest();
    let offering = shop.rig.get::<stock::Offering>(&OfferingId::of(SHOW, 1)).unwrap();
    assert_eq!((offering.left(), offering.held, offering.sold), (4, 0, 0));
    check(&mut shop, true);
}
