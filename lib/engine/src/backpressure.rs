//! Backpressure: the journal waits where the tables are too far behind it. All of it must be caught up before a shop that was killed is ready again.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// So many bytes of records may wait for the tables: some 30,000 orders, which are caught up in half a second.
pub(crate) const LIMIT: usize = 32 << 20;

#[derive(Debug, Default)]
struct Backlog {
    /// How many bytes wait for the tables; `None` once nobody writes them any more.
    bytes: Mutex<Option<usize>>,
    less: Condvar,
}

/// Who appends to the journal.
#[derive(Debug)]
pub(crate) struct Producer {
    backlog: Arc<Backlog>,
    limit: usize,
}

/// Who brings the tables up to the journal. When this is dropped, nobody waits for the tables any more.
#[derive(Debug)]
pub(crate) struct Consumer(Arc<Backlog>);

/// Both sides of a backlog that has no more than `limit` bytes, or one record.
pub(crate) fn backpressure(limit: usize) -> (Producer, Consumer) {
    let backlog = Arc::new(Backlog { bytes: Mutex::new(Some(0)), less: Condvar::new() });
    (Producer { backlog: backlog.clone(), limit }, Consumer(backlog))
}

impl Producer {
    /// The journal has `bytes` more. Waits until there is room for them.
    pub(crate) fn add(&self, bytes: usize) {
        let has_no_room =
            |waiting: &mut Option<usize>| waiting.is_some_and(|waiting| waiting > 0 && waiting + bytes > self.limit);
        let waiting = self.backlog.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let mut waiting = self.backlog.less.wait_while(waiting, has_no_room).unwrap_or_else(PoisonError::into_inner);
        if let Some(waiting) = waiting.as_mut() {
            *waiting += bytes;
        }
    }
}

impl Consumer {
    /// The tables have `bytes` more.
    pub(crate) fn caught_up(&self, bytes: usize) {
        self.change(|waiting| waiting.map(|waiting| waiting.saturating_sub(bytes)));
    }

    fn change(&self, how: impl FnOnce(Option<usize>) -> Option<usize>) {
        let mut waiting = self.0.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting = how(*waiting);
        self.0.less.notify_all();
    }
}

impl Drop for Consumer {
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
        let (producer, consumer) = backpressure(100);
        producer.add(60);
        let (told, heard) = channel();
        let appending = spawn(move || {
            producer.add(40); // it is full, but not over
            told.send(1).unwrap();
            producer.add(1);
            told.send(2).unwrap();
        });
        assert_eq!(heard.recv(), Ok(1));
        assert_eq!(heard.try_recv(), Err(TryRecvError::Empty));
        consumer.caught_up(60);
        assert_eq!(heard.recv(), Ok(2));
        appending.join().unwrap();
    }

    #[test]
    fn one_record_has_room_however_long_it_is() {
        let (producer, consumer) = backpressure(100);
        producer.add(1_000);
        consumer.caught_up(1_000);
        producer.add(1_000);
    }

    #[test]
    fn nobody_waits_for_a_writer_that_is_gone() {
        let (producer, consumer) = backpressure(100);
        producer.add(100);
        let appending = spawn(move || producer.add(100));
        drop(consumer);
        appending.join().unwrap();
    }
}
