//! Promise 1, of pools: what is left, held and sold is all there is.

use super::Rule;

/// What is left is the capacity less the two others, so it must not be below zero either.
pub fn fits_its_capacity() -> Rule {
    let sql = "SELECT id, capacity, held, sold, capacity - held - sold FROM offerings
        WHERE capacity < 0 OR held < 0 OR sold < 0 OR capacity < held + sold";
    let columns = &["offering", "capacity", "held", "sold", "left"];
    Rule::new(1, "of every offering no more is held and sold than there is, and nothing is below zero", columns, sql)
}

pub fn is_the_sum_of_its_holds() -> Rule {
    let sql = "SELECT o.id, o.held, coalesce(h.held, 0), o.sold, coalesce(h.sold, 0) FROM offerings o
        LEFT JOIN (SELECT offering, coalesce(sum(quantity) FILTER (WHERE state = 'held'), 0) AS held,
                coalesce(sum(quantity) FILTER (WHERE state = 'sold'), 0) AS sold
            FROM holds WHERE state IN ('held', 'sold') GROUP BY offering) h ON h.offering = o.id
        WHERE o.held <> coalesce(h.held, 0) OR o.sold <> coalesce(h.sold, 0)";
    let columns = &["offering", "held", "held by orders", "sold", "sold to orders"];
    Rule::new(1, "what is held and sold of an offering is the sum of the holds of its orders", columns, sql)
}

pub fn is_there_for_every_hold() -> Rule {
    let sql = "SELECT h.owner, h.offering, h.quantity, h.state FROM holds h LEFT JOIN offerings o ON o.id = h.offering
        WHERE h.quantity < 1 OR (h.state IN ('held', 'sold') AND o.id IS NULL)";
    Rule::new(
        1,
        "what is held or sold is of an offering that is there",
        &["order", "offering", "quantity", "state"],
        sql,
    )
}

pub fn is_shared_as_holds_say() -> Rule {
    let sql = "SELECT coalesce(s.share, h.share), coalesce(s.taken, 0), coalesce(h.taken, 0) FROM offering_shares s
        FULL JOIN (SELECT offering || ':' || counted AS share, sum(quantity) AS taken FROM holds
            WHERE counted IS NOT NULL AND state IN ('held', 'sold') GROUP BY offering, counted) h ON h.share = s.share
        WHERE coalesce(s.taken, 0) <> coalesce(h.taken, 0)";
    Rule::new(
        1,
        "what a customer has of what has a limit is the sum of the holds that count",
        &["offering and customer", "counted", "held and sold"],
        sql,
    )
}
