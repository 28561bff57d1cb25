//! What is parked on a node, and what is done about it.

use std::collections::HashMap;

use backend::{ParkedLine, ParkedMessage, Steer, Steered, WhichParked};
use contracts::display::order_of;
use contracts::events::MessageGivenUp;
use contracts::{Message, ServiceName, Subject, SubjectKey};
use engine::{NodeError, Parked};
use store::{Find, StoreError, TableReader};

use crate::Running;

/// So many of those that are still parked are counted.
const COUNTED: u64 = 1_000_000;

/// Those that are wanted, the oldest first.
pub(crate) fn list(reader: &mut dyn TableReader, which: WhichParked) -> Result<Vec<ParkedMessage>, StoreError> {
    let lines = Lines::read(reader)?;
    let by_age = || Find::<Parked>::all().by(Parked::COLUMNS.id.asc());
    let find = match which {
        WhichParked::First(limit) => {
            let first = lines.first.iter().take(usize::try_from(limit).unwrap_or(usize::MAX)).copied();
            by_age().with(Parked::COLUMNS.id.one_of(first))
        }
        WhichParked::All(limit) => by_age().limit(limit),
        WhichParked::About(order, limit) => {
            by_age().with(Parked::COLUMNS.subject.is(Subject::Order(order).key())).limit(limit)
        }
    };
    let found = find.rows(reader)?;
    Ok(found.iter().map(|parked| message(parked, lines.followers(parked))).collect())
}

/// The message `id`, and `limit` of those of the same service about the same thing.
pub(crate) fn line(reader: &mut dyn TableReader, id: u64, limit: u64) -> Result<Option<ParkedLine>, StoreError> {
    let Some(parked) = one(reader, id)? else { return Ok(None) };
    let line = same(reader, &parked, limit)?;
    let behind = line.iter().filter(|other| other.id > parked.id).count() as u64;
    Ok(Some(ParkedLine {
        message: message(&parked, behind),
        content: parked.content::<Message>(),
        line: line.iter().map(|parked| message(parked, 0)).collect(),
    }))
}

/// Does something about a parked message.
pub(crate) async fn steer(node: &Running, act: Steer) -> Result<Option<Steered>, NodeError> {
    let (Steer::Redrive(id) | Steer::GiveUp(id)) = act;
    let Some(parked) = node.engine.scan(move |reader| one(reader, id)).await? else { return Ok(None) };
    let done = node.engine.act(move |core| match act {
        Steer::Redrive(id) => core.redrive(id),
        Steer::GiveUp(id) => core.give_up(id, given_up),
    });
    let Some(handled) = done.await?? else { return Ok(None) };
    let left = node.engine.scan(move |reader| same(reader, &parked, COUNTED)).await.map_err(|_| NodeError::Unknown)?;
    let (still_parked, first) = (left.len() as u64, left.first().map(|first| message(first, 0)));
    Ok(Some(Steered { handled: handled as u64, still_parked, first }))
}

/// What is said of a message that is given up; nothing where its service is not one of this shop, and so has no name.
fn given_up(parked: &Parked) -> Option<Message> {
    let service = ServiceName::ALL.into_iter().find(|service| *service as u8 == parked.service)?;
    let (name, reason) = (parked.name.clone(), parked.reason.clone());
    Some(MessageGivenUp { service, name, reason, order: order_of(parked.subject) }.into())
}

fn one(reader: &mut dyn TableReader, id: u64) -> Result<Option<Parked>, StoreError> {
    // No higher number is an id: the tables have none.
    if i64::try_from(id).is_err() {
        return Ok(None);
    }
    Find::<Parked>::all().with(Parked::COLUMNS.id.is(id)).one(reader)
}

/// What is parked for the same service about the same thing, oldest first; of what nothing waits behind, that alone.
fn same(reader: &mut dyn TableReader, parked: &Parked, limit: u64) -> Result<Vec<Parked>, StoreError> {
    if is_alone(parked) {
        return Ok(one(reader, parked.id)?.into_iter().collect());
    }
    let same = Find::<Parked>::all().with(Parked::COLUMNS.service.is(parked.service));
    let same = same.with(Parked::COLUMNS.subject.is(parked.subject)).with(Parked::COLUMNS.intent.is_none());
    same.by(Parked::COLUMNS.id.asc()).limit(limit).rows(reader)
}

fn is_alone(parked: &Parked) -> bool {
    parked.subject.is_none() || parked.intent.is_some()
}

/// What waits behind what.
#[derive(Default)]
struct Lines {
    /// Messages that nothing else is parked before, the oldest first.
    first: Vec<u64>,
    /// By service and subject: the oldest message, and how many there are.
    followed: HashMap<(u8, SubjectKey), (u64, u64)>,
}

impl Lines {
    fn read(reader: &mut dyn TableReader) -> Result<Self, StoreError> {
        let Self { mut first, mut followed } = Self::default();
        let columns = (Parked::COLUMNS.id, Parked::COLUMNS.service, Parked::COLUMNS.subject, Parked::COLUMNS.intent);
        let by_age = Find::<Parked>::all().by(Parked::COLUMNS.id.asc());
        by_age.each(reader, columns, |(id, service, subject, intent)| {
            if subject.is_none() || intent.is_some() {
                first.push(id);
                return;
            }
            let line = followed.entry((service, subject)).or_insert_with(|| {
                first.push(id);
                (id, 0)
            });
            line.1 += 1;
        })?;
        Ok(Self { first, followed })
    }

    fn followers(&self, parked: &Parked) -> u64 {
        let line = self.followed.get(&(parked.service, parked.subject)).filter(|_| !is_alone(parked));
        line.filter(|(first, _)| *first == parked.id).map_or(0, |(_, count)| count - 1)
    }
}

fn message(parked: &Parked, followers: u64) -> ParkedMessage {
    let Parked { id, service, subject, ref name, message: _, ref reason, at, correlation, message_id, intent } =
        *parked;
    let (name, reason, is_effect) = (name.clone(), reason.clone(), intent.is_some());
    ParkedMessage { id, service, subject, name, reason, is_effect, at, correlation, message_id, followers }
}
