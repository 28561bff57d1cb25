//! Hands parked messages over again, once an operator has mended what stopped them, or gives one up so that the rest can go on.

use store::StoreError;
use typed::{Answer, Message, SubjectKey};

use super::Core;
use super::deliver::{Delivery, not_here};
use super::intake::INTAKE;
use crate::envelope::OUTSIDE;
use crate::system_tables::Parked;

impl<M: Message, A: Answer> Core<M, A> {
    /// Hands over again the parked message `id` and all that is parked with the same subject, oldest first, until one fails again.
    /// Returns how many were handled, or `None` if nothing is parked there.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn redrive(&mut self, id: u64) -> Result<Option<usize>, StoreError> {
        let Some(named) = self.row::<Parked>(&id)? else { return Ok(None) };
        if let Some(intent) = named.intent {
            self.forget_parked_intent(&named, intent);
            return self.intend_again(intent).map(|begun| Some(usize::from(begun)));
        }
        let key = (named.service, named.subject);
        let first = self.parked.oldest(key).or(Some(id));
        self.redrive_from(first, key).map(Some)
    }

    /// Takes the parked message `id` away without its ever being handled, and says so by `tell`, about the same subject. Those that
    /// waited behind it are handed over, oldest first, until one fails. Returns how many of them were handled, or `None` if nothing is
    /// parked there. Nothing is said where `tell` has no words for it.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn give_up(&mut self, id: u64, tell: impl FnOnce(&Parked) -> Option<M>) -> Result<Option<usize>, StoreError> {
        let Some(parked) = self.row::<Parked>(&id)? else { return Ok(None) };
        if let Some(intent) = parked.intent {
            self.forget_parked_intent(&parked, intent);
            self.do_without_intent(intent)?;
            self.tell_given_up(&parked, tell);
            return Ok(Some(0));
        }
        let key = (parked.service, parked.subject);
        let stopped_the_rest = self.parked.oldest(key) == Some(id);
        self.forget_parked(id, key);
        self.tell_given_up(&parked, tell);
        if !stopped_the_rest {
            return Ok(Some(0));
        }
        let next = self.parked.oldest(key);
        self.redrive_from(next, key).map(Some)
    }

    fn tell_given_up(&mut self, parked: &Parked, tell: impl FnOnce(&Parked) -> Option<M>) {
        let Some(message) = tell(parked) else { return };
        let at = self.batch.len();
        let (correlation, cause) = (parked.correlation, parked.message_id);
        self.add(message, Delivery { from: OUTSIDE, origin: None, correlation, cause, subject: parked.subject });
        self.drain(at, &mut None);
    }

    /// Hands over what is parked under `key`, beginning with `next`, until one fails. Returns how many were handled.
    fn redrive_from(&mut self, mut next: Option<u64>, key: (u8, SubjectKey)) -> Result<usize, StoreError> {
        let place = self.place_of(key.0);
        let mut handled = 0;
        // What is said meanwhile may come to wait behind the rest, so the list is looked at anew each time.
        while let Some(id) = next.filter(|_| self.has_room()) {
            let Some(parked) = self.row::<Parked>(&id)? else { break };
            if !self.redrive_one(parked, place) {
                break;
            }
            handled += 1;
            next = self.parked.oldest(key);
        }
        Ok(handled)
    }

    /// Whether the service at `place` could handle it now.
    fn redrive_one(&mut self, parked: Parked, place: Option<u8>) -> bool {
        let at = self.batch.len();
        let handled = if parked.service == INTAKE {
            self.add_unread(&parked).map(|()| at)
        } else {
            self.invoke_parked(&parked, place).map(|()| at + 1)
        };
        match handled {
            Ok(next) => {
                self.forget_parked(parked.id, (parked.service, parked.subject));
                self.drain(next, &mut None);
                true
            }
            Err(reason) => {
                self.batch.truncate(at);
                self.caches.set(parked.id, Some(Parked { reason: Some(reason.into()), ..parked }));
                self.caches.keep();
                false
            }
        }
    }

    fn invoke_parked(&mut self, parked: &Parked, place: Option<u8>) -> Result<(), String> {
        let (correlation, cause) = (parked.correlation, parked.message_id);
        let delivery = Delivery { from: OUTSIDE, origin: None, correlation, cause, subject: parked.subject };
        let message: M = parked.content().map_err(|error| format!("its message cannot be read: {error}"))?;
        let place = place.ok_or_else(|| not_here(parked.service))?;
        let at = self.batch.len();
        self.add(message, delivery);
        self.invoke(at, place, &mut None)
    }

    /// Nothing is parked as `id` any more, which was under `key`.
    fn forget_parked(&mut self, id: u64, key: (u8, SubjectKey)) {
        self.caches.set::<Parked>(id, None);
        self.caches.keep();
        self.parked.remove(id, key);
    }
}
