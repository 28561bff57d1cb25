//! What notices are about.

use contracts::states::OrderState;

typed::names! {
    /// What a notice tells of an order.
    pub enum NoticeKind {
        /// Everything was done.
        0 Confirmed = "confirmed",
        /// It did not come about.
        1 Rejected = "rejected",
        /// It was taken back.
        2 Cancelled = "cancelled",
    }
}

impl NoticeKind {
    /// The state of the order that it tells of; its name is that state's.
    pub fn tells(self) -> OrderState {
        match self {
            Self::Confirmed => OrderState::Confirmed,
            Self::Rejected => OrderState::Rejected,
            Self::Cancelled => OrderState::Cancelled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_notice_tells_is_called_as_the_state_of_the_order_is() {
        assert!(NoticeKind::ALL.iter().all(|kind| kind.as_str() == kind.tells().as_str()));
    }
}
