//! One trace for an order, through all its services, sent to a collector; and a collector that is not there holds nothing up.

use std::collections::{BTreeSet, HashMap};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tests::{Shop, Start, eventually};

type Spans = Arc<Mutex<Vec<(String, Value)>>>;

/// A collector of OTLP over HTTP: its address, and the spans that came, each with the service it is of.
fn collector() -> (String, Spans) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let spans = Spans::default();
    let taken = spans.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.expect("a connection"));
            while let Some(body) = request(&mut stream) {
                take(&body, &taken);
                let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
                stream.get_mut().write_all(answer.as_bytes()).expect("an answer can be sent");
            }
        }
    });
    (url, spans)
}

fn request(stream: &mut impl BufRead) -> Option<Value> {
    let (mut length, mut line) = (0, String::new());
    while stream.read_line(&mut line).ok()? > 0 && line != "\r\n" {
        let header = line.to_ascii_lowercase();
        assert!(!header.starts_with("post ") || header.starts_with("post /v1/traces "), "{line}");
        length = header.strip_prefix("content-length:").map_or(length, |text| text.trim().parse().expect("a length"));
        line.clear();
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

fn take(body: &Value, spans: &Spans) {
    for of_service in body["resourceSpans"].as_array().expect("spans by service") {
        let name = attribute(&of_service["resource"], "service.name").expect("a service");
        let new = of_service["scopeSpans"][0]["spans"].as_array().expect("spans");
        let mut spans = spans.lock().unwrap_or_else(PoisonError::into_inner);
        spans.extend(new.iter().map(|span| (name.clone(), span.clone())));
    }
}

fn attribute(of: &Value, key: &str) -> Option<String> {
    let found = of["attributes"].as_array()?.iter().find(|attribute| attribute["key"] == key)?;
    found["value"]["stringValue"].as_str().map(str::to_owned)
}

fn text(span: &Value, field: &str) -> String {
    span[field].as_str().unwrap_or_default().to_owned()
}

#[test]
fn an_order_is_one_trace_through_all_its_services() {
    let (url, spans) = collector();
    let mut shop = Start::open().env("MAEJIN_TELEMETRY__OTLP_ENDPOINT", &url).run();
    let id = "00c0ffee00c0ffee";
    let show = shop.paths("show");
    show.http("POST /tickets id=1 showId=1 showName=jekyll-and-hyde stock=10 amount=1000").is(201);
    show.http(&format!("POST /reservations userId=770123077 showId=1 qty=2 X-Correlation-Id:{id}")).is(201);
    show.http("POST /reservations userId=770123077 showId=1 qty=20").is(201);
    let movie = shop.paths("movie");
    movie.http("POST /movies movieName=LALALand qty=100 description=musical").is(201);
    movie.http("POST /reservations userId=1 userName=kim movieId=1 count=45").is(201);
    shop.stop();
    let spans = spans.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let of_order: Vec<_> = spans.iter().filter(|(_, span)| text(span, "traceId").ends_with(id)).collect();
    let services: BTreeSet<&str> = of_order.iter().map(|(service, _)| service.as_str()).collect();
    for service in ["maejin", "order", "stock", "points", "mypage"] {
        assert!(services.contains(service), "{service} is not in {services:?}");
    }
    let traces: BTreeSet<String> = of_order.iter().map(|(_, span)| text(span, "traceId")).collect();
    assert_eq!(traces.len(), 1, "{traces:?}");
    let by_id: HashMap<String, &Value> = of_order.iter().map(|(_, span)| (text(span, "spanId"), span)).collect();
    assert_eq!(by_id.len(), of_order.len(), "each span has an id of its own");
    let named = |service: &str, name: &str| {
        let found = of_order.iter().find(|(of, span)| of == service && span["name"] == name);
        found.map(|(_, span)| span).unwrap_or_else(|| panic!("no {name} in {service}: {of_order:?}"))
    };
    let parent = |span: &Value| text(by_id[&text(span, "parentSpanId")], "name");
    let whole = named("maejin", "order");
    assert_eq!(
        (text(whole, "parentSpanId"), attribute(whole, "maejin.state")),
        (String::new(), Some("confirmed".into()))
    );
    assert_eq!(parent(named("order", "PlaceOrder")), "order");
    assert_eq!(parent(named("stock", "HoldStock")), "PlaceOrder");
    assert_eq!(parent(named("order", "StockHeld")), "HoldStock");
    assert_eq!(parent(named("stock", "SellStock")), "StockHeld");
    assert_eq!(parent(named("points", "EarnPoints")), "StockSold");
    assert_eq!(parent(named("mypage", "OrderConfirmed")), "PointsEarned");
    assert_eq!(attribute(named("stock", "HoldStock"), "maejin.storefront").as_deref(), Some("show"));
    let told = spans.iter().find(|(service, _)| service == "notification").expect("the notice is in a trace");
    assert_eq!(text(&told.1, "name"), "OrderConfirmed");
    let refused = spans.iter().filter(|(service, span)| service == "maejin" && span["name"] == "order");
    let codes: Vec<_> = refused.filter_map(|(_, span)| attribute(span, "maejin.code")).collect();
    assert_eq!(codes, ["sold-out"]);
    assert!(!format!("{spans:?}").contains("770123077"), "no customer is named");
}

#[test]
fn a_collector_that_is_not_there_is_noted_once_and_holds_nothing_up() {
    let gone = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("an address");
    let mut shop = Start::open().env("MAEJIN_TELEMETRY__OTLP_ENDPOINT", &format!("http://{gone}")).run();
    let at = shop.paths("show");
    at.http("POST /tickets id=1 showId=1 showName=jekyll-and-hyde stock=10 amount=1000").is(201);
    let notes = |shop: &Shop| shop.log().matches("traces cannot be sent").count();
    at.http("POST /reservations userId=1 showId=1 qty=1").is(201);
    eventually("it is noted", || (notes(&shop) == 1).then_some(()));
    at.http("POST /reservations userId=1 showId=1 qty=1").is(201);
    shop.stop();
    assert_eq!(notes(&shop), 1);
}

#[test]
fn an_address_that_cannot_be_a_collector_is_refused() {
    let home = tests::Home::default();
    for url in ["https://example.org", "nowhere", "http://"] {
        let refused = Start::open().env("MAEJIN_TELEMETRY__OTLP_ENDPOINT", url).refused(&home.data()).with_code(1);
        assert!(refused.err.contains("telemetry.otlp_endpoint"), "{url}: {}", refused.err);
    }
}
