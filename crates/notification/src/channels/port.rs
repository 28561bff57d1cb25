//! The port: what the service asks of a way out, and what it may hear.

use futures_util::future::BoxFuture;

/// A letter to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// What stands in its Message-ID before the `@`. The same mail sent twice has the same one, so that a mailbox can tell; no other
    /// mail has it, of whichever shop.
    pub id: String,
    /// The address.
    pub to: String,
    /// The subject, in any script.
    pub subject: String,
    /// The text, in any script.
    pub text: String,
}

/// A mail was not delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Whether the same mail may go through later.
    pub retry: bool,
    /// What went wrong, for the operator.
    pub why: String,
}

/// A way out to people.
pub trait Channel: Send + Sync + 'static {
    /// Makes one attempt to deliver `mail`.
    fn deliver(&self, mail: Mail) -> BoxFuture<'_, Result<(), Failure>>;
}
