//! How much of each thing v1 takes. The schemas say the same.

use http::StatusCode;

use crate::Problem;
use crate::query::wrong;

/// The longest name of a customer, an offering, a grade or a row, in characters.
pub const NAME_MAX: usize = 200;
/// So many seats can be had in one order.
pub const SEATS_IN_ORDER: usize = 100;
/// So many seats can be registered together with their offering.
pub const SEATS_OF_OFFERING: usize = 10_000;
/// The most that one thing costs, in minor units: a million of them can still be counted.
pub const PRICE_MAX: i64 = 1_000_000_000_000;
/// The most that one order takes.
pub const QUANTITY_MAX: u32 = 1_000_000;
/// The most that can be on sale of one thing; every JSON reader can count so far.
pub const STOCK_MAX: u64 = 9_007_199_254_740_991;

/// A field is wrong.
pub fn invalid(field: &str, message: impl Into<String>) -> Problem {
    Problem::of_field(StatusCode::UNPROCESSABLE_ENTITY, "invalid-value", field, message)
}

/// Refuses a name that nobody could read.
pub(super) fn is_name(field: &str, name: &str) -> Result<(), Problem> {
    unreadable(name).map_or(Ok(()), |why| Err(invalid(field, why)))
}

/// Refuses a parameter that is no customer's name.
///
/// # Errors
/// 400.
pub fn customer(name: &str) -> Result<(), Problem> {
    unreadable(name).map_or(Ok(()), |why| Err(wrong("customer", why)))
}

/// Refuses a parameter that is longer than any name of which it could be a part.
///
/// # Errors
/// 400.
pub fn part_of_name(text: &str) -> Result<(), Problem> {
    let is_longer = text.chars().nth(NAME_MAX).is_some();
    if is_longer { Err(wrong("name", format!("at most {NAME_MAX} characters"))) } else { Ok(()) }
}

/// Why nobody could read `name`, if so.
fn unreadable(name: &str) -> Option<String> {
    let length = name.chars().take(NAME_MAX + 1).count();
    if !(1..=NAME_MAX).contains(&length) {
        return Some(format!("1 to {NAME_MAX} characters"));
    }
    let control = name.chars().any(char::is_control);
    control.then(|| "there are no control characters in it".to_owned())
}
