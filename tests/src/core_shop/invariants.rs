//! What must hold of a shop at any moment, and what of one that has come to rest.

use std::collections::BTreeMap;

use contracts::{OfferingId, OrderId, SeatId, Subject};
use delivery::{Delivery, DeliveryState};
use engine::Parked;
use mypage::Line;
use order::{Order, OrderState};
use payment::Payment;
use points::{Account, Entry};
use stock::{Hold, HoldState, Offering, Seat, SeatState, Share};
use store::{Find, TableReader};
use typed::Row;

use super::course::CoreShop;
use super::provider::Provider;

/// Checks everything; of a shop at rest also that every order has come to its end, or is parked in plain sight.
///
/// # Panics
/// If something does not hold.
pub fn check(shop: &mut CoreShop, at_rest: bool) {
    let original = shop.original();
    assert_eq!(shop.copy.differs_from(&original), None, "a copy that is kept from events is the shop");
    let mut tables = Rows::default();
    tables.add(&mut shop.rig);
    tables.check(&shop.provider, at_rest);
}

/// The rows of all services, on however many nodes these are.
#[derive(Debug, Default)]
pub struct Rows {
    offerings: Vec<Offering>,
    seats: Vec<Seat>,
    holds: BTreeMap<OrderId, Hold>,
    shares: Vec<Share>,
    accounts: Vec<Account>,
    ledger: Vec<Entry>,
    orders: Vec<Order>,
    payments: BTreeMap<OrderId, Payment>,
    deliveries: BTreeMap<OrderId, Delivery>,
    lines: BTreeMap<OrderId, Line>,
    parked: Vec<Parked>,
}

impl Rows {
    /// Adds those of one node.
    pub fn add(&mut self, rig: &mut testkit::Rig<contracts::Message, contracts::Answer>) {
        fn by_order<R: Row<Key = OrderId>>(rows: Vec<R>) -> impl Iterator<Item = (OrderId, R)> {
            rows.into_iter().map(|row| (row.key(), row))
        }
        self.offerings.extend(rig.all::<Offering>());
        self.seats.extend(rig.all::<Seat>());
        self.holds.extend(by_order(rig.all::<Hold>()));
        self.shares.extend(rig.all::<Share>());
        self.accounts.extend(rig.all::<Account>());
        self.ledger.extend(rig.all::<Entry>());
        self.orders.extend(rig.all::<Order>());
        self.payments.extend(by_order(rig.all::<Payment>()));
        self.deliveries.extend(by_order(rig.all::<Delivery>()));
        self.lines.extend(by_order(rig.all::<Line>()));
        self.parked.extend(rig.all::<Parked>());
    }

    /// Adds those in the tables of one shard, as they are.
    pub fn add_from(&mut self, reader: &mut dyn TableReader) {
        fn all<R: Row>(reader: &mut dyn TableReader) -> Vec<R> {
            let mut rows = Find::<R>::all().rows(reader).expect("the table can be read");
            rows.sort_by_key(R::key);
            rows
        }
        fn by_order<R: Row<Key = OrderId>>(reader: &mut dyn TableReader) -> impl Iterator<Item = (OrderId, R)> {
            all::<R>(reader).into_iter().map(|row| (row.key(), row))
        }
        self.offerings.extend(all::<Offering>(reader));
        self.seats.extend(all::<Seat>(reader));
        self.holds.extend(by_order::<Hold>(reader));
        self.shares.extend(all::<Share>(reader));
        self.accounts.extend(all::<Account>(reader));
        self.ledger.extend(all::<Entry>(reader));
        self.orders.extend(all::<Order>(reader));
        self.payments.extend(by_order::<Payment>(reader));
        self.deliveries.extend(by_order::<Delivery>(reader));
        self.lines.extend(by_order::<Line>(reader));
        self.parked.extend(all::<Parked>(reader));
    }

    /// No request placed two orders.
    ///
    /// # Panics
    /// If one did.
    pub fn are_placed_once(&self) {
        let mut placed = BTreeMap::new();
        for order in &self.orders {
            let other = placed.insert(order.correlation, order.id);
            assert_eq!(other, None, "{order:?} was placed by the same request");
        }
    }

    /// The orders that have not come to their end, and are not parked either.
    pub fn under_way(&self) -> usize {
        self.orders.iter().filter(|order| !order.has_ended() && !self.is_parked(order)).count()
    }

    /// How many orders there are in each state.
    pub fn states(&self) -> BTreeMap<&'static str, usize> {
        let mut states = BTreeMap::new();
        for order in &self.orders {
            *states.entry(order.state.as_str()).or_default() += 1;
        }
        states
    }

    /// Checks everything; of a shop at rest also that every order has come to its end, or is parked in plain sight. `provider` is whom it
    /// charged by.
    ///
    /// # Panics
    /// If something does not hold.
    pub fn check(&self, provider: &Provider, at_rest: bool) {
        self.stock_is_whole();
        self.shares_are_what_holds_say();
        self.points_are_the_sum_of_their_ledger();
        if at_rest {
            for order in &self.orders {
                assert!(order.has_ended() || self.is_parked(order), "{order:?} has ended or is parked");
                self.ended_well(order, provider);
                if !self.is_parked(order) {
                    self.is_the_whole_order(order);
                }
            }
        }
    }

    fn is_parked(&self, order: &Order) -> bool {
        let subject = Subject::Order(order.id).key();
        order.parked.is_some() || self.parked.iter().any(|message| message.subject == subject)
    }

    fn stock_is_whole(&self) {
        let mut owed: BTreeMap<OfferingId, (u64, u64)> = BTreeMap::new();
        let mut owners: BTreeMap<SeatId, OrderId> = BTreeMap::new();
        for hold in self.holds.values().filter(|hold| !hold.has_ended()) {
            let (held, sold) = owed.entry(hold.offering).or_default();
            *(if hold.state == HoldState::Sold { sold } else { held }) += u64::from(hold.quantity);
            for seat in &hold.seats.0 {
                assert_eq!(owners.insert(*seat, hold.owner), None, "{seat:?} has one owner");
            }
        }
        for offering in &self.offerings {
            let promised = owed.remove(&offering.id).unwrap_or_default();
            assert_eq!((offering.held, offering.sold), promised, "{offering:?} has what its holds say");
            assert!(offering.held + offering.sold <= offering.capacity, "{offering:?}");
        }
        assert!(owed.is_empty(), "{owed:?} are held of nothing");
        for seat in &self.seats {
            assert_eq!(seat.owner, owners.get(&seat.id).copied(), "{seat:?}");
            assert_eq!(seat.owner.is_some(), matches!(seat.state, SeatState::Held | SeatState::Sold), "{seat:?}");
        }
        for offering in self.offerings.iter().filter(|offering| offering.seated) {
            let its_own = self.seats.iter().filter(|seat| seat.offering == offering.id);
            let for_sale = its_own.filter(|seat| seat.state != SeatState::Withheld).count();
            assert_eq!(offering.capacity, for_sale as u64, "{offering:?} has a place for each seat that is for sale");
        }
    }

    /// What customers have of what has a limit is what is held and sold to them. That nobody has more than the limit is looked at where an
    /// order is placed: a limit may be lowered later.
    fn shares_are_what_holds_say(&self) {
        let mut taken: BTreeMap<String, u64> = BTreeMap::new();
        for hold in self.holds.values().filter(|hold| !hold.has_ended()) {
            if let Some(customer) = &hold.counted {
                *taken.entry(format!("{}:{customer}", hold.offering.0)).or_default() += u64::from(hold.quantity);
            }
        }
        let shares = self.shares.iter().map(|share| (share.share.to_string(), share.taken));
        assert_eq!(shares.collect::<BTreeMap<_, _>>(), taken, "shares are what holds say");
    }

    fn points_are_the_sum_of_their_ledger(&self) {
        let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
        for entry in &self.ledger {
            *sums.entry(&entry.customer).or_default() += entry.points;
        }
        for account in &self.accounts {
            assert_eq!(account.balance, sums.remove(&*account.customer).unwrap_or_default(), "{account:?}");
        }
        assert!(sums.values().all(|sum| *sum == 0), "closed accounts end with nothing: {sums:?}");
    }

    /// Its row says all that other rows say of it, and my page shows it as it is.
    fn is_the_whole_order(&self, order: &Order) {
        let payment = self.payments.get(&order.id).and_then(|payment| payment.now().of_order());
        assert_eq!(order.payment, payment, "the payment of {order:?}");
        let delivery = self.deliveries.get(&order.id).map(|delivery| delivery.now().of_order());
        assert_eq!(order.delivery, delivery, "the delivery of {order:?}");
        let booked = self.ledger.iter().filter(|entry| entry.owner == Some(order.id) && entry.points != 0);
        let balance = booked.max_by_key(|entry| entry.id).map(|entry| entry.balance);
        assert!(balance.is_none() || order.balance == balance, "the balance after {order:?}: {balance:?}");
        let line = self.lines.get(&order.id);
        let shown = line.map(|line| (line.told, line.delivery.as_deref()));
        let state = order.delivery.as_ref().map(|delivery| delivery.state.as_str());
        assert_eq!(shown, Some((Some(order.version), state)), "my page tells of all of {order:?}: {line:?}");
    }

    fn ended_well(&self, order: &Order, provider: &Provider) {
        if !order.has_ended() {
            return;
        }
        let recipes = super::recipes();
        let recipe = &recipes[&order.storefront];
        let confirmed = order.state == OrderState::Confirmed;
        assert!(!confirmed || order.reason.is_none(), "{order:?} is confirmed, and says why it is not");
        let (id, cost) = (order.id, order.cost().amount);
        let hold = self.holds.get(&id);
        let sold = hold.is_some_and(|hold| hold.state == HoldState::Sold);
        assert_eq!(sold, confirmed, "{order:?} is sold if it is confirmed: {hold:?}");
        assert!(sold || hold.is_none_or(Hold::has_ended), "{hold:?} of {order:?}");
        let charged = if confirmed && recipe.has(contracts::Step::Pay) { cost } else { 0 };
        assert_eq!(provider.kept(id), charged, "{order:?} is paid if it is confirmed, and not if not");
        let granted: i64 = self.ledger.iter().filter(|entry| entry.owner == Some(id)).map(|entry| entry.points).sum();
        let due = if confirmed { order.cost().percent(recipe.points_percent) } else { 0 };
        assert_eq!(granted, due, "the points of {order:?}");
        let delivery = self.deliveries.get(&id);
        let delivered = delivery.is_some_and(|delivery| delivery.state != DeliveryState::Cancelled);
        assert_eq!(delivered, confirmed && recipe.has(contracts::Step::Deliver), "the delivery of {order:?}");
        let line = self.lines.get(&id).map(|line| line.state);
        assert_eq!(line, Some(order.state), "my page tells of {order:?}");
    }
}
