//! Orders: placing, reading, cancelling.

use std::sync::Arc;
use std::time::Duration;

use contracts::commands::{CancelOrder, PlaceOrder, Target};
use contracts::{Answer, Code, Message, Numbered, OfferingId, OrderId, Rejection, Seats};
use engine::{Command, IdempotencyKey};
use http::header::{ETAG, LOCATION};
use http::{HeaderName, StatusCode};
use storefronts::Storefront;

use crate::shapes::NewOrder;
use edge::headers::Prefer;
use edge::{Problem, body, ids};

use super::call::{Call, Decide, Reply, json, not_seen, refused, submit, submit_if, with};
use super::order_view::OrderView;
use super::{PREFIX, V1};
use host::Waiting;

impl V1 {
    pub(super) async fn place_order(&self, at: &Arc<Storefront>, call: &mut Call) -> Reply {
        call.query(&[])?;
        let new: NewOrder = body::read(&call.json(body::SMALL, "").await?)?;
        let offering = OfferingId::of(at.recipe.number, new.check()?);
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
        let command = call.command(command.into(), ("place", at.recipe.number.0, &new));
        if let Some(problem) = wrong
            && !Box::pin(self.came_before(&command)).await?
        {
            return Err(problem);
        }
        let prefer = Prefer::of(&call.parts.headers);
        match self.settled(command, prefer).await? {
            Ok(view) => Ok(placed(&view, at, prefer, call)),
            Err(rejection) => Err(refusal(&rejection, at, call)),
        }
    }

    /// Whether an order is refused without an entry: nothing of the offering is left, the client named no price, which is looked at first,
    /// and no key with which it may have ordered before: then it has that order.
    fn is_sold_out(&self, offering: OfferingId, new: &NewOrder, call: &Call) -> bool {
        let is_plain = new.seats.is_none() && new.price.is_none();
        let came_before = || call.key().is_some_and(|key| self.node.engine.may_have_heard(&key));
        is_plain && self.node.sold_out.knows(offering, call.caller.now_ms) && !came_before() && {
            self.node.sold_out.count_refused();
            true
        }
    }

    pub(super) async fn cancel_order(&self, at: &Arc<Storefront>, id: &str, call: &mut Call) -> Reply {
        let meant = call.preconditions()?;
        call.no_body().await?;
        let order = order(at, id)?;
        let message = CancelOrder { order, expected_version: None }.into();
        let prefer = Prefer::of(&call.parts.headers);
        let settled = match meant.meant() {
            None if meant.is_empty() => self.settled(call.command(message, ("cancel", order.0)), prefer).await?,
            content => {
                let command = call.command(message, ("cancel", order.0, content));
                let (key, named) = (command.key.clone(), id.to_owned());
                let decide: Decide = Box::new(move |core| {
                    let view = OrderView::now(order, core)?.ok_or_else(|| no_order(&named));
                    Ok(view.and_then(|view| meant.allow_change(&view.etag())).map(|()| command))
                });
                self.settled_if(key, decide, prefer).await?
            }
        };
        match settled {
            Ok(view) => Ok(order_response(&view, at, prefer, StatusCode::OK)),
            Err(rejection) if rejection.code == Code::NotFound => Err(no_order(id)),
            Err(rejection) => Err(refusal(&rejection, at, call)),
        }
    }

    pub(super) async fn one_order(&self, at: &Arc<Storefront>, id: &str, call: &Call) -> Reply {
        let meant = call.preconditions()?;
        let found = OrderView::read(order(at, id)?, &self.node).await?;
        let view = found.ok_or_else(|| no_order(id))?;
        call.known(&meant, &view.etag(), &view.to_shape(at))
    }

    /// Has `command` handled, and waits as long as the client wants until its order is settled.
    async fn settled(&self, command: Command<Message>, prefer: Prefer) -> Result<Settled, Problem> {
        let done = submit(&self.node, command, self.seeing(prefer)).await?;
        self.settle(done, prefer).await
    }

    /// The same of a command that is decided upon how the rows are.
    async fn settled_if(
        &self,
        key: Option<IdempotencyKey>,
        decide: Decide,
        prefer: Prefer,
    ) -> Result<Settled, Problem> {
        let done = submit_if(&self.node, key, decide, self.seeing(prefer)).await?;
        self.settle(done, prefer).await
    }

    /// Looks at the order that an answer names, and begins to wait for it if it is not settled yet.
    fn seeing(&self, prefer: Prefer) -> impl FnOnce(&Answer, &engine::CacheView<'_>) -> Seen + Send + 'static {
        let decisions = self.node.decisions.clone();
        move |answer, caches| {
            let Answer::Order(id) = answer else { return (None, None) };
            let view = OrderView::peek(*id, caches).flatten();
            let waits = prefer.wait_s > 0 && !view.as_ref().is_some_and(|view| view.is_settled());
            (view, waits.then(|| decisions.wait(*id, backend::Stage::Decided)))
        }
    }

    async fn settle(&self, done: (Answer, Seen), prefer: Prefer) -> Result<Settled, Problem> {
        let (id, (view, waiting)) = match done {
            (Answer::Refused(rejection), _) => return Ok(Err(rejection)),
            (Answer::Order(id), seen) => (id, seen),
            _ => return Err(Problem::fault()),
        };
        let view = match view {
            Some(view) => Some(view),
            None => Box::pin(OrderView::read(id, &self.node)).await.map_err(not_seen)?,
        };
        let gone = || Problem::not_found("the order is not kept");
        let mut view = view.ok_or_else(gone)?;
        if let Some(waiting) = waiting
            && !view.is_settled()
        {
            wait(waiting, prefer.wait_s).await;
            view = Box::pin(OrderView::read(id, &self.node)).await.map_err(not_seen)?.ok_or_else(gone)?;
        }
        Ok(Ok(view))
    }
}

/// An order as far as it came, or why it was refused.
type Settled = Result<OrderView, Rejection>;
/// What memory has of an order, and how to wait for it.
type Seen = (Option<OrderView>, Option<Waiting>);

fn sold_out() -> Problem {
    Problem::new(StatusCode::CONFLICT, contracts::Code::SoldOut.as_str(), "nothing is left")
}

async fn wait(mut waiting: Waiting, wait_s: u64) {
    let _ = tokio::time::timeout(Duration::from_secs(wait_s), waiting.decided()).await;
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

fn placed(view: &OrderView, at: &Storefront, prefer: Prefer, call: &Call) -> http::Response<axum::body::Body> {
    match view.rejection() {
        Some(rejection) => refusal(&rejection, at, call).answer(view.order.correlation).map(axum::body::Body::from),
        None => with(order_response(view, at, prefer, StatusCode::CREATED), LOCATION, &path(view.order.id, at)),
    }
}

/// An order as an answer: with `done` where it is settled, with 202 where the client must look again.
fn order_response(
    view: &OrderView,
    at: &Storefront,
    prefer: Prefer,
    done: StatusCode,
) -> http::Response<axum::body::Body> {
    let status = if view.is_settled() { done } else { StatusCode::ACCEPTED };
    let response = with(json(status, &view.to_shape(at)), ETAG, &view.etag());
    let response = match prefer.applied() {
        Some(applied) => with(response, HeaderName::from_static("preference-applied"), &applied),
        None => response,
    };
    if status == StatusCode::ACCEPTED { with(response, LOCATION, &path(view.order.id, at)) } else { response }
}
