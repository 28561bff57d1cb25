//! Ways out to people: the port, and the one over SMTP.

mod port;
mod smtp;
mod smtp_settings;

pub use port::{Channel, Failure, Mail};
pub use smtp::SmtpChannel;
pub use smtp_settings::{Security, SettingsError, SmtpSettings};
