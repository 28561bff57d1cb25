//! Rows are found by what a find says, and a page follows the one before.

use store::{Find, TableReader};
use typed::{Any, Text, Value};

use crate::engines::Engine;
use crate::given::{Item, State, item, noted, write};

/// The ids of what is found, which is the same whichever way it is asked for.
pub fn ids(reader: &mut dyn TableReader, find: &Find<Item>) -> Vec<u64> {
    let rows = find.rows(reader).unwrap();
    assert_eq!(find.count(reader).unwrap(), rows.len() as u64);
    assert_eq!(find.clone().exist(reader).unwrap(), !rows.is_empty());
    assert_eq!(find.clone().one(reader).unwrap().is_some(), !rows.is_empty());
    let (mut each, c) = (Vec::new(), Item::COLUMNS);
    find.each(reader, (c.id, c.count, c.note), |picked| each.push(picked)).unwrap();
    assert_eq!(each, rows.iter().map(|row| (row.id, row.count, row.note.clone())).collect::<Vec<_>>());
    rows.iter().map(|row| row.id).collect()
}

pub fn conditions_hold_or_do_not_hold(engine: &dyn Engine) {
    let mut reader = engine.reader();
    let rows = [noted(1, -5, None), noted(2, 0, Some("")), noted(3, 7, Some("Ärger")), noted(4, 7, Some("가나다"))];
    let due = |mut row: Item| {
        (row.state, row.due) = (State::Ended, Some(9));
        row
    };
    let rows = rows.map(|row| if row.id == 3 { due(row) } else { row });
    write(&mut *engine.writer(), &rows, 1);
    let c = || Item::COLUMNS;
    let mut found = |filter| ids(&mut *reader, &Find::all().with(filter).by(c().id.asc()));
    assert_eq!(found(c().count.is(7)), [3, 4]);
    assert_eq!(found(c().count.is_not(7)), [1, 2]);
    assert_eq!(found(c().count.below(0)), [1]);
    assert_eq!(found(c().count.at_most(0)), [1, 2]);
    assert_eq!(found(c().count.above(0)), [3, 4]);
    assert_eq!(found(c().count.at_least(-5)), [1, 2, 3, 4]);
    assert_eq!(found(c().count.one_of([0, -5, 9])), [1, 2]);
    assert_eq!(found(c().count.one_of([])), [0; 0]);
    assert_eq!(found(c().note.is_none()), [1]);
    assert_eq!(found(c().note.is_some()), [2, 3, 4]);
    assert_eq!(found(c().note.is(Some("".into()))), [2]);
    assert_eq!(found(c().note.is_not(Some("".into()))), [1, 3, 4]);
    assert_eq!(found(c().note.below(Some("가".into()))), [2, 3], "against no value nothing holds");
    assert_eq!(found(c().note.at_least(None)), [0; 0]);
    assert_eq!(found(c().note.one_of([None, Some("".into())])), [2]);
    assert_eq!(found(c().note.contains("äRG")), [3]);
    assert_eq!(found(c().note.contains("나")), [4]);
    assert_eq!(found(c().note.contains("")), [1, 2, 3, 4]);
    assert_eq!(found(c().note.is_none().or(c().count.is(0))), [1, 2]);
    assert_eq!(found(c().state.is(State::Ended)), [3]);
    assert_eq!(found(c().state.one_of([State::Ended, State::Open])), [1, 2, 3, 4]);
    assert_eq!(found(c().due.is_some().or(c().id.at_most(1)).or(c().id.above(3))), [1, 3, 4]);
    assert_eq!(found(c().id.is(2)), [2]);
    assert_eq!(found(c().id.above(1)), [2, 3, 4]);
    assert_eq!(found(c().id.at_least(4)), [4]);
    assert_eq!(found(c().id.is_not(3)), [1, 2, 4]);
    let both = Find::all().with(c().id.above(3)).with(c().id.below(3));
    assert_eq!(ids(&mut *reader, &both), [0; 0]);
}

pub fn pages_have_every_row_once_in_the_order_of_the_list(engine: &dyn Engine) {
    let mut reader = engine.reader();
    let notes = [None, Some("b"), Some("a"), None, Some(""), Some("👍"), Some("b")];
    let rows: Vec<Item> = (1..).zip(notes).map(|(id, note)| noted(id, 0, note)).collect();
    write(&mut *engine.writer(), &rows, 1);
    let c = || Item::COLUMNS;
    let lists = [
        (Find::all().by(c().note.asc()).by(c().id.asc()), [1, 4, 5, 3, 2, 7, 6]),
        (Find::all().by(c().note.asc()).by(c().id.desc()), [4, 1, 5, 3, 7, 2, 6]),
        (Find::all().by(c().note.desc()).by(c().id.asc()), [6, 2, 7, 3, 5, 1, 4]),
        (Find::all().by(c().note.desc()).by(c().id.desc()), [6, 7, 2, 3, 5, 4, 1]),
    ];
    for (list, expected) in lists {
        assert_eq!(ids(&mut *reader, &list), expected);
        for limit in 1..=8 {
            let (mut pages, mut find) = (Vec::new(), list.clone().limit(limit));
            loop {
                let page = find.rows(&mut *reader).unwrap();
                assert!(page.len() as u64 <= limit && pages.len() <= expected.len());
                pages.extend(page.iter().map(|row| row.id));
                let Some(last) = page.last() else { break };
                find = find.after((last.note.clone(), last.id));
            }
            assert_eq!(pages, expected, "{limit} at a time");
        }
        assert_eq!(ids(&mut *reader, &list.clone().skip(2).limit(3)), expected[2..5]);
        assert_eq!(ids(&mut *reader, &list.clone().skip(5)), expected[5..]);
        assert_eq!(list.clone().limit(0).rows(&mut *reader).unwrap(), []);
    }
    let one = Find::all().with(c().note.is(Some("b".into()))).by(c().id.desc()).one(&mut *reader).unwrap();
    assert_eq!(one.unwrap().id, 7);
    let keys = Find::all().by(c().id.desc()).after((5_u64,)).limit(2);
    assert_eq!(ids(&mut *reader, &keys), [4, 3]);
}

pub fn text_is_sorted_by_its_bytes_and_none_comes_before_it(engine: &dyn Engine) {
    let mut reader = engine.reader();
    let sorted = [
        None,
        Some(""),
        Some("A"),
        Some("Z"),
        Some("a"),
        Some("a b"),
        Some("z"),
        Some("é"),
        Some("ß"),
        Some("가"),
        Some("가나"),
        Some("힣"),
        Some("\u{ffff}"),
        Some("👍"),
        Some("👍🏽"),
    ];
    // Whatever order they came in.
    let rows: Vec<Item> = (1..).zip(sorted.iter().rev()).map(|(id, note)| noted(id, 0, *note)).collect();
    write(&mut *engine.writer(), &rows, 1);
    let found = Find::all().by(Item::COLUMNS.note.asc()).rows(&mut *reader).unwrap();
    let found: Vec<Option<&str>> = found.iter().map(|row| row.note.as_deref()).collect();
    let mut expected = sorted.to_vec();
    expected.sort_unstable();
    assert_eq!(found, expected);
    let above = Find::all().with(Item::COLUMNS.note.above(Some("z".into()))).count(&mut *reader).unwrap();
    assert_eq!(above, 8);
}

pub fn what_follows_from_columns_is_compared_and_sorted_by(engine: &dyn Engine) {
    let mut reader = engine.reader();
    let rows = [
        noted(1, -5, Some(r##"{"name":"나","age":12,"is":true}"##)),
        noted(2, 6, Some(r##"{"name":"가","age":-3,"none":null}"##)),
        noted(3, 131_073, Some("{}")),
        noted(4, 7, None),
    ];
    write(&mut *engine.writer(), &rows, 1);
    let c = || Item::COLUMNS;
    let member = |name: &str| c().note.member(name).unwrap();
    let is = |value: Value| Any(value);
    {
        let mut found = |filter| ids(&mut *reader, &Find::all().with(filter).by(c().id.asc()));
        assert_eq!(found(c().count.block(1).is(Some(-3))), [1]);
        assert_eq!(found(c().count.block(17).is(Some(1))), [3]);
        assert_eq!(found(c().due.block(1).is_none()), [1, 2, 3, 4]);
        assert_eq!(found(c().count.low(2).is(Some(3))), [1, 4]);
        assert_eq!(found(c().count.less(c().id).is(Some(4))), [2]);
        assert_eq!(found(member("name").is(is(Value::Text("가".into())))), [2]);
        assert_eq!(found(member("age").above(is(Value::Int(0)))), [1]);
        assert_eq!(found(member("is").is(is(Value::Int(1)))), [1]);
        assert_eq!(found(member("none").is(is(Value::Null))), [1, 2, 3, 4]);
        assert_eq!(found(c().count.as_text().is(Some("131073".into()))), [3]);
        assert_eq!(found(c().count.is(7).whether().is(true)), [4]);
    }
    let sorted = |order| Find::all().by(order).by(c().id.asc());
    assert_eq!(ids(&mut *reader, &sorted(member("age").asc())), [3, 4, 2, 1]);
    assert_eq!(ids(&mut *reader, &sorted(member("name").desc())), [1, 2, 3, 4]);
    assert_eq!(ids(&mut *reader, &sorted(c().count.above(6).whether().asc())), [1, 2, 3, 4]);
    assert_eq!(ids(&mut *reader, &sorted(c().count.as_text().asc())), [1, 3, 2, 4]);
    assert!(c().note.member("a.b").is_none() && c().note.member("").is_none());

    let words = [noted(1, 0, Some("#12x")), noted(2, 0, Some("#9")), noted(3, 0, Some("10")), noted(4, 0, Some("\0b"))];
    write(&mut *engine.writer(), &words, 2);
    let number = || c().note.without('#');
    assert_eq!(ids(&mut *reader, &Find::all().with(number().is(Some("9".into())))), [2]);
    assert_eq!(ids(&mut *reader, &sorted(number().as_integer().asc())), [4, 2, 3, 1]);
    assert_eq!(ids(&mut *reader, &sorted(c().note.start(2).asc())), [4, 1, 2, 3]);
    let after = sorted(c().note.start(2).asc()).after((Text::from("#1"), 1_u64));
    assert_eq!(ids(&mut *reader, &after), [2, 3]);
}

pub fn numbers_have_all_their_bits(engine: &dyn Engine) {
    let mut reader = engine.reader();
    let most = u64::try_from(i64::MAX).unwrap();
    write(&mut *engine.writer(), &[item(1, i64::MIN), item(2, i64::MAX), item(most, -1), item(3, 1 << 53)], 1);
    let c = || Item::COLUMNS;
    assert_eq!(ids(&mut *reader, &Find::all().by(c().count.asc())), [1, most, 3, 2]);
    assert_eq!(ids(&mut *reader, &Find::all().by(c().id.desc()).limit(1)), [most]);
    assert_eq!(ids(&mut *reader, &Find::all().with(c().count.is((1 << 53) + 1))), [0; 0]);
    assert_eq!(ids(&mut *reader, &Find::all().with(c().count.at_most(i64::MIN))), [1]);
    assert_eq!(ids(&mut *reader, &Find::all().with(c().id.at_least(most))), [most]);
}
