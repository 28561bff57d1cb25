//! An engine with its store, driven batch by batch. It can be dropped and opened again at any moment: that is a crash.

use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use engine::{Core, HandledBatch, Intent, Service, Shard, Tables, bring_forward, take_over};
use store::memory::{MemoryReader, MemoryStore, MemoryWriter};
use store::{Find, Journal, TableReader};
use typed::{Answer, Key, Message, Row, Table};

use crate::tables::{Rows, rows};

/// What a rig is made of.
pub struct Plan<M, A> {
    /// Its tables, the engine's own among them.
    pub tables: Vec<&'static Table>,
    /// Makes its services.
    #[expect(clippy::type_complexity, reason = "a box of boxes, written once")]
    pub services: Box<dyn Fn() -> Vec<Box<dyn Service<M, A>>>>,
}

/// A shard and its store, which is in memory: what a store promises is tested with the store. Each time it is opened it is taken over anew.
pub struct Rig<M, A> {
    /// What its clock shows, in milliseconds since the Unix epoch.
    pub now: u64,
    plan: Rc<Plan<M, A>>,
    shard: Shard<M, A>,
    writer: MemoryWriter,
    store: MemoryStore,
}

impl<M: Message, A: Answer> Rig<M, A> {
    /// An empty one at `now`.
    pub fn new(plan: Rc<Plan<M, A>>, now: u64) -> Self {
        Self::open(plan, MemoryStore::new(), now)
    }

    fn open(plan: Rc<Plan<M, A>>, store: MemoryStore, now: u64) -> Self {
        let (mut journal, mut writer) = (store.journal(), store.writer());
        let tables = Tables::new(plan.tables.iter().copied());
        let taken = take_over::<M>(&mut journal, &tables, &mut writer, &mut |_, _| {});
        let taken = taken.expect("the tables can follow the journal");
        let shard = Shard::open((plan.services)(), Box::new(store.reader()), Box::new(journal), taken);
        Self { now, plan, shard: shard.expect("the tables can be read"), writer, store }
    }

    /// The same with other limits of a record, until it is opened again.
    #[must_use]
    pub fn with_limits(mut self, limits: engine::Limits) -> Self {
        self.shard.core = self.shard.core.with_limits(limits);
        self
    }

    /// Begins a batch, fires the timers that are due, has `run` hand messages to the engine, and appends what came of it.
    pub fn batch<T>(&mut self, run: impl FnOnce(&mut Core<M, A>) -> T) -> (T, HandledBatch<M>) {
        self.batch_at(self.now, self.now, run)
    }

    /// The same at `now` as the clock on the wall shows it, and `steady` as one does that nobody sets.
    pub fn batch_at<T>(
        &mut self,
        now: u64,
        steady: u64,
        run: impl FnOnce(&mut Core<M, A>) -> T,
    ) -> (T, HandledBatch<M>) {
        self.core.begin_at(now, steady);
        self.core.fire_timers().expect("the tables can be read");
        let done = run(&mut self.core);
        let batch = self.core.finish();
        self.shard.append(&batch).expect("the journal takes a record");
        (done, batch)
    }

    /// Runs a batch of which the record never reaches the journal, and crashes.
    pub fn crash_before_append<T>(mut self, run: impl FnOnce(&mut Core<M, A>) -> T) -> Self {
        let core = &mut self.shard.core;
        core.begin(self.now);
        run(core);
        core.finish();
        self.reopen()
    }

    /// Brings the tables up to the journal, as the table writer does behind everybody's back.
    pub fn settle(&mut self) {
        let (tables, journal) = (Tables::new(self.plan.tables.iter().copied()), self.shard.journal());
        let forward = bring_forward::<M>(journal, &tables, &mut self.writer, &mut |_, _| {});
        let (seq, ..) = forward.expect("the tables can follow the journal");
        self.shard.core.evict(seq);
    }

    /// Crashes, and starts anew from what is in the store.
    pub fn reopen(self) -> Self {
        let Self { now, plan, store, .. } = self;
        Self::open(plan, store, now)
    }

    /// Crashes, loses all tables, and starts anew from the journal.
    pub fn rebuild(self) -> Self {
        self.store.forget_tables();
        self.reopen()
    }

    /// The row of `key`, wherever it is.
    pub fn get<R: Row>(&mut self, key: &R::Key) -> Option<R> {
        if let Some(row) = self.core.view().get::<R>(key) {
            return row;
        }
        let found = self.reader().load(R::TABLE, &[key.to_value()]).expect("the table can be read");
        store::rows_of::<R>(found).pop()
    }

    /// All rows of one type, as of now, by their keys.
    pub fn all<R: Row>(&mut self) -> Vec<R> {
        self.settle();
        let mut rows = Find::<R>::all().rows(&mut self.reader()).expect("the table can be read");
        rows.sort_by_key(R::key);
        rows
    }

    /// All rows of `tables`, as of now.
    pub fn rows(&mut self, tables: &[&'static Table]) -> Rows {
        self.settle();
        rows(&mut self.reader(), tables)
    }

    /// What is to be done outside and not known to be done, as after a restart.
    pub fn intents(&mut self) -> Vec<Intent> {
        self.settle();
        self.core.intents().expect("the tables can be read")
    }

    /// The journal.
    pub fn journal(&mut self) -> &mut dyn Journal {
        self.shard.journal()
    }

    /// The tables, as they are: behind the journal, unless they were settled.
    pub fn reader(&self) -> MemoryReader {
        self.store.reader()
    }
}

impl<M, A> Deref for Rig<M, A> {
    type Target = Shard<M, A>;

    fn deref(&self) -> &Shard<M, A> {
        &self.shard
    }
}

impl<M, A> DerefMut for Rig<M, A> {
    fn deref_mut(&mut self) -> &mut Shard<M, A> {
        &mut self.shard
    }
}
