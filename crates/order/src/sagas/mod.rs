//! The course of an order, as a table, and how it moves.

mod course;
mod table;

pub(crate) use course::{
    answered, begin, failed, keep, note, park, refused, resume, turn_back, under_way, undone, waits_for_payment,
    watch_again,
};
pub(crate) use table::{DELIVER, EARN, HOLD, PAY, SELL};
