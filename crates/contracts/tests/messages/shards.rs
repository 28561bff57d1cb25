//! By what a message finds its shard: never by its subject, always by what stands in it.

use std::num::NonZeroU32;

use contracts::{Kind, Message, Numbered, OfferingId, OrderId, SeatId, ServiceName, Shard, Slots, StorefrontNo};

use crate::sample::Given;

const SHOW: StorefrontNo = StorefrontNo(1);
/// Numbers of slots that are tried; today there is one.
const SLOTS: std::ops::RangeInclusive<u32> = 1..=8;

fn slots(count: u32) -> Slots {
    Slots::new(NonZeroU32::new(count).expect("at least one slot"), 0)
}

fn kinds() -> impl Iterator<Item = (&'static str, Kind)> {
    Kind::NAMES.iter().copied()
}

/// An order, an offering and a seat as they are numbered in one of `count` slots: each by itself, and all of that slot.
fn in_one_slot(count: u32, slot: u32) -> Given {
    let number = |turn: u32| u64::from(slot + count * turn);
    let offering = OfferingId::of(SHOW, number(3));
    Given { order: OrderId::of(SHOW, number(7)), seat: SeatId::of(SHOW, number(40)), offering, ..of_show() }
}

fn of_show() -> Given {
    Given::numbered(SHOW, 5)
}

/// The service that handles a message or, of an event, says it.
fn service(kind: Kind, message: &Message) -> Option<ServiceName> {
    message.to().or(kind.said_by())
}

fn is_by_customer(kind: Kind, message: &Message) -> bool {
    service(kind, message).is_some_and(ServiceName::is_by_customer)
}

fn among(message: &Message, count: u32) -> Option<Shard> {
    message.shard_key().map(|key| key.among(slots(count)))
}

#[test]
fn every_message_says_by_what_it_finds_its_shard() {
    let without: Vec<&str> =
        kinds().map(|(name, _)| name).filter(|name| of_show().message(name).shard().is_none()).collect();
    assert_eq!(without, [""; 0]);
    let sparse = Given { is_full: false, ..of_show() };
    let without: Vec<&str> =
        kinds().map(|(name, _)| name).filter(|name| sparse.message(name).shard().is_none()).collect();
    assert_eq!(
        without,
        ["RevokePoints", "MessageGivenUp"],
        "of old, and about no order: these stay where they are said"
    );
}

#[test]
fn a_message_has_a_shard_of_the_sort_that_its_service_has() {
    for (name, kind) in kinds() {
        let message = of_show().message(name);
        let shard = if is_by_customer(kind, &message) {
            Shard::Customers { slot: 0 }
        } else {
            Shard::Storefront { storefront: SHOW, slot: 0 }
        };
        assert_eq!(message.shard(), Some(shard), "{name}");
        assert!(service(kind, &message).is_some() || kind == Kind::MessageGivenUp, "nobody says {name}");
        assert_eq!(kind.is_event(), message.to().is_none(), "{name}");
    }
}

#[test]
fn all_of_an_order_with_its_offering_and_its_seats_is_on_one_shard_however_many_slots_there_are() {
    for (count, slot) in SLOTS.flat_map(|count| (0..count).map(move |slot| (count, slot))) {
        let given = in_one_slot(count, slot);
        for (name, kind) in kinds() {
            let message = given.message(name);
            if !is_by_customer(kind, &message) {
                let expected = Shard::Storefront { storefront: SHOW, slot };
                assert_eq!(among(&message, count), Some(expected), "{name} in slot {slot} of {count}");
            }
        }
    }
}

#[test]
fn all_of_a_customers_points_is_on_one_shard_whichever_order_and_storefront_it_is_about() {
    let spread = |customer, count| {
        let here = Given { customer, ..of_show() };
        let there = Given { customer, ..Given::numbered(StorefrontNo(4), 9) };
        let all = kinds().flat_map(|(name, kind)| [here, there].map(|given| (kind, given.message(name))));
        let mut found: Vec<_> = all.filter(|(kind, message)| is_by_customer(*kind, message)).collect();
        found.dedup_by_key(|(_, message)| among(message, count));
        assert_eq!(found.len(), 1, "{customer}: {found:?}");
        among(&found[0].1, count)
    };
    for count in SLOTS {
        let shards: std::collections::BTreeSet<_> =
            ["1", "2", "3", "kim", "lee", "김철수", "이영희", "a", "b", "c", "d", "e"]
                .map(|customer| spread(customer, count))
                .into();
        assert!(shards.len() > usize::from(count > 1), "{count} slots, and all are in {shards:?}");
    }
}

#[test]
fn messages_about_one_order_have_two_shards_so_the_subject_cannot_tell() {
    let about_it = kinds()
        .map(|(name, _)| of_show().message(name))
        .filter(|message| message.subject().is_some_and(|subject| subject.order() == Some(of_show().order)));
    let shards: std::collections::BTreeSet<_> = about_it.map(|message| message.shard()).collect();
    assert_eq!(shards.len(), 2, "{shards:?}");
}

#[test]
fn the_shard_of_a_command_follows_from_what_its_client_sends() {
    let sent = |is_full, variant| Given { is_full, variant, customer: "\u{a0}kim ", ..of_show() };
    for (name, kind) in kinds().filter(|(_, kind)| kind.is_from_outside()) {
        // Nothing is known of it but what it names: no number that would be handed out, no row.
        let bare = sent(false, 0).message(name);
        let handled = bare.proper_or(|why| panic!("{name}: {why:?}")).expect("it is proper");
        let same = Given { is_full: false, ..of_show() }.message(name);
        for count in SLOTS {
            assert_eq!(among(&handled, count), among(&same, count), "{name}: white space leads elsewhere");
            assert!(among(&handled, count).is_some(), "{name}");
        }
        // A number that the client gives is one of the slot in which it is handled, and a reference is none.
        for variant in [0, 1] {
            let shard = sent(true, variant).message(name).shard();
            assert_eq!(shard, handled.shard(), "{name} {kind:?}");
        }
    }
}

#[test]
fn a_new_order_is_where_its_offering_is_and_by_its_sellers_reference_where_references_are() {
    for (count, slot) in SLOTS.flat_map(|count| (0..count).map(move |slot| (count, slot))) {
        let given = in_one_slot(count, slot);
        for given in [given, Given { is_full: false, ..given }] {
            let placed = given.message("OrderPlaced");
            assert_eq!(among(&given.message("PlaceOrder"), count), among(&placed, count));
            let by_reference = Given { variant: 1, ..given }.message("PlaceOrder");
            assert_eq!(among(&by_reference, count), Some(Shard::Storefront { storefront: SHOW, slot: 0 }));
        }
    }
}
