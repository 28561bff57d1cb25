//! Storefronts and offerings, as anybody reads them.

use std::sync::Arc;

use contracts::{NUMBER_MAX, Numbered, OfferingId, StorefrontNo};
use http::StatusCode;
use stock::Offering;
use store::{StoreError, TableReader};
use storefronts::Storefront;
use typed::Sql;

use crate::shapes;
use edge::page::{Cursor, Page, PageOf, Sorted};
use edge::query::wrong;
use edge::{Problem, ids};
use service::etags::etag;

use super::V1;
use super::call::{Call, Reply, json, not_done};

/// What offerings can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Id,
    Name,
    Price,
}

/// What a list of offerings is sorted by, and which way.
#[derive(Debug, Clone, Copy)]
struct Sort {
    by: By,
    descending: bool,
}

impl Sort {
    fn read(text: Option<&str>) -> Result<Self, Problem> {
        let text = text.unwrap_or("id");
        let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        let by = match name {
            "id" => By::Id,
            "name" => By::Name,
            "price" => By::Price,
            _ => return Err(wrong("sort", "id, name or price, with - in front for the other way")),
        };
        Ok(Self { by, descending })
    }

    /// The SQL of what is sorted by before the id, if anything is.
    fn column(self) -> Option<&'static str> {
        match self.by {
            By::Id => None,
            By::Name => Some("substr(coalesce(name, ''), 1, 200)"),
            By::Price => Some("price"),
        }
    }

    /// The SQL that sorts.
    fn order(self) -> String {
        let way = if self.descending { "DESC" } else { "ASC" };
        let first = self.column().map(|column| format!("{column} {way}, ")).unwrap_or_default();
        format!("{first}id {way}")
    }

    /// The SQL of what comes after the item whose id is parameter 4, and what it is sorted by, parameter 5.
    fn after(self) -> String {
        let than = if self.descending { "<" } else { ">" };
        match self.column() {
            None => format!("AND id {than} ?4"),
            Some(column) => format!("AND ({column}, id) {than} (?5, ?4)"),
        }
    }

    /// What `row` is sorted by, as a cursor has it.
    fn key(self, row: &Offering) -> String {
        match self.by {
            By::Id => String::new(),
            By::Name => sorted_by(row.name.as_deref().unwrap_or_default()),
            By::Price => row.price.amount.to_string(),
        }
    }

    /// How cursors of such a list are told from those of others.
    fn sorted(self) -> Sorted {
        let mark = match self.by {
            By::Id => 'i',
            By::Name => 'n',
            By::Price => 'p',
        };
        let mark = if self.descending { mark.to_ascii_uppercase() } else { mark };
        Sorted { mark, by_number: self.by == By::Price }
    }

    /// The same as a value for a statement.
    fn value(self, key: &str) -> Option<Sql<'static>> {
        match self.by {
            By::Id => None,
            By::Name => Some(Sql::Text(key.to_owned().into())),
            By::Price => Some(Sql::Int(key.parse().unwrap_or(0))),
        }
    }
}

impl V1 {
    pub(super) fn list_storefronts(&self, call: &Call) -> Reply {
        call.query(&[])?;
        let items = self.storefronts.iter().map(|storefront| shapes::Storefront::from(&storefront.recipe)).collect();
        Ok(json(StatusCode::OK, &Page { items, next: None }))
    }

    pub(super) fn one_storefront(&self, at: &Storefront, call: &Call) -> Reply {
        call.query(&[])?;
        Ok(json(StatusCode::OK, &shapes::Storefront::from(&at.recipe)))
    }

    /// The row of an offering that is on sale, or 404.
    pub(super) async fn offering(&self, at: &Storefront, id: &str) -> Result<Offering, Problem> {
        let found = self.node.engine.get::<Offering>(offering_id(at, id)?).await.map_err(not_done)?;
        found.filter(|row| !row.withdrawn).ok_or_else(|| Problem::no_such("offering", id))
    }

    pub(super) async fn one_offering(&self, at: &Storefront, id: &str, call: &Call) -> Reply {
        let meant = call.preconditions()?;
        let row = self.offering(at, id).await?;
        call.known(&meant, &etag(row.version), &to_shape(&row))
    }

    pub(super) async fn list_offerings(&self, at: &Arc<Storefront>, call: &Call) -> Reply {
        let query = call.query(&["limit", "after", "name", "sort"])?;
        let sort = Sort::read(query.text("sort"))?;
        let page = PageOf::read(&query, sort.sorted())?;
        let name = query.text("name").unwrap_or_default().to_owned();
        shapes::part_of_name(&name)?;
        let (storefront, of) = (at.recipe.number, page.clone());
        let read = move |reader: &mut dyn TableReader| found(reader, storefront, sort, &of, name);
        let found = self.node.engine.scan(read).await.map_err(not_done)?;
        let cursor = |row: &&Offering| Cursor { number: row.id.number(), key: sort.key(row) };
        Ok(json(StatusCode::OK, &page.of(found.iter().collect(), cursor, to_shape)))
    }
}

/// The offerings of a page, and one more if there is another page.
fn found(
    reader: &mut dyn TableReader,
    storefront: StorefrontNo,
    sort: Sort,
    of: &PageOf,
    name: String,
) -> Result<Vec<Offering>, StoreError> {
    let mut params = vec![Sql::Int(i64::from(storefront.0)), Sql::Int(of.to_look_for()), Sql::Text(name.into())];
    let mut after = String::new();
    if let Some(cursor) = &of.after {
        let id = OfferingId::of(storefront, cursor.number.min(NUMBER_MAX)).raw();
        params.push(Sql::Int(i64::try_from(id).unwrap_or(i64::MAX)));
        params.extend(sort.value(&cursor.key));
        after = sort.after();
    }
    let tail = format!(
        "WHERE storefront = ?1 AND withdrawn = 0 AND (?3 = '' OR instr(fold(coalesce(name, '')), fold(?3)) > 0) \
         {after} ORDER BY {order} LIMIT ?2",
        order = sort.order()
    );
    store::select::<Offering>(reader, &tail, &params)
}

/// What of a name counts where a list is sorted by it, as SQL has it: so that a cursor has an end, however long names are that came in
/// before they were bounded. Those that differ only after that stand by age.
fn sorted_by(name: &str) -> String {
    name.chars().take_while(|c| *c != '\0').take(200).collect()
}

/// An offering as a client sees it.
pub(super) fn to_shape(row: &Offering) -> shapes::Offering<'_> {
    shapes::Offering {
        id: ids::text(row.id.number()),
        name: row.name.as_deref(),
        price: row.price.into(),
        stock: shapes::Stock { capacity: row.capacity, left: row.left(), held: row.held, sold: row.sold },
        seated: row.seated,
        on_sale_from: row.on_sale_from.map(shapes::Moment),
        on_sale_until: row.on_sale_until.map(shapes::Moment),
        version: row.version,
    }
}

/// The id of an offering of `at` in a path.
pub(super) fn offering_id(at: &Storefront, id: &str) -> Result<OfferingId, Problem> {
    let number = ids::number(id).ok_or_else(|| Problem::no_such("offering", id))?;
    Ok(OfferingId::of(at.recipe.number, number))
}

#[cfg(test)]
mod tests {
    use edge::query::Query;
    use store::sqlite::SqliteStore;
    use store::{Applied, Change, TableWriter, select};
    use tempfile::TempDir;
    use typed::{Key, Row};

    use super::*;
    use maintenance::offline_store::{OfflineStore, Progress};
    use sample::{SHOW, walked};

    /// A store from before names were bounded, whose offerings have these names.
    fn with_names(names: &[String]) -> (TempDir, SqliteStore) {
        let sample = walked();
        let mut store = OfflineStore::open(sample.path()).unwrap();
        store.bring_forward(&mut Progress::of("")).unwrap();
        let any = select::<Offering>(&mut store.reader().unwrap(), "LIMIT 1", &[]).unwrap().remove(0);
        let dir = TempDir::new().unwrap();
        let store = SqliteStore::open(dir.path(), &host::migrations()).unwrap();
        for (number, name) in (1..).zip(names) {
            let (id, name) = (OfferingId::of(SHOW, number), Some(name.as_str().into()));
            let row = Offering { id, storefront: SHOW, name, withdrawn: false, ..any.clone() };
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
        for sort in ["id", "-id", "name", "-name", "price", "-price"] {
            let sort = Sort::read(Some(sort)).unwrap();
            for limit in [1, 2, 200] {
                let (mut all, mut after) = (Vec::new(), String::new());
                loop {
                    let query = format!("limit={limit}{after}");
                    let page = PageOf::read(&Query::read(Some(&query), &["limit", "after"]).unwrap(), sort.sorted());
                    let page = page.unwrap_or_else(|problem| panic!("{query}: {}", problem.detail()));
                    let rows = found(reader, SHOW, sort, &page, String::new()).unwrap();
                    let cursor = |row: &Offering| Cursor { number: row.id.number(), key: sort.key(row) };
                    let page = page.of(rows, cursor, |row| row.id.number());
                    all.extend(page.items);
                    let Some(next) = page.next else { break };
                    after = format!("&after={next}");
                }
                all.sort_unstable();
                assert_eq!(all, (1..=names.len() as u64).collect::<Vec<_>>(), "{sort:?}, {limit} at a time");
            }
        }
    }
}
