//! What others may ask of points.

use ::store::by_recency::{self, BLOCK_BITS, ByRecency, Chunk, ChunkRequest, OfCustomer, of_block};
use ::store::{Find, StoreError, TableReader};
use contracts::StorefrontNo;
use contracts::queries::{
    AccountView, EntryView, Field, Found, Ledger, PageCursor, Query, Recent, RecordKind, RecordView,
};
use engine::{Missing, Rows};
use records::Listed;
use typed::{Any, Term};

use crate::account::{Account, Entry};
use crate::store::Counter as EntryCounter;

/// Answers a query from rows by their keys; `None` where it is for another service.
///
/// # Errors
/// If a row must be fetched first.
pub fn keyed(query: &Query, rows: &Rows<'_>) -> Result<Option<Found>, Missing> {
    let Query::OneAccount(of) = query else { return Ok(None) };
    Ok(Some(Found::OneAccount(rows.get::<Account>(&of.customer)?.map(Account::view))))
}

/// Answers a query from the tables; `None` where it is for another service.
///
/// # Errors
/// If the tables cannot be read.
pub fn listed(query: &Query, reader: &mut dyn TableReader) -> Result<Option<Found>, StoreError> {
    match query {
        Query::Ledger(of) => ledger(of, reader).map(Some),
        Query::Records(of) if of.kind == RecordKind::Account => {
            Ok(Some(Found::Records(records::answer::<Account>(of, reader)?)))
        }
        _ => Ok(None),
    }
}

fn ledger(of: &Ledger, reader: &mut dyn TableReader) -> Result<Found, StoreError> {
    let limit = usize::try_from(of.limit).unwrap_or(usize::MAX);
    let after = of.after.as_ref().map(|cursor| &cursor.0);
    let (entries, end) = by_recency::page(&OfCustomer::<Entry>::new(&of.customer, reader), reader, after, limit)?;
    let rows = entries.iter().map(Entry::view).collect();
    let account = Find::all().with(Account::COLUMNS.customer.is(of.customer.clone())).one(reader)?;
    Ok(Found::Ledger((account.as_ref().map(Account::view), Recent { rows, end: end.map(PageCursor) })))
}

impl Listed for Account {
    type Row = Self;

    fn shown(_: StorefrontNo) -> Find<Self> {
        Find::all().with(Self::COLUMNS.number.is_some())
    }
    fn number() -> Term<Self, Any> {
        Self::COLUMNS.number.as_any()
    }
    fn term(field: &Field) -> Option<Term<Self, Any>> {
        (*field == Field::Points).then(|| Self::COLUMNS.balance.as_any())
    }
    fn view(row: Self) -> Option<RecordView> {
        row.number.is_some().then(|| RecordView::Account(Box::new(Self::view(&row))))
    }
}

impl Account {
    /// As others see it.
    pub(crate) fn view(&self) -> AccountView {
        let Self { customer, number, balance, version } = self.clone();
        AccountView { customer, number, balance, version }
    }
}

impl Entry {
    /// As others see it.
    pub(crate) fn view(&self) -> EntryView {
        let (order, reason) = (self.owner, self.reason.clone());
        EntryView { order, points: self.points, balance: self.balance, at: self.at, reason }
    }
}

/// The group of the entries that were made before entries were counted. It is closed: a place in it is how many of a customer's come
/// before, by time.
const UNCOUNTED: u64 = 0;
/// The group of all others, of whatever storefront.
const COUNTED: u64 = 1;

impl ByRecency for Entry {
    fn in_block(customer: &str, request: ChunkRequest) -> Find<Self> {
        let entry = || Self::COLUMNS;
        Find::all()
            .with(entry().number.block(BLOCK_BITS).is(i64::try_from(request.block()).ok()))
            .with(entry().customer.is(customer.into()))
            .with(entry().number.below(Some(request.number)))
            .by(entry().number.desc())
    }
    fn group(&self) -> u64 {
        if self.number.is_some() { COUNTED } else { UNCOUNTED }
    }
    fn number(&self) -> u64 {
        self.number.unwrap_or_default()
    }
    fn at(&self) -> u64 {
        self.at
    }
    fn groups(reader: &mut dyn TableReader) -> Result<Vec<(u64, u64)>, StoreError> {
        let counter = Find::all().with(EntryCounter::COLUMNS.id.is(EntryCounter::OF_ALL)).one(reader)?;
        let counted = counter.map(|counter| (COUNTED, counter.next));
        Ok(std::iter::once((UNCOUNTED, u64::MAX)).chain(counted).collect())
    }
    fn chunk(reader: &mut dyn TableReader, customer: &str, request: ChunkRequest) -> Result<Chunk<Self>, StoreError> {
        if request.group == UNCOUNTED {
            uncounted(reader, customer, request)
        } else {
            of_block(reader, customer, request)
        }
    }
}

fn uncounted(reader: &mut dyn TableReader, customer: &str, request: ChunkRequest) -> Result<Chunk<Entry>, StoreError> {
    let whose = whose_uncounted(customer);
    let all = whose.count(reader)?;
    let first = (request.number - 1).min(all);
    let newest = whose.by(Entry::COLUMNS.at.desc()).by(Entry::COLUMNS.id.desc());
    let rows = newest.skip(all - first).limit(request.limit).rows(reader)?;
    let rows = (1..=first).rev().zip(rows).collect();
    Ok(Chunk::of(rows, request, 0))
}

/// Those of `customer`, which the index has in a block of their own.
pub fn whose_uncounted(customer: &str) -> Find<Entry> {
    let entry = || Entry::COLUMNS;
    Find::all().with(entry().number.block(BLOCK_BITS).is_none()).with(entry().customer.is(customer.into()))
}
