//! One connection of a load: it has one request on its way at the most.

use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::Instant;

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

use super::{Answer, answer};

/// What came of looking for an answer.
pub enum Heard {
    /// It is still on its way.
    Nothing,
    /// The answer was handed over; its connection stays open, or not.
    Answered { closes: bool },
}

/// A connection, and what it waits for.
pub struct Connection {
    stream: TcpStream,
    /// What has come of an answer that is not whole yet.
    received: Vec<u8>,
    /// What the socket has not taken yet.
    unsent: Vec<u8>,
    /// When the request on its way should have been sent.
    pub due: Option<Instant>,
    /// When the last request was sent.
    pub sent: Instant,
}

impl Connection {
    /// Connects to `address`, in a moment.
    ///
    /// # Errors
    /// If the operating system has no more connections to give.
    pub fn open(address: SocketAddr, registry: &Registry, token: Token) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("cannot connect to {address}: {error}");
        let mut stream = TcpStream::connect(address).map_err(failed)?;
        let _ = stream.set_nodelay(true);
        registry.register(&mut stream, token, Interest::READABLE | Interest::WRITABLE).map_err(failed)?;
        Ok(Self { stream, received: Vec::new(), unsent: Vec::new(), due: None, sent: Instant::now() })
    }

    /// Sends `request`, which should have been sent at `due`.
    ///
    /// # Errors
    /// If the connection broke.
    pub fn send(&mut self, request: &[u8], due: Instant) -> Result<(), String> {
        (self.due, self.sent) = (Some(due), Instant::now());
        let sent = self.write(request)?;
        self.unsent.extend_from_slice(&request[sent..]);
        Ok(())
    }

    /// Goes on sending what the socket did not take.
    ///
    /// # Errors
    /// If the connection broke.
    pub fn go_on_sending(&mut self) -> Result<(), String> {
        if !self.unsent.is_empty() {
            let unsent = std::mem::take(&mut self.unsent);
            let sent = self.write(&unsent)?;
            self.unsent = unsent[sent..].to_vec();
        }
        Ok(())
    }

    fn write(&mut self, mut bytes: &[u8]) -> Result<usize, String> {
        let all = bytes.len();
        while !bytes.is_empty() {
            match self.stream.write(bytes) {
                Ok(0) => return Err("the connection takes nothing more".to_owned()),
                Ok(sent) => bytes = &bytes[sent..],
                // Not connected yet is said so on some systems; the socket tells when it can be written.
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::NotConnected) => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.to_string()),
            }
        }
        Ok(all - bytes.len())
    }

    /// Reads what came, by way of `buffer`, and hands an answer that is whole to `hear`.
    ///
    /// # Errors
    /// If the connection broke, or what came is no answer.
    pub fn hear(&mut self, buffer: &mut [u8], mut hear: impl FnMut(&Answer<'_>)) -> Result<Heard, String> {
        loop {
            let read = match self.stream.read(buffer) {
                Ok(0) if self.due.is_none() => return Ok(Heard::Answered { closes: true }),
                Ok(0) => return Err("the server closed the connection before it answered".to_owned()),
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Heard::Nothing),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.to_string()),
            };
            let fresh = &buffer[..read];
            let bytes = if self.received.is_empty() {
                fresh
            } else {
                self.received.extend_from_slice(fresh);
                &self.received
            };
            if let Some(answer) = answer::first(bytes)? {
                if self.due.is_none() || answer.taken != bytes.len() {
                    return Err("more answers came than requests were sent".to_owned());
                }
                hear(&answer);
                let closes = answer.closes;
                self.received.clear();
                return Ok(Heard::Answered { closes });
            }
            if self.received.is_empty() {
                self.received.extend_from_slice(&buffer[..read]);
            }
            // A read that did not fill the buffer has emptied the socket; it will be told when there is more.
            if read < buffer.len() {
                return Ok(Heard::Nothing);
            }
        }
    }
}
