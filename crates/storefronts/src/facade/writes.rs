//! What makes, replaces and takes away: POST, PUT and DELETE.

use axum::body::Body;
use contracts::{Code, NUMBER_MAX};
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::Value as Json;

use super::body::{self, ParsedBody};
use super::error::{Answered, FacadeError};
use super::negotiate::{self, Form};
use super::preconditions::{self, Preconditions};
use super::route::Call;
use super::typed_fields::{self, TypedFields, cancels, for_create, for_replace, typed};
use super::{Facade, Ids, Resource, Writes, empty, hal};
use crate::port::{Change, Fields, Record};

impl Facade {
    pub(super) async fn post(&self, call: &Call<'_>, of: &Resource, body: Body) -> Answered {
        let form = answer_form(call)?;
        Preconditions::of(call.headers)?.of_list(false)?;
        let ParsedBody { id, fields } = read_object(call, of, body).await?;
        let number = match of.ids {
            Ids::Assigned => {
                self.no_other_has(call, of, id).await?;
                None
            }
            Ids::Given => Some(given(id)?.ok_or_else(|| FacadeError::invalid_field("id", "is required"))?),
            Ids::GivenOrAssigned => given(id)?,
        };
        let fields = for_create(of, typed(of, fields)?)?;
        let record = self.created(call, of, number, fields).await?;
        Ok(write_response(StatusCode::CREATED, call, of, &record, form, true))
    }

    pub(super) async fn put(&self, call: &Call<'_>, of: &Resource, number: Option<u64>, body: Body) -> Answered {
        let number = number.ok_or(FacadeError::Missing)?;
        let form = answer_form(call)?;
        let asked = Preconditions::of(call.headers)?;
        let sent = typed(of, read_object(call, of, body).await?.fields)?;
        let found =
            self.shop.one(of, number, call.context).await.map_err(|refused| FacadeError::refused(refused, of))?;
        match (of.writes, found) {
            (Writes::Customer, Some(found)) => {
                asked.before_write(found.version)?;
                if !typed_fields::is_shown_so(of, &sent, true, &found) || cancels_anew(of, &sent, &found) {
                    return Err(placed_already());
                }
                Ok(write_response(StatusCode::OK, call, of, &found, form, true))
            }
            (_, Some(found)) => {
                let expected_version = expected(&asked, &found)?;
                let fields = for_replace(of, sent, &found)?;
                let change = Change { fields, replace: true, expected_version, ..Change::default() };
                let record = self.changed(call, of, number, change).await?;
                Ok(write_response(StatusCode::OK, call, of, &record, form, true))
            }
            (Writes::Customer, None) => Err(FacadeError::Missing),
            (_, None) if of.ids == Ids::Assigned => Err(FacadeError::Missing),
            (_, None) => {
                asked.before_create()?;
                let fields = for_create(of, sent)?;
                let record = self.created(call, of, Some(number), fields).await;
                let record = record.map_err(|failure| match asked.wants_none() {
                    true if failure.is_of(Code::AlreadyExists) => FacadeError::precondition("there is one already"),
                    _ => failure,
                })?;
                Ok(write_response(StatusCode::CREATED, call, of, &record, form, true))
            }
        }
    }

    pub(super) async fn delete(&self, call: &Call<'_>, of: &Resource, number: Option<u64>) -> Answered {
        let number = number.ok_or(FacadeError::Missing)?;
        let asked = Preconditions::of(call.headers)?;
        let expected = self.expected(call, of, number, &asked).await?;
        let existed = match of.writes {
            Writes::Customer => self.shop.cancel(of, number, expected, call.context).await.map(|_| true),
            _ => self.shop.remove(of, number, expected, call.context).await,
        };
        match existed.map_err(|refused| FacadeError::refused(refused, of))? {
            true => Ok(empty(StatusCode::NO_CONTENT)),
            false => Err(FacadeError::Missing),
        }
    }

    /// The version that an item must have when it is changed. Only where that is more than one tag, it is read first.
    pub(super) async fn expected(
        &self,
        call: &Call<'_>,
        of: &Resource,
        number: u64,
        asked: &Preconditions,
    ) -> Result<Option<u64>, FacadeError> {
        if asked.is_empty() || asked.one_version().is_some() {
            return Ok(asked.one_version());
        }
        expected(asked, &self.record(call, of, Some(number)).await?)
    }

    /// Refuses an id that another item has. Where the shop gives the ids, any other one counts as not said.
    async fn no_other_has(&self, call: &Call<'_>, of: &Resource, id: Option<Json>) -> Result<(), FacadeError> {
        let Some(number) = given(id).ok().flatten() else { return Ok(()) };
        let found =
            self.shop.one(of, number, call.context).await.map_err(|refused| FacadeError::refused(refused, of))?;
        match found {
            Some(_) => {
                Err(FacadeError::conflict(Code::AlreadyExists, format!("there is a {} {number} already", of.singular)))
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
    ) -> Result<Record, FacadeError> {
        let created = self.shop.create(of, number, fields, call.context).await;
        created.map_err(|refused| FacadeError::refused(refused, of))
    }

    async fn changed(
        &self,
        call: &Call<'_>,
        of: &Resource,
        number: u64,
        change: Change,
    ) -> Result<Record, FacadeError> {
        let changed = self.shop.change(of, number, change, call.context).await;
        changed.map_err(|refused| FacadeError::refused(refused, of))
    }
}

/// The version of `found`, if the change of it may go on and depends on that.
fn expected(asked: &Preconditions, found: &Record) -> Result<Option<u64>, FacadeError> {
    if let Some(version) = asked.one_version() {
        return Ok(Some(version)); // left to the command, which may have been given before
    }
    asked.before_write(found.version)?;
    Ok((!asked.is_empty()).then_some(found.version))
}

/// The form of the answer's body; none where the client did not say that it accepts any.
pub(super) fn answer_form(call: &Call<'_>) -> Result<Option<Form>, FacadeError> {
    let form = negotiate::form(call.headers, false)?;
    Ok(negotiate::is_told(call.headers).then_some(form))
}

async fn read_object(call: &Call<'_>, of: &Resource, body: Body) -> Result<ParsedBody, FacadeError> {
    if body::is_json_patch(call.headers)? {
        return Err(FacadeError::unsupported_media("the body must be application/json"));
    }
    body::object(&body::read(call.headers, body).await?, of)
}

/// The number that a client gave.
fn given(id: Option<Json>) -> Result<Option<u64>, FacadeError> {
    let number = match id {
        None | Some(Json::Null) => return Ok(None),
        Some(Json::Number(number)) => number.as_u64(),
        Some(Json::String(text)) if text.trim().is_empty() => return Ok(None),
        Some(Json::String(text)) => text.trim().parse().ok(),
        Some(_) => None,
    };
    match number.filter(|number| (1..=NUMBER_MAX).contains(number)) {
        None => Err(FacadeError::invalid_field("id", format!("must be a whole number from 1 to {NUMBER_MAX}"))),
        number => Ok(number),
    }
}

/// Whether a whole order that was sent says that it is cancelled, and the one that is there does not.
fn cancels_anew(of: &Resource, sent: &TypedFields, found: &Record) -> bool {
    let is_so = |place| sent.iter().all(|(at, value)| *at != place || typed_fields::is_value(of, place, value, found));
    cancels(of, sent) && !of.cancel_when.as_ref().is_some_and(|when| is_so(when.field))
}

pub(super) fn placed_already() -> FacadeError {
    FacadeError::conflict(Code::WrongState, "what was placed can be cancelled, but not changed")
}

/// The answer to a write: the item where a form is wanted, else nothing; with its address where it is told.
pub(super) fn write_response(
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
    preconditions::tell(&mut response, record.version);
    response
}
