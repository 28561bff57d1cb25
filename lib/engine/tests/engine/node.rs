//! The threads of a node: nobody hears of what is not durable, and everybody reads what was acknowledged.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::Duration;

use engine::{Effector, Envelope, Node, NodeError, Observer, OwnedShard, Parts, Service, Shard, Tables};
use futures_util::future::BoxFuture;
use store::sqlite::SqliteStore;
use store::{Find, Journal, TableWriter};
use tempfile::TempDir;
use testkit::{Broken, Gate, Gated, Slow, Unfolded};
use tokio::runtime::{Handle, Runtime};
use world::{Clock, ManualClock};

use crate::toy::Act::*;
use crate::toy::{Answer, DOER, Doer, Ear, Item, Message, Unbearable, command, keyed, migrations, tables};

struct Shop {
    node: Arc<OwnedShard<Message, Answer>>,
    threads: Arc<Node<Message, Answer>>,
    clock: Arc<ManualClock>,
    effects: Arc<Mutex<Vec<Message>>>,
    batches: Arc<AtomicUsize>,
    dir: TempDir,
    _store: SqliteStore,
}

/// An effect that is not known outside.
const UNKNOWN: u64 = 13;

/// Performs an effect by having it counted in row 50, and settles it.
struct Outside(Arc<Mutex<Vec<Message>>>);

impl Effector<Message> for Outside {
    fn perform(&self, effect: Message) -> BoxFuture<'static, Result<Message, String>> {
        let known = !matches!(effect, Message::Event(_, UNKNOWN));
        self.0.lock().unwrap().push(effect);
        let done = Message::Do(1, vec![Count(50), Settle(1)]);
        Box::pin(async move { if known { Ok(done) } else { Err("it does not know this".to_owned()) } })
    }
}

struct Watch(Arc<AtomicUsize>);

impl Observer<Message> for Watch {
    fn durable(&mut self, messages: &[Envelope<Message>], _: u64) {
        self.0.fetch_add(messages.len(), Ordering::SeqCst);
    }
}

type Wrapped<T> = Box<dyn Fn(T) -> T>;

fn open(dir: TempDir, journal: Wrapped<Box<dyn Journal>>, writer: Wrapped<Box<dyn TableWriter>>) -> Shop {
    let store = SqliteStore::open(dir.path(), &migrations()).unwrap();
    let (mut own_journal, mut own_writer) = (store.journal().unwrap(), store.writer().unwrap());
    let known = Tables::new(tables());
    let taken = engine::take_over::<Message>(&mut own_journal, &known, &mut own_writer, &mut |_, _| {}).unwrap();
    let services: Vec<Box<dyn Service<Message, Answer>>> = vec![Box::new(Doer), Box::new(Ear(Unbearable::default()))];
    let (clock, effects, batches) = (Arc::new(ManualClock::new(1_000)), Arc::default(), Arc::default());
    let reader = Box::new(store.reader().unwrap());
    let parts = Parts {
        shard: Shard::open(services, reader, journal(Box::new(own_journal)), taken).unwrap(),
        tables: known,
        writer: writer(Box::new(own_writer)),
        pool: store.pool(),
        clock: clock.clone() as Arc<dyn Clock>,
        effectors: vec![(DOER, Arc::new(Outside(Arc::clone(&effects))))],
        observer: Box::new(Watch(Arc::clone(&batches))),
    };
    let threads = Arc::new(Node::start(NonZeroUsize::MIN, Handle::current()));
    let node = threads.own(parts).unwrap();
    Shop { node, threads, clock, effects, batches, dir, _store: store }
}

fn plain() -> Shop {
    open(TempDir::new().unwrap(), Box::new(|journal| journal), Box::new(|writer| writer))
}

impl Shop {
    async fn run(&self, acts: Vec<crate::toy::Act>) -> Result<Answer, NodeError> {
        self.node.submit(command(1, acts), |_, _| ()).await.map(|(answer, ())| answer)
    }

    /// Stops it and opens it again.
    fn restart(self) -> Self {
        let Self { node, threads, dir, _store, .. } = self;
        threads.stop();
        drop((node, threads, _store));
        open(dir, Box::new(|journal| journal), Box::new(|writer| writer))
    }
}

/// Waits until `holds` does.
async fn until(mut holds: impl AsyncFnMut() -> bool) {
    let waited = tokio::time::timeout(Duration::from_secs(30), async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    waited.await.expect("it comes true");
}

fn on_runtime(test: impl Future<Output = ()>) {
    Runtime::new().unwrap().block_on(test);
}

#[test]
fn nobody_is_answered_before_the_append() {
    on_runtime(async {
        let gate = Gate::default();
        let held = gate.clone();
        let shop = open(TempDir::new().unwrap(), Box::new(move |j| Box::new(Gated(j, held.clone()))), Box::new(|w| w));
        let node = shop.node.clone();
        let mut asked =
            tokio::spawn(async move { node.submit(command(1, vec![Put(1, 1), Intend(1, 1)]), |_, _| ()).await });
        let looking = shop.node.clone();
        let at_gate = gate.clone();
        tokio::task::spawn_blocking(move || at_gate.wait_for_somebody()).await.unwrap();
        let mut looked = tokio::spawn(async move { looking.get::<Item>(1).await });
        tokio::time::timeout(Duration::from_millis(50), &mut asked).await.expect_err("the append is not done");
        tokio::time::timeout(Duration::from_millis(50), &mut looked).await.expect_err("what it sees is not durable");
        assert_eq!(shop.effects.lock().unwrap().len(), 0, "no effect before the append");
        assert_eq!((shop.node.status().durable(), shop.batches.load(Ordering::SeqCst)), (0, 0));
        gate.open();
        asked.await.unwrap().unwrap();
        assert_eq!(looked.await.unwrap().unwrap(), Some(Item { id: 1, value: 1 }));
        shop.threads.stop();
    });
}

#[test]
fn if_the_journal_fails_nobody_is_answered_any_more() {
    on_runtime(async {
        let shop = open(TempDir::new().unwrap(), Box::new(|journal| Box::new(Broken(journal, 1))), Box::new(|w| w));
        shop.run(vec![Put(1, 1)]).await.unwrap();
        assert!(!shop.node.status().has_failed());
        assert!(matches!(shop.run(vec![Put(1, 2)]).await, Err(NodeError::Unknown)), "the disk may have it");
        assert!(shop.node.status().has_failed());
        for _ in 0..3 {
            assert!(matches!(shop.run(vec![Put(1, 3)]).await, Err(NodeError::Stopped | NodeError::Unknown)));
            assert!(matches!(shop.node.get::<Item>(1).await, Err(NodeError::Stopped)));
        }
        let shop = shop.restart();
        assert_eq!(shop.node.get::<Item>(1).await.unwrap(), Some(Item { id: 1, value: 1 }));
        shop.threads.stop();
    });
}

#[test]
fn a_disk_that_does_not_take_the_log_over_is_counted_and_what_is_acknowledged_stays() {
    on_runtime(async {
        let shop = open(TempDir::new().unwrap(), Box::new(|journal| Box::new(Unfolded(journal))), Box::new(|w| w));
        assert_eq!(shop.node.status().checkpoint_failures(), 0);
        shop.run(vec![Put(1, 1)]).await.unwrap();
        shop.run(vec![Put(1, 2)]).await.unwrap();
        until(async || shop.node.status().checkpoint_failures() > 1).await;
        assert!(!shop.node.status().has_failed());
        let shop = shop.restart();
        assert_eq!(shop.node.get::<Item>(1).await.unwrap(), Some(Item { id: 1, value: 2 }));
        shop.threads.stop();
    });
}

#[test]
fn if_a_thread_panics_the_node_says_that_it_has_failed() {
    on_runtime(async {
        let shop = plain();
        shop.run(vec![Put(1, 1)]).await.unwrap();
        let looked = shop.node.look(|_| panic!("somebody who looked made a mistake")).await;
        assert!(matches!(looked, Err::<(), _>(NodeError::Stopped)));
        until(async || shop.node.status().has_failed()).await;
        assert!(matches!(shop.run(vec![Put(1, 2)]).await, Err(NodeError::Stopped)));
        let shop = shop.restart();
        assert_eq!(shop.node.get::<Item>(1).await.unwrap(), Some(Item { id: 1, value: 1 }));
        shop.threads.stop();
    });
}

#[test]
fn nobody_who_waits_for_the_tables_keeps_a_node_from_stopping() {
    on_runtime(async {
        let gate = Gate::default();
        let held = gate.clone();
        let shop = open(TempDir::new().unwrap(), Box::new(|j| j), Box::new(move |w| Box::new(Slow(w, held.clone()))));
        shop.run(vec![Put(1, 1)]).await.unwrap();
        let node = shop.node.clone();
        let mut settling = Box::pin(node.settle_tables());
        let polled = settling.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_pending(), "the tables are behind");
        gate.open();
        let stopping = shop.threads.clone();
        let stopped = tokio::task::spawn_blocking(move || stopping.stop());
        tokio::time::timeout(Duration::from_secs(30), stopped).await.expect("it stops").unwrap();
        settling.await.unwrap();
    });
}

#[test]
fn when_the_queue_is_full_the_next_one_is_told_and_the_rest_is_done() {
    on_runtime(async {
        let gate = Gate::default();
        let held = gate.clone();
        let shop = open(TempDir::new().unwrap(), Box::new(move |j| Box::new(Gated(j, held.clone()))), Box::new(|w| w));
        let mut asked = tokio::task::JoinSet::new();
        // More than the queue and the batches under way can hold together.
        for _ in 0..12_288 {
            let node = shop.node.clone();
            asked.spawn(async move { node.submit(command(1, vec![Count(1)]), |_, _| ()).await });
        }
        let node = shop.node.clone();
        let probes = std::sync::atomic::AtomicU64::new(0);
        until(async || {
            probes.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            matches!(
                tokio::time::timeout(Duration::from_millis(5), node.submit(command(1, vec![]), |_, _| ())).await,
                Ok(Err(NodeError::Busy))
            )
        })
        .await;
        assert!(matches!(node.admits(), Err(NodeError::Busy)));
        gate.open();
        let mut done = 0;
        while let Some(result) = asked.join_next().await {
            match result.unwrap() {
                Ok(_) => done += 1,
                Err(NodeError::Busy) => {}
                Err(other) => panic!("busy or done, not {other}"),
            }
        }
        let probes = probes.into_inner();
        assert!(
            (8_192_u64.saturating_sub(probes)..12_288).contains(&done),
            "{done} were done, with {probes} probes among them in the queue"
        );
        assert_eq!(shop.node.get::<Item>(1).await.unwrap().unwrap().value, done);
        assert_eq!(shop.node.status().waiting(), 0);
        shop.node.admits().unwrap();
        shop.threads.stop();
    });
}

#[test]
fn a_scan_shows_what_was_acknowledged_however_slow_the_table_writer_is() {
    on_runtime(async {
        let gate = Gate::default();
        let held = gate.clone();
        let shop = open(TempDir::new().unwrap(), Box::new(|j| j), Box::new(move |w| Box::new(Slow(w, held.clone()))));
        shop.run(vec![Put(1, 1)]).await.unwrap();
        shop.run(vec![Put(2, 2), PutNamed("a".into(), 3)]).await.unwrap();
        assert_eq!(
            shop.node.get::<Item>(2).await.unwrap().unwrap().value,
            2,
            "a read by key does not wait for the tables"
        );
        let node = shop.node.clone();
        let mut scan =
            tokio::spawn(async move { node.scan(|reader| Find::all().by(Item::COLUMNS.id.asc()).rows(reader)).await });
        tokio::time::timeout(Duration::from_millis(100), &mut scan).await.expect_err("the tables are behind");
        gate.open();
        let found = scan.await.unwrap().unwrap();
        assert_eq!(found, [Item { id: 1, value: 1 }, Item { id: 2, value: 2 }]);
        for value in 0..50 {
            shop.run(vec![Put(1, value)]).await.unwrap();
            let found = shop.node.scan(|reader| Find::all().with(Item::COLUMNS.id.is(1)).rows(reader)).await.unwrap();
            assert_eq!(found[0].value, value);
        }
        shop.threads.stop();
    });
}

#[test]
fn requests_that_fill_a_record_are_divided_among_records_and_nothing_is_lost() {
    const EACH: usize = 400_000;
    on_runtime(async {
        let gate = Gate::default();
        let held = gate.clone();
        let shop = open(TempDir::new().unwrap(), Box::new(move |j| Box::new(Gated(j, held.clone()))), Box::new(|w| w));
        let mut asked = tokio::task::JoinSet::new();
        let mut ask = |acts: Vec<crate::toy::Act>| {
            let node = shop.node.clone();
            asked.spawn(async move { node.submit(command(1, acts), |_, _| ()).await });
        };
        ask(vec![Count(1)]);
        let at_gate = gate.clone();
        tokio::task::spawn_blocking(move || at_gate.wait_for_somebody()).await.unwrap();
        for unwritten in 1..=2 {
            ask(vec![Count(1)]);
            until(async || shop.node.status().unwritten() == unwritten).await;
        }
        // The engine waits now, and what comes is one batch.
        (0..3).for_each(|_| ask(vec![Chat(EACH as u64, 0)]));
        until(async || shop.node.status().waiting() == 3).await;
        gate.open();
        while let Some(done) = asked.join_next().await {
            done.unwrap().unwrap();
        }
        assert_eq!(shop.node.status().waiting(), 0);
        shop.threads.stop();
        let (ids, _) = crate::limits::recorded(&mut store::sqlite::read_journal(shop.dir.path()).unwrap());
        assert_eq!(ids.len(), 6 + 3 * EACH);
        assert!(ids.is_sorted_by(|a, b| a < b), "each has an id of its own");
        assert_eq!(shop.batches.load(Ordering::SeqCst), ids.len(), "as many as were said");
    });
}

#[test]
fn stopping_finishes_what_was_accepted() {
    on_runtime(async {
        let gate = Gate::default();
        let held = gate.clone();
        let shop = open(TempDir::new().unwrap(), Box::new(move |j| Box::new(Gated(j, held.clone()))), Box::new(|w| w));
        let asked: Vec<_> = (0..6_000)
            .map(|_| {
                let node = shop.node.clone();
                tokio::spawn(async move { node.submit(command(1, vec![Count(1)]), |_, _| ()).await })
            })
            .collect();
        until(async || shop.node.status().waiting() > 500).await;
        let threads = shop.threads.clone();
        let stopping = tokio::task::spawn_blocking(move || threads.stop());
        gate.open();
        stopping.await.unwrap();
        let mut done = 0;
        for one in asked {
            match one.await.unwrap() {
                Ok(_) => done += 1,
                Err(NodeError::Stopped) => {}
                Err(other) => panic!("stopped or done, not {other}"),
            }
        }
        assert!(done > 500);
        let found = Find::<Item>::all().rows(&mut store::sqlite::reader(shop.dir.path()).unwrap()).unwrap();
        assert_eq!(
            found,
            [Item { id: 1, value: done }],
            "the tables have it all, and nothing that was not acknowledged"
        );
        assert!(matches!(shop.run(vec![]).await, Err(NodeError::Stopped)));
    });
}

#[test]
fn an_effect_is_performed_and_its_outcome_handled() {
    on_runtime(async {
        let shop = plain();
        shop.run(vec![Intend(1, 7)]).await.unwrap();
        let node = shop.node.clone();
        until(async || node.get::<Item>(50).await.unwrap().is_some()).await;
        assert_eq!(*shop.effects.lock().unwrap(), [Message::Event(1, 7)]);
        assert_eq!(shop.node.status().waiting(), 0, "an outcome is nobody's request");
        let shop = shop.restart();
        assert_eq!(shop.node.get::<Item>(50).await.unwrap().unwrap().value, 1);
        assert_eq!(shop.effects.lock().unwrap().len(), 0, "it is settled");
        shop.threads.stop();
    });
}

/// Waits until `count` are parked, and gives their reasons.
async fn reasons(shop: &Shop, count: usize) -> Vec<String> {
    until(async || parked(shop).await.len() == count).await;
    assert_eq!(shop.node.status().parked(), count as u64);
    parked(shop).await.into_iter().map(|parked| parked.reason.unwrap().to_string()).collect()
}

/// What is parked, in the order of the reasons.
async fn parked(shop: &Shop) -> Vec<engine::Parked> {
    shop.node.scan(|reader| Find::all().by(engine::Parked::COLUMNS.reason.asc()).rows(reader)).await.unwrap()
}

#[test]
fn an_effect_that_nobody_can_perform_is_parked_with_the_reason_and_can_be_tried_again() {
    on_runtime(async {
        let shop = plain();
        let of_the_ear = (u64::from(crate::toy::EAR) << 57) | 1;
        let unreadable = (u64::from(DOER) << 57) | 2;
        let effect = minicbor::to_vec(Message::Event(1, 7)).unwrap();
        let intent = |key, effect: Vec<u8>| engine::Intent { key, effect: effect.into(), correlation: 0, cause: 0 };
        let intents = [intent(of_the_ear, effect), intent(unreadable, vec![0xff])];
        let plant = move |core: &mut engine::Core<Message, Answer>| {
            intents.into_iter().for_each(|intent| core.put_right(intent.key, Some(intent)).unwrap());
        };
        shop.node.look(plant).await.unwrap();
        shop.run(vec![Intend(1, UNKNOWN)]).await.unwrap();
        let found = reasons(&shop, 3).await;
        assert_eq!(found[..2], ["it does not know this", "nobody is configured who could perform it"]);
        assert!(found[2].starts_with("what is intended cannot be read: "), "{found:?}");
        let at_work = |shop: &Shop| [DOER, crate::toy::EAR].map(|service| shop.node.status().intents(service));
        until(async || at_work(&shop) == [0, 0]).await;
        let shop = shop.restart();
        assert_eq!(reasons(&shop, 3).await, found, "as before the restart");
        let id = parked(&shop).await[0].id;
        shop.node.look(move |core| core.redrive(id).unwrap()).await.unwrap();
        until(async || shop.effects.lock().unwrap().len() == 1).await;
        assert_eq!(reasons(&shop, 3).await, found, "it is tried, and parked again");
        shop.run(vec![Intend(1, 7)]).await.unwrap();
        assert_eq!(reasons(&shop, 2).await, found[1..], "its service wants something else");
        shop.threads.stop();
    });
}

#[test]
fn a_timer_fires_while_nobody_asks_for_anything() {
    on_runtime(async {
        let shop = plain();
        shop.run(vec![Wake(1, 1_500, vec![Put(1, 1)])]).await.unwrap();
        shop.clock.advance(600);
        until(async || shop.batches.load(Ordering::SeqCst) == 2).await;
        assert_eq!(shop.node.get::<Item>(1).await.unwrap(), Some(Item { id: 1, value: 1 }));
        shop.threads.stop();
    });
}

#[test]
fn keys_are_forgotten_after_a_day_without_being_asked() {
    on_runtime(async {
        let shop = plain();
        let again = || keyed("k", 1, vec![Count(1)]);
        shop.node.submit(again(), |_, _| ()).await.unwrap();
        shop.node.submit(again(), |_, _| ()).await.unwrap();
        shop.node.settle_tables().await.unwrap();
        shop.clock.advance(30 * 60 * 60 * 1000 + 1);
        shop.run(vec![]).await.unwrap();
        let left = shop.node.scan(|reader| Find::<engine::Remembered>::all().rows(reader)).await.unwrap();
        assert_eq!(left, []);
        shop.node.submit(again(), |_, _| ()).await.unwrap();
        assert_eq!(shop.node.get::<Item>(1).await.unwrap().unwrap().value, 2);
        shop.threads.stop();
    });
}

#[test]
fn the_trail_of_a_node_is_the_one_that_follows_from_its_journal() {
    on_runtime(async {
        let shop = plain();
        let asked = (1..=40).map(|n| {
            let node = shop.node.clone();
            let acts = vec![Say(n), Put(n, n)];
            tokio::spawn(async move { node.submit(command(n % 5, acts), |_, _| ()).await })
        });
        for done in asked.collect::<Vec<_>>() {
            done.await.unwrap().unwrap();
        }
        shop.node.settle_tables().await.unwrap();
        let kept = crate::trail::kept(&mut store::sqlite::reader(shop.dir.path()).unwrap());
        assert!(kept.len() >= 4, "{kept:?}");
        let mut journal = store::sqlite::read_journal(shop.dir.path()).unwrap();
        assert_eq!(kept, crate::trail::followed(&mut journal));
        shop.threads.stop();
    });
}

#[test]
fn whoever_follows_hears_of_a_record_when_it_is_durable() {
    on_runtime(async {
        let shop = plain();
        let mut durable = shop.node.status().follow();
        assert_eq!(*durable.borrow_and_update(), 0);
        shop.run(vec![Put(1, 1)]).await.unwrap();
        durable.changed().await.unwrap();
        assert_eq!((*durable.borrow_and_update(), shop.node.status().durable()), (1, 1));
        let restarted = shop.restart();
        assert_eq!(*restarted.node.status().follow().borrow(), 1);
        restarted.threads.stop();
    });
}
