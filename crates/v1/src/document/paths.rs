//! Every call of v1. The lines that answer them are in `crates/v1/src/calls/mod.rs`.

use serde_json::{Map, Value, json};

use super::links;
use super::parts::{
    answer, events, idempotency, if_match, if_none_match, in_path, paging, parameter, prefer, problem, schema, text,
};

const PREFIX: &str = "/api/v1";
const OFFERINGS: &str = "/storefronts/{storefront}/offerings";
const OFFERING: &str = "/storefronts/{storefront}/offerings/{offering}";
const ORDERS: &str = "/storefronts/{storefront}/orders";
const ORDER: &str = "/storefronts/{storefront}/orders/{order}";

/// A call, as it is being described.
struct Call {
    path: &'static str,
    method: &'static str,
    operation: Value,
}

/// All calls, by path and method.
pub(super) fn paths() -> Value {
    let mut paths = Map::new();
    let calls = [storefronts(), reading_offerings(), writing_offerings(), orders(), customers(), event_calls()];
    for Call { path, method, operation } in calls.into_iter().flatten() {
        let item = paths.entry(format!("{PREFIX}{path}")).or_insert_with(|| json!({}));
        item[method] = operation;
    }
    let mut paths = Value::Object(paths);
    links::add(&mut paths);
    paths
}

/// A call that is refused in the ways that every call is.
fn call(method: &'static str, path: &'static str, tag: &str, name: &str, summary: &str) -> Call {
    let responses = json!({
        "400": problem("A parameter or header is wrong"),
        "401": problem("A token is needed"),
        "406": problem("The client does not accept what this call answers with"),
        "500": problem("The machine failed; with the code `outcome-unknown` it may be done, so ask again with the same `Idempotency-Key`"),
        "503": problem("Busy: again after `Retry-After` seconds"),
    });
    let operation = json!({
        "tags": [tag],
        "operationId": name,
        "summary": summary,
        "parameters": in_path(path),
        "responses": responses,
    });
    let call = Call { path, method, operation };
    if path.contains('{') { call.says("404", problem("There is no such thing")) } else { call }
}

impl Call {
    fn says(mut self, status: &str, answer: Value) -> Self {
        self.operation["responses"][status] = answer;
        self
    }

    fn takes(mut self, parameters: impl IntoIterator<Item = Value>) -> Self {
        if let Some(known) = self.operation["parameters"].as_array_mut() {
            known.extend(parameters);
        }
        self
    }

    fn sends(mut self, name: &str) -> Self {
        let content = json!({ "application/json": { "schema": schema(name) } });
        self.operation["requestBody"] = json!({ "required": true, "content": content });
        self.says("413", problem("The body is too long"))
            .says("415", problem("The body is not JSON"))
            .says("422", problem("A field is wrong, or the key was used with another request"))
    }

    /// It is done once for each key.
    fn once(self) -> Self {
        self.takes([idempotency()]).says("422", problem("A field is wrong, or the key was used with another request"))
    }

    /// It tells its version, and is not sent twice.
    fn cached(self) -> Self {
        self.conditional().says("304", answer("The client has it", "", &["ETag"]))
    }

    /// It may say which version is meant.
    fn conditional(self) -> Self {
        self.takes([if_match(), if_none_match()]).says("412", problem("It has another version"))
    }

    /// It must.
    fn versioned(self) -> Self {
        let mut call = self.conditional().says("428", problem("`If-Match` is missing"));
        let parameters = call.operation["parameters"].as_array_mut().into_iter().flatten();
        parameters.filter(|one| one["name"] == "If-Match").for_each(|one| one["required"] = json!(true));
        call
    }
}

fn storefronts() -> Vec<Call> {
    vec![
        call("get", "/storefronts", "storefronts", "list_storefronts", "List the storefronts")
            .says("200", answer("The storefronts", "Storefronts", &[])),
        call("get", "/storefronts/{storefront}", "storefronts", "get_storefront", "Read a storefront with its recipe")
            .says("200", answer("The storefront", "Storefront", &[])),
    ]
}

fn reading_offerings() -> Vec<Call> {
    let sort = json!({ "type": "string", "enum": ["id", "-id", "name", "-name", "price", "-price"], "default": "id" });
    let sorting = [
        parameter("query", "name", "Only those whose name contains this", text(0, 200)),
        parameter("query", "sort", "What to sort by; with `-` the other way", sort),
    ];
    vec![
        call("get", OFFERINGS, "offerings", "list_offerings", "List what is on sale")
            .takes(paging())
            .takes(sorting)
            .says("200", answer("A page of offerings", "Offerings", &[])),
        call("get", OFFERING, "offerings", "get_offering", "Read an offering")
            .cached()
            .says("200", answer("The offering", "Offering", &["ETag"])),
        call(
            "get",
            "/storefronts/{storefront}/offerings/{offering}/seats",
            "offerings",
            "list_seats",
            "Read the seat map of an offering",
        )
        .cached()
        .says("200", answer("All its seats", "Seats", &["ETag"])),
    ]
}

fn writing_offerings() -> Vec<Call> {
    vec![
        call("post", OFFERINGS, "offerings", "create_offering", "Put an offering on sale, with a stock or with seats")
            .sends("NewOffering")
            .once()
            .says("201", answer("It is on sale", "Offering", &["Location", "ETag"]))
            .says("409", problem("There is one with this id, or the storefront sells seats only")),
        call("patch", OFFERING, "offerings", "change_offering", "Change an offering")
            .sends("OfferingChange")
            .once()
            .versioned()
            .says("200", answer("As it is now", "Offering", &["ETag"])),
        call("delete", OFFERING, "offerings", "withdraw_offering", "Take an offering off sale")
            .once()
            .versioned()
            .says("204", answer("It is off sale", "", &[]))
            .says("409", problem("Seats of it are held or sold")),
        call(
            "post",
            "/storefronts/{storefront}/offerings/{offering}/stock",
            "offerings",
            "add_stock",
            "Add to the stock of an offering",
        )
        .sends("AddStock")
        .once()
        .conditional()
        .says("200", answer("As it is now", "Offering", &["ETag"]))
        .says("409", problem("It is sold by seats")),
    ]
}

fn orders() -> Vec<Call> {
    let accepted = answer("Not decided yet: look again at `Location`", "Order", &["Location", "ETag"]);
    let place = call("post", ORDERS, "orders", "place_order", "Place an order")
        .sends("NewOrder")
        .once()
        .takes([prefer()])
        .says("201", answer("The order", "Order", &["Location", "ETag"]))
        .says("202", accepted.clone())
        .says("409", problem("Refused: `sold-out`, `seat-taken`, `price-changed`, `limit-reached`, `not-on-sale`, `payment-declined`, `expired`. `order` is where to read it"));
    let cancel = "/storefronts/{storefront}/orders/{order}/cancel";
    vec![
        place,
        call("get", ORDER, "orders", "get_order", "Read an order")
            .cached()
            .says("200", answer("The order", "Order", &["ETag"])),
        call("post", cancel, "orders", "cancel_order", "Take an order back")
            .once()
            .conditional()
            .takes([prefer()])
            .says("200", answer("Taken back", "Order", &["ETag"]))
            .says("202", accepted)
            .says("409", problem("`wrong-state`: it was rejected; `already-delivered`: too late")),
    ]
}

fn customers() -> Vec<Call> {
    let list = |path, name, summary| call("get", path, "customers", name, summary).takes(paging());
    vec![
        list("/customers/{customer}/orders", "list_my_orders", "List a customer's orders, newest first")
            .says("200", answer("A page of orders", "MyOrders", &[])),
        list("/customers/{customer}/points", "get_my_points", "Read a customer's points and their ledger")
            .says("200", answer("The points", "Points", &[])),
        list("/customers/{customer}/notifications", "list_my_notifications", "List what a customer was told")
            .says("200", answer("A page of notices", "Notifications", &[])),
    ]
}

fn event_calls() -> Vec<Call> {
    let id = || json!({ "type": "string", "pattern": "^(0|[0-9a-f]{16}-[0-9]{1,20})$", "example": "5f2c9a1b3d4e6f70-6291463" });
    let last = "The id of the event that the client had last: what came after it comes, and then what happens. `0` begins at the \
                first one, without it the stream begins now. One from before the shop was restored from a backup is refused";
    let within = |name: &str| {
        let description = format!("Only what happens to this {name}; `storefront` says where it is");
        parameter("query", name, &description, json!({ "type": "string", "pattern": "^[0-9]{1,13}$" }))
    };
    let kinds = "Only these events, by their names, with commas between them";
    vec![
        call(
            "get",
            "/storefronts/{storefront}/orders/{order}/timeline",
            "orders",
            "get_timeline",
            "Read every message about an order, in order",
        )
        .says("200", answer("All its messages, on one page", "Timeline", &[]))
        .says("410", problem("Some of its messages are archived and not at hand")),
        call("get", "/events", "events", "listen", "Listen to what happens, as server-sent events that do not end")
            .takes([
                parameter("header", "Last-Event-ID", last, id()),
                parameter(
                    "query",
                    "after",
                    "The same, for a client that cannot send the header, which counts if both are there",
                    id(),
                ),
                parameter("query", "storefront", "Only what happens in it", text(1, 200)),
                within("order"),
                within("offering"),
                parameter(
                    "query",
                    "customer",
                    "Only what happens to this customer and to the customer's orders",
                    text(1, 200),
                ),
                parameter(
                    "query",
                    "kinds",
                    kinds,
                    json!({
                        "type": "string",
                        "pattern": "^[A-Za-z]+(,[A-Za-z]+)*$",
                        "example": "OrderConfirmed,OrderRejected",
                    }),
                ),
            ])
            .says("200", events("Events: each with the `id` of its message, its name as `event`, and `data`", "Event"))
            .says("410", problem("What came after that event is archived and not at hand"))
            .says("503", problem("Busy, or too many listen: again after `Retry-After` seconds")),
    ]
}
