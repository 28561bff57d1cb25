//! The loop of a load: sends what is due on connections that are free, and counts what comes back.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use mio::{Events, Poll, Token};

use super::connection::{Connection, Heard};
use super::pace::{Pace, Schedule};
use super::{Load, Reading, Requests, Tally};
use crate::process;

/// How much is read at once: more than any answer here.
const BUFFER: usize = 64 * 1024;
/// How long an open load sleeps between two looks at what is due. What is sent late by that counts as latency.
const LOOK: Duration = Duration::from_millis(1);
/// How long the last answers are waited for.
const LAST_ANSWERS: Duration = Duration::from_secs(5);
/// So many broken connections before the first answer, and there will be none.
const HOPELESS: u64 = 10_000;

pub(super) struct Drive<'a> {
    load: &'a Load,
    reading: &'a Reading,
    requests: &'a mut Requests,
    poll: Poll,
    connections: Vec<Connection>,
    free: Vec<usize>,
    /// When the requests that are due but wait for a connection should have been sent.
    late: VecDeque<Instant>,
    start: Instant,
    sent: u64,
    tally: Tally,
    request: Vec<u8>,
}

impl<'a> Drive<'a> {
    pub(super) fn new(load: &'a Load, reading: &'a Reading, requests: &'a mut Requests) -> Result<Self, String> {
        let poll = Poll::new().map_err(|error| error.to_string())?;
        let open = |place| Connection::open(load.address, poll.registry(), Token(place));
        let connections: Vec<Connection> = (0..load.connections).map(open).collect::<Result<_, _>>()?;
        Ok(Self {
            load,
            reading,
            requests,
            free: (0..connections.len()).collect(),
            connections,
            poll,
            late: VecDeque::new(),
            start: Instant::now(),
            sent: 0,
            tally: Tally::default(),
            request: Vec::with_capacity(1_024),
        })
    }

    pub(super) fn run(mut self) -> Result<Tally, String> {
        let cpu = process::own_cpu()?;
        self.start = Instant::now();
        let end = self.start + self.load.lasts;
        let mut events = Events::with_capacity(1_024);
        let mut buffer = vec![0; BUFFER];
        let mut schedule = match self.load.pace {
            Pace::Closed => None,
            Pace::Open(per_second) => Some(Schedule::new(self.start, per_second)),
        };
        loop {
            let now = Instant::now();
            let over = now >= end || self.load.at_most.is_some_and(|most| self.sent >= most);
            if over && (self.free.len() == self.connections.len() || now >= end + LAST_ANSWERS) {
                break;
            }
            if !over {
                self.send_what_is_due(schedule.as_mut(), now)?;
            } else if self.tally.lasted.is_zero() && now >= end {
                self.tally.lasted = self.load.lasts;
            }
            let wait = if schedule.is_some() { LOOK } else { Duration::from_millis(100) };
            match self.poll.poll(&mut events, Some(wait)) {
                Err(error) if error.kind() != std::io::ErrorKind::Interrupted => return Err(error.to_string()),
                _ => {}
            }
            for event in &events {
                self.hear(event.token().0, event.is_writable(), &mut buffer)?;
            }
        }
        if self.tally.lasted.is_zero() {
            self.tally.lasted = self.start.elapsed().min(self.load.lasts);
        }
        self.tally.unsent = self.late.len() as u64;
        self.tally.broken += (self.connections.len() - self.free.len()) as u64;
        self.tally.own_cpu = process::own_cpu()?.saturating_sub(cpu);
        Ok(self.tally)
    }

    fn send_what_is_due(&mut self, schedule: Option<&mut Schedule>, now: Instant) -> Result<(), String> {
        let Some(schedule) = schedule else {
            while let Some(place) = self.free.pop() {
                if !self.send(place, Instant::now())? {
                    break;
                }
            }
            return Ok(());
        };
        while let Some(due) = schedule.take(now) {
            self.late.push_back(due);
        }
        while !self.late.is_empty()
            && let Some(place) = self.free.pop()
            && let Some(due) = self.late.pop_front()
        {
            if !self.send(place, due)? {
                break;
            }
        }
        Ok(())
    }

    /// Sends the next request on the connection at `place`; not if enough were sent.
    fn send(&mut self, place: usize, due: Instant) -> Result<bool, String> {
        if self.load.at_most.is_some_and(|most| self.sent >= most) {
            self.free.push(place);
            return Ok(false);
        }
        self.request.clear();
        (self.requests)(&mut self.request);
        self.sent += 1;
        match self.connections[place].send(&self.request, due) {
            Ok(()) => Ok(true),
            Err(why) => self.mend(place, &why).map(|()| true),
        }
    }

    fn hear(&mut self, place: usize, writable: bool, buffer: &mut [u8]) -> Result<(), String> {
        let connection = &mut self.connections[place];
        if writable && let Err(why) = connection.go_on_sending() {
            return self.mend(place, &why);
        }
        let (due, sent) = (connection.due, connection.sent);
        let (tally, reading, start, now) = (&mut self.tally, self.reading, self.start, Instant::now());
        let in_time = now < start + self.load.lasts;
        let heard = connection.hear(buffer, |answer| {
            if let (Some(due), true) = (due, in_time) {
                let since = |moment| now.saturating_duration_since(moment);
                tally.count(answer, reading.kind(answer), now - start, since(due), since(sent));
            }
        });
        match heard {
            Err(why) => self.mend(place, &why),
            Ok(Heard::Nothing) => Ok(()),
            Ok(Heard::Answered { closes }) => {
                let was_free = self.connections[place].due.take().is_none();
                if closes {
                    self.reopen(place)?;
                }
                if was_free {
                    return Ok(());
                }
                // A closed load goes on at once: the answer is the sign for the next request.
                if self.load.pace == Pace::Closed && in_time {
                    return self.send(place, now).map(|_| ());
                }
                self.free.push(place);
                Ok(())
            }
        }
    }

    /// Puts a new connection in the place of one that broke.
    fn mend(&mut self, place: usize, why: &str) -> Result<(), String> {
        if self.tally.answered() == 0 && self.tally.broken >= HOPELESS {
            return Err(format!("{} answers nothing: {why}", self.load.address));
        }
        let waited = self.connections[place].due.is_some();
        self.reopen(place)?;
        if waited {
            self.tally.broke(why);
            self.free.push(place);
        }
        Ok(())
    }

    fn reopen(&mut self, place: usize) -> Result<(), String> {
        self.connections[place] = Connection::open(self.load.address, self.poll.registry(), Token(place))?;
        Ok(())
    }
}
