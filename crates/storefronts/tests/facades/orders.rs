//! What customers write: placing, and the one change that cancels.

use serde_json::{Value as Json, json};

use crate::client::Client;

#[tokio::test]
async fn show_decrements_stock_earns_points_and_shows_a_failure_as_a_row() {
    let show = Client::of("show");
    show.post(
        "/tickets",
        r#"{"id": "1", "showId": "1", "showName": "지킬앤하이드", "stock": "10", "amount": "150000"}"#,
    )
    .await;
    show.post("/points", r#"{"id": "1", "point": "0"}"#).await;
    let placed = show
        .post("/reservations", r#"{"id": "1", "userId": "1", "showId": "1", "qty": "2", "amount": "150000"}"#)
        .await;
    assert_eq!(
        (placed.status.as_u16(), placed.at("/status"), placed.at("/showName")),
        (201, Json::Null, "지킬앤하이드".into())
    );
    assert_eq!(show.get("/reservations/1").await.at("/status"), "Reservation Completed");
    assert_eq!(
        (show.get("/tickets/1").await.at("/stock"), show.get("/points/1").await.at("/point")),
        (8.into(), 15_000.into())
    );
    assert_eq!(
        show.post("/reservations", r#"{"id": "2", "userId": "1", "showId": "1", "qty": "9"}"#).await.status,
        201
    );
    assert_eq!(show.get("/reservations/2").await.at("/status"), "Reservation Failed");
    let pages = show.get("/mypages").await;
    assert_eq!(pages.at("/_embedded/mypages/0/showName"), "지킬앤하이드");
    assert_eq!(pages.at("/_embedded/mypages/1/reserveStatus"), "Reservation Failed");
}

#[tokio::test]
async fn musical_sells_a_seat_once_and_frees_it_on_cancel() {
    let musical = Client::of("musical");
    musical.post("/items", r#"{"name": "m", "startDate": "2024-11-22", "endDate": 1732240000000}"#).await;
    musical.post("/seats", r#"{"musicalId": "1", "grade": "R", "seatRow": "1", "seatCol": "2"}"#).await;
    assert_eq!(musical.get("/items/1").await.at("/startDate"), "2024-11-22T00:00:00.000+00:00");
    let order = r#"{"userId": "1", "musicalId": "1", "seatId": "1"}"#;
    assert_eq!(musical.post("/reservations", order).await.status, 201);
    let reservation = musical.get("/reservations/1").await;
    assert_eq!((reservation.at("/status"), reservation.at("/seatCol")), ("ReservationCompleted".into(), 2.into()));
    assert_eq!(reservation.at("/reservedDt"), "2024-11-22T01:46:40.000+00:00");
    assert_eq!(musical.get("/seats/1").await.at("/isSold"), true);
    musical.post("/reservations", order).await;
    assert_eq!(musical.get("/reservations/2").await.at("/status"), "ReservationImpossible");
    assert_eq!(musical.delete("/reservations/1").await.status, 204);
    assert_eq!(musical.get("/myPages").await.at("/_embedded/myPages/0/status"), "ReservationCanceled");
    assert_eq!(musical.get("/seats/1").await.at("/isSold"), false);
}

#[tokio::test]
async fn movie_cancels_by_patch() {
    let movie = Client::of("movie");
    movie.post("/movies", r#"{"movieName": "LALALand", "qty": "100", "description": "musical"}"#).await;
    movie
        .post(
            "/reservations",
            r#"{"userId": "1", "userName": "kim", "movieId": "1", "count": "45", "date": "2024-11-22"}"#,
        )
        .await;
    assert_eq!(movie.get("/reservations/1").await.at("/date"), "2024-11-22T00:00:00.000+00:00");
    assert_eq!(movie.patch("/reservations/1", r#"{"count": 3}"#).await.at("/code"), "wrong-state");
    assert_eq!(movie.patch("/reservations/1", r#"{"reserveStatus": "예약취소됨"}"#).await.status, 409);
    let cancelled = movie.patch("/reservations/1", r#"{"reserveStatus": "예약취소"}"#).await;
    assert_eq!((cancelled.status.as_u16(), cancelled.at("/reserveStatus")), (200, "예약취소".into()));
    assert_eq!(movie.get("/movies/1").await.at("/qty"), 100);
    assert_eq!(movie.get("/reservationLists").await.at("/page/totalElements"), 0);
    assert_eq!(movie.get("/notifications").await.at("/_embedded/notifications/0/userName"), "kim");
}

#[tokio::test]
async fn coupon_cancels_by_any_cancel_date_and_writes_its_own() {
    let coupon = Client::of("coupon");
    coupon.post("/coupons", r#"{"couponId": "1", "couponName": "c", "amt": "15000", "stock": "1000"}"#).await;
    let order =
        r#"{"couponId": "1", "customerId": "1", "amt": "15000", "qty": "2", "orderDate": "20210704", "status": "x"}"#;
    let placed = coupon.post("/orders", order).await;
    assert_eq!((placed.at("/status"), placed.at("/orderDate")), ("Ordered".into(), "20241122104640".into()));
    assert_eq!(coupon.get("/payments/search/findByOrderId?orderId=1").await.at("/payAmt"), 30_000);
    assert_eq!(coupon.patch("/orders/1", r#"{"orderCancelDate": null, "qty": 3}"#).await.status, 409);
    assert_eq!(coupon.patch("/orders/1", r#"{"orderCancelDate": null, "qty": 2}"#).await.at("/status"), "PayCompleted");
    let cancelled = coupon.patch("/orders/1", r#"{"orderCancelDate": "20210704"}"#).await;
    assert_eq!(
        (cancelled.at("/status"), cancelled.at("/orderCancelDate")),
        ("OrderCancelled".into(), "20241122104640".into())
    );
    assert_eq!(coupon.get("/coupons/1").await.at("/stock"), 1000);
    let page = coupon.get("/mypages?size=1").await;
    assert_eq!(
        (page.keys(""), page.keys("/_links")),
        (
            vec!["_embedded".to_owned(), "_links".to_owned()],
            vec!["self".to_owned(), "profile".to_owned(), "search".to_owned()],
        )
    );
    assert_eq!(page.at("/_embedded/mypages/0/status"), "PayCancelled");
}

#[tokio::test]
async fn what_the_business_refuses_names_the_clients_field() {
    let coupon = Client::of("coupon");
    coupon.post("/coupons", r#"{"couponId": "1", "amt": "15000", "stock": "10"}"#).await;
    for (body, status, code, field) in [
        (r#"{"couponId": 1, "customerId": 1, "qty": 11}"#, 409, "sold-out", "qty"),
        (r#"{"couponId": 1, "customerId": 1, "qty": 1, "amt": 1}"#, 409, "price-changed", "amt"),
        (r#"{"couponId": 9, "customerId": 1, "qty": 1}"#, 422, "unknown-reference", "couponId"),
        (r#"{"couponId": 1, "customerId": 1, "qty": 0}"#, 400, "invalid-value", "qty"),
        (r#"{"couponId": 1, "customerId": 1}"#, 400, "invalid-value", "qty"),
        (r#"{"couponId": 1, "qty": 1}"#, 400, "invalid-value", "customerId"),
        (r#"{"couponId": 1, "customerId": 1, "qty": 1, "orderDate": {}}"#, 400, "invalid-value", "orderDate"),
    ] {
        let answer = coupon.post("/orders", body).await;
        assert_eq!((answer.status.as_u16(), answer.at("/code")), (status, code.into()), "{body}");
        assert_eq!(answer.at("/errors/0/field"), field, "{body}");
    }
    assert_eq!(coupon.get("/orders").await.at("/page/totalElements"), 0);
}

#[tokio::test]
async fn shop_shows_a_status_only_where_something_went_wrong() {
    let shop = Client::of("shop");
    shop.post("/inventories", r#"{"id": 1, "stock": 10}"#).await;
    let placed = shop.post("/orders", r#"{"productId": 1, "qty": 3, "customerId": "1"}"#).await;
    assert_eq!(placed.keys(""), ["productId", "qty", "customerId", "_links"]);
    assert_eq!((placed.at("/productId"), placed.at("/customerId")), (json!("1"), json!("1")));
    assert_eq!(shop.get("/inventories/1").await.keys(""), ["stock", "_links"]);
    assert_eq!(shop.get("/paymentHistories/1").await.at("/orderId"), "1");
    assert_eq!(shop.get("/paymentHistories/1").await.at("/customerId"), "1");
    let delivery = shop.get("/deliveries/1").await;
    assert_eq!((delivery.at("/productId"), delivery.at("/orderId")), ("1".into(), "1".into()));
    assert_eq!(shop.delete("/orders/1").await.status, 204);
    assert_eq!(shop.get("/orders/1").await.at("/status"), "OrderCanceled");
    assert_eq!(shop.get("/deliveries/1").await.at("/status"), "DeliveryCanceled");
    assert_eq!(shop.get("/inventories/1").await.at("/stock"), 10);
}

#[tokio::test]
async fn a_placed_order_is_not_replaced() {
    let movie = Client::of("movie");
    movie.post("/movies", r#"{"movieName": "x", "qty": "10"}"#).await;
    movie.post("/reservations", r#"{"userId": 1, "movieId": 1, "count": 1}"#).await;
    assert_eq!(movie.put("/reservations/1", r#"{"count": 2}"#).await.at("/code"), "wrong-state");
    assert_eq!(movie.put("/reservations/2", r#"{"count": 2}"#).await.status, 404);
    assert_eq!(movie.delete("/reservations/2").await.status, 404);
    assert_eq!(movie.patch("/reservations/2", r#"{"reserveStatus": "예약취소"}"#).await.status, 404);
    assert_eq!(movie.patch("/reservations/1", "{}").await.status, 200);
}
