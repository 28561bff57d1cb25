//! How long a client may let the shop wait, and how many connections there may be.

use std::time::Duration;

/// How many connections there may be at the most, whatever the operating system allows: each takes some 10 KB.
const MOST: u64 = 16_384;
/// How many descriptors are kept for files and for connections to others, where there are enough of them.
const FILES: u64 = 256;
/// One in so many connections is let go when there is no room, and one in so many is kept for probes.
const SHARE: usize = 64;

/// How long a client may let the shop wait, and how many connections there may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many connections there may be.
    pub connections: usize,
    /// How long a connection may be without a request: longer than the 60 s for which load balancers keep theirs.
    pub idle: Duration,
    /// How long the head of a request may take, from its first byte.
    pub head: Duration,
    /// How long the body of a request may take, besides the time for its bytes.
    pub body: Duration,
    /// How many bytes of a body must come in a second, once `body` is over.
    pub body_rate: u64,
    /// How long a client may take nothing of an answer.
    pub reader: Duration,
    /// How long a client may still let a shop wait that is stopping.
    pub stopping: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: usize::try_from(MOST).unwrap_or(usize::MAX),
            idle: Duration::from_secs(65),
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            body_rate: 4_096,
            reader: Duration::from_secs(30),
            stopping: Duration::from_secs(1),
        }
    }
}

impl Limits {
    /// With as many connections as a process may have that may open so many descriptors.
    #[must_use]
    pub fn within(self, descriptors: u64) -> Self {
        let connections = if descriptors >= 2 * FILES { descriptors - FILES } else { descriptors / 4 };
        Self { connections: usize::try_from(connections.clamp(2, MOST)).unwrap_or(usize::MAX), ..self }
    }

    /// How many connections are let go at once when there is no room for another one.
    pub(super) fn let_go(&self) -> usize {
        (self.connections / SHARE).max(1)
    }

    /// How many connections are taken in full: of the rest nobody but probes is answered.
    pub(super) fn in_full(&self) -> usize {
        self.connections - (self.connections / SHARE).max(1)
    }

    /// How often it is looked who lets the shop wait for too long.
    pub(super) fn look(&self) -> Duration {
        let shortest = self.idle.min(self.head).min(self.body).min(self.reader).min(self.stopping);
        (shortest / 4).clamp(Duration::from_millis(5), Duration::from_secs(1))
    }

    /// For how long a client may let the shop wait in `phase`, having sent `body` bytes of a body.
    pub(super) fn patience(&self, phase: super::state::Phase, body: u64) -> Duration {
        use super::state::Phase;
        match phase {
            Phase::Working => Duration::MAX,
            Phase::Idle => self.idle,
            Phase::Head => self.head,
            Phase::Body => self.body + Duration::from_secs(body / self.body_rate.max(1)),
            Phase::Reader => self.reader,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_room_for_files() {
        let of = |descriptors| Limits::default().within(descriptors).connections;
        assert_eq!((of(0), of(24), of(64), of(1_024), of(16_384)), (2, 6, 16, 768, 16_128));
        assert_eq!(of(1 << 30), 16_384);
        for descriptors in 0..5_000 {
            let limits = Limits::default().within(descriptors);
            assert!((1..limits.connections).contains(&limits.in_full()), "{descriptors}");
        }
    }
}
