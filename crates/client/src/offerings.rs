//! `maejin offerings`.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::csv::Column;
use super::list::List;
use super::output::{cell, money, name, print};
use super::shop::Shop;
use super::{Address, cancel_orders, source, table};
use crate::Stopped;
use crate::args::{Named, NewOffering, OfferingChange, Offerings, OfferingsList, OfferingsVerb, Says};

/// An offering as comma-separated values.
const COLUMNS: [Column; 20] = [
    ("storefront", "/storefront"),
    ("offering", "/offering"),
    ("reference", "/reference"),
    ("name", "/name"),
    ("price", "/price/amount"),
    ("currency", "/price/currency"),
    ("left", "/stock/left"),
    ("held", "/stock/held"),
    ("sold", "/stock/sold"),
    ("capacity", "/stock/capacity"),
    ("seated", "/seated"),
    ("withdrawn", "/withdrawn"),
    ("on_sale_from", "/on_sale_from"),
    ("on_sale_until", "/on_sale_until"),
    ("limit_per_customer", "/limit_per_customer"),
    ("starts_at", "/starts_at"),
    ("ends_at", "/ends_at"),
    ("venue", "/venue"),
    ("registered_at", "/registered_at"),
    ("version", "/version"),
];

impl Offerings {
    /// Does what is asked; `stopped` reads the store of a shop that does not run.
    ///
    /// # Errors
    /// Why it was not done.
    pub fn run(&self, stopped: Stopped) -> Result<ExitCode, String> {
        match &self.what {
            OfferingsVerb::List(which) => {
                let address = || list_address(which);
                let list = List::of(&address, &which.part, list, &COLUMNS);
                list.show(which.part.all, &which.part.how, &which.part.at, stopped)?;
            }
            OfferingsVerb::Show { offering, at } => {
                print(&source::read(at, &Address::named("offerings", offering), stopped)?, at.shop.json, one)?;
            }
            OfferingsVerb::Register(new) => {
                let done = Shop::of(&new.at)?.send("POST", &Address::of(&["offerings"]), Some(&new.body()))?;
                print(&done, new.at.json, line)?;
            }
            OfferingsVerb::Change(change) => {
                let done = Shop::of(&change.at)?.send("PATCH", &address(&change.offering), Some(&change.body()))?;
                print(&done, change.at.json, line)?;
            }
            OfferingsVerb::AddStock { offering, add, at } => {
                let done =
                    Shop::of(at)?.send("POST", &address(offering).then("stock"), Some(&json!({ "add": add })))?;
                print(&done, at.json, line)?;
            }
            OfferingsVerb::CancelOrders { offering, reason, yes, at } => {
                return cancel_orders::run(offering, reason.as_deref(), *yes, at);
            }
            OfferingsVerb::Withdraw { offering, at } => {
                let done = Shop::of(at)?.send("DELETE", &address(offering), None)?;
                print(&done, at.json, |of| format!("{} is off sale; {}", name(of, "offering"), kept(of)))?;
            }
            OfferingsVerb::Seats { what } => super::seats::run(what)?,
            OfferingsVerb::Reopen { offering, at } => {
                let done = Shop::of(at)?.send("POST", &address(offering).then("reopen"), None)?;
                print(&done, at.json, line)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl NewOffering {
    fn body(&self) -> Value {
        self.says.beside(json!({
            "storefront": self.storefront, "name": self.name, "price": self.price.unwrap_or_default(),
            "stock": self.stock, "reference": self.reference, "seated": self.seated, "limit_per_customer": self.limit_per_customer,
            "on_sale_from": self.on_sale_from, "on_sale_until": self.on_sale_until,
        }))
    }
}

impl OfferingChange {
    fn body(&self) -> Value {
        self.says.beside(json!({
            "name": self.name, "price": self.price, "reference": self.reference, "stock": self.stock,
            "limit_per_customer": self.limit_per_customer, "no_limit_per_customer": self.no_limit_per_customer,
            "on_sale_from": self.on_sale_from, "no_on_sale_from": self.no_on_sale_from,
            "on_sale_until": self.on_sale_until, "no_on_sale_until": self.no_on_sale_until, "without": self.without,
        }))
    }
}

impl Says {
    /// `body` with what an offering says of itself.
    fn beside(&self, mut body: Value) -> Value {
        let Self { starts_at, ends_at, venue, description, image, extra } = self;
        let texts = [("starts_at", starts_at), ("ends_at", ends_at), ("venue", venue)];
        for (name, text) in texts.into_iter().chain([("description", description), ("image", image)]) {
            body[name] = text.as_deref().into();
        }
        if !extra.is_empty() {
            body["extra"] = Value::Object(extra.iter().cloned().collect());
        }
        body
    }
}

fn list_address(which: &OfferingsList) -> Address {
    Address::of(&["offerings"])
        .by("storefront", which.storefront.as_ref())
        .by("withdrawn", which.withdrawn.then_some(true))
        .by("on_sale", which.on_sale)
        .by("min_left", which.min_left)
        .by("max_left", which.max_left)
        .by("min_price", which.min_price)
        .by("max_price", which.max_price)
}

fn address(offering: &Named) -> Address {
    Address::named("offerings", offering)
}

fn list(found: &Value) -> String {
    let offerings = found["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    if offerings.is_empty() {
        return "no offerings".to_owned();
    }
    let heads = ["OFFERING", "NAME", "REFERENCE", ">PRICE", ">LEFT", ">HELD", ">SOLD", ">CAPACITY", ""];
    let row = |of: &Value| {
        let stock = ["left", "held", "sold", "capacity"].map(|field| cell(&of["stock"][field]));
        let mut row = vec![name(of, "offering"), cell(&of["name"]), cell(&of["reference"]), money(&of["price"])];
        row.extend(stock);
        row.push(notes(of));
        row
    };
    let table = table::table(&heads, offerings.iter().map(row));
    match found["next"].as_str() {
        Some(next) => format!("{table}\nthere are more: --after {next}"),
        None => table,
    }
}

/// What stays with its orders.
fn kept(of: &Value) -> String {
    let [sold, held] = ["sold", "held"].map(|field| cell(&of["stock"][field]));
    format!("{sold} sold and {held} held of it stay with their orders")
}

fn notes(of: &Value) -> String {
    let known = ["seated", "withdrawn"].into_iter().filter(|field| of[*field] == true);
    known.collect::<Vec<_>>().join(", ")
}

pub(super) fn line(of: &Value) -> String {
    format!("{}: {}, {}, {} left", name(of, "offering"), cell(&of["name"]), money(&of["price"]), of["stock"]["left"])
}

fn one(of: &Value) -> String {
    let mut rows = vec![("offering", name(of, "offering"))];
    rows.extend(["name", "reference", "price"].map(|field| (field, cell(&of[field]))));
    rows.extend(["left", "held", "sold", "capacity"].map(|field| (field, cell(&of["stock"][field]))));
    rows.extend(
        ["seated", "withdrawn", "on_sale_from", "on_sale_until", "limit_per_customer"]
            .map(|field| (field, cell(&of[field]))),
    );
    // What it does not say takes no line.
    let says = ["starts_at", "ends_at", "venue", "image", "description"].map(|field| (field, &of[field]));
    let extra = of["extra"].as_object().into_iter().flatten().map(|(field, value)| (field.as_str(), value));
    let said = says.into_iter().chain(extra).filter(|(_, value)| !value.is_null());
    rows.extend(said.map(|(field, value)| (field, cell(value))));
    rows.extend(["registered_at", "version"].map(|field| (field, cell(&of[field]))));
    table::list(rows)
}
