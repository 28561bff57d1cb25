//! A small HTTP client that keeps its connections.

use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::{Request, Response};

use crate::Reply;

/// As httpie sends it.
const ACCEPT: &str = "application/json, */*;q=0.5";
/// Longer than any answer takes; only so that a shop that hangs fails its test.
const PATIENCE: Duration = Duration::from_secs(60);
/// So that as many clients as a story has keep a connection each.
const CONNECTIONS_KEPT: usize = 256;

/// A client. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    agent: Agent,
}

impl Default for Client {
    fn default() -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_global(Some(PATIENCE))
            .max_idle_connections(CONNECTIONS_KEPT)
            .max_idle_connections_per_host(CONNECTIONS_KEPT);
        Self { agent: config.build().into() }
    }
}

impl Client {
    /// Sends a request as httpie does and reads the whole answer. A text as `body` goes out as it is, anything else as JSON.
    ///
    /// # Errors
    /// If no whole answer came.
    pub fn call(
        &self,
        method: &str,
        url: &str,
        headers: &[(String, String)],
        body: Option<&Value>,
    ) -> Result<Reply, String> {
        let asked = format!("{method} {url} {}", body.map(Value::to_string).unwrap_or_default());
        let given = |name: &str| headers.iter().any(|(header, _)| header.eq_ignore_ascii_case(name));
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if !given("accept") {
            request = request.header("accept", ACCEPT);
        }
        let answered = match body {
            None => self.agent.run(request.body(()).map_err(|error| error.to_string())?),
            Some(body) => {
                if !given("content-type") {
                    request = request.header("content-type", "application/json");
                }
                let bytes = body.as_str().map_or_else(|| body.to_string(), str::to_owned);
                self.agent.run(request.body(bytes).map_err(|error| error.to_string())?)
            }
        };
        read(asked, answered.map_err(|error| format!("{method} {url}: {error}"))?)
    }

    /// `GET url`.
    ///
    /// # Errors
    /// If no whole answer came.
    pub fn get(&self, url: &str) -> Result<Reply, String> {
        self.call("GET", url, &[], None)
    }
}

fn read(asked: String, mut response: Response<ureq::Body>) -> Result<Reply, String> {
    let text = response
        .body_mut()
        .with_config()
        .limit(u64::MAX)
        .read_to_string()
        .map_err(|error| format!("{asked}: {error}"))?;
    let headers = response.headers().iter();
    let headers = headers
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let body = serde_json::from_str(&text).unwrap_or_default();
    Ok(Reply { asked, status: response.status().as_u16(), headers, text, body })
}
