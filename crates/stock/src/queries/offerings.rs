//! What is on sale.

use std::collections::HashMap;

use ::store::{Find, StoreError, TableReader};
use contracts::queries::{OfferingByReference, OfferingView, Offerings, SortedBy};
use contracts::{NUMBER_MAX, Numbered, OfferingId, Text};
use engine::{Missing, Rows};

use crate::description::{self, Description};
use crate::offering::Offering;
use crate::reference::{self, Reference};

/// A page of those of a storefront.
pub(super) fn page(of: &Offerings, reader: &mut dyn TableReader) -> Result<Vec<OfferingView>, StoreError> {
    let offering = || Offering::COLUMNS;
    let mut find = Find::all().with(offering().storefront.is(of.storefront));
    if !of.withdrawn {
        find = find.with(offering().withdrawn.is(false));
    }
    if !of.name.is_empty() {
        find = find.with(offering().name.contains(&of.name));
    }
    find = super::filter::only(find, &of.only);
    find = match of.sort.by {
        SortedBy::Id => find,
        SortedBy::Name => find.by(offering().name.start(OfferingView::SORTED_CHARS).sorted(of.sort.descending)),
        SortedBy::Price => find.by(offering().price.sorted(of.sort.descending)),
    };
    find = find.by(offering().id.sorted(of.sort.descending));
    if let Some((number, key)) = &of.after {
        let id = OfferingId::of(of.storefront, (*number).min(NUMBER_MAX));
        find = match of.sort.by {
            SortedBy::Id => find.after((id,)),
            SortedBy::Name => find.after((Text::from(&**key), id)),
            SortedBy::Price => find.after((key.parse().unwrap_or(0_i64), id)),
        };
    }
    described(&find.limit(u64::from(of.limit)).rows(reader)?, reader)
}

/// What is found of `rows`, with what they say of themselves.
pub(super) fn described(rows: &[Offering], reader: &mut dyn TableReader) -> Result<Vec<OfferingView>, StoreError> {
    let ids: Vec<OfferingId> = rows.iter().filter(|row| row.described == Some(true)).map(|row| row.id).collect();
    let mut details = HashMap::new();
    if !ids.is_empty() {
        let found = Find::all().with(Description::COLUMNS.id.one_of(ids)).rows(reader)?;
        details.extend(found.iter().map(|row| (row.id, Box::new(row.details()))));
    }
    Ok(rows.iter().map(|row| OfferingView { details: details.remove(&row.id), ..*row.view() }).collect())
}

/// One, with what it says of itself.
pub(super) fn one(id: OfferingId, rows: &Rows<'_>) -> Result<Option<Box<OfferingView>>, Missing> {
    let Some(row) = rows.get::<Offering>(&id)? else { return Ok(None) };
    Ok(Some(Box::new(OfferingView { details: description::read(row, rows)?, ..*row.view() })))
}

/// The offering that clients of a storefront mean by a reference.
pub(super) fn by_reference(of: &OfferingByReference, rows: &Rows<'_>) -> Result<Option<Box<OfferingView>>, Missing> {
    let row = rows.get::<Reference>(&reference::key(of.storefront, &of.reference))?;
    let Some(id) = row.and_then(|row| reference::ids(row).next()) else { return Ok(None) };
    Ok(rows.get::<Offering>(&OfferingId(id))?.map(Offering::view))
}

impl Offering {
    /// As others see it, without what it says of itself.
    pub(crate) fn view(&self) -> Box<OfferingView> {
        Box::new(OfferingView { offering: self.id, registered_at: self.registered_at, now: *self.now(), details: None })
    }
}

#[cfg(test)]
mod tests {
    use ::store::sqlite::SqliteStore;
    use ::store::{Applied, Change, Form, TableWriter};
    use contracts::queries::OfferingSort;
    use contracts::{Money, StorefrontNo};
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
                limit_per_customer: None,
                described: None,
            };
            let change = Change { table: Offering::TABLE, key: row.key().to_value(), row: Some(Form::Row(&row)) };
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
                let mut of = Offerings {
                    storefront: SHOW,
                    sort,
                    name: "".into(),
                    after: None,
                    limit,
                    withdrawn: false,
                    only: Default::default(),
                };
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
