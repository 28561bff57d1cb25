//! The shop on many nodes, with a log between them and everything that can go wrong in between: messages late, twice, and in another order
//! but for those about the same thing; links that are cut; nodes that crash, with and without what they had just done; a provider that
//! answers late and twice. Time is virtual, and one seed decides everything, so whatever was found is found again.

mod network;
mod weather;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use contracts::commands::AddStock;
use contracts::{Answer, Message, Numbered, OfferingId, OrderId, ServiceName};
use engine::{Body, HandledBatch, Intent};
use testkit::Rig;

use crate::chance::Chance;
use crate::core_shop::{COUPON, Input, MOVIE, Provider, Rows, SHOP, SHOW, feed, first_offerings, message, rig_of};
use network::Network;
pub use weather::Fault;
use weather::Weather;

/// Each service alone.
pub const APART: [&[ServiceName]; 7] = [
    &[ServiceName::Stock],
    &[ServiceName::Order],
    &[ServiceName::Payment],
    &[ServiceName::Delivery],
    &[ServiceName::Points],
    &[ServiceName::Notification],
    &[ServiceName::MyPage],
];

/// So many milliseconds pass at a time while the shop is busy.
const MOMENT_MS: u64 = 50;
/// So long a quiet shop waits at a time: longer than the longest hold, and the longest patience for a step.
const REST_MS: u64 = 100_000_000;
/// The answers of the provider come at most so many moments later.
const LATE: u64 = 40;

/// A shop on several nodes.
struct Simulation {
    nodes: Vec<Option<Rig<Message, Answer>>>,
    grouping: Vec<Vec<ServiceName>>,
    network: Network,
    provider: Provider,
    chance: Chance,
    weather: Weather,
    /// Answers of the provider that are on their way: the moment, and the message.
    on_their_way: Vec<(u64, Message)>,
    moment: u64,
    asked: usize,
    orders: Vec<OrderId>,
}

/// What some runs came to.
#[derive(Debug, Default)]
pub struct Course {
    /// How many runs these are.
    pub runs: u64,
    /// How often each fault came about.
    pub faults: BTreeMap<Fault, u64>,
    /// How many orders ended in each state.
    pub states: BTreeMap<&'static str, usize>,
}

impl Course {
    fn add(&mut self, other: Self) {
        self.runs += other.runs;
        other.faults.into_iter().for_each(|(fault, times)| *self.faults.entry(fault).or_default() += times);
        other.states.into_iter().for_each(|(state, orders)| *self.states.entry(state).or_default() += orders);
    }
}

impl fmt::Display for Course {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { runs, faults, states } = self;
        write!(out, "{runs} seeds; orders: {states:?}; faults: {faults:?}")
    }
}

/// Runs a shop with each of `seeds`, in foul weather, on as many threads as there are cores.
///
/// # Errors
/// The seeds with which something did not hold; what that was is on standard error.
pub fn try_seeds(seeds: Range<u64>, grouping: &[&[ServiceName]], orders: usize) -> Result<Course, Vec<u64>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let done = Mutex::new((Course::default(), Vec::new()));
    let lock = || done.lock().unwrap_or_else(PoisonError::into_inner);
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let seeds = seeds.clone().skip(thread).step_by(threads);
            scope.spawn(move || {
                for seed in seeds {
                    let run = || Simulation::new(seed, grouping, Weather::foul()).run(orders);
                    match catch_unwind(AssertUnwindSafe(run)) {
                        Ok(course) => lock().0.add(course),
                        Err(_) => lock().1.push(seed),
                    }
                }
            });
        }
    });
    let (course, failed) = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    if failed.is_empty() { Ok(course) } else { Err(failed) }
}

impl Simulation {
    /// A shop whose services are hosted as `grouping` says, each once.
    fn new(seed: u64, grouping: &[&[ServiceName]], weather: Weather) -> Self {
        Self {
            nodes: grouping.iter().map(|hosted| Some(rig_of(hosted))).collect(),
            grouping: grouping.iter().map(|hosted| hosted.to_vec()).collect(),
            network: Network::new(grouping.len()),
            provider: Provider::default(),
            chance: Chance::of(seed),
            weather,
            on_their_way: Vec::new(),
            moment: 0,
            asked: 0,
            orders: Vec::new(),
        }
    }

    /// A day on which `orders` are placed, and much else is asked for; then everything heals, and comes to rest.
    fn run(mut self, orders: usize) -> Course {
        for message in first_offerings() {
            self.ask(message);
        }
        for storefront in [SHOW, MOVIE, COUPON, SHOP] {
            // So that most orders are not refused at once, and go all the way.
            let offering = OfferingId::of(storefront, 2);
            self.ask(AddStock::of(offering, 1_000).into());
        }
        while self.orders.len() < orders {
            self.pass(MOMENT_MS);
            for _ in 0..self.chance.below(3) {
                let any = || u8::try_from(self.chance.below(256)).unwrap_or(0);
                // Mostly orders and cancels. A wait is the weather's business.
                let what = if self.chance.one_in(6) { any() % 15 } else { any() % 11 };
                let op = (what, any(), any(), any());
                self.ask(message(op, &self.orders));
            }
            self.carry();
            self.strike();
        }
        self.heal();
        let rows = self.rows();
        rows.check(&self.provider, true);
        self.check_once();
        Course { runs: 1, faults: self.weather.counted(), states: rows.states() }
    }

    fn pass(&mut self, ms: u64) {
        self.moment += 1;
        for node in 0..self.nodes.len() {
            self.node(node).now += ms;
            self.batch(node, |_| ());
        }
        while let Some(at) = self.on_their_way.iter().position(|(moment, _)| *moment <= self.moment) {
            let (_, outcome) = self.on_their_way.remove(at);
            self.hand_in(&Input::Outcome(outcome));
        }
    }

    fn ask(&mut self, message: Message) {
        if let Some(Answer::Order(order)) = self.hand_in(&Input::Ask(message))
            && !self.orders.contains(&order)
        {
            self.orders.push(order);
        }
    }

    /// Hands `input` to the node that hosts whom it is for.
    fn hand_in(&mut self, input: &Input) -> Option<Answer> {
        let to = match input {
            Input::Ask(message) => message.to().expect("only commands are asked for"),
            _ => ServiceName::Payment,
        };
        let node = self.grouping.iter().position(|hosted| hosted.contains(&to)).expect("every service is hosted");
        let at = self.asked;
        self.asked += 1;
        self.batch(node, |core| feed(core, at, input)).unwrap_or_default()
    }

    fn node(&mut self, node: usize) -> &mut Rig<Message, Answer> {
        self.nodes[node].as_mut().expect("every node is up between two steps")
    }

    fn batch<T>(&mut self, node: usize, run: impl FnOnce(&mut engine::Core<Message, Answer>) -> T) -> T {
        let (done, batch) = self.node(node).batch(run);
        self.took(node, batch);
        done
    }

    fn took(&mut self, node: usize, batch: HandledBatch<Message>) {
        let hosts = self.node(node).core.hosts();
        self.network.append(node, batch.messages.iter().filter(|envelope| hosts.sends(envelope)));
        self.perform(batch.intents.into_iter().filter_map(|(_, intent)| intent));
    }

    fn perform(&mut self, intents: impl Iterator<Item = Intent>) {
        for intent in intents {
            let effect: Message = minicbor::decode(&intent.effect).expect("an intent can be read");
            let Some((outcome, _)) = self.provider.perform(&effect) else { continue };
            for _ in 0..self.weather.times(&self.chance, Fault::ProviderTwice) {
                let late = if self.weather.strikes(&self.chance, Fault::ProviderLate) { LATE } else { 3 };
                self.on_their_way.push((self.moment + self.chance.below(late), outcome.clone()));
            }
        }
    }

    /// Carries some of what is on its way between nodes, over those links that are not cut.
    fn carry(&mut self) {
        for _ in 0..self.nodes.len() * 12 {
            let (reader, from) = self.network.any_link(&self.chance);
            if !self.network.is_cut(reader, from.shard, self.moment) {
                let portion = 1 + usize::try_from(self.chance.below(6)).unwrap_or(0);
                self.deliver(reader, from, portion);
            }
        }
    }

    fn deliver(&mut self, reader: usize, from: engine::Source, portion: usize) -> usize {
        let repeat = if self.weather.strikes(&self.chance, Fault::MessagesTwice) { 8 } else { 0 };
        let entries = self.network.next(reader, from, portion, repeat);
        if entries.is_empty() {
            return 0;
        }
        if self.weather.strikes(&self.chance, Fault::BatchLost) {
            // It had handled them, and the journal never got to know.
            let rig = self.nodes[reader].take().expect("every node is up between two steps");
            let lost = rig.crash_before_append(|core| Network::hand(core, from, &entries));
            self.nodes[reader] = Some(lost);
            self.started(reader);
            return 0;
        }
        let taken = self.batch(reader, |core| Network::hand(core, from, &entries));
        self.network.took(reader, from, &entries[..taken])
    }

    fn strike(&mut self) {
        let node = usize::try_from(self.chance.below(self.nodes.len() as u64)).unwrap_or(0);
        if self.weather.strikes(&self.chance, Fault::Crash) {
            let rig = self.nodes[node].take().expect("every node is up between two steps");
            self.nodes[node] = Some(rig.reopen());
            self.started(node);
        }
        if self.weather.strikes(&self.chance, Fault::LinkCut) {
            let (reader, from) = self.network.any_link(&self.chance);
            self.network.cut(reader, from.shard, self.moment + 10 + self.chance.below(200));
        }
        if self.weather.strikes(&self.chance, Fault::LongWait) {
            let ms = 1_000 << self.chance.below(16);
            self.pass(ms);
        }
    }

    /// A node has started again: it reads on from where its own tables say it was, and has asked again what it intended.
    fn started(&mut self, node: usize) {
        for from in self.network.sources() {
            let received = self.node(node).core.received(from).expect("the tables can be read");
            self.network.reads_from(node, from, received);
        }
        let intents = self.node(node).intents();
        self.perform(intents.into_iter());
    }

    /// Nothing goes wrong any more, and time passes until nothing is under way.
    fn heal(&mut self) {
        self.weather.clear();
        self.network.mend();
        for _ in 0..12 {
            self.calm_down();
            if self.rows().under_way() == 0 && self.on_their_way.is_empty() {
                break;
            }
            self.moment += LATE;
            self.pass(REST_MS);
        }
        self.calm_down();
    }

    fn calm_down(&mut self) {
        for _ in 0..100_000 {
            let mut carried = 0;
            for reader in 0..self.nodes.len() {
                for from in self.network.sources() {
                    carried += self.deliver(reader, from, 64);
                }
            }
            if carried == 0 {
                return;
            }
        }
        panic!("messages go round and round");
    }

    /// Whatever was sent was taken in by each node at most once, and each command by the one that it is for.
    fn check_once(&mut self) {
        for node in 0..self.nodes.len() {
            let records = self.node(node).journal().read(1, usize::MAX >> 1).expect("the journal can be read");
            let bodies = records.iter().map(|record| Body::<Message>::read(record.seq, record.at, &record.body));
            let messages = bodies.flat_map(|body| body.expect("the body can be read").messages);
            let mut taken_in = BTreeSet::new();
            for envelope in messages.filter(|envelope| envelope.origin.is_some()) {
                assert!(taken_in.insert(envelope.origin), "it was taken in twice: {envelope:?}");
            }
            for (origin, to) in self.network.commands(node) {
                assert!(
                    !self.grouping[node].contains(&to) || taken_in.contains(&Some(origin)),
                    "the command {origin:?} was lost"
                );
            }
        }
    }

    fn rows(&mut self) -> Rows {
        let mut rows = Rows::default();
        for node in 0..self.nodes.len() {
            rows.add(self.node(node));
        }
        rows
    }
}
