//! Lists of a service's rows, sorted and searched by what they have: how the query for one becomes finds in its table.
//!
//! A service says what a row has in words of `contracts::queries`, and this is the same for all of them. It knows no service.

use contracts::queries::{Field, FieldValue, Pick, RecordPage, RecordView, Records, SortField};
use contracts::{NUMBER_MAX, Numbered, OrderId, StorefrontNo};
use store::{Find, StoreError, TableReader};
use typed::{Any, Filter, Row, Term, Text, Value};

/// So many of the newest rows are searched through by what no index is kept of: some tenths of a second.
const SEARCHED_MAX: u64 = 100_000;
/// So many are found at the most.
const FOUND_MAX: u64 = 1_000;

/// Rows that are listed.
pub trait Listed {
    /// What their table has.
    type Row: Row;

    /// Those of a storefront that are shown.
    fn shown(storefront: StorefrontNo) -> Find<Self::Row>;
    /// What stands for their number in the storefront, and grows with it.
    fn number() -> Term<Self::Row, Any>;
    /// What stands for `number`.
    fn key_of(_storefront: StorefrontNo, number: u64) -> u64 {
        number
    }
    /// What a row has; `None` where it has no such thing.
    fn term(field: &Field) -> Option<Term<Self::Row, Any>>;
    /// Those among `rows` with one value of a field, where an index or a key serves for that.
    ///
    /// # Errors
    /// If a table cannot be read.
    fn by_index(
        _rows: Find<Self::Row>,
        _sought: &Sought<'_>,
        _reader: &mut dyn TableReader,
    ) -> Result<ByIndex<Self::Row>, StoreError> {
        Ok(ByIndex::None)
    }
    /// As others see it; `None` if it is not shown.
    fn view(row: Self::Row) -> Option<RecordView>;
}

/// Rows of which a field has a value.
#[derive(Debug, Clone, Copy)]
pub struct Sought<'a> {
    /// The storefront.
    pub storefront: StorefrontNo,
    /// The field.
    pub field: &'a Field,
    /// The value.
    pub value: &'a FieldValue,
}

/// What an index says of them.
pub enum ByIndex<R> {
    /// There is none.
    None,
    /// There are no such rows.
    Nobody,
    /// These.
    Those(Find<R>),
}

impl Sought<'_> {
    /// The value as the id of something in the storefront, which is made of the number that it is. A text is one only as numbers are
    /// written: `0900` is not 900.
    pub fn id(&self) -> Option<u64> {
        let number = match self.value {
            FieldValue::Int(number) => Some(*number),
            FieldValue::Text(text) => text.trim().parse().ok().filter(|number: &i64| number.to_string() == text.trim()),
        };
        let number = number.and_then(|number| u64::try_from(number).ok());
        let number = number.filter(|number| (1..=NUMBER_MAX).contains(number))?;
        Some(OrderId::of(self.storefront, number).raw())
    }

    /// Those among `rows` that name it by its id.
    pub fn with_id<R>(&self, rows: impl FnOnce(u64) -> Find<R>) -> ByIndex<R> {
        self.id().map_or(ByIndex::Nobody, |id| ByIndex::Those(rows(id)))
    }

    /// The value as a text.
    pub fn text(&self) -> Text {
        match self.value {
            FieldValue::Int(number) => number.to_string().into(),
            FieldValue::Text(text) => text.clone(),
        }
    }
}

/// Answers `of`.
///
/// # Errors
/// If the table cannot be read.
pub fn answer<L: Listed>(of: &Records, reader: &mut dyn TableReader) -> Result<RecordPage, StoreError> {
    let shown = L::shown(of.storefront);
    match &of.pick {
        Pick::Number(number) => {
            let key = Any(Value::Int(i64::try_from(L::key_of(of.storefront, *number)).unwrap_or(i64::MAX)));
            found::<L>(shown.with(L::number().is(key)).limit(1), reader)
        }
        Pick::Page { offset, limit, sort, total } => {
            let total = total.map_or_else(|| shown.count(reader), Ok)?;
            if *offset >= total {
                return Ok(RecordPage { total, records: Vec::new() });
            }
            let page = sorted::<L>(shown, sort).skip(*offset).limit(u64::from(*limit));
            Ok(RecordPage { total, ..found::<L>(page, reader)? })
        }
        Pick::Where(field, value) => {
            let sought = Sought { storefront: of.storefront, field, value };
            match L::by_index(shown.clone(), &sought, reader)? {
                ByIndex::Those(rows) => found::<L>(rows.by(L::number().asc()).limit(FOUND_MAX), reader),
                ByIndex::Nobody => Ok(nothing()),
                ByIndex::None => searched::<L>(shown, &sought, reader),
            }
        }
    }
}

/// The number that an id ends with.
pub fn number_of<R: Row, T>(id: Term<R, T>) -> Term<R, Any> {
    id.low(NUMBER_BITS).as_any()
}

/// How many bits of an id count within one storefront.
const NUMBER_BITS: u32 = NUMBER_MAX.count_ones();

fn sorted<L: Listed>(mut rows: Find<L::Row>, sort: &[SortField]) -> Find<L::Row> {
    for SortField { field, as_number, descending } in sort {
        let term = if *field == Field::Number { Some(L::number()) } else { L::term(field) };
        let Some(term) = term else { continue };
        // What is shown as a number is sorted as one, also where it is kept as a text.
        let term = if *as_number { term.as_integer().as_any() } else { term };
        rows = rows.by(if *descending { term.desc() } else { term.asc() });
    }
    rows.by(L::number().asc())
}

/// Those among the newest.
fn searched<L: Listed>(
    shown: Find<L::Row>,
    sought: &Sought<'_>,
    reader: &mut dyn TableReader,
) -> Result<RecordPage, StoreError> {
    let term = if *sought.field == Field::Number { Some(L::number()) } else { L::term(sought.field) };
    let Some(term) = term else { return Ok(nothing()) };
    let mut oldest = None;
    let last = shown.clone().by(L::number().desc()).skip(SEARCHED_MAX - 1).limit(1);
    last.each(reader, L::number(), |number| oldest = Some(number))?;
    let newest = match oldest {
        Some(oldest) => shown.with(L::number().at_least(oldest)),
        None => shown,
    };
    let is_it: Filter<L::Row> = term.as_text().is(Some(sought.text()));
    found::<L>(newest.with(is_it).by(L::number().asc()).limit(FOUND_MAX), reader)
}

fn found<L: Listed>(rows: Find<L::Row>, reader: &mut dyn TableReader) -> Result<RecordPage, StoreError> {
    let records: Vec<RecordView> = rows.rows(reader)?.into_iter().filter_map(L::view).collect();
    Ok(RecordPage { total: records.len() as u64, records })
}

fn nothing() -> RecordPage {
    RecordPage { total: 0, records: Vec::new() }
}
