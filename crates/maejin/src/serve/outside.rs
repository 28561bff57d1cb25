//! What is outside the shop: the payment provider, or the sandbox in its place; mail; whoever collects traces.

use std::sync::Arc;

use contracts::{Message, Recipes};
use engine::Effector;
use provider::{HttpProvider, HttpSettings, Token};
use service::{Exporting, Remotes};
use store::Identity;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use world::Clock;

use crate::settings::Settings;
use host::Traces;

/// A sandbox provider that runs beside the shop.
pub struct Sandbox {
    url: String,
    task: JoinHandle<()>,
}

impl Sandbox {
    /// Waits until it has ended.
    pub async fn stopped(self) {
        let _ = self.task.await;
    }
}

/// Starts the sandbox provider, unless another provider is configured. It ends when `stop` becomes true.
pub async fn sandbox(
    settings: &Settings,
    clock: Arc<dyn Clock>,
    mut stop: watch::Receiver<bool>,
) -> Result<Option<Sandbox>, String> {
    if settings.payment.url.is_some() {
        return Ok(None);
    }
    let address = settings.payment.sandbox_listen;
    let failed = |why: &dyn std::fmt::Display| format!("the sandbox payment provider on {address}: {why}");
    let sandbox = sandbox::Sandbox::open(Some(settings.data.join("sandbox")), clock).map_err(|error| failed(&error))?;
    let listener = tokio::net::TcpListener::bind(address).await.map_err(|error| failed(&error))?;
    let url = format!("http://{}", listener.local_addr().map_err(|error| failed(&error))?);
    tracing::info!(url, "the sandbox payment provider runs beside the shop");
    let stopped = async move {
        let _ = stop.wait_for(|stop| *stop).await;
    };
    let task = tokio::spawn(async move {
        if let Err(error) = sandbox::serve(listener, sandbox, stopped).await {
            tracing::error!(%error, "the sandbox payment provider ended");
        }
    });
    Ok(Some(Sandbox { url, task }))
}

/// Who asks the provider to charge and to refund for the store called `store`.
pub fn payments(
    settings: &Settings,
    sandbox: Option<&Sandbox>,
    store: &str,
) -> Result<Arc<dyn Effector<Message>>, String> {
    let url = settings.payment.url.clone().or(sandbox.map(|sandbox| sandbox.url.clone())).unwrap_or_default();
    Ok(Arc::new(payment::ProviderEffector::new(Arc::new(provider_at(settings, url)?), store)))
}

/// The provider at `url`, asked as the settings say.
pub fn provider_at(settings: &Settings, url: String) -> Result<HttpProvider, String> {
    let token = settings.payment.token_file.as_deref().map(secret).transpose()?.map(Token::new);
    let provider = HttpSettings { timeout_ms: settings.payment.timeout_ms, token, ..HttpSettings::new(url) };
    HttpProvider::try_new(&provider).map_err(|error| format!("the payment provider: {error}"))
}

type MailOut = (notification::Addresses, Arc<dyn Effector<Message>>);

/// Who sends mail of the store `identity`, if that is configured.
pub fn mail(settings: &Settings, identity: &Identity) -> Result<Option<MailOut>, String> {
    let Some(mail) = &settings.mail else { return Ok(None) };
    let wrong = |why: &dyn std::fmt::Display| format!("mail: {why}");
    let password = mail.password_file.as_deref().map(secret).transpose()?;
    let account = match (mail.user.clone(), password) {
        (None, None) => None,
        (Some(user), Some(password)) => Some((user, password)),
        _ => return Err(wrong(&"user and password_file go together")),
    };
    let security = mail.security.parse().map_err(|error| wrong(&error))?;
    let smtp = notification::SmtpSettings {
        host: mail.host.clone(),
        port: mail.port,
        security,
        account,
        from: mail.from.clone(),
    };
    let channel = notification::SmtpChannel::try_new(smtp).map_err(|error| wrong(&error))?;
    let addresses = notification::Addresses::try_new(mail.to.clone()).map_err(|error| wrong(&error))?;
    let effector = notification::MailEffector::new(Arc::new(channel), addresses.clone(), identity.clone());
    Ok(Some((addresses, Arc::new(effector))))
}

/// Traces: what is made of a node's messages, on whose behalf requests come, and the sending.
pub type Tracing = (Traces, (Remotes, Exporting));

/// What is traced, if that is configured.
pub fn traces(settings: &Settings, recipes: &Recipes) -> Result<Option<Tracing>, String> {
    let telemetry = &settings.telemetry;
    if !(0.0..=1.0).contains(&telemetry.sample_ratio) {
        return Err(format!("telemetry.sample_ratio is from 0 to 1, not {}", telemetry.sample_ratio));
    }
    let Some(endpoint) = telemetry.otlp_endpoint.as_deref().filter(|endpoint| !endpoint.is_empty()) else {
        return Ok(None);
    };
    let ((spans, exporting), remotes) = (service::start_traces(endpoint)?, Remotes::default());
    Ok(Some((Traces::new(spans, telemetry.sample_ratio, recipes, remotes.clone()), (remotes, exporting))))
}

/// What stands in a file, without the white space around it.
pub fn secret(file: &std::path::Path) -> Result<String, String> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("cannot read the secret in {}: {error}", file.display()))?;
    Ok(text.trim().to_owned())
}
