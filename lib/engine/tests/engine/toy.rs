//! A service that does what its message says, one that listens, and the tables of both.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use engine::{Command, Context, IdempotencyKey, OpenCache, Service, Stop, row_cache};
use minicbor::{Decode, Encode};
use store::Migration;
use testkit::{Plan, Rig};
use typed::{Row, SubjectKey, Table, Text};

pub const DOER: u8 = 1;
pub const EAR: u8 = 2;

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub enum Message {
    /// To the doer: do this, in order.
    #[n(0)]
    Do(#[n(0)] u64, #[n(1)] Vec<Act>),
    /// From the doer, heard by the ear: the subject, and a word.
    #[n(1)]
    Event(#[n(0)] u64, #[n(1)] u64),
    /// To a service that is nowhere in most tests.
    #[n(2)]
    Elsewhere(#[n(0)] u64),
    /// From the doer, heard by nobody.
    #[n(3)]
    Chat(#[n(0)] u64, #[n(1)] Vec<Act>),
}

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub enum Act {
    #[n(0)]
    Put(#[n(0)] u64, #[n(1)] u64),
    #[n(1)]
    Delete(#[n(0)] u64),
    #[n(2)]
    PutNamed(#[n(0)] String, #[n(1)] u64),
    #[n(3)]
    DeleteNamed(#[n(0)] String),
    /// Reads a row, and fails unless it has this value.
    #[n(4)]
    Expect(#[n(0)] u64, #[n(1)] Option<u64>),
    #[n(5)]
    Say(#[n(0)] u64),
    #[n(6)]
    Wake(#[n(0)] u64, #[n(1)] u64, #[n(2)] Vec<Act>),
    #[n(7)]
    DoNotWake(#[n(0)] u64),
    #[n(8)]
    Intend(#[n(0)] u64, #[n(1)] u64),
    #[n(9)]
    Settle(#[n(0)] u64),
    #[n(10)]
    Fail,
    #[n(11)]
    Panic,
    #[n(12)]
    Answer(#[n(0)] u64),
    #[n(13)]
    Refuse,
    /// Adds one to a row.
    #[n(14)]
    Count(#[n(0)] u64),
    #[n(15)]
    Ask(#[n(0)] u64),
    /// Says as many messages to nobody as the first number, each with so many bytes as the second.
    #[n(16)]
    Chat(#[n(0)] u64, #[n(1)] u64),
}

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub enum Answer {
    #[n(0)]
    Done,
    #[n(1)]
    KeyReused,
    #[n(2)]
    Refused,
    #[n(3)]
    Number(#[n(0)] u64),
}

impl typed::Message for Message {
    fn kind(&self) -> u8 {
        match self {
            Self::Do(..) => 0,
            Self::Event(..) => 1,
            Self::Elsewhere(_) => 2,
            Self::Chat(..) => 3,
        }
    }
    fn name(&self) -> &'static str {
        ["Do", "Event", "Elsewhere", "Chat"][usize::from(self.kind())]
    }
    fn to(&self) -> Option<u8> {
        match self {
            Self::Do(..) => Some(DOER),
            Self::Event(..) | Self::Chat(..) => None,
            Self::Elsewhere(_) => Some(9),
        }
    }
    fn subject_key(&self) -> SubjectKey {
        match self {
            Self::Do(subject, _) | Self::Event(subject, _) | Self::Elsewhere(subject) | Self::Chat(subject, _) => {
                SubjectKey::new(*subject)
            }
        }
    }
}

impl typed::Answer for Answer {
    fn done() -> Self {
        Self::Done
    }
    fn key_reused() -> Self {
        Self::KeyReused
    }
    fn is_refusal(&self) -> bool {
        *self == Self::Refused
    }
}

typed::row! {
    /// A value under a number.
    pub struct Item in 900 "items" {
        0 id: u64,
        1 value: u64,
    }
}

typed::row! {
    /// A value under a name.
    pub struct Named in 901 "named" {
        0 name: Text,
        1 value: u64,
    }
}

typed::row! {
    /// What the ear heard of a subject, in order.
    pub struct Heard in 902 "heard" {
        0 subject: u64,
        1 words: Text,
    }
}

const MIGRATION: Migration = Migration {
    context: "toy",
    number: 1,
    sql: "CREATE TABLE items (id INTEGER PRIMARY KEY, value INTEGER NOT NULL);
          CREATE TABLE named (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
          CREATE TABLE heard (subject INTEGER PRIMARY KEY, words TEXT NOT NULL)",
};

pub struct Doer;

impl Service<Message, Answer> for Doer {
    fn number(&self) -> u8 {
        DOER
    }
    fn name(&self) -> &'static str {
        "doer"
    }
    fn listens(&self) -> &'static [u8] {
        &[]
    }
    fn tables(&self) -> Vec<OpenCache> {
        vec![row_cache::<Item>(), row_cache::<Named>()]
    }
    fn handle(&self, message: &Message, context: &mut Context<'_, Message, Answer>) -> Result<(), Stop> {
        let Message::Do(subject, acts) = message else { return Ok(()) };
        acts.iter().try_for_each(|act| act.perform(*subject, context))
    }
}

impl Act {
    fn perform(&self, subject: u64, context: &mut Context<'_, Message, Answer>) -> Result<(), Stop> {
        match self {
            Self::Put(id, value) => context.put(Item { id: *id, value: *value }),
            Self::Delete(id) => context.delete::<Item>(id),
            Self::PutNamed(name, value) => context.put(Named { name: name.as_str().into(), value: *value }),
            Self::DeleteNamed(name) => context.delete::<Named>(&name.as_str().into()),
            Self::Expect(id, value) => {
                let found = context.get::<Item>(id)?.map(|item| item.value);
                if found != *value {
                    return Err(Stop::fault(format!("{id} is {found:?}, not {value:?}")));
                }
            }
            Self::Say(word) => context.say(Message::Event(subject, *word)),
            Self::Ask(word) => context.say(Message::Elsewhere(*word)),
            Self::Chat(count, length) => {
                let acts = (0..length / 3).map(|_| Act::Settle(0)).collect::<Vec<_>>();
                (0..*count).for_each(|_| context.say(Message::Chat(subject, acts.clone())));
            }
            Self::Wake(key, at, acts) => context.wake(*key, *at, Message::Do(subject, acts.clone())),
            Self::DoNotWake(key) => context.do_not_wake(*key)?,
            Self::Intend(key, word) => context.intend(*key, Message::Event(subject, *word)),
            Self::Settle(key) => context.settle(*key)?,
            Self::Fail => return Err(Stop::fault("told to fail")),
            Self::Panic => panic!("told to panic"),
            Self::Answer(number) => context.answer(Answer::Number(*number)),
            Self::Refuse => context.answer(Answer::Refused),
            Self::Count(id) => {
                let value = context.get::<Item>(id)?.map_or(0, |item| item.value) + 1;
                context.put(Item { id: *id, value });
            }
        }
        Ok(())
    }
}

/// The words that the ear cannot bear to hear: on those below 100 it fails, on others it panics.
pub type Unbearable = Arc<Mutex<HashSet<u64>>>;

pub struct Ear(pub Unbearable);

impl Service<Message, Answer> for Ear {
    fn number(&self) -> u8 {
        EAR
    }
    fn name(&self) -> &'static str {
        "ear"
    }
    fn listens(&self) -> &'static [u8] {
        &[1]
    }
    fn tables(&self) -> Vec<OpenCache> {
        vec![row_cache::<Heard>()]
    }
    fn handle(&self, message: &Message, context: &mut Context<'_, Message, Answer>) -> Result<(), Stop> {
        let Message::Event(subject, word) = message else { return Ok(()) };
        let before = context.get::<Heard>(subject)?.map(|heard| heard.words).unwrap_or_default();
        context.put(Heard { subject: *subject, words: format!("{before}{word} ").into() });
        context.answer(Answer::Number(*word));
        let unbearable = self.0.lock().unwrap().contains(word);
        match word {
            _ if !unbearable => Ok(()),
            0..100 => Err(Stop::fault(format!("cannot bear {word}"))),
            _ => panic!("cannot bear {word}"),
        }
    }
}

pub fn tables() -> Vec<&'static Table> {
    [engine::tables(), vec![Item::TABLE, Named::TABLE, Heard::TABLE]].concat()
}

pub fn migrations() -> Vec<Migration> {
    engine::MIGRATIONS.into_iter().chain([MIGRATION]).collect()
}

pub fn rig_with(unbearable: &Unbearable) -> Rig<Message, Answer> {
    let unbearable = unbearable.clone();
    let services = Box::new(move || -> Vec<Box<dyn Service<Message, Answer>>> {
        vec![Box::new(Doer), Box::new(Ear(unbearable.clone()))]
    });
    Rig::new(std::rc::Rc::new(Plan { tables: tables(), services }), 1_000)
}

pub fn rig() -> Rig<Message, Answer> {
    rig_with(&Unbearable::default())
}

/// A request to do `acts`.
pub fn command(subject: u64, acts: Vec<Act>) -> Command<Message> {
    Command { message: Message::Do(subject, acts), correlation: 7, cause: 0, key: None }
}

/// The same with an idempotency key.
pub fn keyed(key: &str, fingerprint: u64, acts: Vec<Act>) -> Command<Message> {
    Command { key: Some(IdempotencyKey::new(key.to_owned(), fingerprint)), ..command(1, acts) }
}

/// Has `acts` done in a batch of their own.
pub fn run(
    rig: &mut Rig<Message, Answer>,
    subject: u64,
    acts: Vec<Act>,
) -> (Result<Answer, String>, engine::HandledBatch<Message>) {
    rig.batch(|core| core.command(command(subject, acts)))
}

/// The rows that the record of a batch changes, as table, key and whether the row is still there.
pub fn changes(batch: &engine::HandledBatch<Message>) -> Vec<(u16, typed::KeyValue, bool)> {
    let Some(record) = &batch.record else { return Vec::new() };
    let body = engine::Body::<Message>::read(record.seq, record.at, &record.body).unwrap();
    body.rows.iter().map(|change| (change.table, change.key.clone(), change.row.is_some())).collect()
}

pub fn item(rig: &mut Rig<Message, Answer>, id: u64) -> Option<u64> {
    rig.get::<Item>(&id).map(|item| item.value)
}

pub fn words(rig: &mut Rig<Message, Answer>, subject: u64) -> String {
    rig.get::<Heard>(&subject).map(|heard| heard.words.to_string()).unwrap_or_default()
}
