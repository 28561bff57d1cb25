//! Which seats are meant where orders name them, without troubling the engine: the places of an offering's seats, kept as long as none of
//! them changes.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use contracts::queries::SeatsNamed;
use contracts::{Message, OfferingId, SeatId};
use engine::Envelope;
use stock::House;

/// The places of so many seats are kept, some 80 bytes each.
const SEATS: usize = 262_144;
/// Of so many offerings it is remembered which record changed their seats; of all others the last of those that were left out.
const CHANGES: usize = 4_096;

/// The places of seats, by offering. What was durable before somebody asks is known here, for it is heard before anybody is answered.
#[derive(Debug, Default)]
pub(crate) struct Houses(RwLock<Known>);

#[derive(Debug, Default)]
struct Known {
    houses: HashMap<OfferingId, Entry>,
    /// How many seats they have in all.
    seats: usize,
    /// The last record in which a seat of the offering changed.
    changed: HashMap<OfferingId, u64>,
    /// The same for offerings that are not there: at most this.
    changed_before: u64,
    /// How often somebody began to read.
    reads: u64,
}

#[derive(Debug)]
enum Entry {
    /// Being read, by the read with this number.
    Read(u64),
    Known(Arc<House>),
}

impl Houses {
    /// The seats that were named, each in its place; `None` where not all of them are known here.
    pub fn named(&self, of: &SeatsNamed) -> Option<Vec<Option<SeatId>>> {
        let house = match self.read().houses.get(&of.offering) {
            Some(Entry::Known(house)) => house.clone(),
            _ => return None,
        };
        of.seats.iter().map(|place| house.seat(of.offering, place).map(Some)).collect()
    }

    /// Begins to read the house of `offering` from tables that contain the journal up to `applied`, and gives the number of that; `None`
    /// where another one does, or the tables lack a change of its seats.
    pub fn begin(&self, offering: OfferingId, applied: u64) -> Option<u64> {
        let may_begin = |known: &Known| !known.houses.contains_key(&offering) && known.changed(offering) <= applied;
        if !may_begin(&self.read()) {
            return None;
        }
        let mut known = self.write();
        if !may_begin(&known) {
            return None;
        }
        known.reads += 1;
        let read = known.reads;
        known.houses.insert(offering, Entry::Read(read));
        Some(read)
    }

    /// Ends the read with the number `read`. Nothing is kept of it if a seat has changed since it began.
    pub fn end(&self, offering: OfferingId, read: u64, house: Option<House>) {
        let mut known = self.write();
        if !matches!(known.houses.get(&offering), Some(Entry::Read(number)) if *number == read) {
            return;
        }
        known.houses.remove(&offering);
        let Some(house) = house.filter(|house| house.seats() <= SEATS) else { return };
        if known.seats + house.seats() > SEATS {
            known.houses.retain(|_, entry| matches!(entry, Entry::Read(_)));
            known.seats = 0;
        }
        known.seats += house.seats();
        known.houses.insert(offering, Entry::Known(Arc::new(house)));
    }

    /// Learns from `messages`, which are durable.
    pub fn hear(&self, messages: &[Envelope<Message>]) {
        for envelope in messages {
            if let Message::SeatChanged(changed) = &envelope.message {
                self.write().forget(changed.offering, engine::record_of(envelope.id));
            }
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, Known> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Known> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn changed(&self, offering: OfferingId) -> u64 {
        self.changed.get(&offering).copied().unwrap_or(self.changed_before)
    }

    fn forget(&mut self, offering: OfferingId, record: u64) {
        if let Some(Entry::Known(house)) = self.houses.remove(&offering) {
            self.seats -= house.seats();
        }
        if self.changed.len() >= CHANGES {
            self.changed_before = self.changed.drain().map(|(_, record)| record).max().unwrap_or_default();
        }
        self.changed.insert(offering, record);
    }
}

#[cfg(test)]
mod tests {
    use contracts::events::SeatChanged;
    use contracts::queries::SeatPlace;
    use contracts::{Money, Numbered, StorefrontNo};
    use stock::{Seat, SeatState};
    use store::sqlite::SqliteStore;
    use store::{Applied, Change, Form, TableWriter};
    use typed::{Key, Row};

    use super::*;

    const OFFERING: OfferingId = OfferingId(7);

    fn seat(number: u64, row: &str, column: i64) -> Seat {
        Seat {
            id: SeatId::of(StorefrontNo(0), number),
            storefront: StorefrontNo(0),
            offering: OFFERING,
            seat_row: Some(row.into()),
            seat_col: Some(column),
            grade: None,
            price: Money::krw(1),
            state: SeatState::Free,
            owner: None,
            version: 1,
        }
    }

    fn house(seats: &[Seat]) -> Option<House> {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(dir.path(), &crate::migrations()).unwrap();
        let put = |seat| Change { table: Seat::TABLE, key: Seat::key(seat).to_value(), row: Some(Form::Row(seat)) };
        let mut changes: Vec<_> = seats.iter().map(put).collect();
        store.writer().unwrap().apply(&mut changes, &mut [], Applied::of(1, 0)).unwrap();
        House::read(OFFERING, &mut store.reader().unwrap()).unwrap()
    }

    fn changed(houses: &Houses, record: u64) {
        let seat = SeatId::of(StorefrontNo(0), 1);
        let changed = SeatChanged { seat, offering: OFFERING, present: true, now: None, offering_now: None };
        let message = Message::from(changed);
        let (origin, subject) = (None, message.subject_key());
        let id = record << 20;
        assert_eq!(engine::record_of(id), record);
        houses.hear(&[Envelope { id, origin, cause: 0, from: 1, subject, correlation: 0, at: 0, message }]);
    }

    fn named(houses: &Houses, seats: &[SeatPlace]) -> Option<Vec<u64>> {
        let found = houses.named(&SeatsNamed { offering: OFFERING, seats: seats.to_vec() })?;
        Some(found.into_iter().map(|seat| seat.map_or(0, Numbered::number)).collect())
    }

    #[test]
    fn seats_are_known_by_place_and_by_number_until_one_of_them_changes() {
        let houses = Houses::default();
        let at = |row: &str, column| SeatPlace::At(row.into(), column);
        assert_eq!(named(&houses, &[at("A", 1)]), None);
        let read = houses.begin(OFFERING, 0).unwrap();
        assert_eq!(houses.begin(OFFERING, 0), None, "one reads it already");
        houses.end(OFFERING, read, house(&[seat(1, "A", 1), seat(2, "B", 1)]));
        assert_eq!(named(&houses, &[at("b", 1), SeatPlace::Number(1), at("A", 1)]), Some(vec![2, 1, 1]));
        for unknown in [at("A", 2), at("C", 1), SeatPlace::Number(3), SeatPlace::Nowhere] {
            assert_eq!(named(&houses, &[at("A", 1), unknown]), None, "the engine is to say that");
        }
        changed(&houses, 5);
        assert_eq!(named(&houses, &[at("A", 1)]), None);
    }

    #[test]
    fn nothing_is_kept_of_tables_that_lack_a_change() {
        let houses = Houses::default();
        changed(&houses, 5);
        assert_eq!(houses.begin(OFFERING, 4), None);
        let read = houses.begin(OFFERING, 5).unwrap();
        changed(&houses, 6);
        houses.end(OFFERING, read, house(&[seat(1, "A", 1)]));
        assert_eq!(named(&houses, &[SeatPlace::Number(1)]), None, "a seat changed while it was read");
        assert_eq!(houses.begin(OFFERING, 5), None);
        assert!(houses.begin(OFFERING, 6).is_some());
        let many = Houses::default();
        for other in 0..=CHANGES as u64 {
            many.write().forget(OfferingId(100 + other), 50);
        }
        assert_eq!(many.begin(OFFERING, 49), None, "which of them changed is forgotten, so it may be this one");
        assert!(many.begin(OFFERING, 50).is_some());
    }

    #[test]
    fn a_house_with_two_seats_at_places_that_look_the_same_is_left_to_the_engine() {
        assert!(house(&[seat(1, "A", 1), seat(2, "a", 1)]).is_none());
        assert!(house(&[seat(1, "A", 1), seat(2, "a", 2)]).is_some());
    }
}
