//! The walk-through of the musicals: numbered seats, a payment, a notice.

use serde_json::json;
use tests::{Paths, Shop, eventually_is};

const PRICE: i64 = 120_000;

#[test]
fn alone_on_the_ports_of_its_services() {
    let shop = Shop::alone("musical");
    story(&shop, &shop.paths("musical"));
}

#[test]
fn together_with_the_others_below_its_prefix() {
    let shop = Shop::open();
    story(&shop, &shop.paths("musical"));
}

#[test]
fn a_seat_without_a_price_is_reserved_without_a_payment() {
    let shop = Shop::open();
    let at = shop.paths("musical");
    at.http("POST /items name='레미제라블'").is(201);
    at.http("POST /seats musicalId=1 grade=R seatRow=1 seatCol=1").is(201);
    at.http("POST /reservations userId=1 musicalId=1 seatId=1").is(201);
    reservation_becomes(&at, 1, "ReservationCompleted");
    assert_eq!(shop.ledger().charged(), (0, 0));
}

fn story(shop: &Shop, at: &Paths) {
    at.http("POST :8082/items name='레미제라블' startDate=2024-11-22 endDate=2025-01-22").is(201);
    at.http(&format!("POST :8082/seats musicalId=1 grade=VIP seatRow=1 seatCol=1 price={PRICE}")).is(201);
    at.http(&format!("POST :8082/seats musicalId=1 grade=VIP seatRow=1 seatCol=2 price={PRICE}")).is(201);
    the_first_takes_the_seat(shop, at);
    the_second_finds_it_taken(shop, at);
    a_musical_with_sold_seats_cannot_be_deleted(at);
    a_cancel_frees_the_seat(shop, at);
    the_second_can_take_it_now(shop, at);
}

fn reservation_becomes(at: &Paths, number: u64, status: &str) {
    eventually_is("the reservation's status", json!(status), || {
        at.http(&format!(":8083/reservations/{number}")).is(200)["status"].clone()
    });
}

fn notices(at: &Paths) -> Vec<(i64, String)> {
    let notice = |row: &serde_json::Value| {
        (row["reserveId"].as_i64().unwrap_or(0), row["reserveStatus"].as_str().unwrap_or_default().to_owned())
    };
    at.rows(":8084/notifications").iter().map(notice).collect()
}

fn my_page(at: &Paths) -> Vec<(i64, i64, String)> {
    let line = |row: &serde_json::Value| {
        let number = |field: &str| row[field].as_i64().unwrap_or(0);
        (number("reservationId"), number("userId"), row["status"].as_str().unwrap_or_default().to_owned())
    };
    at.rows(":8085/myPages").iter().map(line).collect()
}

fn the_first_takes_the_seat(shop: &Shop, at: &Paths) {
    assert_eq!(at.http(":8082/seats/1").is(200)["isSold"], false);
    at.http("POST :8083/reservations userId=1 musicalId=1 seatId=1").is(201);
    reservation_becomes(at, 1, "ReservationCompleted");
    assert_eq!(at.http(":8082/seats/1").is(200)["isSold"], true);
    assert_eq!(at.http(":8082/seats/2").is(200)["isSold"], false);
    assert_eq!(shop.ledger().charged(), (1, PRICE));
    let told = vec![(1, "ReservationCompleted".to_owned())];
    eventually_is("the notices", told, || notices(at));
    assert_eq!(my_page(at), [(1, 1, "ReservationCompleted".to_owned())]);
    assert_eq!(at.rows(":8085/myPages")[0]["musicalName"], "레미제라블");
}

fn the_second_finds_it_taken(shop: &Shop, at: &Paths) {
    at.http("POST :8083/reservations userId=2 musicalId=1 seatId=1").is(201);
    reservation_becomes(at, 2, "ReservationImpossible");
    assert_eq!(shop.ledger().charged(), (1, PRICE), "no payment for a seat that was taken");
    assert!(!notices(at).contains(&(2, "ReservationCompleted".to_owned())));
    assert!(!my_page(at).contains(&(2, 2, "ReservationCompleted".to_owned())));
}

fn a_musical_with_sold_seats_cannot_be_deleted(at: &Paths) {
    at.http("DELETE :8082/items/1").is(409);
    at.http(":8082/items/1").is(200);
}

fn a_cancel_frees_the_seat(shop: &Shop, at: &Paths) {
    at.http("DELETE :8083/reservations/1").is(204);
    reservation_becomes(at, 1, "ReservationCanceled");
    eventually_is("the seat is free", json!(false), || at.http(":8082/seats/1").is(200)["isSold"].clone());
    eventually_is("what was refunded", (1, PRICE), || shop.ledger().refunded());
    eventually_is("a cancel notice", true, || notices(at).contains(&(1, "ReservationCanceled".to_owned())));
    eventually_is("the row on my page", true, || my_page(at).contains(&(1, 1, "ReservationCanceled".to_owned())));
}

fn the_second_can_take_it_now(shop: &Shop, at: &Paths) {
    at.http("POST :8083/reservations userId=2 musicalId=1 seatId=1").is(201);
    reservation_becomes(at, 3, "ReservationCompleted");
    assert_eq!(at.http(":8082/seats/1").is(200)["isSold"], true);
    assert_eq!((shop.ledger().charged(), shop.ledger().net()), ((2, 2 * PRICE), PRICE));
}
