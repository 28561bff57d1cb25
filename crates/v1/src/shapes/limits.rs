//! How much of each thing v1 takes at once. The schemas say the same. What a name, an amount or a stock can be is said by `contracts`.

use contracts::input;
use contracts::limits::NAME_MAX;
use http::StatusCode;

use edge::Problem;
use edge::query::wrong;

/// So many seats can be had in one order.
pub const SEATS_IN_ORDER: usize = 100;
/// So many seats can be registered together with their offering.
pub const SEATS_OF_OFFERING: usize = 10_000;
/// The most that one order takes.
pub const QUANTITY_MAX: u32 = 1_000_000;

/// A field is wrong.
pub fn invalid(field: &str, message: impl Into<String>) -> Problem {
    Problem::of_field(StatusCode::UNPROCESSABLE_ENTITY, contracts::Code::InvalidValue.as_str(), field, message)
}

/// A field was sent with another value than it has, and cannot be changed.
pub(super) fn read_only(field: &str, now: impl std::fmt::Display) -> Problem {
    let (status, message) = (StatusCode::UNPROCESSABLE_ENTITY, format!("it is {now}, and cannot be changed so"));
    Problem::of_field(status, contracts::Code::ReadOnly.as_str(), field, message)
}

/// `name` as it is kept; refused if it is none.
pub(super) fn is_name(field: &str, name: &str) -> Result<String, Problem> {
    input::name(field, name).map(Into::into).map_err(|refused| invalid(field, refused.message))
}

/// A parameter that names a customer, as it is kept.
///
/// # Errors
/// 400.
pub fn customer(name: &str) -> Result<String, Problem> {
    input::name("customer", name).map(Into::into).map_err(|refused| wrong("customer", refused.message))
}

/// Refuses a parameter that is longer than any name of which it could be a part.
///
/// # Errors
/// 400.
pub fn part_of_name(text: &str) -> Result<(), Problem> {
    let is_longer = text.chars().nth(NAME_MAX).is_some();
    if is_longer { Err(wrong("name", format!("at most {NAME_MAX} characters"))) } else { Ok(()) }
}
