//! A PostgreSQL server of one's own, on a socket in a folder of its own. It ends with the process that began it, however that ends.

use std::io::{Error, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Where Debian and Ubuntu have the programs, a folder for each version.
const PACKAGED: &str = "/usr/lib/postgresql";
/// Who owns the data and runs the server. It refuses to run as root.
const USER: &str = "postgres";
/// The role that everybody takes here. It may do everything, without a password: only this user's processes reach the socket.
const ROLE: &str = "maejin";
/// So long a server may take to begin, on a machine that is busy.
const BEGIN: Duration = Duration::from_secs(60);
/// Text is sorted by the rules of a language here, as it is in most databases: what must be sorted by bytes has to say so.
const INITDB: [&str; 9] =
    ["-U", ROLE, "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8", "--locale-provider=icu"];
/// Nothing that is tested here outlives a loss of power.
const SETTINGS: [&str; 6] = [
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "max_connections=200",
    "shared_buffers=32MB",
    "timezone=UTC",
];
/// Runs the server until nobody holds the other end of the input any more, and takes its folder away.
const WATCH: &str = r#"trap '' INT TERM; dir=$1; shift; "$@" </dev/null >"$dir/log" 2>&1 & server=$!
read -r _; kill -INT "$server"; wait "$server"; rm -rf "$dir""#;

/// A server that runs.
#[derive(Debug)]
pub struct Server {
    programs: PathBuf,
    dir: PathBuf,
    databases: AtomicU32,
    /// Its input is what the server lives by.
    _watch: Child,
}

/// The one server of this process; begun when it is asked for first.
///
/// # Panics
/// If it cannot be had: in CI nothing is skipped.
pub fn shared() -> &'static Server {
    static SHARED: OnceLock<Server> = OnceLock::new();
    SHARED.get_or_init(|| Server::begin().unwrap_or_else(|why| panic!("no PostgreSQL: {why}")))
}

impl Server {
    /// Begins one, and installs PostgreSQL first where it is missing.
    ///
    /// # Errors
    /// If it cannot be installed or does not begin.
    pub fn begin() -> Result<Self, String> {
        let programs = programs().map_or_else(install, Ok)?;
        // The watch removes it, also where this process is killed.
        let dir = TempDir::with_prefix("maejin-postgres-").map_err(|error| error.to_string())?.keep();
        run(Command::new("chmod").arg("711").arg(&dir))?;
        if is_root() {
            run(Command::new("chown").arg(USER).arg(&dir))?;
        }
        let data = dir.join("data");
        run(as_user(&programs.join("initdb")).args(INITDB).arg("--icu-locale=en-US").arg("-D").arg(&data))?;
        let mut watch = Command::new("sh");
        watch.args(["-c", WATCH, "postgres"]).arg(&dir).args(words(&programs.join("postgres")));
        watch.arg("-D").arg(&data).arg("-k").arg(&dir);
        watch.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
        let watch = watch.current_dir("/").stdin(Stdio::piped()).spawn().map_err(|error| error.to_string())?;
        let server = Self { programs, dir, databases: AtomicU32::new(0), _watch: watch };
        server.until_it_answers()?;
        Ok(server)
    }

    /// A database of one's own, as an address. It is empty.
    ///
    /// # Panics
    /// If the server is gone.
    pub fn database(&self) -> String {
        let name = format!("shop{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let made = run(self.client("createdb").arg(&name));
        made.unwrap_or_else(|why| panic!("a database can be made: {why}"));
        self.address(&name)
    }

    /// What `sql` says of the database at `address`, a line for each row, with `|` between values.
    ///
    /// # Errors
    /// What the server says.
    pub fn ask(&self, address: &str, sql: &str) -> Result<String, String> {
        let asked = self
            .client("psql")
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql])
            .arg(address)
            .output();
        let asked = asked.map_err(|error| error.to_string())?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        if asked.status.success() { Ok(text(&asked.stdout)) } else { Err(text(&asked.stderr)) }
    }

    /// A connection to the database at `address` that says what it is told to, by this name.
    ///
    /// # Panics
    /// If it cannot be begun.
    pub fn session(&self, address: &str, name: &str) -> Session {
        let mut command = self.client("psql");
        let begun = command
            .args(["-X", "-q"])
            .arg(address)
            .env("PGAPPNAME", name)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn();
        Session(begun.expect("psql can be begun"))
    }

    fn address(&self, database: &str) -> String {
        let dir = self.dir.display().to_string().replace('/', "%2F");
        format!("postgres://{ROLE}@{dir}/{database}")
    }

    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.env("PGHOST", &self.dir).env("PGUSER", ROLE).env("PGDATABASE", "postgres").stdin(Stdio::null());
        command
    }

    fn until_it_answers(&self) -> Result<(), String> {
        let began = Instant::now();
        loop {
            let ready = self.client("pg_isready").args(["-q", "-t", "1"]).status();
            if ready.is_ok_and(|ready| ready.success()) {
                return Ok(());
            }
            if began.elapsed() > BEGIN {
                return Err(std::fs::read_to_string(self.dir.join("log")).unwrap_or_else(|error| error.to_string()));
            }
            std::thread::park_timeout(Duration::from_millis(50));
        }
    }
}

/// A connection that somebody holds. It ends when it is dropped.
#[derive(Debug)]
pub struct Session(Child);

impl Session {
    /// Says `sql`, and does not wait for an answer.
    ///
    /// # Panics
    /// If it has ended.
    pub fn say(&mut self, sql: &str) {
        let input = self.0.stdin.as_mut().expect("it has an input");
        writeln!(input, "{sql};").expect("it takes what it is told");
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The folder of the newest server's programs on this machine.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir(PACKAGED).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let number = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let newest = versions.filter(|path| path.join("bin/initdb").exists()).max_by_key(number)?;
    Some(newest.join("bin"))
}

/// Installs what the system packs, without the server that it would begin at once.
fn install() -> Result<PathBuf, String> {
    if !is_root() {
        return Err(format!("there is none in {PACKAGED}: apt-get install postgresql"));
    }
    let no_server = Path::new("/etc/postgresql-common/createcluster.conf");
    if !no_server.exists() {
        let told = |error: Error| format!("{}: {error}", no_server.display());
        std::fs::create_dir_all("/etc/postgresql-common").map_err(told)?;
        std::fs::write(no_server, "create_main_cluster = false\n").map_err(told)?;
    }
    let quiet = ["-q", "-y", "-o", "Dpkg::Options::=--force-confold", "-o", "DPkg::Lock::Timeout=300"];
    let apt = |words: &[&str]| {
        run(Command::new("apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(quiet)
            .args(words)
            .stdin(Stdio::null()))
    };
    apt(&["update"])?;
    apt(&["install", "--no-install-recommends", "postgresql"])?;
    programs().ok_or_else(|| format!("the package postgresql has no server in {PACKAGED}"))
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n")
}

/// `program`, to be run as somebody who is not root.
fn as_user(program: &Path) -> Command {
    let mut words = words(program).into_iter();
    let mut command = Command::new(words.next().expect("a command has a word"));
    command.args(words).current_dir("/").stdin(Stdio::null());
    command
}

fn words(program: &Path) -> Vec<String> {
    let mut words = Vec::new();
    if is_root() {
        let user = [format!("--reuid={USER}"), format!("--regid={USER}")];
        words.extend(["setpriv".to_owned()].into_iter().chain(user).chain(["--init-groups".to_owned()]));
    }
    words.push(program.display().to_string());
    words
}

fn run(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let told = |why: String| format!("{name}: {why}");
    match command.output() {
        Ok(done) if done.status.success() => Ok(()),
        Ok(done) => Err(told(String::from_utf8_lossy(&done.stderr).trim().to_owned())),
        Err(error) => Err(told(error.to_string())),
    }
}
