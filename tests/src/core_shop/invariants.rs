//! What must hold of a shop at any moment, and what of one that has come to rest.

use std::collections::BTreeMap;

use contracts::{OfferingId, OrderId, SeatId, Subject};
use engine::Parked;
use mypage::{Line, LineState};
use order::{Order, OrderState};
use points::{Account, Entry};
use stock::{Hold, HoldState, Offering, Seat, SeatState};

use super::course::CoreShop;

/// Checks everything; of a shop at rest also that every order has come to its end, or is parked in plain sight.
///
/// # Panics
/// If something does not hold.
pub fn check(shop: &mut CoreShop, at_rest: bool) {
    let original = shop.original();
    assert_eq!(shop.copy.differs_from(&original), None, "a copy that is kept from events is the shop");
    let holds: BTreeMap<OrderId, Hold> = shop.rig.all::<Hold>().into_iter().map(|hold| (hold.owner, hold)).collect();
    stock_is_whole(shop, &holds);
    points_are_the_sum_of_their_ledger(shop);
    if at_rest {
        let stuck = shop.rig.all::<Parked>();
        for order in shop.rig.all::<Order>() {
            let parked =
                order.parked.is_some() || stuck.iter().any(|message| message.subject == Subject::Order(order.id).key());
            assert!(order.has_ended() || parked, "{order:?} has ended or is parked");
            ended_well(shop, &order, holds.get(&order.id));
        }
    }
}

fn stock_is_whole(shop: &mut CoreShop, holds: &BTreeMap<OrderId, Hold>) {
    let mut owed: BTreeMap<OfferingId, (u64, u64)> = BTreeMap::new();
    let mut owners: BTreeMap<SeatId, OrderId> = BTreeMap::new();
    for hold in holds.values().filter(|hold| !hold.has_ended()) {
        let (held, sold) = owed.entry(hold.offering).or_default();
        *(if hold.state == HoldState::Sold { sold } else { held }) += u64::from(hold.quantity);
        for seat in &hold.seats.0 {
            assert_eq!(owners.insert(*seat, hold.owner), None, "{seat:?} has one owner");
        }
    }
    let offerings = shop.rig.all::<Offering>();
    for offering in &offerings {
        let promised = owed.remove(&offering.id).unwrap_or_default();
        assert_eq!((offering.held, offering.sold), promised, "{offering:?} has what its holds say");
        assert!(offering.held + offering.sold <= offering.capacity, "{offering:?}");
    }
    assert!(owed.is_empty(), "{owed:?} are held of nothing");
    for seat in shop.rig.all::<Seat>() {
        assert_eq!(seat.owner, owners.get(&seat.id).copied(), "{seat:?}");
        assert_eq!(seat.owner.is_some(), matches!(seat.state, SeatState::Held | SeatState::Sold), "{seat:?}");
    }
    for offering in offerings.iter().filter(|offering| offering.seated) {
        let seats = shop.rig.all::<Seat>().into_iter();
        let for_sale = seats.filter(|seat| seat.offering == offering.id && seat.state != SeatState::Withheld).count();
        assert_eq!(offering.capacity, for_sale as u64, "{offering:?} has a place for each seat that is for sale");
    }
}

fn points_are_the_sum_of_their_ledger(shop: &mut CoreShop) {
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for entry in shop.rig.all::<Entry>() {
        *sums.entry(entry.customer.to_string()).or_default() += entry.points;
    }
    for account in shop.rig.all::<Account>() {
        assert_eq!(account.balance, sums.remove(&*account.customer).unwrap_or_default(), "{account:?}");
    }
    assert!(sums.values().all(|sum| *sum == 0), "closed accounts end with nothing: {sums:?}");
}

fn ended_well(shop: &mut CoreShop, order: &Order, hold: Option<&Hold>) {
    if !order.has_ended() {
        return;
    }
    let recipes = super::recipes();
    let recipe = &recipes[&order.storefront];
    let confirmed = order.state == OrderState::Confirmed;
    let (id, cost) = (order.id, order.cost().amount);
    let sold = hold.is_some_and(|hold| hold.state == HoldState::Sold);
    assert_eq!(sold, confirmed, "{order:?} is sold if it is confirmed: {hold:?}");
    assert!(sold || hold.is_none_or(Hold::has_ended), "{hold:?} of {order:?}");
    let charged = if confirmed && recipe.has(contracts::Step::Pay) { cost } else { 0 };
    assert_eq!(shop.provider.kept(id), charged, "{order:?} is paid if it is confirmed, and not if not");
    let granted: i64 =
        shop.rig.all::<Entry>().iter().filter(|entry| entry.owner == Some(id)).map(|entry| entry.points).sum();
    let due = if confirmed { order.cost().percent(recipe.points_percent) } else { 0 };
    assert_eq!(granted, due, "the points of {order:?}");
    let delivery = shop.rig.get::<delivery::Delivery>(&id);
    let delivered = delivery.is_some_and(|delivery| delivery.state != delivery::DeliveryState::Cancelled);
    assert_eq!(delivered, confirmed && recipe.has(contracts::Step::Deliver), "the delivery of {order:?}");
    let line = shop.rig.get::<Line>(&id).map(|line| line.state);
    let shown = match order.state {
        OrderState::Confirmed => LineState::Confirmed,
        OrderState::Rejected => LineState::Rejected,
        _ => LineState::Cancelled,
    };
    assert_eq!(line, Some(shown), "my page tells of {order:?}");
}
