//! One trace for an order, through all its services, sent to a collector, and part of the trace of whoever placed it; and a collector that is
//! not there holds nothing up.

use std::collections::{BTreeSet, HashMap};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use serde_json::json;
use tests::{Shop, Start, eventually};

type Spans = Arc<Mutex<Vec<(String, Span)>>>;

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
                take(body, &taken);
                let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n";
                stream.get_mut().write_all(answer.as_bytes()).expect("an answer can be sent");
            }
        }
    });
    (url, spans)
}

fn request(stream: &mut impl BufRead) -> Option<ExportTraceServiceRequest> {
    let (mut head, mut line) = (Vec::new(), String::new());
    while stream.read_line(&mut line).ok()? > 0 && line != "\r\n" {
        head.push(std::mem::take(&mut line).trim().to_ascii_lowercase());
    }
    if head.is_empty() {
        return None;
    }
    assert!(head[0].starts_with("post /v1/traces "), "{head:?}");
    assert!(head.contains(&"content-type: application/x-protobuf".to_owned()), "{head:?}");
    let length = head.iter().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
    let mut body = vec![0; length.parse().expect("a number")];
    stream.read_exact(&mut body).ok()?;
    Some(ExportTraceServiceRequest::decode(&body[..]).expect("an export request"))
}

fn take(request: ExportTraceServiceRequest, spans: &Spans) {
    for of_service in request.resource_spans {
        let resource = of_service.resource.expect("a resource");
        let name = attribute(&resource.attributes, "service.name").expect("a service");
        let new = of_service.scope_spans.into_iter().flat_map(|scope| scope.spans);
        let mut spans = spans.lock().unwrap_or_else(PoisonError::into_inner);
        spans.extend(new.map(|span| (name.clone(), span)));
    }
}

fn attribute(of: &[KeyValue], key: &str) -> Option<String> {
    let found = of.iter().find(|attribute| attribute.key == key)?;
    match found.value.clone()?.value? {
        Value::StringValue(text) => Some(text),
        other => panic!("{key} is no text: {other:?}"),
    }
}

fn hex(id: &[u8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Ends the shop, and gives what came of it.
fn collected(mut shop: Shop, spans: &Spans) -> Vec<(String, Span)> {
    shop.stop();
    spans.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

#[test]
fn an_order_is_one_trace_through_all_its_services() {
    let (url, spans) = collector();
    let shop = Start::open().env("MAEJIN_TELEMETRY__OTLP_ENDPOINT", &url).run();
    let id = "00c0ffee00c0ffee";
    let show = shop.paths("show");
    show.http("POST /tickets id=1 showId=1 showName=jekyll-and-hyde stock=10 amount=1000").is(201);
    show.http(&format!("POST /reservations userId=770123077 showId=1 qty=2 X-Correlation-Id:{id}")).is(201);
    show.http("POST /reservations userId=770123077 showId=1 qty=20").is(201);
    let movie = shop.paths("movie");
    movie.http("POST /movies movieName=LALALand qty=100 description=musical").is(201);
    movie.http("POST /reservations userId=1 userName=kim movieId=1 count=45").is(201);
    let spans = collected(shop, &spans);
    let of_order: Vec<_> = spans.iter().filter(|(_, span)| hex(&span.trace_id).ends_with(id)).collect();
    let services: BTreeSet<&str> = of_order.iter().map(|(service, _)| service.as_str()).collect();
    for service in ["maejin", "order", "stock", "points", "mypage"] {
        assert!(services.contains(service), "{service} is not in {services:?}");
    }
    let traces: BTreeSet<String> = of_order.iter().map(|(_, span)| hex(&span.trace_id)).collect();
    assert_eq!(traces.len(), 1, "{traces:?}");
    let by_id: HashMap<&[u8], &Span> = of_order.iter().map(|(_, span)| (&span.span_id[..], span)).collect();
    assert_eq!(by_id.len(), of_order.len(), "each span has an id of its own");
    let named = |service: &str, name: &str| {
        let found = of_order.iter().find(|(of, span)| of == service && span.name == name);
        found.map(|(_, span)| span).unwrap_or_else(|| panic!("no {name} in {service}: {of_order:?}"))
    };
    let parent = |span: &Span| by_id[&span.parent_span_id[..]].name.clone();
    let whole = named("maejin", "order");
    assert_eq!((hex(&whole.parent_span_id), whole.flags), (String::new(), 0x101));
    assert_eq!(attribute(&whole.attributes, "maejin.state").as_deref(), Some("confirmed"));
    assert_eq!(attribute(&whole.attributes, "maejin.correlation_id").as_deref(), Some(id));
    assert!(whole.start_time_unix_nano < whole.end_time_unix_nano);
    assert_eq!(parent(named("order", "PlaceOrder")), "order");
    assert_eq!(parent(named("stock", "HoldStock")), "PlaceOrder");
    assert_eq!(parent(named("order", "StockHeld")), "HoldStock");
    assert_eq!(parent(named("stock", "SellStock")), "StockHeld");
    assert_eq!(parent(named("points", "EarnPoints")), "StockSold");
    assert_eq!(parent(named("mypage", "OrderConfirmed")), "PointsEarned");
    assert_eq!(attribute(&named("stock", "HoldStock").attributes, "maejin.storefront").as_deref(), Some("show"));
    let told = spans.iter().find(|(service, _)| service == "notification").expect("the notice is in a trace");
    assert_eq!(told.1.name, "OrderConfirmed");
    let refused = spans.iter().filter(|(service, span)| service == "maejin" && span.name == "order");
    let codes: Vec<_> = refused.filter_map(|(_, span)| attribute(&span.attributes, "maejin.code")).collect();
    assert_eq!(codes, ["sold-out"]);
    assert!(!format!("{spans:?}").contains("770123077"), "no customer is named");
}

/// The `traceparent` of the span `number` of another program.
fn parent(number: u64, flags: &str) -> String {
    format!("00-{:032x}-{number:016x}-{flags}", u128::from(number) << 64)
}

/// Orders on behalf of spans of another program, with the share `ratio` of what is its own. Gives the spans.
fn placed_by_others(ratio: &str) -> Vec<(String, Span)> {
    let (url, spans) = collector();
    let start = Start::open().env("MAEJIN_TELEMETRY__OTLP_ENDPOINT", &url);
    let shop = start.env("MAEJIN_TELEMETRY__SAMPLE_RATIO", ratio).run();
    let (show, v1) = (shop.paths("show"), shop.door());
    show.http("POST /tickets id=1 showId=1 showName=jekyll-and-hyde stock=10 amount=1000").is(201);
    let place = |traceparent: &str, id: u64| {
        let line = "POST /reservations userId=1 showId=1 qty=1";
        show.http(&format!("{line} X-Correlation-Id:{id:016x} traceparent:{traceparent}")).is(201)
    };
    place(&parent(0xa, "01"), 1);
    place(&parent(0xb, "00"), 2);
    place("00-a-b-01", 3);
    // Paid outside, so in several batches, and taken back by another one.
    let won = |amount: i64| json!({ "amount": amount, "currency": "KRW" });
    let offering = json!({ "name": "A", "price": won(1_000), "stock": 5 }).to_string();
    v1.http_with_body("POST /api/v1/storefronts/coupon/offerings", &offering).is(201);
    let order = json!({ "offering": "1", "quantity": 1, "customer": "1" }).to_string();
    let line = "POST /api/v1/storefronts/coupon/orders";
    let placed = v1.http_with_body(&format!("{line} traceparent:{}", parent(0xc, "01")), &order).is(201);
    let cancel = format!("{line}/{}/cancel", placed["id"].as_str().expect("an id"));
    v1.http(&format!("{cancel} traceparent:{}", parent(0xd, "01"))).is(200);
    collected(shop, &spans)
}

/// By its trace: the whole, and the services in it.
fn wholes(spans: &[(String, Span)]) -> HashMap<String, (&Span, BTreeSet<&str>)> {
    let mut wholes = HashMap::new();
    for (_, whole) in spans.iter().filter(|(service, _)| service == "maejin") {
        let of = spans.iter().filter(|(_, span)| span.trace_id == whole.trace_id);
        wholes.insert(hex(&whole.trace_id), (whole, of.map(|(service, _)| &**service).collect()));
    }
    wholes
}

#[test]
fn an_order_is_part_of_the_trace_of_who_placed_it_if_that_is_recorded() {
    let spans = placed_by_others("0");
    let wholes = wholes(&spans);
    let traces: BTreeSet<_> = spans.iter().map(|(_, span)| hex(&span.trace_id)).collect();
    let of = |number: u64| hex(&(u128::from(number) << 64).to_be_bytes());
    assert_eq!(traces, BTreeSet::from([of(0xa), of(0xc), of(0xd)]), "nothing else is traced");
    for (number, state, service) in
        [(0xa, "confirmed", "points"), (0xc, "confirmed", "payment"), (0xd, "cancelled", "payment")]
    {
        let (whole, services) = &wholes[&of(number)];
        assert_eq!((hex(&whole.parent_span_id), whole.flags), (format!("{number:016x}"), 0x301), "{state}");
        assert_eq!(attribute(&whole.attributes, "maejin.state").as_deref(), Some(state));
        assert!(services.contains(service), "{service} is not in {services:?}");
    }
    let (whole, _) = &wholes[&of(0xa)];
    assert_eq!(attribute(&whole.attributes, "maejin.correlation_id"), Some(format!("{:016x}", 1)));
}

#[test]
fn what_another_program_does_not_record_is_not_traced_and_what_it_says_wrongly_does_not_count() {
    let spans = placed_by_others("1");
    let of = |id: u64| attribute_of_all(&spans, "maejin.correlation_id", &format!("{id:016x}"));
    assert!(of(2).is_empty(), "{:?}", of(2));
    let own: BTreeSet<_> = of(3).iter().map(|span| hex(&span.trace_id)).collect();
    assert_eq!(own.len(), 1, "{own:?}");
    assert!(own.first().is_some_and(|trace| trace.ends_with(&format!("{:016x}", 3))), "{own:?}");
    let whole = of(3).into_iter().find(|span| span.name == "order").expect("the whole");
    assert_eq!((hex(&whole.parent_span_id), whole.flags), (String::new(), 0x101));
}

/// The spans with this attribute.
fn attribute_of_all<'a>(spans: &'a [(String, Span)], key: &str, value: &str) -> Vec<&'a Span> {
    let has = |span: &Span| attribute(&span.attributes, key).as_deref() == Some(value);
    spans.iter().map(|(_, span)| span).filter(|span| has(span)).collect()
}

#[test]
fn a_collector_over_https_hears_tls_and_nothing_in_the_clear() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    let first = std::thread::spawn(move || {
        let (mut stream, mut first) = (listener.accept().expect("a connection").0, [0; 1]);
        stream.read_exact(&mut first).expect("a handshake");
        first[0]
    });
    let mut shop = Start::open().env("MAEJIN_TELEMETRY__OTLP_ENDPOINT", &url).run();
    let at = shop.paths("show");
    at.http("POST /tickets id=1 showId=1 showName=jekyll-and-hyde stock=10 amount=1000").is(201);
    at.http("POST /reservations userId=1 showId=1 qty=1").is(201);
    assert_eq!(first.join().expect("something was heard"), 0x16, "a TLS handshake");
    eventually("it is noted", || shop.log().contains("traces cannot be sent").then_some(()));
    shop.stop();
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
    for url in ["nowhere", "http://", "ftp://example.org", "http://user:word@example.org"] {
        let refused = Start::open().env("MAEJIN_TELEMETRY__OTLP_ENDPOINT", url).refused(&home.data()).with_code(1);
        assert!(refused.err.contains("telemetry.otlp_endpoint"), "{url}: {}", refused.err);
    }
}
