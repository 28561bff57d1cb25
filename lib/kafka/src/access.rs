//! How brokers are reached.

use std::path::PathBuf;

/// Where brokers are, and how they let a client in.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// Some of the brokers, as `host:port`, with commas between them.
    pub brokers: String,
    /// Whether they are called over TLS.
    pub tls: bool,
    /// The certificates that sign theirs; those of the machine if none is named.
    pub ca_file: Option<PathBuf>,
    /// The account, by SASL SCRAM.
    pub account: Option<Account>,
}

/// An account of SASL SCRAM.
#[derive(Clone)]
pub struct Account {
    /// `SCRAM-SHA-256` or `SCRAM-SHA-512`.
    pub mechanism: String,
    /// Who.
    pub user: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account").field("mechanism", &self.mechanism).field("user", &self.user).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_stands_in_no_log() {
        let (mechanism, user, password) = ("SCRAM-SHA-512".to_owned(), "shop".to_owned(), "hush".to_owned());
        let account = Account { mechanism, user, password };
        assert!(!format!("{account:?}").contains("hush"));
    }
}
