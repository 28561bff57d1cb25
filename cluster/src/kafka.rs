//! A broker of Apache Kafka of one's own, in a folder of its own and on ports that nobody else has. It ends with the process that began it,
//! however that ends.

use std::fs::{self, File};
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// What is fetched, by Maven: the broker and its tools.
const POM: &str = include_str!("../kafka/pom.xml");
/// The version in it.
const VERSION: &str = "4.3.1";
const SERVER: &str = include_str!("../kafka/server.properties");
const LOGS: &str = include_str!("../kafka/log4j2.properties");
/// How long a broker may take to begin, on a machine that is busy.
const BEGIN: Duration = Duration::from_secs(120);
/// What it logs when it has begun.
const BEGUN: &str = "Kafka Server started";
/// Where ports are taken from: below those that the system gives to whoever asks for any.
const PORTS: std::ops::Range<u16> = 21_000..29_000;
/// Between two looks.
const LOOK: Duration = Duration::from_millis(50);
/// Runs the broker until nobody holds the other end of the input any more, and takes its folder away if nobody asked to keep it.
const WATCH: &str = r#"trap '' INT TERM; dir=$1; shift; "$@" </dev/null >>"$dir/log" 2>&1 & echo $! >"$dir/pid"
read -r word; kill -KILL "$(cat "$dir/pid")" 2>/dev/null; wait; [ "$word" = keep ] || rm -rf "$dir""#;

/// A broker.
#[derive(Debug)]
pub struct Broker {
    programs: PathBuf,
    dir: PathBuf,
    port: u16,
    /// Nobody else takes the ports as long as it is locked.
    _ports: File,
    /// Its input is what the broker lives by; none while it is away.
    watch: Option<Child>,
}

impl Broker {
    /// Begins one, and fetches Kafka first where it is missing.
    ///
    /// # Errors
    /// If it cannot be fetched or does not begin.
    pub fn begin() -> Result<Self, String> {
        let programs = programs()?;
        let (ports, port) = free_ports()?;
        // The watch removes it, also where this process is killed.
        let dir = TempDir::with_prefix("maejin-kafka-").map_err(|error| error.to_string())?.keep();
        let mut broker = Self { programs, dir, port, _ports: ports, watch: None };
        broker.format()?;
        broker.start()?;
        Ok(broker)
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Kills it as a power cut would, but for what the system has not written to the disk yet.
    ///
    /// # Panics
    /// If it does not run.
    pub fn kill(&mut self) {
        let mut watch = self.watch.take().expect("the broker runs");
        let told = watch.stdin.take().map(|mut input| input.write_all(b"keep\n"));
        told.expect("it has an input").expect("it reads");
        watch.wait().expect("a process of one's own can be waited for");
    }

    /// Starts it again, on the same data and ports.
    ///
    /// # Errors
    /// If it does not begin.
    pub fn start(&mut self) -> Result<(), String> {
        let log = self.dir.join("log");
        File::create(&log).map_err(|error| told(&log, &error))?;
        let mut watch = Command::new("sh");
        watch
            .args(["-c", WATCH, "kafka"])
            .arg(&self.dir)
            .arg("java")
            .args(self.options())
            .args(["-Xmx256m", "kafka.Kafka"]);
        watch.arg(self.dir.join("server.properties")).current_dir("/").stdin(Stdio::piped());
        self.watch = Some(watch.spawn().map_err(|error| format!("sh: {error}"))?);
        self.until_it_answers()
    }

    /// One of Kafka's own programs, by the class that it begins in, such as `org.apache.kafka.tools.consumer.ConsoleConsumer`.
    pub fn tool(&self, class: &str) -> Command {
        let mut command = Command::new("java");
        // What it logs is nobody's business, and would stand between what it says.
        command.arg("-cp").arg(self.programs.join("*")).arg(class).stdin(Stdio::null());
        command
    }

    /// The last of what it logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.dir.join("log")).unwrap_or_else(|error| error.to_string())
    }

    /// What the Java machine is told. What it unpacks goes with the folder.
    fn options(&self) -> [String; 4] {
        let logs = self.dir.join("log4j2.properties");
        let unpacked = format!("-Djava.io.tmpdir={}", self.dir.display());
        let logs = format!("-Dlog4j2.configurationFile={}", logs.display());
        [logs, unpacked, "-cp".to_owned(), format!("{}/*", self.programs.display())]
    }

    fn format(&self) -> Result<(), String> {
        let ports = [("{broker}", self.port.to_string()), ("{controller}", (self.port + 1).to_string())];
        let dir = ("{dir}", self.dir.display().to_string());
        let server =
            ports.iter().chain([&dir]).fold(SERVER.to_owned(), |text, (name, value)| text.replace(name, value));
        for (name, text) in [("server.properties", server.as_str()), ("log4j2.properties", LOGS)] {
            let path = self.dir.join(name);
            fs::write(&path, text).map_err(|error| told(&path, &error))?;
        }
        let storage = || self.tool("kafka.tools.StorageTool");
        let id = run(storage().arg("random-uuid"))?;
        let id = id.lines().last().unwrap_or_default().trim();
        run(storage().args(["format", "--standalone", "-t", id, "-c"]).arg(self.dir.join("server.properties")))
            .map(drop)
    }

    fn until_it_answers(&mut self) -> Result<(), String> {
        let began = Instant::now();
        while !self.log().contains(BEGUN) {
            let ended = self.watch.as_mut().and_then(|watch| watch.try_wait().ok().flatten());
            if ended.is_some() || began.elapsed() > BEGIN {
                return Err(format!("the broker does not begin:\n{}", self.log()));
            }
            std::thread::park_timeout(LOOK);
        }
        Ok(())
    }
}

/// Two ports, one after the other, and what keeps others from them.
fn free_ports() -> Result<(File, u16), String> {
    let dir = cache().join("ports");
    fs::create_dir_all(&dir).map_err(|error| told(&dir, &error))?;
    for port in PORTS.step_by(2) {
        let path = dir.join(port.to_string());
        let lock = File::create(&path).map_err(|error| told(&path, &error))?;
        let is_free = |port| TcpListener::bind(("127.0.0.1", port)).is_ok();
        if lock.try_lock().is_ok() && is_free(port) && is_free(port + 1) {
            return Ok((lock, port));
        }
    }
    Err(format!("no port of {PORTS:?} is free"))
}

/// Where what is fetched stays, for all who need it on this machine.
fn cache() -> PathBuf {
    let of_the_user = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|dir| dir.is_absolute());
    let home = || Path::new(&std::env::var_os("HOME").unwrap_or_else(|| "/tmp".into())).join(".cache");
    of_the_user.unwrap_or_else(home).join("maejin")
}

/// The folder with Kafka's programs, fetched if they are not there.
fn programs() -> Result<PathBuf, String> {
    let dir = cache().join(format!("kafka-{VERSION}"));
    fs::create_dir_all(cache()).map_err(|error| told(&cache(), &error))?;
    let path = dir.with_extension("lock");
    // Two tests may want it at once.
    let lock = File::create(&path).map_err(|error| told(&path, &error))?;
    lock.lock().map_err(|error| told(&path, &error))?;
    need("java", "openjdk-17-jre-headless")?;
    if dir.join("complete").exists() {
        return Ok(dir.join("lib"));
    }
    need("mvn", "maven")?;
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).map_err(|error| told(&dir, &error))?;
    fs::write(dir.join("pom.xml"), POM).map_err(|error| told(&dir, &error))?;
    let fetch = ["-q", "-B", "dependency:copy-dependencies", "-DincludeScope=runtime", "-DoutputDirectory=lib"];
    run(Command::new("mvn").args(fetch).current_dir(&dir))?;
    File::create(dir.join("complete")).map_err(|error| told(&dir, &error))?;
    Ok(dir.join("lib"))
}

/// Sees to it that there is the program `name`, by installing `package` where it is not.
fn need(name: &str, package: &str) -> Result<(), String> {
    let is_there = |name: &str| Command::new("which").arg(name).output().is_ok_and(|found| found.status.success());
    if is_there(name) {
        return Ok(());
    }
    if !Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n") {
        return Err(format!("there is no {name}: apt-get install {package}"));
    }
    let apt = |words: &[&str]| {
        let quiet = ["-q", "-y", "-o", "DPkg::Lock::Timeout=300"];
        run(Command::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(quiet).args(words)).map(drop)
    };
    apt(&["update"])?;
    apt(&["install", "--no-install-recommends", package])
}

fn told(path: &Path, why: &dyn std::fmt::Display) -> String {
    format!("{}: {why}", path.display())
}

/// Runs a command to its end, and gives what it says.
fn run(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{name}: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    Err(format!("{name} ended with {}:\n{}{}", output.status, text(&output.stdout), text(&output.stderr)))
}
