//! What the systems before this one got wrong about stock, prices and ids, each shown to be right here.

use serde_json::json;
use tests::{Paths, Shop, at_once, eventually_is};

/// One thing on sale in each storefront that sells by count: its registration, its stock, and an order of it.
const BY_COUNT: [Count; 4] = [
    Count {
        storefront: "show",
        register: "POST /tickets id=1 showId=1 showName=A amount=1000 stock=",
        thing: "/tickets/1",
        left: "stock",
        order: "POST /reservations userId=1 showId=1 qty=",
        orders: "/reservations",
        status: "status",
        confirmed: "Reservation Completed",
        refused: "Reservation Failed",
        refused_with: 201,
    },
    Count {
        storefront: "movie",
        register: "POST /movies movieName=A qty=",
        thing: "/movies/1",
        left: "qty",
        order: "POST /reservations userId=1 movieId=1 count=",
        orders: "/reservations",
        status: "reserveStatus",
        confirmed: "예약완료",
        refused: "예약취소",
        refused_with: 201,
    },
    Count {
        storefront: "coupon",
        register: "POST /coupons couponId=1 couponName=A amt=1000 stock=",
        thing: "/coupons/1",
        left: "stock",
        order: "POST /orders couponId=1 customerId=1 qty=",
        orders: "/orders",
        status: "status",
        confirmed: "PayCompleted",
        refused: "OrderCancelled",
        refused_with: 409,
    },
    Count {
        storefront: "shop",
        register: "POST /inventories id=1 price=1000 stock=",
        thing: "/inventories/1",
        left: "stock",
        order: "POST /orders productId=1 customerId=1 qty=",
        orders: "/orders",
        status: "status",
        confirmed: "",
        refused: "OrderRejected",
        refused_with: 409,
    },
];

struct Count {
    storefront: &'static str,
    register: &'static str,
    thing: &'static str,
    left: &'static str,
    order: &'static str,
    orders: &'static str,
    status: &'static str,
    confirmed: &'static str,
    refused: &'static str,
    refused_with: u16,
}

impl Count {
    fn registered(&self, shop: &Shop, stock: i64) -> Paths {
        let at = shop.paths(self.storefront);
        at.http(&format!("{}{stock}", self.register)).is(201);
        at
    }

    /// Whether a refused order stays as a row that says so; else it is refused in the answer and nothing stays.
    fn is_refused_by_the_row(&self) -> bool {
        self.refused_with == 201
    }

    fn left(&self, at: &Paths) -> i64 {
        at.http(self.thing).is(200)[self.left].as_i64().expect("what is left is a number")
    }

    fn statuses(&self, at: &Paths) -> Vec<String> {
        let rows = at.all_rows(self.orders);
        rows.iter().map(|(_, row)| row[self.status].as_str().unwrap_or_default().to_owned()).collect()
    }

    fn how_many(&self, at: &Paths, status: &str) -> usize {
        self.statuses(at).iter().filter(|seen| *seen == status).count()
    }
}

#[test]
fn w01_many_buyers_never_oversell() {
    const BUYERS: usize = 32;
    const EACH: usize = 6;
    const LEFT: usize = 50;
    let shop = Shop::open();
    for count in BY_COUNT {
        let at = count.registered(&shop, 50);
        let answers = at_once(BUYERS, |_| [(); EACH].map(|()| at.http(&format!("{}1", count.order)).status));
        assert_eq!(count.left(&at), 0, "{}", count.storefront);
        eventually_is(count.storefront, LEFT, || count.how_many(&at, count.confirmed));
        let by_the_answer = answers.iter().flatten().filter(|status| **status == 409).count();
        let by_the_row = count.how_many(&at, count.refused);
        let expected =
            if count.is_refused_by_the_row() { (0, BUYERS * EACH - LEFT) } else { (BUYERS * EACH - LEFT, 0) };
        assert_eq!((by_the_answer, by_the_row), expected, "{}", count.storefront);
    }
}

#[test]
fn w02_a_refused_order_is_not_left_ordered() {
    let shop = Shop::open();
    for count in BY_COUNT {
        let at = count.registered(&shop, 5);
        at.http(&format!("{}6", count.order)).is(count.refused_with);
        let left = if count.is_refused_by_the_row() { vec![count.refused.to_owned()] } else { Vec::new() };
        assert_eq!(count.statuses(&at), left, "{}", count.storefront);
        assert_eq!(count.left(&at), 5, "{}", count.storefront);
    }
    assert_eq!(shop.ledger().charged(), (0, 0));
}

#[test]
fn w07_the_clients_price_is_not_believed() {
    let shop = Shop::open();
    let (show, coupon, mall) = (shop.paths("show"), shop.paths("coupon"), shop.paths("shop"));
    show.http("POST /tickets id=1 showId=1 showName=A stock=10 amount=150000").is(201);
    let cheap = show.http("POST /reservations id=1 userId=1 showId=1 qty=1 amount=1").is(409);
    assert_eq!(cheap["code"], "price-changed");
    assert_eq!(show.http("/tickets/1").is(200)["stock"], 10);
    show.http("/points/1").is(404);

    coupon.http("POST /coupons couponId=1 couponName=A amt=15000 stock=10").is(201);
    assert_eq!(coupon.http("POST /orders couponId=1 customerId=1 qty=1 amt=1").is(409)["code"], "price-changed");
    assert_eq!(coupon.http("/coupons/1").is(200)["stock"], 10);

    mall.http("POST /inventories id=1 stock=10 price=25000").is(201);
    mall.http("POST /orders productId=1 customerId=1 qty=2 price=1 amount=1").is(201);
    eventually_is("what was charged", (1, 50_000), || shop.ledger().charged());
}

#[test]
fn w08_get_changes_nothing_and_negative_quantities_are_refused() {
    let shop = Shop::alone("coupon");
    let at = shop.paths("coupon");
    at.http("POST :8081/coupons couponId=1 couponName=A amt=15000 stock=10").is(201);
    for _ in 0..3 {
        at.http(":8081/chkAndModifyStock?couponId=1&qty=5").is(200);
    }
    assert_eq!(at.http(":8081/coupons/1").is(200)["stock"], 10);

    let shop = Shop::open();
    for count in BY_COUNT {
        let at = count.registered(&shop, 10);
        for quantity in ["-5", "0", "-9223372036854775808", "1.5", "1e2", "five", ""] {
            at.http(&format!("{}{quantity}", count.order)).is(400);
        }
        let thing = count.thing;
        at.http(&format!("PATCH {thing} {}=-1", count.left)).is(400);
        assert_eq!(count.left(&at), 10, "{}", count.storefront);
        assert_eq!(count.statuses(&at).len(), 0, "{}", count.storefront);
    }
}

#[test]
fn w09_an_existing_id_is_not_overwritten() {
    let shop = Shop::open();
    let (show, mall) = (shop.paths("show"), shop.paths("shop"));
    show.http("POST /tickets id=1 showId=1 showName=A stock=10 amount=1000").is(201);
    show.http("POST /points id=1 point=500").is(201);
    show.http("POST /reservations id=1 userId=1 showId=1 qty=1").is(201);
    mall.http("POST /inventories id=1 stock=10").is(201);

    for again in [
        "POST /tickets id=1 showId=1 showName=B stock=99 amount=1",
        "POST /points id=1 point=9999",
        "POST /reservations id=1 userId=2 showId=1 qty=2",
    ] {
        assert_eq!(show.http(again).is(409)["code"], "already-exists", "{again}");
    }
    assert_eq!(mall.http("POST /inventories id=1 stock=99").is(409)["code"], "already-exists");

    let ticket = show.http("/tickets/1").is(200);
    assert_eq!((&ticket["showName"], &ticket["stock"], &ticket["amount"]), (&json!("A"), &json!(9), &json!(1000)));
    assert_eq!(show.http("/points/1").is(200)["point"], 550);
    let reservation = show.http("/reservations/1").is(200);
    assert_eq!((&reservation["userId"], &reservation["qty"]), (&json!(1), &json!(1)));
    assert_eq!(mall.http("/inventories/1").is(200)["stock"], 10);
}

#[test]
fn w10_an_order_for_nothing_is_refused() {
    let shop = Shop::open();
    shop.paths("musical").http("POST /items name=A").is(201);
    for (storefront, order, orders, field) in [
        ("show", "POST /reservations userId=1 showId=77 qty=1", "/reservations", "showId"),
        ("musical", "POST /reservations userId=1 musicalId=77 seatId=1", "/reservations", "musicalId"),
        ("musical", "POST /reservations userId=1 musicalId=1 seatId=77", "/reservations", "seatId"),
        ("movie", "POST /reservations userId=1 movieId=77 count=1", "/reservations", "movieId"),
        ("coupon", "POST /orders couponId=77 customerId=1 qty=1", "/orders", "couponId"),
        ("shop", "POST /orders productId=77 customerId=1 qty=1", "/orders", "productId"),
    ] {
        let at = shop.paths(storefront);
        let refused = at.http(order).is(422);
        assert_eq!(refused["code"], "unknown-reference", "{storefront}");
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
        let left = at.rows(orders);
        assert!(left.is_empty(), "{storefront}: {left:?}");
    }
}

#[test]
fn w13_a_cancel_returns_stock_once() {
    let shop = Shop::open();
    for count in BY_COUNT {
        let at = count.registered(&shop, 10);
        let number = at.http(&format!("{}4", count.order)).is(201).number();
        let cancel = format!("DELETE {}/{number}", count.orders);
        let answers = at_once(16, |_| at.http(&cancel).status);
        assert_eq!(answers, [204; 16], "{}", count.storefront);
        eventually_is(count.storefront, 10, || count.left(&at));
        at.http(&format!("{}10", count.order)).is(201);
        assert_eq!(count.left(&at), 0, "{}: all ten can be sold again, and no more than ten", count.storefront);
    }
    eventually_is("the refunds", 2, || shop.ledger().refunded().0);
}
