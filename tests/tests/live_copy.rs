//! A client that keeps a copy of the shop from `/api/v1/events` alone has what every GET shows.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tests::{Client, Heard, Listening, Shop, eventually};

const STOREFRONTS: [&str; 5] = ["show", "musical", "movie", "coupon", "shop"];
const STEPS: u64 = 300;

/// Things by what they are and where.
#[derive(Default)]
struct Copied(BTreeMap<String, Value>);

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

impl Copied {
    fn hear(&mut self, event: &Heard) {
        let (told, data) = (&event.data, &event.data["data"]);
        let at = text(told, "storefront");
        let name = event.name.as_str();
        if name.starts_with("Offering") || name.starts_with("Stock") {
            self.set(format!("{at}/offering/{}", text(data, "offering")), data.get("now"));
            for seat in data["seats_now"].as_array().into_iter().flatten() {
                self.set(format!("{at}/seat/{}/{}", text(data, "offering"), text(seat, "seat_key")), Some(seat));
            }
        }
        if ["OfferingRegistered", "OfferingChanged"].contains(&name) {
            let key = format!("{at}/details/{}", text(data, "offering"));
            self.0.remove(&key);
            self.set(key, data.get("details"));
        }
        if name == "OfferingWithdrawn" && data["now"].is_null() {
            self.0.remove(&format!("{at}/offering/{}", text(data, "offering")));
        }
        if name == "SeatChanged" {
            let key = format!("{at}/seat/{}/{}", text(data, "offering"), text(data, "seat_key"));
            self.0.remove(&key);
            self.set(key, data.get("now").filter(|_| data["present"] == true));
            self.set(format!("{at}/offering/{}", text(data, "offering")), data.get("offering_now"));
        }
        for (kind, begins) in [("order", "Order"), ("payment", "Payment"), ("delivery", "Delivery")] {
            if name.starts_with(begins) {
                self.set(format!("{at}/{kind}/{}", text(told, "order")), data.get("now"));
            }
        }
        if name == "OrderRejected" && data["kept"] == false {
            self.0.remove(&format!("{at}/order/{}", text(told, "order")));
        }
        if ["BalanceSet", "PointsEarned", "PointsRevoked"].contains(&name) && !data["version"].is_null() {
            self.set(format!("account/{}", text(data, "customer")), Some(data));
        }
        if data["closed"] == true {
            self.0.remove(&format!("account/{}", text(data, "customer")));
        }
    }

    fn set(&mut self, key: String, now: Option<&Value>) {
        self.0.extend(now.filter(|now| !now.is_null()).map(|now| (key, now.clone())));
    }

    /// The things whose keys begin so, with the rest of their keys.
    fn of<'a>(&'a self, begin: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.0.iter().filter_map(move |(key, value)| Some((key.strip_prefix(begin)?, value)))
    }
}

/// The shop, as somebody uses it who does not care what is refused.
struct User<'a> {
    shop: &'a Shop,
    client: Client,
    /// Any number will do, as long as it is the same one each time.
    chance: u64,
}

impl User<'_> {
    fn any(&mut self, below: u64) -> u64 {
        self.chance = self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.chance >> 33) % below
    }

    fn call(&self, method: &str, path: &str, body: Option<&Value>) -> tests::Reply {
        let url = self.shop.door().url(None, path);
        let headers = [("If-Match".to_owned(), "*".to_owned())];
        let headers =
            if ["PATCH", "DELETE"].contains(&method) && path.starts_with("/api") { &headers[..] } else { &[] };
        self.client.call(method, &url, headers, body).expect("an answer")
    }

    fn get(&self, path: &str) -> Value {
        self.call("GET", path, None).json().clone()
    }

    fn opens(&self) {
        for storefront in STOREFRONTS {
            for number in 1..=2 {
                let mut offering = json!({ "id": number.to_string(), "name": format!(" 공연 {number} ") });
                if storefront == "musical" {
                    let seat = |n: u64| json!({ "row": "A", "number": n, "grade": "R", "price": won(1_000) });
                    offering["seats"] = (1..=8).map(seat).collect();
                } else {
                    (offering["stock"], offering["price"]) = (json!(12), won(1_000));
                }
                self.call("POST", &format!("/api/v1/storefronts/{storefront}/offerings"), Some(&offering)).is(201);
            }
        }
    }

    /// Does something or other.
    fn does(&mut self) {
        let storefront = STOREFRONTS[usize::try_from(self.any(5)).unwrap_or(0)];
        let (v1, number) = (format!("/api/v1/storefronts/{storefront}"), self.any(2) + 1);
        let (some, seat) = (self.any(4) + 1, self.any(18) + 1);
        match self.any(17) {
            0..=5 => {
                let card = ["approve", "decline", "approve", "late:30"][usize::try_from(self.any(4)).unwrap_or(0)];
                let customer = self.any(4).to_string();
                let mut order = json!({ "offering": number.to_string(), "customer": customer, "card": card });
                if storefront == "musical" {
                    order["seats"] = json!([format!("A-{}", self.any(8) + 1), format!("A-{}", self.any(8) + 1)]);
                } else {
                    order["quantity"] = json!(some);
                }
                drop(self.call("POST", &format!("{v1}/orders"), Some(&order)));
            }
            6 | 7 => drop(self.call("POST", &format!("{v1}/orders/{seat}/cancel"), None)),
            8 => drop(self.call("POST", &format!("{v1}/offerings/{number}/stock"), Some(&json!({ "add": some })))),
            9 => {
                let change = match some {
                    1 => json!({ "name": format!("새 이름 {seat}") }),
                    2 => json!({ "price": won(i64::try_from(seat).unwrap_or(1) * 500) }),
                    3 => json!({ "on_sale_from": "2020-01-01T00:00:00Z" }),
                    _ => json!({ "on_sale_from": null, "on_sale_until": "2199-01-01T00:00:00Z" }),
                };
                drop(self.call("PATCH", &format!("{v1}/offerings/{number}"), Some(&change)));
            }
            14 => {
                let change = match some {
                    1 => json!({ "venue": format!("홀 {seat}"), "description": "a\nb", "limit_per_customer": seat }),
                    2 => json!({ "starts_at": "2199-01-01T00:00:00Z", "image": "https://example.com/a.png" }),
                    3 => json!({ "venue": null, "limit_per_customer": null }),
                    _ => json!({ "description": null, "reference": format!("{seat}") }),
                };
                drop(self.call("PATCH", &format!("{v1}/offerings/{number}"), Some(&change)));
            }
            15 if some == 1 => drop(self.call("DELETE", &format!("{v1}/offerings/{number}"), None)),
            15 => drop(self.call("POST", &format!("{v1}/offerings/{number}/reopen"), None)),
            16 => {
                let change = json!([{ "id": format!("A-{}", some + 1), "price": won(700), "withheld": some > 3 }]);
                let seats = format!("{v1}/offerings/{number}/seats/change");
                drop(self.call("POST", &seats, Some(&json!({ "seats": change }))));
            }
            10 => drop(self.call("PATCH", &format!("/musical/seats/{seat}"), Some(&json!({ "isSold": some > 2 })))),
            11 if some == 1 => drop(self.call("DELETE", &format!("/musical/seats/{seat}"), None)),
            11 => {
                let new = json!({ "musicalId": number, "grade": "S", "seatRow": 7, "seatCol": seat, "price": 10 });
                drop(self.call("POST", "/musical/seats", Some(&new)));
            }
            12 => {
                let points = json!({ "id": some, "point": seat * 10 });
                drop(self.call("POST", "/show/points", Some(&points)));
                drop(self.call("PATCH", &format!("/show/points/{some}"), Some(&json!({ "point": seat }))));
                if seat == 1 {
                    drop(self.call("DELETE", &format!("/show/points/{some}"), None));
                }
            }
            _ => drop(self.call("PATCH", &format!("/musical/seats/{seat}"), Some(&json!({ "grade": "VIP" })))),
        }
    }
}

fn won(amount: i64) -> Value {
    json!({ "amount": amount, "currency": "KRW" })
}

/// Everything that happened so far.
fn everything(shop: &Shop) -> Vec<Heard> {
    let is_event = |name: &Value| contracts::Kind::NAMES.iter().any(|(known, kind)| name == known && kind.is_event());
    let many = shop.events(&[]).iter().filter(|line| is_event(&line["message"])).count();
    let url = shop.door().url(None, "/api/v1/events?after=0");
    Listening::open(&url, None).expect("events").take(many).collect()
}

fn picked(of: &Value, names: &[&str]) -> Map<String, Value> {
    names.iter().map(|name| ((*name).to_owned(), of[*name].clone())).collect()
}

#[test]
fn a_copy_that_is_kept_from_events_is_what_every_get_shows() {
    let shop = Shop::open();
    let mut user = User { shop: &shop, client: Client::default(), chance: 20 };
    user.opens();
    (0..STEPS).for_each(|_| user.does());
    let copy = eventually("all orders have ended", || {
        let mut copy = Copied::default();
        everything(&shop).iter().for_each(|event| copy.hear(event));
        let has_ended = |order: &Value| ["confirmed", "rejected", "cancelled"].contains(&text(order, "state"));
        STOREFRONTS.iter().all(|at| copy.of(&format!("{at}/order/")).all(|(_, order)| has_ended(order))).then_some(copy)
    });
    let mut looked_at = 0;
    for at in STOREFRONTS {
        let v1 = format!("/api/v1/storefronts/{at}");
        for (id, now) in copy.of(&format!("{at}/offering/")) {
            let shown = user.get(&format!("{v1}/offerings/{id}?withdrawn=true"));
            let same = ["name", "price", "seated", "version", "withdrawn", "reference", "limit_per_customer"];
            assert_eq!(picked(now, &same), picked(&shown, &same), "{id}");
            let says = copy.0.get(&format!("{at}/details/{id}")).cloned().unwrap_or_default();
            let same = ["venue", "description", "image"];
            assert_eq!(picked(&says, &same), picked(&shown, &same), "what {id} says of itself");
            assert_eq!(says["starts_at"].is_null(), shown["starts_at"].is_null(), "when {id} begins");
            assert_eq!(
                picked(now, &["capacity", "held", "sold"]),
                picked(&shown["stock"], &["capacity", "held", "sold"]),
                "{id}"
            );
            let seats = user.get(&format!("{v1}/offerings/{id}/seats?withdrawn=true"));
            let mut shown: Vec<_> = seats["items"]
                .as_array()
                .expect("seats")
                .iter()
                .map(|seat| picked(seat, &["id", "grade", "price", "state"]))
                .collect();
            let as_shown = |now: &Value| {
                let mut seat = picked(now, &["grade", "price", "state"]);
                seat.insert("id".to_owned(), now["seat"].clone());
                seat
            };
            let mut kept: Vec<_> = copy.of(&format!("{at}/seat/{id}/")).map(|(_, now)| as_shown(now)).collect();
            let by_id = |seat: &Map<String, Value>| seat["id"].to_string();
            shown.sort_by_key(by_id);
            kept.sort_by_key(by_id);
            assert_eq!(kept, shown, "seats of {id}");
            looked_at += 1 + kept.len();
        }
        for (id, now) in copy.of(&format!("{at}/order/")) {
            let shown = user.get(&format!("{v1}/orders/{id}"));
            let same = ["customer", "offering", "quantity", "total", "state", "reason", "points", "version"];
            assert_eq!(picked(now, &same), picked(&shown, &same), "order {id} of {at}");
            if now["state"] == "confirmed" && !now["seats"].is_null() {
                assert_eq!(now["seats"], shown["seats"], "order {id} of {at}");
            }
            let part = |kind: &str| copy.0.get(&format!("{at}/{kind}/{id}"));
            for (kind, same) in [("payment", ["state", "amount"]), ("delivery", ["state", "state"])] {
                let none = || part(kind).is_none() && now[kind].is_null() && shown[kind].is_null();
                let told = part(kind).is_some_and(|part| part["version"] == now[kind]["version"]);
                assert!(none() || told, "the {kind} of order {id} of {at}: {now} {shown}");
                let [of_now, of_shown] = [&now[kind], &shown[kind]].map(|of| picked(of, &same));
                assert_eq!(of_now, of_shown, "the {kind} of order {id} of {at}");
            }
            looked_at += 1;
        }
    }
    for customer in 0..6 {
        let shown = user.get(&format!("/api/v1/customers/{customer}/points"));
        let kept = copy.0.get(&format!("account/{customer}")).map_or(json!(0), |account| account["balance"].clone());
        assert_eq!(kept, shown["balance"], "points of {customer}");
    }
    assert!(looked_at > 60, "{looked_at}");
}
