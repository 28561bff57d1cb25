//! What is asked of tables whose rows are listed by customer. Their index has the rows by age first, in blocks of 131,072, and only
//! within a block by customer (ADR 0009): one statement reads one block.

use contracts::Numbered;
use mypage::Line;
use notification::{Notice, NoticeCounter};
use points::{Entry, EntryCounter};
use store::{StoreError, TableReader, select};
use typed::{Row, Sql};

use super::chunk::{Chunk, ChunkRequest};

/// A row of a table that has such an index.
pub trait ByRecency: Row {
    /// What picks a customer's rows of a block: the parameters are those of [`Below::params`].
    const IN_BLOCK: &'static str;
    /// The column that sorts them.
    const SORTED_BY: &'static str;

    /// Its number within its group: the higher, the newer.
    fn number(&self) -> u64;
    /// When it came about.
    fn at(&self) -> u64;
    /// The groups, each with a number that is higher than all of it.
    fn groups(reader: &mut dyn TableReader) -> Result<Vec<(u64, u64)>, StoreError>;

    /// The newest rows of `customer` in the block below.
    fn chunk(reader: &mut dyn TableReader, customer: &str, request: ChunkRequest) -> Result<Chunk<Self>, StoreError> {
        of_block(reader, customer, request)
    }
}

/// What picks a customer's rows of a block, the newest first.
pub(super) fn tail<R: ByRecency>() -> String {
    format!("{} ORDER BY {} DESC LIMIT ?5", R::IN_BLOCK, R::SORTED_BY)
}

fn of_block<R: ByRecency>(
    reader: &mut dyn TableReader,
    customer: &str,
    request: ChunkRequest,
) -> Result<Chunk<R>, StoreError> {
    let rows = select::<R>(reader, &tail::<R>(), &request.params(customer))?;
    let rows = rows.into_iter().map(|row| (row.number(), row)).collect();
    Ok(Chunk::of(rows, request, request.lowest_of_block()))
}

impl ByRecency for Line {
    // A line's key is its order: the storefront stands above bit 40, the number below.
    const IN_BLOCK: &'static str = "WHERE owner >> 17 = (?1 << 23) + ?2 AND customer = ?3 AND owner < (?1 << 40) + ?4";
    const SORTED_BY: &'static str = "owner";

    fn number(&self) -> u64 {
        self.owner.number()
    }
    fn at(&self) -> u64 {
        self.placed_at
    }
    fn groups(reader: &mut dyn TableReader) -> Result<Vec<(u64, u64)>, StoreError> {
        let highest = reader.highest(Self::TABLE)?.into_iter().map(contracts::OrderId);
        Ok(highest.map(|order| (u64::from(order.storefront().0), order.number() + 1)).collect())
    }
}

impl ByRecency for Notice {
    const IN_BLOCK: &'static str = "WHERE storefront = ?1 AND number >> 17 = ?2 AND customer = ?3 AND number < ?4";
    const SORTED_BY: &'static str = "number";

    fn number(&self) -> u64 {
        self.number
    }
    fn at(&self) -> u64 {
        self.at
    }
    fn groups(reader: &mut dyn TableReader) -> Result<Vec<(u64, u64)>, StoreError> {
        let counters = select::<NoticeCounter>(reader, "", &[])?;
        Ok(counters.into_iter().map(|counter| (counter.storefront, counter.next)).collect())
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
