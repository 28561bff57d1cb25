//! Orders and offerings as bytes.

use std::io::Write;

use super::MANY;
use crate::call;
use crate::load::Requests;

/// What the answer to a confirmed order says.
pub const CONFIRMED: &str = r#""confirmed""#;
/// So many customers, each in turn.
const CUSTOMERS: u64 = 50_000;

/// An offering of the storefront `rush`.
pub fn offering(id: u64, stock: u64) -> String {
    format!(r#"{{"id":{id},"name":"Offering {id}","stock":{stock},"price":150000}}"#)
}

/// Orders of the storefront `rush`, of the offering that `choose` names for the first, the second, and so on.
pub fn rush(choose: fn(u64) -> u64) -> Requests {
    of("/rush/orders", choose)
}

/// The same, sent to `path`.
pub fn of(path: &'static str, choose: fn(u64) -> u64) -> Requests {
    let (mut count, mut body) = (0, Vec::with_capacity(128));
    Box::new(move |into| {
        let (offering, customer) = (choose(count), count % CUSTOMERS);
        body.clear();
        let _ = write!(body, r#"{{"offering":"{offering}","quantity":1,"customer":"{customer}"}}"#);
        call::write_post(into, path, &body);
        count += 1;
    })
}

/// One of many offerings, each equally often, in no order.
pub fn one_of_many(count: u64) -> u64 {
    // A prime that does not divide their number: all are visited before one is visited again.
    count * 7_919 % MANY + 1
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn all_of_many_are_chosen_before_one_is_chosen_again() {
        let chosen: BTreeSet<u64> = (0..MANY).map(one_of_many).collect();

        assert_eq!((chosen.len() as u64, chosen.first(), chosen.last()), (MANY, Some(&1), Some(&MANY)));
    }

    #[test]
    fn each_order_is_another_customers() {
        let (mut orders, mut bytes) = (rush(|_| 7), Vec::new());
        orders(&mut bytes);
        bytes.clear();
        orders(&mut bytes);

        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with("POST /rush/orders HTTP/1.1\r\n"), "{text}");
        assert!(
            text.ends_with("content-length: 44\r\n\r\n{\"offering\":\"7\",\"quantity\":1,\"customer\":\"1\"}"),
            "{text}"
        );
    }
}
