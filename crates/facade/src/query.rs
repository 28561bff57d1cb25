//! What a facade asks for, in the words of the services.

use contracts::queries::{Field, FieldValue, Pick, RecordKind, SortField};
use storefronts::port::{Direction, PageQuery, Value};
use storefronts::{Attribute, FieldType, Kind, Resource};

pub(super) fn kind(kind: Kind) -> RecordKind {
    match kind {
        Kind::Offering => RecordKind::Offering,
        Kind::Seat => RecordKind::Seat,
        Kind::Order => RecordKind::Order,
        Kind::Payment => RecordKind::Payment,
        Kind::Delivery => RecordKind::Delivery,
        Kind::Points => RecordKind::Account,
        Kind::Notification => RecordKind::Notice,
        Kind::MyPage => RecordKind::Line,
        Kind::ConfirmedList => RecordKind::ConfirmedLine,
    }
}

/// A page of `of`, of which there are `total`, where that is known.
pub(super) fn page(of: &Resource, query: &PageQuery, total: Option<u64>) -> Pick {
    let sort = query.sort.iter().filter_map(|(attribute, direction)| {
        let of = of.fields.iter().filter(|field| field.attribute == *attribute);
        let as_number = of.map(|field| field.field_type).any(|of| matches!(of, FieldType::Int | FieldType::Long));
        Some(SortField { field: field(attribute)?, as_number, descending: *direction == Direction::Descending })
    });
    Pick::Page { offset: query.offset, limit: query.limit, sort: sort.collect(), total }
}

/// Those of which `by` is `value`; `None` where none can be.
pub(super) fn those(by: &Attribute, value: &Value) -> Option<Pick> {
    let value = match value {
        Value::Int(number) => FieldValue::Int(*number),
        Value::Text(text) => FieldValue::Text(text.as_str().into()),
        Value::Bool(yes) => FieldValue::Int(i64::from(*yes)),
        Value::Date(ms) => FieldValue::Int(i64::try_from(*ms).unwrap_or(i64::MAX)),
        Value::Null | Value::State(_) => return None,
    };
    Some(Pick::Where(field(by)?, value))
}

fn field(attribute: &Attribute) -> Option<Field> {
    Some(match attribute {
        Attribute::Number => Field::Number,
        Attribute::Name => Field::Name,
        Attribute::Reference => Field::Reference,
        Attribute::Price => Field::Price,
        Attribute::Left => Field::Left,
        Attribute::Offering => Field::Offering,
        Attribute::OfferingName => Field::OfferingName,
        Attribute::Quantity => Field::Quantity,
        Attribute::Customer => Field::Customer,
        Attribute::CustomerName => Field::CustomerName,
        Attribute::Seat => Field::Seat,
        Attribute::SeatRow => Field::SeatRow,
        Attribute::SeatColumn => Field::SeatColumn,
        Attribute::Grade => Field::Grade,
        Attribute::Sold => Field::Sold,
        Attribute::UnitPrice => Field::UnitPrice,
        Attribute::Amount => Field::Amount,
        Attribute::State => Field::State,
        Attribute::PlacedAt => Field::PlacedAt,
        Attribute::CancelledAt => Field::CancelledAt,
        Attribute::PaidAt => Field::PaidAt,
        Attribute::RefundedAt => Field::RefundedAt,
        Attribute::Order => Field::Order,
        Attribute::Points => Field::Points,
        Attribute::Card => Field::Card,
        Attribute::Extra(name) => Field::Kept((&**name).into()),
        Attribute::Nothing => return None,
    })
}
