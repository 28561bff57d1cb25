//! A notice: what a person is told, and how it stands with telling.

use contracts::{NoticeNow, Numbered, OfferingId, OrderId, StorefrontNo, Text};

use crate::kind::NoticeKind;
use crate::occasion::Occasion;

typed::names! {
    /// The furthest way that a notice goes. The inbox has it in either case.
    pub enum By {
        /// Into the inbox.
        0 Inbox = "inbox",
        /// Out by mail.
        1 Mail = "mail",
    }
}

typed::names! {
    /// How it stands with a notice on that way.
    pub enum NoticeState {
        /// It has arrived there.
        0 Sent = "sent",
        /// It is on its way.
        1 Pending = "pending",
        /// It cannot be delivered.
        2 Failed = "failed",
    }
}

typed::row! {
    /// A message to a person about an order.
    pub struct Notice in 60 "notices" {
        /// The order's id times four, and the number of the kind.
        0 id: u64,
        /// The storefront of the order.
        1 storefront: StorefrontNo,
        /// Its number within the storefront: 1, 2, 3.
        2 number: u64,
        /// The order.
        3 owner: OrderId,
        /// To whom.
        4 customer: Text,
        /// What the customer is called.
        5 customer_name: Option<Text>,
        /// The offering, if there is such a one.
        6 offering: Option<OfferingId>,
        /// Its name.
        7 offering_name: Option<Text>,
        /// How many.
        8 quantity: u32,
        /// What it tells of the order.
        9 kind: NoticeKind,
        /// What people read.
        10 text: Text,
        /// The furthest way it goes.
        11 channel: By,
        /// How it stands on that way.
        12 state: NoticeState,
        /// Why it could not be delivered.
        13 failure: Option<Text>,
        /// When it was put into the inbox, in milliseconds since the Unix epoch.
        14 at: u64,
        /// When it was heard to have arrived, in milliseconds since the Unix epoch.
        15 sent_at: Option<u64>,
    }
}

impl Notice {
    /// The notice of `occasion`, with what people read and its number within the storefront; on its way out if it goes by mail.
    pub(crate) fn of(occasion: &Occasion, text: Text, number: u64, channel: By, now: u64) -> Self {
        let (state, sent_at) = match channel {
            By::Inbox => (NoticeState::Sent, Some(now)),
            By::Mail => (NoticeState::Pending, None),
        };
        Self {
            id: occasion.notice_id().0,
            storefront: occasion.order.storefront(),
            number,
            owner: occasion.order,
            customer: occasion.customer.clone(),
            customer_name: occasion.customer_name.clone(),
            offering: occasion.offering,
            offering_name: occasion.offering_name.clone(),
            quantity: occasion.quantity,
            kind: occasion.kind,
            text,
            channel,
            state,
            failure: None,
            at: now,
            sent_at,
        }
    }

    /// What events say of it.
    pub(crate) fn now(&self) -> NoticeNow {
        NoticeNow {
            number: self.number,
            kind: self.kind.as_str().into(),
            text: self.text.clone(),
            channel: self.channel.as_str().into(),
            state: self.state.as_str().into(),
            at: self.at,
            sent_at: self.sent_at,
        }
    }

    /// It has arrived, or it cannot be delivered because of `failure`. `None` if that is known already.
    pub(crate) fn delivered(self, failure: Option<&Text>, now: u64) -> Option<Self> {
        let is_open = self.state == NoticeState::Pending;
        is_open.then(|| match failure {
            None => Self { state: NoticeState::Sent, sent_at: Some(now), ..self },
            Some(why) => Self { state: NoticeState::Failed, failure: Some(why.clone()), ..self },
        })
    }
}
