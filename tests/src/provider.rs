//! The book of the sandbox payment provider that runs beside the shop.

use serde_json::Value;

use crate::Client;

/// What the provider charged and gave back.
#[derive(Debug, Clone)]
pub struct Ledger(pub Value);

impl Ledger {
    /// The book of the provider at `url`.
    ///
    /// # Panics
    /// If the provider does not answer.
    pub fn at(url: &str) -> Self {
        Self(Client::default().get(&format!("{url}/ledger")).expect("the provider answers").is(200).json().clone())
    }

    fn total(&self, sum: &str) -> i64 {
        self.0["total"][sum].as_i64().unwrap_or_else(|| panic!("no {sum} in the provider's ledger: {}", self.0))
    }

    /// How many charges were approved, and their sum.
    pub fn charged(&self) -> (i64, i64) {
        (self.total("charges"), self.total("charged"))
    }

    /// How many charges were given back, and their sum.
    pub fn refunded(&self) -> (i64, i64) {
        (self.total("refunds"), self.total("refunded"))
    }

    /// Charged less refunded.
    pub fn net(&self) -> i64 {
        self.total("net")
    }

    /// The keys under which money was taken more than once.
    pub fn charged_twice(&self) -> Vec<String> {
        let keys = self.0["keys"].as_object().into_iter().flatten();
        keys.filter(|(_, sums)| sums["charges"].as_i64() > Some(1)).map(|(key, _)| key.clone()).collect()
    }
}
