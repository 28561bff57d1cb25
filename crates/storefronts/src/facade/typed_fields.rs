//! What a client sent, made into what the shop is asked: each field in its type, only those that are the client's, and no null where
//! there is always a value.

use serde_json::Value as Json;

use super::error::{FacadeError, FieldError};
use super::{Resource, coerce, hal};
use crate::port::{Fields, Record, Value};
use crate::{Attribute, Field};

/// What was sent, by place and type-checked.
pub(super) type TypedFields = Vec<(usize, Value)>;

/// Every field that was sent in its own type, also those that the client does not decide.
pub(super) fn typed(of: &Resource, sent: Vec<(usize, Json)>) -> Result<TypedFields, FacadeError> {
    let mut errors = Vec::new();
    let mut typed = Vec::with_capacity(sent.len());
    for (place, json) in sent {
        match coerce::coerce(&of.fields[place], json) {
            Ok(value) => typed.push((place, value)),
            Err(message) => errors.push(wrong(&of.fields[place], message)),
        }
    }
    typed.sort_by_key(|(place, _)| *place);
    none_or(errors, typed)
}

/// What was sent for something new: no nulls, and nothing required missing.
pub(super) fn for_create(of: &Resource, sent: TypedFields) -> Result<Fields, FacadeError> {
    let mut fields = clients(of, sent);
    fields.retain(|(_, value)| *value != Value::Null);
    let has = |name: &Attribute| fields.iter().any(|(attribute, _)| attribute == name);
    let missing = of.fields.iter().filter(|field| field.required && !has(&field.attribute));
    let errors = missing.map(|field| wrong(field, "is required".to_owned())).collect();
    none_or(errors, fields)
}

/// What was sent to replace `found`: null for all that was not, but for what the old system did not have. That stays.
pub(super) fn for_replace(of: &Resource, sent: TypedFields, found: &Record) -> Result<Fields, FacadeError> {
    let mut sent = sent.into_iter().peekable();
    let mut fields = TypedFields::with_capacity(of.fields.len());
    let mut errors = Vec::new();
    for (place, field) in of.fields.iter().enumerate() {
        match sent.next_if(|(at, _)| *at == place) {
            Some(field) => fields.push(field),
            None if field.optional || !of.is_clients(field) => {}
            None if field.always_has_value() && to_json(of, place, found) != Json::Null => {
                let message = "is required: a PUT says the whole, a PATCH changes a part".to_owned();
                errors.push(wrong(field, message));
            }
            None => fields.push((place, Value::Null)),
        }
    }
    let fields = none_or(errors, fields)?;
    changes(of, fields, Some(found), true)
}

/// What was sent to change an item; `found` is looked at only where a null was sent. A null for what is shown as null changes nothing,
/// and one for what always has a value is none: what is required stays then, anything else is refused.
pub(super) fn for_change(of: &Resource, sent: TypedFields, found: Option<&Record>) -> Result<Fields, FacadeError> {
    changes(of, sent, found, false)
}

fn changes(of: &Resource, mut sent: TypedFields, found: Option<&Record>, replace: bool) -> Result<Fields, FacadeError> {
    let mut errors = Vec::new();
    sent.retain(|(place, value)| {
        let field = &of.fields[*place];
        let (true, Value::Null, Some(found)) = (of.is_clients(field), value, found) else { return true };
        let is_shown = to_json(of, *place, found) != Json::Null;
        if is_shown && field.required && !replace {
            return false; // as the old systems' clients send it: what must be there stays as it is
        }
        if is_shown && field.always_has_value() {
            errors.push(wrong(field, "must not be null".to_owned()));
        }
        // What has a value that its type cannot show was not emptied by who never saw it.
        is_shown || (!field.always_has_value() && found.values.get(*place) == Some(&Value::Null))
    });
    none_or(errors, sent).map(|sent| clients(of, sent))
}

/// Whether a client's field is among what was sent with null.
pub(super) fn has_null(of: &Resource, sent: &TypedFields) -> bool {
    sent.iter().any(|(place, value)| *value == Value::Null && of.is_clients(&of.fields[*place]))
}

/// Whether what was sent is what `found` shows. `replace`: what was not sent of the client's fields counts as null.
pub(super) fn is_shown_so(of: &Resource, sent: &TypedFields, replace: bool, found: &Record) -> bool {
    of.fields.iter().enumerate().all(|(place, field)| {
        let value = sent.iter().find(|(at, _)| *at == place).map(|(_, value)| value);
        match value {
            // What the shop decides may have moved on since a whole item was read.
            Some(_) if replace && !of.is_clients(field) => true,
            Some(value) => is_value(of, place, value, found),
            None => !replace || field.optional || !of.is_clients(field) || to_json(of, place, found) == Json::Null,
        }
    })
}

/// Whether `found` shows `value` at `place`.
pub(super) fn is_value(of: &Resource, place: usize, value: &Value, found: &Record) -> bool {
    coerce::coerce(&of.fields[place], to_json(of, place, found)).is_ok_and(|value_shown| value_shown == *value)
}

fn to_json(of: &Resource, place: usize, found: &Record) -> Json {
    hal::to_json(&of.fields[place], found.values.get(place).unwrap_or(&Value::Null), &of.statuses)
}

/// Whether a change of an order is its cancel.
pub(super) fn cancels(of: &Resource, sent: &TypedFields) -> bool {
    let Some(when) = &of.cancel_when else { return false };
    sent.iter().any(|(place, value)| {
        *place == when.field
            && match (value, &when.equals) {
                (Value::Null, _) => false,
                (Value::Text(text), Some(word)) => text == word,
                (_, Some(_)) => false,
                (_, None) => true,
            }
    })
}

/// Only what is the client's to decide.
pub(super) fn clients(of: &Resource, sent: TypedFields) -> Fields {
    let fields = sent.into_iter().map(|(place, value)| (&of.fields[place], value));
    fields.filter(|(field, _)| of.is_clients(field)).map(|(field, value)| (field.attribute.clone(), value)).collect()
}

fn wrong(field: &Field, message: String) -> FieldError {
    FieldError { field: field.name.clone(), message }
}

fn none_or<T>(errors: Vec<FieldError>, value: T) -> Result<T, FacadeError> {
    if errors.is_empty() { Ok(value) } else { Err(FacadeError::invalid(errors)) }
}
