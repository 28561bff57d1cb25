//! What belongs to one customer: my page, points, notices. Newest first.

use contracts::{Code, Numbered, OrderId, Text};
use http::StatusCode;
use mypage::{Line, LineState};
use notification::{By, Notice, NoticeKind, NoticeState};
use points::{Account, Entry};
use store::{StoreError, TableReader};
use typed::{Row, Sql};

use ::api::page::{Cursor, PageOf, Sorted};
use ::api::shapes::{self, Moment};
use ::api::{Problem, ids};

use super::V1;
use super::call::{Call, Reply, json, not_done};

/// The rows of a customer after `page.after`, newest first by the columns `at` and `id`.
fn newest<R: Row>(
    reader: &mut dyn TableReader,
    customer: &str,
    (at, id): (&str, &str),
    page: &PageOf,
) -> Result<Vec<R>, StoreError> {
    let mut params = vec![Sql::Text(customer.into()), Sql::Int(page.wanted())];
    let mut after = String::new();
    if let Some(cursor) = &page.after {
        let number = i64::try_from(cursor.number).unwrap_or(i64::MAX);
        params.extend([Sql::Int(cursor.key.parse().unwrap_or(0)), Sql::Int(number)]);
        after = format!("AND ({at}, {id}) < (?3, ?4) ");
    }
    let tail = format!("WHERE customer = ?1 {after}ORDER BY {at} DESC, {id} DESC LIMIT ?2");
    store::select::<R>(reader, &tail, &params)
}

fn cursor(at: u64, number: u64) -> Cursor {
    Cursor { number, key: at.to_string() }
}

impl V1 {
    async fn page_of<R: Row>(
        &self,
        call: &Call,
        customer: &str,
        mark: char,
        columns: (&'static str, &'static str),
    ) -> Result<(PageOf, Vec<R>), Problem> {
        let page = PageOf::read(&call.query(&["limit", "after"])?, Sorted { mark, by_number: true })?;
        shapes::customer(customer)?;
        let (customer, of) = (customer.to_owned(), page.clone());
        let read = move |reader: &mut dyn TableReader| newest::<R>(reader, &customer, columns, &of);
        Ok((page, self.node.engine.scan(read).await.map_err(not_done)?))
    }

    pub(super) async fn my_orders(&self, call: &Call, customer: &str) -> Reply {
        let (page, found) = self.page_of::<Line>(call, customer, 'o', ("placed_at", "owner")).await?;
        let of = |line: &Line| cursor(line.placed_at, line.owner.raw());
        Ok(json(StatusCode::OK, &page.of(found, of, |line| self.line(line))))
    }

    pub(super) async fn my_notifications(&self, call: &Call, customer: &str) -> Reply {
        let (page, found) = self.page_of::<Notice>(call, customer, 'm', ("at", "id")).await?;
        Ok(json(StatusCode::OK, &page.of(found, |notice| cursor(notice.at, notice.id), |notice| self.notice(notice))))
    }

    pub(super) async fn my_points(&self, call: &Call, customer: &str) -> Reply {
        let (page, found) = self.page_of::<Entry>(call, customer, 'e', ("at", "id")).await?;
        let account = self.node.engine.get::<Account>(Text::from(customer)).await.map_err(not_done)?;
        let page = page.of(found, |entry| cursor(entry.at, entry.id), |entry| self.entry(&entry));
        let balance = account.map_or(0, |account| account.balance);
        let shown = shapes::Points { customer: customer.to_owned(), balance, items: page.items, next: page.next };
        Ok(json(StatusCode::OK, &shown))
    }

    fn storefront_of(&self, order: OrderId) -> String {
        self.names.name(order.storefront())
    }

    fn line(&self, line: Line) -> shapes::MyOrder {
        shapes::MyOrder {
            id: ids::text(line.owner.number()),
            storefront: self.storefront_of(line.owner),
            offering: line.offering.map(|offering| ids::text(offering.number())),
            name: line.name.as_ref().map(String::from),
            quantity: line.quantity,
            total: line.total.map(Into::into),
            state: state(line.state),
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

    fn entry(&self, entry: &Entry) -> shapes::LedgerEntry {
        shapes::LedgerEntry {
            storefront: entry.owner.map(|order| self.storefront_of(order)),
            order: entry.owner.map(|order| ids::text(order.number())),
            points: entry.points,
            balance: entry.balance,
            at: Moment(entry.at),
        }
    }

    fn notice(&self, notice: Notice) -> shapes::Notification {
        shapes::Notification {
            id: ids::text(notice.id),
            storefront: self.storefront_of(notice.owner),
            order: ids::text(notice.owner.number()),
            kind: match notice.kind {
                NoticeKind::Confirmed => shapes::NotificationKind::Confirmed,
                NoticeKind::Rejected => shapes::NotificationKind::Rejected,
                NoticeKind::Cancelled => shapes::NotificationKind::Cancelled,
            },
            text: String::from(&notice.text),
            channel: match notice.channel {
                By::Inbox => shapes::Channel::Inbox,
                By::Mail => shapes::Channel::Mail,
            },
            state: match notice.state {
                NoticeState::Sent => shapes::NotificationState::Sent,
                NoticeState::Pending => shapes::NotificationState::Pending,
                NoticeState::Failed => shapes::NotificationState::Failed,
            },
            at: Moment(notice.at),
            sent_at: notice.sent_at.map(Moment),
        }
    }
}

fn state(state: LineState) -> shapes::OrderState {
    match state {
        LineState::Placed => shapes::OrderState::Placed,
        LineState::Held => shapes::OrderState::Held,
        LineState::Paid => shapes::OrderState::Paid,
        LineState::Confirmed => shapes::OrderState::Confirmed,
        LineState::Rejected => shapes::OrderState::Rejected,
        LineState::Cancelling => shapes::OrderState::Cancelling,
        LineState::Cancelled => shapes::OrderState::Cancelled,
    }
}
