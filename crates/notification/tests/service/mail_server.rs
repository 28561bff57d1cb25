//! A real mail server on a port of its own, which refuses as often as it is told to and keeps what it accepts.

use std::io::{BufRead, BufReader, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, mpsc};

use mail_parser::MessageParser;
use mailin::response::{INTERNAL_ERROR, NO_MAILBOX, OK};
use mailin::{Action, Handler, Response, SessionBuilder};
use tokio::net::TcpSocket;

/// A mail as it arrived.
#[derive(Debug, PartialEq)]
pub struct Arrived {
    /// Whom the client named to the server.
    pub envelope_to: Vec<String>,
    /// What a mail program shows.
    pub to: String,
    pub from: String,
    pub subject: String,
    pub text: String,
    pub message_id: String,
    /// Whether it is marked as not written by a person.
    pub automatic: bool,
}

/// An address on which nobody listens yet, kept so that nobody else does.
pub struct Closed(TcpSocket);

impl Closed {
    pub fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        Self(socket)
    }

    pub fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    /// Starts a server that refuses the first `refusals` mails for the moment. It ends with the process.
    pub fn open(self, refusals: usize) -> MailServer {
        let listener = self.0.listen(16).unwrap().into_std().unwrap();
        listener.set_nonblocking(false).unwrap();
        let (sender, arrived) = mpsc::channel();
        let refusals = Arc::new(Mutex::new(refusals));
        let session = Session { refusals, envelope_to: Vec::new(), bytes: Vec::new(), sender };
        std::thread::spawn(move || serve(&listener, &session));
        MailServer(arrived)
    }
}

/// A server that is open.
pub struct MailServer(mpsc::Receiver<Arrived>);

impl MailServer {
    /// All that has arrived. A mail is here before its sender hears that it is.
    pub fn arrived(&self) -> Vec<Arrived> {
        self.0.try_iter().collect()
    }
}

fn serve(listener: &TcpListener, session: &Session) {
    for client in listener.incoming() {
        let session = session.clone();
        // A client that hangs up ends its own conversation only.
        std::thread::spawn(move || client.and_then(|client| converse(client, session)));
    }
}

fn converse(client: TcpStream, session: Session) -> std::io::Result<()> {
    let (mut answers, mut lines) = (client.try_clone()?, BufReader::new(client));
    let mut session = SessionBuilder::new("mail.test").build(IpAddr::from([127, 0, 0, 1]), session);
    let mut response = session.greeting();
    loop {
        let mut bytes = Vec::new();
        response.write_to(&mut bytes)?;
        answers.write_all(&bytes)?;
        let mut line = Vec::new();
        if response.action == Action::Close || lines.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        response = session.process(&line);
    }
}

/// One conversation.
#[derive(Clone)]
struct Session {
    refusals: Arc<Mutex<usize>>,
    envelope_to: Vec<String>,
    bytes: Vec<u8>,
    sender: mpsc::Sender<Arrived>,
}

impl Handler for Session {
    fn mail(&mut self, _: IpAddr, _: &str, _: &str) -> Response {
        let mut refusals = self.refusals.lock().unwrap();
        if *refusals > 0 {
            *refusals -= 1;
            return INTERNAL_ERROR;
        }
        OK
    }

    fn rcpt(&mut self, to: &str) -> Response {
        if to.starts_with("nobody@") { NO_MAILBOX } else { OK }
    }

    fn data_start(&mut self, _: &str, _: &str, _: bool, to: &[String]) -> Response {
        self.envelope_to = to.to_vec();
        self.bytes.clear();
        OK
    }

    fn data(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let message = MessageParser::default().parse(&self.bytes).unwrap();
        let address =
            |list: Option<&mail_parser::Address<'_>>| list.unwrap().first().unwrap().address().unwrap().to_owned();
        let arrived = Arrived {
            envelope_to: self.envelope_to.clone(),
            to: address(message.to()),
            from: address(message.from()),
            subject: message.subject().unwrap().to_owned(),
            text: message.body_text(0).unwrap().trim_end().to_owned(),
            message_id: message.message_id().unwrap().to_owned(),
            automatic: message.header_raw("Auto-Submitted").is_some_and(|value| value.trim() == "auto-generated"),
        };
        self.sender.send(arrived).unwrap();
        OK
    }
}
