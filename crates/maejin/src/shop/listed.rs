//! How rows of the services' tables are shown as records of a facade: their attributes, and the columns to sort and search by.

use contracts::{NUMBER_MAX, Numbered, OrderId, StorefrontNo};
use store::{StoreError, TableReader};
use storefronts::port::{Direction, Page, PageQuery, Record, Value};
use storefronts::{Attribute, FieldType, Resource};
use typed::{Row, Sql};

use super::fields::number;

/// So many of the newest rows are searched through by what no index is kept of: some tenths of a second.
const SEARCHED_MAX: u32 = 100_000;
/// So many are found at the most.
const FOUND_MAX: u32 = 1_000;

/// A row that a facade shows.
pub(super) trait Listed: Sized + Send + 'static {
    /// The row as its table has it.
    type Stored: Row<Key: Sync>;
    /// The SQL of its number.
    const NUMBER: &str = "number";

    /// The row as it is shown; `None` if it is not.
    fn to_view(row: Self::Stored) -> Option<Self>;
    /// Its key, where that follows from its number.
    fn key_of(_storefront: StorefrontNo, _number: u64) -> Option<<Self::Stored as Row>::Key> {
        None
    }
    /// The SQL condition for those of a storefront that are shown.
    fn condition(storefront: StorefrontNo) -> String {
        format!("storefront = {}", storefront.0)
    }
    /// Its number.
    fn number(&self) -> u64;
    /// Counts its changes.
    fn version(&self) -> u64;
    /// What it has.
    fn value(&self, attribute: &Attribute) -> Value;
    /// The fields that maejin only keeps, as JSON.
    fn extra(&self) -> Option<&str> {
        None
    }
    /// The SQL of what it has.
    fn column(attribute: &Attribute) -> Option<&'static str>;
    /// The SQL condition by which those with one value of an attribute are found without a scan, if an index or a key serves for that.
    fn indexed(_storefront: StorefrontNo, _by: &Attribute) -> Option<String> {
        None
    }
    /// That value in the condition; `None` if no row has it.
    fn index_value<'a>(storefront: StorefrontNo, by: &Attribute, value: &'a Value) -> Option<Sql<'a>> {
        let number = number(by, value).ok().and_then(|number| u64::try_from(number).ok());
        let number = number.filter(|number| (1..=NUMBER_MAX).contains(number))?;
        i64::try_from(OrderId::of(storefront, number).raw()).ok().map(Sql::Int)
    }
}

/// The record of `row` with the attributes of `of`.
pub(super) fn record<R: Listed>(row: &R, of: &Resource) -> Record {
    let keeps_fields = of.attributes.iter().any(|attribute| matches!(attribute, Attribute::Extra(_)));
    let extra = row.extra().filter(|_| keeps_fields).and_then(|text| serde_json::from_str(text).ok());
    let extra: serde_json::Map<String, serde_json::Value> = extra.unwrap_or_default();
    let value = |(attribute, field): (&Attribute, &storefronts::Field)| match attribute {
        Attribute::Extra(name) => kept(extra.get(&**name), field.field_type),
        other => row.value(other),
    };
    Record {
        number: row.number(),
        version: row.version(),
        values: of.attributes.iter().zip(&of.fields).map(value).collect(),
    }
}

fn kept(value: Option<&serde_json::Value>, field_type: FieldType) -> Value {
    match value {
        None | Some(serde_json::Value::Null) => Value::Null,
        Some(serde_json::Value::Bool(yes)) => Value::Bool(*yes),
        Some(serde_json::Value::Number(number)) => {
            let number = number.as_i64().unwrap_or_default();
            if matches!(field_type, FieldType::Date | FieldType::Stamp) {
                Value::Date(u64::try_from(number).unwrap_or_default())
            } else {
                Value::Int(number)
            }
        }
        Some(serde_json::Value::String(text)) => Value::Text(text.clone()),
        Some(other) => Value::Text(other.to_string()),
    }
}

/// The SQL of an attribute; `None` for one that rows cannot be sorted or searched by.
fn column<R: Listed>(attribute: &Attribute) -> Option<String> {
    match attribute {
        Attribute::Number => Some(R::NUMBER.to_owned()),
        Attribute::Extra(name) if name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') => {
            Some(format!("json_extract(fields, '$.{name}')"))
        }
        other => R::column(other).map(str::to_owned),
    }
}

/// The SQL to sort by an attribute: what is shown as a number is sorted as one, also where it is kept as a text.
fn sorted<R: Listed>(of: &Resource, attribute: &Attribute) -> Option<String> {
    let is_number = of
        .fields
        .iter()
        .any(|field| field.attribute == *attribute && matches!(field.field_type, FieldType::Int | FieldType::Long));
    let column = column::<R>(attribute)?;
    Some(if is_number { format!("CAST({column} AS INTEGER)") } else { column })
}

/// How many there are.
pub(super) fn total<R: Listed>(reader: &mut dyn TableReader, of: &Resource) -> Result<u64, StoreError> {
    let count = format!("SELECT count(*) FROM {} WHERE {}", R::Stored::TABLE.name, R::condition(of.storefront));
    Ok(reader.integers(&count, &[])?.first().and_then(|n| u64::try_from(*n).ok()).unwrap_or(0))
}

/// A page of a resource of which there are `total`, where that is known.
pub(super) fn page<R: Listed>(
    reader: &mut dyn TableReader,
    of: &Resource,
    query: &PageQuery,
    total: Option<u64>,
) -> Result<Page, StoreError> {
    let total = total.map_or_else(|| self::total::<R>(reader, of), Ok)?;
    if query.offset >= total {
        return Ok(Page { total, records: Vec::new() });
    }
    let mut order: Vec<String> = Vec::new();
    for (attribute, direction) in &query.sort {
        let way = if *direction == Direction::Descending { "DESC" } else { "ASC" };
        order.extend(sorted::<R>(of, attribute).map(|column| format!("{column} {way}")));
    }
    order.push(R::NUMBER.to_owned());
    let offset = i64::try_from(query.offset).unwrap_or(i64::MAX);
    let tail = format!("ORDER BY {} LIMIT ?1 OFFSET ?2", order.join(", "));
    let records = select::<R>(reader, of, &tail, &[Sql::Int(i64::from(query.limit)), Sql::Int(offset)])?;
    Ok(Page { total, records })
}

/// The records whose attribute `by` is `value`: by an index where there is one, else among the newest.
pub(super) fn find<R: Listed>(
    reader: &mut dyn TableReader,
    of: &Resource,
    by: &Attribute,
    value: &Value,
) -> Result<Vec<Record>, StoreError> {
    let wanted = match value {
        Value::Int(number) => Sql::Int(*number),
        Value::Text(text) => Sql::Text(text.as_str().into()),
        Value::Bool(yes) => Sql::Int(i64::from(*yes)),
        Value::Date(ms) => Sql::Int(i64::try_from(*ms).unwrap_or(i64::MAX)),
        Value::Null | Value::State(_) => return Ok(Vec::new()),
    };
    let end = format!("ORDER BY {} LIMIT {FOUND_MAX}", R::NUMBER);
    if let Some(indexed) = R::indexed(of.storefront, by) {
        return match R::index_value(of.storefront, by, value) {
            Some(sought) => select::<R>(reader, of, &format!("AND {indexed} {end}"), &[sought]),
            None => Ok(Vec::new()),
        };
    }
    let Some(column) = column::<R>(by) else { return Ok(Vec::new()) };
    let (key, table, condition) = (R::Stored::TABLE.columns[0], R::Stored::TABLE.name, R::condition(of.storefront));
    let newest =
        format!("SELECT {key} FROM {table} WHERE {condition} ORDER BY {} DESC LIMIT {SEARCHED_MAX}", R::NUMBER);
    let tail = format!("AND {key} IN ({newest}) AND CAST({column} AS TEXT) = CAST(?1 AS TEXT) {end}");
    select::<R>(reader, of, &tail, &[wanted])
}

/// The records that `tail` picks among those that are shown.
pub(super) fn select<R: Listed>(
    reader: &mut dyn TableReader,
    of: &Resource,
    tail: &str,
    params: &[Sql<'_>],
) -> Result<Vec<Record>, StoreError> {
    let tail = format!("WHERE {} {tail}", R::condition(of.storefront));
    let rows = store::select::<R::Stored>(reader, &tail, params)?;
    Ok(rows.into_iter().filter_map(R::to_view).map(|row| record(&row, of)).collect())
}
