//! Listens for HTTP, and stops without dropping what was accepted.

mod answering;
mod connection;
mod connections;
mod limits;
mod state;
mod watched;

use std::io::{Error, ErrorKind};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use connection::Served;

pub use answering::Crowded;
pub use connections::Connections;
pub use limits::Limits;

/// How many connections may wait to be accepted, as far as the operating system lets them. Where more come at once, it drops them, and
/// clients try again after a second, three, and seven.
const BACKLOG: u32 = 65_535;
/// How long open connections may take to finish what they are at when the process stops.
const DRAIN: Duration = Duration::from_secs(20);
/// How long it is waited where the operating system has no descriptor or no memory for another connection: those that were let go
/// need so long to end.
const NO_DESCRIPTOR: Duration = Duration::from_millis(50);
/// How often that is logged.
const TOLD: Duration = Duration::from_secs(60);

/// A port that is being served.
#[derive(Debug)]
pub struct Listening {
    /// Where.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

/// Serves `router` on `address` until `stop` becomes true, to clients that have a place among `connections`.
///
/// # Errors
/// If the address cannot be listened on.
pub async fn listen(
    address: SocketAddr,
    router: Router,
    connections: &Connections,
    stop: watch::Receiver<bool>,
) -> Result<Listening, String> {
    let listener = bound(address).map_err(|error| format!("cannot listen on {address}: {error}"))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let task = tokio::spawn(accept(listener, router, connections.clone(), stop));
    Ok(Listening { address, task })
}

fn bound(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // As after a restart: what the last process left behind on this address is no hindrance.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Accepts connections until `stop` becomes true, and waits until all have ended.
async fn accept(listener: TcpListener, router: Router, connections: Connections, mut stop: watch::Receiver<bool>) {
    let mut told = None;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        match accepted {
            Ok((stream, _)) => {
                let _ = stream.set_nodelay(true);
                if let Some(place) = connections.admit() {
                    tokio::spawn(Served::new(stream, router.clone(), place));
                }
            }
            Err(error) if is_the_clients(&error) => {}
            Err(error) => {
                if told.is_none_or(|told: Instant| told.elapsed() >= TOLD) {
                    tracing::error!(%error, "a connection cannot be accepted; those that wait for the longest are let go");
                    told = Some(Instant::now());
                }
                connections.make_room();
                tokio::time::sleep(NO_DESCRIPTOR).await;
            }
        }
    }
    drop(listener);
    connections.stop();
    connections.none().await;
}

/// Whether an error of `accept` is about a client that has gone already.
fn is_the_clients(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
}

impl Listening {
    /// Waits until all that was accepted is answered, but not for ever.
    pub async fn drained(self) {
        if tokio::time::timeout(DRAIN, self.task).await.is_err() {
            tracing::warn!(address = %self.address, "connections were still open; they are cut");
        }
    }
}
