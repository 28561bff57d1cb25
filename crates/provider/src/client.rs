//! The client: one call, one attempt, one outcome.

use std::time::Duration;

use contracts::{Currency, Money};
use outbound::root_cause;
use reqwest::{Client, Response, Url};
use serde::Serialize;

use crate::answer::Answer;
use crate::error::SettingsError;
use crate::list;
use crate::port::{BoxFuture, Charge, Outcome, Page, Provider, Refund, RefundOutcome};
use crate::settings::HttpSettings;

/// More than any answer of a provider. What is longer is not one.
const ANSWER_MAX_BYTES: usize = 64 * 1024;

/// A provider over HTTP. Keeps its connections open between calls; clones share them.
#[derive(Debug, Clone)]
pub struct HttpProvider {
    client: Client,
    charges: Url,
    refunds: Url,
    timeout_ms: u64,
}

/// What is asked for in a charge.
#[derive(Serialize)]
struct ChargeCall<'a> {
    amount: i64,
    currency: Currency,
    card: Option<&'a str>,
    description: &'a str,
}

/// What is asked for in a refund.
#[derive(Serialize)]
struct RefundCall<'a> {
    charge_key: &'a str,
}

impl HttpProvider {
    /// A client for these settings. Calls nobody yet.
    pub fn try_new(settings: &HttpSettings) -> Result<Self, SettingsError> {
        if settings.timeout_ms == 0 {
            return Err(SettingsError::Timeout);
        }
        let (charges, refunds) = (settings.url_of("charges")?, settings.url_of("refunds")?);
        let client = outbound::client(Duration::from_millis(settings.timeout_ms))
            .map_err(SettingsError::Client)?
            .default_headers(settings.headers()?)
            .build()
            .map_err(|error| SettingsError::Client(error.into()))?;
        Ok(Self { client, charges, refunds, timeout_ms: settings.timeout_ms })
    }

    /// One attempt: an answer of any status, or why there is none.
    async fn post(&self, url: &Url, key: &str, body: &impl Serialize) -> Result<Answer, String> {
        let request = self.client.post(url.clone()).header("Idempotency-Key", key).json(body);
        match request.send().await {
            Ok(response) => read(response, ANSWER_MAX_BYTES).await.map_err(|error| self.why(&error)),
            Err(error) => Err(self.why(&error)),
        }
    }

    async fn try_list(&self, after: Option<String>) -> Result<Page, String> {
        let mut url = self.charges.clone();
        url.query_pairs_mut().append_pair("limit", &list::LIMIT.to_string());
        if let Some(after) = after {
            url.query_pairs_mut().append_pair("after", &after);
        }
        let response = self.client.get(url).send().await.map_err(|error| self.why(&error))?;
        let answer = read(response, list::PAGE_MAX_BYTES).await.map_err(|error| self.why(&error))?;
        list::page(&answer)
    }

    /// What went wrong, without the address: it is known, and may say more than a log should.
    fn why(&self, error: &reqwest::Error) -> String {
        match error {
            error if error.is_timeout() => format!("no answer from the provider within {} ms", self.timeout_ms),
            error if error.is_builder() => format!("the call cannot be written: {}", root_cause(error)),
            error if error.is_connect() => format!("the provider cannot be reached: {}", root_cause(error)),
            error => format!("the call to the provider was cut: {}", root_cause(error)),
        }
    }

    async fn try_charge(&self, charge: Charge) -> Outcome {
        let Money { amount, currency } = charge.amount;
        let (card, description) = (charge.card.as_deref(), charge.description.as_str());
        let body = ChargeCall { amount, currency, card, description };
        match self.post(&self.charges, &charge.key, &body).await {
            Ok(answer) => answer.to_charge(&charge),
            Err(why) => Outcome::Unknown { why },
        }
    }

    async fn try_refund(&self, refund: Refund) -> RefundOutcome {
        let body = RefundCall { charge_key: &refund.charge_key };
        match self.post(&self.refunds, &refund.key, &body).await {
            Ok(answer) => answer.to_refund(&refund),
            Err(why) => RefundOutcome::Unknown { why },
        }
    }
}

impl Provider for HttpProvider {
    fn charge(&self, charge: Charge) -> BoxFuture<'_, Outcome> {
        Box::pin(self.try_charge(charge))
    }

    fn refund(&self, refund: Refund) -> BoxFuture<'_, RefundOutcome> {
        Box::pin(self.try_refund(refund))
    }

    fn list(&self, after: Option<String>) -> BoxFuture<'_, Result<Page, String>> {
        Box::pin(self.try_list(after))
    }
}

async fn read(response: Response, max_bytes: usize) -> Result<Answer, reqwest::Error> {
    let status = response.status().as_u16();
    Ok(Answer { status, body: outbound::body(response, max_bytes).await? })
}
