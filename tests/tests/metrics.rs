//! The numbers that an operator looks at: each is explained, and each is right, also after a restart.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::Stdio;

use tests::tools::debian;
use tests::{Paths, Shop, Start, eventually_is};

const PAGE: &str = include_str!("../../docs/operate/metrics.md");

fn metrics(shop: &Shop) -> String {
    shop.door().http("/metrics").is(200).text.clone()
}

/// The value of the line that begins with `series`.
fn value(page: &str, series: &str) -> Option<f64> {
    let line = page.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '))?;
    Some(line.parse().unwrap_or_else(|_| panic!("{series} is {line}")))
}

#[track_caller]
fn becomes(shop: &Shop, series: &str, expected: f64) {
    eventually_is(series, Some(expected), || value(&metrics(shop), series));
}

fn tickets(shop: &Shop) -> Paths {
    let at = shop.paths("show");
    at.http("POST /tickets id=1 showId=1 showName=jekyll-and-hyde stock=10 amount=1000").is(201);
    at
}

/// The names in the first column of the page's tables.
fn explained() -> BTreeSet<String> {
    let names = PAGE.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    names.map(|(name, _)| name.to_owned()).collect()
}

/// The names that a page shows, as they stand in queries.
fn shown(page: &str) -> BTreeSet<String> {
    let types = page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
    types.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn every_metric_is_explained_and_nothing_else_is() {
    let shop = Shop::open();
    assert_eq!(shown(&metrics(&shop)), explained());
}

#[test]
fn metrics_come_in_the_format_that_is_asked_for() {
    let shop = Shop::open();
    let of = |accept: &str| shop.door().http(&format!("/metrics 'Accept:{accept}'")).is(200);
    let plain = "text/plain; version=0.0.4; charset=utf-8";
    for accept in ["*/*", "text/plain", "text/plain;version=0.0.4", "application/json", "text/html, */*;q=0.1"] {
        let page = of(accept);
        assert_eq!(page.header("content-type"), Some(plain), "{accept}");
        assert!(page.text.contains("# TYPE maejin_orders_total counter\n") && !page.text.contains("# EOF"), "{page}");
    }
    let scraper = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
    for accept in [scraper, "application/openmetrics-text"] {
        let page = of(accept);
        let media = page.header("content-type").unwrap_or_default();
        assert!(media.starts_with("application/openmetrics-text; version=1.0.0"), "{media}");
        assert!(page.text.contains("# TYPE maejin_orders counter\n") && page.text.ends_with("# EOF\n"), "{page}");
    }
}

/// As those who keep Prometheus look at it.
#[test]
fn promtool_has_nothing_to_say_of_the_metrics() {
    let Some(tools) = debian("promtool") else { return };
    let shop = Shop::open();
    let at = tickets(&shop);
    at.http("POST /reservations userId=1 showId=1 qty=1").is(201);
    let mut command = tools.command("promtool");
    command.args(["check", "metrics"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut check = command.spawn().expect("it can be run");
    let page = metrics(&shop);
    check.stdin.take().expect("it reads").write_all(page.as_bytes()).expect("it reads to the end");
    let said = check.wait_with_output().expect("it ends");
    let text = String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned();
    assert!(said.status.success() && text.is_empty(), "{text}");
}

#[test]
fn orders_are_counted_by_storefront_and_by_what_became_of_them() {
    let shop = Shop::open();
    let at = tickets(&shop);
    let order = at.http("POST /reservations userId=1 showId=1 qty=2").is(201).number();
    at.http("POST /reservations userId=2 showId=1 qty=9").is(201);
    at.http("POST /reservations userId=2 showId=1 qty=1").is(201);
    at.http(&format!("DELETE /reservations/{order}"));
    let of = |outcome| format!("maejin_orders_total{{storefront=\"show\",outcome=\"{outcome}\"}}");
    for (outcome, count) in [("placed", 3.0), ("confirmed", 2.0), ("rejected", 1.0), ("cancelled", 1.0)] {
        becomes(&shop, &of(outcome), count);
    }
    let page = metrics(&shop);
    assert_eq!(value(&page, "maejin_orders_rejected_total{storefront=\"show\",code=\"sold-out\"}"), Some(1.0));
    let step = |step| format!("maejin_order_step_seconds_count{{storefront=\"show\",step=\"{step}\"}}");
    for (name, count) in [("held", 2.0), ("confirmed", 2.0), ("rejected", 1.0), ("cancelled", 1.0)] {
        assert_eq!(value(&page, &step(name)), Some(count), "{name}");
    }
    assert_eq!(value(&page, "maejin_orders_total{storefront=\"movie\",outcome=\"placed\"}"), Some(0.0));
    assert_eq!(value(&page, "maejin_orders_under_way{storefront=\"show\"}"), Some(0.0));
    let posts = "maejin_http_request_seconds_count{method=\"POST\",route=\"show\",status=\"2xx\"}";
    assert_eq!(value(&page, posts), Some(4.0));
    assert!(!page.contains("userId") && !page.contains("jekyll"), "no customer and no offering is named");
}

#[test]
fn the_queues_the_tables_and_the_files_are_shown() {
    let shop = Shop::open();
    let at = tickets(&shop);
    at.http("POST /reservations userId=1 showId=1 qty=1").is(201);
    becomes(&shop, "maejin_tables_lag_records", 0.0);
    becomes(&shop, "maejin_tables_lag_seconds", 0.0);
    let page = metrics(&shop);
    assert_eq!(value(&page, "maejin_journal_records_total"), Some(2.0));
    assert_eq!(value(&page, "maejin_append_seconds_count"), Some(2.0));
    assert!(value(&page, "maejin_append_seconds_sum") > Some(0.0));
    assert!(value(&page, "maejin_batch_messages_sum") > Some(10.0));
    assert!(value(&page, "maejin_table_write_rows_total") > Some(5.0));
    for queue in ["requests", "batches", "records"] {
        assert_eq!(value(&page, &format!("maejin_queue_depth{{queue=\"{queue}\"}}")), Some(0.0), "{queue}");
    }
    for file in ["journal.db", "tables.db"] {
        let bytes = std::fs::metadata(shop.home().data().join(file)).expect("the file is there").len();
        assert_eq!(value(&page, &format!("maejin_store_bytes{{file=\"{file}\"}}")), Some(bytes as f64), "{file}");
    }
    for name in ["process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds"] {
        assert!(value(&page, name).is_some_and(|value| value >= 0.0), "{name}");
    }
    assert!(value(&page, "process_start_time_seconds") > Some(1_700_000_000.0));
}

#[test]
fn what_waits_for_the_payment_provider_is_shown_also_right_after_a_restart() {
    let mut shop = Start::open().run();
    let at = shop.paths("coupon");
    at.http("POST /coupons couponId=1 couponName=A amt=1000 stock=10").is(201);
    let waiting = |shop: &Shop, held: f64, charges: f64| {
        becomes(shop, "maejin_holds_open{storefront=\"coupon\"}", held);
        becomes(shop, "maejin_orders_under_way{storefront=\"coupon\"}", held);
        becomes(shop, "maejin_intents_under_way{service=\"payment\"}", charges);
        value(&metrics(shop), "maejin_holds_oldest_timestamp_seconds{storefront=\"coupon\"}").expect("a moment")
    };
    assert_eq!(waiting(&shop, 0.0, 0.0), 0.0);
    let first = at.http("POST /orders couponId=1 customerId=1 qty=1 card=silent").is(201).number();
    at.http("POST /orders couponId=1 customerId=2 qty=1 card=silent").is(201);
    let since = waiting(&shop, 2.0, 2.0);
    assert!(since > 1_700_000_000.0, "{since}");
    shop.kill();
    shop.start_again();
    assert_eq!(waiting(&shop, 2.0, 2.0), since, "the oldest hold is as old as before");
    let at = shop.paths("coupon");
    at.http(&format!("DELETE /orders/{first}")).is(204);
    assert!(waiting(&shop, 1.0, 1.0) >= since);
    becomes(&shop, "maejin_orders_total{storefront=\"coupon\",outcome=\"cancelled\"}", 1.0);
}
