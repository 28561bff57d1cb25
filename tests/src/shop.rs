//! A running shop.

use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::banner::{self, Addresses};
use crate::{Ended, Home, Ledger, Paths, Start, eventually, maejin, pause};

/// Between two looks whether it has ended.
const LOOK: Duration = Duration::from_millis(10);

/// A shop in a process of its own. It ends with the test; if the test failed, its last words are shown.
#[derive(Debug)]
pub struct Shop {
    start: Start,
    home: Home,
    process: Option<Child>,
    addresses: Addresses,
    runs: u32,
}

impl Shop {
    /// All storefronts, open, on a fresh store.
    pub fn open() -> Self {
        Start::open().run()
    }

    /// One storefront alone, open, on a fresh store.
    pub fn alone(storefront: &str) -> Self {
        Start::alone(storefront).run()
    }

    pub(crate) fn start(start: Start, home: Home) -> Self {
        let addresses = Addresses { door: String::new(), services: Vec::new() };
        let mut shop = Self { start, home, process: None, addresses, runs: 0 };
        shop.start_again();
        shop
    }

    /// Starts it again on the same data, perhaps on other ports.
    ///
    /// # Panics
    /// If it runs already, or ends at once.
    pub fn start_again(&mut self) {
        assert!(self.process.is_none(), "the shop runs already");
        self.runs += 1;
        self.process = Some(self.start.spawn(&self.home, self.runs));
        let services = self.start.ports.len();
        self.addresses = eventually("the shop opens", || {
            let ended = self.process.as_mut().and_then(|process| process.try_wait().ok().flatten());
            assert!(ended.is_none(), "the shop ended at once: {ended:?}");
            banner::read(&self.home.read("stdout", self.runs), services)
        });
    }

    /// Starts it again on the same data, in another way from now on.
    ///
    /// # Panics
    /// If it runs already, or ends at once.
    pub fn start_again_as(&mut self, start: Start) {
        self.start = start;
        self.start_again();
    }

    /// Starts it, and kills it `after` that, whether it has opened or not.
    ///
    /// # Panics
    /// If it runs already.
    pub fn start_and_kill(&mut self, after: Duration) {
        assert!(self.process.is_none(), "the shop runs already");
        self.runs += 1;
        self.process = Some(self.start.spawn(&self.home, self.runs));
        pause(after);
        self.kill();
    }

    /// One storefront, as its clients reach it.
    pub fn paths(&self, storefront: &str) -> Paths {
        if self.start.ports.is_empty() {
            return Paths::below(&self.addresses.door, storefront);
        }
        let ports = self.start.ports.iter().copied().zip(self.addresses.services.iter().cloned());
        Paths::alone(&self.addresses.door, ports.collect())
    }

    /// The paths that are no storefront's.
    pub fn door(&self) -> Paths {
        Paths::alone(&self.addresses.door, Vec::new())
    }

    /// Where it lives.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// What the shop has logged since it was started last.
    pub fn log(&self) -> String {
        self.home.read("stderr", self.runs)
    }

    /// What the shop has printed since it was started last.
    pub fn printed(&self) -> String {
        self.home.read("stdout", self.runs)
    }

    /// Asks it to stop, as an operator or a cluster does.
    ///
    /// # Panics
    /// If it does not run.
    pub fn ask_to_stop(&self) {
        self.signal("TERM");
    }

    /// Sends it a signal, such as `HUP`.
    ///
    /// # Panics
    /// If it does not run.
    pub fn signal(&self, name: &str) {
        let pid = self.process.as_ref().expect("the shop runs").id().to_string();
        let status = Command::new("kill").args([&format!("-{name}"), &pid]).status().expect("kill can be run");
        assert!(status.success(), "kill -{name} {pid}: {status}");
    }

    /// Waits until it has ended by itself.
    ///
    /// # Panics
    /// If it does not.
    pub fn ended(&mut self) -> ExitStatus {
        let process = self.process.as_mut().expect("the shop runs");
        let status = eventually("the shop ends", || process.try_wait().expect("the process can be asked"));
        self.process = None;
        status
    }

    /// Waits until it has ended by itself; `None` if it still runs after `patience`.
    ///
    /// # Panics
    /// If it does not run.
    pub fn ended_within(&mut self, patience: Duration) -> Option<ExitStatus> {
        let process = self.process.as_mut().expect("the shop runs");
        let start = Instant::now();
        while start.elapsed() < patience {
            let ended = process.try_wait().expect("the process can be asked");
            if ended.is_some() {
                self.process = None;
                return ended;
            }
            pause(LOOK);
        }
        None
    }

    /// Asks it to stop, and waits until it has.
    ///
    /// # Panics
    /// If it ends with an error.
    pub fn stop(&mut self) {
        self.ask_to_stop();
        let status = self.ended();
        assert!(status.success(), "the shop was asked to stop and ended with {status}");
    }

    /// Kills it as a power cut would, and waits until it is gone.
    ///
    /// # Panics
    /// If it does not run.
    pub fn kill(&mut self) {
        let mut process = self.process.take().expect("the shop runs");
        process.kill().expect("a process of one's own can be killed");
        process.wait().expect("a process that was killed ends");
    }

    /// What `maejin check` says of the store. The shop must not run.
    pub fn check(&self) -> Ended {
        self.check_with(&[])
    }

    /// The same, beside the list of the payment provider at `url`.
    pub fn check_provider(&self, url: &str) -> Ended {
        self.check_with(&["--provider", url])
    }

    fn check_with(&self, more: &[&str]) -> Ended {
        let data = self.home.data();
        let data = data.to_string_lossy();
        maejin(["check", "--data", &data].iter().chain(more).chain(&self.further_storefronts()))
    }

    /// What `maejin events` says of one order.
    ///
    /// # Panics
    /// If the verb fails, or a line is not JSON.
    pub fn timeline(&self, storefront: &str, order: u64) -> Vec<Value> {
        self.events(&["--storefront", storefront, "--order", &order.to_string()])
    }

    /// What `maejin events` says, narrowed by `which`.
    ///
    /// # Panics
    /// If the verb fails, or a line is not JSON.
    pub fn events(&self, which: &[&str]) -> Vec<Value> {
        let data = self.home.data();
        let data = data.to_string_lossy();
        let args = ["events", "--json", "--data", &data];
        let ended = maejin(args.iter().chain(which).chain(&self.further_storefronts())).with_code(0);
        ended.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e} in {line}"))).collect()
    }

    fn further_storefronts(&self) -> Vec<&str> {
        self.start.further_storefronts().map_or_else(Vec::new, |dir| vec!["--storefronts", dir])
    }

    /// The book of the payment provider that runs beside the shop.
    ///
    /// # Panics
    /// If there is no provider beside it.
    pub fn ledger(&self) -> Ledger {
        Ledger::at(&self.provider_url())
    }

    /// The address of the payment provider that runs beside the shop.
    ///
    /// # Panics
    /// If there is no provider beside it.
    pub fn provider_url(&self) -> String {
        let log = self.log();
        let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let is_provider = |line: &Value| line["message"] == "the sandbox payment provider runs beside the shop";
        let url = lines.filter(is_provider).find_map(|line| line["url"].as_str().map(str::to_owned));
        url.unwrap_or_else(|| panic!("the log names no payment provider:\n{log}"))
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
        if std::thread::panicking() {
            eprintln!("{}", self.home.last_words(self.runs));
        }
    }
}
