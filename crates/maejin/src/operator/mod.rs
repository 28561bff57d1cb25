//! What an operator can see and do while the shop runs: parked work, and how a delivery goes on. Below `/operator`, JSON.

mod act;
mod parked;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use contracts::{Answer, Code, Message, Numbered, OrderId, Rejection, StorefrontNo};
use engine::{Command, NotDone};
use futures_util::future::BoxFuture;
use gateway::{Caller, Mounted};
use http::{HeaderValue, Method, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::node::Running;

/// The prefix.
pub const PREFIX: &str = "/operator";

/// The operator's hands on a running node.
pub struct Operator {
    node: Arc<Running>,
    /// The storefronts, by name.
    storefronts: Vec<(String, StorefrontNo)>,
}

type Reply = Result<Value, Problem>;

/// Why the operator was not served.
enum Problem {
    NotFound,
    Method(&'static str),
    Rejected(Rejection),
    NotDone(NotDone),
}

impl Operator {
    /// For `node`, with the names of its storefronts.
    pub fn new(node: Arc<Running>, storefronts: Vec<(String, StorefrontNo)>) -> Self {
        Self { node, storefronts }
    }

    fn order(&self, storefront: &str, number: &str) -> Result<OrderId, Problem> {
        let (_, no) = self.storefronts.iter().find(|(name, _)| name == storefront).ok_or(Problem::NotFound)?;
        let number =
            number.parse().ok().filter(|n| (1..=contracts::NUMBER_MAX).contains(n)).ok_or(Problem::NotFound)?;
        Ok(OrderId::of(*no, number))
    }

    /// The name and number by which people know an order.
    fn named(&self, order: OrderId) -> Value {
        let name = self.storefronts.iter().find(|(_, no)| *no == order.storefront()).map(|(name, _)| name.as_str());
        json!({ "storefront": name, "order": order.number() })
    }

    async fn ask(&self, message: Message, caller: &Caller) -> Reply {
        let command = Command { message, correlation: caller.correlation, cause: 0, key: None };
        match self.node.engine.submit(command, |_, _| ()).await.map_err(Problem::NotDone)? {
            (Answer::Refused(rejection), ()) => Err(Problem::Rejected(rejection)),
            (Answer::Order(order), ()) => Ok(self.named(order)),
            _ => Ok(json!({})),
        }
    }

    async fn serve(&self, method: &Method, path: &[&str], caller: &Caller) -> Reply {
        match (path, method) {
            ([], &Method::GET) => Ok(json!({ "parked": format!("{PREFIX}/parked") })),
            (["parked"], &Method::GET) => self.parked().await,
            ([] | ["parked"], _) => Err(Problem::Method("GET")),
            (["parked", id, "redrive"], &Method::POST) => self.redrive(id).await,
            (["orders", storefront, number, act @ ("retry" | "give-up")], &Method::POST) => {
                self.unpark(self.order(storefront, number)?, act, caller).await
            }
            (["deliveries", storefront, number, act @ ("dispatch" | "complete")], &Method::POST) => {
                self.deliver(self.order(storefront, number)?, act, caller).await
            }
            (["parked", _, "redrive"] | ["orders" | "deliveries", _, _, _], _) => Err(Problem::Method("POST")),
            _ => Err(Problem::NotFound),
        }
    }
}

impl Mounted for Operator {
    fn answer(&self, request: Request, caller: Caller) -> BoxFuture<'_, Response<Body>> {
        Box::pin(async move {
            let rest = request.uri().path().strip_prefix(PREFIX).unwrap_or_default();
            let path: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
            match self.serve(request.method(), &path, &caller).await {
                Ok(body) => answer(StatusCode::OK, "application/json", &body),
                Err(problem) => refusal(problem),
            }
        })
    }

    fn title(&self) -> &'static str {
        "Operator"
    }

    fn paths(&self) -> Vec<String> {
        vec!["parked".to_owned()]
    }
}

fn refusal(problem: Problem) -> Response<Body> {
    let (status, code, detail) = match &problem {
        Problem::NotFound => (StatusCode::NOT_FOUND, Code::NotFound.as_str(), "there is nothing here".to_owned()),
        Problem::Method(_) => {
            (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "another method is meant".to_owned())
        }
        Problem::Rejected(rejection) if rejection.code == Code::NotFound => {
            (StatusCode::NOT_FOUND, rejection.code.as_str(), rejection.message.clone())
        }
        Problem::Rejected(rejection) => (StatusCode::CONFLICT, rejection.code.as_str(), rejection.message.clone()),
        Problem::NotDone(NotDone::Busy | NotDone::Stopped) => {
            (StatusCode::SERVICE_UNAVAILABLE, "busy", "send it again in a moment".to_owned())
        }
        Problem::NotDone(why) => {
            tracing::error!(%why, "an operator was not served");
            (StatusCode::INTERNAL_SERVER_ERROR, "fault", "it could not be done; the log says why".to_owned())
        }
    };
    let title = status.canonical_reason().unwrap_or("Error");
    let body =
        json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "code": code, "detail": detail });
    let mut response = answer(status, "application/problem+json", &body);
    if let Problem::Method(allow) = problem {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

fn answer(status: StatusCode, media: &'static str, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response
}
