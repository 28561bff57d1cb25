//! What others may ask of notices.

use ::store::by_recency::{self, BLOCK_BITS, ByRecency, ChunkRequest, OfCustomer};
use ::store::{Find, StoreError, TableReader};
use contracts::StorefrontNo;
use contracts::queries::{Found, NoticeView, PageCursor, Query, Recent};

use crate::notice::Notice;
use crate::store::Counter as NoticeCounter;

/// Answers a query from the tables; `None` where it is for another service.
///
/// # Errors
/// If the tables cannot be read.
pub fn listed(query: &Query, reader: &mut dyn TableReader) -> Result<Option<Found>, StoreError> {
    let Query::NoticesOf(of) = query else { return Ok(None) };
    let limit = usize::try_from(of.limit).unwrap_or(usize::MAX);
    let after = of.after.as_ref().map(|cursor| &cursor.0);
    let (notices, end) = by_recency::page(&OfCustomer::<Notice>::new(&of.customer), reader, after, limit)?;
    let rows = notices.into_iter().map(Notice::view).collect();
    Ok(Some(Found::NoticesOf(Recent { rows, end: end.map(PageCursor) })))
}

impl ByRecency for Notice {
    fn in_block(customer: &str, request: ChunkRequest) -> Find<Self> {
        let notice = || Self::COLUMNS;
        let storefront = StorefrontNo(u32::try_from(request.group).unwrap_or(u32::MAX));
        Find::all()
            .with(notice().storefront.is(storefront))
            .with(notice().number.block(BLOCK_BITS).is(i64::try_from(request.block()).ok()))
            .with(notice().customer.is(customer.into()))
            .with(notice().number.below(request.number))
            .by(notice().number.desc())
    }
    fn number(&self) -> u64 {
        self.number
    }
    fn at(&self) -> u64 {
        self.at
    }
    fn groups(reader: &mut dyn TableReader) -> Result<Vec<(u64, u64)>, StoreError> {
        let counters = Find::<NoticeCounter>::all().rows(reader)?;
        Ok(counters.into_iter().map(|counter| (counter.storefront, counter.next)).collect())
    }
}

impl Notice {
    /// As others see it.
    pub(crate) fn view(self) -> NoticeView {
        NoticeView {
            id: self.id,
            order: self.owner,
            now: self.now(),
            customer: self.customer,
            customer_name: self.customer_name,
            offering: self.offering,
            offering_name: self.offering_name,
            quantity: self.quantity,
        }
    }
}
