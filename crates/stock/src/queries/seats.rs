//! Seats: the map of a house, and which seats are meant.

use ::store::{Find, StoreError, TableReader};
use contracts::queries::{SeatMap, SeatPlace, SeatView, SeatsNamed};
use contracts::{NUMBER_MAX, Numbered, OfferingId, SeatId, Text};
use engine::{Missing, Rows};

use crate::offering::Offering;
use crate::seat::{Place, Seat, places};

/// All seats of an offering.
pub(super) fn map(of: &SeatMap, reader: &mut dyn TableReader) -> Result<Option<Vec<SeatView>>, StoreError> {
    let mut offering = Find::all().with(Offering::COLUMNS.id.is(of.offering));
    if !of.withdrawn {
        offering = offering.with(Offering::COLUMNS.withdrawn.is(false));
    }
    if !offering.exist(reader)? {
        return Ok(None);
    }
    let seats = Find::all().with(Seat::COLUMNS.offering.is(of.offering)).by(Seat::COLUMNS.id.asc()).rows(reader)?;
    Ok(Some(seats.iter().map(Seat::view).collect()))
}

/// The seats that were named, each in its place.
pub(super) fn named(of: &SeatsNamed, rows: &Rows<'_>) -> Result<Vec<Option<SeatId>>, Missing> {
    let (mut seats, mut missing) = (Vec::with_capacity(of.seats.len()), Missing::default());
    for place in &of.seats {
        match one(of.offering, place, rows) {
            Ok(seat) => seats.push(seat),
            Err(others) => missing.and(others),
        }
    }
    if missing.is_empty() { Ok(seats) } else { Err(missing) }
}

fn one(offering: OfferingId, place: &SeatPlace, rows: &Rows<'_>) -> Result<Option<SeatId>, Missing> {
    match place {
        SeatPlace::Nowhere => Ok(None),
        SeatPlace::Number(number) if *number > NUMBER_MAX => Ok(None),
        SeatPlace::Number(number) => {
            let seat = rows.get::<Seat>(&SeatId::of(offering.storefront(), *number))?;
            Ok(seat.filter(|seat| seat.offering == offering).map(|seat| seat.id))
        }
        SeatPlace::At(row, column) => at(offering, row, *column, rows),
    }
}

fn at(offering: OfferingId, row: &Text, column: i64, rows: &Rows<'_>) -> Result<Option<SeatId>, Missing> {
    for place in places(offering, Some(row), Some(column)) {
        if let Some(found) = rows.get::<Place>(&place)? {
            return Ok(Some(found.seat));
        }
    }
    Ok(None)
}

impl Seat {
    /// As others see it.
    pub(crate) fn view(&self) -> SeatView {
        SeatView { offering: self.offering, now: self.now() }
    }
}
