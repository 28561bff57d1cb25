//! Offerings, as sellers write them.

use std::sync::Arc;

use backend::{Ask, Done, Then};
use contracts::commands::{
    AddStock, AsRead, ChangeOffering, NewSeat, RegisterOffering, ReopenOffering, StockRead, WithdrawOffering,
};
use contracts::details::are_declared;
use contracts::queries::{Asks, OfferingView, OneOffering};
use contracts::{Answer, Code, Detail, Details, Money, Numbered, OfferingId, Rejection, Text};
use http::header::{ETAG, LOCATION};
use http::{Response, StatusCode};
use serde_json::{Map, Value};
use storefronts::Storefront;

use crate::shapes;
use edge::preconditions::Preconditions;
use edge::{Problem, body, ids};
use service::etags::etag;

use super::call::{Call, Reply, json, refused, with};
use super::offerings::{offering_id, to_shape};
use super::route::{Handler, OFFERING, OFFERINGS, Route, route};
use super::{PREFIX, V1};
use crate::document::parts::{answer, problem};

impl V1 {
    pub(super) async fn register_offering(&self, at: &Arc<Storefront>, call: &mut Call) -> Reply {
        call.query(&[])?;
        let sent = call.json(body::LARGE, "").await?;
        let new = body::read_all(&sent, |new: &shapes::NewOffering, wrongs| {
            new.check(wrongs);
            if let Some(extra) = &new.extra {
                wrongs.take(declared(at, extra));
            }
        });
        let new = new?.kept()?;
        if at.recipe.seated && new.stock.is_some() {
            let message = "this storefront sells numbered seats: name them";
            return Err(Problem::of_field(StatusCode::CONFLICT, Code::WrongState.as_str(), "stock", message));
        }
        let ask = call.command(registered(at, &new), ("register", at.recipe.number.0, &new));
        let Done { answer, found, .. } = self.backend.submit(ask.then(Then::Answered)).await?;
        let (id, view) = match answer {
            Answer::Offering(id) => (id, found.and_then(OneOffering::of).flatten()),
            Answer::Refused(rejection) => return Err(refused(&rejection)),
            _ => return Err(Problem::fault()),
        };
        let path = format!("{PREFIX}/storefronts/{}/offerings/{}", at.recipe.name, ids::text(id.number()));
        // One whose id the client gave may have been there before, and then keeps what is sold of it.
        let shape = view.as_deref().filter(|_| new.id.is_some()).map_or_else(|| new.registered(id.number()), to_shape);
        Ok(with(answered(StatusCode::CREATED, &shape), LOCATION, &path))
    }

    pub(super) async fn change_offering(&self, at: &Arc<Storefront>, id: &str, call: &mut Call) -> Reply {
        let meant = call.preconditions()?.required()?;
        let sent = call.json(body::SMALL, "application/merge-patch+json").await?;
        let change = body::read_all(&sent, |change: &shapes::OfferingChange, wrongs| {
            if let Some(extra) = change.extra.as_ref().and_then(Option::as_ref) {
                wrongs.take(declared(at, extra));
            }
        })?;
        let offering = offering_id(at, id)?;
        let content = ("change", offering.0, meant.meant(), &change);
        let ask = call.command(changed(offering, &change, &meant), &content);
        if change.needs_a_look(offering.number()) && !self.came_before(&ask).await? {
            let view = self.offering(at, id, false).await?;
            meant.allow_change(&etag(view.now.version))?;
            let change = change.against(&to_shape(&view))?;
            let ask = call.command(changed(offering, &change, &meant), &content);
            return answered_with(self.changing(offering, ask, &meant).await?, id, refused);
        }
        answered_with(self.changing(offering, ask, &meant).await?, id, refused)
    }

    pub(super) async fn withdraw_offering(&self, at: &Arc<Storefront>, id: &str, call: &Call) -> Reply {
        let meant = call.preconditions()?.required()?;
        let offering = offering_id(at, id)?;
        let (keep, versions) = (Some(true), meant.versions());
        let message = WithdrawOffering { keep, versions, ..WithdrawOffering::of(offering) };
        let ask = call.command(message, ("withdraw", offering.0, meant.meant()));
        match self.changing(offering, ask, &meant).await?.0 {
            Answer::Refused(rejection) if rejection.code == Code::NotFound => Err(Problem::no_such("offering", id)),
            Answer::Refused(rejection) => Err(refused(&rejection)),
            _ => {
                let mut response = Response::new(axum::body::Body::empty());
                *response.status_mut() = StatusCode::NO_CONTENT;
                Ok(response)
            }
        }
    }

    pub(super) async fn reopen_offering(&self, at: &Arc<Storefront>, id: &str, call: &mut Call) -> Reply {
        let meant = call.preconditions()?;
        call.no_body().await?;
        let offering = offering_id(at, id)?;
        let message = ReopenOffering { offering, versions: meant.versions() };
        let ask = call.command(message, ("reopen", offering.0, meant.meant()));
        answered_with(self.changing(offering, ask, &meant).await?, id, refused)
    }

    pub(super) async fn set_stock(&self, at: &Arc<Storefront>, id: &str, call: &mut Call) -> Reply {
        let meant = call.preconditions()?;
        let shapes::Capacity { capacity } = body::read(&call.json(body::SMALL, "").await?)?;
        let offering = offering_id(at, id)?;
        let (capacity, versions) = (Some(capacity), meant.versions());
        let message = ChangeOffering { capacity, versions, ..ChangeOffering::of(offering) };
        let ask = call.command(message, ("capacity", offering.0, capacity, meant.meant()));
        answered_with(self.changing(offering, ask, &meant).await?, id, refused)
    }

    pub(super) async fn add_stock(&self, at: &Arc<Storefront>, id: &str, call: &mut Call) -> Reply {
        let meant = call.preconditions()?;
        let more = body::read_all(&call.json(body::SMALL, "").await?, shapes::AddStock::check)?;
        let offering = offering_id(at, id)?;
        let message = AddStock { versions: meant.versions(), ..AddStock::of(offering, more.add) };
        let content = ("add", offering.0, more);
        let ask = match meant.meant() {
            // Hashed as it was before one could say which version is meant.
            None => call.command(message, content),
            Some(version) => call.command(message, (content, version)),
        };
        answered_with(self.changing(offering, ask, &meant).await?, id, |rejection| match rejection.field.as_deref() {
            Some("left") => refused(&Rejection { field: Some("add".to_owned()), ..rejection.clone() }),
            _ => refused(rejection),
        })
    }

    /// Has a change of `offering` handled that is `meant` in some versions; the answer, and the offering if it is still there.
    pub(super) async fn changing(
        &self,
        offering: OfferingId,
        ask: Ask,
        meant: &Preconditions,
    ) -> Result<Outcome, Problem> {
        let then = Then::Query(OneOffering { id: offering }.query());
        let Done { answer, found, .. } = self.backend.submit(ask.then(then)).await?;
        let view = found.and_then(OneOffering::of).flatten();
        if let (Answer::Refused(rejection), Some(view)) = (&answer, &view)
            && rejection.code == Code::VersionChanged
        {
            // Said as clients know versions: by the ETag.
            meant.allow_change(&etag(view.now.version))?;
        }
        Ok((answer, view))
    }
}

/// How much of an offering there is.
const STOCK: &str = "/storefronts/{storefront}/offerings/{offering}/stock";

/// What came of a change of an offering, and the offering right after it.
pub(super) type Outcome = (Answer, Option<Box<OfferingView>>);

/// The offering `id` as it is after a command, or why that was refused.
pub(super) fn answered_with(done: Outcome, id: &str, refused: impl Fn(&Rejection) -> Problem) -> Reply {
    match done {
        (Answer::Offering(_), Some(view)) => Ok(answered(StatusCode::OK, &to_shape(&view))),
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
        withheld: seat.withheld,
    };
    RegisterOffering {
        number: new.id.as_deref().and_then(ids::number),
        name: Some(new.name.as_str().into()),
        stock: new.stock.unwrap_or(0),
        seated: new.seats.is_some(),
        seats: seats.iter().map(seat).collect(),
        on_sale_from: new.on_sale_from.map(|moment| moment.0),
        on_sale_until: new.on_sale_until.map(|moment| moment.0),
        limit_per_customer: new.limit_per_customer,
        reference: new.reference.as_deref().map(Into::into),
        details: said(Details {
            starts_at: new.starts_at.map(|moment| moment.0),
            ends_at: new.ends_at.map(|moment| moment.0),
            venue: new.venue.as_deref().map(Into::into),
            description: new.description.as_deref().map(Into::into),
            image: new.image.as_deref().map(Into::into),
            extra: new.extra.as_ref().map(to_kept),
        }),
        ..RegisterOffering::of(at.recipe.number, new.least_price().map_or(Money::krw(0), Into::into))
    }
}

/// Refuses further fields that the storefront does not declare.
fn declared(at: &Storefront, extra: &Map<String, Value>) -> Result<(), Problem> {
    are_declared(extra, &at.recipe.extra).map_err(|rejection| refused(&rejection))
}

fn to_kept(extra: &Map<String, Value>) -> Text {
    Value::Object(extra.clone()).to_string().into()
}

/// What is said, where that is something.
fn said(details: Details) -> Option<Box<Details>> {
    (!details.is_empty()).then(|| Box::new(details))
}

/// What `change` takes away of what an offering says of itself.
fn unsaid(change: &shapes::OfferingChange) -> Option<Vec<Detail>> {
    let gone = [
        (change.starts_at == Some(None), Detail::StartsAt),
        (change.ends_at == Some(None), Detail::EndsAt),
        (change.venue == Some(None), Detail::Venue),
        (change.description == Some(None), Detail::Description),
        (change.image == Some(None), Detail::Image),
        (change.extra == Some(None), Detail::Extra),
    ];
    let gone: Vec<Detail> = gone.into_iter().filter_map(|(is_gone, detail)| is_gone.then_some(detail)).collect();
    (!gone.is_empty()).then_some(gone)
}

fn changed(offering: OfferingId, change: &shapes::OfferingChange, meant: &Preconditions) -> ChangeOffering {
    let moment = |sent: Option<Option<shapes::Moment>>| sent.flatten().map(|moment| moment.0);
    let text = |sent: &Option<Option<String>>| sent.as_ref().and_then(Option::as_deref).map(Text::from);
    let stock = change.stock.as_ref();
    let stock = stock.map(|&shapes::Stock { capacity, left, held, sold }| StockRead { capacity, left, held, sold });
    let read = AsRead { seated: change.seated, version: change.version, stock, withdrawn: change.withdrawn };
    ChangeOffering {
        name: text(&change.name),
        price: change.price.map(Into::into),
        on_sale_from: moment(change.on_sale_from),
        on_sale_until: moment(change.on_sale_until),
        no_on_sale_from: change.on_sale_from == Some(None),
        no_on_sale_until: change.on_sale_until == Some(None),
        limit_per_customer: change.limit_per_customer.flatten(),
        reference: text(&change.reference),
        no_reference: change.reference == Some(None),
        details: said(Details {
            starts_at: moment(change.starts_at),
            ends_at: moment(change.ends_at),
            venue: text(&change.venue),
            description: text(&change.description),
            image: text(&change.image),
            extra: change.extra.as_ref().and_then(Option::as_ref).map(to_kept),
        }),
        unsaid: unsaid(change),
        no_limit_per_customer: (change.limit_per_customer == Some(None)).then_some(true),
        versions: meant.versions(),
        as_read: (read != AsRead::default()).then(|| Box::new(read)),
        ..ChangeOffering::of(offering)
    }
}

fn answered(status: StatusCode, offering: &shapes::Offering<'_>) -> Response<axum::body::Body> {
    with(json(status, offering), ETAG, &etag(offering.version))
}

/// The calls that change offerings.
pub(super) fn routes() -> Vec<Route> {
    vec![
        route(
            "post",
            OFFERINGS,
            ("offerings", "create_offering", "Put an offering on sale, with a stock or with seats"),
            Handler::Storefront(|v1, at, _, call| Box::pin(v1.register_offering(at, call))),
        )
        .sends("NewOffering")
        .once()
        .says("201", answer("It is on sale", "Offering", &["Location", "ETag"]))
        .says("409", problem("There is one with this id, or the storefront sells seats only")),
        route(
            "patch",
            OFFERING,
            ("offerings", "change_offering", "Change an offering"),
            Handler::Storefront(|v1, at, id, call| Box::pin(v1.change_offering(at, id, call))),
        )
        .sends("OfferingChange")
        .once()
        .versioned()
        .says("200", answer("As it is now", "Offering", &["ETag"])),
        route(
            "delete",
            OFFERING,
            ("offerings", "withdraw_offering", "Take an offering off sale"),
            Handler::Storefront(|v1, at, id, call| Box::pin(v1.withdraw_offering(at, id, call))),
        )
        .once()
        .versioned()
        .says("204", answer("It is off sale. What is held and sold of it stays", "", &[])),
        route(
            "post",
            "/storefronts/{storefront}/offerings/{offering}/reopen",
            ("offerings", "reopen_offering", "Put an offering on sale again that was withdrawn"),
            Handler::Storefront(|v1, at, id, call| Box::pin(v1.reopen_offering(at, id, call))),
        )
        .once()
        .conditional()
        .says("200", answer("As it is now", "Offering", &["ETag"])),
        route(
            "put",
            STOCK,
            ("offerings", "set_stock", "Set how many of an offering there are in all"),
            Handler::Storefront(|v1, at, id, call| Box::pin(v1.set_stock(at, id, call))),
        )
        .sends("Capacity")
        .once()
        .conditional()
        .says("200", answer("As it is now", "Offering", &["ETag"]))
        .says("409", problem("It is sold by seats, or more than that is held and sold: `stock-below-sold`")),
        route(
            "post",
            STOCK,
            ("offerings", "add_stock", "Add to the stock of an offering"),
            Handler::Storefront(|v1, at, id, call| Box::pin(v1.add_stock(at, id, call))),
        )
        .sends("AddStock")
        .once()
        .conditional()
        .says("200", answer("As it is now", "Offering", &["ETag"]))
        .says("409", problem("It is sold by seats")),
    ]
}
