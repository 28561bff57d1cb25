//! What belongs to one customer: my page, points, notices. Newest first.

use contracts::{Code, Numbered, OrderId};
use http::StatusCode;
use mypage::Line;
use notification::{By, Notice, NoticeKind, NoticeState};
use points::{Account, Entry};
use store::{StoreError, TableReader};
use typed::Sql;

use crate::shapes::{self, Moment};
use edge::page::{Cursor, Page, PageOf, Sorted, no_such_cursor};
use edge::{Problem, ids};

use super::V1;
use super::call::{Call, Reply, json, not_done};
use contracts::queries::PageCursor;
use store::by_recency::{self, ByRecency, OfCustomer};

impl V1 {
    /// A page of the customer's rows. A cursor of such a list bears `mark`, and as its key the places where the page before ended.
    async fn page_of<R: ByRecency, T>(
        &self,
        call: &Call,
        customer: &str,
        mark: char,
        show: impl Fn(R) -> T,
    ) -> Result<Page<T>, Problem> {
        self.page_beside(call, customer, mark, show, |_, _| Ok(())).await.map(|(page, ())| page)
    }

    /// The same, with what `beside` reads in the same look.
    async fn page_beside<R: ByRecency, T, B: Send + 'static>(
        &self,
        call: &Call,
        customer: &str,
        mark: char,
        show: impl Fn(R) -> T,
        beside: fn(&mut dyn TableReader, &str) -> Result<B, StoreError>,
    ) -> Result<(Page<T>, B), Problem> {
        let page = PageOf::read(&call.query(&["limit", "after"])?, Sorted { mark, by_number: false })?;
        let customer = shapes::customer(customer)?;
        let cursor = |after: &Cursor| PageCursor::read(&after.key).ok_or_else(no_such_cursor);
        let after = page.after.as_ref().map(cursor).transpose()?;
        let limit = page.items();
        let scan = self.node.engine.scan(move |reader| {
            let found = by_recency::page(
                &OfCustomer::<R>::new(&customer),
                reader,
                after.as_ref().map(|cursor| &cursor.0),
                limit,
            )?;
            Ok((found, beside(reader, &customer)?))
        });
        let ((found, end), beside) = scan.await.map_err(not_done)?;
        let end = end.map(|cursor| Cursor { number: 0, key: PageCursor(cursor).text() });
        Ok((page.ending(found.into_iter().map(show).collect(), end.as_ref()), beside))
    }

    pub(super) async fn my_orders(&self, call: &Call, customer: &str) -> Reply {
        Ok(json(StatusCode::OK, &self.page_of(call, customer, 'o', |line| self.line(line)).await?))
    }

    pub(super) async fn my_notifications(&self, call: &Call, customer: &str) -> Reply {
        Ok(json(StatusCode::OK, &self.page_of(call, customer, 'm', |notice| self.notice(notice)).await?))
    }

    pub(super) async fn my_points(&self, call: &Call, customer: &str) -> Reply {
        let (page, account) = self.page_beside(call, customer, 'e', |entry| self.entry(&entry), account).await?;
        let customer = shapes::customer(customer)?;
        let balance = account.map_or(0, |account| account.balance);
        let points = shapes::Points { customer, balance, items: page.items, next: page.next };
        Ok(json(StatusCode::OK, &points))
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

fn account(reader: &mut dyn TableReader, customer: &str) -> Result<Option<Account>, StoreError> {
    Ok(store::select::<Account>(reader, "WHERE customer = ?1", &[Sql::Text(customer.into())])?.pop())
}
