//! Promise 5: every order reaches an end, or waits in plain sight.

use super::Rule;

/// The key of a timer or an intent is the order's id with the number of the service above bit 57: 1 for order, 2 for payment.
pub fn come_for_every_order() -> Rule {
    let sql = "SELECT o.id, o.state, o.course, o.customer FROM orders o
        WHERE o.state NOT IN {ended} AND o.parked IS NULL
            AND NOT EXISTS (SELECT 1 FROM engine_timers t WHERE t.key = (1 << 57) + o.id)
            AND NOT EXISTS (SELECT 1 FROM engine_intents i WHERE i.key = (2 << 57) + o.id)
            AND NOT EXISTS (SELECT 1 FROM engine_parked p WHERE p.subject = o.id)";
    let columns = &["order", "state", "course", "customer"];
    Rule::new(5, "every order has ended, is under way with a deadline, or is parked in plain sight", columns, sql)
}
