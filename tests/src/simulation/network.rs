//! The log between the shards: what each of them sends, in parts; how far each of the others has read; and which links are cut.

use std::collections::BTreeMap;
use std::rc::Rc;

use contracts::{Answer, Message};
use engine::{Core, Envelope, Incoming, Origin, Source};
use typed::SubjectKey;

use super::guards::Guard;
use super::layout::Layout;
use crate::chance::Chance;

/// Into so many parts the messages of a shard go, by what they are about: those of one part stay in order.
const PARTITIONS: u32 = 3;

/// A message on its way.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    id: u64,
    subject: SubjectKey,
    /// For which shards it is: a bit for each.
    readers: u64,
    is_command: bool,
    bytes: Rc<[u8]>,
}

pub(super) struct Network {
    shards: usize,
    without: Option<Guard>,
    sent: BTreeMap<Source, Vec<Entry>>,
    /// By reader: the id that it has read up to.
    read: BTreeMap<(usize, Source), u64>,
    /// By reader and shard: the moment at which the link is mended.
    cut: BTreeMap<(usize, u32), u64>,
    /// How often messages were handed on.
    handed: u32,
}

impl Network {
    pub(super) fn new(shards: usize, without: Option<Guard>) -> Self {
        assert!(shards <= 64, "a shard has a bit");
        let (sent, read, cut) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { shards, without, sent, read, cut, handed: 0 }
    }

    /// Appends what `shard` sends.
    pub(super) fn append<'m>(
        &mut self,
        shard: usize,
        messages: impl Iterator<Item = &'m Envelope<Message>>,
        layout: &Layout,
        chance: &Chance,
    ) {
        for envelope in messages {
            let is_for = |reader: &usize| *reader != shard && layout.is_for(*reader, &envelope.message);
            let readers = (0..self.shards).filter(is_for).fold(0, |bits, reader| bits | 1 << reader);
            if readers == 0 {
                continue;
            }
            // Those about the same thing in the same part, which keeps them in order.
            let order = if self.without == Some(Guard::Order) { chance.number() } else { envelope.subject.number() };
            let partition = u32::try_from(order % u64::from(PARTITIONS)).unwrap_or(0);
            let entry = Entry {
                id: envelope.id,
                subject: envelope.subject,
                readers,
                is_command: envelope.message.to().is_some(),
                bytes: envelope.to_bytes().into(),
            };
            self.sent.entry(Source { shard: number(shard), partition }).or_default().push(entry);
        }
    }

    pub(super) fn sources(&self) -> Vec<Source> {
        self.sent.keys().copied().collect()
    }

    /// A reader, and what it may read from.
    pub(super) fn any_link(&self, chance: &Chance) -> (usize, Source) {
        let reader = usize::try_from(chance.below(self.shards as u64)).unwrap_or(0);
        let shard = u32::try_from(chance.below(self.shards as u64)).unwrap_or(0);
        let partition = u32::try_from(chance.below(u64::from(PARTITIONS))).unwrap_or(0);
        (reader, Source { shard, partition })
    }

    pub(super) fn cut(&mut self, reader: usize, shard: u32, until: u64) {
        self.cut.insert((reader, shard), until);
    }

    pub(super) fn is_cut(&self, reader: usize, shard: u32, moment: u64) -> bool {
        self.cut.get(&(reader, shard)).is_some_and(|until| moment < *until)
    }

    pub(super) fn mend(&mut self) {
        self.cut.clear();
    }

    /// Whether there is something from `from` that `reader` has not had.
    pub(super) fn has_news(&self, reader: usize, from: Source) -> bool {
        let Some(sent) = self.sent.get(&from) else { return false };
        let read = self.read.get(&(reader, from)).copied().unwrap_or_default();
        let news = sent.iter().rev().take_while(|entry| entry.id > read);
        news.into_iter().any(|entry| entry.readers & (1 << reader) != 0)
    }

    /// The next `portion` messages from `from` for `reader`, after `repeat` of those that it has had.
    pub(super) fn next(&self, reader: usize, from: Source, portion: usize, repeat: usize) -> Vec<Entry> {
        let Some(sent) = self.sent.get(&from) else { return Vec::new() };
        let read = self.read.get(&(reader, from)).copied().unwrap_or_default();
        let (had, news) = sent.split_at(sent.partition_point(|entry| entry.id <= read));
        let is_for = |entry: &&Entry| entry.readers & (1 << reader) != 0;
        let mut next: Vec<Entry> = news.iter().filter(is_for).take(portion).cloned().collect();
        if repeat > 0 && !next.is_empty() {
            let again: Vec<Entry> = had.iter().rev().filter(is_for).take(repeat).cloned().collect();
            next.splice(0..0, again.into_iter().rev());
        }
        next
    }

    /// The commands that were sent for `reader`.
    pub(super) fn commands(&self, reader: usize) -> impl Iterator<Item = Origin> {
        self.sent.iter().flat_map(move |(from, sent)| {
            let commands = sent.iter().filter(move |entry| entry.is_command && entry.readers & (1 << reader) != 0);
            commands.map(|entry| Origin { shard: from.shard, id: entry.id })
        })
    }

    /// As whose `entries` are handed on: always as those of somebody new, where nobody notes what was taken in.
    pub(super) fn source(&mut self, from: Source) -> Source {
        self.handed += 1;
        let partition = if self.without == Some(Guard::Watermark) { PARTITIONS + self.handed } else { from.partition };
        Source { partition, ..from }
    }

    /// Hands `entries` to the engine of a reader. Returns how many of them need not come again.
    pub(super) fn hand(core: &mut Core<Message, Answer>, from: Source, entries: &[Entry]) -> usize {
        let incoming: Vec<Incoming<'_>> = entries
            .iter()
            .map(|entry| Incoming { id: entry.id, subject: entry.subject, bytes: &entry.bytes })
            .collect();
        core.receive(from, &incoming).expect("the tables can be read")
    }

    /// Notes that `reader` has taken in `entries`. Returns how many it had not had.
    pub(super) fn took(&mut self, reader: usize, from: Source, entries: &[Entry]) -> usize {
        let read = self.read.entry((reader, from)).or_default();
        let news = entries.iter().filter(|entry| entry.id > *read).count();
        *read = entries.last().map_or(*read, |entry| entry.id.max(*read));
        news
    }

    /// `reader` reads on after the message `id`.
    pub(super) fn reads_from(&mut self, reader: usize, from: Source, id: u64) {
        self.read.insert((reader, from), id);
    }
}

/// The number of a shard.
fn number(shard: usize) -> u32 {
    u32::try_from(shard).unwrap_or(u32::MAX)
}
