//! A numbered place of an offering.

pub use contracts::states::SeatState;
use contracts::{Money, OfferingId, OrderId, SeatId, SeatNow, StorefrontNo, input};
use typed::Text;

typed::row! {
    /// A seat.
    pub struct Seat in 22 "seats" {
        /// Its id.
        0 id: SeatId,
        /// The storefront.
        1 storefront: StorefrontNo,
        /// The offering it is a place of.
        2 offering: OfferingId,
        /// Its row.
        3 seat_row: Option<Text>,
        /// Its column, or number within the row.
        4 seat_col: Option<i64>,
        /// Its grade.
        5 grade: Option<Text>,
        /// Its price.
        6 price: Money,
        /// How it stands with it.
        7 state: SeatState,
        /// The order that holds or bought it.
        8 owner: Option<OrderId>,
        /// Counts its changes.
        9 version: u64,
    }
}

typed::row! {
    /// The seat at a place, so that no place is sold as two seats.
    pub struct Place in 25 "seat_places" {
        /// The offering, the column, and what the row looks like.
        0 place: Text,
        /// The seat.
        1 seat: SeatId,
    }
}

/// The place of a seat with this row and column, by what its row looks like; none as long as it has not both.
pub fn place(offering: OfferingId, row: Option<&Text>, column: Option<i64>) -> Option<Text> {
    Some(key(offering, &input::look(row?), column?))
}

/// Under which keys a seat at this row and column may be noted, the likeliest first. Those from before rows were compared by their look stand
/// under the row as it was written.
pub fn places(offering: OfferingId, row: Option<&Text>, column: Option<i64>) -> impl Iterator<Item = Text> {
    let place = row.cloned().zip(column);
    place.into_iter().flat_map(move |(row, column)| {
        // Whoever asks for what is not there asks the table: a key that is seldom right must not come first.
        let likeliest = input::look(&row);
        let first = key(offering, &likeliest, column);
        let others = move || {
            let mut rows = vec![likeliest];
            for row in [row.to_string(), row.to_uppercase(), row.to_lowercase()] {
                if !rows.contains(&row) {
                    rows.push(row);
                }
            }
            rows.into_iter().skip(1).map(move |row| key(offering, &row, column))
        };
        std::iter::once(first).chain(std::iter::once_with(others).flatten())
    })
}

fn key(offering: OfferingId, row: &str, column: i64) -> Text {
    format!("{}:{column}:{row}", offering.0).into()
}

impl Seat {
    /// Where it is.
    pub(crate) fn place(&self) -> Option<Text> {
        place(self.offering, self.seat_row.as_ref(), self.seat_col)
    }

    /// Under which keys it may be noted where it is.
    pub(crate) fn places(&self) -> impl Iterator<Item = Text> {
        places(self.offering, self.seat_row.as_ref(), self.seat_col)
    }

    /// Set aside for `order`; `None` if it is not free.
    pub fn hold(self, order: OrderId) -> Option<Self> {
        (self.state == SeatState::Free).then(|| self.moved(SeatState::Held, Some(order)))
    }

    /// What events say of it.
    pub(crate) fn now(&self) -> SeatNow {
        SeatNow {
            seat: self.id,
            row: self.seat_row.clone(),
            column: self.seat_col,
            grade: self.grade.clone(),
            price: self.price,
            state: self.state,
            version: self.version,
            owner: self.owner,
        }
    }

    /// In another state, with another owner.
    pub fn moved(self, state: SeatState, owner: Option<OrderId>) -> Self {
        Self { state, owner, version: self.version + 1, ..self }
    }

    /// Whether it is gone for a buyer for good: sold, or kept back by the seller.
    pub fn is_shown_sold(&self) -> bool {
        matches!(self.state, SeatState::Sold | SeatState::Withheld)
    }

    /// Whether nobody can change it under the one who holds or bought it.
    pub fn is_taken(&self) -> bool {
        matches!(self.state, SeatState::Held | SeatState::Sold)
    }
}

#[cfg(test)]
mod tests {
    use contracts::{Numbered, OfferingId, StorefrontNo};

    use super::{place, places};

    /// Each key that is asked for and not there costs every order of a seat a look into the table.
    #[test]
    fn the_key_under_which_a_seat_is_noted_now_is_asked_for_first() {
        let offering = OfferingId::of(StorefrontNo(1), 1);
        for row in ["A", "a", "가", "Ａ"] {
            let row = Some(&row.into());
            assert_eq!(places(offering, row, Some(1)).next(), place(offering, row, Some(1)), "{row:?}");
        }
    }
}
