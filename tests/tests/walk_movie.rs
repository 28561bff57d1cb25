//! The walk-through of the cinema: places by count, a notice for everything, a list of what stands.

use serde_json::{Value, json};
use tests::{Paths, Shop, eventually_is};

const DONE: &str = "예약완료";
const CANCELLED: &str = "예약취소";

#[test]
fn alone_on_the_ports_of_its_services() {
    story(&Shop::alone("movie").paths("movie"));
}

#[test]
fn together_with_the_others_below_its_prefix() {
    story(&Shop::open().paths("movie"));
}

#[test]
fn a_delete_cancels_as_the_patch_does() {
    let shop = Shop::open();
    let at = shop.paths("movie");
    at.http("POST /movies movieName=LALALand qty=100 description=musical").is(201);
    at.http("POST /reservations userId=1 userName=kim movieId=1 count=45").is(201);
    at.http("DELETE /reservations/1").is(204);
    assert_eq!(at.http("/movies/1").is(200)["qty"], 100);
    assert_eq!(at.http("/reservations/1").is(200)["reserveStatus"], CANCELLED);
    assert_eq!(at.rows("/reservationLists").len(), 0);
}

fn story(at: &Paths) {
    at.http("POST :8083/movies movieName=LALALand qty=100 description=musical").is(201);
    assert_eq!(at.rows(":8084/notifications").len(), 0, "registering a movie announces no reservation");
    forty_five_are_reserved(at);
    fifty_seven_are_too_many(at);
    fifty_five_are_just_enough(at);
    a_cancel_frees_the_places(at);
}

fn notices(at: &Paths) -> Vec<Value> {
    let notice = |row: &Value| json!([row["reserveId"], row["reserveStatus"], row["count"]]);
    at.rows(":8084/notifications").iter().map(notice).collect()
}

fn listed(at: &Paths) -> Vec<Value> {
    at.rows(":8085/reservationLists").iter().map(|row| json!([row["reserveId"], row["count"]])).collect()
}

fn forty_five_are_reserved(at: &Paths) {
    at.http("POST :8082/reservations userId=1 userName=kim movieId=1 count=45").is(201);
    assert_eq!(at.http(":8082/reservations/1").is(200)["reserveStatus"], DONE);
    assert_eq!(at.http(":8083/movies/1").is(200)["qty"], 55);
    eventually_is("the notices", vec![json!([1, DONE, 45])], || notices(at));
    assert_eq!(listed(at), [json!([1, 45])]);
    let row = at.rows(":8085/reservationLists").remove(0);
    assert_eq!(
        (&row["movieName"], &row["userId"], &row["reserveStatus"]),
        (&json!("LALALand"), &json!(1), &json!(DONE))
    );
    let notice = at.rows(":8084/notifications").remove(0);
    assert_eq!(
        (&notice["userName"], &notice["movieId"], &notice["movieName"]),
        (&json!("kim"), &json!(1), &json!("LALALand"))
    );
}

fn fifty_seven_are_too_many(at: &Paths) {
    at.http("POST :8082/reservations userId=2 userName=lee movieId=1 count=57").is(201);
    assert_eq!(at.http(":8082/reservations/2").is(200)["reserveStatus"], CANCELLED);
    assert_eq!(at.http(":8083/movies/1").is(200)["qty"], 55);
    eventually_is("the notices", vec![json!([1, DONE, 45]), json!([2, CANCELLED, 57])], || notices(at));
    assert_eq!(listed(at), [json!([1, 45])]);
}

fn fifty_five_are_just_enough(at: &Paths) {
    at.http("POST :8082/reservations userId=2 userName=lee movieId=1 count=55").is(201);
    assert_eq!(at.http(":8082/reservations/3").is(200)["reserveStatus"], DONE);
    assert_eq!(at.http(":8083/movies/1").is(200)["qty"], 0);
    assert_eq!(listed(at), [json!([1, 45]), json!([3, 55])]);
}

fn a_cancel_frees_the_places(at: &Paths) {
    at.http(&format!("PATCH :8082/reservations/1 reserveStatus={CANCELLED}")).is(200);
    assert_eq!(at.http(":8082/reservations/1").is(200)["reserveStatus"], CANCELLED);
    assert_eq!(at.http(":8083/movies/1").is(200)["qty"], 45);
    assert_eq!(listed(at), [json!([3, 55])]);
    let told = [json!([1, DONE, 45]), json!([2, CANCELLED, 57]), json!([3, DONE, 55]), json!([1, CANCELLED, 45])];
    eventually_is("the notices", told.to_vec(), || notices(at));
}
