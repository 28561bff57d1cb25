//! Promise 4, of points. An entry by which an order earns stands under four times the order's id, the one that takes it back after it.

use super::Rule;

pub fn are_granted_once() -> Rule {
    let sql = "SELECT o.id, o.customer, o.points, e.points, r.points FROM orders o
        LEFT JOIN points_ledger e ON e.id = o.id * 4 LEFT JOIN points_ledger r ON r.id = o.id * 4 + 1
        WHERE o.state = {confirmed} AND (o.storefront IN {earns} OR o.points <> 0)
            AND (e.id IS NULL OR e.points <> o.points OR e.customer <> o.customer OR r.id IS NOT NULL)";
    let columns = &["order", "customer", "points", "granted", "taken back"];
    Rule::new(4, "an order that is confirmed was granted its points once", columns, sql)
}

pub fn come_to_nothing() -> Rule {
    let sql = "SELECT o.id, o.state, l.customer, sum(l.points) FROM points_ledger l JOIN orders o ON o.id = l.owner
        WHERE o.state IN {undone} GROUP BY o.id HAVING sum(l.points) <> 0";
    let columns = &["order", "state", "customer", "points left"];
    Rule::new(4, "an order that was rejected or cancelled keeps no points", columns, sql)
}

pub fn have_their_own_entries() -> Rule {
    let sql = "SELECT l.owner, l.id, l.customer, l.points FROM points_ledger l LEFT JOIN orders o ON o.id = l.owner
        WHERE l.owner IS NOT NULL AND (o.id IS NULL OR l.id NOT IN (l.owner * 4, l.owner * 4 + 1))";
    let columns = &["order", "entry", "customer", "points"];
    Rule::new(4, "an order has one entry that grants points, and one that takes them back", columns, sql)
}

/// Entries that were made before entries were counted have no number.
pub fn are_counted_one_by_one() -> Rule {
    let sql = "SELECT max(l.id), max(l.customer), l.number, count(*), coalesce(max(c.next), 1) FROM points_ledger l
        LEFT JOIN points_counters c ON c.id = 1 WHERE l.number IS NOT NULL GROUP BY l.number
        HAVING count(*) > 1 OR l.number NOT BETWEEN 1 AND coalesce(max(c.next), 1) - 1";
    let columns = &["entry", "customer", "number", "entries with it", "next number"];
    Rule::new(4, "every entry of the ledger has a number of its own, handed out one by one", columns, sql)
}

/// An account that was closed is not there any more: its ledger must have come to zero. Summed in two halves, so that a sum that is
/// too much for 64 bits only in between is no failure.
pub fn add_up() -> Rule {
    let sql =
        "SELECT coalesce(a.customer, l.customer), coalesce(a.balance, 0), coalesce(l.high * 4294967296 + l.low, 0)
        FROM (SELECT customer, sum(points >> 32) + (sum(points & 4294967295) >> 32) AS high,
                sum(points & 4294967295) & 4294967295 AS low FROM points_ledger GROUP BY customer) l
        FULL JOIN points_accounts a ON a.customer = l.customer
        WHERE coalesce(a.balance >> 32, 0) <> coalesce(l.high, 0)
            OR coalesce(a.balance & 4294967295, 0) <> coalesce(l.low, 0)";
    let columns = &["customer", "balance", "sum of the ledger"];
    Rule::new(4, "the points of every customer are the sum of the ledger", columns, sql)
}
