//! What is done outside: mail is handed to a channel, again and again at growing distances, until it is through or hopeless.

use std::sync::Arc;
use std::time::Duration;

use contracts::Message;
use contracts::commands::RecordDelivery;
use engine::Effector;
use futures_util::future::BoxFuture;
use store::Identity;
use tokio::sync::Semaphore;

use crate::addresses::Addresses;
use crate::channels::{Channel, Failure, Mail};
use crate::messages;
use crate::occasion::Occasion;

/// How often a mail is handed over before it is given up.
const ATTEMPTS: u32 = 8;
/// The first wait. Four times as long each time, eight attempts outlast a server that is down for an hour.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// How many times as long each wait is as the one before.
const GROWTH: u32 = 4;
/// How many mails are handed over at once: a sold-out evening must not look like an attack to the mail server.
const AT_ONCE: usize = 4;

/// Sends mail, and brings back what became of it.
#[derive(Clone)]
pub struct MailEffector {
    channel: Arc<dyn Channel>,
    addresses: Addresses,
    identity: Identity,
    first_wait: Duration,
    lines: Arc<Semaphore>,
}

impl MailEffector {
    /// Sends mail of the store `identity` to `addresses` by `channel`.
    pub fn new(channel: Arc<dyn Channel>, addresses: Addresses, identity: Identity) -> Self {
        Self { channel, addresses, identity, first_wait: FIRST_WAIT, lines: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Waits this long before the second attempt, and from there four times as long each time.
    pub fn with_first_wait(self, first_wait: Duration) -> Self {
        Self { first_wait, ..self }
    }

    async fn outcome_of(self, effect: Message) -> Result<Message, String> {
        let occasion = Occasion::of(&effect);
        let occasion =
            occasion.ok_or_else(|| format!("notification does not know how to perform {}", effect.name()))?;
        let failure = self.send(&occasion).await.err().map(Into::into);
        Ok(RecordDelivery { notice: occasion.notice_id(), failure }.into())
    }

    /// Sends the mail of `occasion`, or gives up and says why.
    async fn send(&self, occasion: &Occasion) -> Result<(), String> {
        let to = self.addresses.of(&occasion.customer).ok_or("the customer has no address any more")?;
        let words = messages::of(occasion);
        let mail = Mail { id: self.mail_id(occasion), to, subject: words.subject, text: words.text };
        let (mut attempt, mut wait) = (1, self.first_wait);
        while let Err(Failure { retry, why }) = self.attempt(mail.clone()).await {
            tracing::warn!(order = occasion.order.0, attempt, retry, why, "a mail was not delivered");
            if !retry || attempt == ATTEMPTS {
                return Err(why);
            }
            tokio::time::sleep(wait).await;
            (attempt, wait) = (attempt + 1, wait * GROWTH);
        }
        Ok(())
    }

    /// Numbers of notices begin with 1 in every store, and after a restore they come a second time.
    fn mail_id(&self, occasion: &Occasion) -> String {
        format!("notice-{}.{}", occasion.notice_id().0, self.identity)
    }

    async fn attempt(&self, mail: Mail) -> Result<(), Failure> {
        let _line = self.lines.acquire().await.expect("the lines are never closed");
        self.channel.deliver(mail).await
    }
}

impl Effector<Message> for MailEffector {
    fn perform(&self, effect: Message) -> BoxFuture<'static, Result<Message, String>> {
        Box::pin(self.clone().outcome_of(effect))
    }
}
