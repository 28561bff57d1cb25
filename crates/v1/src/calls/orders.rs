//! Orders: placing, reading, cancelling.

use std::sync::Arc;

use backend::{Done, Stage, Then};
use contracts::commands::{CancelOrder, PlaceOrder, Target};
use contracts::queries::{Asks, OneOrder, OrderView, Placed, PlacedOrder};
use contracts::{Answer, Code, Numbered, OfferingId, OrderId, Rejection, Seats, Text};
use http::header::{ETAG, LOCATION};
use http::{HeaderName, StatusCode};
use storefronts::Storefront;

use crate::shapes::{Cancel, NewOrder};
use edge::headers::Prefer;
use edge::{Problem, body, come_to, ids, place_and_wait};
use service::etags::etag;

use super::call::{Call, Reply, json, refused, with};
use super::order_view::to_shape;
use super::route::{Handler, ORDER, ORDERS, Route, route};
use super::{PREFIX, V1};
use crate::document::parts::{answer, prefer, problem};

impl V1 {
    pub(super) async fn place_order(&self, at: &Arc<Storefront>, call: &mut Call) -> Reply {
        call.query(&[])?;
        let new = body::read_all(&call.json(body::SMALL, "").await?, NewOrder::check)?;
        let offering = OfferingId::of(at.recipe.number, new.offering_number()?);
        if self.is_sold_out(offering, &new, call) {
            return Err(sold_out());
        }
        let (seats, wrong) = if self.is_by_count(offering, &new) {
            (Vec::new(), None)
        } else {
            match Box::pin(self.checked_seats(offering, &new)).await? {
                Ok(seats) => (seats, None),
                Err(problem) => (Vec::new(), Some(problem)),
            }
        };
        let command = PlaceOrder {
            storefront: at.recipe.number,
            number: None,
            target: Target::Id(offering),
            quantity: new.quantity.unwrap_or_else(|| u32::try_from(seats.len()).unwrap_or(u32::MAX)),
            seats: Seats(seats),
            customer: new.customer.as_str().into(),
            expected_price: new.price.map(Into::into),
            card: new.card.as_deref().map(Into::into),
            fields: None,
        };
        let ask = call.command(command, ("place", at.recipe.number.0, &new));
        if let Some(problem) = wrong
            && !Box::pin(self.came_before(&ask)).await?
        {
            return Err(problem);
        }
        let prefer = Prefer::of(&call.parts.headers);
        match place_and_wait(&*self.backend, ask, Stage::Decided, prefer.wait()).await? {
            Ok(placed) => placed_response(&placed, at, prefer, call),
            Err(rejection) => Err(refusal(&rejection, at, call)),
        }
    }

    /// Whether an order is refused without an entry: nothing of the offering is left, the client named no price, which is looked at first,
    /// and no key with which it may have ordered before: then it has that order.
    fn is_sold_out(&self, offering: OfferingId, new: &NewOrder, call: &Call) -> bool {
        let is_plain = new.seats.is_none() && new.price.is_none();
        is_plain && self.backend.is_sold_out(offering, call.caller.now_ms, call.key().as_deref())
    }

    pub(super) async fn cancel_order(&self, at: &Arc<Storefront>, id: &str, call: &mut Call) -> Reply {
        let meant = call.preconditions()?;
        let said = match call.json_if_any(body::SMALL).await? {
            Some(body) => body::read::<Cancel>(&body)?.check()?,
            None => Cancel::default(),
        };
        let order = order(at, id)?;
        let prefer = Prefer::of(&call.parts.headers);
        let reason = said.reason.as_deref().map(Text::from);
        let message = CancelOrder { versions: meant.versions(), reason, ..CancelOrder::of(order) };
        // Hashed as it was before one could say why.
        let ask = match (meant.meant(), said.reason) {
            (None, None) if meant.is_empty() => call.command(message, ("cancel", order.0)),
            (content, None) => call.command(message, ("cancel", order.0, content)),
            (content, Some(reason)) => call.command(message, ("cancel", order.0, content, reason)),
        };
        let then = Then::Query(PlacedOrder { id: order }.query());
        let Done { answer, found, .. } = self.backend.submit(ask.then(then)).await?;
        let placed = found.and_then(PlacedOrder::of).flatten();
        match (answer, placed) {
            (Answer::Order(_), Some(placed)) => {
                let placed = come_to(&*self.backend, order, placed, Stage::Decided, prefer.wait()).await?;
                let view = placed.order().ok_or_else(|| no_order(id))?;
                Ok(order_response(view, at, prefer, StatusCode::OK))
            }
            (Answer::Refused(rejection), placed) => {
                let view = placed.as_ref().and_then(Placed::order);
                if let (Code::VersionChanged, Some(view)) = (rejection.code, view) {
                    meant.allow_change(&etag(view.now.version))?;
                }
                let is_there = rejection.code != Code::NotFound;
                Err(if is_there { refusal(&rejection, at, call) } else { no_order(id) })
            }
            (Answer::Order(_), None) => Err(Problem::not_found("the order is not kept")),
            _ => Err(Problem::fault()),
        }
    }

    pub(super) async fn one_order(&self, at: &Arc<Storefront>, id: &str, call: &Call) -> Reply {
        let meant = call.preconditions()?;
        let found = self.backend.ask(OneOrder { id: order(at, id)? }).await?;
        let view = found.ok_or_else(|| no_order(id))?;
        call.known(&meant, &etag(view.now.version), &to_shape(&view, &view.seat_names(), at))
    }
}

fn sold_out() -> Problem {
    Problem::new(StatusCode::CONFLICT, contracts::Code::SoldOut.as_str(), "nothing is left")
}

fn order(at: &Storefront, id: &str) -> Result<OrderId, Problem> {
    let number = ids::number(id).ok_or_else(|| no_order(id))?;
    Ok(OrderId::of(at.recipe.number, number))
}

fn no_order(id: &str) -> Problem {
    Problem::no_such("order", id)
}

/// There is no such seat.
pub(super) fn no_seat(place: usize, id: &str) -> Problem {
    let field = format!("seats[{place}]");
    let code = Code::UnknownReference.as_str();
    Problem::of_field(StatusCode::NOT_FOUND, code, &field, format!("there is no seat {id} of this offering"))
}

/// Where an order is to be read.
fn path(order: OrderId, at: &Storefront) -> String {
    [PREFIX, "/storefronts/", &at.recipe.name, "/orders/", &ids::text(order.number())].concat()
}

/// A refusal, with the order that was refused where it is kept.
fn refusal(rejection: &Rejection, at: &Storefront, call: &Call) -> Problem {
    let problem = refused(rejection);
    match rejection.order {
        Some(order) => problem.with_order(call.prefix.clone() + &path(order, at)),
        None => problem,
    }
}

fn placed_response(placed: &Placed, at: &Storefront, prefer: Prefer, call: &Call) -> Reply {
    let Placed::Kept(view) = placed else {
        return Err(placed.refusal().map_or_else(Problem::fault, |rejection| refusal(&rejection, at, call)));
    };
    Ok(match view.refusal() {
        // Found by the request that placed it, also where another one asks again.
        Some(rejection) => refusal(&rejection, at, call).answer(view.correlation).map(axum::body::Body::from),
        None => with(order_response(view, at, prefer, StatusCode::CREATED), LOCATION, &path(view.order, at)),
    })
}

/// An order as an answer: with `done` where it is settled, with 202 where the client must look again.
fn order_response(
    view: &OrderView,
    at: &Storefront,
    prefer: Prefer,
    done: StatusCode,
) -> http::Response<axum::body::Body> {
    let status = if view.is_decided() { done } else { StatusCode::ACCEPTED };
    let response = with(json(status, &to_shape(view, &view.seat_names(), at)), ETAG, &etag(view.now.version));
    let response = match prefer.applied() {
        Some(applied) => with(response, HeaderName::from_static("preference-applied"), &applied),
        None => response,
    };
    if status == StatusCode::ACCEPTED { with(response, LOCATION, &path(view.order, at)) } else { response }
}

/// The calls about orders.
pub(super) fn routes() -> Vec<Route> {
    let accepted = answer("Not decided yet: look again at `Location`", "Order", &["Location", "ETag"]);
    let place = route(
        "post",
        ORDERS,
        ("orders", "place_order", "Place an order"),
        Handler::Storefront(|v1, at, _, call| Box::pin(v1.place_order(at, call))),
    )
    .sends("NewOrder")
    .once()
    .takes([prefer()])
    .says("201", answer("The order", "Order", &["Location", "ETag"]))
    .says("202", accepted.clone())
    .says("409", problem("Refused: `sold-out`, `seat-taken`, `price-changed`, `limit-reached`, `not-on-sale`, `payment-declined`, `expired`. `order` is where to read it"));
    vec![
        place,
        route(
            "get",
            ORDER,
            ("orders", "get_order", "Read an order"),
            Handler::Storefront(|v1, at, id, call| Box::pin(v1.one_order(at, id, call))),
        )
        .cached()
        .says("200", answer("The order", "Order", &["ETag"])),
        route(
            "post",
            "/storefronts/{storefront}/orders/{order}/cancel",
            ("orders", "cancel_order", "Take an order back"),
            Handler::Storefront(|v1, at, id, call| Box::pin(v1.cancel_order(at, id, call))),
        )
        .may_send("Cancel")
        .once()
        .conditional()
        .takes([prefer()])
        .says("200", answer("Taken back", "Order", &["ETag"]))
        .says("202", accepted)
        .says("409", problem("`wrong-state`: it was rejected; `already-delivered`: too late")),
    ]
}
