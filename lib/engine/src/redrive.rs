//! Hands parked messages over again, once an operator has mended what stopped them.

use std::collections::VecDeque;

use hashbrown::HashMap;
use store::{StoreError, TableReader};
use typed::{Answer, Message};

use crate::core::Core;
use crate::deliver::Delivery;
use crate::own::Parked;
use crate::record::OUTSIDE;

/// The ids of what is parked, oldest first, by service and subject.
pub(crate) fn parked(reader: &mut dyn TableReader) -> Result<HashMap<(u8, u64), VecDeque<u64>>, StoreError> {
    let mut ids: HashMap<_, VecDeque<u64>> = HashMap::new();
    for message in store::select::<Parked>(reader, "WHERE subject <> 0 ORDER BY id", &[])? {
        ids.entry((message.service, message.subject)).or_default().push_back(message.id);
    }
    Ok(ids)
}

impl<M: Message, A: Answer> Core<M, A> {
    /// Hands over again the parked message `id` and all that is parked with the same subject, oldest first, until one fails again.
    /// Returns how many were handled, or `None` if nothing is parked there.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn redrive(&mut self, id: u64) -> Result<Option<usize>, StoreError> {
        let Some(named) = self.row::<Parked>(&id)? else { return Ok(None) };
        let key = (named.service, named.subject);
        let Some(place) = self.hosted.get(usize::from(named.service)).copied().flatten() else { return Ok(None) };
        let mut handled = 0;
        let mut next = self.oldest(key).or(Some(id));
        // What is said meanwhile may come to wait behind the rest, so the list is looked at anew each time.
        while let Some(id) = next.filter(|_| self.has_room()) {
            let Some(parked) = self.row::<Parked>(&id)? else { break };
            if !self.hand_over_again(parked, place) {
                break;
            }
            handled += 1;
            next = self.oldest(key);
        }
        Ok(Some(handled))
    }

    fn oldest(&self, key: (u8, u64)) -> Option<u64> {
        self.parked.get(&key)?.front().copied()
    }

    /// Whether the service at `place` could handle it now.
    fn hand_over_again(&mut self, parked: Parked, place: u8) -> bool {
        let at = self.batch.len();
        let (correlation, cause) = (parked.correlation, parked.message_id);
        let delivery = Delivery { from: OUTSIDE, correlation, cause, subject: parked.subject };
        let handled = minicbor::decode::<M>(&parked.message).map_err(|error| error.to_string()).and_then(|message| {
            self.repeat(message, delivery);
            self.hand_over(at, place, &mut None)
        });
        if let Err(reason) = handled {
            self.batch.truncate(at);
            self.memory.set(parked.id, Some(Parked { reason: Some(reason.into()), ..parked }));
            self.memory.keep();
            return false;
        }
        self.memory.set::<Parked>(parked.id, None);
        self.memory.keep();
        self.unpark((parked.service, parked.subject));
        self.follow(at + 1);
        true
    }

    /// Forgets the oldest that is parked under `key`.
    fn unpark(&mut self, key: (u8, u64)) {
        if let Some(ids) = self.parked.get_mut(&key) {
            ids.pop_front();
            if ids.is_empty() {
                self.parked.remove(&key);
            }
        }
    }
}
