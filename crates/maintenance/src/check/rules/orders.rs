//! Promise 4, of orders and their stock.

use super::Rule;

pub fn cost_what_was_held() -> Rule {
    let sql =
        "SELECT o.id, o.state, o.quantity, h.quantity, o.total, h.total FROM orders o JOIN holds h ON h.owner = o.id
        WHERE o.state IN ({confirmed}, {paid}) AND (o.total IS NOT h.total OR o.quantity <> h.quantity
            OR o.offering IS NOT h.offering)";
    let columns = &["order", "state", "quantity", "held", "total", "price of what was held"];
    Rule::new(4, "an order is for what was held for it, at that price", columns, sql)
}

pub fn are_confirmed_when_sold() -> Rule {
    let sql = "SELECT o.id, o.state, coalesce(h.state, 'none') FROM orders o LEFT JOIN holds h ON h.owner = o.id
        WHERE o.state = {confirmed} AND h.state IS NOT 'sold'
        UNION ALL SELECT h.owner, coalesce(o.state, 'no such order'), h.state FROM holds h LEFT JOIN orders o ON o.id = h.owner
        WHERE h.state = 'sold' AND coalesce(o.state, {rejected}) IN {undone}";
    Rule::new(4, "the stock of an order is sold if the order is confirmed, and not if it ended otherwise", HOLD, sql)
}

pub fn end_without_stock() -> Rule {
    let sql =
        "SELECT h.owner, coalesce(o.state, 'no such order'), h.state FROM holds h LEFT JOIN orders o ON o.id = h.owner
        WHERE h.state IN ('held', 'sold') AND coalesce(o.state, {rejected}) IN {undone}";
    Rule::new(4, "nothing is held for an order that was rejected or cancelled", HOLD, sql)
}

/// A row from before that was not filled in knows nothing yet; one of which a message is parked is behind, in plain sight, and so is one
/// whose payment is. 1 and 2 are the numbers of order and payment among the services.
pub fn know_their_steps() -> Rule {
    let sql = "SELECT o.id, coalesce(o.payment, 'none'), coalesce(p.state, 'none'), coalesce(o.delivery, 'none'),
            coalesce(d.state, 'none')
        FROM orders o LEFT JOIN payments p ON p.owner = o.id LEFT JOIN deliveries d ON d.owner = o.id
        WHERE o.whole AND (o.payment ->> '$.state' IS NOT p.state OR o.payment ->> '$.version' IS NOT p.version
            OR o.delivery ->> '$.state' IS NOT d.state OR o.delivery ->> '$.version' IS NOT d.version)
            AND NOT EXISTS (SELECT 1 FROM engine_parked k WHERE k.service IN (1, 2) AND k.subject = o.id)";
    let columns = &["order", "knows of its payment", "payment", "knows of its delivery", "delivery"];
    Rule::new(4, "an order knows how it stands with its payment and its delivery", columns, sql)
}

const HOLD: &[&str] = &["order", "state", "hold"];
