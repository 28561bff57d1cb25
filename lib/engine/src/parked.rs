//! What is parked, found without a look at its table.

use std::collections::VecDeque;

use hashbrown::HashMap;
use store::{Find, StoreError, TableReader};
use typed::SubjectKey;

use crate::system_tables::Parked;

/// The ids of what is parked.
#[derive(Debug, Default)]
pub(crate) struct ParkedIndex {
    /// Of messages and timers, oldest first, by service and subject. What is about nothing has no followers and is not here.
    by_subject: HashMap<(u8, SubjectKey), VecDeque<u64>>,
    /// Of intents, by their keys.
    intents: HashMap<u64, u64>,
    /// How many there are in all.
    count: u64,
}

impl ParkedIndex {
    /// What the table has.
    pub(crate) fn open(reader: &mut dyn TableReader) -> Result<Self, StoreError> {
        let mut index = Self::default();
        let parked = || Parked::COLUMNS;
        let followed = parked().subject.is_not(SubjectKey::NONE).or(parked().intent.is_some());
        let followed = Find::all().with(followed).by(parked().id.asc());
        followed.rows(reader)?.iter().for_each(|parked| index.add(parked));
        Ok(Self { count: Find::<Parked>::all().count(reader)?, ..index })
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    pub(crate) fn add(&mut self, parked: &Parked) {
        self.count += 1;
        if let Some(key) = parked.intent {
            self.intents.insert(key, parked.id);
        } else if !parked.subject.is_none() {
            self.by_subject.entry((parked.service, parked.subject)).or_default().push_back(parked.id);
        }
    }

    /// Whether a message with this service and subject has to wait.
    pub(crate) fn has(&self, service: u8, subject: SubjectKey) -> bool {
        !self.by_subject.is_empty() && self.by_subject.contains_key(&(service, subject))
    }

    /// The id that the others with this service and subject wait behind.
    pub(crate) fn oldest(&self, of: (u8, SubjectKey)) -> Option<u64> {
        self.by_subject.get(&of)?.front().copied()
    }

    /// Removes a message or a timer.
    pub(crate) fn remove(&mut self, id: u64, of: (u8, SubjectKey)) {
        self.count = self.count.saturating_sub(1);
        if let Some(ids) = self.by_subject.get_mut(&of) {
            ids.retain(|waiting| *waiting != id);
            if ids.is_empty() {
                self.by_subject.remove(&of);
            }
        }
    }

    pub(crate) fn has_intents(&self) -> bool {
        !self.intents.is_empty()
    }

    pub(crate) fn has_intent(&self, key: u64) -> bool {
        self.intents.contains_key(&key)
    }

    /// Removes the intent `key`, if it is parked, and gives the id that it had.
    pub(crate) fn remove_intent(&mut self, key: u64) -> Option<u64> {
        let id = self.intents.remove(&key)?;
        self.count = self.count.saturating_sub(1);
        Some(id)
    }
}
