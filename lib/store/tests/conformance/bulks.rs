//! The tables are changed in bulk and wholly, and read by key.

use store::{Applied, Change, Find, Form, StoreError, TableReader, rows_of};
use typed::{Key, KeyValue, Row, Text};

use crate::engines::Engine;
use crate::given::{Gone, Item, Named, State, delete, form, item, named, noted, put, write};

fn items(reader: &mut dyn TableReader) -> Vec<Item> {
    Find::all().by(Item::COLUMNS.id.asc()).rows(reader).unwrap()
}

pub fn rows_are_written_changed_and_deleted_by_integer_and_by_text_keys(engine: &dyn Engine) {
    let (mut writer, mut reader) = (engine.writer(), engine.reader());
    write(&mut *writer, &[item(2, 1), item(1, 5)], 1);
    write(&mut *writer, &[named("b", 1), named("a'; --", 2)], 2);
    assert_eq!(items(&mut *reader), [item(1, 5), item(2, 1)]);

    let (changed, other) = (item(2, 9), named("b", 7));
    let (a, b) = (form(&changed), form(&other));
    let mut changes = [put(&changed, &a), delete::<Item>(&1), put(&other, &b), delete::<Named>(&"a'; --".into())];
    writer.apply(&mut changes, &mut [], Applied::of(3, 0)).unwrap();
    assert_eq!(items(&mut *reader), [item(2, 9)]);
    assert_eq!(Find::<Named>::all().rows(&mut *reader).unwrap(), [other]);
    writer.apply(&mut [delete::<Item>(&77)], &mut [], Applied::of(4, 0)).unwrap();
    assert_eq!(items(&mut *engine.reader()), [item(2, 9)], "also for who comes later");
}

pub fn a_row_from_memory_is_written_as_its_form_in_the_journal_is(engine: &dyn Engine) {
    let (mut writer, mut reader) = (engine.writer(), engine.reader());
    let rows = [noted(1, 3, Some("a")), Item { due: Some(9), state: State::Ended, ..item(2, -1) }];
    let forms = rows.each_ref().map(form);
    let mut changes: Vec<_> = rows.iter().zip(&forms).map(|(row, form)| put(row, form)).collect();
    writer.apply(&mut changes, &mut [], Applied::of(1, 0)).unwrap();
    assert_eq!(items(&mut *reader), rows);
    writer.apply(&mut [delete::<Item>(&1), delete::<Item>(&2)], &mut [], Applied::of(2, 0)).unwrap();
    let from_memory = |row| Change { table: Item::TABLE, key: Item::key(row).to_value(), row: Some(Form::Row(row)) };
    let mut changes: Vec<_> = rows.iter().map(from_memory).collect();
    writer.apply(&mut changes, &mut [], Applied::of(3, 0)).unwrap();
    assert_eq!(items(&mut *reader), rows);
}

pub fn a_bulk_counts_wholly_or_not_at_all(engine: &dyn Engine) {
    let (mut writer, mut reader) = (engine.writer(), engine.reader());
    write(&mut *writer, &[item(1, 1)], 1);
    let (first, row, nonsense) = (form(&item(1, 2)), item(1, 2), [0xff]);
    let mut changes = [put(&row, &first), put(&item(2, 2), &nonsense)];
    let refused = writer.apply(&mut changes, &mut [(9, 2)], Applied::of(2, 0));
    assert!(matches!(refused, Err(StoreError::Row { table: "items", .. })), "{refused:?}");
    assert_eq!(items(&mut *reader), [item(1, 1)]);
    assert_eq!(writer.applied().unwrap(), Applied::of(1, 7));
    assert_eq!(reader.trail(9, 99).unwrap(), [0_u64; 0]);
    write(&mut *writer, &[item(2, 2)], 2);
    assert_eq!(items(&mut *reader).len(), 2);
}

pub fn how_far_the_tables_are_is_told_to_writers_and_readers(engine: &dyn Engine) {
    let (mut writer, mut reader) = (engine.writer(), engine.reader());
    assert_eq!((writer.applied().unwrap().seq, reader.applied().unwrap().seq), (0, 0));
    write(&mut *writer, &[item(1, 1)], 5);
    assert_eq!(writer.applied().unwrap(), Applied::of(5, 7));
    assert_eq!(reader.applied().unwrap(), Applied::of(5, 7));
    writer.apply(&mut [], &mut [], Applied { seq: 6, sum: None }).unwrap();
    assert_eq!(engine.reader().applied().unwrap(), Applied { seq: 6, sum: None });
}

pub fn what_a_row_sweeps_is_gone(engine: &dyn Engine) {
    let (mut writer, mut reader) = (engine.writer(), engine.reader());
    write(&mut *writer, &[item(1, 1), item(2, 2), item(3, 3)], 1);
    let (gone, late) = (Gone { one: 1, below: 3 }, item(2, 9));
    let (a, b) = (form(&gone), form(&late));
    // In whatever order they come.
    writer.apply(&mut [put(&gone, &a), put(&late, &b)], &mut [], Applied::of(2, 0)).unwrap();
    assert_eq!(items(&mut *reader), [item(3, 3)]);
}

pub fn the_trail_holds_each_pair_once_and_ends_where_it_is_asked_to(engine: &dyn Engine) {
    let (mut writer, mut reader) = (engine.writer(), engine.reader());
    writer.apply(&mut [], &mut [(7, 1), (5, 1), (7, 2)], Applied::of(2, 0)).unwrap();
    writer.apply(&mut [], &mut [(7, 2), (7, 30), (8, 3)], Applied::of(3, 0)).unwrap();
    assert_eq!(reader.trail(7, u64::MAX).unwrap(), [1, 2, 30]);
    assert_eq!(reader.trail(7, 29).unwrap(), [1, 2]);
    assert_eq!(reader.trail(5, 1).unwrap(), [1]);
    assert_eq!(reader.trail(6, 99).unwrap(), [0_u64; 0]);
}

pub fn rows_are_loaded_by_key_and_missing_ones_left_out(engine: &dyn Engine) {
    let (mut writer, mut reader) = (engine.writer(), engine.reader());
    write(&mut *writer, &[item(1, 1), item(3, 3)], 1);
    write(&mut *writer, &[named("x", 1), named("", 2)], 2);
    let mut found = rows_of::<Item>(reader.load(Item::TABLE, &[3, 2, 1].map(KeyValue::Int)).unwrap());
    found.sort_by_key(Row::key);
    assert_eq!(found, [item(1, 1), item(3, 3)]);
    let keys = ["x", "y", ""].map(|key| Text::from(key).to_value());
    assert_eq!(rows_of::<Named>(reader.load(Named::TABLE, &keys).unwrap()).len(), 2);
}

pub fn the_highest_key_of_each_group_is_found(engine: &dyn Engine) {
    let (mut writer, mut reader) = (engine.writer(), engine.reader());
    assert_eq!(reader.highest(Item::TABLE).unwrap(), [0_u64; 0]);
    let group = |group: u64, key: u64| (group << typed::GROUP_SHIFT) | key;
    let most = u64::try_from(i64::MAX).unwrap();
    let keys = [group(0, 0), group(0, 9), group(3, 1), group(3, 4), group(9_999, 2), most - 1];
    write(&mut *writer, &keys.map(|id| item(id, 1)), 1);
    let mut found = reader.highest(Item::TABLE).unwrap();
    found.sort_unstable();
    assert_eq!(found, [group(0, 9), group(3, 4), group(9_999, 2), most - 1]);
    write(&mut *writer, &[named("7", 1), named("z", 1)], 2);
    assert_eq!(reader.highest(Named::TABLE).unwrap(), [0_u64; 0]);
}

pub fn whoever_reads_as_of_one_moment_sees_that_moment(engine: &dyn Engine) {
    let (mut writer, mut reader, mut other) = (engine.writer(), engine.reader(), engine.reader());
    write(&mut *writer, &[item(1, 1)], 1);
    reader.hold_still().unwrap();
    assert_eq!(items(&mut *reader), [item(1, 1)]);
    write(&mut *writer, &[item(1, 2), item(2, 2)], 2);
    assert_eq!(items(&mut *reader), [item(1, 1)]);
    assert_eq!(reader.applied().unwrap().seq, 1);
    assert_eq!(items(&mut *other).len(), 2, "others see what is there now");
    reader.let_go().unwrap();
    assert_eq!(items(&mut *reader), [item(1, 2), item(2, 2)]);
}
