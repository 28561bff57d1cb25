//! Which rows of a table are wanted, as data: conditions, an order, a place to begin after, and a limit. No engine's language is in it.

use std::fmt;
use std::marker::PhantomData;

use typed::{AnyFilter, AnyOrder, AnyTerm, Cells, Column, Filter, Mismatch, Order, Row, Table, Term, Value};

use crate::{StoreError, TableReader, rows_of};

/// Which rows of a table are wanted, whatever their type.
#[derive(Debug, Clone)]
pub struct AnyFind {
    /// The table.
    pub table: &'static Table,
    /// What holds for each of them.
    pub filters: Vec<AnyFilter>,
    /// What they are sorted by, the first thing first. Rows in which all of it is the same come in no particular order.
    pub order: Vec<AnyOrder>,
    /// They come after this place: values for the first things that they are sorted by. None of them for the beginning.
    pub after: Vec<Value>,
    /// No more than so many.
    pub limit: Option<u64>,
    /// So many are left out before the first.
    pub skip: u64,
}

impl AnyFind {
    /// All rows of `table`, in no particular order.
    pub fn all(table: &'static Table) -> Self {
        let (filters, order, after) = (Vec::new(), Vec::new(), Vec::new());
        Self { table, filters, order, after, limit: None, skip: 0 }
    }
}

/// Which rows of `R` are wanted.
///
/// ```
/// # use store::{Find, StoreError, TableReader};
/// typed::row! {
///     /// A balance.
///     pub struct Account in 900 "accounts" {
///         0 customer: typed::Text,
///         1 balance: i64,
///         2 closed_at: Option<u64>,
///     }
/// }
/// const OF: fn() -> Find<Account> = Find::all;
///
/// # fn run(reader: &mut dyn TableReader) -> Result<(), StoreError> {
/// let one = OF().with(Account::COLUMNS.customer.is("7".into())).one(reader)?;
/// // A page: the richest first, after the one that ended the page before.
/// let richest = OF().with(Account::COLUMNS.closed_at.is_none());
/// let richest = richest.by(Account::COLUMNS.balance.desc()).by(Account::COLUMNS.customer.desc());
/// let page: Vec<Account> = richest.after((500_i64, typed::Text::from("3"))).limit(20).rows(reader)?;
/// let debtors: u64 = OF().with(Account::COLUMNS.balance.below(0)).count(reader)?;
/// // Some columns of very many rows, none of which is kept.
/// let mut sum = 0;
/// OF().each(reader, Account::COLUMNS.balance, |balance| sum += balance)?;
/// # Ok(())
/// # }
/// ```
pub struct Find<R> {
    find: AnyFind,
    of: PhantomData<fn() -> R>,
}

impl<R: Row> Find<R> {
    /// All of them, in no particular order.
    pub fn all() -> Self {
        Self { find: AnyFind::all(R::TABLE), of: PhantomData }
    }

    /// Those for which `filter` holds, too.
    #[must_use]
    pub fn with(mut self, filter: Filter<R>) -> Self {
        self.find.filters.push(filter.any());
        self
    }

    /// Sorted by `order`, where they are the same by what was said before.
    #[must_use]
    pub fn by(mut self, order: Order<R>) -> Self {
        self.find.order.push(order.any());
        self
    }

    /// Only what comes after `place`: values for the first things that they are sorted by.
    #[must_use]
    pub fn after(mut self, place: impl Place) -> Self {
        self.find.after = place.values();
        self
    }

    /// No more than `limit`.
    #[must_use]
    pub fn limit(mut self, limit: u64) -> Self {
        self.find.limit = Some(limit);
        self
    }

    /// Without the first `skip`.
    #[must_use]
    pub fn skip(mut self, skip: u64) -> Self {
        self.find.skip = skip;
        self
    }

    /// The same, whatever the type of the rows.
    pub fn any(&self) -> &AnyFind {
        &self.find
    }

    /// These rows.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub fn rows(&self, reader: &mut dyn TableReader) -> Result<Vec<R>, StoreError> {
        reader.find(&self.find).map(rows_of)
    }

    /// The first of them.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub fn one(self, reader: &mut dyn TableReader) -> Result<Option<R>, StoreError> {
        Ok(self.limit(1).rows(reader)?.pop())
    }

    /// How many there are, counted as far as the limit.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub fn count(&self, reader: &mut dyn TableReader) -> Result<u64, StoreError> {
        reader.count(&self.find)
    }

    /// Whether there are any.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub fn exist(self, reader: &mut dyn TableReader) -> Result<bool, StoreError> {
        Ok(self.limit(1).count(reader)? > 0)
    }

    /// Hands what is picked of each row to `take`, as it is read: however many there are, none is kept.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub fn each<P: Pick<R>>(
        &self,
        reader: &mut dyn TableReader,
        pick: P,
        mut take: impl FnMut(P::Picked),
    ) -> Result<(), StoreError> {
        reader.each_of(&self.find, &pick.terms(), &mut |cells| {
            take(P::picked(cells)?);
            Ok(())
        })
    }
}

impl<R> Clone for Find<R> {
    fn clone(&self) -> Self {
        Self { find: self.find.clone(), of: PhantomData }
    }
}

impl<R> fmt::Debug for Find<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.find.fmt(f)
    }
}

/// Values by which rows are sorted: some in their order, as `(5,)` or `(5, 9)`.
pub trait Place {
    /// They.
    fn values(self) -> Vec<Value>;
}

/// What is picked of the rows of `R`: one term, or some.
pub trait Pick<R> {
    /// What it gives.
    type Picked;
    /// The terms.
    fn terms(self) -> Vec<AnyTerm>;
    /// What these cells hold.
    ///
    /// # Errors
    /// The first cell that does not fit.
    fn picked(cells: &dyn Cells) -> Result<Self::Picked, Mismatch>;
}

impl Place for Vec<Value> {
    fn values(self) -> Vec<Value> {
        self
    }
}

impl<R, T: Column> Pick<R> for Term<R, T> {
    type Picked = T;
    fn terms(self) -> Vec<AnyTerm> {
        vec![self.any()]
    }
    fn picked(cells: &dyn Cells) -> Result<T, Mismatch> {
        T::from_cell(cells.cell(0))
    }
}

macro_rules! tuples {
    ($($($type:ident $place:tt)+;)+) => {$(
        impl<$($type: Column),+> Place for ($($type,)+) {
            fn values(self) -> Vec<Value> {
                vec![$(self.$place.sql().into()),+]
            }
        }

        impl<Of, $($type: Column),+> Pick<Of> for ($(Term<Of, $type>,)+) {
            type Picked = ($($type,)+);
            fn terms(self) -> Vec<AnyTerm> {
                vec![$(self.$place.any()),+]
            }
            fn picked(cells: &dyn Cells) -> Result<Self::Picked, Mismatch> {
                Ok(($($type::from_cell(cells.cell($place))?,)+))
            }
        }
    )+};
}

tuples! {
    A 0;
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
    A 0 B 1 C 2 D 3 E 4;
}
