//! What the service says of a notice, from its row: so that said again it is the same.

use contracts::events::{NotificationFailed, NotificationSent};
use contracts::{Message, NoticeNow};

use crate::notice::{By, Notice, NoticeState};

/// It is in the inbox.
pub(crate) fn in_inbox(notice: &Notice) -> NotificationSent {
    sent(notice, By::Inbox)
}

/// What became of it on its way; `None` while it is on it.
pub(crate) fn ended(notice: &Notice) -> Option<Message> {
    match notice.state {
        NoticeState::Pending => None,
        NoticeState::Sent => Some(sent(notice, notice.channel).into()),
        NoticeState::Failed => Some(failed(notice).into()),
    }
}

fn sent(notice: &Notice, by: By) -> NotificationSent {
    NotificationSent {
        order: notice.owner,
        customer: notice.customer.clone(),
        channel: by.as_str().into(),
        now: now(notice),
    }
}

fn failed(notice: &Notice) -> NotificationFailed {
    NotificationFailed {
        order: notice.owner,
        customer: notice.customer.clone(),
        channel: notice.channel.as_str().into(),
        reason: notice.failure.clone().unwrap_or_default(),
        now: now(notice),
    }
}

/// What events say of it.
fn now(notice: &Notice) -> Option<Box<NoticeNow>> {
    Some(Box::new(NoticeNow {
        number: notice.number,
        kind: notice.kind.as_str().into(),
        text: notice.text.clone(),
        channel: notice.channel.as_str().into(),
        state: notice.state.as_str().into(),
        at: notice.at,
        sent_at: notice.sent_at,
    }))
}
