//! What the service says of a notice, from its row: so that said again it is the same.

use contracts::Message;
use contracts::events::{NotificationFailed, NotificationSent};

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
        now: Some(Box::new(notice.now())),
    }
}

fn failed(notice: &Notice) -> NotificationFailed {
    NotificationFailed {
        order: notice.owner,
        customer: notice.customer.clone(),
        channel: notice.channel.as_str().into(),
        reason: notice.failure.clone().unwrap_or_default(),
        now: Some(Box::new(notice.now())),
    }
}
