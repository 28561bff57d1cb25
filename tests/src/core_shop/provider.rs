//! A payment provider, played. The card says how it behaves. It does everything once for each order, however often it is asked.

use std::collections::BTreeMap;

use contracts::commands::{ProviderOutcome, RecordOutcome};
use contracts::{Message, OrderId};

/// What became of an order's money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Account {
    Charged(i64),
    Refused,
    /// How much, if there was anything.
    GivenBack(Option<i64>),
}

/// Remembers what it took and gave back.
#[derive(Debug, Default)]
pub struct Provider {
    accounts: BTreeMap<OrderId, Account>,
}

/// So many inputs later an outcome comes.
const LATE: usize = 5;

impl Provider {
    /// What comes of `effect`, and how many inputs later; `None` if it never answers.
    pub fn perform(&mut self, effect: &Message) -> Option<(Message, usize)> {
        let (order, outcome, later) = match effect {
            Message::TakePayment(take) => {
                let (outcome, later) = self.charge(take.order, take.amount.amount, take.card.as_deref())?;
                (take.order, outcome, later)
            }
            Message::RefundPayment(refund) => (refund.order, self.give_back(refund.order), 1),
            other => panic!("the provider cannot do {}", other.name()),
        };
        Some((RecordOutcome { order, outcome }.into(), later))
    }

    fn charge(&mut self, order: OrderId, amount: i64, card: Option<&str>) -> Option<(ProviderOutcome, usize)> {
        let (account, later) = match card {
            Some("decline") => (Account::Refused, 0),
            Some("silent") => return None,
            Some("late") => (Account::Charged(amount), LATE),
            _ => (Account::Charged(amount), 0),
        };
        let outcome = match *self.accounts.entry(order).or_insert(account) {
            Account::Charged(charged) => {
                assert_eq!(charged, amount, "the second call for an order is the first one again");
                ProviderOutcome::Approved(format!("ch_{}", order.0).into())
            }
            Account::Refused => ProviderOutcome::Declined("card-declined".into()),
            Account::GivenBack(_) => ProviderOutcome::Declined("voided".into()),
        };
        Some((outcome, later))
    }

    fn give_back(&mut self, order: OrderId) -> ProviderOutcome {
        let given_back = match self.accounts.get(&order) {
            Some(Account::Charged(amount)) => Some(*amount),
            Some(Account::GivenBack(given_back)) => *given_back,
            _ => None,
        };
        self.accounts.insert(order, Account::GivenBack(given_back));
        given_back.map_or(ProviderOutcome::Voided, ProviderOutcome::Refunded)
    }

    /// What it took for `order` and did not give back.
    pub fn kept(&self, order: OrderId) -> i64 {
        match self.accounts.get(&order) {
            Some(Account::Charged(amount)) => *amount,
            _ => 0,
        }
    }
}
