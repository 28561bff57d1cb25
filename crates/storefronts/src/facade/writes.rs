//! Everything that changes something: POST, PUT, PATCH and DELETE.

use axum::body::Body;
use contracts::{Code, NUMBER_MAX};
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::Value as Json;

use super::body::{self, Sent};
use super::errors::{Answered, Failure, FieldError};
use super::negotiate::{self, Form};
use super::route::Call;
use super::{Facade, Ids, Resource, Writes, coerce, empty, hal, patch};
use crate::port::{Fields, Record, Value};

/// What was sent, by place and type-checked.
type Typed = Vec<(usize, Value)>;

impl Facade {
    pub(super) async fn post(&self, call: &Call<'_>, of: &Resource, body: Body) -> Answered {
        let form = wanted(call)?;
        let Sent { id, fields } = read_object(call, of, body).await?;
        let number = match of.ids {
            Ids::Assigned => {
                self.no_other_has(call, of, id).await?;
                None
            }
            Ids::Given => Some(given(id)?.ok_or_else(|| Failure::invalid_field("id", "is required"))?),
            Ids::GivenOrAssigned => given(id)?,
        };
        let fields = for_create(of, typed(of, fields)?)?;
        let record = self.created(call, of, number, fields).await?;
        Ok(written(StatusCode::CREATED, call, of, &record, form, true))
    }

    pub(super) async fn put(&self, call: &Call<'_>, of: &Resource, number: Option<u64>, body: Body) -> Answered {
        let number = number.ok_or(Failure::Missing)?;
        let form = wanted(call)?;
        let sent = typed(of, read_object(call, of, body).await?.fields)?;
        let found = self.shop.one(of, number, call.context).await.map_err(|refused| Failure::refused(refused, of))?;
        match (of.writes, found) {
            (Writes::Customer, Some(_)) => Err(placed_already()),
            (Writes::Customer, None) => Err(Failure::Missing),
            (_, Some(_)) => {
                let fields = for_whole(of, sent)?;
                let record = self.changed(call, of, number, fields, true).await?;
                Ok(written(StatusCode::OK, call, of, &record, form, true))
            }
            (_, None) if of.ids == Ids::Assigned => Err(Failure::Missing),
            (_, None) => {
                let fields = for_create(of, sent)?;
                let record = self.created(call, of, Some(number), fields).await?;
                Ok(written(StatusCode::CREATED, call, of, &record, form, true))
            }
        }
    }

    pub(super) async fn patch(&self, call: &Call<'_>, of: &Resource, number: Option<u64>, body: Body) -> Answered {
        let number = number.ok_or(Failure::Missing)?;
        let form = wanted(call)?;
        let sent = typed(of, self.patch_sent(call, of, number, body).await?.fields)?;
        let record = if of.writes == Writes::Customer {
            self.patch_order(call, of, number, &sent).await?
        } else {
            let fields = for_change(of, sent);
            match fields.is_empty() {
                true => self.record(call, of, Some(number)).await?,
                false => self.changed(call, of, number, fields, false).await?,
            }
        };
        Ok(written(StatusCode::OK, call, of, &record, form, false))
    }

    pub(super) async fn delete(&self, call: &Call<'_>, of: &Resource, number: Option<u64>) -> Answered {
        let number = number.ok_or(Failure::Missing)?;
        let existed = match of.writes {
            Writes::Customer => self.shop.cancel(of, number, call.context).await.map(|_| true),
            _ => self.shop.remove(of, number, call.context).await,
        };
        match existed.map_err(|refused| Failure::refused(refused, of))? {
            true => Ok(empty(StatusCode::NO_CONTENT)),
            false => Err(Failure::Missing),
        }
    }

    /// A placed order takes one change: its cancel.
    async fn patch_order(&self, call: &Call<'_>, of: &Resource, number: u64, sent: &Typed) -> Result<Record, Failure> {
        if cancels(of, sent) {
            let cancelled = self.shop.cancel(of, number, call.context).await;
            return cancelled.map_err(|refused| Failure::refused(refused, of));
        }
        let record = self.record(call, of, Some(number)).await?;
        if sent.is_empty() { Ok(record) } else { Err(placed_already()) }
    }

    async fn patch_sent(&self, call: &Call<'_>, of: &Resource, number: u64, body: Body) -> Result<Sent, Failure> {
        let is_json_patch = body::is_json_patch(call.headers)?;
        let bytes = body::read(call.headers, body).await?;
        if !is_json_patch {
            return body::object(&bytes, of);
        }
        let record = self.record(call, of, Some(number)).await?;
        let shown = serde_json::from_slice(&hal::item(of, &record, &call.links)).unwrap_or_default();
        patch::apply(&bytes, of, &shown)
    }

    /// Refuses an id that another item has. Where the shop gives the ids, any other one counts as not said.
    async fn no_other_has(&self, call: &Call<'_>, of: &Resource, id: Option<Json>) -> Result<(), Failure> {
        let Some(number) = given(id).ok().flatten() else { return Ok(()) };
        let found = self.shop.one(of, number, call.context).await.map_err(|refused| Failure::refused(refused, of))?;
        match found {
            Some(_) => {
                Err(Failure::conflict(Code::AlreadyExists, format!("there is a {} {number} already", of.singular)))
            }
            None => Ok(()),
        }
    }

    async fn created(
        &self,
        call: &Call<'_>,
        of: &Resource,
        number: Option<u64>,
        fields: Fields,
    ) -> Result<Record, Failure> {
        let created = self.shop.create(of, number, fields, call.context).await;
        created.map_err(|refused| Failure::refused(refused, of))
    }

    async fn changed(
        &self,
        call: &Call<'_>,
        of: &Resource,
        number: u64,
        fields: Fields,
        whole: bool,
    ) -> Result<Record, Failure> {
        let changed = self.shop.change(of, number, fields, whole, call.context).await;
        changed.map_err(|refused| Failure::refused(refused, of))
    }
}

/// The form of the answer's body; none where the client did not say that it accepts any.
fn wanted(call: &Call<'_>) -> Result<Option<Form>, Failure> {
    let form = negotiate::form(call.headers, false)?;
    Ok(negotiate::is_told(call.headers).then_some(form))
}

async fn read_object(call: &Call<'_>, of: &Resource, body: Body) -> Result<Sent, Failure> {
    if body::is_json_patch(call.headers)? {
        return Err(Failure::unsupported_media("application/json"));
    }
    body::object(&body::read(call.headers, body).await?, of)
}

/// The number that a client gave.
fn given(id: Option<Json>) -> Result<Option<u64>, Failure> {
    let number = match id {
        None | Some(Json::Null) => return Ok(None),
        Some(Json::Number(number)) => number.as_u64(),
        Some(Json::String(text)) if text.trim().is_empty() => return Ok(None),
        Some(Json::String(text)) => text.trim().parse().ok(),
        Some(_) => None,
    };
    match number.filter(|number| (1..=NUMBER_MAX).contains(number)) {
        None => Err(Failure::invalid_field("id", format!("must be a whole number from 1 to {NUMBER_MAX}"))),
        number => Ok(number),
    }
}

/// Every field that was sent in its own type, also those that the client does not decide.
fn typed(of: &Resource, sent: Vec<(usize, Json)>) -> Result<Typed, Failure> {
    let mut errors = Vec::new();
    let mut typed = Vec::with_capacity(sent.len());
    for (place, json) in sent {
        match coerce::coerce(&of.fields[place], json) {
            Ok(value) => typed.push((place, value)),
            Err(message) => errors.push(FieldError { field: of.fields[place].name.clone(), message }),
        }
    }
    typed.sort_by_key(|(place, _)| *place);
    if errors.is_empty() { Ok(typed) } else { Err(Failure::invalid(errors)) }
}

/// What was sent for something new: no nulls, and nothing required missing.
fn for_create(of: &Resource, sent: Typed) -> Result<Fields, Failure> {
    let mut fields = clients(of, sent);
    fields.retain(|(_, value)| *value != Value::Null);
    require(of, &fields)?;
    Ok(fields)
}

/// What was sent to replace the whole: null for all that was not.
fn for_whole(of: &Resource, sent: Typed) -> Result<Fields, Failure> {
    let mut sent = sent.into_iter().peekable();
    let mut whole = Typed::with_capacity(of.fields.len());
    for place in 0..of.fields.len() {
        let value = sent.next_if(|(at, _)| *at == place).map_or(Value::Null, |(_, value)| value);
        whole.push((place, value));
    }
    let fields = clients(of, whole);
    require(of, &fields)?;
    Ok(fields)
}

/// What was sent to change. A null for what must have a value leaves that as it is.
fn for_change(of: &Resource, mut sent: Typed) -> Fields {
    sent.retain(|(place, value)| !(of.fields[*place].required && *value == Value::Null));
    clients(of, sent)
}

/// Only what is the client's to decide.
fn clients(of: &Resource, sent: Typed) -> Fields {
    let fields = sent.into_iter().map(|(place, value)| (&of.fields[place], value));
    fields.filter(|(field, _)| of.is_clients(field)).map(|(field, value)| (field.attribute.clone(), value)).collect()
}

fn require(of: &Resource, fields: &Fields) -> Result<(), Failure> {
    let has = |name| fields.iter().any(|(attribute, value)| attribute == name && *value != Value::Null);
    let missing = of.fields.iter().filter(|field| field.required && !has(&field.attribute));
    let errors: Vec<FieldError> =
        missing.map(|field| FieldError { field: field.name.clone(), message: "is required".to_owned() }).collect();
    if errors.is_empty() { Ok(()) } else { Err(Failure::invalid(errors)) }
}

/// Whether a change of an order is its cancel.
fn cancels(of: &Resource, sent: &Typed) -> bool {
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

fn placed_already() -> Failure {
    Failure::conflict(Code::WrongState, "what was placed can be cancelled, but not changed")
}

/// The answer to a write: the item where a form is wanted, else nothing; with its address where it is told.
fn written(
    status: StatusCode,
    call: &Call<'_>,
    of: &Resource,
    record: &Record,
    form: Option<Form>,
    tells_location: bool,
) -> Response<Body> {
    let mut response = match form {
        Some(form) => hal::response(hal::item(of, record, &call.links), form.media()),
        None => Response::default(),
    };
    *response.status_mut() = match (status, form) {
        (StatusCode::OK, None) => StatusCode::NO_CONTENT,
        (status, _) => status,
    };
    if tells_location && let Ok(address) = HeaderValue::try_from(call.links.item(of, record.number)) {
        response.headers_mut().insert(header::LOCATION, address);
    }
    response
}
