//! What must be true after a kill, over HTTP and by the payment provider's book.

use super::buyers::Done;
use super::{CAPACITY, COUPON, GOODS, TICKET};
use crate::{Paths, Shop, at_once, eventually_is};

/// Asks again for what was ordered under a key: the same order, and one where there was no answer.
pub(crate) fn asked_again(shop: &Shop, done: &mut [Done]) {
    let at = shop.paths("show");
    for one in done {
        let Done::Keyed(asked, known) = one else { continue };
        let number = at.http(asked).is(201).number();
        assert_eq!(at.http(asked).is(201).number(), number, "{asked}");
        assert_eq!(known.unwrap_or(number), number, "{asked} was answered before");
        *known = Some(number);
    }
}

/// Everything that was acknowledged is as it was said to be.
pub(crate) fn is_all_there(shop: &Shop, done: &[Done]) {
    let (show, coupon, mall) = (shop.paths("show"), shop.paths("coupon"), shop.paths("shop"));
    let status = |at: &Paths, path: String| at.http(&path).is(200)["status"].clone();
    let is_there = |done: &Done| match done {
        Done::Reserved(n) | Done::Keyed(_, Some(n)) => {
            assert_eq!(status(&show, format!("/reservations/{n}")), "Reservation Completed", "{n}");
        }
        Done::Cancelled(n) => {
            assert_eq!(status(&show, format!("/reservations/{n}")), "Reservation Cancelled", "{n}");
        }
        Done::Bought(n) => assert_eq!(coupon.http(&format!("/orders/{n}")).is(200)["qty"], 2, "{n}"),
        Done::GivenBack(n) => assert_eq!(status(&coupon, format!("/orders/{n}")), "OrderCancelled", "{n}"),
        Done::Ordered(n) => assert_eq!(mall.http(&format!("/orders/{n}")).is(200)["qty"], 3, "{n}"),
        Done::Keyed(asked, None) => panic!("{asked} was not asked again"),
    };
    at_once(8, |client| done.iter().skip(client).step_by(8).for_each(is_there));
}

/// Every order has come to its end, and all figures follow from the orders.
pub(crate) fn nothing_is_half_done(shop: &Shop, filled: u64) {
    let bought = purchases_are_whole(&shop.paths("coupon"));
    let ordered = deliveries_are_whole(&shop.paths("shop"));
    reservations_are_whole(&shop.paths("show"));
    let left = CAPACITY - i64::try_from(filled).expect("not that many");
    assert_eq!(shop.paths("movie").http("/movies/1").is(200)["qty"], left);
    let (ledger, sum) = (shop.ledger(), bought * 2 * COUPON + ordered * 3 * GOODS);
    assert_eq!(ledger.net(), sum, "what was paid is what was bought and not given back");
    assert_eq!(ledger.charged().0 - ledger.refunded().0, bought + ordered);
    assert_eq!(ledger.charged_twice(), Vec::<String>::new());
}

/// How many items of a list have this status.
fn with(at: &Paths, list: &str, status: &str) -> i64 {
    let rows = at.all_rows(list);
    i64::try_from(rows.iter().filter(|(_, row)| row["status"] == status).count()).expect("not that many")
}

fn how_many(at: &Paths, list: &str) -> i64 {
    at.http(&format!("{list}?size=1")).is(200)["page"]["totalElements"].as_i64().expect("a list is counted")
}

fn purchases_are_whole(at: &Paths) -> i64 {
    eventually_is("purchases that wait", 0, || with(at, "/orders", "Ordered"));
    let bought = with(at, "/orders", "PayCompleted");
    eventually_is("payments that were not given back", bought, || with(at, "/payments", "PayCompleted"));
    assert_eq!(how_many(at, "/orders"), bought + with(at, "/orders", "OrderCancelled"));
    eventually_is("what is left", CAPACITY - 2 * bought, || {
        at.http("/coupons/1").is(200)["stock"].as_i64().unwrap_or(-1)
    });
    bought
}

fn deliveries_are_whole(at: &Paths) -> i64 {
    let ordered = how_many(at, "/orders");
    eventually_is("deliveries", ordered, || with(at, "/deliveries", "DeliveryStarted"));
    assert_eq!((how_many(at, "/deliveries"), how_many(at, "/paymentHistories")), (ordered, ordered));
    assert_eq!(with(at, "/paymentHistories", "PaymentApproved"), ordered);
    assert_eq!(at.http("/inventories/1").is(200)["stock"], CAPACITY - 3 * ordered);
    ordered
}

fn reservations_are_whole(at: &Paths) {
    let reserved = with(at, "/reservations", "Reservation Completed");
    let cancelled = with(at, "/reservations", "Reservation Cancelled");
    assert_eq!(how_many(at, "/reservations"), reserved + cancelled, "a reservation is done or undone");
    assert_eq!(at.http("/tickets/1").is(200)["stock"], CAPACITY - reserved);
    let points: i64 = at.all_rows("/points").iter().filter_map(|(_, row)| row["point"].as_i64()).sum();
    assert_eq!(points, reserved * TICKET / 20);
    assert_eq!(how_many(at, "/mypages"), reserved + cancelled);
}
