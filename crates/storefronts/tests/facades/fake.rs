//! A shop in memory, with as much business as the walk-throughs need: every order is decided at once.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use contracts::states::{DeliveryState, OrderState};
use contracts::{Code, Refusals, Rejection, Step};
use storefronts::port::{CallContext, Change, Direction, Fields, Page, PageQuery, Record, Refused, Reply, Shop, Value};
use storefronts::{Attribute, Kind, PaymentState, Resource, State, Storefront};

type Row = HashMap<Attribute, Value>;
type Tables = HashMap<Kind, BTreeMap<u64, Row>>;

pub struct FakeShop {
    storefront: Arc<Storefront>,
    tables: Mutex<Tables>,
    /// What every call answers while it is set.
    pub refuses: Mutex<Option<Refused>>,
}

impl FakeShop {
    pub fn new(storefront: Arc<Storefront>) -> Self {
        Self { storefront, tables: Mutex::default(), refuses: Mutex::default() }
    }

    fn open(&self) -> Result<MutexGuard<'_, Tables>, Refused> {
        match self.refuses.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            Some(refused) => Err(refused),
            None => Ok(self.tables.lock().unwrap_or_else(PoisonError::into_inner)),
        }
    }

    fn offering(&self, tables: &mut Tables, fields: &Row) -> Result<u64, Refused> {
        let wanted = number(fields, &Attribute::Offering);
        let by_reference = self.storefront.by_reference();
        let found = tables.entry(Kind::Offering).or_default().iter().find(|(number, row)| match by_reference {
            true => row.get(&Attribute::Reference) == Some(&Value::Int(wanted)),
            false => i64::try_from(**number) == Ok(wanted),
        });
        found.map(|(number, _)| *number).ok_or_else(|| rejected(Code::UnknownReference, "offering"))
    }

    fn place(&self, tables: &mut Tables, given: Option<u64>, row: Row, now: u64) -> Result<(u64, Row), Refused> {
        let recipe = &self.storefront.recipe;
        let offering_number = self.offering(tables, &row)?;
        let quantity = if recipe.seated { 1 } else { number(&row, &Attribute::Quantity) };
        let offering = tables.entry(Kind::Offering).or_default()[&offering_number].clone();
        let price = offering.get(&Attribute::Price).cloned().unwrap_or(Value::Int(0));
        if row.get(&Attribute::UnitPrice).is_some_and(|sent| *sent != price) {
            return Err(rejected(Code::PriceChanged, "unit-price"));
        }
        let seat = u64::try_from(number(&row, &Attribute::Seat)).unwrap_or(0);
        let mut order = row;
        let fits = match recipe.seated {
            true => take_seat(tables, seat, &mut order)?,
            false => number(&offering, &Attribute::Left) >= quantity,
        };
        if !fits && recipe.refusals == Refusals::Answer {
            return Err(rejected(Code::SoldOut, "quantity"));
        }
        let price = match price {
            Value::Int(price) => price,
            _ => 0,
        };
        order.insert(Attribute::UnitPrice, Value::Int(price));
        order.insert(Attribute::Amount, Value::Int(price * quantity));
        order.insert(Attribute::PlacedAt, Value::Date(now));
        let decided = if fits { OrderState::Confirmed } else { OrderState::Rejected };
        order.insert(Attribute::State, Value::State(State::Order(decided)));
        if let Some(name) = offering.get(&Attribute::Name) {
            order.insert(Attribute::OfferingName, name.clone());
        }
        if fits && !recipe.seated {
            add(tables, offering_number, -quantity);
        }
        let number = insert(tables, Kind::Order, given, order.clone())?;
        self.follow(tables, number, order.clone(), fits, now);
        order.insert(Attribute::State, Value::State(State::Order(OrderState::Placed)));
        Ok((number, order))
    }

    /// What the other services make of an order.
    fn follow(&self, tables: &mut Tables, order: u64, mut row: Row, fits: bool, now: u64) {
        row.insert(Attribute::Order, Value::Int(i64::try_from(order).unwrap_or_default()));
        let recipe = &self.storefront.recipe;
        let with_state = |row: &Row, state| {
            let mut row = row.clone();
            row.insert(Attribute::State, Value::State(state));
            row
        };
        if fits && recipe.has(Step::Pay) {
            row.insert(Attribute::PaidAt, Value::Date(now));
            put(tables, Kind::Payment, order, with_state(&row, State::Payment(PaymentState::Paid)));
        }
        if fits && recipe.has(Step::Deliver) {
            put(tables, Kind::Delivery, order, with_state(&row, State::Delivery(DeliveryState::Started)));
        }
        if fits && recipe.has(Step::Earn) {
            let customer = u64::try_from(number(&row, &Attribute::Customer)).unwrap_or_default();
            let account = tables.entry(Kind::Points).or_default().entry(customer).or_default();
            let balance = number(account, &Attribute::Points)
                + number(&row, &Attribute::Amount) * i64::from(recipe.points_percent) / 100;
            account.insert(Attribute::Points, Value::Int(balance));
            row.insert(Attribute::Points, Value::Int(balance));
        }
        if fits {
            put(tables, Kind::ConfirmedList, order, row.clone());
        }
        if recipe.notify {
            let _ = insert(tables, Kind::Notification, None, row.clone());
        }
        put(tables, Kind::MyPage, order, row);
    }

    fn cancelled(&self, tables: &mut Tables, order: u64, now: u64) -> Result<Row, Refused> {
        let missing = || Refused::from(Rejection::new(Code::NotFound, "no such order"));
        let row = tables.entry(Kind::Order).or_default().get(&order).cloned().ok_or_else(missing)?;
        if row.get(&Attribute::State) != Some(&Value::State(State::Order(OrderState::Confirmed))) {
            return Ok(row);
        }
        if self.storefront.recipe.seated {
            let seat = u64::try_from(number(&row, &Attribute::Seat)).unwrap_or_default();
            let seats = tables.entry(Kind::Seat).or_default();
            seats.entry(seat).or_default().insert(Attribute::Sold, Value::Bool(false));
        } else {
            let offering = self.offering(tables, &row)?;
            add(tables, offering, number(&row, &Attribute::Quantity));
        }
        tables.entry(Kind::ConfirmedList).or_default().remove(&order);
        for kind in [Kind::Order, Kind::MyPage, Kind::Payment, Kind::Delivery] {
            let Some(row) = tables.entry(kind).or_default().get_mut(&order) else { continue };
            let state = match kind {
                Kind::Payment => State::Payment(PaymentState::Refunded),
                Kind::Delivery => State::Delivery(DeliveryState::Cancelled),
                _ => State::Order(OrderState::Cancelled),
            };
            row.insert(Attribute::State, Value::State(state));
            row.insert(Attribute::CancelledAt, Value::Date(now));
            if row.contains_key(&Attribute::PaidAt) {
                row.insert(Attribute::RefundedAt, Value::Date(now));
            }
        }
        Ok(tables.entry(Kind::Order).or_default()[&order].clone())
    }
}

impl Shop for FakeShop {
    fn admits(&self) -> Result<(), Refused> {
        match self.open() {
            Err(busy @ Refused::Busy { .. }) => Err(busy),
            _ => Ok(()),
        }
    }

    fn page<'a>(&'a self, of: &'a Resource, query: PageQuery, _: &'a CallContext) -> Reply<'a, Page> {
        Box::pin(async move {
            let mut tables = self.open()?;
            let mut rows: Vec<_> = tables.entry(of.kind).or_default().iter().collect();
            for (attribute, direction) in query.sort.iter().rev() {
                rows.sort_by(|(n, one), (m, other)| {
                    let (one, other) = (key(**n, one, attribute), key(**m, other, attribute));
                    if *direction == Direction::Ascending { one.cmp(&other) } else { other.cmp(&one) }
                });
            }
            let total = rows.len() as u64;
            let skip = usize::try_from(query.offset).unwrap_or(usize::MAX);
            let shown = rows.into_iter().skip(skip).take(query.limit as usize);
            Ok(Page { total, records: shown.map(|(number, row)| record(of, *number, row)).collect() })
        })
    }

    fn one<'a>(&'a self, of: &'a Resource, number: u64, _: &'a CallContext) -> Reply<'a, Option<Record>> {
        Box::pin(
            async move { Ok(self.open()?.entry(of.kind).or_default().get(&number).map(|row| record(of, number, row))) },
        )
    }

    fn find<'a>(
        &'a self,
        of: &'a Resource,
        by: &'a Attribute,
        value: Value,
        _: &'a CallContext,
    ) -> Reply<'a, Vec<Record>> {
        Box::pin(async move {
            let mut tables = self.open()?;
            let rows = tables.entry(of.kind).or_default().iter().filter(|(_, row)| row.get(by) == Some(&value));
            Ok(rows.map(|(number, row)| record(of, *number, row)).collect())
        })
    }

    fn create<'a>(
        &'a self,
        of: &'a Resource,
        number: Option<u64>,
        fields: Fields,
        context: &'a CallContext,
    ) -> Reply<'a, Record> {
        Box::pin(async move {
            let mut tables = self.open()?;
            if number.is_some_and(|number| tables.entry(of.kind).or_default().contains_key(&number)) {
                return Err(rejected(Code::AlreadyExists, "id"));
            }
            let mut row: Row = fields.into_iter().collect();
            if of.kind == Kind::Order {
                let (number, row) = self.place(&mut tables, number, row, context.now_ms)?;
                return Ok(record(of, number, &row));
            }
            if of.kind == Kind::Seat {
                row.entry(Attribute::Sold).or_insert(Value::Bool(false));
            }
            let number = insert(&mut tables, of.kind, number, row.clone())?;
            Ok(record(of, number, &row))
        })
    }

    fn change<'a>(&'a self, of: &'a Resource, number: u64, change: Change, _: &'a CallContext) -> Reply<'a, Record> {
        Box::pin(async move {
            let mut tables = self.open()?;
            let row = tables.entry(of.kind).or_default().get_mut(&number);
            let row = row.ok_or_else(|| Refused::from(Rejection::new(Code::NotFound, "none")))?;
            Rejection::unless_version(version(row), change.expected_version)?;
            if let Some((other, _)) =
                change.tests.iter().find(|(of, value)| row.get(of).unwrap_or(&Value::Null) != value)
            {
                return Err(rejected(Code::VersionChanged, other.word()));
            }
            let now = version(row);
            row.extend(change.fields);
            row.insert(Attribute::Number, Value::Int(i64::try_from(now).unwrap()));
            Ok(record(of, number, row))
        })
    }

    fn remove<'a>(
        &'a self,
        of: &'a Resource,
        number: u64,
        expected: Option<u64>,
        _: &'a CallContext,
    ) -> Reply<'a, bool> {
        Box::pin(async move {
            let mut tables = self.open()?;
            let rows = tables.entry(of.kind).or_default();
            if let Some(row) = rows.get(&number) {
                Rejection::unless_version(version(row), expected)?;
            }
            Ok(rows.remove(&number).is_some())
        })
    }

    fn cancel<'a>(
        &'a self,
        of: &'a Resource,
        number: u64,
        expected: Option<u64>,
        context: &'a CallContext,
    ) -> Reply<'a, Record> {
        Box::pin(async move {
            let mut tables = self.open()?;
            if let Some(row) = tables.entry(of.kind).or_default().get(&number) {
                Rejection::unless_version(version(row), expected)?;
            }
            let row = self.cancelled(&mut tables, number, context.now_ms)?;
            Ok(record(of, number, &row))
        })
    }

    fn left<'a>(&'a self, _: &'a Resource, reference: i64, _: &'a CallContext) -> Reply<'a, Option<u64>> {
        Box::pin(async move {
            let mut tables = self.open()?;
            let wanted = Row::from([(Attribute::Offering, Value::Int(reference))]);
            let found = self.offering(&mut tables, &wanted).ok();
            Ok(found.map(|of| u64::try_from(number(&tables[&Kind::Offering][&of], &Attribute::Left)).unwrap_or(0)))
        })
    }
}

/// Counted under the one attribute that is no field.
fn version(row: &Row) -> u64 {
    u64::try_from(number(row, &Attribute::Number)).unwrap() + 1
}

fn rejected(code: Code, field: &str) -> Refused {
    Rejection::of_field(code, field, code.as_str()).into()
}

fn number(row: &Row, attribute: &Attribute) -> i64 {
    match row.get(attribute) {
        Some(Value::Int(number)) => *number,
        Some(Value::Text(text)) => text.parse().unwrap_or(0),
        _ => 0,
    }
}

fn key(number: u64, row: &Row, attribute: &Attribute) -> (i64, String) {
    match (attribute, row.get(attribute)) {
        (Attribute::Number, _) => (i64::try_from(number).unwrap_or(0), String::new()),
        (_, Some(Value::Int(number))) => (*number, String::new()),
        (_, Some(Value::Text(text))) => (0, text.clone()),
        _ => (0, String::new()),
    }
}

fn take_seat(tables: &mut Tables, seat: u64, order: &mut Row) -> Result<bool, Refused> {
    let seats = tables.entry(Kind::Seat).or_default();
    let seat = seats.get_mut(&seat).ok_or_else(|| rejected(Code::UnknownReference, "seat"))?;
    for attribute in [Attribute::SeatRow, Attribute::SeatColumn] {
        order.insert(attribute.clone(), seat.get(&attribute).cloned().unwrap_or(Value::Null));
    }
    Ok(seat.insert(Attribute::Sold, Value::Bool(true)) != Some(Value::Bool(true)))
}

fn add(tables: &mut Tables, offering: u64, quantity: i64) {
    let row = tables.entry(Kind::Offering).or_default().entry(offering).or_default();
    let left = number(row, &Attribute::Left) + quantity;
    row.insert(Attribute::Left, Value::Int(left));
}

fn insert(tables: &mut Tables, kind: Kind, given: Option<u64>, row: Row) -> Result<u64, Refused> {
    let rows = tables.entry(kind).or_default();
    let number = given.unwrap_or_else(|| rows.last_key_value().map_or(1, |(last, _)| last + 1));
    rows.insert(number, row);
    Ok(number)
}

fn put(tables: &mut Tables, kind: Kind, number: u64, row: Row) {
    tables.entry(kind).or_default().insert(number, row);
}

fn record(of: &Resource, number: u64, row: &Row) -> Record {
    let value = |attribute| row.get(attribute).cloned().unwrap_or(Value::Null);
    Record { number, version: version(row), values: of.attributes.iter().map(value).collect() }
}
