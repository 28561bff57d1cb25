//! PATCH: merges what was sent into an item, and makes what is left of a JSON Patch, in one step with what that tests.

use axum::body::Body;
use contracts::{Code, Rejection};
use http::StatusCode;

use super::body;
use super::coerce::coerce;
use super::error::{Answered, FacadeError};
use super::hal;
use super::patch::{Patch, Patched};
use super::preconditions::Preconditions;
use super::route::Call;
use super::typed_fields::{self, TypedFields, cancels, for_change, typed};
use super::writes::{answer_form, placed_already, write_response};
use super::{Facade, Resource, Writes};
use crate::Attribute;
use crate::port::{Change, Record, Refused};

/// How often a patch is made anew because what it copies, or what only the shop itself decides, has changed since it was read.
const TRIES: u32 = 8;

impl Facade {
    pub(super) async fn patch(&self, call: &Call<'_>, of: &Resource, number: Option<u64>, body: Body) -> Answered {
        let number = number.ok_or(FacadeError::Missing)?;
        let form = answer_form(call)?;
        let asked = Preconditions::of(call.headers)?;
        let is_json_patch = body::is_json_patch(call.headers)?;
        let bytes = body::read(call.headers, body).await?;
        let record = if is_json_patch {
            self.json_patched(call, of, number, &Patch::read(&bytes)?, &asked).await?
        } else {
            let patched = Patched { sent: body::object(&bytes, of)?, ..Patched::default() };
            self.patched(call, of, number, patched, &asked).await.map_err(Unpatched::into_error)?
        };
        Ok(write_response(StatusCode::OK, call, of, &record, form, false))
    }

    /// Applies a patch, and again where what it read has changed meanwhile.
    async fn json_patched(
        &self,
        call: &Call<'_>,
        of: &Resource,
        number: u64,
        patch: &Patch,
        asked: &Preconditions,
    ) -> Result<Record, FacadeError> {
        let mut tries = 0;
        loop {
            let shown = match patch.needs_item() {
                true => {
                    let record = self.record(call, of, Some(number)).await?;
                    serde_json::from_slice(&hal::item(of, &record, &call.links)).unwrap_or_default()
                }
                false => Default::default(),
            };
            tries += 1;
            match self.patched(call, of, number, patch.apply(of, &shown)?, asked).await {
                Err(Unpatched::Moved(_)) if tries < TRIES => {}
                done => return done.map_err(Unpatched::into_error),
            }
        }
    }

    /// Makes the change that is left of a patch.
    async fn patched(
        &self,
        call: &Call<'_>,
        of: &Resource,
        number: u64,
        patched: Patched,
        asked: &Preconditions,
    ) -> Result<Record, Unpatched> {
        let is_order = of.writes == Writes::Customer;
        let sent = typed(of, patched.sent.fields)?;
        let (mut tests, mut own) = (TypedFields::new(), TypedFields::new());
        for (place, json) in patched.tests {
            let field = &of.fields[place];
            let value = coerce(field, json).map_err(|_| FacadeError::test(&field.name))?;
            if is_order || !of.is_clients(field) { own.push((place, value)) } else { tests.push((place, value)) }
        }
        let mut expected_version = self.expected(call, of, number, asked).await?;
        let (mut found, mut is_read) = (None, patched.has_read);
        if is_order || !own.is_empty() || typed_fields::has_null(of, &sent) {
            let record = self.record(call, of, Some(number)).await?;
            if let Some((place, _)) =
                own.iter().find(|(place, value)| !typed_fields::is_value(of, *place, value, &record))
            {
                return Err(FacadeError::test(&of.fields[*place].name).into());
            }
            // What is never anything but null cannot change.
            if own.iter().any(|(place, _)| of.fields[*place].attribute != Attribute::Nothing) {
                is_read |= expected_version.is_none();
                expected_version = expected_version.or(Some(record.version));
            }
            found = Some(record);
        }
        let change =
            |fields| Change { fields, tests: typed_fields::clients(of, tests), expected_version, replace: false };
        let done = match found {
            Some(found) if is_order => self.patch_order(call, of, &sent, found, expected_version).await?,
            found => {
                let change = change(for_change(of, sent, found.as_ref())?);
                self.shop.change(of, number, change, call.context).await
            }
        };
        done.map_err(|refused| match refused {
            Refused::Rejection(Rejection { code: Code::VersionChanged, .. }) if is_read => {
                Unpatched::Moved(FacadeError::refused(refused, of))
            }
            refused => FacadeError::refused(refused, of).into(),
        })
    }

    /// A placed order takes one change: its cancel.
    async fn patch_order(
        &self,
        call: &Call<'_>,
        of: &Resource,
        sent: &TypedFields,
        found: Record,
        expected: Option<u64>,
    ) -> Result<Result<Record, Refused>, FacadeError> {
        if cancels(of, sent) {
            return Ok(self.shop.cancel(of, found.number, expected, call.context).await);
        }
        if let Some(expected) = expected.filter(|expected| *expected != found.version) {
            let now = found.version;
            return Err(FacadeError::precondition(format!("it has the version {now} now, not {expected}")));
        }
        if typed_fields::is_shown_so(of, sent, false, &found) { Ok(Ok(found)) } else { Err(placed_already()) }
    }
}

/// Why a patch was not made.
enum Unpatched {
    /// What it had read of the item was not so any more.
    Moved(FacadeError),
    /// Anything else.
    Refused(FacadeError),
}

impl Unpatched {
    fn into_error(self) -> FacadeError {
        match self {
            Self::Moved(failure) | Self::Refused(failure) => failure,
        }
    }
}

impl From<FacadeError> for Unpatched {
    fn from(failure: FacadeError) -> Self {
        Self::Refused(failure)
    }
}
