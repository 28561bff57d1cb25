//! The walk-through of the ticket shop: first come first served, points for what was paid.

use serde_json::json;
use tests::{Paths, Shop};

#[test]
fn alone_on_the_ports_of_its_services() {
    story(&Shop::alone("show").paths("show"));
}

#[test]
fn together_with_the_others_below_its_prefix() {
    story(&Shop::open().paths("show"));
}

fn story(at: &Paths) {
    at.http("POST :8083/tickets id=1 showId=1 showName='지킬앤하이드' stock=10 amount=150000").is(201);
    at.http("POST :8083/tickets id=2 showId=2 showName='하데스타운' stock=20 amount=160000").is(201);
    at.http("POST :8085/points id=1 point=0").is(201);
    two_tickets_are_reserved(at);
    nine_are_more_than_are_left(at);
    a_cancel_gives_the_stock_back_and_takes_the_points(at);
    an_unknown_user_gets_an_account_on_first_earning(at);
}

fn two_tickets_are_reserved(at: &Paths) {
    at.http("POST :8088/reservations id=1 userId=1 showId=1 qty=2 amount=150000").is(201);
    let ticket = at.http(":8088/tickets/1").is(200);
    assert_eq!((&ticket["stock"], &ticket["amount"]), (&json!(8), &json!(150_000)));
    assert_eq!([&ticket["reserveId"], &ticket["status"], &ticket["userId"]], [&json!(null); 3]);
    assert_eq!(at.http(":8088/points/1").is(200)["point"], 15_000);
    let rows = at.rows(":8088/mypages");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["reserveId"], 1);
    assert_eq!(rows[0]["reserveStatus"], "Reservation Completed");
    assert_eq!(rows[0]["point"], 15_000);
    assert_eq!(rows[0]["showName"], "지킬앤하이드");
}

fn nine_are_more_than_are_left(at: &Paths) {
    at.http("POST :8088/reservations id=2 userId=1 showId=1 qty=9").is(201);
    assert_eq!(at.http(":8088/reservations/2").is(200)["status"], "Reservation Failed");
    assert_eq!(at.http(":8088/tickets/1").is(200)["stock"], 8);
    assert_eq!(at.http(":8088/points/1").is(200)["point"], 15_000);
    let rows = at.rows(":8088/mypages");
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["reserveStatus"], "Reservation Completed");
    assert_eq!((&rows[1]["reserveId"], &rows[1]["reserveStatus"]), (&json!(2), &json!("Reservation Failed")));
    let found = at.rows(":8088/mypages/search/findByReserveId?reserveId=2");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["reserveStatus"], "Reservation Failed");
}

fn a_cancel_gives_the_stock_back_and_takes_the_points(at: &Paths) {
    at.http("DELETE :8082/reservations/1").is(204);
    assert_eq!(at.http(":8082/reservations/1").is(200)["status"], "Reservation Cancelled");
    assert_eq!(at.http(":8083/tickets/1").is(200)["stock"], 10);
    assert_eq!(at.http(":8085/points/1").is(200)["point"], 0);
    assert_eq!(at.http(":8083/tickets/2").is(200)["stock"], 20);
}

fn an_unknown_user_gets_an_account_on_first_earning(at: &Paths) {
    at.http(":8085/points/7").is(404);
    at.http("POST :8082/reservations userId=7 showId=2 qty=3").is(201);
    assert_eq!(at.http(":8085/points/7").is(200)["point"], 24_000);
}

#[test]
fn a_ticket_that_was_withdrawn_can_be_put_on_sale_again() {
    let shop = Shop::alone("show");
    let at = shop.paths("show");
    at.http("POST :8083/tickets id=1 showId=1 stock=3 amount=100").is(201);
    at.http("POST :8082/reservations id=1 userId=1 showId=1 qty=2").is(201);

    at.http("DELETE :8083/tickets/1").is(204);
    at.http(":8083/tickets/1").is(404);
    at.http("POST :8082/reservations id=2 userId=1 showId=1 qty=1").is(422);
    assert_eq!(at.http("POST :8083/tickets id=1 showId=1 stock=5 amount=100").is(201)["stock"], 5);
    at.http("DELETE :8082/reservations/1").is(204);
    assert_eq!(
        at.http(":8083/tickets/1").is(200)["stock"],
        7,
        "what came back of the first sale is on sale with the rest"
    );
}
