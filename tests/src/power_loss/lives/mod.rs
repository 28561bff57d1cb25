//! The lives of a shop on one disk: it is started, buyers buy, it dies, it is started again on what is there; all of it is logged.

mod buyers;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

pub(crate) use buyers::STOREFRONTS;
use buyers::Sale;

use super::disk::{Disk, Image};
use super::keep;
use super::log::{Log, Mark, Step, read};
use super::shim::{Fault, Shim};
use crate::chance::Chance;
use crate::{Home, Shop, Start, binary, eventually, pause, while_running};

/// How many buy at once.
const BUYERS: usize = 8;
/// A life under load lasts so long at least, and at most so much longer, in milliseconds.
const LIFE_MS: (u64, u64) = (500, 700);
/// And until so many orders were answered.
const ANSWERS: u64 = 100;
/// Where the disk is in a home, and where the data directory is on the disk.
pub(crate) const DISK: &str = "disk";
pub(crate) const DATA: &str = "data";
const DATA_IN_HOME: &str = "disk/data";
/// Where a backup goes, and where it is put back, on the disk.
pub(crate) const BACKUP: &str = "backup";
pub(crate) const ELSEWHERE: &str = "elsewhere";

/// A shop that is logged.
#[derive(Debug)]
pub(super) struct Lives {
    root: PathBuf,
    log: Log,
    shim: Shim,
    pub(super) chance: Chance,
    /// Before the first life: its home.
    home: Option<Home>,
    shop: Option<Shop>,
    sale: Option<Sale>,
    readers: Vec<Child>,
}

impl Lives {
    /// An empty disk, and the log of the story `name`.
    pub(super) fn new(name: &str, seed: u64, shim: Shim) -> Self {
        let home = Home::with_data_in(DATA_IN_HOME);
        let path = home.path().canonicalize().expect("a home is there");
        let (root, log) = (path.join(DISK), Log::new(&path.join("log")));
        std::fs::create_dir(&root).expect("a directory can be made");
        log.mark(Mark::Story { name, root: root.to_str().expect("a readable path") });
        Self {
            root,
            log,
            shim,
            chance: Chance::of(seed),
            home: Some(home),
            shop: None,
            sale: None,
            readers: Vec::new(),
        }
    }

    /// Starts the shop, perhaps on a disk with a fault, and opens the sale or goes on with it.
    pub(super) fn open(&mut self, fault: Option<Fault>) {
        self.log.mark(Mark::Step(Step::LifeBegins));
        let env = self.shim.env(&self.root, self.log.path(), fault);
        let start = env.iter().fold(Start::open(), |start, (name, value)| start.env(name, value));
        match &mut self.shop {
            Some(shop) => shop.start_again_as(start),
            None => self.shop = Some(start.run_in(self.home.take().expect("a home for the first life"))),
        }
        let door = self.shop().door();
        match &self.sale {
            Some(sale) => sale.goes_on(&door, &self.log),
            None => self.sale = Some(Sale::open(&door, self.chance.number())),
        }
    }

    /// Buyers buy, and the shop is killed under their hands.
    pub(super) fn sell_until_killed(&mut self) {
        let life = self.some_time();
        self.sell(|lives, sale| {
            pause(life);
            has_sold(sale);
            lives.kill();
        });
    }

    /// Buyers buy, and the shop is asked to stop.
    pub(super) fn sell_until_stopped(&mut self) {
        let life = self.some_time();
        self.sell(|lives, sale| {
            pause(life);
            has_sold(sale);
            lives.shop_mut().stop();
            lives.has_ended();
        });
    }

    /// Buyers buy until a fault of the disk has come and the shop has ended; it is killed if it goes on all the same.
    pub(super) fn sell_until_fault(&mut self) {
        let longer = self.some_time();
        self.sell(|lives, _| {
            lives.log.arm_fault();
            eventually("the fault comes", || lives.log.fault_has_come().then_some(()));
            match lives.shop_mut().ended_within(longer) {
                Some(_) => lives.has_ended(),
                None => lives.kill(),
            }
        });
    }

    /// Buyers buy while an operator does something; then the shop is killed.
    pub(super) fn sell_beside(&mut self, act: impl FnOnce(&Self)) {
        let (before, after) = (self.some_time(), self.some_time());
        self.sell(|lives, sale| {
            pause(before);
            has_sold(sale);
            act(lives);
            pause(after);
            lives.kill();
        });
    }

    /// Makes a backup.
    pub(super) fn back_up(&self) {
        self.log.mark(Mark::Step(Step::BackupBegins));
        self.verb(&["backup", "--data", &self.on_disk(DATA), "--to", &self.on_disk(BACKUP)]);
        self.log.mark(Mark::Step(Step::BackupDone));
    }

    /// Moves all of the journal that can be moved into segments.
    pub(super) fn archive(&self) {
        self.verb(&["journal", "archive", "--older-than", "0s", "--data", &self.on_disk(DATA)]);
    }

    /// Makes the journal's file smaller, of a shop that does not run.
    pub(super) fn compact(&self) {
        self.verb(&["journal", "compact", "--data", &self.on_disk(DATA)]);
        self.is_as_logged();
    }

    /// Puts the backup back beside the shop, which does not run.
    pub(super) fn restore(&self) {
        self.log.mark(Mark::Step(Step::RestoreBegins));
        self.verb(&["restore", "--from", &self.on_disk(BACKUP), "--data", &self.on_disk(ELSEWHERE)]);
        self.log.mark(Mark::Step(Step::RestoreDone));
        self.is_as_logged();
    }

    /// Somebody reads the journal from now on, until the story ends.
    pub(super) fn reader_begins(&mut self) {
        let mut command = self.command(&["events", "--follow", "--data", &self.on_disk(DATA)]);
        let output = self.log.path().with_file_name(format!("reader-{}", self.readers.len()));
        let out = File::create(&output).expect("a file can be made");
        command.stdin(Stdio::null()).stdout(out).stderr(Stdio::null());
        let reader = command.spawn().expect("the binary can be run");
        eventually("a reader reads", || output.metadata().is_ok_and(|file| file.len() > 0).then_some(()));
        self.readers.push(reader);
    }

    /// A life with a fault while somebody reads the journal, and the next one, beside the same reader.
    pub(super) fn read_through(&mut self, fault: Fault) {
        self.open(Some(fault));
        self.reader_begins();
        self.sell_until_fault();
        self.open(None);
    }

    /// A life with a fault beside a reader, which keeps SQLite from clearing up at its end, and the next life beside a reader that came in
    /// between, and so was the first to see what that fault left.
    pub(super) fn read_between(&mut self, fault: Fault) {
        self.open(Some(fault));
        self.reader_begins();
        self.sell_until_fault();
        self.readers_end();
        self.reader_begins();
        self.open(None);
    }

    /// The power goes, and comes back. The shop does not run.
    pub(super) fn lose_power(&self) {
        self.log.power_lost(self.chance.number());
        self.replayed().put_into(&self.root);
    }

    /// Ends the story, and gives its log.
    pub(super) fn end(mut self) -> Vec<u8> {
        self.readers_end();
        self.log.bytes()
    }

    fn readers_end(&mut self) {
        let mut readers = std::mem::take(&mut self.readers);
        self.log.between_changes(|| readers.iter_mut().for_each(end));
    }

    fn sell(&mut self, story: impl FnOnce(&mut Self, &Sale)) {
        let sale = self.sale.take().expect("the sale is open");
        let door = self.shop().door();
        let log = self.log.again();
        while_running(BUYERS, |buyer| sale.turn(&door, &log, buyer), || story(self, &sale));
        self.sale = Some(sale);
    }

    fn kill(&mut self) {
        let shop = self.shop.as_mut().expect("the shop was started");
        self.log.between_changes(|| shop.kill());
        self.has_ended();
    }

    fn has_ended(&self) {
        self.log.mark(Mark::Step(Step::LifeEnded));
        self.is_as_logged();
    }

    /// What holds the whole test up: the log tells everything that was changed.
    fn is_as_logged(&self) {
        let difference = self.replayed().difference(&Image::of(&self.root));
        assert_eq!(difference, None, "the log does not tell what the disk is like: it is known that");
    }

    fn replayed(&self) -> Image {
        let bytes = self.log.bytes();
        let mut disk = Disk::empty();
        read(&bytes).iter().for_each(|note| disk.follow(note));
        disk.seen()
    }

    fn verb(&self, args: &[&str]) {
        let output = self.command(args).output().expect("the binary can be run");
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = binary::command();
        command.args(args).envs(self.shim.env(&self.root, self.log.path(), None));
        command
    }

    fn on_disk(&self, name: &str) -> String {
        self.root.join(name).to_str().expect("a readable path").to_owned()
    }

    fn some_time(&self) -> Duration {
        Duration::from_millis(LIFE_MS.0 + self.chance.below(LIFE_MS.1))
    }

    fn shop(&self) -> &Shop {
        self.shop.as_ref().expect("the shop was started")
    }

    fn shop_mut(&mut self) -> &mut Shop {
        self.shop.as_mut().expect("the shop was started")
    }
}

/// Waits until there was some load, however busy the machine is.
fn has_sold(sale: &Sale) {
    eventually("buyers are answered", || (sale.answered() >= ANSWERS).then_some(()));
}

fn end(process: &mut Child) {
    process.kill().expect("a process of one's own can be killed");
    process.wait().expect("a process that was killed ends");
}

/// A story that ended early leaves its log.
impl Drop for Lives {
    fn drop(&mut self) {
        self.readers.iter_mut().for_each(end);
        // There is none any more where the shop's home went with a start that failed.
        if std::thread::panicking() && self.log.path().exists() {
            eprintln!("the log of what happened: {}", keep("ended-early", &self.log.bytes()).display());
        }
    }
}

/// The path of the data directory on a disk at `at`.
pub(crate) fn data(at: &Path) -> PathBuf {
    at.join(DATA)
}
