//! A find as an SQL statement. Values are parameters, so that a statement is prepared once; those of closed sets stand in it, so that
//! SQLite knows when it is prepared that an index over a part of a table serves.

use std::fmt::Write;

use typed::{AnyFilter, AnyTerm, Comparison, Value};

use crate::AnyFind;

/// A statement, and its parameters.
#[derive(Debug, Default)]
pub(super) struct Statement {
    pub sql: String,
    pub params: Vec<Value>,
}

impl Statement {
    /// The rows of `find`.
    pub fn rows(find: &AnyFind) -> Self {
        let mut statement = Self::default();
        statement.push("SELECT ");
        statement.list(find.table.columns.iter(), |statement, column| statement.push(column));
        statement.from(find, true);
        statement
    }

    /// `terms` of the rows of `find`.
    pub fn terms(find: &AnyFind, terms: &[AnyTerm]) -> Self {
        let mut statement = Self::default();
        statement.push("SELECT ");
        statement.list(terms.iter(), Self::term);
        statement.from(find, true);
        statement
    }

    /// How many rows `find` picks.
    pub fn count(find: &AnyFind) -> Self {
        let mut statement = Self::default();
        if find.limit.is_none() && find.skip == 0 {
            statement.push("SELECT count(*)");
            statement.from(find, false);
        } else {
            statement.push("SELECT count(*) FROM (SELECT 1");
            statement.from(find, false);
            statement.push(")");
        }
        statement
    }

    fn push(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    fn list<T>(&mut self, items: impl Iterator<Item = T>, mut each: impl FnMut(&mut Self, T)) {
        for (place, item) in items.enumerate() {
            if place > 0 {
                self.push(", ");
            }
            each(self, item);
        }
    }

    fn from(&mut self, find: &AnyFind, sorted: bool) {
        self.push(" FROM ");
        self.push(find.table.name);
        for (place, filter) in find.filters.iter().enumerate() {
            self.push(if place == 0 { " WHERE " } else { " AND " });
            self.filter(filter);
        }
        if !find.after.is_empty() && !find.order.is_empty() {
            self.push(if find.filters.is_empty() { " WHERE " } else { " AND " });
            self.after(find);
        }
        if sorted && !find.order.is_empty() {
            self.push(" ORDER BY ");
            self.list(find.order.iter(), |statement, order| {
                statement.term(&order.term);
                statement.push(if order.descending { " DESC" } else { " ASC" });
            });
        }
        if find.limit.is_some() || find.skip > 0 {
            self.push(" LIMIT ");
            self.param(number(find.limit.unwrap_or(u64::MAX)));
        }
        if find.skip > 0 {
            self.push(" OFFSET ");
            self.param(number(find.skip));
        }
    }

    /// What comes after a place. Where all of it is sorted one way and nothing of it can be none, that is one comparison of rows, for
    /// which an index over them serves.
    fn after(&mut self, find: &AnyFind) {
        let sorted = || find.order.iter().zip(&find.after);
        let is_plain = sorted().all(|(order, value)| {
            order.descending == find.order[0].descending && !order.term.may_be_null() && *value != Value::Null
        });
        if is_plain {
            let than = if find.order.first().is_some_and(|order| order.descending) { ") < (" } else { ") > (" };
            self.push("(");
            self.list(sorted(), |statement, (order, _)| statement.term(&order.term));
            self.push(than);
            self.list(sorted(), |statement, (_, value)| statement.param(value.clone()));
            self.push(")");
            return;
        }
        self.push("(");
        for (place, (order, value)) in sorted().enumerate() {
            self.push(if place == 0 { "(" } else { " OR (" });
            for (order, value) in sorted().take(place) {
                self.compare(&order.term, Comparison::Is, value, false);
                self.push(" AND ");
            }
            match (order.descending, value) {
                (false, Value::Null) => self.compare(&order.term, Comparison::IsNot, value, false),
                (false, value) => self.compare(&order.term, Comparison::Above, value, false),
                (true, Value::Null) => self.push("0"),
                (true, value) => {
                    self.push("(");
                    self.compare(&order.term, Comparison::Below, value, false);
                    self.push(" OR ");
                    self.compare(&order.term, Comparison::Is, &Value::Null, false);
                    self.push(")");
                }
            }
            self.push(")");
        }
        self.push(")");
    }

    fn filter(&mut self, filter: &AnyFilter) {
        match filter {
            AnyFilter::Compare { term, how, to, closed } => self.compare(term, *how, to, *closed),
            AnyFilter::OneOf { term, values, closed } => {
                self.term(term);
                self.push(" IN (");
                self.list(values.iter(), |statement, value| statement.value(value, *closed));
                self.push(")");
            }
            AnyFilter::Contains(term, part) => {
                self.push("instr(fold(coalesce(");
                self.term(term);
                self.push(", '')), fold(");
                self.param(Value::Text(part.clone()));
                self.push(")) > 0");
            }
            AnyFilter::Either(filters) => {
                self.push("(");
                for (place, filter) in filters.iter().enumerate() {
                    if place > 0 {
                        self.push(" OR ");
                    }
                    self.filter(filter);
                }
                self.push(")");
            }
        }
    }

    fn compare(&mut self, term: &AnyTerm, how: Comparison, to: &Value, closed: bool) {
        self.term(term);
        match (how, to) {
            (Comparison::Is, Value::Null) => return self.push(" IS NULL"),
            (Comparison::IsNot, Value::Null) => return self.push(" IS NOT NULL"),
            (Comparison::Is, _) => self.push(" = "),
            (Comparison::IsNot, _) if term.may_be_null() => self.push(" IS NOT "),
            (Comparison::IsNot, _) => self.push(" <> "),
            (Comparison::Below, _) => self.push(" < "),
            (Comparison::AtMost, _) => self.push(" <= "),
            (Comparison::Above, _) => self.push(" > "),
            (Comparison::AtLeast, _) => self.push(" >= "),
        }
        self.value(to, closed);
    }

    fn term(&mut self, term: &AnyTerm) {
        match term {
            AnyTerm::Column(column) => self.push(column.name),
            AnyTerm::Block(of, bits) => self.around("(", of, &format!(" >> {bits})")),
            AnyTerm::Low(of, bits) => self.around("(", of, &format!(" & {})", low(*bits))),
            AnyTerm::Less(of, other) => {
                self.around("(", of, " - ");
                self.around("", other, ")");
            }
            AnyTerm::Start(of, chars) => self.around("substr(coalesce(", of, &format!(", ''), 1, {chars})")),
            AnyTerm::Without(of, first) => {
                let first = quoted(&first.to_string());
                self.around("CASE WHEN substr(", of, &format!(", 1, 1) = {first} THEN substr("));
                self.around("", of, ", 2) ELSE ");
                self.around("", of, " END");
            }
            AnyTerm::Member(of, name) => {
                self.around("json_extract(", of, &format!(", {})", quoted(&format!("$.{name}"))))
            }
            AnyTerm::Whether(filter) => {
                self.push("coalesce(");
                self.filter(filter);
                self.push(", 0)");
            }
            AnyTerm::AsInteger(of) => self.around("CAST(", of, " AS INTEGER)"),
            AnyTerm::AsText(of) => self.around("CAST(", of, " AS TEXT)"),
        }
    }

    fn around(&mut self, before: &str, term: &AnyTerm, after: &str) {
        self.push(before);
        self.term(term);
        self.push(after);
    }

    fn value(&mut self, value: &Value, closed: bool) {
        match value {
            Value::Int(number) if closed => write!(self.sql, "{number}").expect("a string takes every character"),
            Value::Text(text) if closed => self.push(&quoted(text)),
            value => self.param(value.clone()),
        }
    }

    fn param(&mut self, value: Value) {
        self.params.push(value);
        write!(self.sql, "?{}", self.params.len()).expect("a string takes every character");
    }
}

fn number(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

/// The lowest bits, all set.
fn low(bits: u32) -> i64 {
    (1_i64 << bits.min(62)) - 1
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use typed::{Column, Text};

    use super::Statement;
    use crate::Find;

    typed::names! {
        /// How it stands.
        pub enum State { 0 Open = "open", 1 Ended = "it's over" }
    }

    typed::row! {
        /// Something sold.
        pub struct Sold in 902 "sold" {
            0 id: u64,
            1 state: State,
            2 name: Option<Text>,
            3 gone: bool,
            4 price: i64,
        }
    }

    #[track_caller]
    fn says(find: &Find<Sold>, expected: &str, params: &[&str]) {
        let statement = Statement::rows(find.any());
        let tail = statement.sql.strip_prefix("SELECT id, state, name, gone, price FROM sold").expect(&statement.sql);
        assert_eq!(tail.trim(), expected);
        let told = statement.params.iter().map(|value| format!("{:?}", value.cell())).collect::<Vec<_>>();
        assert_eq!(told, params);
    }

    #[test]
    fn open_values_are_parameters_and_those_of_closed_sets_stand_in_the_statement() {
        let c = || Sold::COLUMNS;
        let find = Find::all().with(c().state.is(State::Ended)).with(c().gone.is(false)).with(c().id.above(7));
        says(&find, "WHERE state = 'it''s over' AND gone = 0 AND id > ?1", &["Int(7)"]);
        let find = Find::all().with(c().name.is(Some("a".into())).or(c().name.is_none())).limit(3).skip(2);
        says(&find, "WHERE (name = ?1 OR name IS NULL) LIMIT ?2 OFFSET ?3", &["Text(\"a\")", "Int(3)", "Int(2)"]);
    }

    #[test]
    fn what_comes_after_a_place_is_one_comparison_where_nothing_can_be_none() {
        let c = || Sold::COLUMNS;
        let find = Find::all().by(c().price.desc()).by(c().id.desc()).after((5_i64, 9_u64));
        says(&find, "WHERE (price, id) < (?1, ?2) ORDER BY price DESC, id DESC", &["Int(5)", "Int(9)"]);
        let find = Find::all().by(c().name.desc()).by(c().id.asc()).after((Some(Text::from("b")), 9_u64));
        let expected = "WHERE (((name < ?1 OR name IS NULL)) OR (name = ?2 AND id > ?3)) ORDER BY name DESC, id ASC";
        says(&find, expected, &["Text(\"b\")", "Text(\"b\")", "Int(9)"]);
    }

    #[test]
    fn a_column_knows_whether_it_may_be_without_a_value() {
        const { assert!(Option::<State>::MAY_BE_NULL && Option::<State>::CLOSED && !State::MAY_BE_NULL) };
        assert!(Sold::COLUMNS.name.any().may_be_null() && !Sold::COLUMNS.name.start(2).any().may_be_null());
    }
}
