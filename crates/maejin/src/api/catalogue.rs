//! Offerings, as sellers write them.

use std::sync::Arc;

use contracts::commands::{AddStock, ChangeOffering, NewSeat, RegisterOffering, WithdrawOffering};
use contracts::{Answer, Code, Message, Money, Numbered, OfferingId, Rejection, Text};
use engine::Command;
use http::header::{ETAG, LOCATION};
use http::{Response, StatusCode};
use stock::Offering;
use storefronts::Storefront;

use ::api::headers::{IfMatch, etag};
use ::api::{Problem, body, ids, shapes};

use super::call::{Call, Reply, json, not_done, not_seen, refused, submit, with};
use super::offerings::shown;
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
        let (id, row) = self.handled(command).await?.map_err(|rejection| refused(&rejection))?;
        let path = format!("{PREFIX}/storefronts/{}/offerings/{}", at.recipe.name, ids::text(id.number()));
        // One whose id the client gave may have been there before, and then keeps what is sold of it.
        let shown = row.as_ref().filter(|_| new.id.is_some()).map_or_else(|| new.registered(id.number()), shown);
        Ok(with(answered(StatusCode::CREATED, &shown), LOCATION, &path))
    }

    pub(super) async fn change_offering(&self, at: &Arc<Storefront>, id: &str, call: &mut Call) -> Reply {
        call.query(&[])?;
        let expected = IfMatch::of(&call.parts.headers)?;
        let change: shapes::OfferingChange =
            body::read(&call.json(body::SMALL, "application/merge-patch+json").await?)?;
        change.check()?;
        let offering = offering_id(at, id)?;
        let command = changed(offering, &change, version(expected));
        let command = call.command(command.into(), ("change", offering.0, version(expected), &change));
        self.changed(command, id, refused).await
    }

    pub(super) async fn withdraw_offering(&self, at: &Arc<Storefront>, id: &str, call: &Call) -> Reply {
        call.query(&[])?;
        let expected = version(IfMatch::of(&call.parts.headers)?);
        let offering = offering_id(at, id)?;
        let command = WithdrawOffering { offering, expected_version: expected };
        let command = call.command(command.into(), ("withdraw", offering.0, expected));
        match submit(&self.node, command, |_, _| ()).await? {
            (Answer::Refused(rejection), ()) if rejection.code == Code::NotFound => {
                Err(Problem::no_such("offering", id))
            }
            (Answer::Refused(rejection), ()) => Err(refused(&rejection)),
            _ => {
                let mut response = Response::new(axum::body::Body::empty());
                *response.status_mut() = StatusCode::NO_CONTENT;
                Ok(response)
            }
        }
    }

    pub(super) async fn add_stock(&self, at: &Arc<Storefront>, id: &str, call: &mut Call) -> Reply {
        call.query(&[])?;
        let more: shapes::AddStock = body::read(&call.json(body::SMALL, "").await?)?;
        more.check()?;
        let offering = offering_id(at, id)?;
        let command = call
            .command(AddStock { offering, add: more.add, expected_version: None }.into(), ("add", offering.0, &more));
        let named = |rejection: Rejection| match rejection.field.as_deref() {
            Some("left") => Rejection { field: Some("add".to_owned()), ..rejection },
            _ => rejection,
        };
        self.changed(command, id, |rejection| refused(&named(rejection.clone()))).await
    }

    /// Has a command handled that changes the offering `id`, and shows it as it is then.
    async fn changed(&self, command: Command<Message>, id: &str, refused: impl Fn(&Rejection) -> Problem) -> Reply {
        match self.handled(command).await? {
            Ok((_, Some(row))) => Ok(answered(StatusCode::OK, &shown(&row))),
            Ok((_, None)) => Err(Problem::no_such("offering", id)),
            Err(rejection) if rejection.code == Code::NotFound => Err(Problem::no_such("offering", id)),
            Err(rejection) => Err(refused(&rejection)),
        }
    }

    /// Has a command about an offering handled; gives its id, and its row if it is still there.
    async fn handled(
        &self,
        command: Command<Message>,
    ) -> Result<Result<(OfferingId, Option<Offering>), Rejection>, Problem> {
        let seen = |answer: &Answer, view: &engine::View<'_>| match answer {
            Answer::Offering(id) => view.get::<Offering>(id).flatten(),
            _ => None,
        };
        match submit(&self.node, command, seen).await? {
            (Answer::Refused(rejection), _) => Ok(Err(rejection)),
            (Answer::Offering(id), Some(row)) => Ok(Ok((id, Some(row)))),
            (Answer::Offering(id), None) => {
                Ok(Ok((id, self.node.engine.get(id).await.map_err(not_done).map_err(not_seen)?)))
            }
            _ => Err(Problem::fault()),
        }
    }
}

/// The id of an offering of `at` in a path.
pub(super) fn offering_id(at: &Storefront, id: &str) -> Result<OfferingId, Problem> {
    let number = ids::number(id).ok_or_else(|| Problem::no_such("offering", id))?;
    Ok(OfferingId::of(at.recipe.number, number))
}

/// The version that a command expects; versions begin at one.
fn version(expected: IfMatch) -> Option<u64> {
    match expected {
        IfMatch::Any => None,
        IfMatch::Version(version) => Some(version),
        IfMatch::Never => Some(0),
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

fn changed(offering: OfferingId, change: &shapes::OfferingChange, expected_version: Option<u64>) -> ChangeOffering {
    let moment = |sent: Option<Option<shapes::Moment>>| sent.flatten().map(|moment| moment.0);
    ChangeOffering {
        name: change.name.as_deref().map(Text::from),
        price: change.price.map(Into::into),
        expected_version,
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
