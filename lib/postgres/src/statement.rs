//! A find as a statement of PostgreSQL. Each value says what it is: PostgreSQL would take a number for one of 32 bits. Values of another
//! kind than what they are compared with are sorted as in SQLite: none, numbers, text, bytes.

use std::fmt::Write;

use typed::{AnyFilter, AnyTerm, Comparison, Value, folded};

use super::kinds::Kind;
use super::values::{Param, signed};
use store::AnyFind;

/// A statement, its values, and what it gives.
#[derive(Debug)]
pub(crate) struct Statement<'a> {
    pub sql: String,
    pub params: Vec<Param>,
    /// Of the columns of the table.
    kinds: &'a [Kind],
}

impl<'a> Statement<'a> {
    fn new(kinds: &'a [Kind]) -> Self {
        Self { sql: String::from("SELECT "), params: Vec::new(), kinds }
    }

    /// The rows of `find`.
    pub fn rows(find: &AnyFind, kinds: &'a [Kind]) -> Self {
        let mut statement = Self::new(kinds);
        statement.push(&find.table.columns.join(", "));
        statement.from(find, true);
        statement
    }

    /// `terms` of the rows of `find`.
    pub fn terms(find: &AnyFind, terms: &[AnyTerm], kinds: &'a [Kind]) -> Self {
        let mut statement = Self::new(kinds);
        statement.list(terms.iter(), Self::term);
        statement.from(find, true);
        statement
    }

    /// How many rows `find` picks.
    pub fn count(find: &AnyFind, kinds: &'a [Kind]) -> Self {
        let mut statement = Self::new(kinds);
        statement.push("count(*) FROM (SELECT 1");
        statement.from(find, false);
        statement.push(") AS picked");
        statement
    }

    fn push(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    fn list<T>(&mut self, items: impl Iterator<Item = T>, mut each: impl FnMut(&mut Self, T)) {
        self.joined(", ", items, &mut each);
    }

    fn joined<T>(&mut self, by: &str, items: impl Iterator<Item = T>, each: &mut dyn FnMut(&mut Self, T)) {
        for (place, item) in items.enumerate() {
            if place > 0 {
                self.push(by);
            }
            each(self, item);
        }
    }

    fn from(&mut self, find: &AnyFind, sorted: bool) {
        write!(self.sql, " FROM {} WHERE TRUE", find.table.name).expect("a string takes every character");
        for filter in &find.filters {
            self.push(" AND ");
            self.filter(filter);
        }
        if !find.after.is_empty() && !find.order.is_empty() {
            self.push(" AND ");
            self.after(find);
        }
        if sorted && !find.order.is_empty() {
            self.push(" ORDER BY ");
            self.list(find.order.iter(), |statement, order| {
                statement.term(&order.term);
                // An index serves only if it has the nones where they are asked for, and that of keys has none.
                statement.push(match (order.descending, order.term.may_be_null()) {
                    (false, false) => " ASC",
                    (false, true) => " ASC NULLS FIRST",
                    (true, false) => " DESC",
                    (true, true) => " DESC NULLS LAST",
                });
            });
        }
        if let Some(limit) = find.limit {
            self.push(" LIMIT ");
            self.param(Value::Int(signed(limit)), Kind::Int);
        }
        if find.skip > 0 {
            self.push(" OFFSET ");
            self.param(Value::Int(signed(find.skip)), Kind::Int);
        }
    }

    /// What comes after a place. Where all of it is sorted one way and nothing of it can be none, that is one comparison of rows, for
    /// which an index over them serves.
    fn after(&mut self, find: &AnyFind) {
        let sorted = || find.order.iter().zip(&find.after);
        let descending = find.order.first().is_some_and(|order| order.descending);
        let fits =
            |term: &AnyTerm, value: &Value| rank_of(Kind::of(term, self.kinds)).is_none_or(|of| of == rank(value));
        let is_plain = sorted().all(|(order, value)| {
            order.descending == descending && !order.term.may_be_null() && fits(&order.term, value)
        });
        if is_plain {
            self.push("(");
            self.list(sorted(), |statement, (order, _)| statement.term(&order.term));
            self.push(if descending { ") < (" } else { ") > (" });
            self.list(sorted(), |statement, (order, value)| {
                let kind = Kind::of(&order.term, statement.kinds);
                statement.param(value.clone(), kind);
            });
            self.push(")");
            return;
        }
        self.push("(");
        self.joined(" OR ", sorted().enumerate(), &mut |statement, (place, (order, value))| {
            statement.push("(");
            for (same, value) in sorted().take(place) {
                statement.compare(&same.term, Comparison::Is, value, false);
                statement.push(" AND ");
            }
            let below = if order.descending { Comparison::Below } else { Comparison::Above };
            match (order.descending, value) {
                (false, Value::Null) => statement.compare(&order.term, Comparison::IsNot, value, false),
                (true, Value::Null) => statement.push("FALSE"),
                (false, value) => statement.compare(&order.term, below, value, false),
                (true, value) => {
                    statement.push("(");
                    statement.compare(&order.term, below, value, false);
                    statement.push(" OR ");
                    statement.compare(&order.term, Comparison::Is, &Value::Null, false);
                    statement.push(")");
                }
            }
            statement.push(")");
        });
        self.push(")");
    }

    fn filter(&mut self, filter: &AnyFilter) {
        match filter {
            AnyFilter::Compare { term, how, to, closed } => self.compare(term, *how, to, *closed),
            AnyFilter::OneOf { term, values, closed } => self.one_of(term, values, *closed),
            AnyFilter::Contains(term, part) => {
                self.push("strpos(maejin_folded(coalesce(");
                self.text(term);
                self.push(", '')), ");
                self.param(Value::Text(folded(part).into()), Kind::Text);
                self.push(") > 0");
            }
            AnyFilter::Either(filters) => {
                self.push("(");
                self.joined(" OR ", filters.iter(), &mut |statement, filter| statement.filter(filter));
                self.push(")");
            }
        }
    }

    fn one_of(&mut self, term: &AnyTerm, values: &[Value], closed: bool) {
        let kind = Kind::of(term, self.kinds);
        let fits = |value: &&Value| **value != Value::Null && rank_of(kind).is_none_or(|of| of == rank(value));
        if !values.iter().any(|value| fits(&value)) {
            return self.push("FALSE");
        }
        self.term(term);
        self.push(" IN (");
        self.list(values.iter().filter(fits), |statement, value| statement.value(value, kind, closed));
        self.push(")");
    }

    fn compare(&mut self, term: &AnyTerm, how: Comparison, to: &Value, closed: bool) {
        let kind = Kind::of(term, self.kinds);
        if *to == Value::Null {
            return match how {
                Comparison::Is | Comparison::IsNot => {
                    self.term(term);
                    self.push(if how == Comparison::Is { " IS NULL" } else { " IS NOT NULL" });
                }
                _ => self.push("FALSE"),
            };
        }
        if let Some(of) = rank_of(kind).filter(|of| *of != rank(to)) {
            return self.compare_kinds(term, how, of < rank(to));
        }
        self.term(term);
        self.push(match how {
            Comparison::Is => " = ",
            Comparison::IsNot if term.may_be_null() => " IS DISTINCT FROM ",
            Comparison::IsNot => " <> ",
            Comparison::Below => " < ",
            Comparison::AtMost => " <= ",
            Comparison::Above => " > ",
            Comparison::AtLeast => " >= ",
        });
        self.value(to, kind, closed);
    }

    /// `term`, compared with a value of another kind.
    fn compare_kinds(&mut self, term: &AnyTerm, how: Comparison, is_below: bool) {
        let holds = match how {
            Comparison::Is => false,
            Comparison::IsNot => return self.push("TRUE"),
            Comparison::Below | Comparison::AtMost => is_below,
            Comparison::Above | Comparison::AtLeast => !is_below,
        };
        if !holds {
            return self.push("FALSE");
        }
        self.term(term);
        self.push(" IS NOT NULL");
    }

    fn term(&mut self, term: &AnyTerm) {
        match term {
            AnyTerm::Column(column) => self.push(column.name),
            AnyTerm::Block(of, bits) => self.integer_in("(", of, &format!(" >> {})", (*bits).min(63))),
            AnyTerm::Low(of, bits) => self.integer_in("(", of, &format!(" & {}::bigint)", low(*bits))),
            AnyTerm::Less(of, other) => {
                self.integer_in("least(greatest(", of, "::numeric - ");
                let (least, most) = (i64::MIN, i64::MAX);
                self.integer_in("", other, &format!("::numeric, {least}), {most})::bigint"));
            }
            AnyTerm::Start(of, chars) => {
                self.push("maejin_start(");
                self.text(of);
                write!(self.sql, ", {chars})").expect("a string takes every character");
            }
            AnyTerm::Without(of, first) if Kind::of(of, self.kinds) == Kind::Text => {
                let first = quoted(&first.to_string());
                self.push("(CASE WHEN substr(");
                self.term(of);
                write!(self.sql, ", 1, 1) = {first} THEN substr(").expect("a string takes every character");
                self.term(of);
                self.push(", 2) ELSE ");
                self.term(of);
                self.push(" END)");
            }
            AnyTerm::Without(of, _) => self.term(of),
            AnyTerm::Member(of, name) => {
                self.push("maejin_member(");
                self.text(of);
                write!(self.sql, ", {})", quoted(name)).expect("a string takes every character");
            }
            AnyTerm::Whether(filter) => {
                self.push("(CASE WHEN ");
                self.filter(filter);
                self.push(" THEN 1 ELSE 0 END)::bigint");
            }
            AnyTerm::AsInteger(of) => self.integer(of),
            AnyTerm::AsText(of) => self.text(of),
        }
    }

    fn integer_in(&mut self, before: &str, term: &AnyTerm, after: &str) {
        self.push(before);
        self.integer(term);
        self.push(after);
    }

    /// `term` as an integer.
    fn integer(&mut self, term: &AnyTerm) {
        if Kind::of(term, self.kinds) == Kind::Int {
            return self.term(term);
        }
        self.push("maejin_integer(");
        self.text(term);
        self.push(")");
    }

    /// `term` as text.
    fn text(&mut self, term: &AnyTerm) {
        let (before, after) = match Kind::of(term, self.kinds) {
            Kind::Text => ("", ""),
            Kind::Int => ("((", ")::text COLLATE \"C\")"),
            Kind::Bytes => ("(convert_from(", ", 'UTF8') COLLATE \"C\")"),
            Kind::Mixed => ("(maejin_text(", ") COLLATE \"C\")"),
        };
        self.push(before);
        self.term(term);
        self.push(after);
    }

    fn value(&mut self, value: &Value, kind: Kind, closed: bool) {
        match (value, kind) {
            (Value::Int(number), Kind::Int) if closed => {
                write!(self.sql, "{number}").expect("a string takes every character");
            }
            (Value::Text(text), Kind::Text) if closed => self.push(&quoted(text)),
            _ => self.param(value.clone(), kind),
        }
    }

    fn param(&mut self, value: Value, kind: Kind) {
        self.params.push(Param { value, kind });
        write!(self.sql, "${}::{}", self.params.len(), kind.sql()).expect("a string takes every character");
    }
}

/// Where values of `kind` stand among all; `None` for those that may stand anywhere.
fn rank_of(kind: Kind) -> Option<u8> {
    match kind {
        Kind::Int => Some(1),
        Kind::Text => Some(2),
        Kind::Bytes => Some(3),
        Kind::Mixed => None,
    }
}

/// Where `value` stands among values of all kinds.
fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Int(_) => 1,
        Value::Text(_) => 2,
        Value::Blob(_) => 3,
    }
}

/// The lowest bits, all set.
fn low(bits: u32) -> i64 {
    (1_i64 << bits.min(62)) - 1
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
