//! The saga of an order, hurt in every place: each step and undo twice, a failure at each message, a crash after each record.
//! Whatever happens, an order reaches its end or is parked in plain sight, stock is whole, and money is taken at most once.
#![expect(clippy::unwrap_used, reason = "all of this is tests, also what is no test function")]

use std::sync::Arc;
use std::sync::atomic::Ordering;

use contracts::commands::CancelOrder;
use contracts::events::MessageGivenUp;
use contracts::{Answer, Code, Message, OrderId, ServiceName, StorefrontNo, Subject};
use engine::Parked;
use order::{Order, OrderState};
use testkit::Rig;
use tests::core_shop::{
    AnyService, COUPON, CoreShop, MOVIE, MUSICAL, OPENING, SHOP, SHOW, Stumbles, Stumbling, Twice, check, offerings,
    place, plan, recipes, rig,
};

const FRONTS: [StorefrontNo; 5] = [SHOW, MUSICAL, MOVIE, COUPON, SHOP];

/// What a customer does, and how it ends.
#[derive(Debug, Clone, Copy)]
enum Story {
    Buys,
    CannotPay,
    NeverPays,
    WantsTooMuch,
    ChangesTheirMind,
    ChangesTheirMindBeforePaying,
}

use Story::*;

const STORIES: [Story; 6] = [Buys, CannotPay, NeverPays, WantsTooMuch, ChangesTheirMind, ChangesTheirMindBeforePaying];

impl Story {
    fn card(self) -> &'static str {
        match self {
            CannotPay => "decline",
            NeverPays | ChangesTheirMindBeforePaying => "silent",
            Buys | WantsTooMuch | ChangesTheirMind => "approve",
        }
    }

    /// Seats are named by the quantity; there is none with the number 7.
    fn quantity(self) -> u32 {
        if matches!(self, WantsTooMuch) { 7 } else { 1 }
    }

    fn end(self, pays: bool) -> Option<OrderState> {
        match self {
            Buys => Some(OrderState::Confirmed),
            CannotPay | NeverPays if !pays => Some(OrderState::Confirmed),
            CannotPay | NeverPays => Some(OrderState::Rejected),
            ChangesTheirMind | ChangesTheirMindBeforePaying => Some(OrderState::Cancelled),
            WantsTooMuch => None,
        }
    }
}

fn pays(storefront: StorefrontNo) -> bool {
    [MUSICAL, COUPON, SHOP].contains(&storefront)
}

#[test]
fn why_an_order_for_nothing_was_refused_is_known_by_its_id_for_as_long_as_a_key_can_be() {
    const KEPT_MS: u64 = 30 * 3_600_000;
    let mut shop = CoreShop::new(rig());
    offerings(&mut shop);
    for storefront in FRONTS {
        let Answer::Order(id) = shop.ask(place(storefront, 99, 1, 1, None)).unwrap() else { panic!("it has an id") };
        assert_eq!(shop.rig.get::<Order>(&id), None, "it is not kept as an order");
        let refusal = shop.rig.get::<order::Refusal>(&id).unwrap();
        assert_eq!((refusal.code, refusal.field.as_deref()), (Code::UnknownReference, Some("offering")));
        shop.wait(KEPT_MS - 1);
        assert_eq!(shop.rig.get::<order::Refusal>(&id), Some(refusal));
        shop.wait(1);
        assert_eq!(shop.rig.get::<order::Refusal>(&id), None);
    }
    assert_eq!(shop.rig.all::<engine::Timer>(), []);
}

/// The order of this story, if it was placed.
fn tell(shop: &mut CoreShop, story: Story, storefront: StorefrontNo) -> Option<OrderId> {
    let order = match shop.ask(place(storefront, 1, story.quantity(), 1, Some(story.card()))) {
        Ok(Answer::Order(order)) => order,
        _ => return None,
    };
    if matches!(story, ChangesTheirMind | ChangesTheirMindBeforePaying) {
        let _ = shop.ask(CancelOrder::of(order));
    }
    Some(order)
}

fn state(shop: &mut CoreShop, order: OrderId) -> OrderState {
    shop.rig.get::<Order>(&order).expect("an order stays").state
}

fn every_story(mut with: impl FnMut(Story, StorefrontNo)) {
    for storefront in FRONTS {
        STORIES.iter().for_each(|story| with(*story, storefront));
    }
}

fn ends_as_told(shop: &mut CoreShop, story: Story, storefront: StorefrontNo, order: Option<OrderId>) {
    shop.rest();
    check(shop, true);
    assert_eq!(shop.rig.all::<Parked>(), []);
    if let (Some(order), Some(end)) = (order, story.end(pays(storefront))) {
        assert_eq!(state(shop, order), end, "{story:?} in {storefront:?}");
    }
}

#[test]
fn every_story_ends_as_it_should() {
    every_story(|story, storefront| {
        let mut shop = CoreShop::new(rig());
        offerings(&mut shop);
        let order = tell(&mut shop, story, storefront);
        assert!(order.is_some() || matches!(story, WantsTooMuch));
        ends_as_told(&mut shop, story, storefront, order);
    });
}

#[test]
fn each_step_and_each_undo_may_come_twice() {
    every_story(|story, storefront| {
        let twice = |services: Vec<AnyService>| {
            services.into_iter().map(|service| Box::new(Twice(service)) as AnyService).collect()
        };
        let mut shop = CoreShop::new(Rig::new(plan(twice), OPENING));
        offerings(&mut shop);
        let order = tell(&mut shop, story, storefront);
        ends_as_told(&mut shop, story, storefront, order);
    });
}

/// A shop whose services stumble at message `at` from the moment at which it has its offerings.
fn stumbling(at: usize) -> (CoreShop, Arc<Stumbles>) {
    let stumbles = Arc::new(Stumbles::default());
    stumbles.mended.store(true, Ordering::SeqCst);
    let shared = stumbles.clone();
    let wrap = move |services: Vec<AnyService>| {
        let wrap = |service| Box::new(Stumbling(service, shared.clone())) as AnyService;
        services.into_iter().map(wrap).collect()
    };
    let mut shop = CoreShop::new(Rig::new(plan(wrap), OPENING));
    offerings(&mut shop);
    stumbles.at.store(at, Ordering::SeqCst);
    stumbles.mended.store(false, Ordering::SeqCst);
    (shop, stumbles)
}

/// Hands everything that is parked over again, until nothing is.
fn redrive(shop: &mut CoreShop) {
    for _ in 0..20 {
        let Some(parked) = shop.rig.all::<Parked>().into_iter().next() else { return };
        let (_, batch) = shop.rig.batch(|core| core.redrive(parked.id).unwrap());
        shop.took(batch);
        shop.wait(1_000);
    }
    panic!("still parked: {:?}", shop.rig.all::<Parked>());
}

#[test]
fn a_service_that_fails_at_any_message_parks_the_order_until_it_is_mended() {
    every_story(|story, storefront| {
        for at in 0.. {
            let (mut shop, stumbles) = stumbling(at);
            let order = tell(&mut shop, story, storefront);
            check(&mut shop, false);
            let fell = stumbles.has_stumbled();
            let parked = shop.rig.all::<Parked>();
            assert!(parked.is_empty() || fell, "nothing is parked without a reason: {parked:?}");
            // The deadlines of steps that nobody answers pass meanwhile, up to the call for an operator.
            if at % 2 == 0 {
                shop.wait(31_000);
                check(&mut shop, false);
            }
            stumbles.mended.store(true, Ordering::SeqCst);
            redrive(&mut shop);
            shop.rest();
            check(&mut shop, true);
            assert_eq!(shop.rig.all::<Parked>(), [], "{story:?} in {storefront:?}, at {at}");
            if let Some(order) = order {
                let order = shop.rig.get::<Order>(&order);
                assert!(order.is_none_or(|order| order.has_ended()), "{story:?} in {storefront:?}, at {at}");
            }
            if !fell {
                assert!(at > 2, "the story has some messages");
                break;
            }
        }
    });
}

#[test]
fn a_service_that_stays_broken_leaves_its_orders_in_plain_sight() {
    every_story(|story, storefront| {
        for at in [2, 4, 6, 8, 10, 12, 14, 16] {
            let (mut shop, _) = stumbling(at);
            tell(&mut shop, story, storefront);
            for _ in 0..12 {
                shop.wait(31_000);
            }
            shop.rest();
            check(&mut shop, false);
            let stuck: Vec<_> = shop.rig.all::<Parked>().iter().map(|message| message.subject).collect();
            for order in shop.rig.all::<Order>() {
                let seen = order.parked.is_some() || stuck.contains(&Subject::Order(order.id).key());
                assert!(order.has_ended() || seen, "{story:?} in {storefront:?} at {at}: {order:?}");
            }
        }
    });
}

#[test]
fn an_order_that_is_parked_is_told_to_go_on_when_it_does() {
    for (story, storefront, at) in (1..16).flat_map(|at| [(Buys, SHOW, at), (Buys, SHOP, at), (NeverPays, MUSICAL, at)])
    {
        for is_cancelled in [false, true] {
            let (mut shop, stumbles) = stumbling(at);
            tell(&mut shop, story, storefront);
            (0..11).for_each(|_| shop.wait(31_000));
            stumbles.mended.store(true, Ordering::SeqCst);
            for order in shop.rig.all::<Order>().into_iter().filter(|order| is_cancelled && order.parked.is_some()) {
                shop.ask(CancelOrder::of(order.id)).unwrap();
            }
            check(&mut shop, false);
            redrive(&mut shop);
            check(&mut shop, false);
        }
    }
}

/// Gives up everything that is parked, until nothing is.
fn give_up(shop: &mut CoreShop) {
    for _ in 0..20 {
        let Some(parked) = shop.rig.all::<Parked>().into_iter().next() else { return };
        let (_, batch) = shop.rig.batch(|core| core.give_up(parked.id, given_up).unwrap());
        shop.took(batch);
        shop.wait(1_000);
    }
    panic!("still parked: {:?}", shop.rig.all::<Parked>());
}

fn given_up(parked: &Parked) -> Option<Message> {
    let service = ServiceName::ALL.into_iter().find(|service| *service as u8 == parked.service)?;
    let (name, reason) = (parked.name.clone(), parked.reason.clone());
    Some(MessageGivenUp { service, name, reason, order: Subject::of(parked.subject).and_then(Subject::order) }.into())
}

#[test]
fn whatever_message_is_given_up_an_order_ends_or_is_parked_in_plain_sight() {
    every_story(|story, storefront| {
        for at in 0.. {
            let (mut shop, stumbles) = stumbling(at);
            tell(&mut shop, story, storefront);
            let fell = stumbles.has_stumbled();
            if at % 2 == 0 {
                shop.wait(31_000); // so that also a deadline is parked, or waits behind what is
            }
            stumbles.mended.store(true, Ordering::SeqCst);
            give_up(&mut shop);
            shop.wait(86_401_000); // longer than any payment may take
            for _ in 0..12 {
                shop.wait(31_000);
            }
            for order in shop.rig.all::<Order>() {
                let seen = order.has_ended() || order.parked.is_some();
                assert!(seen, "{story:?} in {storefront:?} at {at}: {order:?}");
            }
            if !fell {
                break;
            }
        }
    });
}

#[test]
fn a_deadline_that_is_given_up_gets_another_one() {
    let (mut shop, stumbles) = stumbling(usize::MAX);
    let order = tell(&mut shop, NeverPays, MUSICAL).expect("it is placed");
    // From here on the next message that is handled is the order's deadline.
    stumbles.at.store(stumbles.count.load(Ordering::SeqCst), Ordering::SeqCst);
    shop.wait(recipes()[&MUSICAL].pay_s * 1_000 + 1);
    let parked = shop.rig.all::<Parked>();
    assert_eq!(parked.iter().map(|parked| &*parked.name).collect::<Vec<_>>(), ["StepDue"]);
    stumbles.mended.store(true, Ordering::SeqCst);
    give_up(&mut shop);
    assert_eq!(state(&mut shop, order), OrderState::Held);
    shop.wait(31_000);
    shop.rest();
    assert_eq!(state(&mut shop, order), OrderState::Rejected);
    check(&mut shop, true);
}

#[test]
fn a_crash_after_any_record_changes_nothing() {
    every_story(|story, storefront| {
        for at in 0..8 {
            let mut shop = CoreShop::new(rig());
            offerings(&mut shop);
            let from = shop.inputs.len();
            // Told step by step, with a crash once so many inputs have been handled.
            let crashes = |shop: CoreShop| if shop.inputs.len() >= from + at { shop.crash() } else { shop };
            shop = crashes(shop);
            let placed = shop.ask(place(storefront, 1, story.quantity(), 1, Some(story.card())));
            shop = crashes(shop);
            let order = if let Ok(Answer::Order(order)) = placed { Some(order) } else { None };
            if let (Some(order), ChangesTheirMind | ChangesTheirMindBeforePaying) = (order, story) {
                shop.ask(CancelOrder::of(order)).unwrap();
                shop = crashes(shop);
            }
            for _ in 0..6 {
                shop.wait(301_000);
                shop = crashes(shop);
            }
            ends_as_told(&mut shop, story, storefront, order);
        }
    });
}

#[test]
fn a_batch_that_was_lost_in_a_crash_never_was() {
    every_story(|story, storefront| {
        let mut shop = CoreShop::new(rig());
        offerings(&mut shop);
        let order = tell(&mut shop, story, storefront);
        let Some(order) = order else { return };
        let before = shop.rig.rows(&tests::core_shop::tables());
        let CoreShop { rig, .. } = shop;
        let mut rig = rig.crash_before_append(|core| {
            let cancel =
                engine::Command { message: CancelOrder::of(order).into(), correlation: 1, cause: 0, key: None };
            core.command(cancel).unwrap();
        });
        assert_eq!(rig.rows(&tests::core_shop::tables()), before);
    });
}
