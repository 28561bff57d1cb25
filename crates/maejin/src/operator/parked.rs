//! Parked work: messages that a service could not handle, and orders that cannot go on.

use contracts::ServiceName;
use engine::Parked;
use order::Order;
use serde_json::{Value, json};
use store::TableReader;

use super::{Operator, Problem, Reply};

/// So many of each are shown.
const SHOWN: i64 = 1_000;

impl Operator {
    /// What is parked, oldest first.
    pub(super) async fn parked(&self) -> Reply {
        let read = |reader: &mut dyn TableReader| {
            let limit = [typed::Sql::Int(SHOWN)];
            let messages = store::select::<Parked>(reader, "ORDER BY id LIMIT ?1", &limit)?;
            let orders = store::select::<Order>(reader, "WHERE parked IS NOT NULL ORDER BY id LIMIT ?1", &limit)?;
            Ok((messages, orders))
        };
        let (messages, orders) = self.node.engine.scan(read).await.map_err(Problem::NotDone)?;
        let orders: Vec<Value> = orders.iter().map(|order| self.shown(order)).collect();
        Ok(json!({ "messages": messages.iter().map(message).collect::<Vec<_>>(), "orders": orders }))
    }

    /// Hands a parked message over again, and those that wait behind it.
    pub(super) async fn redrive(&self, id: &str) -> Reply {
        let id = id.parse().map_err(|_| Problem::NotFound)?;
        self.node.engine.settle_tables().await.map_err(Problem::NotDone)?;
        let redriven = self.node.engine.look(move |core| core.redrive(id)).await.map_err(Problem::NotDone)?;
        match redriven.map_err(|error| Problem::NotDone(error.into()))? {
            Some(handled) => Ok(json!({ "handled": handled })),
            None => Err(Problem::NotFound),
        }
    }

    fn shown(&self, order: &Order) -> Value {
        let mut shown = self.named(order.id);
        shown["state"] = order.state.as_str().into();
        shown["reason"] = order.parked.as_deref().unwrap_or_default().into();
        shown
    }
}

fn message(parked: &Parked) -> Value {
    let service = ServiceName::ALL.iter().find(|service| **service as u8 == parked.service);
    json!({
        "id": parked.id.to_string(),
        "service": service.map(|service| service.as_str()),
        "message": &*parked.name,
        "subject": parked.subject.to_string(),
        "reason": parked.reason.as_deref(),
        "waits_behind": parked.reason.is_none(),
        "since_ms": parked.at,
        "correlation_id": format!("{:016x}", parked.correlation),
    })
}
