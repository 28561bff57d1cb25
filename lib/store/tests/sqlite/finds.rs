//! How finds are carried out: by keys and by indexes.

use store::Find;
use tempfile::TempDir;

use crate::given::{Item, Named, open};

#[test]
fn a_find_goes_by_an_index_and_by_the_key() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let mut reader = store.reader().unwrap();
    let by_key = Find::all().with(Item::COLUMNS.id.above(3)).by(Item::COLUMNS.id.asc()).limit(5);
    assert_eq!(reader.plan(by_key.any()).unwrap(), ["SEARCH items USING INTEGER PRIMARY KEY (rowid>?)"]);
    let by_text = Find::all().with(Named::COLUMNS.name.is("a".into()));
    assert_eq!(reader.plan(by_text.any()).unwrap(), ["SEARCH named USING PRIMARY KEY (name=?)"]);
}
