//! Offerings, as sellers write them.

use std::sync::Arc;

use contracts::commands::{AddStock, ChangeOffering, NewSeat, RegisterOffering, WithdrawOffering};
use contracts::{Answer, Code, Message, Money, Numbered, OfferingId, Rejection, Text};
use engine::Command;
use http::header::{ETAG, LOCATION};
use http::{Response, StatusCode};
use serde::Serialize;
use stock::Offering;
use storefronts::Storefront;

use crate::shapes;
use edge::preconditions::Preconditions;
use edge::{Problem, body, ids};
use service::etags::etag;

use super::call::{Call, Decide, Reply, json, not_done, not_seen, refused, submit, submit_if, with};
use super::offerings::{offering_id, to_shape};
use super::{PREFIX, V1};

impl V1 {
    pub(super) async fn register_offering(&self, at: &Arc<Storefront>, call: &mut Call) -> Reply {
        call.query(&[])?;
        let mut new: shapes::NewOffering = body::read(&call.json(body::LARGE, "").await?)?;
        new.check()?;
        if at.recipe.seated && new.stock.is_some() {
            let message = "this storefront sells numbered seats: name them";
            return Err(Problem::of_field(StatusCode::CONFLICT, Code::WrongState.as_str(), "stock", message));
        }
        let command = call.command(registered(at, &new).into(), ("register", at.recipe.number.0, &new));
        let (answer, row) = submit(&self.node, command, seen).await?;
        let (id, row) = match self.with_row(answer, row).await? {
            (Answer::Offering(id), row) => (id, row),
            (Answer::Refused(rejection), _) => return Err(refused(&rejection)),
            _ => return Err(Problem::fault()),
        };
        let path = format!("{PREFIX}/storefronts/{}/offerings/{}", at.recipe.name, ids::text(id.number()));
        // One whose id the client gave may have been there before, and then keeps what is sold of it.
        let shape = row.as_ref().filter(|_| new.id.is_some()).map_or_else(|| new.registered(id.number()), to_shape);
        Ok(with(answered(StatusCode::CREATED, &shape), LOCATION, &path))
    }

    pub(super) async fn change_offering(&self, at: &Arc<Storefront>, id: &str, call: &mut Call) -> Reply {
        let meant = call.preconditions()?.required()?;
        let change: shapes::OfferingChange =
            body::read(&call.json(body::SMALL, "application/merge-patch+json").await?)?;
        let offering = offering_id(at, id)?;
        let content = ("change", offering.0, meant.meant(), change.clone());
        let decide = move |row: &Offering| Ok(changed(offering, &change.against(&to_shape(row))?).into());
        let done = self.decided(offering, id, call, meant, content, decide).await?;
        answered_with(done, id, refused)
    }

    pub(super) async fn withdraw_offering(&self, at: &Arc<Storefront>, id: &str, call: &Call) -> Reply {
        let meant = call.preconditions()?.required()?;
        let offering = offering_id(at, id)?;
        let content = ("withdraw", offering.0, meant.meant());
        let decide = move |_: &Offering| Ok(WithdrawOffering { offering, expected_version: None }.into());
        match self.decided(offering, id, call, meant, content, decide).await? {
            (Answer::Refused(rejection), _) if rejection.code == Code::NotFound => {
                Err(Problem::no_such("offering", id))
            }
            (Answer::Refused(rejection), _) => Err(refused(&rejection)),
            _ => {
                let mut response = Response::new(axum::body::Body::empty());
                *response.status_mut() = StatusCode::NO_CONTENT;
                Ok(response)
            }
        }
    }

    pub(super) async fn add_stock(&self, at: &Arc<Storefront>, id: &str, call: &mut Call) -> Reply {
        let meant = call.preconditions()?;
        let more: shapes::AddStock = body::read(&call.json(body::SMALL, "").await?)?;
        more.check()?;
        let offering = offering_id(at, id)?;
        let add = AddStock { offering, add: more.add, expected_version: None };
        let content = ("add", offering.0, more);
        let decide = move |_: &Offering| Ok(add.into());
        let done = match meant.meant() {
            // Hashed as it was before one could say which version is meant.
            None => self.decided(offering, id, call, meant, content, decide).await?,
            Some(version) => self.decided(offering, id, call, meant, (content, version), decide).await?,
        };
        answered_with(done, id, |rejection| match rejection.field.as_deref() {
            Some("left") => refused(&Rejection { field: Some("add".to_owned()), ..rejection.clone() }),
            _ => refused(rejection),
        })
    }

    /// Has the command that `decide` gives for the offering handled, if that is in a version that is `meant`; the answer, and the offering's
    /// row if it is still there.
    async fn decided(
        &self,
        offering: OfferingId,
        id: &str,
        call: &Call,
        meant: Preconditions,
        content: impl Serialize,
        decide: impl FnOnce(&Offering) -> Result<Message, Problem> + Send + 'static,
    ) -> Result<(Answer, Option<Offering>), Problem> {
        let (key, correlation, named) = (call.keyed(content), call.caller.correlation, id.to_owned());
        let again = key.clone();
        let decide: Decide = Box::new(move |core| {
            let row = core.row::<Offering>(&offering)?.filter(|row| !row.withdrawn);
            let decided = row.ok_or_else(|| Problem::no_such("offering", &named)).and_then(|row| {
                meant.allow_change(&etag(row.version))?;
                decide(&row)
            });
            Ok(decided.map(|message| Command { message, correlation, cause: 0, key }))
        });
        let (answer, row) = submit_if(&self.node, again, decide, seen).await?;
        self.with_row(answer, row).await
    }

    /// An answer with the row of the offering that it names, if that is still there.
    async fn with_row(&self, answer: Answer, row: Option<Offering>) -> Result<(Answer, Option<Offering>), Problem> {
        let row = match (&answer, row) {
            (Answer::Offering(id), None) => self.node.engine.get(*id).await.map_err(not_done).map_err(not_seen)?,
            (_, row) => row,
        };
        Ok((answer, row))
    }
}

/// The row of the offering that an answer names, if it is in memory.
fn seen(answer: &Answer, view: &engine::CacheView<'_>) -> Option<Offering> {
    match answer {
        Answer::Offering(id) => view.get::<Offering>(id).flatten(),
        _ => None,
    }
}

/// The offering `id` as it is after a command, or why that was refused.
fn answered_with(done: (Answer, Option<Offering>), id: &str, refused: impl Fn(&Rejection) -> Problem) -> Reply {
    match done {
        (Answer::Offering(_), Some(row)) => Ok(answered(StatusCode::OK, &to_shape(&row))),
        (Answer::Refused(rejection), _) if rejection.code != Code::NotFound => Err(refused(&rejection)),
        (Answer::Offering(_) | Answer::Refused(_), _) => Err(Problem::no_such("offering", id)),
        _ => Err(Problem::fault()),
    }
}

fn registered(at: &Storefront, new: &shapes::NewOffering) -> RegisterOffering {
    let seats = new.seats.as_deref().unwrap_or_default();
    let seat = |seat: &shapes::NewSeat| NewSeat {
        row: seat.row.as_str().into(),
        column: i64::from(seat.number),
        grade: seat.grade.as_deref().map(Into::into),
        price: seat.price.into(),
    };
    RegisterOffering {
        number: new.id.as_deref().and_then(ids::number),
        name: Some(new.name.as_str().into()),
        stock: new.stock.unwrap_or(0),
        seated: new.seats.is_some(),
        seats: seats.iter().map(seat).collect(),
        on_sale_from: new.on_sale_from.map(|moment| moment.0),
        on_sale_until: new.on_sale_until.map(|moment| moment.0),
        ..RegisterOffering::of(at.recipe.number, new.least_price().map_or(Money::krw(0), Into::into))
    }
}

fn changed(offering: OfferingId, change: &shapes::OfferingChange) -> ChangeOffering {
    let moment = |sent: Option<Option<shapes::Moment>>| sent.flatten().map(|moment| moment.0);
    ChangeOffering {
        name: change.name.as_ref().and_then(Option::as_deref).map(Text::from),
        price: change.price.map(Into::into),
        on_sale_from: moment(change.on_sale_from),
        on_sale_until: moment(change.on_sale_until),
        no_on_sale_from: change.on_sale_from == Some(None),
        no_on_sale_until: change.on_sale_until == Some(None),
        ..ChangeOffering::of(offering)
    }
}

fn answered(status: StatusCode, offering: &shapes::Offering<'_>) -> Response<axum::body::Body> {
    with(json(status, offering), ETAG, &etag(offering.version))
}
