//! Connections over real sockets: how long a client may let the shop wait, who is let go, and how a stop goes.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::routing::{get, post};
use service::{Connections, Crowded, Limits, Listening, listen};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;

/// Longer than anything here takes, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(30);
/// A limit that is waited for. A client that does its part at once keeps it, also on a machine that has much else to do.
const SHORT: Duration = Duration::from_millis(500);
const LARGE: usize = 64 * 1024 * 1024;
const GET: &[u8] = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";
const HALF_HEAD: &[u8] = b"GET / HTTP/1.1\r\nho";
const HALF_BODY: &[u8] = b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhal";

/// Nothing ends by itself within a test.
fn endless() -> Limits {
    let long = Duration::from_secs(3_600);
    Limits { idle: long, head: long, body: long, reader: long, ..Limits::default() }
}

struct Door {
    address: SocketAddr,
    listening: Listening,
    stop: watch::Sender<bool>,
    connections: Connections,
    /// Lets `/slow` be answered.
    let_answer: watch::Sender<bool>,
}

impl Door {
    async fn with(limits: Limits) -> Self {
        let (let_answer, may_answer) = watch::channel(false);
        let slow = move || {
            let mut may_answer = may_answer.clone();
            async move {
                let _ = may_answer.wait_for(|may| *may).await;
                "slow"
            }
        };
        let whole = |request: Request| async move {
            if request.extensions().get::<Crowded>().is_some() { "crowded" } else { "whole" }
        };
        let router = Router::new()
            .route("/", get(whole))
            .route("/echo", post(|body: Bytes| async move { body }))
            .route("/large", get(|| async { "x".repeat(LARGE) }))
            .route("/slow", get(slow));
        let (stop, stopped) = watch::channel(false);
        let connections = Connections::new(limits);
        let listening =
            listen(([127, 0, 0, 1], 0).into(), router, &connections, stopped).await.expect("a port is free");
        Self { address: listening.address, listening, stop, connections, let_answer }
    }

    async fn sends(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.expect("it listens");
        stream.write_all(bytes).await.expect("it reads");
        stream
    }

    async fn crowd(&self, count: usize, bytes: &[u8]) -> Vec<TcpStream> {
        let mut crowd = Vec::new();
        for _ in 0..count {
            crowd.push(self.sends(bytes).await);
        }
        crowd
    }

    /// Waits until the metric that begins with `line` is as `wanted`.
    async fn shows(&self, line: &str, wanted: impl Fn(f64) -> bool) {
        let mut meters = service::Meters::default();
        meters.add(self.connections.clone());
        let began = Instant::now();
        loop {
            let page = meters.page();
            let shown = page.lines().find_map(|shown| shown.strip_prefix(line)).expect("it is shown");
            if wanted(shown.trim().parse().expect("a number")) {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "{line}{shown}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// All that comes until the connection ends.
async fn rest(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut all)).await;
    // A connection that is reset has ended, too.
    let _ = read.expect("the connection ends");
    String::from_utf8_lossy(&all).into_owned()
}

/// What comes until it ends with `end`, or the connection does.
async fn until(stream: &mut TcpStream, end: &str) -> String {
    let (mut all, mut some) = (String::new(), vec![0; 4_096]);
    while !all.ends_with(end) {
        let read = tokio::time::timeout(PATIENCE, stream.read(&mut some)).await;
        match read.unwrap_or_else(|_| panic!("nothing more comes after {all:?}")) {
            Ok(0) | Err(_) => break,
            Ok(read) => all.push_str(&String::from_utf8_lossy(&some[..read])),
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_lets_the_shop_wait_for_so_long_and_no_longer() {
    type Case = (&'static str, &'static [u8], &'static str, fn(&mut Limits));
    let cases: [Case; 5] = [
        ("idle", b"", "", |limits| limits.idle = SHORT),
        ("idle", GET, "HTTP/1.1 200", |limits| limits.idle = SHORT),
        ("head", HALF_HEAD, "", |limits| limits.head = SHORT),
        ("body", HALF_BODY, "", |limits| limits.body = SHORT),
        ("reader", b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n", "", |limits| limits.reader = SHORT),
    ];
    for (reason, bytes, answer, limit) in cases {
        let mut limits = endless();
        limit(&mut limits);
        let door = Door::with(limits).await;
        let mut client = door.sends(bytes).await;
        door.shows(&format!("maejin_connections_cut_total{{reason=\"{reason}\"}}"), |cut| cut == 1.0).await;
        let answered = rest(&mut client).await;
        assert!(
            answered.starts_with(answer) && answered.len() < LARGE,
            "{reason}: {}",
            &answered[..answered.len().min(200)]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_comes_fast_enough_may_take_long() {
    let door = Door::with(Limits { body: SHORT, body_rate: 1, ..endless() }).await;
    // The first bytes come with the head, and give the client seconds for the others.
    let mut client = door
        .sends(b"POST /echo HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 30\r\n\r\nxxxxxxxxxx")
        .await;
    let began = Instant::now();
    for _ in 0..20 {
        client.write_all(b"x").await.unwrap();
        tokio::time::sleep(SHORT / 5).await;
    }
    assert!(began.elapsed() > 2 * SHORT, "it took longer than a body may that does not come");
    assert!(rest(&mut client).await.ends_with(&"x".repeat(30)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_closed_its_sending_side_is_answered() {
    let door = Door::with(endless()).await;
    let mut clients = Vec::new();
    for path in ["/", "/slow"] {
        let mut client = door.sends(format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).await;
        client.shutdown().await.unwrap();
        clients.push(client);
    }
    assert!(rest(&mut clients[0]).await.starts_with("HTTP/1.1 200"));
    door.let_answer.send_replace(true);
    assert!(rest(&mut clients[1]).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_all_places_are_taken_those_who_wait_for_the_longest_make_room() {
    for bytes in [&b""[..], HALF_HEAD, HALF_BODY, GET] {
        let door = Door::with(Limits { connections: 16, ..endless() }).await;
        let _crowd = door.crowd(100, bytes).await;
        for _ in 0..20 {
            let mut client = door.sends(GET).await;
            let answer = until(&mut client, "whole").await;
            assert!(answer.ends_with("whole"), "{:?}: {answer}", String::from_utf8_lossy(bytes));
        }
        door.shows("maejin_connections_cut_total{reason=\"room\"}", |cut| cut >= 80.0).await;
        door.shows("maejin_connections ", |open| open <= 16.0).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_can_be_let_go_there_is_a_place_for_probes() {
    let door = Door::with(Limits { connections: 8, ..endless() }).await;
    let mut working = Vec::new();
    for _ in 0..7 {
        working.push(door.sends(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await);
        // Until its head is there it could be let go; what is asked next is answered after that.
        until(&mut door.sends(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await, "\n\n").await;
    }
    let mut probe = door.sends(GET).await;
    assert!(rest(&mut probe).await.ends_with("crowded"), "and its connection is not kept");
    door.let_answer.send_replace(true);
    for client in &mut working {
        assert!(until(client, "slow").await.ends_with("slow"), "who is served is not let go");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_ends_idle_connections_at_once_and_answers_what_was_accepted() {
    let door = Door::with(endless()).await;
    let mut served = door.crowd(20, b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let mut open = Vec::new();
    for (count, bytes) in [(300, &b""[..]), (50, GET), (50, HALF_HEAD), (50, HALF_BODY)] {
        open.extend(door.crowd(count, bytes).await);
    }
    door.shows("maejin_connections ", |open| open == 470.0).await;
    let began = Instant::now();
    door.stop.send_replace(true);
    door.shows("maejin_connections ", |open| open == 20.0).await;
    door.let_answer.send_replace(true);
    door.listening.drained().await;
    assert!(began.elapsed() < Duration::from_secs(10), "it took {:?}", began.elapsed());
    for client in &mut served {
        assert!(rest(client).await.ends_with("slow"));
    }
}
