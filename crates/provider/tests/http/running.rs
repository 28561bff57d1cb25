//! Servers for the client to talk to, on ports of their own, and what the tests charge.

#![expect(clippy::unwrap_used, reason = "all of this runs inside tests")]

use std::net::SocketAddr;
use std::sync::Arc;

use contracts::Money;
use provider::{Charge, HttpProvider, HttpSettings, Refund};
use sandbox::{Limits, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use world::SystemClock;

/// A sandbox that is served until the test ends; never-answered calls are cut after `hold_ms`.
pub async fn sandbox(hold_ms: u64) -> SocketAddr {
    let limits = Limits { hold_ms, ..Limits::default() };
    let sandbox = Sandbox::open_with(None, Arc::new(SystemClock), limits).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(sandbox::serve(listener, sandbox, std::future::pending()));
    at
}

/// A server that takes one call, answers it with these bytes, closes the connection, and tells what it was sent.
pub async fn answering(bytes: impl Into<Vec<u8>>) -> (SocketAddr, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (at, bytes) = (listener.local_addr().unwrap(), bytes.into());
    let call = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let call = read_call(&mut stream).await;
        // A client that has heard enough may be gone by now.
        drop(stream.write_all(&bytes).await);
        drop(stream.shutdown().await);
        call
    });
    (at, call)
}

/// Reads up to the end of the JSON body, or to the end of what is sent.
async fn read_call(stream: &mut TcpStream) -> String {
    let (mut call, mut chunk) = (Vec::new(), [0; 1024]);
    while !call.ends_with(b"}") {
        match stream.read(&mut chunk).await.unwrap() {
            0 => break,
            read => call.extend_from_slice(&chunk[..read]),
        }
        // A TLS handshake is not JSON: there is no call to wait for.
        if call.first() == Some(&0x16) {
            break;
        }
    }
    String::from_utf8_lossy(&call).into_owned()
}

/// A patient client.
pub fn client(at: SocketAddr) -> HttpProvider {
    client_with(at, |settings| settings)
}

/// A client that gives up after a quarter of a second.
pub fn impatient_client(at: SocketAddr) -> HttpProvider {
    client_with(at, |settings| HttpSettings { timeout_ms: 250, ..settings })
}

pub fn client_with(at: SocketAddr, change: impl FnOnce(HttpSettings) -> HttpSettings) -> HttpProvider {
    let settings = HttpSettings { timeout_ms: 20_000, ..HttpSettings::new(format!("http://{at}")) };
    HttpProvider::try_new(&change(settings)).unwrap()
}

/// 150,000 won on a card.
pub fn charge(key: &str, card: &str) -> Charge {
    let (amount, description) = (Money::krw(150_000), "a ticket".to_owned());
    Charge { key: key.to_owned(), amount, card: Some(card.to_owned()), description }
}

pub fn refund(charge_key: &str) -> Refund {
    Refund { key: format!("refund-{charge_key}"), charge_key: charge_key.to_owned() }
}
