//! What notices are about.

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
