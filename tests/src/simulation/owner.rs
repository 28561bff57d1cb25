//! An owner of a shard, driven by hand: it handles a batch, appends it, and brings the tables up to what it appended. Another may take over
//! from it at any moment, and it goes on as if nothing were, with what it has in memory.

use std::rc::Rc;

use contracts::{Answer, Message, ServiceName};
use engine::{Core, HandledBatch, Intent, Shard, Tables, bring_forward, take_over};
use store::memory::MemoryStore;
use store::{Applied, Change, Epoch, Journal, Record, StoreError, TableReader, TableWriter};

use super::guards::{Guard, Unfenced};
use crate::core_shop::{AnyService, services};

/// What the owners of a shard have in common: what survives them.
#[derive(Clone)]
pub(super) struct Place {
    services: Vec<ServiceName>,
    recipes: Rc<contracts::Recipes>,
    tables: Rc<Tables>,
    store: MemoryStore,
    without: Option<Guard>,
}

impl Place {
    /// A shard of these services, in a store of its own.
    pub(super) fn new(
        services: Vec<ServiceName>,
        recipes: Rc<contracts::Recipes>,
        tables: Rc<Tables>,
        without: Option<Guard>,
    ) -> Self {
        Self { services, recipes, tables, store: MemoryStore::new(), without }
    }

    fn services(&self) -> Vec<AnyService> {
        let is_here = |service: &AnyService| self.services.iter().any(|name| *name as u8 == service.number());
        services(&self.recipes).into_iter().filter(is_here).collect()
    }

    fn journal(&self) -> Box<dyn Journal> {
        match self.without {
            Some(Guard::Epoch) => Box::new(Unfenced(self.store.clone())),
            _ => Box::new(self.store.journal()),
        }
    }

    fn writer(&self) -> Box<dyn TableWriter> {
        match self.without {
            Some(Guard::TableEpoch) => Box::new(Unfenced(self.store.clone())),
            _ => Box::new(self.store.writer()),
        }
    }
}

/// An owner, or one who was.
pub(super) struct Owner {
    shard: Shard<Message, Answer>,
    writer: Bulks,
    place: Place,
}

impl Owner {
    /// Takes the shard over from whoever had it.
    pub(super) fn take_over(place: &Place) -> Self {
        let (mut journal, mut writer) = (place.journal(), place.writer());
        let taken = take_over::<Message>(&mut *journal, &place.tables, &mut *writer, &mut |_, _| {});
        let taken = taken.expect("the tables can follow the journal");
        let writer = Bulks { writer, applied: Applied::of(taken.last.0, taken.last.1) };
        let shard = Shard::open(place.services(), Box::new(place.store.reader()), journal, taken);
        Self { shard: shard.expect("the tables can be read"), writer, place: place.clone() }
    }

    /// What survives it.
    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// Whether a timer is due at `now`.
    pub(super) fn is_due(&self, now: u64) -> bool {
        self.shard.core.next_due().is_some_and(|due| due <= now)
    }

    /// Which services are here.
    pub(super) fn hosts(&self) -> engine::Hosted {
        self.shard.core.hosts()
    }

    /// Has a batch handled at `now`, and appends it.
    ///
    /// # Errors
    /// If the journal did not take it. It can do nothing any more then.
    pub(super) fn batch<T>(
        &mut self,
        now: u64,
        run: impl FnOnce(&mut Core<Message, Answer>) -> T,
    ) -> Result<(T, HandledBatch<Message>), StoreError> {
        let (done, batch) = self.handle(now, run);
        self.append(&batch)?;
        Ok((done, batch))
    }

    /// Appends what came of a batch.
    ///
    /// # Errors
    /// If the journal did not take it.
    pub(super) fn append(&mut self, batch: &HandledBatch<Message>) -> Result<(), StoreError> {
        self.shard.append(batch)
    }

    /// Has a batch handled, and does not append it.
    pub(super) fn handle<T>(
        &mut self,
        now: u64,
        run: impl FnOnce(&mut Core<Message, Answer>) -> T,
    ) -> (T, HandledBatch<Message>) {
        let core = &mut self.shard.core;
        core.begin(now);
        core.fire_timers().expect("the tables can be read");
        let done = run(core);
        (done, core.finish())
    }

    /// Brings the tables up to what this owner has appended, as its table writer does: it knows of nothing else. Returns whether there was
    /// anything to be written.
    ///
    /// # Errors
    /// If the tables do not take it.
    pub(super) fn settle(&mut self) -> Result<bool, StoreError> {
        let last = self.shard.last().0;
        let mut own = Own { journal: self.place.journal(), last };
        let tables = &self.place.tables;
        let (seq, _, applied) = bring_forward::<Message>(&mut own, tables, &mut self.writer, &mut |_, _| {})?;
        self.shard.core.evict(seq);
        Ok(applied > 0)
    }

    /// How far it has taken in what comes from `from`.
    pub(super) fn received(&mut self, from: engine::Source) -> u64 {
        self.shard.core.received(from).expect("the tables can be read")
    }

    /// What it intends, right after it took over.
    pub(super) fn intents(&mut self) -> Vec<Intent> {
        self.shard.core.intents().expect("the tables can be read")
    }

    /// The tables as they are.
    pub(super) fn reader(&self) -> impl TableReader + use<> {
        self.place.store.reader()
    }

    /// All that was appended, by this owner or another, from the record `first` on.
    pub(super) fn records(&self, first: u64) -> Vec<Record> {
        self.place.journal().read(first, usize::MAX >> 1).expect("the journal can be read")
    }
}

/// Writes tables, and knows by itself how far it is, as one who keeps in memory what it has to write.
struct Bulks {
    writer: Box<dyn TableWriter>,
    applied: Applied,
}

impl TableWriter for Bulks {
    fn applied(&mut self) -> Result<Applied, StoreError> {
        Ok(self.applied)
    }
    fn claim(&mut self, epoch: Epoch) -> Result<(), StoreError> {
        self.writer.claim(epoch)
    }
    fn apply(
        &mut self,
        changes: &mut [Change<'_>],
        trail: &mut [(u64, u64)],
        applied: Applied,
    ) -> Result<(), StoreError> {
        self.writer.apply(changes, trail, applied)?;
        self.applied = applied;
        Ok(())
    }
}

/// A journal as far as one owner knows it.
struct Own {
    journal: Box<dyn Journal>,
    last: u64,
}

impl Journal for Own {
    fn claim(&mut self) -> Result<Epoch, StoreError> {
        self.journal.claim()
    }
    fn append(&mut self, record: &Record) -> Result<(), StoreError> {
        self.journal.append(record)
    }
    fn last(&mut self) -> Result<Option<Record>, StoreError> {
        if self.last == 0 { Ok(None) } else { Ok(self.journal.read(self.last, 1)?.pop()) }
    }
    fn read(&mut self, from: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        let left = usize::try_from((self.last + 1).saturating_sub(from)).unwrap_or(usize::MAX);
        if left == 0 { Ok(Vec::new()) } else { self.journal.read(from, limit.min(left)) }
    }
}
