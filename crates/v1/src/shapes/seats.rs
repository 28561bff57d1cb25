//! The numbered places of an offering.

use contracts::limits::SEAT_NUMBER_MAX;
use edge::{Problem, Wrongs};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Money;
use super::catalogue::given;
use super::limits::{SEATS_OF_OFFERING, invalid, is_name};
use super::object::from_object;
use super::whole::whole;

/// A seat to register.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct NewSeat {
    /// Its row.
    #[schema(min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$", example = "A")]
    pub row: String,
    /// Its number within the row. No two seats share row and number.
    #[schema(minimum = 0, maximum = 1_000_000, example = 1)]
    #[serde(deserialize_with = "whole")]
    pub number: u32,
    /// Its grade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$", example = "R")]
    pub grade: Option<String>,
    /// Its price.
    pub price: Money,
    /// Not for sale: kept back by the seller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<bool>,
}

/// Seats to add to an offering that is sold by seats: all or none.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct NewSeats {
    /// The seats.
    #[schema(min_items = 1, max_items = 10_000)]
    pub seats: Vec<NewSeat>,
}

/// A change of a seat. What is not there stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct SeatChange {
    /// Its id.
    #[schema(min_length = 1, max_length = 300, example = "A-1")]
    pub id: String,
    /// Its grade. While it is held or sold it keeps the one it has.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$")]
    pub grade: Option<String>,
    /// Its price. While it is held or sold it keeps the one it has.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub price: Option<Money>,
    /// Whether it is kept back by the seller, and not for sale. One that is held or sold cannot be kept back.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub withheld: Option<bool>,
}

/// Changes of seats: all or none.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct SeatChanges {
    /// The seats, each once.
    #[schema(min_items = 1, max_items = 10_000)]
    pub seats: Vec<SeatChange>,
}

impl NewSeats {
    /// Adds what of them cannot be registered, with the fields.
    pub fn check(&self, wrongs: &mut Wrongs) {
        check_seats(&self.seats, wrongs);
    }
}

impl SeatChanges {
    /// Adds what no seat can be, with the fields.
    pub fn check(&self, wrongs: &mut Wrongs) {
        wrongs.take(check_count(self.seats.len()));
        for (at, seat) in self.seats.iter().enumerate() {
            if let Some(grade) = &seat.grade {
                wrongs.take(is_name(&format!("seats[{at}].grade"), grade));
            }
            if let Some(price) = seat.price {
                wrongs.take(price.check(&format!("seats[{at}].price")));
            }
        }
    }
}

/// Whether so many seats can be sent at once.
fn check_count(seats: usize) -> Result<(), Problem> {
    if (1..=SEATS_OF_OFFERING).contains(&seats) {
        return Ok(());
    }
    Err(invalid("seats", format!("1 to {SEATS_OF_OFFERING} seats")))
}

/// Adds what of `seats` cannot be registered, with the fields.
pub(super) fn check_seats(seats: &[NewSeat], wrongs: &mut Wrongs) {
    wrongs.take(check_count(seats.len()));
    for (at, seat) in seats.iter().enumerate() {
        wrongs.take(is_name(&format!("seats[{at}].row"), &seat.row));
        if let Some(grade) = &seat.grade {
            wrongs.take(is_name(&format!("seats[{at}].grade"), grade));
        }
        if i64::from(seat.number) > SEAT_NUMBER_MAX {
            let message = format!("a whole number from 0 to {SEAT_NUMBER_MAX}");
            wrongs.add(invalid(&format!("seats[{at}].number"), message));
        }
        wrongs.take(seat.price.check(&format!("seats[{at}].price")));
    }
}

/// How it stands with a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeatState {
    /// To be had.
    Free,
    /// Set aside for an order under way.
    Held,
    /// Sold.
    Sold,
    /// Kept back by the seller.
    Withheld,
}

/// A numbered place.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Seat<'a> {
    /// Its id within its offering: its row and its number.
    #[schema(example = "A-1")]
    pub id: String,
    /// Its row.
    #[schema(required = true)]
    pub row: Option<&'a str>,
    /// Its number within the row.
    #[schema(required = true)]
    pub number: Option<i64>,
    /// Its grade.
    #[schema(required = true)]
    pub grade: Option<&'a str>,
    /// Its price.
    pub price: Money,
    /// How it stands with it.
    pub state: SeatState,
}

from_object!(NewSeat, NewSeats, SeatChange, SeatChanges);
