//! What is decided on one shard needs nothing of another: whatever is said, and whoever is asked, in the course of any order.
#![expect(clippy::unwrap_used, reason = "all of this is tests, also what is no test function")]

use std::collections::{BTreeMap, BTreeSet};

use contracts::commands::{PlaceOrder, RegisterSeat, Target};
use contracts::{Answer, Code, Message, Money, Numbered, OfferingId, ServiceName, Shard};
use engine::{Body, Envelope, OUTSIDE};
use stock::Hold;
use tests::core_shop::{CoreShop, MOVIE, MUSICAL, Op, SHOW, busy, offerings, place, rig};

/// A busy day that is the same each time.
fn day(things: u32) -> Vec<Op> {
    let mut state: u64 = 20_241_122;
    let mut byte = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    };
    (0..things).map(|_| (byte(), byte(), byte(), byte())).collect()
}

fn opened() -> CoreShop {
    let mut shop = CoreShop::new(rig());
    offerings(&mut shop);
    shop
}

/// Everything that was said, by its id.
fn said(shop: &mut CoreShop) -> BTreeMap<u64, Envelope<Message>> {
    let records = shop.rig.journal().read(1, usize::MAX >> 1).unwrap();
    let messages =
        records.iter().flat_map(|record| Body::<Message>::read(record.seq, record.at, &record.body).unwrap().messages);
    messages.map(|envelope| (envelope.id, envelope)).collect()
}

#[test]
fn nothing_that_one_storefront_says_brings_anything_about_in_another() {
    let mut shop = opened();
    busy(&mut shop, &day(600));
    shop.rest();
    let said = said(&mut shop);
    let mut kinds = BTreeSet::new();
    for envelope in said.values() {
        let message = &envelope.message;
        kinds.insert(message.name());
        if envelope.from != OUTSIDE && message.to().is_none() {
            let by = message.kind().said_by().map(|service| service as u8);
            assert_eq!(by, Some(envelope.from), "{} is said by another service than its table says", message.name());
        }
        let cause = said.get(&envelope.cause).and_then(|cause| cause.message.shard());
        if let (Some(Shard::Storefront { .. }), shard @ Some(Shard::Storefront { .. })) = (cause, message.shard()) {
            assert_eq!(cause, shard, "{envelope:?}");
        }
    }
    assert!(kinds.len() > 40, "only these were said: {kinds:?}");
}

#[test]
fn points_are_asked_by_whom_they_belong_to_also_when_they_are_taken_back() {
    let mut shop = opened();
    busy(&mut shop, &day(200));
    shop.rest();
    let said = said(&mut shop);
    let mut asked = said.values().filter(|envelope| envelope.message.to() == Some(ServiceName::Points));
    assert!(asked.all(|envelope| envelope.message.shard() == Some(Shard::Customers { slot: 0 })));
    assert!(said.values().any(|envelope| envelope.message.name() == "RevokePoints"));
}

#[test]
fn no_order_holds_and_no_seat_joins_an_offering_of_another_storefront() {
    let mut shop = opened();
    let elsewhere = OfferingId::of(MOVIE, 2);
    let order = PlaceOrder { target: Target::Id(elsewhere), ..place(SHOW, 2, 1, 1, None) };
    let Ok(Answer::Order(order)) = shop.ask(order) else { panic!("the storefront has an offering with that number") };
    assert_eq!(shop.rig.get::<Hold>(&order).unwrap().offering, OfferingId::of(SHOW, elsewhere.number()));
    let seat = RegisterSeat {
        storefront: SHOW,
        number: None,
        offering: OfferingId::of(MUSICAL, 1),
        grade: None,
        row: Some("Z".into()),
        column: Some(1),
        price: Money::krw(1),
        withheld: false,
    };
    let Ok(Answer::Refused(why)) = shop.ask(seat) else { panic!("the seat would be numbered elsewhere") };
    assert_eq!((why.code, why.field.as_deref()), (Code::UnknownReference, Some("offering")));
}
