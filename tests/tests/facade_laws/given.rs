//! A shop with all storefronts, and something in each of their resources.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use storefronts::{Attribute, Field, FieldType, Ids, Kind, Resource, Storefront, Writes};
use tests::{Paths, Reply, Shop, Start, eventually};

/// Each thing is registered so often, and ordered by so many.
const MANY: u64 = 3;

pub struct Given {
    pub shop: Shop,
    pub door: Paths,
    pub storefronts: Vec<Arc<Storefront>>,
    _folder: tempfile::TempDir,
}

/// All storefronts, empty.
pub fn empty(further: &[(&str, &str)]) -> Given {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in further {
        std::fs::write(folder.path().join(name), text).expect("a file can be written");
    }
    let storefronts = storefronts::load(Some(folder.path() as &Path)).expect("all files are right");
    let shop = Start::open().storefronts(folder.path()).run();
    Given { door: shop.door(), shop, storefronts, _folder: folder }
}

/// All storefronts with things on sale, sold, held back, cancelled and refused; through the facades, and through v1 with words that a
/// facade's types may not have.
pub fn full() -> Given {
    let given = empty(&[("gallery.toml", include_str!("gallery.toml")), ("hall.toml", include_str!("hall.toml"))]);
    for storefront in &given.storefronts {
        for kind in [Kind::Offering, Kind::Seat, Kind::Points, Kind::Order] {
            for of in storefront.resources.iter().filter(|of| of.kind == kind && of.writes != Writes::ReadOnly) {
                (1..=MANY).for_each(|n| given.make(storefront, of, n));
            }
        }
        given.make_by_v1(storefront);
        given.cancel_one(storefront);
        given.is_decided(storefront);
    }
    given
}

impl Given {
    /// Every resource with where it is.
    pub fn resources(&self) -> impl Iterator<Item = (&Storefront, &Resource, String)> {
        self.storefronts.iter().flat_map(|storefront| {
            let name = &storefront.recipe.name;
            storefront.resources.iter().map(move |of| (&**storefront, of, format!("/{name}/{}", of.path)))
        })
    }

    #[track_caller]
    pub fn send(&self, line: &str, body: &Value) -> Reply {
        self.door.http_with_body(line, &body.to_string())
    }

    /// The paths of all items of a resource.
    pub fn items(&self, path: &str) -> Vec<String> {
        self.door.rows(&format!("{path}?size=1000")).iter().map(|row| path_of(&row["_links"]["self"]["href"])).collect()
    }

    /// Registers or orders the `n`th thing of `of`.
    pub fn make(&self, storefront: &Storefront, of: &Resource, n: u64) {
        let mut body = Map::new();
        if of.ids != Ids::Assigned {
            body.insert("id".to_owned(), json!(n));
        }
        for field in &of.fields {
            let value = sample(storefront, field, n);
            body.extend(of.is_clients(field).then_some(value).flatten().map(|value| (field.name.clone(), value)));
        }
        let reply = self.send(&format!("POST /{}/{}", storefront.recipe.name, of.path), &Value::Object(body));
        assert!(reply.status == 201 || (of.kind == Kind::Order && n == MANY && reply.status == 409), "{reply}");
    }

    fn make_by_v1(&self, storefront: &Storefront) {
        let at = format!("/api/v1/storefronts/{}", storefront.recipe.name);
        let won = |amount| json!({ "amount": amount, "currency": "KRW" });
        let seats: Vec<Value> =
            (1..=3).map(|number| json!({ "row": "가A", "number": number, "grade": "R", "price": won(5) })).collect();
        let offering = match storefront.recipe.seated {
            true => json!({ "name": "by v1", "seats": seats }),
            false => json!({ "name": "by v1", "price": won(7), "stock": 9 }),
        };
        let id = self.send(&format!("POST {at}/offerings"), &offering).is(201)["id"].clone();
        let mut order = json!({ "offering": id, "customer": "kim 0900" });
        match storefront.recipe.seated {
            true => order["seats"] = json!(["가A-1", "가A-2"]),
            false => order["quantity"] = json!(2),
        }
        self.send(&format!("POST {at}/orders"), &order).is(201);
    }

    fn cancel_one(&self, storefront: &Storefront) {
        let of = storefront.resource(Kind::Order).expect("every storefront has orders");
        self.door.http(&format!("DELETE /{}/{}/1", storefront.recipe.name, of.path)).is(204);
    }

    /// Waits until every order has come to an end.
    fn is_decided(&self, storefront: &Storefront) {
        let name = &storefront.recipe.name;
        let of = storefront.resource(Kind::Order).expect("every storefront has orders");
        for path in self.items(&format!("/{name}/{}", of.path)) {
            let number = path.rsplit('/').next().unwrap_or_default().to_owned();
            eventually(&format!("{name}'s order {number}"), || {
                let state = self.door.http(&format!("/operator/orders/{name}/{number}")).is(200)["state"].clone();
                ["confirmed", "rejected", "cancelled"].iter().any(|end| state == *end).then_some(())
            });
        }
    }
}

/// The path of an address, with its query.
pub fn path_of(address: &Value) -> String {
    let address = address.as_str().expect("an address is a text");
    let (_, rest) = address.split_once("://").unwrap_or_else(|| panic!("{address} names a scheme"));
    rest.find('/').map_or(String::new(), |at| rest[at..].to_owned())
}

/// What the `n`th item has in `field`; nothing where that is better left to the shop.
fn sample(storefront: &Storefront, field: &Field, n: u64) -> Option<Value> {
    let is_text = field.field_type == FieldType::Text;
    let number_or = |text: String| if is_text { json!(text) } else { json!(n) };
    let by_reference = storefront.by_reference();
    Some(match &field.attribute {
        Attribute::Name => json!(format!("이름 {n} \"quoted\" Ä")),
        Attribute::Reference => number_or(format!("0{n} ref")),
        Attribute::Offering if by_reference => number_or(format!("0{n} ref")),
        Attribute::Offering if storefront.recipe.seated => json!("1"),
        Attribute::Offering | Attribute::Seat => json!(n.to_string()),
        Attribute::Price => json!(1_000 * n),
        Attribute::Left => json!(50),
        // The last one asks for more than there is.
        Attribute::Quantity => json!(if n == MANY { 60 } else { n }),
        Attribute::Customer => number_or(format!("kim {n}")),
        Attribute::CustomerName => json!("김"),
        Attribute::Grade => json!("R"),
        Attribute::SeatRow => number_or("가".to_owned()),
        Attribute::SeatColumn => json!(n),
        Attribute::Sold => json!(n == MANY),
        Attribute::Points => json!(10),
        Attribute::Extra(_) => match field.field_type {
            FieldType::Int | FieldType::Long => json!(n + 40),
            FieldType::Bool => json!(n == 1),
            FieldType::Date => json!("2026-11-25T21:00:00.007+09:00"),
            _ => json!(format!("extra {n}")),
        },
        _ => return None,
    })
}
