//! Finds of all sorts over rows of all sorts, compared with what plain Rust makes of the same rows.

use std::cmp::Ordering;

use store::Find;
use typed::{Filter, Text};

use crate::engines::Engine;
use crate::finds::ids;
use crate::given::{Item, State, noted, write};

/// So many finds are made up.
const FINDS: usize = 400;
const NOTES: [Option<&str>; 9] =
    [None, None, Some(""), Some("A"), Some("a"), Some("가"), Some("가나"), Some("👍"), Some("a'b\"%_")];

/// Numbers that are the same each time: xorshift.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn number(&mut self) -> i64 {
        [-3, -1, 0, 1, 2, i64::MIN, i64::MAX][self.below(7)]
    }

    fn note(&mut self) -> Option<Text> {
        NOTES[self.below(NOTES.len())].map(Text::from)
    }
}

type Holds = Box<dyn Fn(&Item) -> bool>;

/// A condition, for the store and in Rust.
fn condition(chance: &mut Chance) -> (Filter<Item>, Holds) {
    let c = Item::COLUMNS;
    let (number, note, id) = (chance.number(), chance.note(), chance.below(60) as u64);
    match chance.below(15) {
        0 => (c.count.is(number), Box::new(move |row| row.count == number)),
        1 => (c.count.is_not(number), Box::new(move |row| row.count != number)),
        2 => (c.count.below(number), Box::new(move |row| row.count < number)),
        3 => (c.count.at_least(number), Box::new(move |row| row.count >= number)),
        4 => (c.note.is(note.clone()), Box::new(move |row| row.note == note)),
        5 => (c.note.is_not(note.clone()), Box::new(move |row| row.note != note)),
        6 => (
            c.note.above(note.clone()),
            Box::new(move |row| row.note.as_ref().is_some_and(|a| note.as_ref().is_some_and(|b| a > b))),
        ),
        7 => (
            c.note.at_most(note.clone()),
            Box::new(move |row| row.note.as_ref().is_some_and(|a| note.as_ref().is_some_and(|b| a <= b))),
        ),
        8 => (c.id.above(id), Box::new(move |row| row.id > id)),
        9 => (c.id.at_most(id), Box::new(move |row| row.id <= id)),
        10 => (c.state.is(State::Open), Box::new(|row| row.state == State::Open)),
        11 => (c.due.is_none().or(c.count.is(number)), Box::new(move |row| row.due.is_none() || row.count == number)),
        12 => (c.id.one_of([id, 3, 40]), Box::new(move |row| [id, 3, 40].contains(&row.id))),
        13 => (
            c.note.contains("A"),
            Box::new(|row| row.note.as_ref().is_some_and(|note| note.contains('a') || note.contains('A'))),
        ),
        _ => (c.due.block(2).is(Some(1)), Box::new(|row| row.due.is_some_and(|due| due >> 2 == 1))),
    }
}

pub fn whatever_is_asked_is_answered_as_the_model_does(engine: &dyn Engine) {
    let (mut chance, mut reader) = (Chance(0x9E37_79B9_7F4A_7C15), engine.reader());
    let made = |chance: &mut Chance, id| Item {
        note: chance.note(),
        state: if chance.below(2) == 0 { State::Open } else { State::Ended },
        due: (chance.below(3) > 0).then(|| chance.below(12) as u64),
        ..noted(id, chance.number(), None)
    };
    let rows: Vec<Item> = (1..=60).map(|id| made(&mut chance, id)).collect();
    write(&mut *engine.writer(), &rows, 1);
    for _ in 0..FINDS {
        let (mut find, mut expected) = (Find::all(), rows.clone());
        for _ in 0..chance.below(3) {
            let (filter, holds) = condition(&mut chance);
            find = find.with(filter);
            expected.retain(|row| holds(row));
        }
        let (what, down, id_down) = (chance.below(4), chance.below(2) == 0, chance.below(2) == 0);
        let c = Item::COLUMNS;
        find = match what {
            0 => find,
            1 => find.by(c.note.sorted(down)),
            2 => find.by(c.count.sorted(down)),
            _ => find.by(c.due.sorted(down)),
        };
        find = find.by(Item::COLUMNS.id.sorted(id_down));
        let way = |order: Ordering, down: bool| if down { order.reverse() } else { order };
        let sorted = move |a: &Item, b: &Item| {
            let first = match what {
                0 => Ordering::Equal,
                1 => a.note.cmp(&b.note),
                2 => a.count.cmp(&b.count),
                _ => a.due.cmp(&b.due),
            };
            way(first, down).then(way(a.id.cmp(&b.id), id_down))
        };
        expected.sort_by(sorted);
        if chance.below(2) == 0 {
            let place = rows[chance.below(rows.len())].clone();
            expected.retain(|row| sorted(row, &place).is_gt());
            find = match what {
                0 => find.after((place.id,)),
                1 => find.after((place.note, place.id)),
                2 => find.after((place.count, place.id)),
                _ => find.after((place.due, place.id)),
            };
        }
        if chance.below(3) == 0 {
            let skip = chance.below(4);
            find = find.skip(skip as u64);
            expected.drain(..skip.min(expected.len()));
        }
        if chance.below(2) == 0 {
            let limit = 1 + chance.below(9);
            find = find.limit(limit as u64);
            expected.truncate(limit);
        }
        assert_eq!(ids(&mut *reader, &find), expected.iter().map(|row| row.id).collect::<Vec<_>>(), "{find:?}");
    }
}
