//! The log between the nodes: what each of them sends, in parts; how far each of the others has read; and which links are cut.

use std::collections::BTreeMap;

use contracts::{Answer, Message, ServiceName};
use engine::{Core, Envelope, Incoming, Origin, Source};
use typed::SubjectKey;

use crate::chance::Chance;

/// Into so many parts the messages of a node go, by what they are about: those of one part stay in order.
const PARTITIONS: u32 = 3;

/// A message on its way.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    id: u64,
    subject: SubjectKey,
    /// Whom it is for, if it is a command.
    to: Option<ServiceName>,
    bytes: Vec<u8>,
}

pub(super) struct Network {
    nodes: usize,
    sent: BTreeMap<Source, Vec<Entry>>,
    /// By reader: the id that it has read up to.
    read: BTreeMap<(usize, Source), u64>,
    /// By reader and shard: the moment at which the link is mended.
    cut: BTreeMap<(usize, u32), u64>,
}

impl Network {
    pub(super) fn new(nodes: usize) -> Self {
        Self { nodes, sent: BTreeMap::new(), read: BTreeMap::new(), cut: BTreeMap::new() }
    }

    /// Appends what the node `node` sends.
    pub(super) fn append<'m>(&mut self, node: usize, messages: impl Iterator<Item = &'m Envelope<Message>>) {
        for envelope in messages {
            let partition = u32::try_from(envelope.subject.number() % u64::from(PARTITIONS)).unwrap_or(0);
            let from = Source { shard: shard(node), partition };
            let entry = Entry {
                id: envelope.id,
                subject: envelope.subject,
                to: envelope.message.to(),
                bytes: envelope.to_bytes(),
            };
            self.sent.entry(from).or_default().push(entry);
        }
    }

    pub(super) fn sources(&self) -> Vec<Source> {
        self.sent.keys().copied().collect()
    }

    /// A reader, and what it may read from.
    pub(super) fn any_link(&self, chance: &Chance) -> (usize, Source) {
        let reader = usize::try_from(chance.below(self.nodes as u64)).unwrap_or(0);
        let shard = u32::try_from(chance.below(self.nodes as u64)).unwrap_or(0);
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

    /// The next `portion` messages from `from` for `reader`, after `repeat` of those that it has had. Nobody reads what it sent itself.
    pub(super) fn next(&self, reader: usize, from: Source, portion: usize, repeat: usize) -> Vec<Entry> {
        if shard(reader) == from.shard {
            return Vec::new();
        }
        let Some(sent) = self.sent.get(&from) else { return Vec::new() };
        let read = self.read.get(&(reader, from)).copied().unwrap_or_default();
        let had = sent.partition_point(|entry| entry.id <= read);
        if had == sent.len() {
            return Vec::new();
        }
        sent[had.saturating_sub(repeat)..sent.len().min(had + portion)].to_vec()
    }

    /// The commands that nodes other than `reader` sent, and whom they are for.
    pub(super) fn commands(&self, reader: usize) -> impl Iterator<Item = (Origin, ServiceName)> {
        let others = self.sent.iter().filter(move |(from, _)| from.shard != shard(reader));
        others.flat_map(|(from, sent)| {
            sent.iter().filter_map(|entry| Some((Origin { shard: from.shard, id: entry.id }, entry.to?)))
        })
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

/// The number of the only shard of a node.
fn shard(node: usize) -> u32 {
    u32::try_from(node).unwrap_or(u32::MAX)
}
