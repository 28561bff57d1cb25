//! How long to wait before a provider that gave no answer is asked again.

use std::time::Duration;

/// The first wait: long enough to get past a dropped connection.
const FIRST: Duration = Duration::from_millis(100);
/// The longest wait: a provider that is back is noticed before a customer gives up.
const LONGEST: Duration = Duration::from_secs(5);

/// Waits that double, up to the longest.
#[derive(Debug)]
pub(crate) struct BackOff(Duration);

impl BackOff {
    pub(crate) fn new() -> Self {
        Self(FIRST)
    }

    /// Waits, this time longer than the last.
    pub(crate) async fn wait(&mut self) {
        tokio::time::sleep(self.0).await;
        self.0 = LONGEST.min(self.0 * 2);
    }
}
