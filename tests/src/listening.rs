//! A client of server-sent events.

use std::io::{BufRead, BufReader};

use serde_json::Value;
use ureq::{Agent, BodyReader};

/// An event as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it says.
    pub data: Value,
}

/// A connection on which events come. Dropping it cuts it.
pub struct Listening(BufReader<BodyReader<'static>>);

impl Listening {
    /// Listens at `url`, from the event after `last` on if one is named.
    ///
    /// # Errors
    /// If nobody answers, or not with events.
    pub fn open(url: &str, last: Option<&str>) -> Result<Self, String> {
        let agent: Agent = Agent::config_builder().proxy(None).build().into();
        let mut request = agent.get(url).header("accept", "text/event-stream");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.call().map_err(|error| format!("{url}: {error}"))?;
        let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind != "text/event-stream" {
            return Err(format!("{url} answered with {kind}"));
        }
        Ok(Self(BufReader::new(response.into_body().into_reader())))
    }
}

/// Ends when the connection has ended. An event that did not come wholly does not count.
impl Iterator for Listening {
    type Item = Heard;

    fn next(&mut self) -> Option<Heard> {
        let mut heard = Heard { id: String::new(), name: String::new(), data: Value::Null };
        loop {
            let mut line = String::new();
            let read = self.0.read_line(&mut line).ok()?;
            if read == 0 || !line.ends_with('\n') {
                return None;
            }
            let line = line.trim_end_matches('\n');
            match line.split_once(": ") {
                Some(("id", id)) => heard.id = id.to_owned(),
                Some(("event", name)) => heard.name = name.to_owned(),
                Some(("data", data)) => heard.data = serde_json::from_str(data).expect("an event is JSON"),
                Some(("retry" | "", _)) => {}
                None if line.is_empty() && heard.data.is_null() => {} // a comment, or how soon to come again
                None if line.is_empty() => return Some(heard),
                _ => panic!("{line:?} is not of an event"),
            }
        }
    }
}
