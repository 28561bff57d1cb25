//! Many clients at the same time.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::ScopedJoinHandle;

/// Has `many` clients act at the same moment, each told its number from 0, and gives what each came to.
pub fn at_once<T: Send>(many: usize, act: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (start, act) = (&Barrier::new(many), &act);
    std::thread::scope(|scope| {
        let begin = |client| {
            scope.spawn(move || {
                start.wait();
                act(client)
            })
        };
        let clients: Vec<_> = (0..many).map(begin).collect();
        clients.into_iter().map(came_to).collect()
    })
}

/// Has `many` clients act again and again while `story` goes on; gives what all of them came to, and what the story did.
/// Each turn is told the client's number from 0; a client stops for good when a turn gives `None`.
pub fn while_running<T: Send, S>(
    many: usize,
    turn: impl Fn(usize) -> Option<T> + Sync,
    story: impl FnOnce() -> S,
) -> (Vec<T>, S) {
    let (over, turn) = (&AtomicBool::new(false), &turn);
    std::thread::scope(|scope| {
        let begin = |client| {
            scope.spawn(move || {
                let mut all = Vec::new();
                while !over.load(Ordering::Relaxed) {
                    let Some(done) = turn(client) else { break };
                    all.push(done);
                }
                all
            })
        };
        let clients: Vec<_> = (0..many).map(begin).collect();
        let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(story));
        over.store(true, Ordering::Relaxed);
        let all = clients.into_iter().flat_map(came_to).collect();
        (all, told.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

/// What a client came to; where it failed, the test fails for the same reason.
fn came_to<T>(client: ScopedJoinHandle<'_, T>) -> T {
    client.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
