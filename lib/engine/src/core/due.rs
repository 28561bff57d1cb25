//! Handles the messages whose time has come.

use store::StoreError;
use typed::{Answer, Message};

use super::Core;
use super::deliver::not_here;
use crate::system_tables::{Timer, split_key};

impl<M: Message, A: Answer> Core<M, A> {
    /// Handles the messages whose time has come, until the batch is half full.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn fire_timers(&mut self) -> Result<(), StoreError> {
        while let Some((due, _)) = self.timers.first() {
            if due > self.steady || !self.limits.have_room(self.messages(), self.bytes(), 2) {
                break;
            }
            let Some((key, due)) = self.timers.pop() else { break };
            let Some(timer) = self.row::<Timer>(&key)?.filter(|timer| timer.due == due) else { continue };
            self.caches.set::<Timer>(key, None);
            self.caches.keep();
            let (service, _) = split_key(key);
            match (minicbor::decode::<M>(&timer.message), self.place_of(service)) {
                (Ok(message), Some(_)) => self.dispatch(service, message, timer.correlation, timer.cause),
                (Ok(message), None) => self.park_timer(&timer, Some(&message), &not_here(service)),
                (Err(error), _) => self.park_timer(&timer, None, &format!("its message cannot be read: {error}")),
            }
        }
        Ok(())
    }
}
