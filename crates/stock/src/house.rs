//! Where the seats of an offering are, all at once: for whoever has to say often which seats are meant.

use std::collections::{HashMap, HashSet};

use ::store::{Find, StoreError, TableReader};
use contracts::queries::SeatPlace;
use contracts::{NUMBER_MAX, Numbered, OfferingId, SeatId, input};

use crate::seat::Seat;

/// The places of an offering's seats.
#[derive(Debug, Default)]
pub struct House {
    /// By their columns and what their rows look like.
    places: HashMap<(i64, String), SeatId>,
    seats: HashSet<SeatId>,
}

impl House {
    /// The house of `offering`; `None` where two of its seats are at places that look the same, as an earlier maejin allowed.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn read(offering: OfferingId, reader: &mut dyn TableReader) -> Result<Option<Self>, StoreError> {
        let c = || Seat::COLUMNS;
        let mut house = Self::default();
        let mut is_clear = true;
        Find::all().with(c().offering.is(offering)).each(
            reader,
            (c().id, c().seat_row, c().seat_col),
            |(id, row, column)| {
                house.seats.insert(id);
                if let (Some(row), Some(column)) = (row, column) {
                    is_clear &= house.places.insert((column, input::look(&row)), id).is_none();
                }
            },
        )?;
        Ok(is_clear.then_some(house))
    }

    /// How many seats it has.
    pub fn seats(&self) -> usize {
        self.seats.len()
    }

    /// The seat of `offering`, whose house this is, that is called so.
    pub fn seat(&self, offering: OfferingId, place: &SeatPlace) -> Option<SeatId> {
        match place {
            SeatPlace::Nowhere => None,
            SeatPlace::At(row, column) => self.places.get(&(*column, input::look(row))).copied(),
            SeatPlace::Number(number) if *number > NUMBER_MAX => None,
            SeatPlace::Number(number) => {
                let seat = SeatId::of(offering.storefront(), *number);
                self.seats.contains(&seat).then_some(seat)
            }
        }
    }
}
