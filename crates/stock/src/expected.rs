//! Looks whether an offering or a seat is right before a change as who asked for the change expects it.

use contracts::commands::Expected;
use contracts::{Code, Rejection};

use crate::kept;
use crate::offering::Offering;
use crate::seat::Seat;

/// Refuses what an offering is not.
pub(crate) fn of_offering(offering: &Offering, expects: Option<&[Expected]>) -> Result<(), Rejection> {
    all(expects, |expected| match expected {
        Expected::Reference(reference) => offering.reference == *reference,
        Expected::Name(name) => offering.name == *name,
        Expected::Price(price) => offering.price == *price,
        Expected::Left(left) => offering.left() == *left,
        Expected::Field(name, value) => kept::is(offering.fields.as_ref(), name, value.as_ref()),
        _ => false,
    })
}

/// Refuses what a seat is not.
pub(crate) fn of_seat(seat: &Seat, expects: Option<&[Expected]>) -> Result<(), Rejection> {
    all(expects, |expected| match expected {
        Expected::Offering(offering) => seat.offering == *offering,
        Expected::Grade(grade) => seat.grade == *grade,
        Expected::Row(row) => seat.seat_row == *row,
        Expected::Column(column) => seat.seat_col == *column,
        Expected::Price(price) => seat.price == *price,
        Expected::Sold(sold) => seat.is_shown_sold() == *sold,
        _ => false,
    })
}

fn all(expects: Option<&[Expected]>, is_so: impl Fn(&Expected) -> bool) -> Result<(), Rejection> {
    match expects.unwrap_or_default().iter().find(|expected| !is_so(expected)) {
        None => Ok(()),
        Some(other) => Err(Rejection::of_field(Code::VersionChanged, name(other), "it is not what was expected")),
    }
}

/// The field of a command that an expectation is about.
fn name(expected: &Expected) -> &str {
    match expected {
        Expected::Reference(_) => "reference",
        Expected::Name(_) => "name",
        Expected::Price(_) => "price",
        Expected::Left(_) => "left",
        Expected::Field(name, _) => name,
        Expected::Offering(_) => "offering",
        Expected::Grade(_) => "grade",
        Expected::Row(_) => "seat-row",
        Expected::Column(_) => "seat-column",
        Expected::Sold(_) => "sold",
    }
}
