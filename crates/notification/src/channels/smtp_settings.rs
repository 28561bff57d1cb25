//! Where the mail server is, and how to talk to it; checked when a channel is made of it.

use std::fmt;
use std::str::FromStr;

/// How the connection to a mail server is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Not at all: for a server on the same machine or in the same mesh.
    None,
    /// By STARTTLS, and no mail without it.
    StartTls,
    /// By TLS from the first byte.
    Tls,
}

impl FromStr for Security {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, SettingsError> {
        match text {
            "none" => Ok(Self::None),
            "starttls" => Ok(Self::StartTls),
            "tls" => Ok(Self::Tls),
            _ => Err(SettingsError::Security(text.to_owned())),
        }
    }
}

/// Where the mail server is, and how to talk to it.
#[derive(Clone)]
pub struct SmtpSettings {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is secured.
    pub security: Security,
    /// With whose account, and its password.
    pub account: Option<(String, String)>,
    /// Who is shown as the sender: `box@example.com` or `Box office <box@example.com>`.
    pub from: String,
}

impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("user", &self.account.as_ref().map(|(user, _)| user))
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

/// Settings that no mail can be sent with.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// There is no such way to secure a connection.
    #[error("the security of a mail server is none, starttls or tls, not {0:?}")]
    Security(String),
    /// Nobody can be written from there.
    #[error("the sender of mail must be an address such as box@example.com, not {0:?}")]
    From(String),
    /// Everybody on the way could read the password.
    #[error("a password is not sent to {0} in the clear: choose the security starttls or tls")]
    PasswordInClear(String),
    /// The machine's cryptography refuses.
    #[error("mail over TLS: {0}")]
    Tls(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl SmtpSettings {
    /// Refuses an account that anybody on the way could learn.
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let stays_here = matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        if self.account.is_some() && self.security == Security::None && !stays_here {
            return Err(SettingsError::PasswordInClear(self.host.clone()));
        }
        Ok(())
    }
}
