//! The calls over HTTP: reading and checking them, and saying the answer.

use std::io;

use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::record::ChargeRequest;
use crate::refusal::Refusal;
use crate::sandbox::Sandbox;

/// A charge is some hundred bytes.
const BODY_MAX_BYTES: usize = 16 * 1024;
/// Every key is remembered for ever, so it is kept short.
const KEY_MAX: usize = 200;
/// Likewise.
const TEXT_MAX: usize = 500;
/// So that the sum of millions of charges still fits 64 bits.
const AMOUNT_MAX: i64 = 1_000_000_000_000;

/// So that a page is some hundred kilobytes at the most.
const LIMIT_MAX: usize = 1_000;

impl Sandbox {
    /// The provider's HTTP interface, to be served at the root of an address.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/charges", post(charge).get(list))
            .route("/charges/{key}", get(look_up))
            .route("/refunds", post(refund))
            .route("/ledger", get(ledger))
            .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
            .with_state(self.clone())
    }
}

#[derive(Deserialize)]
struct ChargeBody {
    amount: i64,
    currency: String,
    card: Option<String>,
    #[serde(default)]
    description: String,
}

#[derive(Deserialize)]
struct RefundBody {
    charge_key: String,
}

async fn charge(State(sandbox): State<Sandbox>, headers: HeaderMap, body: Bytes) -> Result<Response, Refusal> {
    let key = idempotency_key(&headers)?;
    let request = checked(parsed(&body)?)?;
    let answer = sandbox.charge(key, request).await?;
    Ok(answer.map_or_else(cut, |answer| Json(answer).into_response()))
}

async fn look_up(State(sandbox): State<Sandbox>, Path(key): Path<String>) -> Result<Response, Refusal> {
    Ok(Json(sandbox.look_up(&key).await?).into_response())
}

async fn refund(State(sandbox): State<Sandbox>, headers: HeaderMap, body: Bytes) -> Result<Response, Refusal> {
    let RefundBody { charge_key } = parsed(&body)?;
    checked_key("charge_key", &charge_key)?;
    let refund = sandbox.refund(idempotency_key(&headers)?, &charge_key).await?;
    let mut answer =
        json!({ "charge_key": refund.charge_key, "id": refund.id, "status": refund.status, "amount": refund.amount });
    if let Some(currency) = refund.currency {
        answer["currency"] = currency.into();
    }
    Ok(Json(answer).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    #[serde(default)]
    after: usize,
    #[serde(default = "usual_limit")]
    limit: usize,
}

fn usual_limit() -> usize {
    100
}

async fn list(
    State(sandbox): State<Sandbox>,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(ListQuery { after, limit }) = query.map_err(|error| invalid(&error.body_text()))?;
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(invalid(&format!("limit must be 1 to {LIMIT_MAX}, but is {limit}")));
    }
    let page = sandbox.list(after, limit).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], page).into_response())
}

async fn ledger(State(sandbox): State<Sandbox>) -> Result<Response, Refusal> {
    Ok(([(header::CONTENT_TYPE, "application/json")], sandbox.ledger().await?).into_response())
}

/// No answer at all: a body that fails before its first byte makes the server close the connection with nothing sent.
fn cut() -> Response {
    let broken = async { Err::<Bytes, _>(io::Error::other("cut on purpose")) };
    Body::from_stream(futures_util::stream::once(broken)).into_response()
}

fn idempotency_key(headers: &HeaderMap) -> Result<&str, Refusal> {
    let value = headers.get("idempotency-key").ok_or_else(|| invalid("the header Idempotency-Key is missing"))?;
    let key = value.to_str().map_err(|_| invalid("Idempotency-Key must be visible ASCII characters"))?;
    checked_key("Idempotency-Key", key)?;
    Ok(key)
}

fn checked_key(name: &str, key: &str) -> Result<(), Refusal> {
    let is_good = (1..=KEY_MAX).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    is_good.then_some(()).ok_or_else(|| invalid(&format!("{name} must be 1 to {KEY_MAX} visible ASCII characters")))
}

fn parsed<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| invalid(&format!("the body cannot be read: {error}")))
}

fn checked(body: ChargeBody) -> Result<ChargeRequest, Refusal> {
    let ChargeBody { amount, currency, card, description } = body;
    let card = card.filter(|card| !card.is_empty()).unwrap_or_else(|| "approve".to_owned());
    if !(1..=AMOUNT_MAX).contains(&amount) {
        return Err(invalid(&format!("amount must be more than 0 and at most {AMOUNT_MAX}, but is {amount}")));
    }
    if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(invalid("currency must be three capital letters"));
    }
    if card.chars().count() > TEXT_MAX || description.chars().count() > TEXT_MAX {
        return Err(invalid(&format!("card and description must be at most {TEXT_MAX} characters each")));
    }
    Ok(ChargeRequest { amount, currency, card, description })
}

fn invalid(message: &str) -> Refusal {
    Refusal::Invalid(message.to_owned())
}
