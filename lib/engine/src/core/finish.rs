//! Ends a batch: makes the record of all that came of it.

use std::sync::Arc;

use store::Record;
use typed::{Answer, Key, Message, Row};

use super::Core;
use crate::batch::{ChangedRow, HandledBatch};
use crate::system_tables::{Intent, Timer};

impl<M: Message, A: Answer> Core<M, A> {
    /// Ends the batch.
    pub fn finish(&mut self) -> HandledBatch<M> {
        self.unpark_changed_intents();
        let seq = self.caches.seq;
        let draft = &mut self.draft;
        draft.begin();
        let (mut intents, mut timers) = (Vec::new(), Vec::new());
        let (mut rows, mut room) = (Vec::with_capacity(self.row_count), std::mem::take(&mut self.room));
        for cache in self.caches.iter_mut() {
            let table = cache.table().number;
            cache.take_changes(seq, &mut room, &mut |key, row| {
                let at = draft.row(table, &key, row.as_ref().map(|changed| changed.form));
                if table == Timer::TABLE.number {
                    timers.extend(u64::from_value(&key).map(|key| (key, row.is_some())));
                } else if table == Intent::TABLE.number {
                    intents.extend(u64::from_value(&key));
                }
                let (is_new, list) = row.map_or((false, None), |changed| (changed.is_new, changed.list.cloned()));
                rows.push(ChangedRow { table, key, row: at, list, is_new });
            });
        }
        (self.row_count, self.room) = (rows.len(), room);
        for (key, is_there) in timers {
            match self.caches.cache::<Timer>().peek(&key) {
                Ok(Some(timer)) if is_there => {
                    let wait = timer.due.saturating_sub(self.now);
                    self.timers.set(key, self.steady.saturating_add(wait), timer.due);
                }
                _ => self.timers.take_back(key),
            }
        }
        let mut intents: Vec<_> =
            intents.into_iter().map(|key| (key, self.caches.get::<Intent>(&key).unwrap_or_default())).collect();
        intents.extend(self.newly_parked.drain(..).map(|key| (key, None)));
        self.parked_here = 0;
        if self.batch.len() == 0 && draft.is_empty() {
            return HandledBatch { record: None, rows, payload: Arc::default(), messages: self.batch.take(), intents };
        }
        let (payload, before) = draft.payload(&self.batch);
        let payload = Arc::from(payload);
        for at in rows.iter_mut().filter_map(|changed| changed.row.as_mut()) {
            *at = at.start - before..at.end - before;
        }
        let messages = self.batch.take();
        let record = Record::after(self.last_sum, seq, self.now, draft.body().into());
        self.last_sum = record.sum;
        self.caches.begin(seq + 1);
        HandledBatch { record: Some(record), rows, payload, messages, intents }
    }
}
