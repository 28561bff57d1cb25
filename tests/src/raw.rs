//! Requests byte by byte: also such as no well-behaved client would send.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::{Paths, Reply};

/// Longer than any answer takes, also on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(30);
/// How much of a body goes into one chunk.
const CHUNK: usize = 64 * 1024;

/// A request, as it goes over the wire.
#[derive(Debug, Clone)]
pub struct Raw {
    /// The method.
    pub method: String,
    /// The path, with what follows it.
    pub target: Vec<u8>,
    /// The values of `Host`.
    pub hosts: Vec<String>,
    /// The further headers; the length of the body is added.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body; none if it is empty.
    pub body: Vec<u8>,
    /// Whether the body goes out in chunks, without its length.
    pub chunked: bool,
}

impl Raw {
    /// A request without headers and body.
    pub fn new(method: &str, target: impl AsRef<[u8]>) -> Self {
        let target = target.as_ref().to_owned();
        let hosts = vec!["localhost".to_owned()];
        Self { method: method.to_owned(), target, hosts, headers: Vec::new(), body: Vec::new(), chunked: false }
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.to_owned(), value.as_ref().to_owned()));
        self
    }

    /// With these hosts in the place of one.
    #[must_use]
    pub fn hosts(mut self, hosts: &[&str]) -> Self {
        self.hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
        self
    }

    /// With another value of a header, or without it.
    #[must_use]
    pub fn instead(mut self, name: &str, value: Option<&[u8]>) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        value.into_iter().fold(self, |request, value| request.header(name, value))
    }

    /// With this body.
    #[must_use]
    pub fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.body = body.as_ref().to_owned();
        self
    }

    /// Sends it where `to` leads, and reads the whole answer.
    ///
    /// # Panics
    /// If no answer comes.
    #[track_caller]
    pub fn send(&self, to: &Paths) -> Reply {
        let mut sent = self.head();
        match self.chunked {
            true => self.body.chunks(CHUNK).for_each(|chunk| {
                sent.extend(format!("{:x}\r\n", chunk.len()).bytes());
                sent.extend_from_slice(chunk);
                sent.extend_from_slice(b"\r\n");
            }),
            false => sent.extend_from_slice(&self.body),
        }
        if self.chunked {
            sent.extend_from_slice(b"0\r\n\r\n");
        }
        send(to, &sent)
    }

    fn head(&self) -> Vec<u8> {
        let mut head = format!("{} ", self.method).into_bytes();
        head.extend_from_slice(&self.target);
        head.extend_from_slice(b" HTTP/1.1\r\nConnection: close\r\n");
        for host in &self.hosts {
            head.extend_from_slice(format!("Host: {host}\r\n").as_bytes());
        }
        for (name, value) in &self.headers {
            head.extend_from_slice(format!("{name}: ").as_bytes());
            head.extend_from_slice(value);
            head.extend_from_slice(b"\r\n");
        }
        if self.chunked {
            head.extend_from_slice(b"Transfer-Encoding: chunked\r\n");
        } else if !self.body.is_empty() {
            head.extend_from_slice(format!("Content-Length: {}\r\n", self.body.len()).as_bytes());
        }
        head.extend_from_slice(b"\r\n");
        head
    }
}

/// Reads to the end, but not for ever: what should have been refused may be a stream that has none.
fn read(mut stream: TcpStream) -> std::io::Result<Vec<u8>> {
    let (start, mut answer, mut piece) = (Instant::now(), Vec::new(), vec![0; CHUNK]);
    stream.set_read_timeout(Some(PATIENCE))?;
    while start.elapsed() < PATIENCE {
        match stream.read(&mut piece)? {
            0 => return Ok(answer),
            read => answer.extend_from_slice(&piece[..read]),
        }
    }
    Err(std::io::Error::other(format!("it goes on after {}", String::from_utf8_lossy(&answer))))
}

/// Sends `bytes` where `to` leads, and reads what comes until the connection is closed.
#[track_caller]
fn send(to: &Paths, bytes: &[u8]) -> Reply {
    let asked = String::from_utf8_lossy(&bytes[..bytes.len().min(300)]).into_owned();
    let url = to.url(None, "");
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).expect("the shop listens");
    stream.write_all(bytes).unwrap_or_else(|error| panic!("{asked}: not read to its end: {error}"));
    let answer = read(stream).unwrap_or_else(|error| panic!("{asked}: no whole answer: {error}"));
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, text) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{asked}: no answer: {answer:?}"));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    let body = serde_json::from_str(text).unwrap_or_default();
    Reply { asked, status: status.expect("an answer begins with its status"), headers, text: text.to_owned(), body }
}
