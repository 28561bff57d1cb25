//! Tickets, by which a page listens that cannot send the token.

use http::{HeaderValue, StatusCode, header};

use crate::calls::V1;
use crate::calls::call::{Call, Reply, json};
use crate::calls::route::{Handler, Route, route};
use crate::document::parts::answer;
use crate::shapes::{Moment, Ticket};

impl V1 {
    async fn make_ticket(&self, call: &mut Call) -> Reply {
        call.no_body().await?;
        call.query(&[])?;
        let ticket = self.tickets.issue(call.caller.now_ms);
        let shape = Ticket { ticket: ticket.text, ends_at: Moment(ticket.ends_ms) };
        let mut answer = json(StatusCode::OK, &shape);
        answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Ok(answer)
    }
}

/// The call that makes one.
pub(crate) fn routes() -> Vec<Route> {
    let what =
        "Make a ticket: `GET /events?ticket=` lets in with it for some seconds, for clients that cannot send the token";
    vec![
        route(
            "post",
            "/tickets",
            ("events", "make_ticket", what),
            Handler::Shop(|v1, call| Box::pin(v1.make_ticket(call))),
        )
        .says("200", answer("The ticket", "Ticket", &[])),
    ]
}
