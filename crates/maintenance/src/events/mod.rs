//! `maejin events`: shows what was said, read from the journal while the shop runs or when it does not.

mod filter;
mod output;
mod unread;

use std::io::{BufWriter, Write};
use std::process::ExitCode;
use std::time::Duration;

use contracts::{Message, Recipes};
use engine::Envelope;
use host::Location;
use host::history::{Passage, Reading, Recall, recorded};

use contracts::display::{EventIds, StorefrontNames};
use filter::Filter;
use old_names::Translator;

/// How often the journal is looked at for something new, in milliseconds.
const LOOK_MS: u64 = 200;

/// Which messages are to be shown, and how.
#[derive(Debug)]
pub struct Request {
    /// Where the journal is.
    pub location: Location,
    /// Go on with what is said from now on.
    pub follow: bool,
    /// Only this storefront's, by its name.
    pub storefront: Option<String>,
    /// Only this order's, by its number in the storefront.
    pub order: Option<u64>,
    /// In the words of the systems that the storefronts stand for.
    pub old_names: bool,
    /// One JSON object a line.
    pub json: bool,
}

/// Why showing ended early.
enum End {
    /// Nobody reads any more. That is how `head` ends what is piped into it.
    Unread,
    /// It could not go on.
    Failed(String),
}

/// Shows messages until there are none, or if they are to be followed until told to stop or nobody reads any more.
///
/// # Errors
/// If they cannot be read or written.
pub fn run(events: &Request, known: &Recipes) -> Result<ExitCode, String> {
    let names = StorefrontNames::of(known);
    let filter = Filter::of(events, &names)?;
    let location = &events.location;
    let mut reading = Reading::open(location, filter.order()).map_err(|error| error.to_string())?;
    let mut teller = Teller::new(events, names, filter, location)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let ended = match show(&mut reading, &mut teller, &mut out) {
        Ok(()) if events.follow => follow(&mut reading, &mut teller, &mut out)?,
        other => other,
    };
    match ended {
        Ok(()) | Err(End::Unread) => Ok(ExitCode::SUCCESS),
        Err(End::Failed(why)) => Err(why),
    }
}

/// Shows all there is by now.
fn show(reading: &mut Reading, teller: &mut Teller, out: &mut dyn Write) -> Result<(), End> {
    while let Some(passage) = reading.next_passage().map_err(|error| End::Failed(error.to_string()))? {
        for line in teller.lines(passage).map_err(End::Failed)? {
            writeln!(out, "{line}").map_err(unwritten)?;
        }
        out.flush().map_err(unwritten)?;
    }
    Ok(())
}

fn unwritten(error: std::io::Error) -> End {
    match error.kind() {
        std::io::ErrorKind::BrokenPipe => End::Unread,
        _ => End::Failed(format!("cannot write: {error}")),
    }
}

/// Looks for something new until the process is told to stop.
fn follow(reading: &mut Reading, teller: &mut Teller, out: &mut dyn Write) -> Result<Result<(), End>, String> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    Ok(runtime.block_on(async {
        let stop = service::signalled(|| {}); // a terminal that hangs up closes standard output, and that ends it
        tokio::pin!(stop);
        let pipe = unread::Pipe::of_stdout();
        loop {
            tokio::select! {
                signal = &mut stop => break signal.map(|_| ()).map_err(|error| End::Failed(error.to_string())),
                () = tokio::time::sleep(Duration::from_millis(LOOK_MS)) => {}
            }
            if pipe.is_unread().await {
                break Err(End::Unread);
            }
            if let Err(end) = show(reading, teller, out) {
                break Err(end);
            }
        }
    }))
}

/// Turns messages into lines.
struct Teller {
    filter: Filter,
    ids: EventIds,
    names: StorefrontNames,
    json: bool,
    translator: Option<Translator>,
}

impl Teller {
    fn new(events: &Request, names: StorefrontNames, filter: Filter, location: &Location) -> Result<Self, String> {
        let translator = events.old_names.then(|| Translator::try_new(Recall::of(location), &names)).transpose()?;
        let ids = host::history::event_ids(location).map_err(|error| error.to_string())?;
        Ok(Self { filter, ids, names, json: events.json, translator })
    }

    fn lines(&mut self, passage: Passage) -> Result<Vec<String>, String> {
        if let Some(translator) = self.translator.as_mut().filter(|_| passage.after_a_gap) {
            translator.forget();
        }
        let mut lines = Vec::new();
        for envelope in &passage.messages {
            lines.extend(self.lines_of(envelope)?);
        }
        Ok(lines)
    }

    fn lines_of(&mut self, envelope: &Envelope<Message>) -> Result<Vec<String>, String> {
        let wanted = self.filter.takes(envelope);
        match &mut self.translator {
            Some(translator) => {
                let said = recorded(envelope.clone());
                translator.hear(&said);
                let old = if wanted { translator.say(&said)? } else { Vec::new() };
                Ok(old.iter().map(|message| if self.json { message.json() } else { message.text() }).collect())
            }
            None if !wanted => Ok(Vec::new()),
            None if self.json => output::json(envelope, &self.ids, &self.names).map(|line| vec![line]),
            None => output::text(envelope, &self.names).map(|line| vec![line]),
        }
    }
}

#[cfg(test)]
mod tests;
