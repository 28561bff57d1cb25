//! PATCH: merges what was sent into an item, and makes what is left of a JSON Patch, in one step with what that tests.

use axum::body::Body;
use contracts::{Code, Rejection};
use http::StatusCode;

use super::body;
use super::coerce::coerce;
use super::errors::{Answered, Failure};
use super::hal;
use super::patch::{Patch, Patched};
use super::preconditions::Preconditions;
use super::route::Call;
use super::sent::{self, Typed, for_change, typed};
use super::writes::{placed_already, wanted, written};
use super::{Facade, Resource, Writes};
use crate::Attribute;
use crate::port::{Change, Record, Refused, Value};

/// How often a patch is made anew because what it copies, or what only the shop itself decides, has changed since it was read.
const TRIES: u32 = 8;

impl Facade {
    pub(super) async fn patch(&self, call: &Call<'_>, of: &Resource, number: Option<u64>, body: Body) -> Answered {
        let number = number.ok_or(Failure::Missing)?;
        let form = wanted(call)?;
        let asked = Preconditions::of(call.headers)?;
        let is_json_patch = body::is_json_patch(call.headers)?;
        let bytes = body::read(call.headers, body).await?;
        let record = if is_json_patch {
            self.json_patched(call, of, number, &Patch::read(&bytes)?, &asked).await?
        } else {
            let patched = Patched { sent: body::object(&bytes, of)?, ..Patched::default() };
            self.patched(call, of, number, patched, &asked).await.map_err(Unpatched::told)?
        };
        Ok(written(StatusCode::OK, call, of, &record, form, false))
    }

    /// Applies a patch, and again where what it read has changed meanwhile.
    async fn json_patched(
        &self,
        call: &Call<'_>,
        of: &Resource,
        number: u64,
        patch: &Patch,
        asked: &Preconditions,
    ) -> Result<Record, Failure> {
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
                done => return done.map_err(Unpatched::told),
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
        let (mut tests, mut own) = (Typed::new(), Typed::new());
        for (place, json) in patched.tests {
            let field = &of.fields[place];
            let value = coerce(field, json).map_err(|_| Failure::test(&field.name))?;
            if is_order || !of.is_clients(field) { own.push((place, value)) } else { tests.push((place, value)) }
        }
        let mut expected_version = self.expected(call, of, number, asked).await?;
        let (mut found, mut is_read) = (None, patched.has_read);
        if is_order || !own.is_empty() || sent::has_null(of, &sent) {
            let record = self.record(call, of, Some(number)).await?;
            if let Some((place, _)) = own.iter().find(|(place, value)| !sent::is_value(of, *place, value, &record)) {
                return Err(Failure::test(&of.fields[*place].name).into());
            }
            // What is never anything but null cannot change.
            if own.iter().any(|(place, _)| of.fields[*place].attribute != Attribute::Nothing) {
                is_read |= expected_version.is_none();
                expected_version = expected_version.or(Some(record.version));
            }
            found = Some(record);
        }
        let change = |fields| Change { fields, tests: sent::clients(of, tests), expected_version, whole: false };
        let done = match found {
            Some(found) if is_order => self.patch_order(call, of, &sent, found, expected_version).await?,
            found => {
                let change = change(for_change(of, sent, found.as_ref())?);
                self.shop.change(of, number, change, call.context).await
            }
        };
        done.map_err(|refused| match refused {
            Refused::Rejection(Rejection { code: Code::VersionChanged, .. }) if is_read => {
                Unpatched::Moved(Failure::refused(refused, of))
            }
            refused => Failure::refused(refused, of).into(),
        })
    }

    /// A placed order takes one change: its cancel.
    async fn patch_order(
        &self,
        call: &Call<'_>,
        of: &Resource,
        sent: &Typed,
        found: Record,
        expected: Option<u64>,
    ) -> Result<Result<Record, Refused>, Failure> {
        if cancels(of, sent) {
            return Ok(self.shop.cancel(of, found.number, expected, call.context).await);
        }
        if let Some(expected) = expected.filter(|expected| *expected != found.version) {
            let now = found.version;
            return Err(Failure::precondition(format!("it has the version {now} now, not {expected}")));
        }
        if sent::is_shown_so(of, sent, false, &found) { Ok(Ok(found)) } else { Err(placed_already()) }
    }
}

/// Why a patch was not made.
enum Unpatched {
    /// What it had read of the item was not so any more.
    Moved(Failure),
    /// Anything else.
    Refused(Failure),
}

impl Unpatched {
    fn told(self) -> Failure {
        match self {
            Self::Moved(failure) | Self::Refused(failure) => failure,
        }
    }
}

impl From<Failure> for Unpatched {
    fn from(failure: Failure) -> Self {
        Self::Refused(failure)
    }
}

/// Whether a change of an order is its cancel.
pub(super) fn cancels(of: &Resource, sent: &Typed) -> bool {
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
