//! Calls to other people's servers, over HTTP or HTTPS: a client that goes where it was told and nowhere else, and reads so much of an
//! answer and no more. It follows no redirect, which could carry a secret to a stranger, and no proxy of the environment.

mod address;
mod tls;

use std::error::Error;
use std::time::Duration;

use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

pub use address::below;

/// A connection that nobody used for so long is closed.
const IDLE: Duration = Duration::from_secs(90);

/// Keeps its connections open between calls; clones share them.
#[derive(Debug, Clone)]
pub struct Client {
    http: legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    patience: Duration,
}

/// An answer of any status.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its body, as far as it is read.
    pub body: Vec<u8>,
}

/// Why there is no answer. The texts leave the address out: it is known, and may say more than a log should.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// It took too long.
    #[error("no answer in time")]
    Late,
    /// Nobody was reached, so nothing was asked.
    #[error("{0}")]
    NotReached(String),
    /// It was asked, perhaps, and the answer did not come as a whole.
    #[error("{0}")]
    Cut(String),
}

impl Client {
    /// A client whose calls take `patience` at most, connecting and reading included.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn new(patience: Duration) -> Result<Self, rustls::Error> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new().with_tls_config(tls::config()?).https_or_http().enable_http1();
        let mut client = legacy::Client::builder(TokioExecutor::new());
        client.pool_idle_timeout(IDLE).pool_timer(TokioTimer::new());
        Ok(Self { http: client.build(connector.wrap_connector(tcp)), patience })
    }

    /// One attempt. Of the answer's body the first `most` bytes are read.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn call(&self, request: Request<Full<Bytes>>, most: usize) -> Result<Answer, CallError> {
        tokio::time::timeout(self.patience, self.answered(request, most)).await.unwrap_or(Err(CallError::Late))
    }

    async fn answered(&self, request: Request<Full<Bytes>>, most: usize) -> Result<Answer, CallError> {
        let response = self.http.request(request).await.map_err(|error| {
            let why = root_cause(&error);
            if error.is_connect() { CallError::NotReached(why) } else { CallError::Cut(why) }
        })?;
        let status = response.status();
        let body = read(response.into_body(), most).await.map_err(|error| CallError::Cut(root_cause(&error)))?;
        Ok(Answer { status, body })
    }
}

async fn read(mut from: Incoming, most: usize) -> Result<Vec<u8>, hyper::Error> {
    let mut body = Vec::new();
    while body.len() < most
        && let Some(frame) = from.frame().await
    {
        if let Ok(chunk) = frame?.into_data() {
            body.extend_from_slice(&chunk[..chunk.len().min(most - body.len())]);
        }
    }
    Ok(body)
}

/// What went wrong at the bottom of it.
fn root_cause(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// What a server that answers `answer` to the first bytes is sent, and what comes of a call there.
    async fn called(scheme: &str, answer: &'static str) -> (Vec<u8>, Result<Answer, CallError>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let to = format!("{scheme}://{}/charges", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut sent = vec![0; 4096];
            let length = stream.read(&mut sent).await.unwrap();
            stream.write_all(answer.as_bytes()).await.unwrap();
            sent.truncate(length);
            sent
        });
        let client = Client::new(Duration::from_secs(5)).unwrap();
        let answered = client.call(Request::get(to).body(Full::default()).unwrap(), 4).await;
        (server.await.unwrap(), answered)
    }

    #[tokio::test]
    async fn so_much_of_an_answer_is_read_and_no_redirect_is_followed() {
        let answer =
            "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 6\r\n\r\nabcdef";
        let (sent, answered) = called("http", answer).await;
        assert!(sent.starts_with(b"GET /charges HTTP/1.1\r\n"), "{}", String::from_utf8_lossy(&sent));
        let answered = answered.unwrap();
        assert_eq!((answered.status.as_u16(), &answered.body[..]), (307, &b"abcd"[..]));
    }

    #[tokio::test]
    async fn an_answer_that_is_cut_is_none() {
        let (_, answered) = called("http", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nab").await;
        assert!(matches!(answered, Err(CallError::Cut(_))), "{answered:?}");
    }

    #[tokio::test]
    async fn to_https_nothing_goes_out_in_the_clear() {
        let (sent, answered) = called("https", "HTTP/1.1 200 OK\r\n\r\n").await;
        assert_eq!(sent[..2], [0x16, 0x03], "the record of a TLS handshake");
        assert!(matches!(answered, Err(CallError::NotReached(_))), "{answered:?}");
    }

    #[tokio::test]
    async fn where_nobody_listens_nobody_is_reached() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let to = format!("http://{}/", listener.local_addr().unwrap());
        drop(listener);
        let client = Client::new(Duration::from_secs(5)).unwrap();
        let answered = client.call(Request::get(to).body(Full::default()).unwrap(), 4).await;
        assert!(matches!(answered, Err(CallError::NotReached(_))), "{answered:?}");
    }
}
