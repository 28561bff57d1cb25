//! Orders, and what customers read, as bytes.

use std::io::Write;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use world::{Clock, SystemClock};

use super::catalogue::{free_seat, place};
use crate::call;
use crate::load::Requests;

/// What the answer to a confirmed order says.
pub const CONFIRMED: &str = r#""confirmed""#;
/// So many customers, each in turn.
pub const CUSTOMERS: u64 = 50_000;
/// Where orders of the storefront `rush` go.
const RUSH: &str = "/api/v1/storefronts/rush/orders";
/// A prime that divides none of the numbers here: all are visited before one is visited again, and in no order.
const STRIDE: u64 = 7_919;

/// Requests to `path` whose bodies `write` writes, for the first, the second, and so on.
pub fn posts(path: &'static str, write: impl Fn(u64, &mut Vec<u8>) + 'static) -> Requests {
    let (mut count, mut body) = (0, Vec::with_capacity(128));
    Box::new(move |into| {
        body.clear();
        write(count, &mut body);
        call::write_post(into, path, &body);
        count += 1;
    })
}

/// The same, each with an `Idempotency-Key` that was never used before, as long as a UUID.
fn keyed_posts(path: &'static str, write: impl Fn(u64, &mut Vec<u8>) + 'static) -> Requests {
    let (mut count, mut body, mut key) = (0, Vec::with_capacity(128), Vec::with_capacity(64));
    Box::new(move |into| {
        body.clear();
        write(count, &mut body);
        key.clear();
        write_key(&mut key);
        call::write_post_with(into, path, &key, &body);
        count += 1;
    })
}

/// Writes the header with the next key. None is the same in another run either: a store may be measured twice.
fn write_key(into: &mut Vec<u8>) {
    static START: LazyLock<u64> = LazyLock::new(|| SystemClock.now());
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let (start, count) = (*START, COUNT.fetch_add(1, Ordering::Relaxed));
    let _ = write!(into, "idempotency-key: {start:016x}-{count:019}\r\n");
}

/// Orders of the storefront `rush`, of the offering that `choose` names for the first, the second, and so on. As good clients do, each with
/// a key.
pub fn rush(choose: fn(u64) -> u64) -> Requests {
    keyed(RUSH, choose)
}

/// The same, without keys.
pub fn rush_plain(choose: fn(u64) -> u64) -> Requests {
    plain(RUSH, choose)
}

/// Orders sent to `path`.
pub fn keyed(path: &'static str, choose: fn(u64) -> u64) -> Requests {
    keyed_posts(path, move |count, body| write_order(count, choose, body))
}

/// The same, without keys.
pub fn plain(path: &'static str, choose: fn(u64) -> u64) -> Requests {
    posts(path, move |count, body| write_order(count, choose, body))
}

fn write_order(count: u64, choose: fn(u64) -> u64, body: &mut Vec<u8>) {
    let (offering, customer) = (choose(count), count % CUSTOMERS);
    let _ = write!(body, r#"{{"offering":"{offering}","quantity":1,"customer":"{customer}"}}"#);
}

/// Orders of the storefront `rush`, each for a seat that is free, and with a key.
pub fn seats() -> Requests {
    keyed_posts(RUSH, |count, body| {
        let ((hall, seat), customer) = (free_seat(count), count % CUSTOMERS);
        let (row, number) = place(seat);
        let _ = write!(body, r#"{{"offering":"{hall}","seats":["{row}-{number}"],"customer":"{customer}"}}"#);
    })
}

/// Reads of my page by `customers` customers, in no order.
pub fn my_page(customers: u64) -> Requests {
    let customers = if customers.is_multiple_of(STRIDE) { customers - 1 } else { customers };
    let mut count = 0;
    Box::new(move |into| {
        call::write_get(into, &format!("/api/v1/customers/{}/orders", one_of(customers, count) - 1));
        count += 1;
    })
}

/// One of `many`, each equally often, in no order.
pub fn one_of(many: u64, count: u64) -> u64 {
    count * STRIDE % many + 1
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::scenario::MANY;

    #[test]
    fn all_of_many_are_chosen_before_one_is_chosen_again() {
        for many in [MANY, CUSTOMERS] {
            let chosen: BTreeSet<u64> = (0..many).map(|count| one_of(many, count)).collect();

            assert_eq!((chosen.len() as u64, chosen.first(), chosen.last()), (many, Some(&1), Some(&many)));
        }
    }

    #[test]
    fn each_order_is_another_customers() {
        let (mut orders, mut bytes) = (rush_plain(|_| 7), Vec::new());
        orders(&mut bytes);
        bytes.clear();
        orders(&mut bytes);

        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with("POST /api/v1/storefronts/rush/orders HTTP/1.1\r\n"), "{text}");
        assert!(
            text.ends_with("content-length: 44\r\n\r\n{\"offering\":\"7\",\"quantity\":1,\"customer\":\"1\"}"),
            "{text}"
        );
    }

    #[test]
    fn no_key_is_used_twice_by_whoever_asks() {
        let mut seen = BTreeSet::new();
        for mut orders in [rush(|_| 7), seats(), rush(|_| 7)] {
            for _ in 0..3 {
                let mut bytes = Vec::new();
                orders(&mut bytes);
                let text = String::from_utf8(bytes).unwrap();
                let key = text.lines().find_map(|line| line.strip_prefix("idempotency-key: ")).expect(&text);
                assert_eq!(key.len(), 36, "as long as a UUID");
                assert!(seen.insert(key.to_owned()), "{key}");
            }
        }
    }
}
