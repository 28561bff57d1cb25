//! Seats: the map of a house, and which seats a client means.

use std::sync::Arc;

use contracts::commands::{ArrangeSeats, SeatWish};
use contracts::queries::{SeatMap, SeatPlace, SeatView, SeatsNamed};
use contracts::states::SeatState;
use contracts::{Code, Numbered, OfferingId, Rejection, SeatId};
use http::StatusCode;
use serde::Serialize;
use storefronts::Storefront;

use crate::shapes;
use edge::ids::{SeatRef, seat, seat_text};
use edge::page::Page;
use edge::preconditions::Preconditions;
use edge::{Problem, body};

use super::V1;
use super::call::{Call, Reply, refused, with};
use super::catalogue::answered_with;
use super::offerings::{also_withdrawn, offering_id, withdrawn};
use super::route::{Handler, Route, route};
use crate::document::parts::{answer, problem};
use edge::fingerprint;

impl V1 {
    pub(super) async fn list_seats(&self, at: &Arc<Storefront>, id: &str, call: &Call) -> Reply {
        let (query, meant) = call.query_and_preconditions(&["withdrawn"])?;
        let withdrawn = also_withdrawn(&query)?;
        let offering = offering_id(at, id)?;
        let seats =
            self.backend.ask(SeatMap { offering, withdrawn }).await?.ok_or_else(|| Problem::no_such("offering", id))?;
        let page = Page { items: seats.iter().map(to_shape).collect(), next: None };
        let body = serde_json::to_vec(&page).expect("seats can be written as JSON");
        let etag = format!("\"{:016x}\"", fingerprint(&body));
        let mut response = http::Response::new(axum::body::Body::empty());
        if meant.has(&etag)? {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else {
            *response.body_mut() = body.into();
            response = with(response, http::header::CONTENT_TYPE, "application/json");
        }
        Ok(with(response, http::header::ETAG, &etag))
    }

    pub(super) async fn add_seats(&self, at: &Arc<Storefront>, id: &str, call: &mut Call) -> Reply {
        call.query(&[])?;
        let new = body::read_all(&call.json(body::LARGE, "").await?, shapes::NewSeats::check)?;
        let wish = |seat: &shapes::NewSeat| SeatWish {
            seat: None,
            row: Some(seat.row.as_str().trim().into()),
            column: Some(i64::from(seat.number)),
            grade: seat.grade.as_deref().map(Into::into),
            price: Some(seat.price.into()),
            withheld: seat.withheld,
        };
        let offering = offering_id(at, id)?;
        let seats = new.seats.iter().map(wish).collect();
        self.arrange(offering, seats, call, ("add seats", offering.0, &new), id).await
    }

    pub(super) async fn change_seats(&self, at: &Arc<Storefront>, id: &str, call: &mut Call) -> Reply {
        call.query(&[])?;
        let changes = body::read_all(&call.json(body::LARGE, "").await?, shapes::SeatChanges::check)?;
        let offering = offering_id(at, id)?;
        let named: Vec<String> = changes.seats.iter().map(|seat| seat.id.clone()).collect();
        let found = self.seats_named(offering, &named).await?;
        if found.contains(&None) {
            // One that is not there, or no offering at all.
            self.offering(at, id, false).await?;
            let unknown = named.iter().enumerate().zip(&found).filter(|(_, found)| found.is_none());
            return Err(unknown_seats(unknown.map(|(named, _)| named)));
        }
        let wish = |(change, seat): (&shapes::SeatChange, Option<SeatId>)| SeatWish {
            seat,
            row: None,
            column: None,
            grade: change.grade.as_deref().map(Into::into),
            price: change.price.map(Into::into),
            withheld: change.withheld,
        };
        let seats = changes.seats.iter().zip(found).map(wish).collect();
        self.arrange(offering, seats, call, ("change seats", offering.0, &changes), id).await
    }

    /// Has seats arranged; `content` is what is asked for. The seat map has an ETag of its own, so no version can be meant.
    async fn arrange(
        &self,
        offering: OfferingId,
        seats: Vec<SeatWish>,
        call: &Call,
        content: impl Serialize,
        id: &str,
    ) -> Reply {
        let ask = call.command(ArrangeSeats { offering, seats }, content);
        answered_with(self.changing(offering, ask, &Preconditions::default()).await?, id, refused)
    }

    /// The seats of `offering` that a client named; nothing for one that there is not.
    pub(super) async fn seats_named(
        &self,
        offering: OfferingId,
        named: &[String],
    ) -> Result<Vec<Option<SeatId>>, Problem> {
        let seats = named.iter().map(|id| match seat(id) {
            None => SeatPlace::Nowhere,
            Some(SeatRef::Number(number)) => SeatPlace::Number(number),
            Some(SeatRef::Place(row, column)) => SeatPlace::At(row.into(), column),
        });
        Ok(self.backend.ask(SeatsNamed { offering, seats: seats.collect() }).await?)
    }
}

/// The refusal where there are no such seats.
fn unknown_seats<'a>(seats: impl Iterator<Item = (usize, &'a String)>) -> Problem {
    let mut seats =
        seats.map(|(at, id)| (format!("seats[{at}].id"), format!("there is no seat {id} of this offering")));
    let (field, message) = seats.next().unwrap_or_default();
    let first = Rejection::of_field(Code::UnknownReference, &field, message);
    refused(&Rejection { others: Some(seats.collect()), ..first })
}

fn to_shape(seat: &SeatView) -> shapes::Seat<'_> {
    let seat = &seat.now;
    shapes::Seat {
        id: seat_text(seat.row.as_deref(), seat.column, seat.seat.number()),
        row: seat.row.as_deref(),
        number: seat.column,
        grade: seat.grade.as_deref(),
        price: seat.price.into(),
        state: match seat.state {
            SeatState::Free => shapes::SeatState::Free,
            SeatState::Held => shapes::SeatState::Held,
            SeatState::Sold => shapes::SeatState::Sold,
            SeatState::Withheld => shapes::SeatState::Withheld,
        },
    }
}

/// The seats of an offering.
const SEATS: &str = "/storefronts/{storefront}/offerings/{offering}/seats";

/// The calls about seats.
pub(super) fn routes() -> Vec<Route> {
    vec![
        route(
            "get",
            SEATS,
            ("offerings", "list_seats", "Read the seat map of an offering"),
            Handler::Storefront(|v1, at, id, call| Box::pin(v1.list_seats(at, id, call))),
        )
        .takes([withdrawn()])
        .cached()
        .says("200", answer("All its seats", "Seats", &["ETag"])),
        route(
            "post",
            SEATS,
            ("offerings", "add_seats", "Add seats to an offering that is sold by seats: all or none"),
            Handler::Storefront(|v1, at, id, call| Box::pin(v1.add_seats(at, id, call))),
        )
        .sends("NewSeats")
        .once()
        .says("200", answer("The offering with its seats", "Offering", &["ETag"]))
        .says("409", problem("There is one at such a place, or it is not sold by seats")),
        route(
            "post",
            "/storefronts/{storefront}/offerings/{offering}/seats/change",
            ("offerings", "change_seats", "Withhold seats, give them back, or change prices and grades: all or none"),
            Handler::Storefront(|v1, at, id, call| Box::pin(v1.change_seats(at, id, call))),
        )
        .sends("SeatChanges")
        .once()
        .says("200", answer("The offering with its seats", "Offering", &["ETag"]))
        .says("409", problem("One is held or sold, or it is not sold by seats")),
    ]
}
