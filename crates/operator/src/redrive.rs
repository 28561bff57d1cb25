//! Parked messages, handed over again or given up.

use contracts::events::MessageGivenUp;
use contracts::{Answer, Message, ServiceName};
use engine::{Core, NodeError, Parked};
use serde_json::{Value, json};
use store::{StoreError, TableReader, select};

use super::{Operator, OperatorError, Reply};
use contracts::display::order_of;

/// So many of those that are still parked are counted.
const COUNTED: i64 = 1_000_000;

impl Operator {
    /// Hands a parked message over again, and those that wait behind it.
    pub(super) async fn redrive(&self, id: &str) -> Reply {
        self.on_parked(id, |core, id| core.redrive(id)).await
    }

    /// Does without a parked message, says so in the journal, and hands over those that wait behind it.
    pub(super) async fn give_up(&self, id: &str) -> Reply {
        self.on_parked(id, |core, id| core.give_up(id, given_up)).await
    }

    async fn on_parked(
        &self,
        id: &str,
        act: impl FnOnce(&mut Core<Message, Answer>, u64) -> Result<Option<usize>, StoreError> + Send + 'static,
    ) -> Reply {
        let number: u64 = id.parse().map_err(|_| OperatorError::nothing_parked(id))?;
        let find = move |reader: &mut dyn TableReader| {
            select::<Parked>(reader, "WHERE id = ?1", &[typed::Sql::Int(i64::try_from(number).unwrap_or(-1))])
        };
        let found = self.node.engine.scan(find).await?.pop();
        let Some(parked) = found else { return Err(OperatorError::nothing_parked(id)) };
        let handled = self.node.engine.act(move |core| act(core, number)).await??;
        let Some(handled) = handled else { return Err(OperatorError::nothing_parked(id)) };
        let left = self.node.engine.scan(move |reader| same(reader, &parked)).await.map_err(|_| NodeError::Unknown)?;
        Ok(outcome(number, handled, &left))
    }
}

/// What is said of a message that is given up; nothing where its service is not one of this shop, and so has no name.
fn given_up(parked: &Parked) -> Option<Message> {
    let service = ServiceName::ALL.into_iter().find(|service| *service as u8 == parked.service)?;
    let (name, reason) = (parked.name.clone(), parked.reason.clone());
    Some(MessageGivenUp { service, name, reason, order: order_of(parked.subject) }.into())
}

/// What is still parked for the same service about the same thing, oldest first.
fn same(reader: &mut dyn TableReader, parked: &Parked) -> Result<Vec<Parked>, StoreError> {
    let int = |number: u64| typed::Sql::Int(i64::try_from(number).unwrap_or(i64::MAX));
    if parked.subject.is_none() || parked.intent.is_some() {
        return select::<Parked>(reader, "WHERE id = ?1", &[int(parked.id)]);
    }
    let key = [int(u64::from(parked.service)), int(parked.subject.number()), typed::Sql::Int(COUNTED)];
    select::<Parked>(reader, "WHERE service = ?1 AND subject = ?2 AND intent IS NULL ORDER BY id LIMIT ?3", &key)
}

fn outcome(id: u64, handled: usize, left: &[Parked]) -> Value {
    let first = left.first();
    json!({
        "id": id.to_string(),
        "handled": handled,
        "still_parked": left.len(),
        "first_parked": first.map(|first| first.id.to_string()),
        "reason": first.and_then(|first| first.reason.as_deref()),
    })
}
