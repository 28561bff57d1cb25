//! Listens for HTTP, and stops without dropping what was accepted.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How many connections may wait to be accepted, as far as the operating system lets them. Where more come at once, it drops them, and
/// clients try again after a second, three, and seven.
const BACKLOG: u32 = 65_535;
/// How long open connections may take to finish what they are at when the process stops.
const DRAIN: Duration = Duration::from_secs(20);

/// A port that is being served.
#[derive(Debug)]
pub struct Listening {
    /// Where.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

/// Serves `router` on `address` until `stop` becomes true.
///
/// # Errors
/// If the address cannot be listened on.
pub async fn listen(address: SocketAddr, router: Router, mut stop: watch::Receiver<bool>) -> Result<Listening, String> {
    let listener = bound(address).map_err(|error| format!("cannot listen on {address}: {error}"))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let stopped = async move {
        let _ = stop.wait_for(|stop| *stop).await;
    };
    let listener = axum::serve::ListenerExt::tap_io(listener, |stream| {
        let _ = stream.set_nodelay(true);
    });
    let task = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stopped).await {
            tracing::error!(%address, %error, "stopped listening");
        }
    });
    Ok(Listening { address, task })
}

fn bound(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // As after a restart: what the last process left behind on this address is no hindrance.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

impl Listening {
    /// Waits until all that was accepted is answered, but not for ever.
    pub async fn drained(self) {
        if tokio::time::timeout(DRAIN, self.task).await.is_err() {
            tracing::warn!(address = %self.address, "connections were still open; they are cut");
        }
    }
}

/// Waits for SIGTERM or SIGINT.
///
/// # Errors
/// If the operating system does not let the process wait for signals.
pub async fn signalled() -> std::io::Result<&'static str> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
    })
}
