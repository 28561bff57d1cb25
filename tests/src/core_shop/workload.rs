//! A busy day: offerings in all five storefronts, and orders, cancels, changes and waits in any order.

use contracts::commands::*;
use contracts::{Answer, Detail, Details, Message, Money, Numbered, OfferingId, OrderId, SeatId, Seats, StorefrontNo};

use super::course::CoreShop;

/// Points, no payment.
pub const SHOW: StorefrontNo = StorefrontNo(1);
/// Seats, payment, notices.
pub const MUSICAL: StorefrontNo = StorefrontNo(2);
/// Notices only.
pub const MOVIE: StorefrontNo = StorefrontNo(3);
/// Payment that may take half a day.
pub const COUPON: StorefrontNo = StorefrontNo(4);
/// Payment and delivery.
pub const SHOP: StorefrontNo = StorefrontNo(5);

const FRONTS: [StorefrontNo; 5] = [SHOW, MUSICAL, MOVIE, COUPON, SHOP];
const CARDS: [Option<&str>; 6] =
    [None, Some("approve"), Some("decline"), Some("silent"), Some("late"), Some("approve")];
/// A moment; longer than a step's patience, than a payment's, than a hold, than a coupon's payment.
const WAITS_MS: [u64; 5] = [1_000, 31_000, 310_000, 700_000, 50_000_000];
const SEATS: u64 = 6;
const PRICE: i64 = 10_000;

/// One thing that somebody does: what, and three numbers that say with what.
pub type Op = (u8, u8, u8, u8);

/// In each storefront an offering with little stock, one with more, and one that costs nothing; of seats, all of one offering.
///
/// # Panics
/// If one is refused.
pub fn offerings(shop: &mut CoreShop) {
    for message in first_offerings() {
        let answer = shop.ask(message).expect("no service fails");
        assert!(matches!(answer, Answer::Offering(_) | Answer::Seat(_)), "{answer:?}");
    }
}

/// What is said to have them.
pub fn first_offerings() -> Vec<Message> {
    let mut messages = Vec::new();
    for storefront in FRONTS {
        for (number, stock, price) in [(1, 3, PRICE), (2, 40, PRICE + 1), (3, 5, 0)] {
            let seated = storefront == MUSICAL;
            let offering = RegisterOffering {
                reference: Some(format!("R-{number}").into()),
                name: Some(format!("offering {number}").into()),
                stock: if seated { 0 } else { stock },
                seated,
                ..RegisterOffering::of(storefront, Money::krw(price))
            };
            messages.push(offering.into());
        }
    }
    let seats = (1..=SEATS).map(|number| seat(OfferingId::of(MUSICAL, 1), i64::try_from(number).unwrap_or(0)));
    messages.extend(seats.map(Message::from));
    messages
}

fn seat(offering: OfferingId, column: i64) -> RegisterSeat {
    let (grade, row) = (Some("R".into()), Some("A".into()));
    let price = Money::krw(if column == 6 { 0 } else { PRICE });
    RegisterSeat {
        storefront: MUSICAL,
        number: None,
        offering,
        grade,
        row,
        column: Some(column),
        price,
        withheld: false,
    }
}

/// An order for the offering `number` of `storefront`; of seats, for the one with the number of the quantity.
pub fn place(storefront: StorefrontNo, number: u64, quantity: u32, customer: u8, card: Option<&str>) -> PlaceOrder {
    let seats = if storefront == MUSICAL { vec![SeatId::of(MUSICAL, u64::from(quantity))] } else { Vec::new() };
    PlaceOrder {
        storefront,
        number: None,
        target: Target::Id(OfferingId::of(storefront, number)),
        quantity,
        seats: Seats(seats),
        customer: customer.to_string().into(),
        expected_price: None,
        card: card.map(Into::into),
        fields: None,
    }
}

/// Has all of `ops` done, and gives the orders that were placed.
///
/// # Panics
/// If a service fails.
pub fn busy(shop: &mut CoreShop, ops: &[Op]) -> Vec<OrderId> {
    let mut orders = Vec::new();
    for op in ops {
        if op.0 % 16 == 15 {
            shop.wait(WAITS_MS[usize::from(op.1) % WAITS_MS.len()]);
            continue;
        }
        let answer = shop.ask(message(*op, &orders)).expect("no service fails");
        if let Answer::Order(order) = answer
            && !orders.contains(&order)
        {
            orders.push(order);
        }
    }
    orders
}

/// What `op` asks for, where these `orders` were placed before.
pub fn message((what, a, b, c): Op, orders: &[OrderId]) -> Message {
    let storefront = FRONTS[usize::from(a) % FRONTS.len()];
    let offering = OfferingId::of(storefront, u64::from(b) % 4 + 1);
    let picked = orders.get(usize::from(b) % orders.len().max(1)).copied();
    let order = picked.unwrap_or(OrderId::of(storefront, u64::from(b)));
    match what % 16 {
        0..=6 => ordinary(storefront, (a, b, c)).into(),
        7 => PlaceOrder { expected_price: Some(Money::krw(i64::from(c))), ..ordinary(storefront, (a, b, c)) }.into(),
        8 => PlaceOrder { target: Target::Reference(format!("R-{}", b % 5).into()), ..ordinary(storefront, (a, b, c)) }
            .into(),
        9 => CancelOrder::of(order).into(),
        10 => CancelOrder { reason: Some("called off".into()), ..CancelOrder::of(order) }.into(),
        11 => AddStock::of(offering, u64::from(c % 4)).into(),
        12 => change(offering, c),
        13 if c % 2 == 0 => DispatchDelivery { order }.into(),
        13 => CompleteDelivery { order }.into(),
        _ => rare(offering, order, (b, c)),
    }
}

/// What an offering says of itself, or says no more.
fn described(offering: OfferingId, c: u8) -> ChangeOffering {
    let (starts_at, venue) = (Some(u64::from(c)), Some("매진".into()));
    let details = Details { starts_at, venue, ..Details::default() };
    if c.is_multiple_of(2) {
        return ChangeOffering { details: Some(Box::new(details)), ..ChangeOffering::of(offering) };
    }
    let unsaid = if c.is_multiple_of(3) { vec![Detail::StartsAt] } else { vec![Detail::StartsAt, Detail::Venue] };
    ChangeOffering { unsaid: Some(unsaid), ..ChangeOffering::of(offering) }
}

/// A seat that there is or was, kept back or given back at another price, and one that there may be.
fn arranged(b: u8) -> ArrangeSeats {
    let wish = SeatWish {
        seat: Some(SeatId::of(MUSICAL, u64::from(b) % 7 + 1)),
        row: None,
        column: None,
        grade: None,
        price: b.is_multiple_of(2).then(|| Money::krw(PRICE + i64::from(b))),
        withheld: Some(b.is_multiple_of(4)),
    };
    let (row, column, price) = (Some("B".into()), Some(i64::from(b)), Some(Money::krw(PRICE)));
    let new = SeatWish { seat: None, row, column, grade: None, price, withheld: Some(b.is_multiple_of(5)) };
    ArrangeSeats { offering: OfferingId::of(MUSICAL, 1), seats: vec![wish, new] }
}

fn ordinary(storefront: StorefrontNo, (a, b, c): (u8, u8, u8)) -> PlaceOrder {
    let number = if storefront == MUSICAL { 1 } else { u64::from(b) % 3 + 1 };
    let quantity = if storefront == MUSICAL { u32::from(c) % 7 + 1 } else { u32::from(c) % 4 };
    place(storefront, number, quantity, a % 7, CARDS[usize::from(b / 4) % CARDS.len()])
}

fn change(offering: OfferingId, c: u8) -> Message {
    let price = c.is_multiple_of(2).then(|| Money::krw(i64::from(c) * 100));
    let left = c.is_multiple_of(3).then_some(u64::from(c) % 8);
    let name = Some(format!("changed {c}").into());
    if c.is_multiple_of(13) {
        return described(offering, c).into();
    }
    if c.is_multiple_of(11) {
        let limit_per_customer = Some(u32::from(c / 11) % 5).filter(|limit| *limit > 0);
        let no_limit_per_customer = limit_per_customer.is_none().then_some(true);
        return ChangeOffering { limit_per_customer, no_limit_per_customer, ..ChangeOffering::of(offering) }.into();
    }
    if c.is_multiple_of(7) {
        return ChangeOffering { on_sale_from: Some(u64::from(c)), ..ChangeOffering::of(offering) }.into();
    }
    ChangeOffering { name, price, left, whole: c.is_multiple_of(5), ..ChangeOffering::of(offering) }.into()
}

fn rare(offering: OfferingId, order: OrderId, (b, c): (u8, u8)) -> Message {
    let customer = (b % 7).to_string().into();
    match c % 8 {
        0 => match b % 3 {
            0 => WithdrawOffering::of(offering).into(),
            1 => WithdrawOffering { keep: Some(true), ..WithdrawOffering::of(offering) }.into(),
            _ => ReopenOffering { offering, versions: None }.into(),
        },
        1 => SetBalance { customer, balance: i64::from(b), expected_version: None, expected_balance: None }.into(),
        2 if b.is_multiple_of(2) => {
            let points = i64::from(b) - 100;
            AddPoints { customer, points, reason: "put right".into(), below_zero: b.is_multiple_of(4) }.into()
        }
        2 => CloseAccount { customer, expected_version: None }.into(),
        3 => OpenAccount { customer, balance: 5 }.into(),
        4 if b.is_multiple_of(3) => arranged(b).into(),
        4 => ChangeSeat {
            withheld: Some(b.is_multiple_of(2)),
            ..ChangeSeat::of(SeatId::of(MUSICAL, u64::from(b) % 7 + 1))
        }
        .into(),
        5 => WithdrawSeat { seat: SeatId::of(MUSICAL, u64::from(b) % 7 + 1), expected_version: None }.into(),
        6 => seat(OfferingId::of(MUSICAL, 1), i64::from(b)).into(),
        _ => GiveUpOrder { order }.into(),
    }
}
