//! The five files: what each declares, field by field.

use contracts::{Refusals, Step};
use storefronts::{LoadError, Storefront};

fn lines(storefront: &Storefront) -> Vec<String> {
    let fields = |of: &storefronts::Resource| {
        let names = of.fields.iter().map(|field| format!("{}{}", field.name, if field.optional { "?" } else { "" }));
        names.collect::<Vec<_>>().join(" ")
    };
    let line = |of: &storefronts::Resource| {
        format!("{} {}/{}: {}", storefront.services[&of.service], of.path, of.singular, fields(of))
    };
    storefront.resources.iter().map(line).collect()
}

#[test]
fn every_storefront_has_the_fields_of_its_clients_in_their_order() {
    let expected: [(&str, &[&str]); 5] = [
        (
            "show",
            &[
                "8083 tickets/ticket: reserveId showId showName stock status amount userId",
                "8085 points/point: point reserveId",
                "8082 reservations/reservation: userId showId showName qty amount status",
                "8084 mypages/mypage: userId reserveId showName qty amount reserveStatus point",
            ],
        ),
        (
            "musical",
            &[
                "8082 items/item: name startDate endDate",
                "8082 seats/seat: musicalId grade seatRow seatCol isSold price?",
                "8083 reservations/reservation: userId musicalId musicalName seatId seatRow seatCol reservedDt status card?",
                "8084 notifications/notification: reserveId reserveStatus userId userName musicalId musicalName count",
                "8085 myPages/myPage: musicalId musicalName reservationId status reservedDt userId",
            ],
        ),
        (
            "movie",
            &[
                "8083 movies/movie: movieName qty description",
                "8082 reservations/reservation: userId userName movieId count reserveStatus date",
                "8084 notifications/notification: reserveId reserveStatus userId userName movieId movieName count",
                "8085 reservationLists/reservationList: reserveId reserveStatus userId movieName count",
            ],
        ),
        (
            "coupon",
            &[
                "8081 coupons/coupon: couponId couponName amt stock",
                "8082 orders/order: couponId customerId status qty orderDate orderCancelDate amt card?",
                "8083 payments/payment: couponId orderId status payAmt payDate payCancelDate",
                "8084 mypages/mypage: orderId customerId qty orderDate orderCancelDate payAmt payDate payCancelDate status",
            ],
        ),
        (
            "shop",
            &[
                "8082 orders/order: productId qty customerId status? card?",
                "8083 inventories/inventory: stock price?",
                "8084 paymentHistories/paymentHistory: customerId status orderId",
                "8085 deliveries/delivery: productId orderId status",
            ],
        ),
    ];
    let shipped = storefronts::shipped().unwrap();
    assert_eq!(shipped.len(), expected.len());
    for (storefront, (number, (name, fields))) in shipped.iter().zip((1..).zip(expected)) {
        assert_eq!((storefront.recipe.number.0, storefront.recipe.name.as_str()), (number, name));
        assert_eq!(lines(storefront), fields, "{name}");
    }
}

#[test]
fn every_recipe_goes_through_its_steps() {
    let steps: Vec<_> = storefronts::shipped().unwrap().iter().map(|one| one.recipe.steps.clone()).collect();
    let (hold, pay, sell, earn, deliver) = (Step::Hold, Step::Pay, Step::Sell, Step::Earn, Step::Deliver);
    let expected = [
        vec![hold, sell, earn],
        vec![hold, pay, sell],
        vec![hold, sell],
        vec![hold, pay, sell],
        vec![hold, pay, sell, deliver],
    ];
    assert_eq!(steps, expected);
    let answers =
        storefronts::shipped().unwrap().iter().map(|one| one.recipe.refusals == Refusals::Answer).collect::<Vec<_>>();
    assert_eq!(answers, [false, false, false, true, true]);
}

#[test]
fn clients_of_show_and_coupon_name_offerings_by_reference() {
    let by: Vec<_> = storefronts::shipped().unwrap().iter().map(|one| one.by_reference()).collect();
    assert_eq!(by, [true, false, false, true, false]);
}

const SIXTH: &str = r#"
[recipe]
name = "stall"
number = 6
title = "Market stall"
steps = ["hold", "sell"]
[services]
stall = 8091
[[resources]]
path = "goods"
singular = "good"
service = "stall"
kind = "offering"
ids = "assigned"
writes = "catalogue"
fields = [{ name = "left", type = "int", is = "left", required = true, min = 0 }]
"#;

fn loaded(text: &str) -> Result<usize, LoadError> {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("sixth.toml"), text).unwrap();
    std::fs::write(directory.path().join("notes.txt"), "not a storefront").unwrap();
    storefronts::load(Some(directory.path())).map(|all| all.len())
}

#[test]
fn a_sixth_file_is_loaded_beside_the_five() {
    assert_eq!(loaded(SIXTH), Ok(6));
}

#[test]
fn a_file_that_makes_no_sense_is_refused_by_its_name_and_field() {
    let field = r#"{ name = "left", type = "int", is = "left", required = true, min = 0 }"#;
    for (old, new, at, message) in [
        ("number = 6", "number = 1", "recipe.number", "already taken by show.toml"),
        ("number = 6", "number = 10000", "recipe.number", "from 1 to 9999"),
        ("name = \"stall\"", "name = \"show\"", "recipe.name", "already taken by show.toml"),
        ("name = \"stall\"", "name = \"Stall!\"", "recipe.name", "lower-case"),
        ("name = \"stall\"", "name = \"api\"", "recipe.name", "path of the program"),
        ("[\"hold\", \"sell\"]", "[\"hold\"]", "recipe.steps", "must contain"),
        ("[\"hold\", \"sell\"]", "[\"sell\", \"hold\"]", "recipe.steps", "in the order"),
        ("number = 6", "number = 6\nextra = [\"Year\"]", "recipe.extra[0]", "lower-case"),
        ("number = 6", "number = 6\nextra = [\"year\", \"year\"]", "recipe.extra[1]", "declared twice"),
        ("stall = 8091", "stall = 0", "services.stall", "no port"),
        ("stall = 8091", "stall = 70000", "", "70000"),
        ("service = \"stall\"", "service = \"nosuch\"", "resources.goods.service", "no service"),
        ("path = \"goods\"", "path = \"profile\"", "resources.profile.path", "every facade"),
        ("kind = \"offering\"", "kind = \"thing\"", "", "unknown variant `thing`"),
        ("writes = \"catalogue\"", "writes = \"customer\"", "resources.goods.writes", "does not fit"),
        ("is = \"left\"", "is = \"lfet\"", "resources.goods.fields.left.is", "no attribute \"lfet\""),
        ("is = \"left\"", "is = \"seat\"", "resources.goods.fields.left.is", "this kind"),
        ("type = \"int\"", "type = \"text\"", "resources.goods.fields.left.type", "does not fit"),
        (field, "", "resources.goods.fields", "must not be empty"),
        ("required = true, ", "", "resources.goods.fields", "needs a required field that is \"left\""),
        ("name = \"left\"", "name = \"id\"", "resources.goods.fields.id", "cannot be the name"),
        ("fields =", "colour = 1\nfields =", "", "unknown field `colour`"),
        (
            "fields =",
            "searches = [{ name = \"f\", by = \"x\", answers = \"one\" }]\nfields =",
            "resources.goods.searches.f.by",
            "no field \"x\"",
        ),
    ] {
        assert!(SIXTH.contains(old), "{old}");
        let error = loaded(&SIXTH.replace(old, new)).unwrap_err();
        assert_eq!(error.field, at, "{new}: {error}");
        assert!(error.file.ends_with("sixth.toml"), "{error}");
        assert!(error.to_string().contains("sixth.toml: ") && error.message.contains(message), "{new}: {error}");
    }
}

#[test]
fn a_directory_that_is_not_there_is_named() {
    let error = storefronts::load(Some(std::path::Path::new("/no/such/directory"))).unwrap_err();
    assert!(error.to_string().starts_with("/no/such/directory: cannot be read"), "{error}");
}
