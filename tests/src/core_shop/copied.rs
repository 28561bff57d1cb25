//! A copy of a shop that is kept from its events alone, as somebody outside would keep it.

use std::collections::BTreeMap;

use contracts::{
    DeliveryNow, Details, Message, NoticeNow, OfferingId, OfferingNow, OrderId, OrderNow, PaymentNow, SeatId, SeatNow,
    Text,
};
use delivery::Delivery;
use engine::Envelope;
use notification::Notice;
use order::Order;
use payment::Payment;
use points::Account;
use stock::{Description, Offering, Seat};

use super::course::CoreShop;

/// What events said last of each thing.
#[derive(Debug, Default, PartialEq)]
pub struct Copied {
    offerings: BTreeMap<OfferingId, OfferingNow>,
    details: BTreeMap<OfferingId, Details>,
    seats: BTreeMap<SeatId, SeatNow>,
    orders: BTreeMap<OrderId, OrderNow>,
    payments: BTreeMap<OrderId, PaymentNow>,
    deliveries: BTreeMap<OrderId, DeliveryNow>,
    /// Balance and version.
    accounts: BTreeMap<Text, (i64, u64)>,
    notices: BTreeMap<(OrderId, Text), NoticeNow>,
}

impl Copied {
    /// The tables of which there is a copy.
    pub const TABLES: [&str; 8] = [
        "deliveries",
        "notices",
        "offering_descriptions",
        "offerings",
        "orders",
        "payments",
        "points_accounts",
        "seats",
    ];

    /// Takes in what an event says.
    pub fn hear(&mut self, envelope: &Envelope<Message>) {
        self.hear_stock(&envelope.message);
        self.hear_orders(envelope);
        self.hear_the_rest(&envelope.message);
    }

    fn hear_stock(&mut self, message: &Message) {
        use Message::*;
        let (offering, now, seats) = match message {
            OfferingRegistered(m) => {
                self.describe(m.offering, m.details.as_deref());
                (Some(m.offering), &m.now, None)
            }
            OfferingChanged(m) => {
                self.describe(m.offering, m.details.as_deref());
                (Some(m.offering), &m.now, None)
            }
            OfferingReopened(m) => (Some(m.offering), &m.now, None),
            StockAdded(m) => (Some(m.offering), &m.now, None),
            StockHeld(m) => (Some(m.offering), &m.now, m.seats_now.as_ref()),
            StockSold(m) => (Some(m.offering), &m.now, m.seats_now.as_ref()),
            StockTakenBack(m) => (Some(m.offering), &m.now, m.seats_now.as_ref()),
            StockReleased(m) => (m.offering, &m.now, m.seats_now.as_ref()),
            OfferingWithdrawn(m) => {
                self.offerings.remove(&m.offering);
                if m.now.is_none() {
                    self.describe(m.offering, None);
                }
                (Some(m.offering), &m.now, None)
            }
            SeatChanged(m) => {
                self.seats.remove(&m.seat);
                let now = m.now.iter().filter(|_| m.present);
                self.seats.extend(now.map(|now| (m.seat, (**now).clone())));
                (Some(m.offering), &m.offering_now, None)
            }
            _ => return,
        };
        if let (Some(offering), Some(now)) = (offering, now) {
            self.offerings.insert(offering, (**now).clone());
        }
        self.seats.extend(seats.into_iter().flatten().map(|seat| (seat.seat, seat.clone())));
    }

    fn describe(&mut self, offering: OfferingId, details: Option<&Details>) {
        self.details.remove(&offering);
        self.details.extend(details.map(|details| (offering, details.clone())));
    }

    fn hear_orders(&mut self, envelope: &Envelope<Message>) {
        use Message::*;
        let (order, now) = match &envelope.message {
            OrderPlaced(m) => (m.order, Some(m.now(envelope.at))),
            OrderHeld(m) => (m.order, m.now.as_deref().cloned()),
            OrderChanged(m) => (m.order, m.now.as_deref().cloned()),
            OrderConfirmed(m) => (m.order, m.now.as_deref().cloned()),
            OrderRejected(m) => (m.order, m.now.as_deref().filter(|_| m.kept).cloned()),
            OrderCancelling(m) => (m.order, m.now.as_deref().cloned()),
            OrderCancelRefused(m) => (m.order, m.now.as_deref().cloned()),
            OrderCancelled(m) => (m.order, m.now.as_deref().cloned()),
            OrderParked(m) => (m.order, m.now.as_deref().cloned()),
            _ => return,
        };
        self.orders.remove(&order);
        self.orders.extend(now.map(|now| (order, now)));
    }

    fn hear_the_rest(&mut self, message: &Message) {
        use Message::*;
        match message {
            PaymentRequested(m) => keep(&mut self.payments, m.order, m.now.as_deref()),
            PaymentParked(m) => keep(&mut self.payments, m.order, m.now.as_deref()),
            PaymentChanged(m) => keep(&mut self.payments, m.order, m.now.as_deref()),
            PaymentTaken(m) => keep(&mut self.payments, m.order, m.now.as_deref()),
            PaymentDeclined(m) => keep(&mut self.payments, m.order, m.now.as_deref()),
            PaymentRefunded(m) => keep(&mut self.payments, m.order, m.now.as_deref()),
            DeliveryStarted(m) => keep(&mut self.deliveries, m.order, m.now.as_deref()),
            DeliveryDispatched(m) => keep(&mut self.deliveries, m.order, m.now.as_deref()),
            DeliveryCompleted(m) => keep(&mut self.deliveries, m.order, m.now.as_deref()),
            DeliveryCancelled(m) => keep(&mut self.deliveries, m.order, m.now.as_deref()),
            NotificationSent(m) => self.notice(m.order, m.now.as_deref()),
            NotificationFailed(m) => self.notice(m.order, m.now.as_deref()),
            BalanceSet(m) if m.closed => drop(self.accounts.remove(&m.customer)),
            BalanceSet(m) => self.account(&m.customer, m.balance, m.version),
            PointsEarned(m) => self.account(&m.customer, m.balance, m.version),
            PointsRevoked(m) => self.account(&m.customer, m.balance, m.version),
            _ => {}
        }
    }

    fn notice(&mut self, order: OrderId, now: Option<&NoticeNow>) {
        self.notices.extend(now.map(|now| ((order, now.kind.clone()), now.clone())));
    }

    fn account(&mut self, customer: &Text, balance: i64, version: Option<u64>) {
        self.accounts.extend(version.map(|version| (customer.clone(), (balance, version))));
    }

    /// What the tables of `shop` say of the same.
    pub fn of(rig: &mut testkit::Rig<Message, contracts::Answer>) -> Self {
        Self {
            offerings: rig.all::<Offering>().into_iter().map(|row| (row.id, offering(row))).collect(),
            details: rig.all::<Description>().into_iter().map(|row| (row.id, row.details())).collect(),
            seats: rig.all::<Seat>().into_iter().map(|row| (row.id, seat(row))).collect(),
            orders: rig.all::<Order>().into_iter().map(|row| (row.id, order(row))).collect(),
            payments: rig.all::<Payment>().into_iter().map(|row| (row.owner, row.now())).collect(),
            deliveries: rig.all::<Delivery>().into_iter().map(|row| (row.owner, row.now())).collect(),
            accounts: rig.all::<Account>().into_iter().map(|row| (row.customer, (row.balance, row.version))).collect(),
            notices: rig.all::<Notice>().into_iter().map(notice).collect(),
        }
    }

    /// The first thing in which the copy and the original differ.
    pub fn differs_from(&self, original: &Self) -> Option<String> {
        fn first<K: Ord + std::fmt::Debug, V: PartialEq + std::fmt::Debug>(
            copy: &BTreeMap<K, V>,
            original: &BTreeMap<K, V>,
        ) -> Option<String> {
            let mut keys = copy.keys().chain(original.keys());
            let key = keys.find(|key| copy.get(key) != original.get(key))?;
            Some(format!("{key:?}: events say {:#?}, and it is {:#?}", copy.get(key), original.get(key)))
        }
        first(&self.offerings, &original.offerings)
            .or_else(|| first(&self.details, &original.details))
            .or_else(|| first(&self.seats, &original.seats))
            .or_else(|| first(&self.orders, &original.orders))
            .or_else(|| first(&self.payments, &original.payments))
            .or_else(|| first(&self.deliveries, &original.deliveries))
            .or_else(|| first(&self.accounts, &original.accounts))
            .or_else(|| first(&self.notices, &original.notices))
    }
}

impl CoreShop {
    /// What its tables say.
    pub fn original(&mut self) -> Copied {
        Copied::of(&mut self.rig)
    }
}

fn keep<V: Clone>(all: &mut BTreeMap<OrderId, V>, order: OrderId, now: Option<&V>) {
    all.extend(now.map(|now| (order, now.clone())));
}

fn offering(row: Offering) -> OfferingNow {
    let Offering { name, price, reference, seated, withdrawn, capacity, held, sold, version, fields, .. } = row;
    let (on_sale_from, on_sale_until, limit_per_customer) =
        (row.on_sale_from, row.on_sale_until, row.limit_per_customer);
    OfferingNow {
        name,
        price,
        reference,
        seated,
        withdrawn,
        capacity,
        held,
        sold,
        version,
        fields,
        on_sale_from,
        on_sale_until,
        limit_per_customer,
    }
}

fn seat(row: Seat) -> SeatNow {
    let Seat { id: seat, seat_row: row_name, seat_col: column, grade, price, state, version, owner, .. } = row;
    SeatNow { seat, row: row_name, column, grade, price, state, version, owner }
}

fn order(row: Order) -> OrderNow {
    let is_cancelled = matches!(row.state, order::OrderState::Cancelling | order::OrderState::Cancelled);
    let wanted = row.wanted_as_named().into();
    OrderNow {
        customer: row.customer,
        offering: row.offering,
        name: row.name,
        quantity: row.quantity,
        total: row.total,
        unit_price: row.unit_price,
        wanted,
        seats: row.seat_names.map(|names| names.0),
        placed_at: row.placed_at,
        state: row.state,
        points: row.points,
        version: row.version,
        fields: row.fields,
        decided_at: row.decided_at,
        cancelled_at: row.cancelled_at,
        reason: row.reason,
        parked: row.parked,
        whole: true,
        balance: row.balance,
        payment: row.payment,
        delivery: row.delivery,
        cancel_reason: row.explanation.filter(|_| is_cancelled),
    }
}

fn notice(row: Notice) -> ((OrderId, Text), NoticeNow) {
    let kind: Text = row.kind.as_str().into();
    let (channel, state) = (row.channel.as_str().into(), row.state.as_str().into());
    let Notice { owner, number, text, at, sent_at, .. } = row;
    ((owner, kind.clone()), NoticeNow { number, kind, text, channel, state, at, sent_at })
}
