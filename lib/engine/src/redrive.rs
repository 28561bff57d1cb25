//! Hands parked messages over again, once an operator has mended what stopped them.

use store::StoreError;
use typed::{Answer, Message, Sql};

use crate::core::Core;
use crate::own::Parked;

impl<M: Message, A: Answer> Core<M, A> {
    /// Hands over again the parked message `id` and all that wait behind it, in order, until one fails again. Returns how many were
    /// handled, or `None` if nothing is parked there.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn redrive(&mut self, id: u64) -> Result<Option<usize>, StoreError> {
        let Some(first) = self.row::<Parked>(&id)? else { return Ok(None) };
        let key = (first.service, first.subject);
        let Some(place) = self.hosted.get(usize::from(first.service)).copied().flatten() else { return Ok(None) };
        let mut handled = 0;
        for parked in self.parked_under(key)? {
            let Ok(message) = minicbor::decode::<M>(&parked.message) else { break };
            let at = self.batch.len();
            let delivery = crate::deliver::Delivery {
                from: crate::record::OUTSIDE,
                correlation: parked.correlation,
                cause: parked.message_id,
                subject: parked.subject,
            };
            self.repeat(message, delivery);
            if let Err(reason) = self.hand_over(at, place, &mut None) {
                self.batch.truncate(at);
                self.memory.set(parked.id, Some(Parked { reason: Some(reason.into()), ..parked }));
                self.memory.keep();
                break;
            }
            self.memory.set::<Parked>(parked.id, None);
            self.memory.keep();
            self.unpark(key);
            self.follow(at + 1);
            handled += 1;
        }
        Ok(Some(handled))
    }

    /// What is parked for one service and subject, oldest first. The tables must be up to the journal for that.
    fn parked_under(&mut self, (service, subject): (u8, u64)) -> Result<Vec<Parked>, StoreError> {
        let params = [Sql::Int(i64::from(service)), Sql::Int(i64::try_from(subject).unwrap_or(i64::MAX))];
        let tail = "WHERE service = ?1 AND subject = ?2 ORDER BY id";
        store::select::<Parked>(&mut *self.reader, tail, &params)
    }

    fn unpark(&mut self, key: (u8, u64)) {
        if let Some(count) = self.parked.get_mut(&key) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.parked.remove(&key);
            }
        }
    }
}
