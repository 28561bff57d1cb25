//! What is on sale.

use contracts::limits::{COUNT_MAX, SEAT_NUMBER_MAX};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::limits::{SEATS_OF_OFFERING, invalid, is_name};
use super::moment::{as_hashed, as_hashed_change};
use super::object::from_object;
use super::whole::{whole, whole_or_null};
use super::{Currency, Moment, Money};
use crate::{Problem, ids};

/// The longest id that a client may give: ids that are not given come after all of them.
const GIVEN_ID_MAX: usize = 12;

/// How much of an offering there is: left + held + sold = capacity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Stock {
    /// In all.
    pub capacity: u64,
    /// To be had.
    pub left: u64,
    /// Set aside for orders under way.
    pub held: u64,
    /// Sold.
    pub sold: u64,
}

/// A thing on sale.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Offering<'a> {
    /// Its id.
    #[schema(example = "000000000001")]
    pub id: String,
    /// What people read.
    #[schema(required = true)]
    pub name: Option<&'a str>,
    /// The price of one; where it is sold by seats, of the cheapest when they were registered.
    pub price: Money,
    /// How much there is.
    pub stock: Stock,
    /// Whether it is sold by numbered seats.
    pub seated: bool,
    /// From when on it can be ordered.
    #[schema(required = true)]
    pub on_sale_from: Option<Moment>,
    /// Until when it can be ordered.
    #[schema(required = true)]
    pub on_sale_until: Option<Moment>,
    /// Counts its changes, sales included. The ETag is made of it.
    pub version: u64,
}

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
}

/// An offering to put on sale: with either `stock` and `price`, or `seats`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct NewOffering {
    /// Its id, if the client gives one: up to twelve digits, not all of them zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 12, pattern = "^0*[1-9][0-9]*$")]
    pub id: Option<String>,
    /// What people read.
    #[schema(min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$", example = "Jekyll & Hyde")]
    pub name: String,
    /// The price of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// How many there are.
    #[serde(default, deserialize_with = "whole_or_null", skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_u64, example = 100)]
    pub stock: Option<u64>,
    /// The seats, all registered with it or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 10_000)]
    pub seats: Option<Vec<NewSeat>>,
    /// From when on it can be ordered.
    #[serde(default, serialize_with = "as_hashed", skip_serializing_if = "Option::is_none")]
    pub on_sale_from: Option<Moment>,
    /// Until when it can be ordered.
    #[serde(default, serialize_with = "as_hashed", skip_serializing_if = "Option::is_none")]
    pub on_sale_until: Option<Moment>,
}

impl NewOffering {
    /// The price of one; of what is sold by seats, the least.
    pub fn least_price(&self) -> Option<Money> {
        let seats = self.seats.iter().flatten().map(|seat| seat.price);
        self.price.or_else(|| seats.min_by_key(|price| price.amount))
    }

    /// It as it is when it was just put on sale as `number`. For who asks again with the same key: whatever became of it since.
    pub fn registered(&self, number: u64) -> Offering<'_> {
        let seats = self.seats.as_ref().map_or(0, |seats| seats.len() as u64);
        let capacity = self.stock.unwrap_or(seats);
        Offering {
            id: ids::text(number),
            name: Some(&self.name),
            price: self.least_price().unwrap_or(Money { amount: 0, currency: Currency::Krw }),
            stock: Stock { capacity, left: capacity, held: 0, sold: 0 },
            seated: self.seats.is_some(),
            on_sale_from: self.on_sale_from,
            on_sale_until: self.on_sale_until,
            version: 1 + seats,
        }
    }

    /// Refuses what cannot be sold; the name is then as it is kept.
    ///
    /// # Errors
    /// 422 with the field.
    pub fn check(&mut self) -> Result<(), Problem> {
        if let Some(id) = &self.id
            && (id.len() > GIVEN_ID_MAX || ids::number(id).is_none())
        {
            return Err(invalid("id", "an id that is given is up to twelve digits, not all of them zero"));
        }
        self.name = is_name("name", &self.name)?;
        if let Some(price) = self.price {
            price.check("price")?;
        }
        match (&self.stock, &self.seats) {
            (Some(_), Some(_)) => Err(invalid("seats", "it has either a stock or seats")),
            (None, None) => Err(invalid("stock", "say how many there are, or name the seats")),
            (Some(_), None) if self.price.is_none() => Err(invalid("price", "say what one costs")),
            (Some(stock), None) if *stock > COUNT_MAX => {
                Err(invalid("stock", format!("a whole number from 0 to {COUNT_MAX}")))
            }
            (Some(_), None) => Ok(()),
            (None, Some(seats)) => check_seats(seats),
        }
    }
}

fn check_seats(seats: &[NewSeat]) -> Result<(), Problem> {
    if !(1..=SEATS_OF_OFFERING).contains(&seats.len()) {
        return Err(invalid("seats", format!("1 to {SEATS_OF_OFFERING} seats")));
    }
    for (at, seat) in seats.iter().enumerate() {
        is_name(&format!("seats[{at}].row"), &seat.row)?;
        if let Some(grade) = &seat.grade {
            is_name(&format!("seats[{at}].grade"), grade)?;
        }
        if i64::from(seat.number) > SEAT_NUMBER_MAX {
            let message = format!("a whole number from 0 to {SEAT_NUMBER_MAX}");
            return Err(invalid(&format!("seats[{at}].number"), message));
        }
        seat.price.check(&format!("seats[{at}].price"))?;
    }
    Ok(())
}

/// Tells a field that is null from one that is not there.
fn sent<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Reads a field that is there, and then is not null.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Changes to an offering. What is not there stays as it is; null takes it away.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct OfferingChange {
    /// What people read.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$")]
    pub name: Option<String>,
    /// The price of one. Of what is sold by seats each seat has its own.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub price: Option<Money>,
    /// From when on it can be ordered.
    #[serde(
        default,
        deserialize_with = "sent",
        serialize_with = "as_hashed_change",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<Moment>)]
    pub on_sale_from: Option<Option<Moment>>,
    /// Until when it can be ordered.
    #[serde(
        default,
        deserialize_with = "sent",
        serialize_with = "as_hashed_change",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<Moment>)]
    pub on_sale_until: Option<Option<Moment>>,
}

impl OfferingChange {
    /// Refuses what cannot be sold.
    ///
    /// # Errors
    /// 422 with the field.
    pub fn check(&self) -> Result<(), Problem> {
        if let Some(name) = &self.name {
            is_name("name", name)?;
        }
        self.price.map_or(Ok(()), |price| price.check("price"))
    }
}

from_object!(NewSeat, NewOffering, OfferingChange, AddStock);

/// More to sell.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct AddStock {
    /// How many more.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_u64, example = 10)]
    #[serde(deserialize_with = "whole")]
    pub add: u64,
}

impl AddStock {
    /// Refuses what cannot be counted.
    ///
    /// # Errors
    /// 422 with the field.
    pub fn check(&self) -> Result<(), Problem> {
        if !(1..=COUNT_MAX).contains(&self.add) {
            return Err(invalid("add", format!("a whole number from 1 to {COUNT_MAX}")));
        }
        Ok(())
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
