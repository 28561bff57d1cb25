//! One connection, from the first byte to the last.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use hyper::server::conn::http1::{Builder, Connection};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::answering::Answering;
use super::connections::Place;
use super::state::Phase;
use super::watched::Watched;

/// A connection that is served.
pub(super) struct Served {
    connection: Connection<TokioIo<Watched>, Answering>,
    place: Place,
    /// Whether it has heard that it ends once what was accepted is answered.
    ending: bool,
}

impl Served {
    /// Serves `stream`. A client may close its sending side and is answered all the same; whether it has gone is seen when it is answered.
    pub(super) fn new(stream: TcpStream, router: Router, place: Place) -> Self {
        let answering = Answering { router, state: place.state.clone(), crowded: place.crowded };
        let stream = TokioIo::new(Watched::new(stream, place.state.clone()));
        // How long a head may take is the keeper's matter, which needs no timer for each request.
        let mut http = Builder::new();
        http.half_close(true).header_read_timeout(None).keep_alive(!place.crowded);
        Self { connection: http.serve_connection(stream, answering), place, ending: false }
    }
}

impl Future for Served {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        this.place.state.listens(cx.waker());
        if Pin::new(&mut this.connection).poll(cx).is_ready() {
            return Poll::Ready(());
        }
        let (phase, _) = this.place.state.phase();
        // The end of the future closes the connection: a request that did not come as a whole has changed nothing.
        if this.place.state.is_cut() {
            if phase != Phase::Working {
                return Poll::Ready(());
            }
            this.place.stays();
        }
        if this.place.state.is_stopped() && !this.ending {
            if matches!(phase, Phase::Idle | Phase::Head) {
                return Poll::Ready(());
            }
            this.ending = true;
            Pin::new(&mut this.connection).graceful_shutdown();
            return Pin::new(&mut this.connection).poll(cx).map(drop);
        }
        Poll::Pending
    }
}
