//! Promise 3: charged at most once, exactly the price, and nothing where nothing came of it.

use super::Rule;

/// The order is the key of its payment, so a second one could only stand under an order that is not there.
pub fn belong_to_an_order() -> Rule {
    let sql = "SELECT p.owner, count(*), p.state, p.amount FROM payments p LEFT JOIN orders o ON o.id = p.owner
        GROUP BY p.owner HAVING count(*) > 1 OR o.id IS NULL OR p.amount < 0 OR p.customer <> o.customer";
    let columns = &["order", "payments", "state", "amount"];
    Rule::new(3, "every payment is the only one of its order, and of that order's customer", columns, sql)
}

pub fn are_the_price() -> Rule {
    let sql =
        "SELECT o.id, o.total, coalesce(p.state, 'none'), p.amount FROM orders o LEFT JOIN payments p ON p.owner = o.id
        WHERE o.state = {confirmed} AND (o.storefront IN {pays} OR p.owner IS NOT NULL)
            AND NOT (p.owner IS NULL AND o.total = 0)
            AND (p.owner IS NULL OR p.state <> 'paid' OR p.amount IS NOT o.total OR p.given_back IS NOT NULL)";
    let columns = &["order", "total", "payment", "amount"];
    Rule::new(3, "an order that is confirmed was charged exactly the price", columns, sql)
}

pub fn come_to_nothing() -> Rule {
    let sql = "SELECT o.id, o.state, p.state, p.amount, p.given_back FROM orders o JOIN payments p ON p.owner = o.id
        WHERE o.state IN {undone} AND (p.state NOT IN ('declined', 'refunded', 'voided', 'given_up')
            OR (p.state = 'refunded' AND p.given_back IS NOT p.amount))";
    let columns = &["order", "state", "payment", "amount", "given back"];
    Rule::new(3, "of a rejected or cancelled order nothing is kept, but what an operator settled", columns, sql)
}
