//! A load generator: one thread, many connections, and as little CPU for a request as can be, since it shares the machine with what it
//! measures. Latencies count from when a request should have been sent, so that a server that stalls does not look fast.

mod answer;
mod connection;
mod drive;
mod pace;
mod tally;

use std::net::SocketAddr;
use std::time::Duration;

pub use answer::{Answer, first};
pub use pace::Pace;
pub use tally::{Reading, SLICE, Slice, Tally, below_ms};

/// A load to put on a server.
#[derive(Debug)]
pub struct Load {
    /// The server.
    pub address: SocketAddr,
    /// How many connections.
    pub connections: usize,
    /// How requests follow each other.
    pub pace: Pace,
    /// How long.
    pub lasts: Duration,
    /// How many requests at the most; it ends with the last answer.
    pub at_most: Option<u64>,
}

/// Writes one request after the other.
pub type Requests = Box<dyn FnMut(&mut Vec<u8>)>;

impl Load {
    /// Puts it on the server, and tells what came of it.
    ///
    /// # Errors
    /// If the server cannot be reached.
    pub fn run(&self, reading: &Reading, requests: &mut Requests) -> Result<Tally, String> {
        drive::Drive::new(self, reading, requests)?.run()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::thread;

    use super::*;
    use crate::process::pause;

    const STALL: Duration = Duration::from_millis(400);

    fn serve(mut client: TcpStream, stalls_at: usize) {
        client.set_nodelay(true).unwrap();
        let mut bytes = [0; 1_024];
        for answered in 0.. {
            match client.read(&mut bytes) {
                Ok(0) | Err(_) => return,
                Ok(_) if answered == stalls_at => pause(STALL),
                Ok(_) => {}
            }
            // In two pieces, as networks do.
            let written = client
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Le")
                .and_then(|()| client.write_all(b"ngth: 2\r\n\r\nok"));
            if written.is_err() {
                return;
            }
        }
    }

    /// A server that stalls once on each connection, and what a load on one connection says of it.
    fn load_on_a_server_that_stalls(pace: Pace) -> Tally {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || serve(listener.accept().unwrap().0, 20));
        let load = Load { address, connections: 1, pace, lasts: Duration::from_secs(1), at_most: None };
        let mut requests: Requests = Box::new(|into| into.extend_from_slice(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"));
        load.run(&Reading::new("ok"), &mut requests).unwrap()
    }

    #[test]
    fn a_stall_shows_in_the_latencies_of_all_that_were_due_meanwhile() {
        let tally = load_on_a_server_that_stalls(Pace::Open(200.0));

        // Some 80 of 200 were due while it stalled, evenly: a fifth of all waited half of the stall or longer.
        assert!(tally.done > 150, "{}", tally.done);
        assert!(tally.latency_ms(85.0) > 150.0, "{} ms", tally.latency_ms(85.0));
        assert!(tally.latency_ms(99.0) > 300.0, "{} ms", tally.latency_ms(99.0));
    }

    #[test]
    fn a_closed_load_sends_again_with_each_answer_and_counts_all() {
        let tally = load_on_a_server_that_stalls(Pace::Closed);

        assert!(tally.done > 500, "{}", tally.done);
        assert_eq!((tally.wrong, tally.broken, tally.answered()), (0, 0, tally.done), "{:?}", tally.oddity);
        assert!(tally.latency.max() > 350_000, "{}", tally.latency.max());
    }

    #[test]
    fn a_load_with_an_end_sends_just_so_many() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                thread::spawn(move || serve(client, usize::MAX));
            }
        });
        let load =
            Load { address, connections: 7, pace: Pace::Closed, lasts: Duration::from_secs(30), at_most: Some(1_000) };
        let mut requests: Requests = Box::new(|into| into.extend_from_slice(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"));

        let tally = load.run(&Reading::new("ok"), &mut requests).unwrap();

        assert_eq!((tally.done, tally.broken), (1_000, 0));
        assert!(tally.lasted < Duration::from_secs(10));
    }
}
