//! What comes from outside is held to one set of rules, whichever door it comes by: every field of every command that there is, found from
//! the list of commands.
#![expect(clippy::unwrap_used, reason = "all of this is tests, also what is no test function")]

use std::borrow::Cow;

use contracts::commands::{ChangeSeat, NewSeat, RegisterOffering, RegisterSeat};
use contracts::limits::{AMOUNT_MAX, COUNT_MAX};
use contracts::{Answer, Code, Kind, Message, Money, Numbered, OfferingId, Rejection, SeatId, Seats};
use engine::Body;
use serde_json::{Value, json};
use tests::core_shop::{CoreShop, MUSICAL, SHOW, offerings, place, rig, tables};

/// What `offerings` asks for a seat.
const PRICE: i64 = 10_000;
/// Odd, and right: with white space around it, and composed of more characters than it needs.
const ODD: &str = " \u{a0}Cafe\u{301}\t";
/// The same as it is kept.
const KEPT: &str = "Caf\u{e9}";

fn commands() -> impl Iterator<Item = (&'static str, Kind)> {
    Kind::NAMES.iter().copied().filter(|(_, kind)| !kind.is_event())
}

/// A value of the type `name` that is right, with `text` wherever a text stands.
fn value(name: &str, word: &str, kind: Kind, text: &str) -> Value {
    // What is changed is not what is ordered, whose reference must stay.
    let offering = OfferingId::of(MUSICAL, if kind == Kind::ChangeOffering { 2 } else { 1 }).raw();
    match name.replace(' ', "").as_str() {
        "StorefrontNo" => json!(MUSICAL.0),
        "OfferingId" => json!(offering),
        "SeatId" => json!(SeatId::of(MUSICAL, 2).raw()),
        "OrderId" => json!(offering),
        "NoticeId" => json!(0),
        "Seats" => json!([SeatId::of(MUSICAL, 3).raw()]),
        "Money" | "Option<Money>" => json!({ "amount": PRICE, "currency": "KRW" }),
        "Text" | "Option<Text>" if word == "fields" => json!(json!({ "userName": text, "note": text }).to_string()),
        "Text" | "Option<Text>" => json!(text),
        "Target" => json!({ "Reference": if text == ODD { " R-1\u{a0}" } else { text } }),
        "Vec<NewSeat>" => {
            json!([{ "row": text, "column": 1, "grade": text, "price": { "amount": 1, "currency": "KRW" } }])
        }
        "bool" => json!(word == "seated"),
        "u32" => json!(1),
        "u64" => json!(u64::from(word == "left" && kind == Kind::AddStock)),
        "i64" => json!(7),
        // Each command puts a seat at another place.
        "Option<i64>" if word == "seat-column" => json!(100 + kind as u8),
        "ProviderOutcome" => json!("voided"),
        option if option.starts_with("Option<") => Value::Null,
        other => panic!("say here what a {other} is like, the type of {word} in {kind:?}"),
    }
}

/// A command with `text` in each of its texts.
fn fields(kind: Kind, text: &str) -> Value {
    let fields = kind.fields().iter();
    fields.map(|(field, of, word)| ((*field).to_owned(), value(of, word, kind, text))).collect()
}

fn message(name: &str, data: &Value) -> Message {
    let written = json!({ "message": name, "data": data });
    serde_json::from_value(written).unwrap_or_else(|error| panic!("{name} {data}: {error}"))
}

fn opened() -> CoreShop {
    let mut shop = CoreShop::new(rig());
    offerings(&mut shop);
    shop
}

/// Why `message` was refused. Nothing must have changed.
fn refused(shop: &mut CoreShop, message: impl Into<Message>) -> Rejection {
    let message = message.into();
    let before = (shop.rig.rows(&tables()), shop.rig.core.seq());
    let answer = shop.ask(message.clone()).unwrap();
    assert_eq!((shop.rig.rows(&tables()), shop.rig.core.seq()), before, "{message:?} changed something");
    match answer {
        Answer::Refused(rejection) => rejection,
        other => panic!("{message:?} is taken: {other:?}"),
    }
}

#[test]
fn no_command_from_outside_takes_a_text_that_is_no_name() {
    let mut shop = opened();
    let long = "x".repeat(201);
    let wrong = ["", " ", "\u{3000}\t", "\u{3164}", &long, "a\u{0}b", "a\nb", "a\u{202e}b", "a\u{200b}b", "\u{feff}"];
    let mut looked_at = 0;
    for (name, kind) in commands().filter(|(_, kind)| kind.is_from_outside()) {
        for (field, of, word) in kind.fields().iter().filter(|(_, of, _)| has_text(of)) {
            for text in wrong {
                let mut data = fields(kind, "fine");
                data[field] = value(of, word, kind, text);
                let refused = refused(&mut shop, message(name, &data));
                let named = refused.field.unwrap_or_default();
                let is_named = named == *word || named.starts_with(&format!("{word}[0].")) || named == "userName";
                assert!(is_named && refused.code == Code::InvalidValue, "{name}.{field} {text:?}: {named:?}");
                looked_at += 1;
            }
        }
    }
    assert!(looked_at >= 10 * wrong.len(), "{looked_at}");
}

fn has_text(of: &str) -> bool {
    ["Text", "Target", "NewSeat"].iter().any(|name| of.contains(name)) && !of.contains("Expected")
}

#[test]
fn no_command_from_outside_takes_a_number_that_cannot_be_counted() {
    let mut shop = opened();
    // The ranges of ids and versions are their own, and what is only compared is never kept.
    let own = ["id", "version", "expected_balance"];
    let won = |amount: i64| json!({ "amount": amount, "currency": "KRW" });
    for (name, kind) in commands().filter(|(_, kind)| kind.is_from_outside()) {
        let counted = kind.fields().iter().filter(|(field, _, word)| !own.contains(field) && !own.contains(word));
        for (field, of, word) in counted {
            let wrong = match of.trim_start_matches("Option<").trim_end_matches('>') {
                "Money" => vec![won(-1), won(AMOUNT_MAX + 1), won(i64::MAX), won(i64::MIN)],
                "u64" => vec![json!(COUNT_MAX + 1), json!(u64::MAX)],
                "i64" => vec![json!(AMOUNT_MAX + 1), json!(-AMOUNT_MAX - 1), json!(i64::MIN)],
                _ => continue,
            };
            for number in wrong {
                let mut data = fields(kind, "fine");
                data[field] = number.clone();
                let refused = refused(&mut shop, message(name, &data));
                assert_eq!(
                    (refused.code, refused.field.as_deref()),
                    (Code::InvalidValue, Some(*word)),
                    "{name}.{field}"
                );
            }
        }
    }
}

#[test]
fn a_text_that_is_odd_and_right_is_kept_in_one_form() {
    let mut shop = opened();
    for (name, kind) in commands().filter(|(_, kind)| kind.is_from_outside()) {
        if !kind.fields().iter().any(|(_, of, _)| has_text(of)) {
            continue;
        }
        let from = shop.rig.core.seq() + 1;
        let answer = shop.ask(message(name, &fields(kind, ODD))).unwrap();
        assert!(!matches!(answer, Answer::Refused(_)), "{name}: {answer:?}");
        assert!(shop.rig.core.seq() >= from, "{name} changed something");
        let records = shop.rig.journal().read(from, usize::MAX >> 1).unwrap();
        let bodies = records.iter().map(|record| Body::<Message>::read(record.seq, record.at, &record.body).unwrap());
        let envelopes: Vec<_> =
            bodies.flat_map(|body| body.messages).filter(|envelope| envelope.from != engine::OUTSIDE).collect();
        assert!(!envelopes.iter().any(|envelope| format!("{envelope:?}").contains("Cafe")), "{name}: {envelopes:?}");
    }
    let rows = format!("{:?}", shop.rig.rows(&tables()));
    // What waits to be done carries the order as it came from its row.
    assert!(rows.contains(KEPT) && !rows.contains("Cafe"), "{rows}");
}

#[test]
fn what_services_say_to_each_other_is_never_refused_for_a_name_that_was_taken_before_there_were_rules() {
    for (name, kind) in commands().filter(|(_, kind)| !kind.is_from_outside()) {
        let old = message(name, &fields(kind, " a\u{0}b\u{202e} "));
        let as_it_is = old.proper_or(|refused| panic!("{name}: {refused:?}"));
        assert!(matches!(as_it_is, Some(Cow::Borrowed(_))), "{name}");
    }
}

fn seat(column: i64, row: &str, price: i64) -> RegisterSeat {
    RegisterSeat {
        storefront: MUSICAL,
        number: None,
        offering: OfferingId::of(MUSICAL, 1),
        grade: Some("R".into()),
        row: Some(row.into()),
        column: Some(column),
        price: Money::krw(price),
        withheld: false,
    }
}

#[test]
fn no_two_seats_of_an_offering_look_the_same() {
    let mut shop = opened();
    let alike = ["A", "a", "Ａ", " ａ "];
    for row in alike {
        let refused = refused(&mut shop, seat(1, row, PRICE));
        assert_eq!((refused.code, refused.field.as_deref()), (Code::AlreadyExists, Some("seat-column")), "{row}");
        let moved = ChangeSeat { row: Some(row.into()), column: Some(1), ..ChangeSeat::of(SeatId::of(MUSICAL, 2)) };
        assert_eq!(self::refused(&mut shop, moved).code, Code::AlreadyExists, "{row}");
    }
    let house = |rows: [&str; 2]| RegisterOffering {
        seated: true,
        seats: rows
            .map(|row| NewSeat { row: row.into(), column: 1, grade: None, price: Money::krw(1), withheld: None })
            .to_vec(),
        ..RegisterOffering::of(MUSICAL, Money::krw(1))
    };
    for row in alike {
        assert_eq!(refused(&mut shop, house(["A", row])).field.as_deref(), Some("seats[1]"), "{row}");
    }
    assert!(matches!(shop.ask(house(["A", "B"])).unwrap(), Answer::Offering(_)));
    // Its own place may be written otherwise, and is free for others when it has gone.
    let small = ChangeSeat { row: Some("a".into()), ..ChangeSeat::of(SeatId::of(MUSICAL, 1)) };
    assert!(matches!(shop.ask(small).unwrap(), Answer::Seat(_)));
    let away = ChangeSeat { row: Some("Z".into()), ..ChangeSeat::of(SeatId::of(MUSICAL, 1)) };
    assert!(matches!(shop.ask(away).unwrap(), Answer::Seat(_)));
    assert!(matches!(shop.ask(seat(1, "Ａ", PRICE)).unwrap(), Answer::Seat(_)));
}

#[test]
fn a_seat_that_is_sold_keeps_its_place_its_grade_and_its_price() {
    let mut shop = opened();
    shop.ask(place(MUSICAL, 1, 2, 1, None)).unwrap();
    let of = || ChangeSeat::of(SeatId::of(MUSICAL, 2));
    for (change, field) in [
        (ChangeSeat { row: Some("B".into()), ..of() }, "seat-row"),
        (ChangeSeat { column: Some(9), ..of() }, "seat-column"),
        (ChangeSeat { grade: Some("S".into()), ..of() }, "grade"),
        (ChangeSeat { price: Some(Money::krw(1)), ..of() }, "price"),
        (ChangeSeat { withheld: Some(false), ..of() }, "sold"),
    ] {
        let refused = refused(&mut shop, change);
        assert_eq!((refused.code, refused.field.as_deref()), (Code::InUse, Some(field)));
    }
    let same = ChangeSeat {
        row: Some(" A".into()),
        column: Some(2),
        grade: Some("R".into()),
        price: Some(Money::krw(PRICE)),
        withheld: Some(true),
        ..of()
    };
    let before = shop.rig.rows(&tables());
    assert!(matches!(shop.ask(same).unwrap(), Answer::Seat(_)));
    assert_eq!(shop.rig.rows(&tables()), before, "what is said again is no change");
}

/// Why an order was refused by stock: its placing was answered by its id all the same.
fn refused_order(shop: &mut CoreShop, message: impl Into<Message>) -> Option<Rejection> {
    let answer = shop.ask(message).unwrap();
    let Answer::Order(id) = answer else { panic!("{answer:?}") };
    let reason = |order: order::Order| {
        let (field, message) = (order.field.as_ref().map(String::from), order.explanation.as_ref().map(String::from));
        Some(Rejection {
            code: order.reason?,
            field,
            message: message.unwrap_or_default(),
            order: Some(id),
            others: None,
        })
    };
    match shop.rig.get::<order::Order>(&id) {
        Some(order) => reason(order),
        None => {
            let refusal = shop.rig.get::<order::Refusal>(&id).expect("a refusal is kept in the place of its order");
            let (field, message) = (refusal.field.as_ref().map(String::from), String::from(&refusal.message));
            Some(Rejection { code: refusal.code, field, message, order: None, others: None })
        }
    }
}

#[test]
fn a_price_for_several_seats_is_that_of_one_or_is_ambiguous() {
    let mut shop = opened();
    let order = |seats: &[u64], price: i64| contracts::commands::PlaceOrder {
        seats: Seats(seats.iter().map(|seat| SeatId::of(MUSICAL, *seat)).collect()),
        expected_price: Some(Money::krw(price)),
        ..place(MUSICAL, 1, 1, 1, None)
    };
    // The sixth seat costs nothing.
    for (seats, price, code) in [
        (&[1, 6][..], PRICE, Code::InvalidValue),
        (&[6, 1], 0, Code::InvalidValue),
        (&[1, 6], PRICE / 2, Code::InvalidValue),
        (&[1, 2], 2 * PRICE, Code::PriceChanged),
    ] {
        let refused = refused_order(&mut shop, order(seats, price)).unwrap_or_else(|| panic!("{seats:?} {price}"));
        assert_eq!((refused.code, refused.field.as_deref()), (code, Some("unit-price")), "{seats:?} {price}");
    }
    assert_eq!(refused_order(&mut shop, order(&[1, 2], PRICE)), None);
}

#[test]
fn an_order_costs_no_more_than_can_be_counted() {
    let mut shop = opened();
    let register = RegisterOffering {
        number: Some(77),
        stock: COUNT_MAX,
        ..RegisterOffering::of(SHOW, Money::krw(AMOUNT_MAX / 2))
    };
    assert!(matches!(shop.ask(register).unwrap(), Answer::Offering(_)));
    for (quantity, is_refused) in [(3, true), (u32::MAX, true), (2, false)] {
        let refused = refused_order(&mut shop, place(SHOW, 77, quantity, 1, None));
        let field = refused.map(|refused| refused.field);
        assert_eq!(field, is_refused.then(|| Some("quantity".to_owned())), "{quantity}");
    }
    let more = contracts::commands::AddStock::of(OfferingId::of(SHOW, 77), 3);
    assert_eq!(refused(&mut shop, more).field.as_deref(), Some("left"));
}
