//! Promise 1, of numbered seats: they make up their offering, and none has two owners.

use super::Rule;

pub fn make_up_their_offering() -> Rule {
    let sql =
        "SELECT o.id, o.capacity, coalesce(s.capacity, 0), o.held, coalesce(s.held, 0), o.sold, coalesce(s.sold, 0)
        FROM offerings o LEFT JOIN (SELECT offering, sum(state <> 'withheld') AS capacity, sum(state = 'held') AS held,
                sum(state = 'sold') AS sold FROM seats GROUP BY offering) s ON s.offering = o.id
        WHERE o.seated AND (o.capacity <> coalesce(s.capacity, 0) OR o.held <> coalesce(s.held, 0)
            OR o.sold <> coalesce(s.sold, 0))";
    let columns = &["offering", "capacity", "seats", "held", "seats held", "sold", "seats sold"];
    Rule::new(1, "an offering sold by seats has the capacity of its seats, and as many held and sold", columns, sql)
}

pub fn have_a_place() -> Rule {
    let sql = "SELECT s.id, s.offering, CASE WHEN o.id IS NULL THEN 'is not there' ELSE 'is not sold by seats' END
        FROM seats s LEFT JOIN offerings o ON o.id = s.offering WHERE o.id IS NULL OR NOT o.seated";
    Rule::new(1, "every seat is of an offering that is sold by seats", &["seat", "offering", "which"], sql)
}

/// The column is the one owner that a seat can have; the hold of that order must name the seat.
pub fn have_one_owner() -> Rule {
    let sql = "SELECT s.id, s.state, s.owner, h.state FROM seats s LEFT JOIN holds h ON h.owner = s.owner
        WHERE CASE WHEN s.state IN ('held', 'sold')
            THEN h.owner IS NULL OR h.state <> s.state OR h.offering <> s.offering
                OR instr(',' || h.seats || ',', ',' || s.id || ',') = 0
            ELSE s.owner IS NOT NULL END";
    let columns = &["seat", "state", "order", "its hold"];
    Rule::new(1, "a seat held or sold has one owner, whose hold names it; any other has none", columns, sql)
}

pub fn are_all_there() -> Rule {
    let sql = "SELECT h.owner, h.state, h.quantity, h.seats, count(s.id)
        FROM holds h LEFT JOIN seats s ON s.owner = h.owner AND s.state = h.state
        WHERE h.state IN ('held', 'sold') AND h.seats <> '' GROUP BY h.owner
        HAVING count(s.id) <> h.quantity OR h.quantity <> length(h.seats) - length(replace(h.seats, ',', '')) + 1";
    let columns = &["order", "state", "quantity", "seats named", "seats it has"];
    Rule::new(1, "an order has every seat that its hold names", columns, sql)
}
