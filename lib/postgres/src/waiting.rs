//! The thread on which all connections to PostgreSQL are served, and how a thread waits for it. Whoever asks a store blocks until it has
//! answered, also where an asynchronous runtime runs: so this one is apart from any other.

use std::future::{Future, pending};
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::runtime::{Builder, Handle};

/// Runs for as long as the process does, once something was asked of PostgreSQL.
static SERVING: OnceLock<Handle> = OnceLock::new();

/// Where connections are served.
pub(crate) fn serving() -> &'static Handle {
    SERVING.get_or_init(|| {
        let runtime = Builder::new_current_thread().enable_all().build().expect("the system gives an event queue");
        let handle = runtime.handle().clone();
        let serve = move || runtime.block_on(pending::<()>());
        thread::Builder::new().name("postgres".to_owned()).spawn(serve).expect("the system gives a thread");
        handle
    })
}

struct Waiting(Thread);

impl Wake for Waiting {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Blocks this thread until `future` is there.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Waiting(thread::current())));
    let (mut future, mut context) = (pin!(future), Context::from_waker(&waker));
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(done) => return done,
            Poll::Pending => thread::park(),
        }
    }
}
