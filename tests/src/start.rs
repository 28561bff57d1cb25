//! How a shop is to be started.

use std::path::Path;
use std::process::{Child, Stdio};

use crate::{Ended, Home, Shop, binary};

/// The ports of each storefront's services in its walk-through, in the order of the services' names.
const PORTS: [(&str, &[u16]); 5] = [
    ("show", &[8084, 8085, 8082, 8083]),
    ("musical", &[8082, 8085, 8084, 8083]),
    ("movie", &[8083, 8084, 8082, 8085]),
    ("coupon", &[8081, 8084, 8082, 8083]),
    ("shop", &[8085, 8083, 8082, 8084]),
];

const STOREFRONTS: &str = "--storefronts";

/// What to give the binary on its way.
#[derive(Debug, Clone, Default)]
pub struct Start {
    args: Vec<String>,
    env: Vec<(String, String)>,
    pub(crate) ports: Vec<u16>,
    /// Whether its logs go to a disk that is full.
    unheard: bool,
}

impl Start {
    /// All storefronts, open to everyone on this machine.
    pub fn open() -> Self {
        Self::closed().arg("--open")
    }

    /// One storefront alone, its services on ports of their own.
    ///
    /// # Panics
    /// If it is not one of the five.
    pub fn alone(storefront: &str) -> Self {
        let found = PORTS.iter().find(|(name, _)| *name == storefront);
        let (_, ports) = found.unwrap_or_else(|| panic!("{storefront} is not among the five storefronts"));
        let start = Self { ports: ports.to_vec(), ..Self::open() };
        let start = ports.iter().fold(start, |start, port| start.arg("--port").arg(&format!("{port}=0")));
        start.arg("--storefront").arg(storefront)
    }

    /// All storefronts, not open.
    pub fn closed() -> Self {
        Self::default().env("MAEJIN_LOG_FORMAT", "json")
    }

    /// With one more argument.
    #[must_use]
    pub fn arg(mut self, arg: &str) -> Self {
        self.args.push(arg.to_owned());
        self
    }

    /// With one more setting from the environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With logs that go to a disk that is full.
    #[must_use]
    pub fn unheard(self) -> Self {
        Self { unheard: true, ..self }
    }

    /// With the storefronts in `dir` beside the five.
    #[must_use]
    pub fn storefronts(self, dir: &Path) -> Self {
        let dir = dir.to_string_lossy();
        self.arg(STOREFRONTS).arg(&dir)
    }

    pub(crate) fn further_storefronts(&self) -> Option<&str> {
        let at = self.args.iter().position(|arg| arg == STOREFRONTS)?;
        self.args.get(at + 1).map(String::as_str)
    }

    /// Starts it in a home of its own.
    pub fn run(self) -> Shop {
        self.run_in(Home::default())
    }

    /// Starts it where there may be data already.
    pub fn run_in(self, home: Home) -> Shop {
        Shop::start(self, home)
    }

    /// Starts it where it must refuse to run, and gives what it said.
    pub fn refused(&self, data: &Path) -> Ended {
        self.clone().arg("--listen").arg("127.0.0.1:0").refused_listening_as_set(data)
    }

    /// The same, where the settings say on which address.
    pub fn refused_listening_as_set(&self, data: &Path) -> Ended {
        let mut command = binary::command();
        command.arg("serve").args(&self.args).arg("--data").arg(data);
        command.envs(self.env.iter().cloned()).current_dir(std::env::temp_dir());
        Ended::within_patience(command)
    }

    pub(crate) fn spawn(&self, home: &Home, run: u32) -> Child {
        let mut command = binary::command();
        command.arg("serve").args(&self.args).args(["--listen", "127.0.0.1:0"]).arg("--data").arg(home.data());
        command.envs(self.env.iter().cloned()).current_dir(home.path()).stdin(Stdio::null());
        let errors = home.new_output("stderr", run);
        let full = || std::fs::File::options().write(true).open("/dev/full").expect("there is /dev/full");
        command.stdout(home.new_output("stdout", run)).stderr(if self.unheard { full() } else { errors });
        command.spawn().expect("the binary can be run")
    }
}
