//! Single requests, to prepare what is measured: bytes of HTTP/1.1, made by hand.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::load;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Writes a request without a body.
pub fn write_get(into: &mut Vec<u8>, path: &str) {
    let _ = write!(into, "GET {path} HTTP/1.1\r\nhost: bench\r\naccept: */*\r\n\r\n");
}

/// Writes a request with JSON in its body.
pub fn write_post(into: &mut Vec<u8>, path: &str, body: &[u8]) {
    write_post_with(into, path, b"", body);
}

/// The same with further headers, each ending its line.
pub fn write_post_with(into: &mut Vec<u8>, path: &str, headers: &[u8], body: &[u8]) {
    let length = body.len();
    let head = "HTTP/1.1\r\nhost: bench\r\naccept: */*\r\ncontent-type: application/json\r\ncontent-length:";
    let _ = write!(into, "POST {path} {head} {length}\r\n");
    into.extend_from_slice(headers);
    into.extend_from_slice(b"\r\n");
    into.extend_from_slice(body);
}

/// Gets `path`: status and body.
///
/// # Errors
/// If there is no answer.
pub fn get(address: SocketAddr, path: &str) -> Result<(u16, String), String> {
    let mut request = Vec::new();
    write_get(&mut request, path);
    call(address, &request)
}

/// Posts `body` to `path`, which must make something.
///
/// # Errors
/// If it does not.
pub fn make(address: SocketAddr, path: &str, body: &str) -> Result<String, String> {
    let mut request = Vec::new();
    write_post(&mut request, path, body.as_bytes());
    match call(address, &request)? {
        (200..300, made) => Ok(made),
        (status, text) => Err(format!("POST {path} {body} was answered with {status}: {text}")),
    }
}

fn call(address: SocketAddr, request: &[u8]) -> Result<(u16, String), String> {
    let failed = |error: std::io::Error| format!("{address}: {error}");
    let mut stream = TcpStream::connect(address).map_err(failed)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(failed)?;
    stream.write_all(request).map_err(failed)?;
    let (mut received, mut piece) = (Vec::new(), [0; 16 * 1024]);
    loop {
        let read = stream.read(&mut piece).map_err(failed)?;
        received.extend_from_slice(&piece[..read]);
        if let Some(answer) = load::first(&received)? {
            return Ok((answer.status, String::from_utf8_lossy(answer.body).into_owned()));
        }
        if read == 0 {
            return Err(format!("{address} closed the connection before it answered"));
        }
    }
}
