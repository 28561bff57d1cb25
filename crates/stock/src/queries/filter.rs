//! Which offerings are meant, as conditions on their rows.

use ::store::Find;
use contracts::Money;
use contracts::queries::OfferingFilter;
use typed::{Filter, Term};

use crate::offering::Offering;

/// Those of `find` that are meant.
pub(super) fn only(mut find: Find<Offering>, of: &OfferingFilter) -> Find<Offering> {
    let conditions = [
        of.min_left.map(|least| left().at_least(Some(signed(least)))),
        of.max_left.map(|most| left().at_most(Some(signed(most)))),
        of.min_price.map(|least| Offering::COLUMNS.price.at_least(Money::krw(signed(least)))),
        of.max_price.map(|most| Offering::COLUMNS.price.at_most(Money::krw(signed(most)))),
    ];
    for condition in conditions.into_iter().flatten() {
        find = find.with(condition);
    }
    match of.on_sale {
        None => find,
        Some((now, true)) => {
            let of = || Offering::COLUMNS;
            let has_begun = of().on_sale_from.is_none().or(of().on_sale_from.at_most(Some(now)));
            let has_not_ended = of().on_sale_until.is_none().or(of().on_sale_until.above(Some(now)));
            find.with(of().withdrawn.is(false)).with(has_begun).with(has_not_ended)
        }
        Some((now, false)) => find.with(is_off_sale(now)),
    }
}

fn is_off_sale(now: u64) -> Filter<Offering> {
    let of = || Offering::COLUMNS;
    let has_ended = of().on_sale_until.at_most(Some(now));
    of().withdrawn.is(true).or(of().on_sale_from.above(Some(now))).or(has_ended)
}

/// How many can be had.
fn left() -> Term<Offering, Option<i64>> {
    Offering::COLUMNS.capacity.less(Offering::COLUMNS.held).less(Offering::COLUMNS.sold)
}

/// What is too much to be counted is more than anything that was.
fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
