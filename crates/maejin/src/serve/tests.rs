//! A journal that fails, behind every door: who changed something is told that nobody knows what became of it.

use std::path::Path;

use contracts::Message;
use futures_util::future::{BoxFuture, pending};
use http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use storefronts::{Kind, Writes};
use tempfile::TempDir;
use testkit::{Broken, TakenOver};
use world::ManualClock;

use super::*;

/// 2026-11-21T07:47:27Z.
const NOW: u64 = 1_795_247_247_000;

/// A provider that never answers.
struct Silent;

impl engine::Effector<Message> for Silent {
    fn perform(&self, _: Message) -> BoxFuture<'static, Result<Message, String>> {
        Box::pin(pending())
    }
}

/// The node on the store in `dir`, whose journal takes so many records and then no more.
fn node(dir: &Path, records: usize) -> Arc<Running> {
    node_with(dir, |journal| Box::new(Broken(journal, records)))
}

fn node_with(dir: &Path, wrap: impl FnOnce(Box<dyn store::Journal>) -> Box<dyn store::Journal>) -> Arc<Running> {
    let known = recipes(&storefronts::shipped().unwrap());
    let (clock, meters) = (Arc::new(ManualClock::new(NOW)), Meters::new(&known));
    let world = World { clock, payments: Arc::new(Silent), mail: None, meters, traces: None };
    let opened = host::open(dir).unwrap().with_journal(wrap);
    Arc::new(host::start(opened, roles::SHOP.services, &known, world, tokio::runtime::Handle::current()).unwrap())
}

/// Everything that is mounted behind the public door, with its prefix.
fn doors(node: &Arc<Running>) -> Vec<roles::Mount> {
    let all = storefronts::shipped().unwrap();
    let backend: Arc<dyn Backend> = Arc::new(Local::new(node.clone()));
    let (_, stopped) = watch::channel(false);
    roles::SHOP.mounts(&Given {
        shop: Arc::new(PortShop::new(backend.clone(), &all)),
        backend,
        names: StorefrontNames::of(&recipes(&all)),
        shown: all,
        alone: false,
        ids: EventIds::of(None),
        open: true,
        tickets: Tickets::of(&Identity::Open, Arc::new(SystemRandom::new())),
        logs: LogFilter::new("info", |_| Ok(())),
        stopped,
    })
}

async fn ask(doors: &[roles::Mount], method: &str, path: &str, body: &Value) -> (u16, Value) {
    let (_, door) = doors.iter().find(|(prefix, _)| path.starts_with(prefix.as_str())).unwrap();
    let media = if path.starts_with(v1::PREFIX) && method == "PATCH" { "merge-patch+json" } else { "json" };
    // What is made has no version yet, and seats are changed by many at once.
    let makes =
        method == "POST" && ["/offerings", "/orders", "/seats", "/seats/change"].iter().any(|end| path.ends_with(end));
    let takes_preconditions = !(path.starts_with("/operator") || path.starts_with("/api/v1") && makes);
    let mut request = Request::builder().method(method).uri(path);
    if takes_preconditions {
        request = request.header("if-match", "*");
    }
    let request = request.header("content-type", format!("application/{media}"));
    let body = if body.is_null() { axum::body::Body::empty() } else { body.to_string().into() };
    let caller = gateway::Caller { now_ms: NOW, ..gateway::Caller::default() };
    let answer = door.answer(request.body(body).unwrap(), caller).await;
    let status = answer.status().as_u16();
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

/// What is sent to a call of v1, by its path in the document.
fn body_for_v1(path: &str, method: &str) -> (&'static str, Value) {
    match (path, method) {
        ("/storefronts/{storefront}/offerings", "post") => {
            ("offerings", json!({"name": "A", "price": {"amount": 1, "currency": "KRW"}, "stock": 1}))
        }
        ("/storefronts/{storefront}/offerings/{offering}", "patch") => ("offerings/1", json!({"name": "B"})),
        ("/storefronts/{storefront}/offerings/{offering}", "delete") => ("offerings/3", Value::Null),
        ("/storefronts/{storefront}/offerings/{offering}/stock", "post") => ("offerings/1/stock", json!({"add": 1})),
        ("/storefronts/{storefront}/offerings/{offering}/stock", "put") => {
            ("offerings/1/stock", json!({"capacity": 9_000}))
        }
        ("/storefronts/{storefront}/offerings/{offering}/reopen", "post") => ("offerings/1/reopen", Value::Null),
        ("/storefronts/{storefront}/offerings/{offering}/seats", "post") => {
            let seat = json!({"row": "A", "number": 1, "price": {"amount": 1, "currency": "KRW"}});
            ("offerings/1/seats", json!({"seats": [seat]}))
        }
        ("/storefronts/{storefront}/offerings/{offering}/seats/change", "post") => {
            ("offerings/1/seats/change", json!({"seats": [{"id": "1-3", "withheld": true}]}))
        }
        ("/storefronts/{storefront}/orders", "post") => {
            ("orders", json!({"offering": "1", "quantity": 1, "customer": "1"}))
        }
        ("/storefronts/{storefront}/orders/{order}/cancel", "post") => ("orders/1/cancel", Value::Null),
        _ => panic!("{method} {path} of v1 is new: say here what is sent to it"),
    }
}

/// All calls of v1 that change something, as its document has them.
fn calls_of_v1() -> Vec<(String, String, Value)> {
    let document = v1::document::document("0", true);
    let mut calls = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix(v1::PREFIX).unwrap_or(path);
        for method in ["post", "put", "patch", "delete"] {
            // A ticket is remembered by nobody.
            if methods.get(method).is_some() && path != "/tickets" {
                let (rest, body) = body_for_v1(path, method);
                let of = if path.contains("/seats") { "musical" } else { "show" };
                calls.push((method.to_uppercase(), format!("{}/storefronts/{of}/{rest}", v1::PREFIX), body));
            }
        }
    }
    calls
}

/// Calls of all facades that change something, as their files have them: what is there is made again, changed and taken away.
async fn calls_of_facades(doors: &[roles::Mount]) -> Vec<(String, String, Value)> {
    let mut calls = Vec::new();
    for storefront in storefronts::shipped().unwrap() {
        for of in storefront.resources.iter().filter(|of| of.writes != Writes::ReadOnly) {
            let list = format!("/{}/{}", storefront.recipe.name, of.path);
            let (status, page) = ask(doors, "GET", &list, &Value::Null).await;
            let rows = page["_embedded"][&of.path].as_array().cloned().unwrap_or_default();
            assert_eq!(status, 200, "{list}");
            // Of what is on sale the last is not sold, and of the orders the first is not rejected.
            let chosen = if of.kind == Kind::Order { rows.first() } else { rows.last() };
            let Some(mut row) = chosen.cloned() else { continue };
            let item = row["_links"]["self"]["href"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
            row.as_object_mut().unwrap().remove("_links");
            for (name, value) in row.as_object_mut().unwrap().iter_mut() {
                // One that is there is not made again.
                let is_its_own = match of.kind {
                    Kind::Order => false,
                    Kind::Seat => name == "seatCol",
                    _ => name.to_lowercase().ends_with("id"),
                };
                if is_its_own {
                    *value = json!(value.as_u64().map_or(json!(null), |id| json!(id + 50)));
                }
            }
            if of.ids != storefronts::Ids::Assigned {
                row["id"] = json!(60);
            }
            calls.push(("DELETE".to_owned(), format!("{list}/{item}"), Value::Null));
            calls.push(("POST".to_owned(), list, row));
        }
    }
    calls
}

fn calls_of_operator() -> Vec<(String, String, Value)> {
    let calls = [
        ("POST", "offerings", json!({"storefront": "show", "name": "A", "price": 1, "stock": 1})),
        ("PATCH", "offerings/show/1", json!({"name": "B"})),
        ("DELETE", "offerings/show/3", Value::Null),
        ("POST", "offerings/show/1/stock", json!({"add": 1})),
        ("POST", "orders/show/1/cancel", Value::Null),
        ("PUT", "points/1", json!({"balance": 5})),
    ];
    calls.map(|(method, path, body)| (method.to_owned(), format!("{}/{path}", operator::PREFIX), body)).into()
}

fn copied(from: &Path) -> TempDir {
    let to = TempDir::new().unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap).filter(|e| e.file_type().unwrap().is_file()) {
        std::fs::copy(entry.path(), to.path().join(entry.file_name())).unwrap();
    }
    to
}

#[tokio::test(flavor = "multi_thread")]
async fn who_changed_something_while_the_journal_failed_is_told_that_nobody_knows() {
    let home = TempDir::new().unwrap();
    let filled = node(home.path(), usize::MAX);
    demo::fill(&filled, &storefronts::shipped().unwrap()).await.unwrap();
    let mut calls = calls_of_facades(&doors(&filled)).await;
    filled.stop();
    drop(filled);
    calls.extend(calls_of_v1());
    calls.extend(calls_of_operator());
    assert!(calls.len() > 25, "{calls:?}");
    let (mut unknown, mut wrong) = (0, Vec::new());
    for (method, path, body) in calls {
        let dir = copied(home.path());
        let failing = node(dir.path(), 0);
        let doors = doors(&failing);
        let (status, problem) = ask(&doors, &method, &path, &body).await;
        match (status, problem["code"].as_str()) {
            (500, Some("outcome-unknown")) => unknown += 1,
            // A refusal writes nothing, and is known.
            (409, Some(_)) => {}
            _ => wrong.push(format!("{method} {path} {body}: {status} {problem}")),
        }
        failing.stop();
    }
    assert!(wrong.is_empty() && unknown > 20, "{unknown} {wrong:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_that_was_taken_over_from_does_nothing_more_and_says_so() {
    let home = TempDir::new().unwrap();
    let node = node_with(home.path(), |journal| Box::new(TakenOver(journal, 1)));
    let (doors, health) = (doors(&node), health(&node));
    let path = "/api/v1/storefronts/show/offerings";
    let offering = json!({"name": "A play", "price": {"amount": 1, "currency": "KRW"}, "stock": 5});
    assert_eq!(ask(&doors, "POST", path, &offering).await.0, 201);
    assert_eq!(health.ready(), Ok(()));
    let (status, problem) = ask(&doors, "POST", path, &offering).await;
    assert_eq!(status, 503, "it was not done, and may be asked again: {problem}");
    assert_eq!(health.ready(), Err("store: another process has taken it over".to_owned()));
    node.stop();
}
