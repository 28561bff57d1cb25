//! What nobody can take up: timers that cannot be read, or have no service here, and intents that nobody can perform. They are parked with
//! the reason. A parked intent stands in nobody's way: its service may replace or settle it at any time, and then it is parked no more.

use store::StoreError;
use typed::{Answer, Message, SubjectKey, Text};

use super::Core;
use crate::envelope::{PLACES_APART, message_id};
use crate::system_tables::{Intent, Parked, Timer, split_key};

/// The name under which something is parked that cannot be read.
pub(super) const UNREADABLE: &str = "unreadable";

impl<M: Message, A: Answer> Core<M, A> {
    /// Parks `intent`, which cannot be performed because of `reason`; does nothing if it was replaced or settled since it was begun.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn park_intent(&mut self, intent: &Intent, reason: &str) -> Result<(), StoreError> {
        let key = intent.key;
        if self.parked.has_intent(key) || self.row::<Intent>(&key)?.as_ref() != Some(intent) {
            return Ok(());
        }
        let effect = minicbor::decode::<M>(&intent.effect).ok();
        let (of, bytes) = ((intent.correlation, intent.cause), &intent.effect);
        let parked = Parked { intent: Some(key), ..self.parked_now(key, effect.as_ref(), bytes, reason, of) };
        self.newly_parked.push(key);
        self.set_aside(parked);
        Ok(())
    }

    /// Parks `timer`, whose message is `message` if that can be read.
    pub(super) fn park_timer(&mut self, timer: &Timer, message: Option<&M>, reason: &str) {
        let of = (timer.correlation, timer.cause);
        let parked = self.parked_now(timer.key, message, &timer.message, reason, of);
        self.set_aside(parked);
    }

    fn parked_now(&mut self, key: u64, message: Option<&M>, bytes: &[u8], reason: &str, of: (u64, u64)) -> Parked {
        let (service, _) = split_key(key);
        let what = message.map_or((UNREADABLE, SubjectKey::NONE), |message| (message.name(), message.subject_key()));
        self.parked_apart(service, what, bytes.to_vec(), Some(reason.to_owned()), of)
    }

    /// What is to be parked without standing in the batch.
    pub(super) fn parked_apart(
        &mut self,
        service: u8,
        (name, subject): (&str, SubjectKey),
        message: Vec<u8>,
        reason: Option<String>,
        (correlation, cause): (u64, u64),
    ) -> Parked {
        if let Some(reason) = &reason {
            tracing::warn!(service, kind = name, subject = subject.number(), reason, "parked");
        }
        self.parked_here += 1;
        let place = message_id(self.caches.seq, PLACES_APART + self.parked_here);
        Parked {
            id: (place << 5) | u64::from(service & 31),
            service,
            subject,
            name: Text::from(name),
            message: message.into(),
            reason: reason.map(Text::from),
            at: self.now,
            correlation,
            message_id: cause,
            intent: None,
        }
    }

    /// The intent `key` is parked no more as `parked`.
    pub(super) fn forget_parked_intent(&mut self, parked: &Parked, key: u64) {
        if self.parked.remove_intent(key).is_some() {
            self.caches.set::<Parked>(parked.id, None);
            self.caches.keep();
        }
    }

    /// Has the intent `key` begun again. Returns whether it is still intended.
    pub(super) fn intend_again(&mut self, key: u64) -> Result<bool, StoreError> {
        let Some(intent) = self.row::<Intent>(&key)? else { return Ok(false) };
        self.caches.set(key, Some(intent));
        self.caches.keep();
        Ok(true)
    }

    /// Takes the intent `key` back.
    pub(super) fn do_without_intent(&mut self, key: u64) -> Result<(), StoreError> {
        if self.row::<Intent>(&key)?.is_some() {
            self.caches.set::<Intent>(key, None);
            self.caches.keep();
        }
        Ok(())
    }

    /// An intent that changed in this batch is parked no more: it is begun anew, or is over.
    pub(super) fn unpark_changed_intents(&mut self) {
        if !self.parked.has_intents() {
            return;
        }
        for key in self.caches.cache::<Intent>().touched().to_vec() {
            if let Some(id) = self.parked.remove_intent(key) {
                self.caches.set::<Parked>(id, None);
                self.caches.keep();
            }
        }
    }
}
