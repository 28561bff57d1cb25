//! What is on sale before a load begins.

use std::fmt::Write as _;
use std::time::Duration;

use super::{SEATS_PER_SECOND, make};
use crate::call;
use crate::load::Requests;
use crate::server::Server;

/// As much as no load can sell.
pub const PLENTY: u64 = 2_000_000_000;
/// So many seats has a hall, in rows of fifty.
pub const SEATS: u64 = 1_000;
/// How many halls are on sale at once; when they are full the next ones are.
pub const HALLS_AT_ONCE: u64 = 10;
/// The first load, the one for latencies at most at its pace for half the time, and something to spare.
const LOADS: f64 = 1.5;

const RUSH: &str = "/api/v1/storefronts/rush/offerings";

/// The offering 1 of the storefront `rush`.
pub fn offering(server: &Server, stock: u64) -> Result<(), String> {
    call::make(server.address, RUSH, &with_stock(1, stock)).map(drop)
}

/// The offerings 1 to `count`.
pub fn many(server: &Server, count: u64) -> Result<(), String> {
    let mut id = 0;
    let mut requests: Requests = Box::new(move |into| {
        id += 1;
        call::write_post(into, RUSH, with_stock(id, PLENTY).as_bytes());
    });
    make(server, count, "", &mut requests).map(drop)
}

fn with_stock(id: u64, stock: u64) -> String {
    format!(r#"{{"id":"{id}","name":"Offering {id}","price":{{"amount":150000,"currency":"KRW"}},"stock":{stock}}}"#)
}

/// Halls with seats for all that a load of `lasts` can sell. One after the other: seats are numbered as they come.
pub fn halls(server: &Server, storefront: &str, lasts: Duration) -> Result<(), String> {
    let seats = (SEATS_PER_SECOND * LOADS * lasts.as_secs_f64()) as u64;
    let path = format!("/api/v1/storefronts/{storefront}/offerings");
    for hall in 1..=seats.div_ceil(SEATS * HALLS_AT_ONCE) * HALLS_AT_ONCE {
        call::make(server.address, &path, &with_seats(hall))?;
    }
    Ok(())
}

fn with_seats(hall: u64) -> String {
    let mut body = format!(r#"{{"id":"{hall}","name":"Hall {hall}","seats":["#);
    for seat in 0..SEATS {
        let (row, number) = place(seat);
        let comma = if seat == 0 { "" } else { "," };
        let price = r#"{"amount":120000,"currency":"KRW"}"#;
        let _ = write!(body, r#"{comma}{{"row":"{row}","number":{number},"grade":"R","price":{price}}}"#);
    }
    body + "]}"
}

/// The row and the number of a seat, counted from 0 within its hall.
pub fn place(seat: u64) -> (char, u64) {
    let row = u8::try_from(seat / 50).unwrap_or(u8::MAX);
    (char::from(b'A' + row), seat % 50 + 1)
}

/// The hall of the seat that the order `count` wants, and which of its seats that is, counted from 0. None is wanted twice.
pub fn free_seat(count: u64) -> (u64, u64) {
    let (group, within) = (count / (SEATS * HALLS_AT_ONCE), count % (SEATS * HALLS_AT_ONCE));
    (group * HALLS_AT_ONCE + within % HALLS_AT_ONCE + 1, within / HALLS_AT_ONCE)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_seat_of_a_group_of_halls_is_wanted_once_before_the_next_halls_are() {
        let all = SEATS * HALLS_AT_ONCE;
        let wanted: BTreeSet<(u64, u64)> = (0..all).map(free_seat).collect();

        assert_eq!(wanted.len() as u64, all);
        assert_eq!((wanted.first(), wanted.last()), (Some(&(1, 0)), Some(&(HALLS_AT_ONCE, SEATS - 1))));
        assert_eq!(free_seat(all), (HALLS_AT_ONCE + 1, 0));
    }

    #[test]
    fn the_last_seat_of_a_hall_is_in_the_row_t() {
        assert_eq!((place(0), place(SEATS - 1)), (('A', 1), ('T', 50)));
    }
}
