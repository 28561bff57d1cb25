//! The shop on two nodes with a log between them, in which every message is late and comes more than once: the same as on one node.
#![expect(clippy::unwrap_used, reason = "all of this is tests, also what is no test function")]

use contracts::{Answer, Message, ServiceName};
use engine::{Body, Incoming, Source};
use eventlog::{Entry, EventLog, InProcessLog};
use proptest::prelude::*;
use testkit::Rig;
use tests::core_shop::{CoreShop, Input, Op, busy, check, feed, offerings, rig, rig_of};
use typed::{SubjectKey, Table};

const FIRST: &[ServiceName] = &[ServiceName::Stock, ServiceName::Points];
const SECOND: &[ServiceName] =
    &[ServiceName::Order, ServiceName::Payment, ServiceName::Delivery, ServiceName::Notification, ServiceName::MyPage];
const NAMES: [&str; 2] = ["first", "second"];

/// How the log and the nodes behave, over and over.
#[derive(Debug, Clone)]
struct Weather {
    /// So many messages are delivered at a time.
    portions: Vec<usize>,
    /// So many that were handled before come again in front of them.
    repeats: Vec<usize>,
    /// Whether the node that is delivered to crashes afterwards.
    crashes: Vec<bool>,
}

struct Pair {
    nodes: [Option<Rig<Message, Answer>>; 2],
    /// How far the journal of each node is in the log.
    relayed: [u64; 2],
    /// How far each node has read the other's log. After a crash it goes on from what it has handled.
    read: [u64; 2],
    log: InProcessLog,
    weather: Weather,
    rounds: usize,
    /// Whether a node may crash before the next input. One that always did would never get past what concerns nobody there.
    may_crash: bool,
}

impl Pair {
    fn new(weather: Weather) -> Self {
        let nodes = [Some(rig_of(FIRST)), Some(rig_of(SECOND))];
        Self { nodes, relayed: [0; 2], read: [0; 2], log: InProcessLog::default(), weather, rounds: 0, may_crash: true }
    }

    fn node(&mut self, node: usize) -> &mut Rig<Message, Answer> {
        self.nodes[node].as_mut().unwrap()
    }

    fn take(&mut self, at: usize, input: &Input) {
        self.may_crash = true;
        let to = match input {
            Input::Ask(message) | Input::Outcome(message) => message.to().unwrap(),
            Input::Wait(ms) => {
                (0..2).for_each(|node| self.node(node).now += ms);
                for node in 0..2 {
                    self.node(node).batch(|_| ());
                    self.calm_down();
                }
                return;
            }
        };
        let node = usize::from(!FIRST.contains(&to));
        self.node(node).batch(|core| feed(core, at, input).unwrap());
        self.calm_down();
    }

    /// Carries messages to and fro until none is left.
    fn calm_down(&mut self) {
        let calm = (0..1_000).any(|_| (0..2).map(|node| self.relay(node) + self.deliver(node)).sum::<usize>() == 0);
        assert!(calm, "messages go round and round");
    }

    /// Appends to the log what the journal of a node has beyond it; what came before again, too, as after a crash.
    fn relay(&mut self, node: usize) -> usize {
        let from = self.relayed[node].saturating_sub(3);
        let rig = self.node(node);
        let hosts = rig.core.hosts();
        let records = rig.journal().read(from + 1, usize::MAX >> 1).unwrap();
        let mut entries = Vec::new();
        for record in &records {
            let body = Body::<Message>::read(record.seq, record.at, &record.body).unwrap();
            entries.extend(body.messages.iter().filter(|envelope| hosts.sends(envelope)).map(|envelope| Entry {
                seq: envelope.id,
                key: envelope.subject.number(),
                body: envelope.to_bytes().into(),
            }));
        }
        self.log.append(NAMES[node], &entries).unwrap();
        let last = records.last().map_or(from, |record| record.seq);
        let news = last - self.relayed[node];
        self.relayed[node] = last;
        usize::try_from(news).unwrap()
    }

    /// Delivers to a node some of what it has not had, after some of what it has had. Returns how much it had not had.
    fn deliver(&mut self, node: usize) -> usize {
        let (source, from) = (NAMES[1 - node], source(1 - node));
        let round = self.rounds;
        self.rounds += 1;
        let of = |all: &[usize]| all[round % all.len()];
        let (portion, repeat) = (of(&self.weather.portions).max(1), of(&self.weather.repeats));
        let mut entries = self.log.read(source, 0, usize::MAX).unwrap();
        let had = entries.iter().take_while(|entry| entry.seq <= self.read[node]).count();
        entries.truncate(had + portion);
        let news = entries.len() - had;
        self.read[node] = entries.last().map_or(0, |entry| entry.seq);
        self.node(node).batch(|core| {
            // Each twice in a row, besides.
            let again = entries[had.saturating_sub(repeat)..].iter().flat_map(|entry| [entry, entry]);
            let incoming: Vec<Incoming<'_>> = again
                .map(|entry| Incoming { id: entry.seq, subject: SubjectKey::new(entry.key), bytes: &entry.body })
                .collect();
            assert_eq!(core.receive(from, &incoming).unwrap(), incoming.len());
        });
        if self.may_crash && self.weather.crashes[round % self.weather.crashes.len()] {
            self.may_crash = false;
            self.nodes[node] = self.nodes[node].take().map(Rig::reopen);
            self.read[node] = self.node(node).core.received(from).unwrap();
        }
        news
    }
}

/// What comes from the node `node`.
fn source(node: usize) -> Source {
    Source { shard: u32::try_from(node).unwrap(), partition: 0 }
}

fn weather() -> impl Strategy<Value = Weather> {
    let numbers = |most: usize| prop::collection::vec(0..most, 1..6);
    let crashes = prop::collection::vec(prop::bool::weighted(0.03), 1..40);
    (numbers(6), numbers(12), crashes).prop_map(|(portions, repeats, crashes)| Weather { portions, repeats, crashes })
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    prop::collection::vec((any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>()), 0..40)
}

/// The tables of the services on each node.
fn tables_of(node: usize) -> Vec<&'static Table> {
    let here = if node == 0 { FIRST } else { SECOND };
    let hosted = host::HOSTED.iter().filter(|hosted| here.contains(&hosted.name));
    hosted.flat_map(|hosted| (hosted.tables)()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_nodes_come_to_the_same_as_one(ops in ops(), weather in weather()) {
        let mut shop = CoreShop::new(rig());
        shop.is_punctual = true;
        offerings(&mut shop);
        busy(&mut shop, &ops);
        shop.rest();
        check(&mut shop, true);
        let mut pair = Pair::new(weather);
        for (at, input) in shop.inputs.iter().enumerate() {
            pair.take(at, input);
        }
        for node in 0..2 {
            prop_assert_eq!(pair.node(node).all::<engine::Parked>(), []);
            let (one, two) = (shop.rig.rows(&tables_of(node)), pair.node(node).rows(&tables_of(node)));
            for (table, rows) in one {
                for (at, row) in rows.iter().enumerate() {
                    prop_assert_eq!(Some(row), two[table].get(at), "row {} of {}", at, table);
                }
                prop_assert_eq!(rows.len(), two[table].len(), "{}", table);
            }
        }
    }
}
