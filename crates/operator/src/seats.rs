//! The seats of an offering, as a seller's list has them.

use contracts::commands::{ArrangeSeats, SeatWish};
use contracts::queries::{SeatPlace, SeatsNamed};
use contracts::{Money, OfferingId, input};
use gateway::Caller;
use serde::Deserialize;

use super::{Operator, OperatorError, Reply};

/// So many seats can be sent at once.
const SEATS_MAX: usize = 10_000;

/// Seats to add, and seats to change.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seats {
    seats: Vec<Seat>,
}

/// One at a row and number. What is not said stays as it is, or is not there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seat {
    row: String,
    number: i64,
    grade: Option<String>,
    /// In whole won; a new seat needs one.
    price: Option<i64>,
    withheld: Option<bool>,
}

impl Operator {
    /// Changes the seats that there are, and adds the others: all or none.
    pub(super) async fn arrange_seats(&self, offering: OfferingId, body: &[u8], caller: &Caller) -> Reply {
        let Seats { seats } =
            serde_json::from_slice(body).map_err(|error| OperatorError::invalid("body", format!("{error}")))?;
        if !(1..=SEATS_MAX).contains(&seats.len()) {
            return Err(OperatorError::invalid("seats", format!("1 to {SEATS_MAX} seats at once")));
        }
        let proper = |seat: &Seat| input::name("row", &seat.row).map(|row| row.into_owned());
        let rows: Vec<String> = seats.iter().map(|seat| proper(seat).unwrap_or_default()).collect();
        let places = seats.iter().zip(&rows).map(|(seat, row)| SeatPlace::At(row.as_str().into(), seat.number));
        let found = self.backend.ask(SeatsNamed { offering, seats: places.collect() }).await?;
        let wish = |((seat, row), found): ((Seat, String), _)| SeatWish {
            seat: found,
            // As it was sent where it is wrong, so that the refusal is about that.
            row: Some(if row.is_empty() { seat.row } else { row }.into()),
            column: Some(seat.number),
            grade: seat.grade.map(Into::into),
            price: seat.price.map(Money::krw),
            withheld: seat.withheld,
        };
        let seats = seats.into_iter().zip(rows).zip(found).map(wish).collect();
        self.ask(ArrangeSeats { offering, seats }, caller).await
    }
}
