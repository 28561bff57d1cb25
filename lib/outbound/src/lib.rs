//! Calls to other people's servers, over HTTP or HTTPS: a client that goes where it was told and nowhere else, and reads so much of an
//! answer and no more.

mod tls;

use std::error::Error;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Response};

/// A client whose calls take `patience` at most, connecting and reading included.
///
/// # Errors
/// If TLS cannot be set up.
pub fn client(patience: Duration) -> Result<ClientBuilder, Box<dyn Error + Send + Sync>> {
    // A redirect could carry a secret to a stranger, and a proxy comes through the configuration or not at all.
    let client = Client::builder().tls_backend_preconfigured(tls::config()?);
    Ok(client.redirect(Policy::none()).no_proxy().timeout(patience))
}

/// The body of an answer, up to `most` bytes.
///
/// # Errors
/// If the answer is cut off.
pub async fn body(mut response: Response, most: usize) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        let room = most - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if body.len() == most {
            break;
        }
    }
    Ok(body)
}

/// What went wrong at the bottom of it, without the address, which may say more than a log should.
pub fn root_cause(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
