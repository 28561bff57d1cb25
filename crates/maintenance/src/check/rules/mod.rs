//! The promises as rules: each is an SQL statement that lists the rows that break it. A file for each thing that is promised about.

mod deliveries;
mod ends;
mod my_page;
mod orders;
mod payments;
mod points;
mod seats;
mod stock;

use contracts::states::OrderState;
use contracts::{Recipes, Step};
use store::StoreError;
use store::sqlite::SqliteReader;

/// How many offending rows are shown.
pub const SHOWN: usize = 20;

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The number of the promise that it is a part of.
    pub promise: u8,
    /// What holds.
    pub says: &'static str,
    /// What the columns of an offending row are; `order`, `offering` and `seat` are ids.
    pub columns: &'static [&'static str],
    /// The offending rows. `{pays}`, `{earns}` and `{delivers}` stand for the storefronts with that step, in parentheses; `{ended}` and
    /// `{undone}` likewise for the states of orders that are so, and `{confirmed}` for that state.
    pub sql: String,
}

/// What breaks a rule.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Offending {
    /// The first rows.
    pub rows: Vec<Vec<String>>,
    /// How many there are besides.
    pub more: u64,
}

/// All rules, for the storefronts of `recipes`, in the order of the promises.
pub fn all(recipes: &Recipes) -> Vec<Rule> {
    let mut rules = vec![
        stock::fits_its_capacity(),
        stock::is_the_sum_of_its_holds(),
        stock::is_there_for_every_hold(),
        stock::is_shared_as_holds_say(),
        seats::make_up_their_offering(),
        seats::have_a_place(),
        seats::have_one_owner(),
        seats::are_all_there(),
        payments::belong_to_an_order(),
        payments::are_the_price(),
        payments::come_to_nothing(),
        orders::cost_what_was_held(),
        orders::are_confirmed_when_sold(),
        orders::end_without_stock(),
        orders::know_their_steps(),
        points::are_granted_once(),
        points::come_to_nothing(),
        points::have_their_own_entries(),
        points::are_counted_one_by_one(),
        points::add_up(),
        deliveries::stand_for_what_is_confirmed(),
        deliveries::do_not_go_on(),
        my_page::agrees(),
        ends::come_for_every_order(),
    ];
    for rule in &mut rules {
        for (step, place) in [(Step::Pay, "{pays}"), (Step::Earn, "{earns}"), (Step::Deliver, "{delivers}")] {
            rule.sql = rule.sql.replace(place, &storefronts_with(step, recipes));
        }
        rule.sql = with_states(&rule.sql);
    }
    rules
}

/// The names of order states in the places that stand for them.
fn with_states(sql: &str) -> String {
    let quoted = |state: OrderState| format!("'{}'", state.as_str());
    let list = |is: fn(OrderState) -> bool| {
        let states = OrderState::ALL.iter().copied().filter(|state| is(*state)).map(quoted);
        format!("({})", states.collect::<Vec<_>>().join(", "))
    };
    let sql = sql.replace("{ended}", &list(OrderState::has_ended)).replace("{undone}", &list(OrderState::is_undone));
    OrderState::ALL.iter().fold(sql, |sql, state| sql.replace(&format!("{{{}}}", state.as_str()), &quoted(*state)))
}

fn storefronts_with(step: Step, recipes: &Recipes) -> String {
    let with = recipes.iter().filter(|(_, recipe)| recipe.has(step)).map(|(number, _)| number.0.to_string());
    format!("({})", with.collect::<Vec<_>>().join(", "))
}

impl Rule {
    fn new(promise: u8, says: &'static str, columns: &'static [&'static str], sql: &str) -> Self {
        Self { promise, says, columns, sql: sql.to_owned() }
    }

    /// The rows that break it.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn offending(&self, reader: &mut SqliteReader) -> Result<Offending, StoreError> {
        let rows = reader.report_in_sql(&format!("SELECT * FROM ({}) LIMIT {}", self.sql, SHOWN + 1))?;
        if rows.len() <= SHOWN {
            return Ok(Offending { rows, more: 0 });
        }
        let all = reader.report_in_sql(&format!("SELECT count(*) FROM ({})", self.sql))?.concat().concat();
        let more = all.parse::<u64>().unwrap_or_default().saturating_sub(SHOWN as u64);
        Ok(Offending { rows: rows.into_iter().take(SHOWN).collect(), more })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn no_place_is_left_unfilled_and_states_are_named_as_they_stand_in_the_tables() {
        for rule in all(&Arc::default()) {
            assert!(!rule.sql.contains(['{', '}']), "{}", rule.sql);
        }
        let sql = "{confirmed}, {ended}, {undone}";
        assert_eq!(with_states(sql), "'confirmed', ('confirmed', 'rejected', 'cancelled'), ('rejected', 'cancelled')");
    }
}
