//! What others may ask of stock.

mod catalogue;
mod filter;
mod offerings;
mod records;
mod seats;

use ::store::{StoreError, TableReader};
use contracts::queries::{Found, HoldView, Query, RecordKind};
use engine::{Missing, Rows};

use crate::hold::Hold;
use crate::offering::Offering;
use crate::seat::Seat;

/// Answers a query from rows by their keys; `None` where it is for another service.
///
/// # Errors
/// If a row must be fetched first.
pub fn keyed(query: &Query, rows: &Rows<'_>) -> Result<Option<Found>, Missing> {
    Ok(match query {
        Query::OneOffering(of) => Some(Found::OneOffering(offerings::one(of.id, rows)?)),
        Query::OneSeat(of) => Some(Found::OneSeat(rows.get::<Seat>(&of.id)?.map(|seat| Box::new(seat.view())))),
        Query::OfferingByReference(of) => Some(Found::OfferingByReference(offerings::by_reference(of, rows)?)),
        Query::OneHold(of) => Some(Found::OneHold(rows.get::<Hold>(&of.order)?.map(Hold::view))),
        Query::SeatsNamed(of) => Some(Found::SeatsNamed(seats::named(of, rows)?)),
        _ => None,
    })
}

/// Answers a query from the tables; `None` where it is for another service.
///
/// # Errors
/// If the tables cannot be read.
pub fn listed(query: &Query, reader: &mut dyn TableReader) -> Result<Option<Found>, StoreError> {
    Ok(match query {
        Query::Offerings(of) => Some(Found::Offerings(offerings::page(of, reader)?)),
        Query::Catalogue(of) => Some(Found::Catalogue(catalogue::page(of, reader)?)),
        Query::SeatMap(of) => Some(Found::SeatMap(seats::map(of, reader)?)),
        Query::Records(of) if of.kind == RecordKind::Offering => {
            Some(Found::Records(::records::answer::<Offering>(of, reader)?))
        }
        Query::Records(of) if of.kind == RecordKind::Seat => {
            Some(Found::Records(::records::answer::<Seat>(of, reader)?))
        }
        _ => None,
    })
}

impl Hold {
    /// As others see it.
    pub(crate) fn view(&self) -> HoldView {
        HoldView { state: self.state.as_str().into(), quantity: self.quantity, until: self.until }
    }
}
