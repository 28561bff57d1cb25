//! Promise 4, of orders and their stock.

use super::Rule;

pub fn cost_what_was_held() -> Rule {
    let sql =
        "SELECT o.id, o.state, o.quantity, h.quantity, o.total, h.total FROM orders o JOIN holds h ON h.owner = o.id
        WHERE o.state IN ('confirmed', 'paid') AND (o.total IS NOT h.total OR o.quantity <> h.quantity
            OR o.offering IS NOT h.offering)";
    let columns = &["order", "state", "quantity", "held", "total", "price of what was held"];
    Rule::new(4, "an order is for what was held for it, at that price", columns, sql)
}

pub fn are_confirmed_when_sold() -> Rule {
    let sql = "SELECT o.id, o.state, coalesce(h.state, 'none') FROM orders o LEFT JOIN holds h ON h.owner = o.id
        WHERE o.state = 'confirmed' AND h.state IS NOT 'sold'
        UNION ALL SELECT h.owner, coalesce(o.state, 'no such order'), h.state FROM holds h LEFT JOIN orders o ON o.id = h.owner
        WHERE h.state = 'sold' AND coalesce(o.state, 'rejected') IN ('rejected', 'cancelled')";
    Rule::new(4, "the stock of an order is sold if the order is confirmed, and not if it ended otherwise", HOLD, sql)
}

pub fn end_without_stock() -> Rule {
    let sql =
        "SELECT h.owner, coalesce(o.state, 'no such order'), h.state FROM holds h LEFT JOIN orders o ON o.id = h.owner
        WHERE h.state IN ('held', 'sold') AND coalesce(o.state, 'rejected') IN ('rejected', 'cancelled')";
    Rule::new(4, "nothing is held for an order that was rejected or cancelled", HOLD, sql)
}

const HOLD: &[&str] = &["order", "state", "hold"];
