//! Hands the requests of one connection to the router, and keeps the connection's state: what is waited for, and since when.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::future::RouteFuture;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use hyper::{Request, Response};
use pin_project_lite::pin_project;
use tower::Service as _;

use super::state::{Phase, State};

/// Comes with the requests of a connection on which nobody but probes is answered, since there are too many of them.
#[derive(Debug, Clone, Copy)]
pub struct Crowded;

/// The router, for one connection.
pub(super) struct Answering {
    pub router: Router,
    pub state: Arc<State>,
    pub crowded: bool,
}

impl hyper::service::Service<Request<Incoming>> for Answering {
    type Response = Response<Sending>;
    type Error = Infallible;
    type Future = Answered;

    fn call(&self, request: Request<Incoming>) -> Answered {
        self.state.works();
        let state = self.state.clone();
        let mut request = request.map(|body| Body::new(Receiving { body, state }));
        if self.crowded {
            request.extensions_mut().insert(Crowded);
        }
        Answered { answer: self.router.clone().call(request), state: self.state.clone() }
    }
}

pin_project! {
    /// An answer that is under way.
    pub(super) struct Answered {
        #[pin]
        answer: RouteFuture<Infallible>,
        state: Arc<State>,
    }
}

impl Future for Answered {
    type Output = Result<Response<Sending>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Ok(response) = ready!(this.answer.poll(cx));
        Poll::Ready(Ok(response.map(|body| Sending { body, state: this.state.clone() })))
    }
}

/// The body of a request, while it comes.
struct Receiving {
    body: Incoming,
    state: Arc<State>,
}

impl HttpBody for Receiving {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        match &frame {
            Poll::Pending => self.state.pass(Phase::Working, Phase::Body),
            Poll::Ready(Some(Ok(part))) => {
                self.state.received(part.data_ref().map_or(0, Bytes::len));
                if self.body.is_end_stream() {
                    self.state.pass(Phase::Body, Phase::Working);
                }
            }
            Poll::Ready(_) => self.state.pass(Phase::Body, Phase::Working),
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        self.state.pass(Phase::Body, Phase::Working);
    }
}

/// The body of an answer. Once it is handed on, the next request is waited for.
pub(super) struct Sending {
    body: Body,
    state: Arc<State>,
}

impl HttpBody for Sending {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        self.state.enter(Phase::Idle);
    }
}
