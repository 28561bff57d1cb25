//! What the service does when an order has ended.

mod on_order_cancelled;
mod on_order_confirmed;
mod on_order_rejected;

pub(crate) use on_order_cancelled::on_order_cancelled;
pub(crate) use on_order_confirmed::on_order_confirmed;
pub(crate) use on_order_rejected::on_order_rejected;

use contracts::{Message, Numbered};
use engine::Stop;

use crate::audience::Audience;
use crate::notice::{By, Notice};
use crate::occasion::Occasion;
use crate::{Context, messages, publish, store};

/// Tells the customer, once. `event` is what the mail is written from.
fn notify(
    occasion: &Occasion,
    event: impl Into<Message>,
    audience: &Audience,
    context: &mut Context<'_>,
) -> Result<(), Stop> {
    if context.get::<Notice>(&occasion.notice_id().0)?.is_some() {
        return Ok(());
    }
    let number = store::next_number(context, occasion.order.storefront())?;
    let channel = if audience.has_mail_for(&occasion.customer) { By::Mail } else { By::Inbox };
    let notice = Notice::of(occasion, messages::of(occasion).text.into(), number, channel, context.now());
    context.say(publish::in_inbox(&notice));
    if channel == By::Mail {
        context.intend(notice.id, event);
    }
    context.put(notice);
    Ok(())
}
