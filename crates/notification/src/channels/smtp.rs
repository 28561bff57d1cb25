//! Mail over SMTP.

use std::time::Duration;

use futures_util::future::BoxFuture;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use tokio::runtime::Handle;

use super::port::{Channel, Failure, Mail};
use super::smtp_settings::{Security, SettingsError, SmtpSettings};

/// How long one step of a conversation may take. Mail servers make strangers wait, some for half a minute.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Sends mail through a server, over connections that it keeps for the next mail.
pub struct SmtpChannel {
    /// There until it is dropped.
    transport: Option<AsyncSmtpTransport<Tokio1Executor>>,
    from: Mailbox,
    runtime: Handle,
}

impl SmtpChannel {
    /// A channel for these settings. Calls nobody yet.
    ///
    /// # Errors
    /// Which setting is wrong.
    ///
    /// # Panics
    /// Outside of a Tokio runtime, on which it looks after its connections.
    pub fn try_new(settings: SmtpSettings) -> Result<Self, SettingsError> {
        settings.check()?;
        let from = settings.from.parse().map_err(|_| SettingsError::From(settings.from.clone()))?;
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host.as_str())
            .port(settings.port)
            .tls(tls(&settings)?)
            .timeout(Some(TIMEOUT));
        if let Some((user, password)) = settings.account {
            builder = builder.credentials(Credentials::new(user, password));
        }
        Ok(Self { transport: Some(builder.build()), from, runtime: Handle::current() })
    }

    fn message(&self, mail: Mail) -> Result<Message, Failure> {
        let to: Address = mail.to.parse().map_err(|error| for_good(format!("{:?} is no address: {error}", mail.to)))?;
        // RFC 3834: so that nobody's absence note answers.
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject)
            .message_id(Some(format!("<{}@{}>", mail.id, self.from.email.domain())))
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text)
            .map_err(|error| for_good(format!("the mail cannot be written: {error}")))
    }

    async fn try_deliver(&self, mail: Mail) -> Result<(), Failure> {
        let message = self.message(mail)?;
        let transport = self.transport.as_ref().expect("the transport is there until the channel is dropped");
        transport.send(message).await.map(drop).map_err(|error| failure(&error))
    }
}

/// The transport takes leave of the server in a task: it panics where there is no runtime, and an engine's thread has none.
impl Drop for SmtpChannel {
    fn drop(&mut self) {
        let _inside = self.runtime.enter();
        self.transport = None;
    }
}

impl Channel for SmtpChannel {
    fn deliver(&self, mail: Mail) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(self.try_deliver(mail))
    }
}

fn tls(settings: &SmtpSettings) -> Result<Tls, SettingsError> {
    let parameters = || TlsParameters::new(settings.host.clone()).map_err(|error| SettingsError::Tls(error.into()));
    Ok(match settings.security {
        Security::None => Tls::None,
        Security::StartTls => Tls::Required(parameters()?),
        Security::Tls => Tls::Wrapper(parameters()?),
    })
}

/// A server that says "never" means it; everything else may be better later.
fn failure(error: &Error) -> Failure {
    Failure { retry: !error.is_permanent() && !error.is_client(), why: format!("the mail server: {error}") }
}

fn for_good(why: String) -> Failure {
    Failure { retry: false, why }
}
