//! A customer's points, and the ledger they are the sum of.

use contracts::limits::COUNT_MAX;
use contracts::{OrderId, Rejection};
use typed::Text;

typed::row! {
    /// An account.
    pub struct Account in 70 "points_accounts" {
        /// Whose.
        0 customer: Text,
        /// The customer as a number, where it is one: a facade counts accounts by it.
        1 number: Option<u64>,
        /// How many points.
        2 balance: i64,
        /// Counts its changes.
        3 version: u64,
    }
}

typed::row! {
    /// An entry of a ledger.
    pub struct Entry in 71 "points_ledger" {
        /// Made from its order, or counted.
        0 id: u64,
        /// Whose.
        1 customer: Text,
        /// The order it is for; none if it was made by hand.
        2 owner: Option<OrderId>,
        /// How many; below zero where they are taken back.
        3 points: i64,
        /// The balance after it.
        4 balance: i64,
        /// When, in milliseconds since the Unix epoch.
        5 at: u64,
        /// 1, 2, 3 as they were made, whosever they are; none of those made before entries were counted.
        6 number: Option<u64>,
        /// Why, where somebody corrected it by hand.
        7 reason: Option<Text>,
    }
}

impl Account {
    /// An empty account.
    pub fn new(customer: &Text) -> Self {
        let number = customer.parse().ok().filter(|number: &u64| number.to_string() == **customer);
        Self {
            customer: customer.clone(),
            number: number.filter(|n| i64::try_from(*n).is_ok()),
            balance: 0,
            version: 0,
        }
    }

    /// With `points` more, or fewer; `None` if that cannot be counted.
    pub fn with(self, points: i64) -> Option<Self> {
        let balance = self.balance.checked_add(points)?;
        // What was beyond before there was a bound may still come nearer.
        let is_counted = balance.unsigned_abs() <= COUNT_MAX.max(self.balance.unsigned_abs());
        is_counted.then_some(())?;
        Some(Self { balance, version: self.version + 1, ..self })
    }

    /// Refuses a change by a client who expects another version or balance than there is.
    ///
    /// # Errors
    /// Which of the two is another one.
    pub(crate) fn refuse_unless(&self, version: Option<u64>, balance: Option<i64>) -> Result<(), Rejection> {
        self.view().refuse_unless(version, balance)
    }
}

/// The id of the entry by which an order earned points.
pub fn earned_id(order: OrderId) -> u64 {
    order.0 << 2
}

/// The id of the entry by which an order's points were taken back.
pub fn revoked_id(order: OrderId) -> u64 {
    (order.0 << 2) | 1
}

/// The id of an entry that was made by hand.
pub(crate) fn by_hand_id(count: u64) -> u64 {
    (1 << 60) | count
}

#[cfg(test)]
mod tests {
    use contracts::Code;
    use typed::Row;

    use super::{Account, Entry};

    typed::row! {
        /// An entry as it was before entries were counted.
        pub struct Uncounted in 71 "points_ledger" {
            0 id: u64,
            1 customer: typed::Text,
            2 owner: Option<contracts::OrderId>,
            3 points: i64,
            4 balance: i64,
            5 at: u64,
        }
    }

    #[test]
    fn who_expects_another_version_or_balance_is_refused() {
        let account = Account { balance: 5, version: 2, ..Account::new(&"7".into()) };
        for (version, balance) in [(None, None), (Some(2), None), (None, Some(5)), (Some(2), Some(5))] {
            assert_eq!(account.refuse_unless(version, balance), Ok(()));
        }
        for (version, balance) in [(Some(1), None), (None, Some(4)), (Some(1), Some(5)), (Some(2), Some(4))] {
            let refused = account.refuse_unless(version, balance).unwrap_err();
            assert_eq!(refused.code, Code::VersionChanged, "{version:?} {balance:?}");
        }
    }

    #[test]
    fn an_entry_of_a_journal_from_before_they_were_counted_is_read() {
        let mut bytes = Vec::new();
        Uncounted { id: 9, customer: "7".into(), owner: None, points: 5, balance: 12, at: 3 }.encode_into(&mut bytes);
        let entry = Entry {
            id: 9,
            customer: "7".into(),
            owner: None,
            points: 5,
            balance: 12,
            at: 3,
            number: None,
            reason: None,
        };
        assert_eq!(Entry::decode_from(&bytes), Ok(entry));
    }
}
