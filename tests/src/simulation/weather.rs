//! Which faults there are, how often they come, and how often they came.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::chance::Chance;

/// What can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The owner of a shard crashes between two batches.
    Crash,
    /// The owner of a shard crashes after it handled messages, before its journal has them.
    BatchLost,
    /// The connection to a journal is lost in an append: the record is there or not, and nobody is told which.
    OutcomeUnknown,
    /// Another takes over a shard while its owner sleeps.
    TakenOver,
    /// One who was taken over from wakes, and appends what it handled.
    LateAppend,
    /// One who was taken over from wakes, and writes rows as they were when it fell asleep.
    LateBulk,
    /// The connection of a client is lost before it has its answer: it asks again with the same key.
    AnswerLost,
    /// Messages that were taken in come again.
    MessagesTwice,
    /// A shard hears nothing of another one for a while.
    LinkCut,
    /// Much time passes at once, so that deadlines pass while messages are on their way.
    LongWait,
    /// The provider answers long after it was asked.
    ProviderLate,
    /// The provider answers twice.
    ProviderTwice,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Crash,
        Self::BatchLost,
        Self::OutcomeUnknown,
        Self::TakenOver,
        Self::LateAppend,
        Self::LateBulk,
        Self::AnswerLost,
        Self::MessagesTwice,
        Self::LinkCut,
        Self::LongWait,
        Self::ProviderLate,
        Self::ProviderTwice,
    ];
}

/// How often each fault comes: once in so many times that it could. One that is not here never comes.
#[derive(Debug, Default)]
pub(super) struct Weather {
    once_in: BTreeMap<Fault, u64>,
    counted: RefCell<BTreeMap<Fault, u64>>,
}

impl Weather {
    /// Everything goes wrong now and then.
    pub(super) fn foul() -> Self {
        use Fault::*;
        let once_in = [
            (Crash, 40),
            (BatchLost, 250),
            (OutcomeUnknown, 60),
            (TakenOver, 40),
            (AnswerLost, 20),
            (MessagesTwice, 4),
            (LinkCut, 40),
            (LongWait, 150),
            (ProviderLate, 3),
            (ProviderTwice, 3),
        ];
        Self { once_in: once_in.into(), counted: RefCell::default() }
    }

    /// Whether `fault` comes about now.
    pub(super) fn strikes(&self, chance: &Chance, fault: Fault) -> bool {
        let strikes = self.once_in.get(&fault).is_some_and(|many| chance.one_in(*many));
        if strikes {
            self.count(fault);
        }
        strikes
    }

    /// `fault` came about, as what follows from another one.
    pub(super) fn count(&self, fault: Fault) {
        *self.counted.borrow_mut().entry(fault).or_default() += 1;
    }

    /// How often something happens that happens twice if `fault` comes about.
    pub(super) fn times(&self, chance: &Chance, fault: Fault) -> usize {
        1 + usize::from(self.strikes(chance, fault))
    }

    /// Nothing goes wrong any more.
    pub(super) fn clear(&mut self) {
        self.once_in.clear();
    }

    /// How often each fault came about.
    pub(super) fn counted(&self) -> BTreeMap<Fault, u64> {
        self.counted.borrow().clone()
    }
}
