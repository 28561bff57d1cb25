//! Seats: the map of a house, and which seats a client means.

use std::sync::Arc;

use contracts::queries::{SeatMap, SeatPlace, SeatView, SeatsNamed};
use contracts::states::SeatState;
use contracts::{Numbered, OfferingId, SeatId};
use http::StatusCode;
use storefronts::Storefront;

use crate::shapes;
use edge::Problem;
use edge::ids::{SeatRef, seat, seat_text};
use edge::page::Page;

use super::V1;
use super::call::{Call, Reply, with};
use super::offerings::{also_withdrawn, offering_id, withdrawn};
use super::route::{Handler, Route, route};
use crate::document::parts::answer;
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

/// The calls about seats.
pub(super) fn routes() -> Vec<Route> {
    vec![
        route(
            "get",
            "/storefronts/{storefront}/offerings/{offering}/seats",
            ("offerings", "list_seats", "Read the seat map of an offering"),
            Handler::Storefront(|v1, at, id, call| Box::pin(v1.list_seats(at, id, call))),
        )
        .takes([withdrawn()])
        .cached()
        .says("200", answer("All its seats", "Seats", &["ETag"])),
    ]
}
