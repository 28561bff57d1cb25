//! What belongs to one customer: my page, points, notices. Newest first.

use contracts::queries::{EntryView, Ledger, LineView, LinesOf, NoticeView, NoticesOf, PageCursor, Recent};
use contracts::{Code, Numbered, Text};
use http::StatusCode;

use crate::shapes::{self, Channel, Moment, NotificationKind, NotificationState};
use edge::page::{Cursor, Page, PageOf, Sorted, no_such_cursor};
use edge::{Problem, ids};

use super::V1;
use super::call::{Call, Reply, json};
use super::route::{Handler, Route, route};
use crate::document::parts::{answer, paging};

/// A page that is asked for of what belongs to a customer.
struct PageRequest {
    page: PageOf,
    customer: Text,
    after: Option<PageCursor>,
}

impl PageRequest {
    /// What `call` asks for. A cursor of such a list bears `mark`, and as its key the places where the page before ended.
    fn of(call: &Call, customer: &str, mark: char) -> Result<Self, Problem> {
        let page = PageOf::read(&call.query(&["limit", "after"])?, Sorted { mark, by_number: false })?;
        let customer = shapes::customer(customer)?.as_str().into();
        let cursor = |after: &Cursor| PageCursor::read(&after.key).ok_or_else(no_such_cursor);
        let after = page.after.as_ref().map(cursor).transpose()?;
        Ok(Self { page, customer, after })
    }

    /// The page of what was found.
    fn answer<V, T>(&self, found: Recent<V>, show: impl Fn(V) -> Result<T, Problem>) -> Result<Page<T>, Problem> {
        let end = found.end.map(|cursor| Cursor { number: 0, key: cursor.text() });
        let items = found.rows.into_iter().map(show).collect::<Result<_, _>>()?;
        Ok(self.page.ending(items, end.as_ref()))
    }
}

impl V1 {
    pub(super) async fn my_orders(&self, call: &Call, customer: &str) -> Reply {
        let request = PageRequest::of(call, customer, 'o')?;
        let query =
            LinesOf { customer: request.customer.clone(), after: request.after.clone(), limit: request.page.limit };
        let found = self.backend.ask(query).await?;
        Ok(json(StatusCode::OK, &request.answer(found, |line| Ok(self.line(line)))?))
    }

    pub(super) async fn my_notifications(&self, call: &Call, customer: &str) -> Reply {
        let request = PageRequest::of(call, customer, 'm')?;
        let query =
            NoticesOf { customer: request.customer.clone(), after: request.after.clone(), limit: request.page.limit };
        let found = self.backend.ask(query).await?;
        Ok(json(StatusCode::OK, &request.answer(found, |notice| self.notice(&notice))?))
    }

    pub(super) async fn my_points(&self, call: &Call, customer: &str) -> Reply {
        let request = PageRequest::of(call, customer, 'e')?;
        let query =
            Ledger { customer: request.customer.clone(), after: request.after.clone(), limit: request.page.limit };
        let (account, entries) = self.backend.ask(query).await?;
        let page = request.answer(entries, |entry| Ok(self.entry(&entry)))?;
        let customer = String::from(&request.customer);
        let balance = account.map_or(0, |account| account.balance);
        let points = shapes::Points { customer, balance, items: page.items, next: page.next };
        Ok(json(StatusCode::OK, &points))
    }

    fn line(&self, line: LineView) -> shapes::MyOrder {
        shapes::MyOrder {
            id: ids::text(line.order.number()),
            storefront: self.storefront_of(line.order),
            offering: line.offering.map(|offering| ids::text(offering.number())),
            name: line.name.as_ref().map(String::from),
            quantity: line.quantity,
            total: line.total.map(Into::into),
            state: line.state,
            reason: line.reason.map(Code::as_str),
            placed_at: Moment(line.placed_at),
            paid_at: line.paid_at.map(Moment),
            refunded_at: line.refunded_at.map(Moment),
            cancelled_at: line.cancelled_at.map(Moment),
            delivery: line.delivery.as_ref().map(String::from),
            points_after: line.points,
            version: line.version,
        }
    }

    fn entry(&self, entry: &EntryView) -> shapes::LedgerEntry {
        shapes::LedgerEntry {
            storefront: entry.order.map(|order| self.storefront_of(order)),
            order: entry.order.map(|order| ids::text(order.number())),
            points: entry.points,
            balance: entry.balance,
            reason: entry.reason.as_ref().map(String::from),
            at: Moment(entry.at),
        }
    }

    fn notice(&self, notice: &NoticeView) -> Result<shapes::Notification, Problem> {
        let now = &notice.now;
        Ok(shapes::Notification {
            id: ids::text(notice.id),
            storefront: self.storefront_of(notice.order),
            order: ids::text(notice.order.number()),
            kind: NotificationKind::named(&now.kind).ok_or_else(Problem::fault)?,
            text: String::from(&now.text),
            channel: Channel::named(&now.channel).ok_or_else(Problem::fault)?,
            state: NotificationState::named(&now.state).ok_or_else(Problem::fault)?,
            at: Moment(now.at),
            sent_at: now.sent_at.map(Moment),
        })
    }
}

/// The calls about what belongs to a customer.
pub(super) fn routes() -> Vec<Route> {
    let list = |path, name, summary, handler| route("get", path, ("customers", name, summary), handler).takes(paging());
    vec![
        list(
            "/customers/{customer}/orders",
            "list_my_orders",
            "List a customer's orders, newest first",
            Handler::Customer(|v1, customer, call| Box::pin(v1.my_orders(call, customer))),
        )
        .says("200", answer("A page of orders", "MyOrders", &[])),
        list(
            "/customers/{customer}/points",
            "get_my_points",
            "Read a customer's points and their ledger",
            Handler::Customer(|v1, customer, call| Box::pin(v1.my_points(call, customer))),
        )
        .says("200", answer("The points", "Points", &[])),
        list(
            "/customers/{customer}/notifications",
            "list_my_notifications",
            "List what a customer was told",
            Handler::Customer(|v1, customer, call| Box::pin(v1.my_notifications(call, customer))),
        )
        .says("200", answer("A page of notices", "Notifications", &[])),
    ]
}
