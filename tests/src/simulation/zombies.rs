//! Owners that were taken over from while they slept. They wake, and go on with what they have in memory: they write the rows that were to
//! be written, and handle what those ask who take them for the owner. All of it must come to nothing.

use std::cell::Cell;
use std::panic::{set_hook, take_hook};
use std::sync::Once;

use store::StoreError;

use super::Simulation;
use super::clients::Request;
use super::network::Network;
use super::owner::Owner;
use super::weather::Fault;

/// A zombie sleeps at most so many moments.
const SLEEP: u64 = 60;

/// One who was taken over from, and does not know.
pub(super) struct Zombie {
    shard: usize,
    owner: Owner,
    /// The moment at which it wakes.
    wakes: u64,
    /// What it was asked meanwhile.
    asked: Vec<Request>,
}

impl Simulation {
    /// The owner of `shard` falls asleep, and another takes over.
    pub(super) fn take_over(&mut self, shard: usize) {
        let heir = Owner::take_over(self.owners[shard].place());
        let owner = std::mem::replace(&mut self.owners[shard], heir);
        let wakes = self.moment + 1 + self.chance.below(SLEEP);
        self.zombies.push(Zombie { shard, owner, wakes, asked: Vec::new() });
        self.started(shard);
    }

    /// Sends `request` to one who sleeps, if there is one for `shard` and the client takes it for the owner. Else gives it back.
    pub(super) fn send_to_zombie(&mut self, shard: usize, request: Request) -> Option<Request> {
        match self.zombies.iter_mut().find(|zombie| zombie.shard == shard) {
            Some(zombie) if self.chance.one_in(2) => {
                zombie.asked.push(request);
                None
            }
            _ => Some(request),
        }
    }

    /// Those wake whose time has come, or all.
    pub(super) fn wake_zombies(&mut self, all: bool) {
        while let Some(at) = self.zombies.iter().position(|zombie| all || zombie.wakes <= self.moment) {
            let zombie = self.zombies.remove(at);
            self.wake(zombie);
        }
    }

    fn wake(&mut self, zombie: Zombie) {
        let Zombie { shard, mut owner, asked, .. } = zombie;
        if is_fenced(&owner.settle()) {
            self.weather.count(Fault::LateBulk);
        }
        let mut is_given_up = false;
        for request in asked {
            if is_given_up {
                self.clients.heard_nothing(request);
                continue;
            }
            let (again, without) = (request.clone(), self.without);
            let done = in_silence(|| owner.batch(self.now, |core| request.hand(core, without)));
            is_given_up = self.is_refused(&done);
            match done {
                Ok((answer, batch)) => {
                    self.took(shard, batch);
                    self.answer(again, answer);
                }
                Err(_) => self.clients.heard_nothing(again),
            }
        }
        if !is_given_up {
            self.read_on(shard, owner);
        }
    }

    /// A zombie of `shard` that nobody asked for anything takes in what is on its way.
    fn read_on(&mut self, shard: usize, mut owner: Owner) {
        for from in self.network.sources() {
            let entries = self.network.next(shard, from, 4, 0);
            if entries.is_empty() {
                continue;
            }
            let source = self.network.source(from);
            let done = in_silence(|| owner.batch(self.now, |core| Network::hand(core, source, &entries)));
            self.is_refused(&done);
            let Ok((taken, batch)) = done else { return };
            self.took(shard, batch);
            self.network.took(shard, from, &entries[..taken]);
        }
    }

    /// Whether what a zombie appended was not taken.
    fn is_refused<T>(&self, done: &Result<T, StoreError>) -> bool {
        if is_fenced(done) {
            self.weather.count(Fault::LateAppend);
        }
        done.is_err()
    }
}

/// Whether the store knew whom it has before it. Without that it takes what comes, unless another record has the place: then it is refused,
/// which is no guard.
fn is_fenced<T>(done: &Result<T, StoreError>) -> bool {
    matches!(done, Err(StoreError::Fenced { .. }))
}

/// Runs what a zombie does. Of its rows some are as they were when it fell asleep, and some as its heir has them: a service may find that this
/// cannot be, and panic, which the engine catches. Nobody need read that.
fn in_silence<T>(run: impl FnOnce() -> T) -> T {
    thread_local! {
        static IS_SILENT: Cell<bool> = const { Cell::new(false) };
    }
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let loud = take_hook();
        set_hook(Box::new(move |panic| {
            if !IS_SILENT.get() {
                loud(panic)
            }
        }));
    });
    IS_SILENT.set(true);
    let done = run();
    IS_SILENT.set(false);
    done
}
