//! Several shards on one node: each in order, none held up by the journal of another, and of two that it owns it gives up the one that was
//! taken over.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use engine::{Node, NodeError, Observer, OwnedShard, Parts, Service, Shard, Tables, take_over};
use store::sqlite::SqliteStore;
use store::{Epoch, Journal};
use tempfile::TempDir;
use testkit::{Broken, Gate, Gated, Pipelined};
use tokio::runtime::{Handle, Runtime};
use world::ManualClock;

use crate::toy::Act::*;
use crate::toy::{Act, Answer, Doer, Ear, Item, Message, Unbearable, command, migrations, tables};

struct Nobody;

impl Observer<Message> for Nobody {
    fn durable(&mut self, _: &[engine::Envelope<Message>], _: u64) {}
}

/// Where a shard is kept.
struct Kept {
    store: SqliteStore,
    _dir: TempDir,
}

impl Kept {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        Self { store: SqliteStore::open(dir.path(), &migrations()).unwrap(), _dir: dir }
    }

    /// Has `node` take it over.
    fn owned_by(&self, node: &Node<Message, Answer>) -> Arc<OwnedShard<Message, Answer>> {
        self.owned_with(node, |journal| journal)
    }

    fn owned_with(
        &self,
        node: &Node<Message, Answer>,
        wrap: impl FnOnce(Box<dyn Journal>) -> Box<dyn Journal>,
    ) -> Arc<OwnedShard<Message, Answer>> {
        let (mut journal, mut writer) = (self.store.journal().unwrap(), self.store.writer().unwrap());
        let known = Tables::new(tables());
        let taken = take_over::<Message>(&mut journal, &known, &mut writer, &mut |_, _| {}).unwrap();
        let services: Vec<Box<dyn Service<Message, Answer>>> =
            vec![Box::new(Doer), Box::new(Ear(Unbearable::default()))];
        let reader = Box::new(self.store.reader().unwrap());
        let parts = Parts {
            shard: Shard::open(services, reader, wrap(Box::new(journal)), taken).unwrap(),
            tables: known,
            writer: Box::new(writer),
            pool: self.store.pool(),
            clock: Arc::new(ManualClock::new(1_000)),
            effectors: Vec::new(),
            observer: Box::new(Nobody),
        };
        node.own(parts).unwrap()
    }
}

fn node(threads: usize) -> Node<Message, Answer> {
    Node::start(NonZeroUsize::new(threads).unwrap(), Handle::current())
}

async fn run(shard: &OwnedShard<Message, Answer>, acts: Vec<Act>) -> Result<Answer, NodeError> {
    shard.submit(command(1, acts), |_, _| ()).await.map(|(answer, ())| answer)
}

async fn count(shard: &OwnedShard<Message, Answer>) -> u64 {
    shard.get::<Item>(1).await.unwrap().map_or(0, |item| item.value)
}

async fn somebody_waits_at(gate: &Gate) {
    let gate = gate.clone();
    tokio::task::spawn_blocking(move || gate.wait_for_somebody()).await.unwrap();
}

async fn until(mut holds: impl AsyncFnMut() -> bool) {
    let waited = tokio::time::timeout(Duration::from_secs(30), async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    waited.await.expect("it comes true");
}

#[test]
fn a_shard_whose_journal_is_slow_holds_up_no_other_on_its_thread() {
    Runtime::new().unwrap().block_on(async {
        let (slow, fast, gate) = (Kept::new(), Kept::new(), Gate::default());
        let node = node(1);
        let held = gate.clone();
        let slow = slow.owned_with(&node, |journal| Box::new(Gated(journal, held)));
        let fast = fast.owned_by(&node);
        let waiting: Vec<_> = (0..500)
            .map(|number| {
                let submitted = slow.submit(command(1, vec![Count(1), Answer(number)]), |_, _| ());
                tokio::spawn(submitted)
            })
            .collect();
        somebody_waits_at(&gate).await;
        for done in 1..=20 {
            run(&fast, vec![Count(1)]).await.unwrap();
            assert_eq!(count(&fast).await, done);
        }
        assert!(waiting.iter().all(|one| !one.is_finished()), "nobody is answered before the append");
        gate.open();
        for (number, one) in (0..).zip(waiting) {
            assert_eq!(one.await.unwrap().unwrap().0, Answer::Number(number));
        }
        assert_eq!((count(&slow).await, slow.status().waiting()), (500, 0));
        node.stop();
    });
}

#[test]
fn a_crowd_at_one_shard_is_refused_and_no_other() {
    Runtime::new().unwrap().block_on(async {
        let (crowded, other, gate) = (Kept::new(), Kept::new(), Gate::default());
        let node = node(1);
        let held = gate.clone();
        let crowded = crowded.owned_with(&node, |journal| Box::new(Gated(journal, held)));
        let other = other.owned_by(&node);
        let asked: Vec<_> = (0..20_000).map(|_| crowded.submit(command(1, vec![Count(1)]), |_, _| ())).collect();
        run(&other, vec![Count(1)]).await.unwrap();
        gate.open();
        let mut done = 0;
        for one in asked {
            match one.await {
                Ok(_) => done += 1,
                Err(why) => assert!(matches!(why, NodeError::Busy), "{why}"),
            }
        }
        assert!((8_000..20_000).contains(&done), "{done}");
        assert_eq!(count(&crowded).await, done);
        node.stop();
    });
}

#[test]
fn a_shard_that_was_taken_over_is_given_up_and_its_node_goes_on_with_the_others() {
    Runtime::new().unwrap().block_on(async {
        let (first, second) = (Kept::new(), Kept::new());
        let (before, heir) = (node(1), node(2));
        let (zombie, kept) = (first.owned_by(&before), second.owned_by(&before));
        run(&zombie, vec![Count(1)]).await.unwrap();
        let owner = first.owned_by(&heir);
        assert_eq!((zombie.epoch(), owner.epoch()), (Epoch(1), Epoch(2)));
        run(&owner, vec![Count(1)]).await.unwrap();
        let late: Vec<_> = (0..5).map(|_| zombie.submit(command(1, vec![Count(1)]), |_, _| ())).collect();
        for late in late {
            let refused = late.await;
            assert!(matches!(refused, Err(NodeError::NotOwner | NodeError::Stopped)), "{refused:?}");
        }
        assert!(zombie.status().is_fenced() && !kept.status().has_failed());
        assert!(matches!(zombie.settle_tables().await, Err(NodeError::NotOwner)));
        run(&kept, vec![Count(1)]).await.unwrap();
        run(&owner, vec![Count(1)]).await.unwrap();
        assert_eq!((count(&owner).await, count(&kept).await), (3, 1), "what was refused was not done");
        before.stop();
        // What a node gave up it may take over again.
        let again = node(1);
        let owner = first.owned_by(&again);
        assert_eq!((count(&owner).await, owner.epoch()), (3, Epoch(3)));
        again.stop();
        heir.stop();
    });
}

#[test]
fn a_zombie_that_has_begun_an_append_is_answered_that_nothing_was_done() {
    Runtime::new().unwrap().block_on(async {
        let (kept, gate) = (Kept::new(), Gate::default());
        let (before, heir) = (node(1), node(1));
        let held = gate.clone();
        let zombie = kept.owned_with(&before, |journal| Box::new(Gated(journal, held)));
        let begun = tokio::spawn(zombie.submit(command(1, vec![Count(1)]), |_, _| ()));
        somebody_waits_at(&gate).await;
        let owner = kept.owned_by(&heir);
        run(&owner, vec![Count(1)]).await.unwrap();
        gate.open();
        assert!(matches!(begun.await.unwrap(), Err(NodeError::NotOwner)));
        assert_eq!(count(&owner).await, 1);
        before.stop();
        heir.stop();
    });
}

#[test]
fn as_many_appends_are_under_way_as_the_journal_allows_and_answers_come_in_order() {
    Runtime::new().unwrap().block_on(async {
        let (kept, gate) = (Kept::new(), Gate::default());
        let node = node(1);
        let (held, mut begun) = (gate.clone(), Arc::default());
        let pipelined = |journal| {
            let journal = Pipelined::new(journal, 3, held);
            begun = journal.begun.clone();
            Box::new(journal) as Box<dyn Journal>
        };
        let shard = kept.owned_with(&node, pipelined);
        let mut asked = Vec::new();
        for number in 0..6 {
            asked.push(shard.submit(command(1, vec![Count(1), Answer(number)]), |_, _| ()));
            let under_way = usize::try_from(number + 1).unwrap().min(3);
            until(async || begun.load(Ordering::SeqCst) == under_way).await;
        }
        assert_eq!(shard.status().durable(), 0);
        gate.open();
        for (number, one) in (0..).zip(asked) {
            assert_eq!(one.await.unwrap().0, Answer::Number(number));
        }
        assert_eq!(count(&shard).await, 6);
        node.stop();
    });
}

#[test]
fn of_appends_under_way_those_behind_one_that_failed_are_not_known() {
    Runtime::new().unwrap().block_on(async {
        let (kept, gate) = (Kept::new(), Gate::default());
        let node = node(1);
        let (held, mut begun) = (gate.clone(), Arc::default());
        let broken = |journal| {
            let journal = Pipelined::new(Box::new(Broken(journal, 1)), 3, held);
            begun = journal.begun.clone();
            Box::new(journal) as Box<dyn Journal>
        };
        let shard = kept.owned_with(&node, broken);
        let mut asked = Vec::new();
        for under_way in 1..=3 {
            asked.push(shard.submit(command(1, vec![Count(1)]), |_, _| ()));
            until(async || begun.load(Ordering::SeqCst) == under_way).await;
        }
        gate.open();
        let mut ended = Vec::new();
        for one in asked {
            ended.push(one.await);
        }
        assert!(matches!(&ended[..], [Ok(_), Err(NodeError::Unknown), Err(NodeError::Unknown)]), "{ended:?}");
        assert!(shard.status().has_failed() && !shard.status().is_fenced());
        node.stop();
    });
}
