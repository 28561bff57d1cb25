//! Promise 4, of deliveries.

use super::Rule;

pub fn stand_for_what_is_confirmed() -> Rule {
    let sql = "SELECT o.id, o.state, coalesce(d.state, 'none') FROM orders o LEFT JOIN deliveries d ON d.owner = o.id
        WHERE o.state = {confirmed} AND (o.storefront IN {delivers} OR d.owner IS NOT NULL)
            AND coalesce(d.state, 'none') NOT IN ('started', 'dispatched', 'completed')";
    Rule::new(4, "the delivery of an order that is confirmed has begun", &["order", "state", "delivery"], sql)
}

pub fn do_not_go_on() -> Rule {
    let sql = "SELECT d.owner, coalesce(o.state, 'no such order'), d.state FROM deliveries d LEFT JOIN orders o ON o.id = d.owner
        WHERE d.state <> 'cancelled' AND coalesce(o.state, {rejected}) IN {undone}";
    Rule::new(
        4,
        "nothing is delivered for an order that was rejected or cancelled",
        &["order", "state", "delivery"],
        sql,
    )
}
