//! Messages as `maejin events` shows them, from real journals; and their old names, compared with the shapes that the old systems wrote:
//! the fields in their order, each with its value.

use std::path::Path;

use contracts::{Numbered, OrderId};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::offline_store::{OfflineStore, Progress};
use sample::{COUPON, SHOW, Sample, shipped, walked};

#[derive(Default)]
struct Options {
    storefront: Option<&'static str>,
    order: Option<u64>,
    old_names: bool,
    json: bool,
}

fn lines(dir: &Path, options: Options) -> Result<Vec<String>, String> {
    let Options { storefront, order, old_names, json } = options;
    let storefront = storefront.map(str::to_owned);
    let events = Request { location: dir.into(), follow: false, storefront, order, old_names, json };
    let names = StorefrontNames::of(&shipped());
    let filter = Filter::of(&events, &names)?;
    let mut reading = Reading::open(dir, filter.order()).map_err(|error| error.to_string())?;
    let mut teller = Teller::new(&events, names, filter, &dir.into())?;
    let mut out = Vec::new();
    match show(&mut reading, &mut teller, &mut out) {
        Ok(()) => Ok(String::from_utf8(out).unwrap().lines().map(str::to_owned).collect()),
        Err(End::Failed(why)) => Err(why),
        Err(End::Unread) => unreachable!(),
    }
}

/// What an old system of `storefront` would have put on its topic, without the timestamps.
fn old(dir: &Path, storefront: &'static str, order: Option<u64>) -> Vec<String> {
    let found = lines(dir, Options { storefront: Some(storefront), order, old_names: true, json: true }).unwrap();
    let payload = |line: &String| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["key"], "");
        let name = line["payload"]["eventType"].clone();
        assert_eq!(line["headers"]["type"], if storefront == "coupon" { Value::Null } else { name });
        let timestamp = line["payload"].as_object_mut().unwrap().shift_remove("timestamp").unwrap();
        assert_eq!(timestamp.is_string(), storefront == "coupon");
        line["payload"].to_string()
    };
    found.iter().map(payload).collect()
}

fn applied(dir: &TempDir) {
    OfflineStore::open(dir.path()).unwrap().bring_forward(&mut Progress::of("")).unwrap();
}

#[test]
fn every_message_is_a_line_in_order() {
    let dir = walked();
    let all = lines(dir.path(), Options::default()).unwrap();
    assert!(
        all[0].starts_with("2026-11-21T07:47:28.000Z  1048576     outside       RegisterOffering    show/offering 1"),
        "{}",
        all[0]
    );
    let show = lines(dir.path(), Options { storefront: Some("show"), ..Options::default() }).unwrap();
    assert!(!show.is_empty() && show.len() < all.len());
    assert!(show.iter().all(|line| line.contains("show/")), "{show:#?}");
}

#[test]
fn a_json_line_has_all_that_is_known_of_a_message() {
    let dir = walked();
    let options = Options { storefront: Some("show"), order: Some(1), json: true, ..Options::default() };
    let found = lines(dir.path(), options).unwrap();
    let placed =
        found.iter().map(|line| serde_json::from_str::<Value>(line).unwrap()).find(|l| l["message"] == "OrderPlaced");
    let placed = placed.unwrap();
    let keys: Vec<&String> = placed.as_object().unwrap().keys().collect();
    let expected = ["at", "id", "cause", "service", "message", "storefront", "order", "correlation_id", "data"];
    assert_eq!(keys, expected);
    assert_eq!(
        (&placed["service"], &placed["storefront"], &placed["order"]),
        (&json!("order"), &json!("show"), &json!(1))
    );
    assert_eq!(placed["data"]["customer"], "1");
}

#[test]
fn an_order_is_found_by_the_trail_and_in_the_tail_alike() {
    let dir = walked();
    let options = || Options { storefront: Some("coupon"), order: Some(1), ..Options::default() };
    let from_the_journal = lines(dir.path(), options()).unwrap();
    applied(&dir);
    assert_eq!(lines(dir.path(), options()).unwrap(), from_the_journal);
    let all = lines(dir.path(), Options { storefront: Some("coupon"), ..Options::default() }).unwrap();
    let of_the_order: Vec<String> = all.into_iter().filter(|line| line.contains("coupon/order 1 ")).collect();
    assert_eq!(from_the_journal, of_the_order);
    assert!(from_the_journal.len() > 10);
}

#[test]
fn old_names_of_one_order_are_those_among_all() {
    let dir = walked();
    applied(&dir);
    let one = |line: &String| {
        line.contains(r#""reserveId":1,"#)
            || line.contains(r#""Reserved","id":1,"#)
            || line.contains(r#""ReserveCanceled","id":1,"#)
    };
    let among_all: Vec<String> = old(dir.path(), "movie", None).into_iter().filter(one).collect();
    assert_eq!(old(dir.path(), "movie", Some(1)), among_all);
    let reservation = old(dir.path(), "musical", Some(3));
    let all = old(dir.path(), "musical", None);
    assert!(reservation.len() == 6 && reservation.iter().all(|line| all.contains(line)), "{reservation:#?}\n{all:#?}");
}

#[test]
fn what_does_not_exist_is_refused() {
    let dir = walked();
    let error = lines(dir.path(), Options { storefront: Some("opera"), ..Options::default() }).unwrap_err();
    assert_eq!(error, "there is no storefront opera; there are show, musical, movie, coupon, shop");
    let error =
        lines(dir.path(), Options { storefront: Some("show"), order: Some(0), ..Options::default() }).unwrap_err();
    assert!(error.contains("between 1 and"), "{error}");
    let nowhere = TempDir::new().unwrap();
    assert!(lines(nowhere.path(), Options::default()).unwrap_err().contains("there is no store in"));
}

#[test]
fn what_nobody_reads_ends_quietly() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let dir = walked();
    let (storefront, location) = (None, dir.path().into());
    let events = Request { location, follow: false, storefront, order: None, old_names: false, json: false };
    let names = StorefrontNames::of(&shipped());
    let filter = Filter::of(&events, &names).unwrap();
    let mut teller = Teller::new(&events, names, filter, &dir.path().into()).unwrap();
    let mut reading = Reading::open(dir.path(), None).unwrap();
    assert!(matches!(show(&mut reading, &mut teller, &mut Closed), Err(End::Unread)));
}

#[test]
fn what_is_said_later_is_read_on() {
    let dir = TempDir::new().unwrap();
    let mut sample = Sample::open(&dir);
    sample.walk_show();
    let mut reading = Reading::open(dir.path(), Some(OrderId::of(SHOW, 4))).unwrap();
    while reading.next_passage().unwrap().is_some() {}
    sample.order(SHOW, contracts::commands::Target::Reference("1".into()), 1, &[], "3");
    let passage = reading.next_passage().unwrap().unwrap();
    assert!(passage.messages.iter().any(|envelope| envelope.message.name() == "OrderConfirmed"));
    assert!(reading.next_passage().unwrap().is_none());
}

#[test]
fn show_speaks_as_its_old_system() {
    let dir = walked();
    let lines = old(dir.path(), "show", None);
    let expected = [
        r#"{"eventType":"TicketReserved","id":1,"userId":1,"showId":1,"showName":null,"qty":2,"amount":null,"status":null}"#,
        r#"{"eventType":"TicketDecreased","id":1,"reserveId":1,"showId":1,"showName":"지킬앤하이드","stock":8,"status":"Reservation Completed","amount":150000,"userId":1}"#,
        r#"{"eventType":"PointIncreased","id":1,"point":15000,"reserveId":1}"#,
        r#"{"eventType":"TicketReserved","id":2,"userId":1,"showId":1,"showName":null,"qty":9,"amount":null,"status":null}"#,
        r#"{"eventType":"TicketSoldout","id":1,"reserveId":2,"showId":1,"showName":"지킬앤하이드","stock":8,"status":"Reservation Failed","amount":null,"userId":1}"#,
    ];
    assert_eq!(lines[..5], expected, "{lines:#?}");
}

#[test]
fn movie_speaks_as_its_old_system_and_announces_no_reservation_of_its_own() {
    let dir = walked();
    let expected = [
        r#"{"eventType":"Reserved","id":1,"userId":1,"userName":"kim","movieId":1,"count":45,"reserveStatus":null,"date":"2024-11-22T01:46:40.000+00:00"}"#,
        r#"{"eventType":"TicketDecreased","id":1,"movieName":"LALALand","qty":55,"count":45,"reserveId":1,"userId":1,"userName":"kim"}"#,
        r#"{"eventType":"Reserved","id":2,"userId":2,"userName":"lee","movieId":1,"count":57,"reserveStatus":null,"date":null}"#,
        r#"{"eventType":"OutOfCount","id":1,"movieName":"LALALand","qty":55,"count":57,"reserveId":2,"userId":2,"userName":"lee"}"#,
        r#"{"eventType":"ReserveCanceled","id":1,"userId":1,"userName":"kim","movieId":1,"count":45,"reserveStatus":"예약취소","date":"2024-11-22T01:46:40.000+00:00"}"#,
        r#"{"eventType":"TicketIncreased","id":1,"movieName":"LALALand","qty":100,"count":45,"reserveId":1,"userId":1,"userName":"kim"}"#,
    ];
    assert_eq!(old(dir.path(), "movie", None), expected);
}

#[test]
fn coupon_speaks_as_its_old_system() {
    let dir = TempDir::new().unwrap();
    Sample::open(&dir).walk_coupon();
    let lines = old(dir.path(), "coupon", None);
    let expected = [
        r#"{"eventType":"CouponRegistered","id":1,"couponId":1,"couponName":"치킨","amt":15000,"stock":1000,"me":true}"#,
        r#"{"eventType":"StockModified","id":1,"couponName":"치킨","stock":998,"productId":1,"me":true}"#,
        r#"{"eventType":"Ordered","id":1,"couponId":1,"customerId":1,"status":"ordered","qty":2,"orderDate":"20261121164729","orderCancelDate":null,"amt":15000,"me":true}"#,
        r#"{"eventType":"Payed","id":1,"couponId":1,"orderId":1,"status":"PayCompleted","payAmt":30000,"payDate":"20261121164730","payCancelDate":null,"me":true}"#,
        r#"{"eventType":"OrderCancelled","id":1,"couponId":1,"customerId":1,"status":"OrderCancelled","qty":2,"orderDate":"20261121164729","orderCancelDate":"20261121164731","amt":15000,"me":true}"#,
        r#"{"eventType":"Payed","id":1,"couponId":1,"orderId":1,"status":"PayCancelled","payAmt":30000,"payDate":"20261121164730","payCancelDate":"20261121164732","me":true}"#,
        r#"{"eventType":"StockModified","id":1,"couponName":"치킨","stock":1000,"productId":1,"me":true}"#,
    ];
    assert_eq!(lines[..7], expected, "{lines:#?}");
    assert_eq!(lines.len(), 9, "the second order is announced, and not yet paid: {lines:#?}");
}

#[test]
fn a_refused_coupon_order_and_a_declined_payment_are_not_announced_as_more_than_they_are() {
    let dir = TempDir::new().unwrap();
    let mut sample = Sample::open(&dir);
    sample.offering(COUPON, Some("1"), "치킨", 15_000, 3);
    let coupon = || contracts::commands::Target::Reference("1".into());
    sample.order(COUPON, coupon(), 4, &[], "1");
    sample.order(COUPON, coupon(), 1, &[], "1");
    sample.decline(COUPON, 2);
    let names: Vec<Value> = old(dir.path(), "coupon", None)
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["eventType"].clone())
        .collect();
    assert_eq!(names, ["CouponRegistered", "StockModified", "Ordered", "StockModified"]);
}

#[test]
fn musical_speaks_in_its_own_words() {
    let dir = walked();
    let lines = old(dir.path(), "musical", None);
    let seat = r#""musicalId":1,"grade":"R","seatRow":1,"seatCol""#;
    assert_eq!(
        lines[0],
        r#"{"eventType":"ItemCreated","id":1,"name":"레미제라블","startDate":"2027-01-01T00:00:00.000+00:00","endDate":"2027-03-01T00:00:00.000+00:00"}"#
    );
    assert!(lines[1].starts_with(
        r#"{"eventType":"ReservationPlaced","id":1,"userId":1,"musicalId":1,"musicalName":"레미제라블","seatId":1,"seatRow":1,"seatCol":1,"reservedDt":"2026-11-21T07:"#
    ), "{}", lines[1]);
    assert_eq!(
        lines[2],
        format!(r#"{{"eventType":"SeatSold","id":1,{seat}:1,"isSold":true,"reservationId":1,"userId":1}}"#)
    );
    let names: Vec<&str> = lines.iter().filter_map(|line| line.split('"').nth(3)).collect();
    let expected = [
        "ItemCreated",
        "ReservationPlaced",
        "SeatSold",
        "ReservationCompleted",
        "ReservationPlaced",
        "SeatAlreadySold",
        "ReservationPlaced",
        "SeatSold",
        "ReservationCompleted",
        "ReservationCancelPlaced",
        "SeatRefunded",
        "ReservationCancelCompleted",
        "ReservationPlaced",
    ];
    assert_eq!(names, expected);
}

#[test]
fn shop_speaks_in_its_own_words() {
    let dir = walked();
    let expected = [
        r#"{"eventType":"OrderPlaced","id":1,"productId":"1","qty":3,"customerId":"1"}"#,
        r#"{"eventType":"PaymentApproved","id":1,"customerId":1,"status":"PaymentApproved","orderId":"1"}"#,
        r#"{"eventType":"DeliveryStarted","id":1,"productId":1,"orderId":1,"status":"DeliveryStarted"}"#,
        r#"{"eventType":"OrderPlaced","id":2,"productId":"1","qty":2,"customerId":"1"}"#,
        r#"{"eventType":"PaymentApproved","id":2,"customerId":1,"status":"PaymentApproved","orderId":"2"}"#,
        r#"{"eventType":"DeliveryStarted","id":2,"productId":1,"orderId":2,"status":"DeliveryStarted"}"#,
        r#"{"eventType":"DeliveryCanceled","id":2,"productId":1,"orderId":2,"status":"DeliveryCanceled"}"#,
        r#"{"eventType":"PaymentCanceled","id":2,"customerId":1,"status":"PaymentCanceled","orderId":"2"}"#,
        r#"{"eventType":"OrderCanceled","id":2,"productId":"1","qty":2,"customerId":"1"}"#,
    ];
    assert_eq!(old(dir.path(), "shop", None), expected);
}

#[test]
fn a_line_of_old_names_has_topic_key_header_and_payload() {
    let dir = walked();
    let options = Options { storefront: Some("movie"), old_names: true, ..Options::default() };
    let found = lines(dir.path(), options).unwrap();
    let words: Vec<&str> = found[0].split_whitespace().take(3).collect();
    assert_eq!(words, ["theater", "key=", "type=Reserved"]);
}
