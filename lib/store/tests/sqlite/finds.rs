//! Rows are found by what a find says, and a page follows the one before.

use store::{Find, TableReader};
use tempfile::TempDir;
use typed::Text;

use crate::given::{Item, Named, item, open, write};

fn ids(reader: &mut dyn TableReader, find: &Find<Item>) -> Vec<u64> {
    let rows = find.rows(reader).unwrap();
    assert_eq!(find.count(reader).unwrap(), rows.len() as u64);
    assert_eq!(find.clone().exist(reader).unwrap(), !rows.is_empty());
    let (mut each, c) = (Vec::new(), Item::COLUMNS);
    find.each(reader, (c.id, c.count, c.note), |picked| each.push(picked)).unwrap();
    assert_eq!(each, rows.iter().map(|row| (row.id, row.count, row.note.clone())).collect::<Vec<_>>());
    rows.iter().map(|row| row.id).collect()
}

#[test]
fn conditions_hold_or_do_not_hold() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let (mut writer, mut reader) = (store.writer().unwrap(), store.reader().unwrap());
    let note = |id, count, note: Option<&str>| Item { note: note.map(Text::from), ..item(id, count) };
    let rows = [note(1, -5, None), note(2, 0, Some("")), note(3, 7, Some("Ärger")), note(4, 7, Some("가나다"))];
    write(&mut writer, &rows, 1);
    let c = || Item::COLUMNS;
    let mut found = |filter| ids(&mut reader, &Find::all().with(filter).by(c().id.asc()));
    assert_eq!(found(c().count.is(7)), [3, 4]);
    assert_eq!(found(c().count.is_not(7)), [1, 2]);
    assert_eq!(found(c().count.below(0)), [1]);
    assert_eq!(found(c().count.at_most(0)), [1, 2]);
    assert_eq!(found(c().count.above(0)), [3, 4]);
    assert_eq!(found(c().count.at_least(-5)), [1, 2, 3, 4]);
    assert_eq!(found(c().count.one_of([0, -5, 9])), [1, 2]);
    assert_eq!(found(c().count.one_of([])), [0; 0]);
    assert_eq!(found(c().note.clone().is_none()), [1]);
    assert_eq!(found(c().note.clone().is_some()), [2, 3, 4]);
    assert_eq!(found(c().note.is_not(Some("".into()))), [1, 3, 4]);
    assert_eq!(found(c().note.below(Some("가".into()))), [2, 3]);
    assert_eq!(found(c().note.contains("äRG")), [3]);
    assert_eq!(found(c().note.contains("나")), [4]);
    assert_eq!(found(c().note.contains("")), [1, 2, 3, 4]);
    assert_eq!(found(c().note.is_none().or(c().count.is(0))), [1, 2]);
    assert_eq!(found(c().count.block(1).is(Some(-3))), [1]);
    assert_eq!(found(c().count.low(2).is(Some(3))), [1, 3, 4]);
}

#[test]
fn pages_have_every_row_once_in_the_order_of_the_list() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let (mut writer, mut reader) = (store.writer().unwrap(), store.reader().unwrap());
    let notes = [None, Some("b"), Some("a"), None, Some(""), Some("👍"), Some("b")];
    let rows: Vec<Item> =
        (1..).zip(notes).map(|(id, note)| Item { note: note.map(Text::from), ..item(id, id as i64 % 2) }).collect();
    write(&mut writer, &rows, 1);
    let c = || Item::COLUMNS;
    let up = Find::all().by(c().note.asc()).by(c().id.asc());
    let down = Find::all().by(c().note.desc()).by(c().id.asc());
    for (list, expected) in [(up, [1, 4, 5, 3, 2, 7, 6]), (down, [6, 2, 7, 3, 5, 1, 4])] {
        assert_eq!(ids(&mut reader, &list), expected);
        for limit in 1..=8 {
            let (mut pages, mut find) = (Vec::new(), list.clone().limit(limit));
            loop {
                let page = find.rows(&mut reader).unwrap();
                pages.extend(page.iter().map(|row| row.id));
                let Some(last) = page.last() else { break };
                find = find.after((last.note.clone(), last.id));
            }
            assert_eq!(pages, expected, "{limit} at a time");
        }
        assert_eq!(ids(&mut reader, &list.clone().skip(2).limit(3)), expected[2..5]);
        assert_eq!(ids(&mut reader, &list.clone().skip(5)), expected[5..]);
    }
    let one = Find::all().with(c().note.is(Some("b".into()))).by(c().id.desc()).one(&mut reader).unwrap();
    assert_eq!(one.unwrap().id, 7);
}

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
