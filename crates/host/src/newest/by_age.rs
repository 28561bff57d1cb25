//! What is asked of tables whose rows are listed by customer. Their index has the rows by age first, in blocks of 131,072, and only
//! within a block by customer (ADR 0009): one statement reads one block.

use contracts::Numbered;
use mypage::Line;
use notification::{Notice, NoticeCounter};
use points::{Entry, EntryCounter};
use store::{StoreError, TableReader, select};
use typed::{Row, Sql};

use super::Stretch;

/// How many bits of a number count within a block. The migrations have it, too.
const BLOCK_BITS: u32 = 17;

/// What is asked of a group: its highest rows below a number.
#[derive(Debug, Clone, Copy)]
pub struct Below {
    pub group: u64,
    /// More than zero.
    pub number: u64,
    /// How many at the most.
    pub limit: u64,
}

impl Below {
    /// The block that the number before it is in.
    fn block(self) -> u64 {
        (self.number - 1) >> BLOCK_BITS
    }

    /// The lowest number of that block.
    pub fn lowest_of_block(self) -> u64 {
        self.block() << BLOCK_BITS
    }

    /// The parameters of a statement: the group, the block, the customer, the number, how many.
    pub fn params<'a>(self, customer: &'a str) -> [Sql<'a>; 5] {
        let int = |number: u64| Sql::Int(i64::try_from(number).unwrap_or(i64::MAX));
        [int(self.group), int(self.block()), Sql::Text(customer.into()), int(self.number), int(self.limit)]
    }
}

/// A row of a table that has such an index.
pub trait ByAge: Row {
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
    fn stretch(reader: &mut dyn TableReader, customer: &str, below: Below) -> Result<Stretch<Self>, StoreError> {
        of_block(reader, customer, below)
    }
}

/// What picks a customer's rows of a block, the newest first.
pub(super) fn tail<R: ByAge>() -> String {
    format!("{} ORDER BY {} DESC LIMIT ?5", R::IN_BLOCK, R::SORTED_BY)
}

fn of_block<R: ByAge>(reader: &mut dyn TableReader, customer: &str, below: Below) -> Result<Stretch<R>, StoreError> {
    let rows = select::<R>(reader, &tail::<R>(), &below.params(customer))?;
    let rows = rows.into_iter().map(|row| (row.number(), row)).collect();
    Ok(Stretch::of(rows, below, below.lowest_of_block()))
}

impl ByAge for Line {
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

impl ByAge for Notice {
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

impl ByAge for Entry {
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
    fn stretch(reader: &mut dyn TableReader, customer: &str, below: Below) -> Result<Stretch<Self>, StoreError> {
        if below.group == UNCOUNTED { uncounted(reader, customer, below) } else { of_block(reader, customer, below) }
    }
}

fn uncounted(reader: &mut dyn TableReader, customer: &str, below: Below) -> Result<Stretch<Entry>, StoreError> {
    const WHOSE: &str = "WHERE number >> 17 IS NULL AND customer = ?1";
    let whose = Sql::Text(customer.into());
    let count = format!("SELECT count(*) FROM {} {WHOSE}", Entry::TABLE.name);
    let all = reader.integers(&count, std::slice::from_ref(&whose))?.first().copied().unwrap_or_default();
    let first = i64::try_from(below.number - 1).unwrap_or(i64::MAX).min(all);
    let tail = format!("{WHOSE} ORDER BY at DESC, id DESC LIMIT ?2 OFFSET ?3");
    let limit = Sql::Int(i64::try_from(below.limit).unwrap_or(i64::MAX));
    let rows = select::<Entry>(reader, &tail, &[whose, limit, Sql::Int(all - first)])?;
    let rows = (1..=first.unsigned_abs()).rev().zip(rows).collect();
    Ok(Stretch::of(rows, below, 0))
}
