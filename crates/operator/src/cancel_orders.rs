//! All orders of an offering taken back, a part of them with each call: whoever calls goes on from what the call before said as `next`, or
//! begins again.

use contracts::queries::{OneOffering, PageCursor};
use contracts::{Numbered, OfferingId, Text};
use edge::{CancelledOrders, NotCancelled, cancel_orders};
use gateway::Caller;
use serde_json::{Value, json};

use super::request::BodyFields;
use super::{Operator, OperatorError, Reply};

impl Operator {
    pub(super) async fn cancel_orders(&self, offering: OfferingId, body: &[u8], caller: &Caller) -> Reply {
        let mut fields = BodyFields::if_any(body)?;
        let reason = fields.text("reason")?;
        let after = fields.text("after")?;
        fields.end()?;
        let reason = reason.map(|reason| contracts::input::name("reason", &reason).map(|reason| Text::from(&*reason)));
        let reason = reason.transpose().map_err(OperatorError::rejected)?;
        let after = after.map(|after| PageCursor::read(&after).ok_or_else(no_cursor)).transpose()?;
        let is_first = after.is_none();
        let done = cancel_orders(&*self.backend, offering, reason.as_ref(), after, caller.correlation).await?;
        let found = self.backend.ask(OneOffering { id: offering }).await?;
        if found.is_none() && is_first && done.is_nothing() {
            let name = self.names.name(offering.storefront());
            return Err(OperatorError::not_found(format!("there is no offering {name}/{}", offering.number())));
        }
        let is_on_sale = found.is_some_and(|offering| !offering.now.withdrawn);
        Ok(self.shown(&done, is_on_sale))
    }

    fn shown(&self, done: &CancelledOrders, is_on_sale: bool) -> Value {
        let failed = |failed: &NotCancelled| {
            json!({
                "storefront": self.names.name(failed.order.storefront()),
                "order": failed.order.number(),
                "code": failed.code.as_str(),
                "why": failed.why,
            })
        };
        json!({
            "cancelled": done.cancelled,
            "already_cancelled": done.already,
            "under_way": done.under_way,
            "rejected": done.rejected,
            "failed": done.failed.iter().map(failed).collect::<Vec<_>>(),
            "still_on_sale": is_on_sale,
            "next": done.end.as_ref().map(PageCursor::text),
        })
    }
}

fn no_cursor() -> OperatorError {
    OperatorError::invalid("after", "after is what the call before said as next")
}
