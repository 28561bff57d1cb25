//! Promise 4, as customers see it. Whether all of my page is what the messages make of it is seen by building it anew.

use super::Rule;

/// Lines of which a message is parked are behind, in plain sight: those are left out. 6 is the number of my page among the services.
pub fn agrees() -> Rule {
    let sql = "SELECT coalesce(o.id, m.owner), coalesce(o.state, 'no such order'), coalesce(m.state, 'no line')
        FROM orders o FULL JOIN my_page m ON m.owner = o.id
        WHERE o.state IS NOT m.state AND NOT EXISTS
            (SELECT 1 FROM engine_parked p WHERE p.service = 6 AND p.subject = coalesce(o.id, m.owner))";
    Rule::new(4, "my page shows every order in the state in which it is", &["order", "state", "on my page"], sql)
}
