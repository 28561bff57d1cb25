//! Whether a process can take requests.

use std::sync::atomic::{AtomicBool, Ordering};

type Check = Box<dyn Fn() -> Result<(), String> + Send + Sync>;

/// Says whether a process is ready: not before it has started, not while it drains, and not if what it needs is out of reach.
pub struct Health {
    draining: AtomicBool,
    checks: Vec<(&'static str, Check)>,
}

impl Health {
    /// Ready as long as all `checks` pass.
    pub fn new(checks: Vec<(&'static str, Check)>) -> Self {
        Self { draining: AtomicBool::new(false), checks }
    }

    /// Not ready any more: the process is about to stop.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Release);
    }

    /// Whether requests may be sent here.
    ///
    /// # Errors
    /// Why not.
    pub fn ready(&self) -> Result<(), String> {
        if self.draining.load(Ordering::Acquire) {
            return Err("draining".to_owned());
        }
        self.checks.iter().try_for_each(|(name, check)| check().map_err(|why| format!("{name}: {why}")))
    }
}
