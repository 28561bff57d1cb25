//! What is on sale.

use ::store::{StoreError, TableReader, select};
use contracts::queries::{OfferingSort, OfferingView, Offerings, SortedBy};
use contracts::{NUMBER_MAX, Numbered, OfferingId, StorefrontNo};
use typed::Sql;

use crate::offering::Offering;
use crate::reference::Reference;

/// A page of those of a storefront.
pub(super) fn page(of: &Offerings, reader: &mut dyn TableReader) -> Result<Vec<OfferingView>, StoreError> {
    let mut params =
        vec![Sql::Int(i64::from(of.storefront.0)), Sql::Int(i64::from(of.limit)), Sql::Text((&*of.name).into())];
    let mut after = String::new();
    if let Some((number, key)) = &of.after {
        let id = OfferingId::of(of.storefront, (*number).min(NUMBER_MAX)).raw();
        params.push(Sql::Int(i64::try_from(id).unwrap_or(i64::MAX)));
        params.extend(value(of.sort, key));
        after = behind(of.sort);
    }
    let tail = format!(
        "WHERE storefront = ?1 AND withdrawn = 0 AND (?3 = '' OR instr(fold(coalesce(name, '')), fold(?3)) > 0) \
         {after} ORDER BY {order} LIMIT ?2",
        order = order(of.sort)
    );
    Ok(select::<Offering>(reader, &tail, &params)?.iter().map(|row| *row.view()).collect())
}

/// The SQL of what is sorted by before the id, if anything is; of a name as far as [`OfferingView::sorted_by`] has it.
fn column(sort: OfferingSort) -> Option<&'static str> {
    match sort.by {
        SortedBy::Id => None,
        SortedBy::Name => Some("substr(coalesce(name, ''), 1, 200)"),
        SortedBy::Price => Some("price"),
    }
}

/// The SQL that sorts.
fn order(sort: OfferingSort) -> String {
    let way = if sort.descending { "DESC" } else { "ASC" };
    let first = column(sort).map(|column| format!("{column} {way}, ")).unwrap_or_default();
    format!("{first}id {way}")
}

/// The SQL of what comes after the item whose id is parameter 4, and what it is sorted by, parameter 5.
fn behind(sort: OfferingSort) -> String {
    let than = if sort.descending { "<" } else { ">" };
    match column(sort) {
        None => format!("AND id {than} ?4"),
        Some(column) => format!("AND ({column}, id) {than} (?5, ?4)"),
    }
}

/// What an item is sorted by, as a value for a statement.
fn value(sort: OfferingSort, key: &str) -> Option<Sql<'_>> {
    match sort.by {
        SortedBy::Id => None,
        SortedBy::Name => Some(Sql::Text(key.into())),
        SortedBy::Price => Some(Sql::Int(key.parse().unwrap_or(0))),
    }
}

/// The SQL condition for the offerings of `storefront` that have the reference `?1`.
pub fn with_reference(storefront: StorefrontNo) -> String {
    format!(
        "id IN (SELECT value FROM offering_references, json_each('[' || offerings || ']') WHERE reference = '{}:' || ?1)",
        storefront.0
    )
}

/// The offering that clients of `storefront` mean by `reference`.
///
/// # Errors
/// If the table cannot be read.
pub fn by_reference(
    reader: &mut dyn TableReader,
    storefront: StorefrontNo,
    reference: &str,
) -> Result<Option<Offering>, StoreError> {
    let key = crate::reference::key(storefront, reference);
    let found = select::<Reference>(reader, "WHERE reference = ?1", &[Sql::Text(key.as_str().into())])?;
    let Some(id) = found.first().and_then(|row| row.offerings.split(',').next()?.parse::<i64>().ok()) else {
        return Ok(None);
    };
    Ok(select::<Offering>(reader, "WHERE id = ?1", &[Sql::Int(id)])?.pop())
}

impl Offering {
    /// As others see it.
    pub(crate) fn view(&self) -> Box<OfferingView> {
        Box::new(OfferingView { offering: self.id, registered_at: self.registered_at, now: *self.now() })
    }
}

#[cfg(test)]
mod tests {
    use ::store::sqlite::SqliteStore;
    use ::store::{Applied, Change, TableWriter};
    use contracts::Money;
    use tempfile::TempDir;
    use typed::{Key, Row};

    use super::*;

    const SHOW: StorefrontNo = StorefrontNo(1);

    /// A store from before names were bounded, whose offerings have these names.
    fn with_names(names: &[String]) -> (TempDir, SqliteStore) {
        let dir = TempDir::new().unwrap();
        let migrations: Vec<_> = engine::MIGRATIONS.iter().chain(crate::MIGRATIONS).copied().collect();
        let store = SqliteStore::open(dir.path(), &migrations).unwrap();
        for (number, name) in (1..).zip(names) {
            let row = Offering {
                id: OfferingId::of(SHOW, number),
                storefront: SHOW,
                reference: None,
                name: Some(name.as_str().into()),
                price: Money::krw(5),
                capacity: 1,
                held: 0,
                sold: 0,
                seated: false,
                fields: None,
                registered_at: 0,
                withdrawn: false,
                version: 1,
                on_sale_from: None,
                on_sale_until: None,
            };
            let mut bytes = Vec::new();
            row.encode_into(&mut bytes);
            let change = Change { table: Offering::TABLE, key: row.key().to_value(), row: Some(&bytes) };
            store.writer().unwrap().apply(&mut [change], &mut [], Applied::of(number, 0)).unwrap();
        }
        (dir, store)
    }

    #[test]
    fn a_list_comes_to_its_end_however_long_and_odd_the_names_are_that_came_in_before() {
        let long = "가".repeat(5_000);
        let mut names = vec![format!("{long}b"), format!("{long}a"), long, "a\0b".to_owned(), "a\0a".to_owned()];
        names.extend(["a", "", "👍", "a\u{1}"].map(str::to_owned));
        let (_dir, store) = with_names(&names);
        let reader = &mut store.reader().unwrap();
        for (by, descending) in
            [SortedBy::Id, SortedBy::Name, SortedBy::Price].map(|by| [(by, false), (by, true)]).concat()
        {
            for limit in [1, 2, 200] {
                let sort = OfferingSort { by, descending };
                let mut of = Offerings { storefront: SHOW, sort, name: "".into(), after: None, limit };
                let mut all = Vec::new();
                loop {
                    let found = page(&of, reader).unwrap();
                    let Some(last) = found.last() else { break };
                    of.after = Some((last.offering.number(), last.sorted_by(by).into()));
                    all.extend(found.iter().map(|view| view.offering.number()));
                }
                all.sort_unstable();
                assert_eq!(all, (1..=names.len() as u64).collect::<Vec<_>>(), "{sort:?}, {limit} at a time");
            }
        }
    }
}
