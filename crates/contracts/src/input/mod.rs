//! What a text or a number from outside may be: one rule for every door. It counts when a command is handled, never when a row or an old
//! message is read, so that what was taken before a rule was made can still be read.

mod kept;
mod look;
mod name;
mod unseen;

pub use kept::kept;
pub(crate) use kept::lines;
pub use look::look;
pub use name::name;

use typed::Text;

use crate::limits::{AMOUNT_MAX, COUNT_MAX, LIMIT_MAX, SEAT_NUMBER_MAX};
use crate::parts::{NewSeat, SeatWish, Target};
use crate::{Code, Details, Money, OfferingId, OrderId, Rejection, SeatId, Seats, StorefrontNo};

/// A value of a command that comes from outside.
pub(crate) trait Input: Sized {
    /// The form in which it is kept; `None` if it has that already. `field` is what a refusal calls it.
    ///
    /// # Errors
    /// A refusal that names the field.
    fn proper(&self, field: &str) -> Result<Option<Self>, Rejection>;
}

fn out_of_range(field: &str, least: i64, most: impl std::fmt::Display) -> Rejection {
    Rejection::of_field(Code::InvalidValue, field, format!("a whole number from {least} to {most}"))
}

/// Any value is right, or another rule than that of its type looks at it.
pub(crate) fn any<T>(_: &T, _: &str) -> Result<Option<T>, Rejection> {
    Ok(None)
}

/// The number of a seat within its row.
pub(crate) fn seat_number(number: &Option<i64>, field: &str) -> Result<Option<Option<i64>>, Rejection> {
    match number {
        Some(number) if !(0..=SEAT_NUMBER_MAX).contains(number) => Err(out_of_range(field, 0, SEAT_NUMBER_MAX)),
        _ => Ok(None),
    }
}

/// At least one, and no more than can be counted.
pub(crate) fn some(count: &u64, field: &str) -> Result<Option<u64>, Rejection> {
    if (1..=COUNT_MAX).contains(count) { Ok(None) } else { Err(out_of_range(field, 1, COUNT_MAX)) }
}

/// How many one customer can have: at least one, and no more than one order can take.
pub(crate) fn limit(count: &Option<u32>, field: &str) -> Result<Option<Option<u32>>, Rejection> {
    match count {
        Some(count) if !(1..=LIMIT_MAX).contains(count) => Err(out_of_range(field, 1, LIMIT_MAX)),
        _ => Ok(None),
    }
}

impl Input for Text {
    fn proper(&self, field: &str) -> Result<Option<Self>, Rejection> {
        let proper = name(field, self)?;
        Ok((*proper != **self).then(|| proper.as_ref().into()))
    }
}

impl<T: Input> Input for Option<T> {
    fn proper(&self, field: &str) -> Result<Option<Self>, Rejection> {
        let Some(value) = self else { return Ok(None) };
        Ok(value.proper(field)?.map(Some))
    }
}

impl Input for Money {
    fn proper(&self, field: &str) -> Result<Option<Self>, Rejection> {
        if (0..=AMOUNT_MAX).contains(&self.amount) { Ok(None) } else { Err(out_of_range(field, 0, AMOUNT_MAX)) }
    }
}

impl Input for u64 {
    fn proper(&self, field: &str) -> Result<Option<Self>, Rejection> {
        if *self <= COUNT_MAX { Ok(None) } else { Err(out_of_range(field, 0, COUNT_MAX)) }
    }
}

impl Input for i64 {
    fn proper(&self, field: &str) -> Result<Option<Self>, Rejection> {
        let is_counted = (-AMOUNT_MAX..=AMOUNT_MAX).contains(self);
        if is_counted { Ok(None) } else { Err(out_of_range(field, -AMOUNT_MAX, AMOUNT_MAX)) }
    }
}

impl Input for Target {
    fn proper(&self, field: &str) -> Result<Option<Self>, Rejection> {
        match self {
            Self::Id(_) => Ok(None),
            Self::Reference(reference) => Ok(reference.proper(field)?.map(Self::Reference)),
        }
    }
}

/// Each of `all` in its proper form, by `one`, which is told what it is called; nothing where all of them are in it.
fn each<T: Clone>(
    all: &[T],
    field: &str,
    one: impl Fn(&T, &dyn Fn(&str) -> String) -> Result<Option<T>, Rejection>,
) -> Result<Option<Vec<T>>, Rejection> {
    let mut proper: Option<Vec<T>> = None;
    for (at, item) in all.iter().enumerate() {
        if let Some(item) = one(item, &|part| format!("{field}[{at}].{part}"))? {
            proper.get_or_insert_with(|| all.to_vec())[at] = item;
        }
    }
    Ok(proper)
}

impl Input for Vec<NewSeat> {
    fn proper(&self, field: &str) -> Result<Option<Self>, Rejection> {
        each(self, field, |seat, field| {
            seat_number(&Some(seat.column), &field("number"))?;
            seat.price.proper(&field("price"))?;
            let (row, grade) = (seat.row.proper(&field("row"))?, seat.grade.proper(&field("grade"))?);
            let is_proper = row.is_none() && grade.is_none();
            let (row, grade) = (row.unwrap_or_else(|| seat.row.clone()), grade.unwrap_or_else(|| seat.grade.clone()));
            Ok((!is_proper).then(|| NewSeat { row, grade, ..seat.clone() }))
        })
    }
}

impl Input for Vec<SeatWish> {
    fn proper(&self, field: &str) -> Result<Option<Self>, Rejection> {
        each(self, field, |seat, field| {
            seat_number(&seat.column, &field("number"))?;
            seat.price.proper(&field("price"))?;
            let (row, grade) = (seat.row.proper(&field("row"))?, seat.grade.proper(&field("grade"))?);
            let is_proper = row.is_none() && grade.is_none();
            let (row, grade) = (row.unwrap_or_else(|| seat.row.clone()), grade.unwrap_or_else(|| seat.grade.clone()));
            Ok((!is_proper).then(|| SeatWish { row, grade, ..seat.clone() }))
        })
    }
}

impl Input for Box<Details> {
    fn proper(&self, _: &str) -> Result<Option<Self>, Rejection> {
        Ok(Details::proper(self)?.map(Box::new))
    }
}

/// Types of which every value is right.
macro_rules! always_proper {
    ($($name:ty),+) => {$(
        impl Input for $name {
            fn proper(&self, _: &str) -> Result<Option<Self>, Rejection> {
                Ok(None)
            }
        }
    )+};
}

always_proper!(StorefrontNo, OrderId, OfferingId, SeatId, Seats, u32, bool);
