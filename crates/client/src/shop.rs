//! A running shop, asked over HTTP.

use std::path::Path;
use std::time::Duration;

use figment::providers::Env;
use serde_json::Value;
use ureq::Agent;
use ureq::http::{Request, Response};

use crate::{Address, args};

/// How long an answer may take. A redrive of many messages takes some seconds.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long it may take to reach the shop.
const CONNECT: Duration = Duration::from_secs(5);
/// What is said where an answer to a change was lost.
const LOOK: &str = "It is not known whether this was done: look before you do it again";
/// The longest answer that is read: a list of a thousand.
const ANSWER_MAX: u64 = 64 * 1024 * 1024;

/// Where an operator is served.
pub const PREFIX: &str = "/operator";

/// A running shop.
pub struct Shop {
    agent: Agent,
    url: String,
    token: Option<String>,
}

impl Shop {
    /// The shop that `args` names.
    ///
    /// # Errors
    /// If its address or the token is of no use.
    pub fn of(args: &args::Shop) -> Result<Self, String> {
        let url = args.url.trim_end_matches('/').to_owned();
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(format!("{url} is no address of a shop; say one such as http://127.0.0.1:8088"));
        }
        let token = token_to_show(args.token_file.as_deref())?;
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(PATIENCE))
            .timeout_connect(Some(CONNECT));
        Ok(Self { agent: config.build().into(), url, token })
    }

    /// Sends a request, and gives the JSON it was answered with.
    ///
    /// # Errors
    /// If it was refused, or nobody answers: why, and what to do.
    pub fn send(&self, method: &str, address: &Address, body: Option<&Value>) -> Result<Value, String> {
        self.send_with(method, address, body, None, problem_text)
    }

    /// The same, where `refused` makes the text of a refusal from its status and what was answered.
    ///
    /// # Errors
    /// As [`Shop::send`].
    pub fn send_or(
        &self,
        method: &str,
        address: &Address,
        body: Option<&Value>,
        refused: impl Fn(u16, &Value) -> String,
    ) -> Result<Value, String> {
        self.send_with(method, address, body, None, refused)
    }

    /// The same with a `key`, if there is one, by which a repetition of it is known.
    ///
    /// # Errors
    /// As [`Shop::send`].
    pub fn send_once(&self, method: &str, address: &Address, body: &Value, key: Option<&str>) -> Result<Value, String> {
        self.send_with(method, address, Some(body), key, problem_text)
    }

    fn send_with(
        &self,
        method: &str,
        address: &Address,
        body: Option<&Value>,
        key: Option<&str>,
        refused: impl Fn(u16, &Value) -> String,
    ) -> Result<Value, String> {
        let uri = format!("{}{PREFIX}{}", self.url, address.path_and_query());
        let mut request = Request::builder().method(method).uri(uri).header("accept", "application/json");
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let wrong = |error: ureq::http::Error| format!("the request to {} cannot be made: {error}", self.url);
        let answered = match body {
            None => self.agent.run(request.body(()).map_err(wrong)?),
            Some(body) => {
                let request = request.header("content-type", "application/json");
                self.agent.run(request.body(body.to_string()).map_err(wrong)?)
            }
        };
        let answered = answered.map_err(|error| self.unreachable(&error, method != "GET"))?;
        self.read(answered, method != "GET", refused)
    }

    fn unreachable(&self, error: &ureq::Error, changes: bool) -> String {
        if changes && may_have_arrived(error) {
            return format!("{} does not answer: {error}. {LOOK}", self.url);
        }
        format!(
            "no shop answers at {}: {error}. Start one with maejin serve, name another address with --url, or read the store of a stopped one with --data DIR",
            self.url
        )
    }

    fn read(
        &self,
        mut response: Response<ureq::Body>,
        changes: bool,
        refused: impl Fn(u16, &Value) -> String,
    ) -> Result<Value, String> {
        let status = response.status().as_u16();
        let text = response.body_mut().with_config().limit(ANSWER_MAX).read_to_string();
        let text = text.map_err(|error| {
            format!("the answer of {} broke off: {error}. {}", self.url, if changes { LOOK } else { "Ask again" })
        })?;
        let body: Value = serde_json::from_str(&text).unwrap_or_default();
        match (status, &body) {
            (200, Value::Object(_)) => Ok(body),
            (401, _) => Err(format!(
                "the shop at {} wants {}: name the file with its token by --token-file or MAEJIN_TOKEN_FILE",
                self.url,
                if self.token.is_some() { "another token" } else { "a token" }
            )),
            (_, Value::Object(problem)) if problem.contains_key("detail") => Err(refused(status, &body)),
            _ => Err(format!("what answers at {} is not a shop of this version (status {status})", self.url)),
        }
    }
}

/// The bearer token with which the command line speaks to a shop: that in `file`, or the one in the environment; none for an open shop.
///
/// # Errors
/// If the file cannot be read.
fn token_to_show(file: Option<&Path>) -> Result<Option<String>, String> {
    let token = match file {
        Some(file) => Some(
            std::fs::read_to_string(file)
                .map_err(|error| format!("cannot read the token in {}: {error}", file.display()))?,
        ),
        None => Env::var("MAEJIN_TOKEN"),
    };
    Ok(token.map(|token: String| token.trim().to_owned()))
}

/// Whether a request may have come as far as the shop, though no answer came back.
fn may_have_arrived(error: &ureq::Error) -> bool {
    use ureq::Timeout::{Connect, Resolve};
    let never = matches!(
        error,
        ureq::Error::HostNotFound
            | ureq::Error::ConnectionFailed
            | ureq::Error::BadUri(_)
            | ureq::Error::Http(_)
            | ureq::Error::Timeout(Connect | Resolve)
    );
    let refused = matches!(error, ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused);
    !never && !refused
}

/// What a refusal says.
pub fn problem_text(status: u16, problem: &Value) -> String {
    let detail = problem["detail"].as_str().unwrap_or_default();
    match problem["code"].as_str() {
        Some("not-found") | None => detail.to_owned(),
        Some("outcome-unknown") => {
            format!("it is not known whether this was done ({status}): look before you do it again")
        }
        Some("busy") => format!("the shop has too much to do ({status}); send it again in a moment"),
        Some(code) => format!("refused ({code}): {detail}"),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::net::TcpListener;

    use serde_json::json;

    use super::*;

    fn asks(method: &str, hangs_up: bool) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let gone = hangs_up.then(|| {
            std::thread::spawn(move || {
                let mut heard = [0; 64];
                let read = listener.accept().unwrap().0.read(&mut heard).unwrap();
                assert!(read > 0);
            })
        });
        let shop = Shop { agent: Agent::config_builder().build().into(), url, token: None };
        let body = json!({});
        let why = shop.send(method, &Address::of(&["orders"]), (method != "GET").then_some(&body)).unwrap_err();
        gone.into_iter().for_each(|thread| thread.join().unwrap());
        why
    }

    #[test]
    fn a_change_whose_answer_was_lost_may_be_done() {
        assert!(asks("POST", true).contains(LOOK));
        assert!(!asks("POST", false).contains(LOOK), "nobody was there");
        assert!(!asks("GET", true).contains(LOOK), "it changes nothing");
    }
}
