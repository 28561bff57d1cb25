//! Fills a new store with samples in the five shipped storefronts.

use std::sync::Arc;

use contracts::commands::{OpenAccount, PlaceOrder, RegisterOffering, RegisterSeat, Target};
use contracts::{Message, Money, Numbered, OfferingId, SeatId, Seats, StorefrontNo, Text};
use engine::Command;
use storefronts::Storefront;

use host::Running;

/// Fills the store, if nothing is in it yet.
pub async fn fill(node: &Running, shown: &[Arc<Storefront>]) -> Result<(), String> {
    if node.engine.status().durable() > 0 {
        return Ok(());
    }
    for storefront in shown {
        let at = storefront.recipe.number;
        let samples = match storefront.recipe.name.as_str() {
            "show" => show(at),
            "musical" => musical(at),
            "movie" => movie(at),
            "coupon" => coupon(at),
            "shop" => shop(at),
            _ => Vec::new(),
        };
        for message in samples {
            let command = Command { message, correlation: 0, cause: 0, key: None };
            node.engine.submit(command, |_, _| ()).await.map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}

fn offering(
    at: StorefrontNo,
    reference: Option<&str>,
    name: &str,
    price: i64,
    stock: u64,
    fields: Option<&str>,
) -> Message {
    let (reference, fields) = (reference.map(Text::from), fields.map(Text::from));
    let name = Some(Text::from(name));
    RegisterOffering { reference, name, stock, fields, ..RegisterOffering::of(at, Money::krw(price)) }.into()
}

fn order(at: StorefrontNo, target: Target, quantity: u32, seats: &[u64], customer: &str) -> Message {
    PlaceOrder {
        storefront: at,
        number: None,
        target,
        quantity,
        seats: Seats(seats.iter().map(|seat| SeatId::of(at, *seat)).collect()),
        customer: customer.into(),
        expected_price: None,
        card: None,
        fields: None,
    }
    .into()
}

fn show(at: StorefrontNo) -> Vec<Message> {
    vec![
        offering(at, Some("1"), "지킬앤하이드", 150_000, 10, None),
        offering(at, Some("2"), "하데스타운", 160_000, 20, None),
        offering(at, Some("3"), "어쩌면해피엔딩", 80_000, 10, None),
        OpenAccount { customer: "1".into(), balance: 0 }.into(),
        OpenAccount { customer: "2".into(), balance: 0 }.into(),
        order(at, Target::Reference("1".into()), 2, &[], "1"),
        order(at, Target::Reference("1".into()), 9, &[], "2"),
    ]
}

fn musical(at: StorefrontNo) -> Vec<Message> {
    let dates = r#"{"startDate":1798761600000,"endDate":1803859200000}"#;
    let (name, fields) = (Some("레미제라블".into()), Some(dates.into()));
    let item = RegisterOffering { name, fields, seated: true, ..RegisterOffering::of(at, Money::krw(0)) };
    let mut samples = vec![item.into()];
    for (row, grade, price) in [(1, "VIP", 170_000), (2, "R", 140_000), (3, "S", 110_000)] {
        for column in 1..=6 {
            samples.push(
                RegisterSeat {
                    storefront: at,
                    number: None,
                    offering: OfferingId::of(at, 1),
                    grade: Some(grade.into()),
                    row: Some(Text::from(row.to_string())),
                    column: Some(column),
                    price: Money::krw(price),
                    withheld: false,
                }
                .into(),
            );
        }
    }
    samples.push(order(at, Target::Id(OfferingId::of(at, 1)), 1, &[1], "1"));
    samples
}

fn movie(at: StorefrontNo) -> Vec<Message> {
    vec![
        offering(at, None, "LALALand", 14_000, 100, Some(r#"{"description":"musical"}"#)),
        offering(at, None, "기생충", 13_000, 60, Some(r#"{"description":"thriller"}"#)),
        order(at, Target::Id(OfferingId::of(at, 1)), 45, &[], "1"),
    ]
}

fn coupon(at: StorefrontNo) -> Vec<Message> {
    vec![
        offering(at, Some("1"), "치킨", 15_000, 1_000, None),
        offering(at, Some("2"), "커피", 4_500, 5_000, None),
        order(at, Target::Reference("1".into()), 2, &[], "1"),
    ]
}

fn shop(at: StorefrontNo) -> Vec<Message> {
    vec![
        offering(at, None, "티셔츠", 25_000, 10, None),
        offering(at, None, "머그컵", 12_000, 40, None),
        order(at, Target::Id(OfferingId::of(at, 1)), 3, &[], "1"),
    ]
}
