//! Reads answers from bytes that may come in any pieces.

/// More headers than any of our servers sends.
const HEADERS: usize = 32;

/// The first answer in some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer<'a> {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub body: &'a [u8],
    /// Whether it says when to come again.
    pub retry_after: bool,
    /// Whether the connection ends with it.
    pub closes: bool,
    /// How many bytes it took.
    pub taken: usize,
}

/// The first answer in `bytes`; `None` if it is not there as a whole yet.
///
/// # Errors
/// If these are no HTTP/1.1 answers whose lengths are told.
pub fn first(bytes: &[u8]) -> Result<Option<Answer<'_>>, String> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut head = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(body_at) = head.parse(bytes).map_err(|error| error.to_string())? else {
        return Ok(None);
    };
    let status = head.code.unwrap_or(0);
    let (mut length, mut retry_after, mut closes) = (None, false, false);
    for header in head.headers.iter() {
        match header.name.len() {
            14 if header.name.eq_ignore_ascii_case("content-length") => length = number(header.value),
            11 if header.name.eq_ignore_ascii_case("retry-after") => retry_after = true,
            10 if header.name.eq_ignore_ascii_case("connection") => {
                closes = header.value.eq_ignore_ascii_case(b"close");
            }
            _ => {}
        }
    }
    let length = match length {
        Some(length) => length,
        None if matches!(status, 204 | 304) => 0,
        None => return Err(format!("an answer with status {status} does not tell its length")),
    };
    let taken = body_at + length;
    Ok(bytes.get(body_at..taken).map(|body| Answer { status, body, retry_after, closes, taken }))
}

fn number(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOLD: &[u8] = b"HTTP/1.1 201 Created\r\nContent-Length: 4\r\nX: y\r\n\r\nsoldHTTP/1.1 503 Busy\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

    #[test]
    fn an_answer_that_comes_in_pieces_is_whole_with_its_last_byte_and_not_before() {
        let whole = first(SOLD).unwrap().unwrap().taken;
        for cut in 0..whole {
            assert_eq!(first(&SOLD[..cut]), Ok(None), "after {cut} of {whole} bytes");
        }
        assert_eq!(first(&SOLD[..whole]).unwrap().unwrap().body, b"sold");
    }

    #[test]
    fn answers_that_come_together_are_read_one_after_the_other() {
        let sold = first(SOLD).unwrap().unwrap();
        let busy = first(&SOLD[sold.taken..]).unwrap().unwrap();

        assert_eq!((sold.status, sold.retry_after, sold.closes), (201, false, false));
        assert_eq!((busy.status, busy.retry_after, busy.closes), (503, true, true));
        assert_eq!(sold.taken + busy.taken, SOLD.len());
    }

    #[test]
    fn what_is_no_answer_or_tells_no_length_is_said_so() {
        assert!(first(b"SSH-2.0-OpenSSH_9.6\r\n").is_err());
        assert_eq!(
            first(b"HTTP/1.1 200 OK\r\n\r\n"),
            Err("an answer with status 200 does not tell its length".to_owned())
        );
        assert_eq!(first(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap().unwrap().body, b"");
    }
}
