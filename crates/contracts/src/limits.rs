//! How much of each thing there can be, whichever door it comes by.

/// The highest amount, stock or balance: 2^53 - 1. Every JSON reader can count so far; beyond it many round in silence.
pub const COUNT_MAX: u64 = (1 << 53) - 1;
/// The same, of what is signed.
pub const AMOUNT_MAX: i64 = (1 << 53) - 1;
/// The longest name, in characters: of a customer, an offering, a row, a grade, a card, a reference.
pub const NAME_MAX: usize = 200;
/// The longest text that is only kept and given back, in characters.
pub const KEPT_MAX: usize = 2_000;
/// The highest number that a seat can have within its row.
pub const SEAT_NUMBER_MAX: i64 = 1_000_000;
/// The highest limit of how many one customer can have; who needs no lower one needs none.
pub const LIMIT_MAX: u32 = 1_000_000;
