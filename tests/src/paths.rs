//! One storefront as its clients reach it: alone on the ports of its services, or with all others below a prefix.

use serde_json::Value;

use crate::command_line::CommandLine;
use crate::reply::number_of;
use crate::{Client, Reply};

/// The port of the public door in the walk-throughs.
const DOOR: u16 = 8088;
/// More than any list here has on one page.
const PAGE: u64 = 1_000;

/// Where the paths of one storefront lead. The same story runs over each.
#[derive(Debug, Clone)]
pub struct Paths {
    client: Client,
    /// What comes before a path on the public door.
    door: String,
    /// The services with ports of their own: the port that the walk-throughs say, and where it really is.
    ports: Vec<(u16, String)>,
    /// Whether all services are behind the door, so that their ports mean the door.
    is_together: bool,
}

impl Paths {
    pub(crate) fn alone(door: &str, ports: Vec<(u16, String)>) -> Self {
        Self { client: Client::default(), door: door.to_owned(), ports, is_together: false }
    }

    pub(crate) fn below(door: &str, storefront: &str) -> Self {
        Self { client: Client::default(), door: format!("{door}/{storefront}"), ports: Vec::new(), is_together: true }
    }

    /// Sends a request that is written as a command of httpie, such as `POST :8083/tickets id=1 stock=10`.
    ///
    /// # Panics
    /// If no answer comes.
    #[track_caller]
    pub fn http(&self, line: &str) -> Reply {
        self.try_http(line).unwrap_or_else(|why| panic!("no answer: {why}"))
    }

    /// The same, where no answer may come.
    ///
    /// # Errors
    /// If no whole answer came.
    pub fn try_http(&self, line: &str) -> Result<Reply, String> {
        let CommandLine { method, port, path, headers, body } = CommandLine::parse(line);
        self.client.call(&method, &self.url(port, &path), &headers, body.as_ref())
    }

    /// The same as `http`, with the bytes of `text` as the body.
    ///
    /// # Panics
    /// If no answer comes.
    #[track_caller]
    pub fn http_with_body(&self, line: &str, text: &str) -> Reply {
        let CommandLine { method, port, path, headers, .. } = CommandLine::parse(line);
        let text = Value::from(text);
        let answer = self.client.call(&method, &self.url(port, &path), &headers, Some(&text));
        answer.unwrap_or_else(|why| panic!("no answer: {why}"))
    }

    /// The items of the list at `path`.
    ///
    /// # Panics
    /// If there is none.
    #[track_caller]
    pub fn rows(&self, path: &str) -> Vec<Value> {
        self.http(path).is(200).rows()
    }

    /// All items of a long list, page by page, each with its number.
    ///
    /// # Panics
    /// If there is none.
    #[track_caller]
    pub fn all_rows(&self, path: &str) -> Vec<(u64, Value)> {
        let mut all = Vec::new();
        for page in 0.. {
            let reply = self.http(&format!("{path}?size={PAGE}&page={page}")).is(200);
            let rows = reply.rows();
            all.extend(rows.into_iter().map(|row| (number_of(&row).expect("an item has a link to itself"), row)));
            if page + 1 >= reply["page"]["totalPages"].as_u64().unwrap_or(0) {
                break;
            }
        }
        all
    }

    /// Where a request to `path` really goes.
    ///
    /// # Panics
    /// If the storefront has no service at `port`.
    #[track_caller]
    pub fn url(&self, port: Option<u16>, path: &str) -> String {
        let base = match port {
            None | Some(DOOR) => &self.door,
            Some(_) if self.is_together => &self.door,
            Some(port) => {
                let at = self.ports.iter().find(|(known, _)| *known == port);
                at.map(|(_, address)| address).unwrap_or_else(|| panic!("no service has the port {port}"))
            }
        };
        format!("{base}{path}")
    }
}
