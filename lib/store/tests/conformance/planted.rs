//! Engines with one difference each: the suite must find every one of them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use store::{AnyFind, Applied, Change, Epoch, Journal, Record, StoreError, TableReader, TableWriter, Take};
use typed::{AnyFilter, AnyOrder, AnyRow, AnyTerm, Comparison, KeyValue, Table, Value};

use crate::RULES;
use crate::engines::{Engine, Memory};

macro_rules! differences {
    ($($name:ident)+) => {
        /// What is different.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Wrong { $($name),+ }
        use Wrong::*;
        const ALL: &[Wrong] = &[$($name),+];
    };
}

differences! {
    RefusedAppendIsDone
    LimitOfRecordsIsIgnored
    DamageIsTheEnd
    LastIsTheFirst
    OldEpochAppends
    OldEpochWrites
    BulkIsCutOff
    AppliedIsForgotten
    DeletedRowsStay
    NothingIsSwept
    TrailGoesOn
    MomentPasses
    OneGroupIsHighest
    AMissingRowEndsALoad
    NoneComesLast
    HighestComesLast
    LimitIsOneMore
    NothingIsSkipped
    APageLeavesOutTheSame
    NoneIsNotAnother
    APartIsTheStart
    BelowIsAtMost
    TheFirstOfSomeIsAll
    BlocksAreTwiceAsLong
    CountsAreOneMore
    OnlyTheFirstCharacterSorts
}

/// The engine in memory, with a difference.
struct Planted(Memory, Wrong);

/// A part of it.
struct With<T: ?Sized>(Wrong, Box<T>);

impl Engine for Planted {
    fn journal(&self) -> Box<dyn Journal> {
        Box::new(With(self.1, self.0.journal()))
    }
    fn writer(&self) -> Box<dyn TableWriter> {
        Box::new(With(self.1, self.0.writer()))
    }
    fn reader(&self) -> Box<dyn TableReader> {
        Box::new(With(self.1, self.0.reader()))
    }
}

impl Journal for With<dyn Journal> {
    fn claim(&mut self) -> Result<Epoch, StoreError> {
        self.1.claim()
    }
    fn append(&mut self, record: &Record) -> Result<(), StoreError> {
        match (self.1.append(record), self.0) {
            (Err(StoreError::Refused { .. }), RefusedAppendIsDone) => Ok(()),
            (Err(StoreError::Fenced { .. }), OldEpochAppends) => Ok(()),
            (done, _) => done,
        }
    }
    fn last(&mut self) -> Result<Option<Record>, StoreError> {
        if self.0 == LastIsTheFirst { Ok(self.1.read(1, 1)?.pop()) } else { self.1.last() }
    }
    fn read(&mut self, from: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        match (self.1.read(from, if self.0 == LimitOfRecordsIsIgnored { 1_000 } else { limit }), self.0) {
            (Err(StoreError::Damaged { .. }), DamageIsTheEnd) => Ok(Vec::new()),
            (read, _) => read,
        }
    }
}

impl TableWriter for With<dyn TableWriter> {
    fn applied(&mut self) -> Result<Applied, StoreError> {
        self.1.applied()
    }
    fn claim(&mut self, epoch: Epoch) -> Result<(), StoreError> {
        self.1.claim(epoch)
    }
    fn apply(
        &mut self,
        changes: &mut [Change<'_>],
        trail: &mut [(u64, u64)],
        applied: Applied,
    ) -> Result<(), StoreError> {
        let wanted = |change: &&Change<'_>| match self.0 {
            DeletedRowsStay => change.row.is_some(),
            NothingIsSwept => change.table.sweeps.is_none(),
            _ => true,
        };
        let mut wanted: Vec<Change<'_>> = changes.iter().filter(wanted).map(same).collect();
        match (self.1.apply(&mut wanted, trail, applied), self.0) {
            (Err(StoreError::Fenced { .. }), OldEpochWrites) => Ok(()),
            (Err(why), BulkIsCutOff) => {
                self.1.apply(&mut wanted[..1], trail, applied)?;
                Err(why)
            }
            (done, _) => done,
        }
    }
}

fn same<'a>(change: &Change<'a>) -> Change<'a> {
    Change { table: change.table, key: change.key.clone(), row: change.row }
}

impl With<dyn TableReader> {
    fn changed(&self, find: &AnyFind) -> AnyFind {
        let mut find = find.clone();
        match self.0 {
            NoneComesLast => none_last(&mut find),
            HighestComesLast => find.order.iter_mut().for_each(|order| order.descending = false),
            LimitIsOneMore => find.limit = find.limit.map(|limit| limit + 1),
            NothingIsSkipped => find.skip = 0,
            APageLeavesOutTheSame => find.after.truncate(1),
            OnlyTheFirstCharacterSorts => {
                let text =
                    |order: &&mut AnyOrder| matches!(&order.term, AnyTerm::Column(column) if column.name == "note");
                for order in find.order.iter_mut().filter(text) {
                    order.term = AnyTerm::Start(Box::new(order.term.clone()), 1);
                }
            }
            wrong => find.filters = find.filters.into_iter().map(|filter| filtered(filter, wrong)).collect(),
        }
        find
    }
}

fn none_last(find: &mut AnyFind) {
    let (order, mut after) = (std::mem::take(&mut find.order), std::mem::take(&mut find.after).into_iter());
    for order in order {
        let value = after.next();
        if order.term.may_be_null() {
            let (term, to) = (order.term.clone(), Value::Null);
            let is_none = AnyFilter::Compare { term, how: Comparison::Is, to, closed: false };
            find.order.push(AnyOrder { term: AnyTerm::Whether(Box::new(is_none)), descending: order.descending });
            find.after.extend(value.as_ref().map(|value| Value::Int(i64::from(*value == Value::Null))));
        }
        find.after.extend(value);
        find.order.push(order);
    }
}

fn filtered(filter: AnyFilter, wrong: Wrong) -> AnyFilter {
    match (filter, wrong) {
        (AnyFilter::Compare { term, how: Comparison::IsNot, to, .. }, NoneIsNotAnother) if to != Value::Null => {
            // Above it, or below.
            let closed = false;
            let above = AnyFilter::Compare { term: term.clone(), how: Comparison::Above, to: to.clone(), closed };
            AnyFilter::Either(vec![above, AnyFilter::Compare { term, how: Comparison::Below, to, closed }])
        }
        (AnyFilter::Compare { term, how: Comparison::Below, to, closed }, BelowIsAtMost) => {
            AnyFilter::Compare { term, how: Comparison::AtMost, to, closed }
        }
        (AnyFilter::Compare { term: AnyTerm::Block(of, bits), how, to, closed }, BlocksAreTwiceAsLong) => {
            AnyFilter::Compare { term: AnyTerm::Block(of, bits + 1), how, to, closed }
        }
        (AnyFilter::Contains(term, part), APartIsTheStart) => {
            let chars = u32::try_from(part.chars().count()).unwrap();
            let (term, to) = (AnyTerm::Start(Box::new(term), chars), Value::Text(part));
            AnyFilter::Compare { term, how: Comparison::Is, to, closed: false }
        }
        (AnyFilter::OneOf { term, mut values, closed }, TheFirstOfSomeIsAll) => {
            values.truncate(1);
            AnyFilter::OneOf { term, values, closed }
        }
        (filter, _) => filter,
    }
}

impl TableReader for With<dyn TableReader> {
    fn hold_still(&mut self) -> Result<(), StoreError> {
        if self.0 == MomentPasses { Ok(()) } else { self.1.hold_still() }
    }
    fn let_go(&mut self) -> Result<(), StoreError> {
        self.1.let_go()
    }
    fn load(&mut self, table: &'static Table, keys: &[KeyValue]) -> Result<Vec<AnyRow>, StoreError> {
        if self.0 != AMissingRowEndsALoad {
            return self.1.load(table, keys);
        }
        let mut rows = Vec::new();
        for key in keys {
            let Some(row) = self.1.load(table, std::slice::from_ref(key))?.pop() else { break };
            rows.push(row);
        }
        Ok(rows)
    }
    fn highest(&mut self, table: &'static Table) -> Result<Vec<u64>, StoreError> {
        let mut highest = self.1.highest(table)?;
        if self.0 == OneGroupIsHighest {
            highest.truncate(1);
        }
        Ok(highest)
    }
    fn find(&mut self, find: &AnyFind) -> Result<Vec<AnyRow>, StoreError> {
        self.1.find(&self.changed(find))
    }
    fn count(&mut self, find: &AnyFind) -> Result<u64, StoreError> {
        Ok(self.1.count(&self.changed(find))? + u64::from(self.0 == CountsAreOneMore))
    }
    fn each_of(&mut self, find: &AnyFind, terms: &[AnyTerm], take: Take<'_>) -> Result<(), StoreError> {
        self.1.each_of(&self.changed(find), terms, take)
    }
    fn applied(&mut self) -> Result<Applied, StoreError> {
        if self.0 == AppliedIsForgotten { Ok(Applied::default()) } else { self.1.applied() }
    }
    fn trail(&mut self, subject: u64, last: u64) -> Result<Vec<u64>, StoreError> {
        self.1.trail(subject, if self.0 == TrailGoesOn { u64::MAX } else { last })
    }
}

/// Whether some rule does not hold with `wrong`.
fn is_found(wrong: Wrong) -> bool {
    let breaks =
        |rule: fn(&dyn Engine)| catch_unwind(AssertUnwindSafe(|| rule(&Planted(Memory::new(), wrong)))).is_err();
    RULES.iter().any(|rule| breaks(*rule))
}

#[test]
fn every_difference_is_found() {
    let unseen: Vec<Wrong> = ALL.iter().copied().filter(|wrong| !is_found(*wrong)).collect();
    assert_eq!(unseen, []);
}
