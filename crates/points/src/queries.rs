//! What others may ask of points.

use ::store::by_recency::{self, ByRecency, Chunk, ChunkRequest, OfCustomer, of_block};
use ::store::{StoreError, TableReader, rows_of, select};
use contracts::queries::{AccountView, EntryView, Found, PageCursor, Query, Recent};
use engine::{Missing, Rows};
use typed::{Key, Row, Sql};

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
    let Query::Ledger(of) = query else { return Ok(None) };
    let limit = usize::try_from(of.limit).unwrap_or(usize::MAX);
    let after = of.after.as_ref().map(|cursor| &cursor.0);
    let (entries, end) = by_recency::page(&OfCustomer::<Entry>::new(&of.customer), reader, after, limit)?;
    let rows = entries.iter().map(Entry::view).collect();
    let account = rows_of::<Account>(reader.load(Account::TABLE, &[of.customer.to_value()])?).pop();
    Ok(Some(Found::Ledger((account.as_ref().map(Account::view), Recent { rows, end: end.map(PageCursor) }))))
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
        EntryView { order: self.owner, points: self.points, balance: self.balance, at: self.at }
    }
}

/// The group of the entries that were made before entries were counted. It is closed: a place in it is how many of a customer's come
/// before, by time.
const UNCOUNTED: u64 = 0;
/// The group of all others, of whatever storefront.
const COUNTED: u64 = 1;

impl ByRecency for Entry {
    const IN_BLOCK: &'static str = "WHERE number >> 17 = ?2 AND customer = ?3 AND number < ?4";
    const SORTED_BY: &'static str = "number";

    fn number(&self) -> u64 {
        self.number.unwrap_or_default()
    }
    fn at(&self) -> u64 {
        self.at
    }
    fn groups(reader: &mut dyn TableReader) -> Result<Vec<(u64, u64)>, StoreError> {
        let all = Sql::Int(i64::try_from(EntryCounter::OF_ALL).unwrap_or(i64::MAX));
        let counter = select::<EntryCounter>(reader, "WHERE id = ?1", &[all])?.pop();
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
    const WHOSE: &str = "WHERE number >> 17 IS NULL AND customer = ?1";
    let whose = Sql::Text(customer.into());
    let count = format!("SELECT count(*) FROM {} {WHOSE}", Entry::TABLE.name);
    let all = reader.integers(&count, std::slice::from_ref(&whose))?.first().copied().unwrap_or_default();
    let first = i64::try_from(request.number - 1).unwrap_or(i64::MAX).min(all);
    let tail = format!("{WHOSE} ORDER BY at DESC, id DESC LIMIT ?2 OFFSET ?3");
    let limit = Sql::Int(i64::try_from(request.limit).unwrap_or(i64::MAX));
    let rows = select::<Entry>(reader, &tail, &[whose, limit, Sql::Int(all - first)])?;
    let rows = (1..=first.unsigned_abs()).rev().zip(rows).collect();
    Ok(Chunk::of(rows, request, 0))
}
