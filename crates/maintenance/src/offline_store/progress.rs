//! How far a long run over the journal is, on standard error: one line that is redrawn on a terminal, a line now and then elsewhere.

use std::io::{IsTerminal, Write};

use world::{Clock, SystemClock, Timestamp};

/// How often the line on a terminal is redrawn, in milliseconds.
const REDRAW_MS: u64 = 100;
/// How often a line is written elsewhere, in milliseconds.
const LINE_MS: u64 = 5_000;

/// Tells how far something is. Silent while that takes less than a moment.
pub struct Progress {
    doing: &'static str,
    clock: Box<dyn Clock>,
    out: Box<dyn Write>,
    terminal: bool,
    told: Timestamp,
    drawn: bool,
}

impl Progress {
    /// Tells of `doing` on standard error.
    pub fn of(doing: &'static str) -> Self {
        let error = std::io::stderr();
        let terminal = error.is_terminal();
        Self::on(Box::new(error), terminal, Box::new(SystemClock), doing)
    }

    fn on(out: Box<dyn Write>, terminal: bool, clock: Box<dyn Clock>, doing: &'static str) -> Self {
        let told = clock.now();
        Self { doing, clock, out, terminal, told, drawn: false }
    }

    /// It is at `done` of `last` records. That nobody may be reading this is no failure.
    pub fn at(&mut self, done: u64, last: u64) {
        let now = self.clock.now();
        if now.saturating_sub(self.told) < if self.terminal { REDRAW_MS } else { LINE_MS } {
            return;
        }
        self.told = now;
        let percent = u128::from(done) * 100 / u128::from(last.max(1));
        let (start, end) = if self.terminal { ("\r\x1b[K", "") } else { ("", "\n") };
        let _ = write!(self.out, "{start}{}: record {done} of {last} ({percent} %){end}", self.doing);
        let _ = self.out.flush();
        self.drawn = self.terminal;
    }

    /// It is done: the line goes.
    pub fn end(&mut self) {
        if self.drawn {
            let _ = write!(self.out, "\r\x1b[K");
            let _ = self.out.flush();
            self.drawn = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use world::ManualClock;

    use super::*;

    #[derive(Clone, Default)]
    struct Screen(Arc<Mutex<Vec<u8>>>);

    impl Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    struct Turned(Arc<ManualClock>);

    impl Clock for Turned {
        fn now(&self) -> Timestamp {
            self.0.now()
        }

        fn elapsed_ms(&self) -> u64 {
            self.0.elapsed_ms()
        }
    }

    fn printed(terminal: bool) -> String {
        let (screen, clock) = (Screen::default(), Arc::new(ManualClock::new(0)));
        let mut progress = Progress::on(Box::new(screen.clone()), terminal, Box::new(Turned(clock.clone())), "reading");
        progress.at(1, 200);
        clock.advance(5_000);
        progress.at(50, 200);
        progress.at(51, 200);
        progress.end();
        String::from_utf8(screen.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_terminal_has_one_line_that_goes_away() {
        assert_eq!(printed(true), "\r\x1b[Kreading: record 50 of 200 (25 %)\r\x1b[K");
    }

    #[test]
    fn a_file_gets_a_line_now_and_then() {
        assert_eq!(printed(false), "reading: record 50 of 200 (25 %)\n");
    }
}
