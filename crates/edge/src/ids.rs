//! Ids as clients see them: text that sorts by age. Within a storefront an order or an offering is twelve digits; a seat is its row and
//! its number.

use contracts::NUMBER_MAX;

/// What the text of a number is filled up with in front: it has as many digits at least.
const ZEROS: &str = "000000000000";
/// The longest text that can be the id of an order or an offering.
pub const LENGTH_MAX: usize = 13;

/// The id of number `number` in its storefront.
pub fn text(number: u64) -> String {
    let digits = number.to_string();
    [ZEROS.get(digits.len()..).unwrap_or_default(), &digits].concat()
}

/// The number of an id; leading zeros may be left out. `None` if nothing can have this id.
pub fn number(id: &str) -> Option<u64> {
    let is_id = !id.is_empty() && id.len() <= LENGTH_MAX && id.bytes().all(|byte| byte.is_ascii_digit());
    let number = if is_id { id.parse().ok() } else { None };
    number.filter(|number| (1..=NUMBER_MAX).contains(number))
}

/// Which seat of an offering is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeatRef<'a> {
    /// The one at this row and number.
    Place(&'a str, i64),
    /// The one that was registered without a place, under this number.
    Number(u64),
}

/// The id of a seat: `A-1`, or `#7` where it has no row and number.
pub fn seat_text(row: Option<&str>, column: Option<i64>, number: u64) -> String {
    contracts::seat_name(row, column, number)
}

/// What the id of a seat means; `None` if no seat can have this id.
pub fn seat(id: &str) -> Option<SeatRef<'_>> {
    match id.rsplit_once('-') {
        Some((row, column)) => {
            let column: i64 = column.parse().ok()?;
            (seat_text(Some(row), Some(column), 0) == id).then_some(SeatRef::Place(row, column))
        }
        None => {
            let number = id.strip_prefix('#')?.parse().ok()?;
            (seat_text(None, None, number) == id).then_some(SeatRef::Number(number))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SeatRef, number, seat, seat_text, text};

    #[test]
    fn what_is_given_out_is_accepted_and_sorts_by_age() {
        for n in [1, 42, 999_999_999_999, contracts::NUMBER_MAX] {
            assert_eq!(number(&text(n)), Some(n));
        }
        assert!(text(9) < text(10));
        assert_eq!(number("42"), Some(42));
    }

    #[test]
    fn what_nothing_can_have_as_its_id_is_no_id() {
        for wrong in ["", "0", "000000000000", "-1", "+1", "1.0", "1e3", "a", "٣", "9999999999999", "00000000000001"] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_seat_is_its_row_and_number_whatever_the_row_is_called() {
        for (row, column) in [("A", 1), ("A-B", 12), ("1층 나", 0), ("#x", 3), ("A-", 1)] {
            assert_eq!(seat(&seat_text(Some(row), Some(column), 5)), Some(SeatRef::Place(row, column)));
        }
        assert_eq!(seat(&seat_text(Some("A"), Some(-1), 5)), Some(SeatRef::Number(5)));
        for wrong in ["A", "A-", "A-01", "A-+1", "#07", "#", ""] {
            assert_eq!(seat(wrong), None, "{wrong}");
        }
    }
}
