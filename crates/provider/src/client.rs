//! The client: one call, one attempt, one outcome.

use std::error::Error;
use std::time::Duration;

use bytes::Bytes;
use contracts::{Currency, Money};
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, Uri};
use http_body_util::Full;
use outbound::{CallError, Client};
use serde::Serialize;

use crate::answer::Answer;
use crate::error::SettingsError;
use crate::list;
use crate::port::{BoxFuture, Charge, Outcome, Page, Provider, Refund, RefundOutcome};
use crate::settings::HttpSettings;

/// More than any answer of a provider. What is longer is not one.
const ANSWER_MAX_BYTES: usize = 64 * 1024;

/// By which the provider knows a call that comes again.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A provider over HTTP. Keeps its connections open between calls; clones share them.
#[derive(Debug, Clone)]
pub struct HttpProvider {
    client: Client,
    charges: Uri,
    refunds: Uri,
    /// Go with every call.
    headers: HeaderMap,
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
        let headers = settings.headers()?;
        let client = Client::new(Duration::from_millis(settings.timeout_ms));
        let client = client.map_err(|error| SettingsError::Client(error.into()))?;
        Ok(Self { client, charges, refunds, headers, timeout_ms: settings.timeout_ms })
    }

    /// One attempt: an answer of any status, or why there is none.
    async fn post(&self, to: &Uri, key: &str, body: &impl Serialize) -> Result<Answer, String> {
        let unwritten = |why: &dyn Error| format!("the call cannot be written: {why}");
        let key = HeaderValue::try_from(key).map_err(|error| unwritten(&error))?;
        let body = serde_json::to_vec(body).map_err(|error| unwritten(&error))?;
        let mut request = self.request(Method::POST, to.clone(), body);
        request.headers_mut().insert(IDEMPOTENCY_KEY, key);
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.call(request, ANSWER_MAX_BYTES).await
    }

    async fn try_list(&self, after: Option<String>) -> Result<Page, String> {
        let to = format!("{}?{}", self.charges, page_from(after));
        let to = to.parse().map_err(|error| format!("the call cannot be written: {error}"))?;
        let answer = self.call(self.request(Method::GET, to, Vec::new()), list::PAGE_MAX_BYTES).await?;
        list::page(&answer)
    }

    fn request(&self, method: Method, to: Uri, body: Vec<u8>) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::from(body));
        (*request.method_mut(), *request.uri_mut(), *request.headers_mut()) = (method, to, self.headers.clone());
        request
    }

    async fn call(&self, request: Request<Full<Bytes>>, most: usize) -> Result<Answer, String> {
        let answer = self.client.call(request, most).await.map_err(|error| match error {
            CallError::Late => format!("no answer from the provider within {} ms", self.timeout_ms),
            CallError::NotReached(why) => format!("the provider cannot be reached: {why}"),
            CallError::Cut(why) => format!("the call to the provider was cut: {why}"),
        })?;
        Ok(Answer { status: answer.status.as_u16(), body: answer.body })
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

/// The parameters of the page of the list that begins behind `after`.
fn page_from(after: Option<String>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("limit", &list::LIMIT.to_string()).extend_pairs(after.map(|after| ("after", after)));
    query.finish()
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
