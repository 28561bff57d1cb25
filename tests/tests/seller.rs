//! A seller's day, by v1 and by the command line alone.

use serde_json::{Value, json};
use tests::{Ended, Paths, Reply, Shop, Start, maejin};

const SHOW: &str = "/api/v1/storefronts/show";
const MUSICAL: &str = "/api/v1/storefronts/musical";

fn won(amount: i64) -> Value {
    json!({ "amount": amount, "currency": "KRW" })
}

#[track_caller]
fn post(at: &Paths, line: &str, body: &Value) -> Reply {
    at.http_with_body(&format!("POST {line}"), &body.to_string())
}

/// A verb against a running shop.
fn at(shop: &Shop, words: &str) -> Ended {
    let url = shop.door().url(None, "");
    maejin(words.split(' ').chain(["--url", url.trim_end_matches('/')]))
}

fn asked(shop: &Shop, words: &str) -> Value {
    let ended = at(shop, &format!("{words} --json")).with_code(0);
    serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error} in {}", ended.out))
}

#[track_caller]
fn buy(shop: &Shop, front: &str, what: Value) -> Reply {
    let mut order = json!({ "offering": "1", "customer": "1" });
    order.as_object_mut().expect("an object").extend(what.as_object().cloned().expect("an object"));
    post(&shop.door(), &format!("{front}/orders"), &order)
}

/// A house of three seats.
fn house(shop: &Shop) -> Reply {
    let seat = |number: u32| json!({ "row": "A", "number": number, "price": won(1_000) });
    let house = json!({ "name": "A", "seats": [seat(1), seat(2), seat(3)] });
    post(&shop.door(), &format!("{MUSICAL}/offerings"), &house).is(201)
}

#[test]
fn a_sale_is_ended_with_seats_sold_and_taken_up_again() {
    let mut shop = Shop::open();
    house(&shop);
    buy(&shop, MUSICAL, json!({ "seats": ["A-1"] })).is(201);
    let ended = at(&shop, "offerings withdraw musical/1").with_code(0);
    assert_eq!(ended.out.trim(), "musical/1 is off sale; 1 sold and 0 held of it stay with their orders");
    assert_eq!(buy(&shop, MUSICAL, json!({ "seats": ["A-2"] })).is(409)["code"], "not-on-sale");
    let door = shop.door();
    let path = format!("{MUSICAL}/offerings/1");
    door.http(&path).is(404);
    door.http(&format!("{path}/seats")).is(404);
    assert_eq!(door.http(&format!("{MUSICAL}/offerings")).is(200)["items"], json!([]));
    let gone = door.http(&format!("{path}?withdrawn=true")).is(200).json().clone();
    assert_eq!((&gone["withdrawn"], &gone["stock"]["sold"]), (&json!(true), &json!(1)));
    assert_eq!(door.http(&format!("{MUSICAL}/offerings?withdrawn=true")).is(200)["items"], json!([gone]));
    assert_eq!(door.http(&format!("{path}/seats?withdrawn=true")).is(200)["items"][0]["state"], "sold");
    assert_eq!(door.http(&format!("{MUSICAL}/orders/1")).is(200)["state"], "confirmed", "what was sold stays");

    let again = at(&shop, "offerings withdraw musical/1").with_code(1);
    assert!(again.err.contains("it is withdrawn: reopen it first"), "{}", again.err);
    shop.kill();
    shop.start_again();
    assert_eq!(asked(&shop, "offerings reopen musical/1")["withdrawn"], false);
    assert_eq!(
        asked(&shop, "offerings reopen musical/1")["version"],
        asked(&shop, "offerings show musical/1")["version"]
    );
    buy(&shop, MUSICAL, json!({ "seats": ["A-2"] })).is(201);
    assert_eq!(buy(&shop, MUSICAL, json!({ "seats": ["A-1"] })).is(409)["code"], "seat-taken");
    shop.stop();
    shop.check().with_code(0);
}

#[test]
fn what_never_sold_is_withdrawn_and_not_deleted() {
    let mut shop = Shop::open();
    at(&shop, "offerings register show --name A --price 5 --stock 3 --reference ref").with_code(0);
    let door = shop.door();
    let path = format!("{SHOW}/offerings/1");
    let etag = door.http(&path).is(200).header("etag").expect("a version").to_owned();
    door.http(&format!("DELETE {path} 'If-Match:{etag}'")).is(204);
    door.http(&format!("DELETE {path} If-Match:*")).is(404);
    door.http(&format!("POST {path}/reopen 'If-Match:{etag}'")).is(412);
    let off = door.http(&format!("{path}?withdrawn=true")).is(200).header("etag").expect("a version").to_owned();
    let reopened = door.http(&format!("POST {path}/reopen 'If-Match:{off}'")).is(200);
    assert_eq!((&reopened["withdrawn"], &reopened["stock"]["left"]), (&json!(false), &json!(3)));
    assert_eq!(door.http(&path).is(200).json(), reopened.json());
    let found = asked(&shop, "offerings show show/1");
    assert_eq!((&found["reference"], &found["withdrawn"]), (&json!("ref"), &json!(false)));
    door.http(&format!("POST {SHOW}/offerings/2/reopen")).is(404);
    let odd = door.http(&format!("{path}?withdrawn=perhaps")).is(400);
    assert_eq!(odd["errors"][0]["field"], "withdrawn");
    shop.stop();
    shop.check().with_code(0);
}

#[test]
fn the_times_of_sale_are_set_on_the_command_line() {
    let shop = Shop::open();
    let made = "offerings register show --name A --price 5 --stock 3 --on-sale-from 2001-01-01T09:00:00+09:00";
    let made = asked(&shop, &format!("{made} --on-sale-until 2999-01-01T00:00:00Z"));
    assert_eq!(made["on_sale_from"], "2001-01-01T00:00:00.000Z");
    assert_eq!(made["on_sale_until"], "2999-01-01T00:00:00.000Z");
    buy(&shop, SHOW, json!({ "quantity": 1 })).is(201);
    assert!(asked(&shop, "offerings change show/1 --on-sale-until 2002-01-01T00:00:00Z")["on_sale_from"].is_string());
    assert_eq!(buy(&shop, SHOW, json!({ "quantity": 1 })).is(409)["code"], "not-on-sale");
    let wrong = at(&shop, "offerings change show/1 --on-sale-from 2003-01-01T00:00:00Z").with_code(1);
    assert!(wrong.err.contains("on_sale_until") || wrong.err.contains("on_sale_from"), "{}", wrong.err);
    let open = asked(&shop, "offerings change show/1 --no-on-sale-until --no-on-sale-from");
    assert_eq!((&open["on_sale_from"], &open["on_sale_until"]), (&json!(null), &json!(null)));
    buy(&shop, SHOW, json!({ "quantity": 1 })).is(201);
}

#[test]
fn there_can_be_as_few_as_are_sold_and_held_and_not_fewer() {
    let shop = Shop::open();
    at(&shop, "offerings register show --name A --price 5 --stock 10").with_code(0);
    buy(&shop, SHOW, json!({ "quantity": 4 })).is(201);
    let refused = at(&shop, "offerings change show/1 --stock 3").with_code(1);
    assert!(refused.err.contains("0 are held and 4 sold, so it is at least 4, not 3"), "{}", refused.err);
    let least = asked(&shop, "offerings change show/1 --stock 4");
    assert_eq!(least["stock"], json!({ "capacity": 4, "left": 0, "held": 0, "sold": 4 }));
    assert_eq!(buy(&shop, SHOW, json!({ "quantity": 1 })).is(409)["code"], "sold-out");
    let put = |capacity: u64| {
        let line = format!("PUT {SHOW}/offerings/1/stock");
        shop.door().http_with_body(&line, &json!({ "capacity": capacity }).to_string())
    };
    let below = put(3).is(409);
    assert_eq!((&below["code"], &below["errors"][0]["field"]), (&json!("stock-below-sold"), &json!("capacity")));
    assert_eq!(put(6).is(200)["stock"], json!({ "capacity": 6, "left": 2, "held": 0, "sold": 4 }));
    buy(&shop, SHOW, json!({ "quantity": 2 })).is(201);
    house(&shop);
    let seats = shop.door().http_with_body(&format!("PUT {MUSICAL}/offerings/1/stock"), "{\"capacity\":5}").is(409);
    assert_eq!((&seats["code"], &seats["errors"][0]["field"]), (&json!("wrong-state"), &json!("capacity")));
}

fn of(customer: &str, quantity: u32) -> Value {
    json!({ "customer": customer, "quantity": quantity })
}

#[test]
fn nobody_has_more_than_the_limit_and_what_is_cancelled_can_be_had_again() {
    let mut shop = Shop::open();
    at(&shop, "offerings register show --name A --price 5 --stock 100 --limit-per-customer 3").with_code(0);
    buy(&shop, SHOW, of("kim", 2)).is(201);
    let over = buy(&shop, SHOW, of("kim", 2)).is(409);
    assert_eq!(over["code"], "limit-reached");
    assert_eq!(over["detail"], "a customer can have 3, and this one has 2 and wants 2");
    buy(&shop, SHOW, of("lee", 3)).is(201);
    buy(&shop, SHOW, of("kim", 1)).is(201);
    assert_eq!(buy(&shop, SHOW, of("kim", 1)).is(409)["code"], "limit-reached");
    shop.kill();
    shop.start_again();
    assert_eq!(buy(&shop, SHOW, of("kim", 1)).is(409)["code"], "limit-reached", "also after a kill");
    shop.door().http(&format!("POST {SHOW}/orders/1/cancel")).is(200);
    buy(&shop, SHOW, of("kim", 2)).is(201);
    assert_eq!(buy(&shop, SHOW, of("kim", 1)).is(409)["code"], "limit-reached");

    let path = format!("{SHOW}/offerings/1");
    assert_eq!(shop.door().http(&path).is(200)["limit_per_customer"], 3);
    let change = |body: Value| shop.door().http_with_body(&format!("PATCH {path} If-Match:*"), &body.to_string());
    assert_eq!(change(json!({ "limit_per_customer": 0 })).is(422)["errors"][0]["field"], "limit_per_customer");
    assert_eq!(change(json!({ "limit_per_customer": 4 })).is(200)["limit_per_customer"], 4);
    buy(&shop, SHOW, of("kim", 1)).is(201);
    assert_eq!(change(json!({ "limit_per_customer": null })).is(200)["limit_per_customer"], json!(null));
    buy(&shop, SHOW, of("kim", 9)).is(201);
    let limited = asked(&shop, "offerings change show/1 --limit-per-customer 5");
    assert_eq!(limited["limit_per_customer"], 5);
    buy(&shop, SHOW, of("kim", 1)).is(201);
    assert_eq!(buy(&shop, SHOW, of("kim", 1)).is(409)["code"], "limit-reached", "the nine came while there was none");
    let free = asked(&shop, "offerings change show/1 --no-limit-per-customer");
    assert_eq!(free["limit_per_customer"], json!(null));
    shop.stop();
    shop.check().with_code(0);
}

#[test]
fn who_orders_from_many_connections_at_once_has_no_more_than_the_limit() {
    let mut shop = Shop::open();
    at(&shop, "offerings register movie --name A --price 5 --stock 1000 --limit-per-customer 7").with_code(0);
    let movie = "/api/v1/storefronts/movie";
    let order = |customer: usize| json!({ "offering": "1", "customer": customer.to_string(), "quantity": 1 });
    let statuses = tests::at_once(64, |at| {
        let door = shop.door();
        let sent = (0..4).map(|_| post(&door, &format!("{movie}/orders"), &order(at % 4)).status);
        sent.collect::<Vec<u16>>()
    });
    let sold = statuses.iter().flatten().filter(|status| **status == 201).count();
    let refused = statuses.iter().flatten().filter(|status| **status == 409).count();
    assert_eq!((sold, refused), (4 * 7, 256 - 4 * 7));
    assert_eq!(asked(&shop, "offerings show movie/1")["stock"]["sold"], 28);
    shop.stop();
    shop.check().with_code(0);
}

#[test]
fn seats_count_towards_the_limit_one_by_one() {
    let shop = Shop::open();
    house(&shop);
    at(&shop, "offerings change musical/1 --limit-per-customer 2").with_code(0);
    assert_eq!(buy(&shop, MUSICAL, json!({ "seats": ["A-1", "A-2", "A-3"] })).is(409)["code"], "limit-reached");
    buy(&shop, MUSICAL, json!({ "seats": ["A-1", "A-2"] })).is(201);
    assert_eq!(buy(&shop, MUSICAL, json!({ "seats": ["A-3"] })).is(409)["code"], "limit-reached");
    buy(&shop, MUSICAL, json!({ "seats": ["A-3"], "customer": "2" })).is(201);
}

/// Runs `offerings seats import` with a file that says `text`.
fn import(shop: &Shop, offering: &str, text: &str) -> Ended {
    let file = shop.home().path().join("seats.csv");
    std::fs::write(&file, text).expect("a file can be written");
    at(shop, &format!("offerings seats import {offering} {}", file.display()))
}

/// The seats of the house: id, grade, price and state.
fn map(shop: &Shop) -> Vec<String> {
    let found = shop.door().http(&format!("{MUSICAL}/offerings/1/seats")).is(200).json().clone();
    let text = |seat: &Value| {
        let grade = seat["grade"].as_str().unwrap_or("-");
        format!(
            "{} {grade} {} {}",
            seat["id"].as_str().unwrap_or("?"),
            seat["price"]["amount"],
            seat["state"].as_str().unwrap_or("?")
        )
    };
    found["items"].as_array().into_iter().flatten().map(text).collect()
}

#[test]
fn seats_come_from_a_file_all_or_none() {
    let mut shop = Shop::open();
    at(&shop, "offerings register musical --name A --seated").with_code(0);
    let first = "row,number,grade,price,withheld\nA,1,VIP,9000,\nA,2,R,5000,no\nB,1,R,5000,yes\n";
    let done = import(&shop, "musical/1", first).with_code(0);
    assert!(done.out.contains("3 seats are as") && done.out.contains("2 left"), "{}", done.out);
    assert_eq!(map(&shop), ["A-1 VIP 9000 free", "A-2 R 5000 free", "B-1 R 5000 withheld"]);
    buy(&shop, MUSICAL, json!({ "seats": ["A-1"] })).is(201);
    assert_eq!(buy(&shop, MUSICAL, json!({ "seats": ["B-1"] })).is(409)["code"], "seat-taken");

    // What is wrong is told with all its lines, of the file and of the shop, and nothing is changed.
    let torn = import(&shop, "musical/1", "row,number,price\nA,2,6000\nA,x,1\nC,1,-4\n").with_code(1);
    assert!(torn.err.contains("line 3: ") && torn.err.contains("line 4: "), "{}", torn.err);
    let refused = "row,number,price,withheld\nA,2,6000,\nA,1,1,\n\nC,9,,\nB,1,,no\n";
    let refused = import(&shop, "musical/1", refused).with_code(1);
    assert!(refused.err.contains("nothing was changed"), "{}", refused.err);
    assert!(refused.err.contains("line 3: price: seat A-1 is sold: it keeps its price of 9000"), "{}", refused.err);
    assert!(refused.err.contains("line 5: price: a new seat needs a price"), "{}", refused.err);
    assert_eq!(map(&shop), ["A-1 VIP 9000 sold", "A-2 R 5000 free", "B-1 R 5000 withheld"]);

    // The same file again changes nothing; another one changes what is free, gives back, and adds.
    let version = asked(&shop, "offerings show musical/1")["version"].clone();
    import(&shop, "musical/1", first).with_code(0);
    assert_eq!(asked(&shop, "offerings show musical/1")["version"], version);
    import(&shop, "musical/1", "row,number,price,withheld\nA,1,9000,\nA,2,6000,yes\nB,1,,no\nC,1,4000,\n").with_code(0);
    assert_eq!(map(&shop), ["A-1 VIP 9000 sold", "A-2 R 6000 withheld", "B-1 R 5000 free", "C-1 - 4000 free"]);
    let stock = &asked(&shop, "offerings show musical/1")["stock"];
    assert_eq!(*stock, json!({ "capacity": 3, "left": 2, "held": 0, "sold": 1 }));
    buy(&shop, MUSICAL, json!({ "seats": ["B-1", "C-1"] })).is(201);
    let none = import(&shop, "musical/2", first).with_code(1);
    assert!(none.err.contains("there is no such offering"), "{}", none.err);
    at(&shop, "offerings register show --name A --price 1 --stock 1").with_code(0);
    let counted = import(&shop, "show/1", first).with_code(1);
    assert!(counted.err.contains("it is not sold by seats"), "{}", counted.err);
    shop.kill();
    shop.start_again();
    assert_eq!(map(&shop)[2], "B-1 R 5000 sold");
    shop.stop();
    shop.check().with_code(0);
}

#[test]
fn seats_are_added_withheld_and_priced_anew_by_v1() {
    let mut shop = Shop::open();
    house(&shop);
    let door = shop.door();
    let path = format!("{MUSICAL}/offerings/1/seats");
    let send = |to: &str, seats: Value| post(&door, &format!("{path}{to}"), &json!({ "seats": seats }));
    let more = json!([{ "row": "B", "number": 1, "price": won(7) }, { "row": "B", "number": 2, "price": won(7), "withheld": true }]);
    assert_eq!(send("", more.clone()).is(200)["stock"]["capacity"], 4);
    let twice = send("", more).is(409);
    assert_eq!((&twice["code"], twice["errors"].as_array().map(Vec::len)), (&json!("already-exists"), Some(2)));
    assert_eq!(twice["errors"][1]["field"], "seats[1]");
    buy(&shop, MUSICAL, json!({ "seats": ["A-1"] })).is(201);
    let change =
        json!([{ "id": "A-1", "price": won(1) }, { "id": "A-2", "price": won(1) }, { "id": "A-1", "withheld": true }]);
    let refused = send("/change", change).is(409);
    assert_eq!((&refused["code"], &refused["errors"][0]["field"]), (&json!("in-use"), &json!("seats[0].price")));
    assert_eq!(refused["errors"][1]["field"], "seats[2]");
    assert_eq!(
        send("/change", json!([{ "id": "A-1" }, { "id": "Z-1" }, { "id": "Z-2" }])).is(404)["errors"][1]["field"],
        "seats[2].id"
    );
    let odd = json!([{ "id": "A-2", "price": won(1), "colour": "red" }]);
    assert_eq!(send("/change", odd).is(422)["errors"][0]["field"], "seats[0].colour");
    assert_eq!(map(&shop)[1], "A-2 - 1000 free", "nothing was changed");
    let changed = json!([{ "id": "A-2", "price": won(1), "grade": "S" }, { "id": "A-3", "withheld": true }, { "id": "B-2", "withheld": false }]);
    let done = send("/change", changed).is(200);
    assert_eq!(done["stock"], json!({ "capacity": 4, "left": 3, "held": 0, "sold": 1 }));
    let expected = ["A-1 - 1000 sold", "A-2 S 1 free", "A-3 - 1000 withheld", "B-1 - 7 free", "B-2 - 7 free"];
    assert_eq!(map(&shop), expected);
    assert_eq!(buy(&shop, MUSICAL, json!({ "seats": ["A-2", "B-2"] })).is(201)["total"]["amount"], 8);
    assert_eq!(buy(&shop, MUSICAL, json!({ "seats": ["A-3"] })).is(409)["code"], "seat-taken");
    shop.stop();
    shop.check().with_code(0);
}

#[test]
fn ten_thousand_seats_are_priced_anew_in_a_moment() {
    let shop = Shop::open();
    at(&shop, "offerings register musical --name A --price 0 --seated").with_code(0);
    let seats = |price: u32| {
        let seat = |at: u32| format!("{},{},{price}\n", ["A", "B", "가", "d"][(at % 4) as usize], at / 4);
        "row,number,price\n".to_owned() + &(0..10_000).map(seat).collect::<String>()
    };
    let begun = std::time::Instant::now();
    import(&shop, "musical/1", &seats(5)).with_code(0);
    import(&shop, "musical/1", &seats(6)).with_code(0);
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    let map = map(&shop);
    assert!(map.len() == 10_000 && map.iter().all(|seat| seat.ends_with(" - 6 free")), "{:?}", &map[..3]);
}

/// A storefront whose offerings have two further fields: the shipped one for films, under another name.
const CINEMA: &str = include_str!("../../crates/storefronts/shipped/movie.toml");

#[test]
fn an_offering_says_when_and_where_it_is_and_what_its_storefront_declares() {
    let folder = tempfile::tempdir().expect("a folder");
    let named = "name = \"cinema\"\nextra = [\"minutes\", \"subtitled\", \"director\"]";
    let file = CINEMA.replace("name = \"movie\"", named).replace("number = 3", "number = 7");
    std::fs::write(folder.path().join("cinema.toml"), file).expect("the file can be written");
    let mut shop = Start::open().storefronts(folder.path()).run();
    let door = shop.door();
    let front = "/api/v1/storefronts/cinema";
    assert_eq!(door.http(front).is(200)["extra"], json!(["minutes", "subtitled", "director"]));
    let says = json!({
        "starts_at": "2027-02-28T10:30:00.000Z", "ends_at": "2027-02-28T13:00:00.000Z", "venue": "샤롯데씨어터",
        "description": "Two acts.\nOne interval.", "image": "https://example.com/a.jpg", "reference": "J-1",
        "extra": { "minutes": 150, "subtitled": true },
    });
    let mut new = json!({ "name": "A", "price": won(5), "stock": 9 });
    new.as_object_mut().expect("an object").extend(says.as_object().cloned().expect("an object"));
    let made = post(&door, &format!("{front}/offerings"), &new).is(201);
    let path = format!("{front}/offerings/1");
    let shown = |of: &Value| -> Value {
        says.as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| (name.clone(), of[name].clone()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    assert_eq!(shown(made.json()), says);
    assert_eq!(shown(door.http(&path).is(200).json()), says);
    assert_eq!(door.http(&format!("{front}/offerings")).is(200)["items"], json!([made.json()]));

    let change = |body: Value| door.http_with_body(&format!("PATCH {path} If-Match:*"), &body.to_string());
    for (wrong, field) in [
        (json!({ "extra": { "stars": 5 } }), "extra.stars"),
        (json!({ "extra": { "minutes": [1] } }), "extra.minutes"),
        (json!({ "image": "javascript:alert(1)" }), "image"),
        (json!({ "ends_at": "2027-02-28T10:00:00Z" }), "ends_at"),
        (json!({ "venue": " " }), "venue"),
        (json!({ "description": "a\u{0}b" }), "description"),
    ] {
        assert_eq!(change(wrong.clone()).is(422)["errors"][0]["field"], field, "{wrong}");
    }
    let read = door.http(&path).is(200).json().clone();
    assert_eq!(change(read.clone()).is(200).json(), &read, "what was read is sent back");
    let other = json!({ "venue": null, "extra": { "minutes": null, "director": "Bong" }, "reference": "J-2" });
    let changed = change(other).is(200);
    assert_eq!((&changed["venue"], &changed["reference"]), (&json!(null), &json!("J-2")));
    assert_eq!(changed["extra"], json!({ "subtitled": true, "director": "Bong" }));
    assert_eq!(changed["description"], says["description"]);

    // An order carries none of it.
    let order = json!({ "offering": "1", "quantity": 1, "customer": "1" });
    post(&door, &format!("{front}/orders"), &order).is(201);
    let told = door.http(&format!("{front}/orders/1/timeline")).is(200).text.clone();
    assert!(!told.contains("interval") && !told.contains("Bong"), "{told}");

    let words = "offerings change cinema/1 --venue LG --extra minutes=140 --without image --without starts_at";
    let by_hand = asked(&shop, words);
    assert_eq!(
        (&by_hand["venue"], &by_hand["image"], &by_hand["starts_at"]),
        (&json!("LG"), &json!(null), &json!(null))
    );
    assert_eq!(by_hand["extra"], json!({ "subtitled": true, "director": "Bong", "minutes": 140 }));
    let page = at(&shop, "offerings show cinema/1").with_code(0).out;
    let line =
        |name: &str| page.lines().find(|line| line.starts_with(name)).map(|line| line[name.len()..].trim().to_owned());
    assert_eq!([line("venue"), line("minutes"), line("image")], [Some("LG".into()), Some("140".into()), None]);
    let refused = at(&shop, "offerings register show --name A --price 1 --stock 1 --extra minutes=5").with_code(1);
    assert!(refused.err.contains("declares no such field"), "{}", refused.err);
    shop.kill();
    shop.start_again();
    assert_eq!(asked(&shop, "offerings show cinema/1"), asked(&shop, "offerings list --storefront cinema")["items"][0]);
    assert_eq!(asked(&shop, "offerings show cinema/1")["venue"], "LG");
    shop.stop();
    shop.check().with_code(0);
}
