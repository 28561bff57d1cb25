//! The shop on many shards, with a log between them and everything that can go wrong in between: messages late, twice, and in another order
//! but for those about the same thing; links that are cut; owners that crash, with and without what they had just done, or are taken over from
//! while they sleep, and wake; answers that get lost; a provider that answers late and twice. Time is virtual, and one seed decides everything,
//! so whatever was found is found again.

mod clients;
mod guards;
mod layout;
mod network;
mod owner;
mod weather;
mod zombies;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::num::NonZeroU32;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::{Mutex, PoisonError};

use contracts::commands::AddStock;
use contracts::{Answer, Message, Numbered, OfferingId, OrderId, ServiceName, Subject};
use engine::{Body, Core, Envelope, HandledBatch, Intent, Tables};

use crate::chance::Chance;
use crate::core_shop::{COUPON, MOVIE, OPENING, Provider, Rows, SHOP, SHOW, first_offerings, message, recipes, tables};
use clients::{Clients, Request};
pub use guards::Guard;
use layout::Layout;
use network::Network;
use owner::{Owner, Place};
pub use weather::Fault;
use weather::Weather;
use zombies::Zombie;

/// Each service alone.
const APART: [&[ServiceName]; 7] = [
    &[ServiceName::Stock],
    &[ServiceName::Order],
    &[ServiceName::Payment],
    &[ServiceName::Delivery],
    &[ServiceName::Points],
    &[ServiceName::Notification],
    &[ServiceName::MyPage],
];
/// All that an order's course goes through together, as far as it goes by storefront; and what goes by customer.
const TOGETHER: [&[ServiceName]; 2] = [
    &[ServiceName::Stock, ServiceName::Order, ServiceName::Payment, ServiceName::Delivery, ServiceName::Notification],
    &[ServiceName::Points, ServiceName::MyPage],
];
/// Into so many parts the storefronts go, and the customers, each on a shard of its own.
const PARTS: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);
/// In one of so many seeds services are together.
const TOGETHER_IN: u64 = 4;

/// So many milliseconds pass at a time while the shop is busy.
const MOMENT_MS: u64 = 50;
/// So long a quiet shop waits at a time: longer than the longest hold, and the longest patience for a step.
const REST_MS: u64 = 100_000_000;
/// The answers of the provider come at most so many moments later.
const LATE: u64 = 40;

/// A shop on several shards.
struct Simulation {
    layout: Layout,
    owners: Vec<Owner>,
    zombies: Vec<Zombie>,
    network: Network,
    clients: Clients,
    provider: Provider,
    chance: Chance,
    weather: Weather,
    without: Option<Guard>,
    /// By shard: how far its journal was sent on.
    sent: Vec<u64>,
    /// Answers of the provider that are on their way: the moment, and the message.
    on_their_way: Vec<(u64, Message)>,
    moment: u64,
    /// In milliseconds since the Unix epoch.
    now: u64,
    orders: Vec<OrderId>,
}

/// What some runs came to.
#[derive(Debug, Default, PartialEq, Eq)]
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

/// Runs a shop with each of `seeds`, in foul weather, on as many threads as there are cores; `without` a guard, if one is named.
///
/// # Errors
/// The seeds with which something did not hold; what that was is on standard error.
pub fn try_seeds(seeds: Range<u64>, orders: usize, without: Option<Guard>) -> Result<Course, Vec<u64>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let done = Mutex::new((Course::default(), Vec::new()));
    let lock = || done.lock().unwrap_or_else(PoisonError::into_inner);
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let seeds = seeds.clone().skip(thread).step_by(threads);
            scope.spawn(move || {
                saga::switches::undo_the_first_first(without == Some(Guard::Undo));
                for seed in seeds {
                    let run = || Simulation::new(seed, Weather::foul(), without).run(orders);
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
    fn new(seed: u64, weather: Weather, without: Option<Guard>) -> Self {
        let groups: &[&[ServiceName]] = if seed.is_multiple_of(TOGETHER_IN) { &TOGETHER } else { &APART };
        let layout = Layout::new(groups, PARTS);
        let (recipes, tables) = (Rc::new(recipes()), Rc::new(Tables::new(tables())));
        let place = |services: &[ServiceName]| Place::new(services.to_vec(), recipes.clone(), tables.clone(), without);
        Self {
            owners: layout.shards.iter().map(|shard| Owner::take_over(&place(&shard.services))).collect(),
            zombies: Vec::new(),
            network: Network::new(layout.shards.len(), without),
            clients: Clients::default(),
            provider: Provider::default(),
            chance: Chance::of(seed),
            weather,
            without,
            sent: vec![0; layout.shards.len()],
            on_their_way: Vec::new(),
            moment: 0,
            now: OPENING,
            orders: Vec::new(),
            layout,
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
            for request in self.clients.asking_again() {
                self.send(request);
            }
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
        rows.are_placed_once();
        self.check_once();
        Course { runs: 1, faults: self.weather.counted(), states: rows.states() }
    }

    fn pass(&mut self, ms: u64) {
        self.moment += 1;
        self.now += ms;
        for shard in 0..self.owners.len() {
            if self.owners[shard].is_due(self.now) {
                self.batch(shard, |_| ());
            }
        }
        while let Some(at) = self.on_their_way.iter().position(|(moment, _)| *moment <= self.moment) {
            let (_, outcome) = self.on_their_way.remove(at);
            self.hear_provider(outcome);
        }
        self.wake_zombies(false);
    }

    fn ask(&mut self, message: Message) {
        let request = self.clients.ask(message);
        self.send(request);
    }

    /// Sends a request to whom its client takes for the owner.
    fn send(&mut self, request: Request) {
        let shard = self.layout.handles(&request.message);
        let Some(request) = self.send_to_zombie(shard, request) else { return };
        if self.weather.strikes(&self.chance, Fault::OutcomeUnknown) {
            let (again, without) = (request.clone(), self.without);
            let (_, batch) = self.owners[shard].handle(self.now, |core| request.hand(core, without));
            if self.chance.one_in(2) {
                self.owners[shard].append(&batch).expect("an owner's record is taken");
            }
            // Who takes the next epoch and reads the last record knows; what it says, its heir says.
            self.start_again(shard);
            return self.clients.heard_nothing(again);
        }
        let (asked, without) = (request.clone(), self.without);
        let answer = self.batch(shard, |core| request.hand(core, without));
        self.answer(asked, answer);
    }

    /// `request` was answered, if the answer arrives.
    fn answer(&mut self, request: Request, answer: Option<Answer>) {
        if self.weather.strikes(&self.chance, Fault::AnswerLost) {
            return self.clients.heard_nothing(request);
        }
        let order = answer.and_then(|answer| self.clients.heard(&request, &answer));
        self.orders.extend(order);
    }

    fn hear_provider(&mut self, outcome: Message) {
        let Some(Subject::Order(order)) = outcome.subject() else { panic!("the provider speaks of orders") };
        let shard = self.layout.of_storefront(ServiceName::Payment, order.storefront());
        self.batch(shard, |core| core.dispatch(ServiceName::Payment as u8, outcome, 0, 0));
    }

    /// Has the owner of `shard` handle a batch.
    fn batch<T>(&mut self, shard: usize, run: impl FnOnce(&mut Core<Message, Answer>) -> T) -> T {
        let handled = self.owners[shard].batch(self.now, run);
        let (done, batch) = handled.expect("an owner's record is taken");
        self.took(shard, batch);
        done
    }

    /// A record of `shard` is durable.
    fn took(&mut self, shard: usize, batch: HandledBatch<Message>) {
        if let Some(record) = &batch.record {
            self.sent[shard] = record.seq;
        }
        self.send_on(shard, &batch.messages);
        self.perform(batch.intents.into_iter().filter_map(|(_, intent)| intent));
    }

    fn send_on(&mut self, shard: usize, messages: &[Envelope<Message>]) {
        let hosts = self.owners[shard].hosts();
        let messages = messages.iter().filter(|envelope| hosts.sends(envelope));
        self.network.append(shard, messages, &self.layout, &self.chance);
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

    /// Carries some of what is on its way between shards, over those links that are not cut.
    fn carry(&mut self) {
        for _ in 0..self.owners.len() * 12 {
            let (reader, from) = self.network.any_link(&self.chance);
            if !self.network.is_cut(reader, from.shard, self.moment) {
                let portion = 1 + usize::try_from(self.chance.below(6)).unwrap_or(0);
                self.deliver(reader, from, portion);
            }
        }
    }

    fn deliver(&mut self, reader: usize, from: engine::Source, portion: usize) -> usize {
        if !self.network.has_news(reader, from) {
            return 0;
        }
        let repeat = if self.weather.strikes(&self.chance, Fault::MessagesTwice) { 8 } else { 0 };
        let entries = self.network.next(reader, from, portion, repeat);
        let source = self.network.source(from);
        if self.weather.strikes(&self.chance, Fault::BatchLost) {
            // It had handled them, and the journal never got to know.
            self.owners[reader].handle(self.now, |core| Network::hand(core, source, &entries));
            self.start_again(reader);
            return 0;
        }
        let taken = self.batch(reader, |core| Network::hand(core, source, &entries));
        self.network.took(reader, from, &entries[..taken])
    }

    fn strike(&mut self) {
        let shard = usize::try_from(self.chance.below(self.owners.len() as u64)).unwrap_or(0);
        if self.chance.one_in(4) {
            self.owners[shard].settle().expect("an owner's rows are taken");
        }
        if self.weather.strikes(&self.chance, Fault::Crash) {
            self.start_again(shard);
        }
        if self.weather.strikes(&self.chance, Fault::TakenOver) {
            self.take_over(shard);
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

    /// The owner of `shard` has gone, and starts again.
    fn start_again(&mut self, shard: usize) {
        let heir = Owner::take_over(self.owners[shard].place());
        self.owners[shard] = heir;
        self.started(shard);
    }

    /// A shard has a new owner: it reads on from where its tables say it was, sends on what its journal has and nobody was sent, and has
    /// asked again what is intended.
    fn started(&mut self, shard: usize) {
        for from in self.network.sources() {
            let received = self.owners[shard].received(from);
            self.network.reads_from(shard, from, received);
        }
        for record in self.owners[shard].records(self.sent[shard] + 1) {
            let body = Body::<Message>::read(record.seq, record.at, &record.body).expect("the body can be read");
            self.send_on(shard, &body.messages);
            self.sent[shard] = record.seq;
        }
        let intents = self.owners[shard].intents();
        self.perform(intents.into_iter());
    }

    /// Nothing goes wrong any more, and time passes until nothing is under way.
    fn heal(&mut self) {
        self.wake_zombies(true);
        self.weather.clear();
        self.network.mend();
        for request in self.clients.asking_again() {
            self.send(request);
        }
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
            for reader in 0..self.owners.len() {
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

    /// Whatever was sent was taken in by each shard at most once, and each command by the one that it is for.
    fn check_once(&mut self) {
        for shard in 0..self.owners.len() {
            let records = self.owners[shard].records(1);
            let bodies = records.iter().map(|record| Body::<Message>::read(record.seq, record.at, &record.body));
            let messages = bodies.flat_map(|body| body.expect("the body can be read").messages);
            let mut taken_in = BTreeSet::new();
            for envelope in messages.filter(|envelope| envelope.origin.is_some()) {
                assert!(taken_in.insert(envelope.origin), "it was taken in twice: {envelope:?}");
            }
            for origin in self.network.commands(shard) {
                assert!(taken_in.contains(&Some(origin)), "the command {origin:?} was lost");
            }
        }
    }

    /// The rows of all shards, in tables that are up to their journals.
    fn rows(&mut self) -> Rows {
        let mut rows = Rows::default();
        for owner in &mut self.owners {
            owner.settle().expect("an owner's rows are taken");
            rows.add_from(&mut owner.reader());
        }
        rows
    }
}
