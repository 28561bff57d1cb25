//! Seats: the map of a house, and which seats a client means.

use std::sync::Arc;

use contracts::{Numbered, OfferingId, SeatId};
use http::StatusCode;
use stock::{Offering, Place, Seat, SeatState};
use store::TableReader;
use storefronts::Storefront;
use typed::Sql;

use crate::shapes;
use edge::Problem;
use edge::ids::{SeatRef, seat, seat_text};
use edge::page::Page;

use super::V1;
use super::call::{Call, Reply, not_done, with};
use super::offerings::offering_id;
use edge::fingerprint;

impl V1 {
    pub(super) async fn list_seats(&self, at: &Arc<Storefront>, id: &str, call: &Call) -> Reply {
        let meant = call.preconditions()?;
        let offering = offering_id(at, id)?;
        let read = move |reader: &mut dyn TableReader| {
            let key = [Sql::Int(i64::try_from(offering.raw()).unwrap_or(i64::MAX))];
            if store::select::<Offering>(reader, "WHERE id = ?1 AND withdrawn = 0", &key)?.is_empty() {
                return Ok(None);
            }
            store::select::<Seat>(reader, "WHERE offering = ?1 ORDER BY id", &key).map(Some)
        };
        let seats = self.node.engine.scan(read).await.map_err(not_done)?;
        let seats = seats.ok_or_else(|| Problem::no_such("offering", id))?;
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

    /// The seats of `offering` that a client named; number zero for one that there is not.
    pub(super) async fn seats_named(&self, offering: OfferingId, named: &[String]) -> Result<Vec<SeatId>, Problem> {
        let none = SeatId::of(offering.storefront(), 0);
        let mut seats = Vec::with_capacity(named.len());
        for id in named {
            seats.push(match seat(id) {
                None => none,
                Some(SeatRef::Number(number)) if number > contracts::NUMBER_MAX => none,
                Some(SeatRef::Number(number)) => {
                    let seat = SeatId::of(offering.storefront(), number);
                    let found = self.node.engine.get::<Seat>(seat).await.map_err(not_done)?;
                    found.filter(|row| row.offering == offering).map_or(none, |row| row.id)
                }
                Some(SeatRef::Place(row, column)) => self.seat_at(offering, row, column).await?.unwrap_or(none),
            });
        }
        Ok(seats)
    }

    async fn seat_at(&self, offering: OfferingId, row: &str, column: i64) -> Result<Option<SeatId>, Problem> {
        for place in stock::places(offering, Some(&row.into()), Some(column)) {
            if let Some(found) = self.node.engine.get::<Place>(place).await.map_err(not_done)? {
                return Ok(Some(found.seat));
            }
        }
        Ok(None)
    }
}

fn to_shape(seat: &Seat) -> shapes::Seat<'_> {
    shapes::Seat {
        id: seat_text(seat.seat_row.as_deref(), seat.seat_col, seat.id.number()),
        row: seat.seat_row.as_deref(),
        number: seat.seat_col,
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
