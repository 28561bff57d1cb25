//! Tickets: what a page shows that cannot send the token, such as an `EventSource`. A ticket stands in an address, which logs and histories
//! keep: so it lets in for some seconds, to one call, and nothing of the token is in it. It is signed, and nobody remembers it: any process
//! with the same token knows it.

use std::fmt;
use std::sync::Arc;

use ring::hmac::{HMAC_SHA256, Key, sign, verify};
use world::Random;

use crate::identity::{Identity, Lacking};

/// For how long a ticket lets in: a page asks for one, and uses it at once.
const VALID_MS: u64 = 30_000;
/// So many hexadecimal digits have each of: the moment at which it ends, and what makes it another one than others.
const DIGITS: usize = 16;
/// What is signed begins so: a signature of something else with the same token is no ticket.
const PURPOSE: &str = "maejin ticket 1";
/// How a ticket is called in a query.
pub const TICKET: &str = "ticket";

/// Makes tickets, and knows them again.
#[derive(Clone)]
pub struct Tickets {
    key: Arc<Key>,
    random: Arc<dyn Random>,
}

impl fmt::Debug for Tickets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tickets(hidden)")
    }
}

/// A ticket.
#[derive(Debug)]
pub struct Ticket {
    /// What is shown.
    pub text: String,
    /// When it ends, in milliseconds since the Unix epoch.
    pub ends_ms: u64,
}

impl Tickets {
    /// Those of a shop with this `identity`.
    pub fn of(identity: &Identity, random: Arc<dyn Random>) -> Self {
        Self { key: Arc::new(Key::new(HMAC_SHA256, identity.secret())), random }
    }

    /// A new one, at `now_ms`.
    pub fn issue(&self, now_ms: u64) -> Ticket {
        let ends_ms = now_ms + VALID_MS;
        let said = format!("{ends_ms:0DIGITS$x}{:0DIGITS$x}", self.random.next_u64());
        let signature: String =
            sign(&self.key, signed(&said).as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        Ticket { text: said + &signature, ends_ms }
    }

    /// Lets somebody in with the ticket in `query` at `now_ms`; `None` where there is none.
    pub(crate) fn admit(&self, query: Option<&str>, now_ms: u64) -> Option<Result<(), Lacking>> {
        let mut pairs = query?.split('&').filter_map(|pair| pair.split_once('='));
        let (_, ticket) = pairs.find(|(name, _)| *name == TICKET)?;
        Some(if self.is_valid(ticket, now_ms) { Ok(()) } else { Err(Lacking::RightToken) })
    }

    fn is_valid(&self, ticket: &str, now_ms: u64) -> bool {
        let Some((said, signature)) = ticket.split_at_checked(2 * DIGITS) else { return false };
        let Some(signature) = bytes(signature) else { return false };
        let ends_ms = u64::from_str_radix(&said[..DIGITS], 16).unwrap_or(0);
        // One that ends later than any that is made now was made by a clock that was set back since.
        let is_in_time = (now_ms..=now_ms + VALID_MS).contains(&ends_ms);
        verify(&self.key, signed(said).as_bytes(), &signature).is_ok() && is_in_time
    }
}

fn signed(said: &str) -> String {
    format!("{PURPOSE} {said}")
}

fn bytes(hexadecimal: &str) -> Option<Vec<u8>> {
    let is_so = hexadecimal.len().is_multiple_of(2) && hexadecimal.bytes().all(|byte| byte.is_ascii_hexdigit());
    let pairs = (0..hexadecimal.len()).step_by(2);
    if is_so { pairs.map(|at| u8::from_str_radix(&hexadecimal[at..at + 2], 16).ok()).collect() } else { None }
}

#[cfg(test)]
mod tests {
    use world::SystemRandom;

    use super::*;
    use crate::identity::Secret;

    fn tickets(token: &str) -> Tickets {
        Tickets::of(&Identity::Bearer(Secret::try_new(token).unwrap()), Arc::new(SystemRandom::new()))
    }

    #[test]
    fn a_ticket_lets_in_for_some_seconds_and_no_other_text_does() {
        let tickets = tickets("0123456789abcdef");
        let ticket = tickets.issue(1_000_000);
        let shown = |text: &str, now_ms| tickets.admit(Some(&format!("after=0&ticket={text}")), now_ms);
        for now_ms in [1_000_000, ticket.ends_ms] {
            assert_eq!(shown(&ticket.text, now_ms), Some(Ok(())));
        }
        for now_ms in [ticket.ends_ms + 1, 0, u64::MAX - VALID_MS] {
            assert_eq!(shown(&ticket.text, now_ms), Some(Err(Lacking::RightToken)), "{now_ms}");
        }
        for place in 0..ticket.text.len() {
            let mut other = ticket.text.clone().into_bytes();
            other[place] = if other[place] == b'0' { b'1' } else { b'0' };
            assert_eq!(shown(std::str::from_utf8(&other).unwrap(), 1_000_000), Some(Err(Lacking::RightToken)));
        }
        for other in ["", "0", "매진", &ticket.text[..32], &format!("{}0", ticket.text), &format!("{}00", ticket.text)]
        {
            assert_eq!(shown(other, 1_000_000), Some(Err(Lacking::RightToken)), "{other}");
        }
        assert_eq!(tickets.admit(Some("after=0"), 1_000_000), None);
        assert_eq!(tickets.admit(None, 1_000_000), None);
    }

    #[test]
    fn a_ticket_is_of_one_shop_and_says_nothing_of_its_token() {
        let (one, other) = (tickets("0123456789abcdef"), tickets("another-token-of-16"));
        let ticket = one.issue(1_000_000).text;
        assert!(!other.is_valid(&ticket, 1_000_000));
        assert!(tickets("0123456789abcdef").is_valid(&ticket, 1_000_000), "another process with the same token");
        assert_ne!(ticket, one.issue(1_000_000).text);
    }
}
