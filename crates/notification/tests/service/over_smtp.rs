//! Mail over SMTP, to a real server.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use contracts::Message;
use engine::Effector;
use futures_util::future::BoxFuture;
use notification::{
    Addresses, Channel, Failure, Mail, MailEffector, Security, SettingsError, SmtpChannel, SmtpSettings,
};

use crate::given::{MOVIE, confirmed, delivered, order, store};
use crate::mail_server::{Arrived, Closed, MailServer};

fn settings(port: u16, security: Security) -> SmtpSettings {
    let from = "매진 <box@maejin.test>".to_owned();
    SmtpSettings { host: "127.0.0.1".to_owned(), port, security, account: None, from }
}

fn channel(port: u16) -> SmtpChannel {
    SmtpChannel::try_new(settings(port, Security::None)).unwrap()
}

/// Has the mail of an order's confirmation sent, with short waits, and gives what is to be recorded.
async fn send(channel: Arc<dyn Channel>) -> Message {
    let addresses = Addresses::try_new(Some("{customer}@example.com".to_owned())).unwrap();
    let effector = MailEffector::new(channel, addresses, store()).with_first_wait(Duration::from_millis(1));
    effector.perform(confirmed(order(MOVIE, 12), "7")).await.unwrap()
}

fn the_mail() -> Arrived {
    Arrived {
        envelope_to: vec!["7@example.com".to_owned()],
        to: "7@example.com".to_owned(),
        from: "box@maejin.test".to_owned(),
        subject: "Order 12 is confirmed".to_owned(),
        text: "Your order 12 is confirmed: 45 x 라라랜드.".to_owned(),
        message_id: format!("notice-{}.a-store.0000000000000007@maejin.test", order(MOVIE, 12).0 * 4),
        automatic: true,
    }
}

fn recorded() -> Message {
    delivered(order(MOVIE, 12).0 * 4, None)
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_written() {
    let closed = Closed::new();
    let port = closed.port();
    let server = closed.open(0);

    assert_eq!(send(Arc::new(channel(port))).await, recorded());
    assert_eq!(server.arrived(), [the_mail()]);
}

#[tokio::test]
async fn a_server_that_refuses_for_the_moment_gets_the_mail_later() {
    let closed = Closed::new();
    let port = closed.port();
    let server = closed.open(2);

    assert_eq!(send(Arc::new(channel(port))).await, recorded());
    assert_eq!(server.arrived(), [the_mail()]);
}

/// A channel to a server that opens as soon as the first mail did not get through.
struct OpensLate {
    smtp: SmtpChannel,
    closed: Mutex<Option<Closed>>,
    server: Mutex<Option<MailServer>>,
    failures: Mutex<Vec<Failure>>,
}

impl Channel for OpensLate {
    fn deliver(&self, mail: Mail) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async {
            let done = self.smtp.deliver(mail).await;
            if let Err(failure) = &done {
                self.failures.lock().unwrap().push(failure.clone());
                let closed = self.closed.lock().unwrap().take();
                closed.into_iter().for_each(|closed| *self.server.lock().unwrap() = Some(closed.open(0)));
            }
            done
        })
    }
}

#[tokio::test]
async fn a_server_that_is_down_gets_the_mail_when_it_is_up() {
    let closed = Closed::new();
    let smtp = channel(closed.port());
    let (closed, server, failures) = (Mutex::new(Some(closed)), Mutex::default(), Mutex::default());
    let late = Arc::new(OpensLate { smtp, closed, server, failures });

    assert_eq!(send(late.clone()).await, recorded());

    assert_eq!(late.server.lock().unwrap().as_ref().unwrap().arrived(), [the_mail()]);
    let failures = late.failures.lock().unwrap();
    assert!(failures.len() == 1 && failures[0].retry, "{failures:?}");
}

async fn deliver(channel: SmtpChannel, to: &str, text: &str) -> Result<(), Failure> {
    let mail =
        Mail { id: "a-mail".to_owned(), to: to.to_owned(), subject: "예약 완료".to_owned(), text: text.to_owned() };
    channel.deliver(mail).await
}

#[tokio::test]
async fn subjects_and_texts_in_any_script_survive_the_way() {
    let closed = Closed::new();
    let port = closed.port();
    let server = closed.open(0);
    let text = format!("{}\n.\n..\nFrom here: é, 漢字, 🎫", "라라랜드 ".repeat(300).trim_end());

    deliver(channel(port), "kim@example.org", &text).await.unwrap();

    let arrived = server.arrived().pop().unwrap();
    assert_eq!((arrived.subject.as_str(), arrived.text.replace("\r\n", "\n")), ("예약 완료", text));
}

#[tokio::test]
async fn a_mailbox_that_is_not_there_is_hopeless() {
    let closed = Closed::new();
    let port = closed.port();
    let server = closed.open(0);

    let failure = deliver(channel(port), "nobody@example.org", "hello").await.unwrap_err();

    assert!(!failure.retry && failure.why.contains("550"), "{failure:?}");
    assert_eq!(server.arrived(), []);
}

#[tokio::test]
async fn what_is_no_address_is_not_sent_anywhere() {
    for to in ["a b@example.org", "kim@example.org\r\nRCPT TO:<all@example.org>", "a@b@c", "@"] {
        let failure = deliver(channel(1), to, "hello").await.unwrap_err();
        assert!(!failure.retry && failure.why.contains("no address"), "{failure:?}");
    }
}

#[tokio::test]
async fn a_server_without_starttls_gets_no_mail_in_the_clear() {
    let closed = Closed::new();
    let port = closed.port();
    let server = closed.open(0);
    let starttls = SmtpChannel::try_new(settings(port, Security::StartTls)).unwrap();

    deliver(starttls, "kim@example.org", "hello").await.unwrap_err();

    assert_eq!(server.arrived(), []);
}

#[tokio::test]
async fn a_channel_may_be_dropped_by_a_thread_that_has_no_runtime() {
    let closed = Closed::new();
    let port = closed.port();
    let server = closed.open(0);
    let channel = channel(port);
    let mail = Mail {
        id: "a-mail".to_owned(),
        to: "kim@example.org".to_owned(),
        subject: "a".to_owned(),
        text: "b".to_owned(),
    };
    channel.deliver(mail).await.unwrap();

    std::thread::spawn(move || drop(channel)).join().unwrap();

    assert_eq!(server.arrived().len(), 1);
}

#[tokio::test]
async fn settings_that_no_mail_can_be_sent_with_are_refused_at_the_start() {
    let account = Some(("shop".to_owned(), "s3cret".to_owned()));
    let in_clear = SmtpSettings { host: "mail.example.com".to_owned(), account, ..settings(25, Security::None) };
    assert!(!format!("{in_clear:?}").contains("s3cret"));
    assert!(matches!(SmtpChannel::try_new(in_clear.clone()), Err(SettingsError::PasswordInClear(_))));
    assert!(SmtpChannel::try_new(SmtpSettings { security: Security::Tls, ..in_clear.clone() }).is_ok());
    assert!(SmtpChannel::try_new(SmtpSettings { host: "127.0.0.1".to_owned(), ..in_clear }).is_ok());

    let from = SmtpSettings { from: "box office".to_owned(), ..settings(25, Security::None) };
    assert!(matches!(SmtpChannel::try_new(from), Err(SettingsError::From(_))));

    assert_eq!("starttls".parse::<Security>().unwrap(), Security::StartTls);
    assert!(matches!("ssl".parse::<Security>(), Err(SettingsError::Security(_))));
}
