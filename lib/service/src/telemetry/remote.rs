//! Requests that come on behalf of a span of another program, as their `traceparent` says (W3C Trace Context). The kept propagator takes
//! ids that are too short, so it is read here.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::HeaderMap;

const TRACEPARENT: &str = "traceparent";
/// So many requests are remembered, the newest: what comes of most of them is durable in a few milliseconds. Some 3 MB.
const MOST: usize = 32_768;
/// How long a `traceparent` of the version that is known is: `00-TRACE-SPAN-FLAGS`.
const LENGTH: usize = 55;

/// A span of another program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remote {
    /// The trace it belongs to.
    pub trace: u128,
    /// Its id.
    pub span: u64,
    /// Whether the other program records it.
    pub sampled: bool,
}

impl Remote {
    /// The span on whose behalf a request with `headers` comes. What is not as it is specified is as if it was not there.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(TRACEPARENT).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => Self::read(value.to_str().ok()?.trim()),
            _ => None,
        }
    }

    fn read(text: &str) -> Option<Self> {
        let fields = [0..2, 3..35, 36..52, 53..LENGTH];
        let [version, trace, span, flags] = fields.map(|at| text.get(at).filter(|text| text.bytes().all(is_hex)));
        let is_cut = [2, 35, 52].iter().all(|at| text.as_bytes().get(*at) == Some(&b'-'));
        // A later version may say more behind what is known.
        let is_ended = match (version?, text.as_bytes().get(LENGTH)) {
            ("ff", _) => false,
            (_, None) => true,
            (version, Some(next)) => version != "00" && *next == b'-',
        };
        let (trace, span) = (u128::from_str_radix(trace?, 16).ok()?, u64::from_str_radix(span?, 16).ok()?);
        let sampled = u8::from_str_radix(flags?, 16).ok()? & 1 == 1;
        (is_cut && is_ended && trace != 0 && span != 0).then_some(Self { trace, span, sampled })
    }
}

fn is_hex(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}

/// On whose behalf requests came, by what ties together everything that one request brings about. In memory only.
#[derive(Debug, Clone, Default)]
pub struct Remotes(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    any: AtomicBool,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    by_request: HashMap<u64, Remote>,
    oldest_first: VecDeque<u64>,
}

impl Remotes {
    /// Remembers on whose behalf the request `correlation` comes, if its `headers` say so.
    pub fn remember(&self, correlation: u64, headers: &HeaderMap) {
        let Some(remote) = Remote::of(headers) else { return };
        let mut kept = self.kept();
        let Kept { by_request, oldest_first } = &mut *kept;
        match by_request.entry(correlation) {
            Entry::Occupied(mut known) => *known.get_mut() = remote,
            Entry::Vacant(new) => {
                new.insert(remote);
                oldest_first.push_back(correlation);
            }
        }
        if oldest_first.len() > MOST
            && let Some(oldest) = oldest_first.pop_front()
        {
            by_request.remove(&oldest);
        }
        self.0.any.store(true, Ordering::Release);
    }

    /// Whether any request came on another's behalf. Does not wait.
    pub fn any(&self) -> bool {
        self.0.any.load(Ordering::Acquire)
    }

    /// On whose behalf the request `correlation` came, as far as that is known.
    pub fn of(&self, correlation: u64) -> Option<Remote> {
        if self.any() { self.kept().by_request.get(&correlation).copied() } else { None }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

    fn read(text: &str) -> Option<Remote> {
        let mut headers = HeaderMap::new();
        headers.insert(TRACEPARENT, text.parse().unwrap());
        Remote::of(&headers)
    }

    #[test]
    fn a_span_of_another_program_is_read_with_whether_it_is_recorded() {
        let (trace, span) = (0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c, 0xb7ad_6b71_6920_3331);
        for (flags, sampled) in [("01", true), ("00", false), ("03", true), ("02", false)] {
            let found = read(&format!("00-{TRACE}-b7ad6b7169203331-{flags}"));
            assert_eq!(found, Some(Remote { trace, span, sampled }), "{flags}");
        }
        assert!(read(&format!("cc-{TRACE}-b7ad6b7169203331-01-what-the-future-will-be-like")).is_some());
    }

    #[test]
    fn what_is_not_as_specified_is_as_if_it_was_not_there() {
        for wrong in [
            "",
            "00-42-1-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more",
            "00-+af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        let mut twice = HeaderMap::new();
        for _ in 0..2 {
            twice.append(TRACEPARENT, format!("00-{TRACE}-b7ad6b7169203331-01").parse().unwrap());
        }
        assert_eq!(Remote::of(&twice), None);
    }

    #[test]
    fn the_oldest_requests_are_forgotten() {
        let remotes = Remotes::default();
        assert!(!remotes.any());
        let mut headers = HeaderMap::new();
        remotes.remember(7, &headers);
        assert!(!remotes.any(), "a request of its own is not remembered");
        headers.insert(TRACEPARENT, format!("00-{TRACE}-b7ad6b7169203331-01").parse().unwrap());
        (0..MOST as u64).for_each(|request| remotes.remember(request, &headers));
        remotes.remember(0, &headers);
        assert!(remotes.of(0).is_some());
        remotes.remember(MOST as u64, &headers);
        assert_eq!((remotes.of(0), remotes.of(MOST as u64)), (None, remotes.of(1)));
        assert_eq!(remotes.kept().by_request.len(), MOST);
    }
}
