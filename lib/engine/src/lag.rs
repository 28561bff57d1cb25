//! How far the tables may be behind the journal. All of it must be caught up before a shop that was killed is ready again.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// So many bytes of records may wait for the tables: some 30,000 orders, which are caught up in half a second.
pub(crate) const LIMIT: usize = 32 << 20;

#[derive(Debug, Default)]
struct Lag {
    /// `None` once nobody follows any more.
    bytes: Mutex<Option<usize>>,
    less: Condvar,
}

/// Who appends to the journal, ahead of the tables.
#[derive(Debug)]
pub(crate) struct Ahead {
    lag: Arc<Lag>,
    limit: usize,
}

/// Who brings the tables up to it. When this is dropped, nobody waits for the tables any more.
#[derive(Debug)]
pub(crate) struct Following(Arc<Lag>);

/// Both sides of a lag that has no more than `limit` bytes, or one record.
pub(crate) fn lag(limit: usize) -> (Ahead, Following) {
    let lag = Arc::new(Lag { bytes: Mutex::new(Some(0)), less: Condvar::new() });
    (Ahead { lag: lag.clone(), limit }, Following(lag))
}

impl Ahead {
    /// The journal has `bytes` more. Waits until there is room for them.
    pub(crate) fn add(&self, bytes: usize) {
        let has_no_room = |lag: &mut Option<usize>| lag.is_some_and(|lag| lag > 0 && lag + bytes > self.limit);
        let lag = self.lag.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lag = self.lag.less.wait_while(lag, has_no_room).unwrap_or_else(PoisonError::into_inner);
        if let Some(lag) = lag.as_mut() {
            *lag += bytes;
        }
    }
}

impl Following {
    /// The tables have `bytes` more.
    pub(crate) fn caught_up(&self, bytes: usize) {
        self.change(|lag| lag.map(|lag| lag.saturating_sub(bytes)));
    }

    fn change(&self, how: impl FnOnce(Option<usize>) -> Option<usize>) {
        let mut lag = self.0.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        *lag = how(*lag);
        self.0.less.notify_all();
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.change(|_| None);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{TryRecvError, channel};
    use std::thread::spawn;

    use super::*;

    #[test]
    fn what_has_no_room_waits_until_the_tables_have_caught_up() {
        let (ahead, following) = lag(100);
        ahead.add(60);
        let (told, heard) = channel();
        let appending = spawn(move || {
            ahead.add(40); // it is full, but not over
            told.send(1).unwrap();
            ahead.add(1);
            told.send(2).unwrap();
        });
        assert_eq!(heard.recv(), Ok(1));
        assert_eq!(heard.try_recv(), Err(TryRecvError::Empty));
        following.caught_up(60);
        assert_eq!(heard.recv(), Ok(2));
        appending.join().unwrap();
    }

    #[test]
    fn one_record_has_room_however_long_it_is() {
        let (ahead, following) = lag(100);
        ahead.add(1_000);
        following.caught_up(1_000);
        ahead.add(1_000);
    }

    #[test]
    fn nobody_waits_for_a_writer_that_is_gone() {
        let (ahead, following) = lag(100);
        ahead.add(100);
        let appending = spawn(move || ahead.add(100));
        drop(following);
        appending.join().unwrap();
    }
}
