//! A page on another origin, in a real browser: where its origin is named it buys, hears of that, and reads orders. Where it is not, it can do
//! nothing of that. `tests/browser` has the page.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::tools::{Tools, debian, libraries};
use tests::{Shop, Start};

const TOKEN: &str = "a-token-of-thirty-two-characters";
const PAGE: &str = include_str!("../browser/page.html");
/// Longer than a browser takes on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where a page is served from; what it found out it sends there.
struct Site {
    origin: String,
    told: Receiver<Value>,
    listener: TcpListener,
    teller: Sender<Value>,
}

impl Site {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let origin = format!("http://{}", listener.local_addr().expect("it has an address"));
        let (teller, told) = channel();
        Self { origin, told, listener, teller }
    }

    /// Serves the page, which calls `shop`, for as long as anybody asks.
    fn serve(&self, shop: &str) {
        let page = PAGE.replace("SHOP_URL", shop).replace("SHOP_TOKEN", TOKEN);
        let (listener, teller) = (self.listener.try_clone().expect("it can be shared"), self.teller.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (page, teller) = (page.clone(), teller.clone());
                thread::spawn(move || answer(stream, &page, &teller));
            }
        });
    }
}

/// Answers one request: what is posted is told, and everything else is the page.
fn answer(mut stream: TcpStream, page: &str, teller: &Sender<Value>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first).ok()?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(told) = line.to_lowercase().strip_prefix("content-length:") {
            length = told.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    if first.starts_with("POST") {
        let _ = teller.send(serde_json::from_slice(&body).unwrap_or_default());
    }
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        page.len()
    );
    stream.write_all([head.as_bytes(), page.as_bytes()].concat().as_slice()).ok()
}

/// A browser that shows a page. It ends with the test.
struct Browser {
    process: Child,
    _home: TempDir,
}

impl Browser {
    fn open(tools: &Tools, url: &str) -> Self {
        let home = tools.workshop();
        let mut command = tools.command("../lib/chromium/chromium");
        command.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]);
        command.arg(format!("--user-data-dir={}", home.path().display())).arg("--remote-debugging-port=0").arg(url);
        command.env("LD_LIBRARY_PATH", libraries(tools)).stdout(Stdio::null()).stderr(Stdio::null());
        Self { process: command.spawn().expect("the browser can be run"), _home: home }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What a page on an origin of its own finds out; the origin is named to the shop if it is `allowed`.
fn found_out(tools: &Tools, allowed: bool) -> (Value, Shop) {
    let site = Site::new();
    let start = Start::closed().env("MAEJIN_TOKEN", TOKEN);
    let named = if allowed { site.origin.as_str() } else { "http://elsewhere.example" };
    let shop = start.env("MAEJIN_ALLOWED_ORIGINS", &json!([named]).to_string()).run();
    let offering = json!({ "name": "a", "stock": 5, "price": { "amount": 100, "currency": "KRW" } }).to_string();
    let post = format!("POST /api/v1/storefronts/show/offerings 'Authorization:Bearer {TOKEN}'");
    shop.door().http_with_body(&post, &offering).is(201);
    site.serve(&shop.door().url(None, ""));
    let _browser = Browser::open(tools, &site.origin);
    (site.told.recv_timeout(PATIENCE).expect("the page tells what it found out"), shop)
}

fn left(shop: &Shop) -> Value {
    let path = format!("/api/v1/storefronts/show/offerings/1 'Authorization:Bearer {TOKEN}'");
    shop.door().http(&path).is(200)["stock"]["left"].clone()
}

#[test]
fn a_page_whose_origin_is_named_buys_listens_and_reads_and_no_other_one_does() {
    let Some(tools) = debian("browser") else { return };
    let (found, shop) = found_out(&tools, true);
    assert_eq!(found["bought"], json!({ "status": 201, "state": "confirmed", "etag": true }), "{found}");
    assert_eq!((&found["heard"], &found["orders"]), (&json!("OrderConfirmed"), &json!(["confirmed"])), "{found}");
    assert_eq!(found["refused"], json!({ "status": 409, "code": "sold-out" }), "{found}");
    assert_eq!(left(&shop), 3);
    let (found, shop) = found_out(&tools, false);
    for what in ["bought", "heard", "orders", "refused"] {
        assert!(found[what].as_str().is_some_and(|why| why.starts_with("failed")), "{what}: {found}");
    }
    assert_eq!(left(&shop), 5);
}
