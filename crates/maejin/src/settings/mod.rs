//! Settings: defaults, then a file, then the environment (`MAEJIN_..`), then flags.

mod environment;
mod kafka;
mod show;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use figment::providers::{Env, Format as _, Serialized, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use gateway::{Identity, Origins, Secret};
use host::Location;
use serde::{Deserialize, Serialize};

use crate::cli::{Format, Serve};

pub use kafka::Kafka;
pub use show::show;

/// The file that is read where there is one and no other is named.
const FILE: &str = "maejin.toml";

/// Everything that can be set.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The data directory.
    pub data: PathBuf,
    /// A PostgreSQL database in which the store is: `postgres://user@host:5432/database`. Without one it is in the data directory.
    pub store: Option<String>,
    /// A file with the password for that database.
    pub store_password_file: Option<PathBuf>,
    /// Where the public door listens.
    pub listen: SocketAddr,
    /// Which logs to write.
    pub log: String,
    /// How logs look.
    pub log_format: Format,
    /// A directory with further storefronts.
    pub storefronts: Option<PathBuf>,
    /// A file with the bearer token that every request must show.
    pub token_file: Option<PathBuf>,
    /// The bearer token itself; from the environment only.
    pub token: Option<String>,
    /// From where pages of others may call v1 in a browser, such as `https://shop.example`.
    pub allowed_origins: Vec<String>,
    /// Whether the hop before this process says the truth about the address that the client used.
    pub trusted_hop: bool,
    /// How long the process says that it is not ready any more before it closes its doors, in milliseconds.
    pub drain_ms: u64,
    /// The payment provider.
    pub payment: Payment,
    /// Mail, besides the inbox.
    pub mail: Option<Mail>,
    /// Traces.
    pub telemetry: Telemetry,
    /// Apache Kafka, on which events are published.
    pub kafka: Kafka,
}

/// Where traces go.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telemetry {
    /// A collector that takes OTLP over HTTP. Without one there are no traces.
    pub otlp_endpoint: Option<String>,
    /// The share of orders that is traced, 0 to 1.
    pub sample_ratio: f64,
}

/// The payment provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// Its address. Without one a sandbox provider runs beside the shop.
    pub url: Option<String>,
    /// A file with the token to show it.
    pub token_file: Option<PathBuf>,
    /// How long one attempt may take, in milliseconds.
    pub timeout_ms: u64,
    /// Where the sandbox listens.
    pub sandbox_listen: SocketAddr,
}

/// A mail server, and to whom mail goes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// `none`, `starttls` or `tls`.
    pub security: String,
    /// Who is shown as the sender.
    pub from: String,
    /// The address of a customer, with `{customer}` in the place of the name; without it only customers whose names are addresses get mail.
    pub to: Option<String>,
    /// With whose account.
    pub user: Option<String>,
    /// A file with its password.
    pub password_file: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        let loopback = |port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port);
        Self {
            data: "data".into(),
            store: None,
            store_password_file: None,
            listen: loopback(8088),
            log: "info".to_owned(),
            log_format: Format::Auto,
            storefronts: None,
            token_file: None,
            token: None,
            allowed_origins: Vec::new(),
            trusted_hop: false,
            drain_ms: 300,
            payment: Payment { url: None, token_file: None, timeout_ms: 2_000, sandbox_listen: loopback(0) },
            mail: None,
            telemetry: Telemetry { otlp_endpoint: None, sample_ratio: 1.0 },
            kafka: Kafka::default(),
        }
    }
}

impl Settings {
    /// What is set for `serve`.
    ///
    /// # Errors
    /// Which setting is wrong, and where it comes from.
    pub fn of(serve: &Serve) -> Result<Self, String> {
        let layers = layers(serve)?;
        layers.extract().map_err(|error| format!("a setting is wrong: {error}"))
    }

    /// Where the store is.
    ///
    /// # Errors
    /// Which setting is wrong.
    pub fn location(&self) -> Result<Location, String> {
        Location::try_new(&self.data, self.store.as_deref(), self.store_password_file.as_deref())
    }

    /// From where pages of others may call.
    ///
    /// # Errors
    /// Which one is no origin.
    pub fn origins(&self) -> Result<Origins, String> {
        Origins::try_new(&self.allowed_origins).map_err(|why| format!("allowed_origins: {why}"))
    }

    /// What a caller must show.
    ///
    /// # Errors
    /// If nothing is set for that and the shop is not to be open, or the other way round.
    pub fn identity(&self, open: bool) -> Result<Identity, String> {
        if open {
            if !self.listen.ip().is_loopback() {
                return Err(format!(
                    "--open and --demo are for this machine only; {} is not a loopback address",
                    self.listen
                ));
            }
            return Ok(Identity::Open);
        }
        let token = match (&self.token, &self.token_file) {
            (Some(token), _) => token.clone(),
            (None, Some(file)) => std::fs::read_to_string(file)
                .map_err(|error| format!("cannot read the token in {}: {error}", file.display()))?,
            (None, None) => return Err(HOW_TO_MAKE_A_TOKEN.to_owned()),
        };
        Secret::try_new(&token).map(Identity::Bearer)
    }
}

/// Where settings come from, the later before the earlier: defaults, a file, the environment, flags.
///
/// # Errors
/// If a file that is named is not there, or a variable is no setting.
pub fn layers(serve: &Serve) -> Result<Figment, String> {
    let mut layers = Figment::from(Serialized::defaults(Settings::default()));
    if serve.demo {
        layers = layers.merge(Flag::of("--demo", "data", "data/demo")?);
    }
    if let Some((name, endpoint)) = environment::collector(Env::var) {
        layers = layers.merge(Flag::of(name, "telemetry", table("otlp_endpoint", &endpoint))?);
    }
    layers = match &serve.config {
        Some(file) if !file.exists() => return Err(format!("there is no file {}", file.display())),
        Some(file) => layers.merge(Toml::file_exact(file)),
        None if Path::new(FILE).exists() => layers.merge(Toml::file_exact(FILE)),
        None => layers,
    };
    layers = layers.merge(environment::layer()?);
    let flags = [
        serve.data.as_ref().map(|dir| Flag::of("--data", "data", dir)),
        serve.store.as_ref().map(|address| Flag::of("--store", "store", address)),
        serve.listen.as_ref().map(|address| Flag::of("--listen", "listen", address)),
        serve.log.as_ref().map(|filter| Flag::of("--log", "log", filter)),
        serve.log_format.as_ref().map(|format| Flag::of("--log-format", "log_format", format)),
        serve.storefronts.as_ref().map(|dir| Flag::of("--storefronts", "storefronts", dir)),
        serve.kafka.as_ref().map(|brokers| Flag::of("--kafka", "kafka", table("brokers", brokers))),
    ];
    for flag in flags.into_iter().flatten() {
        layers = layers.merge(flag?);
    }
    Ok(layers)
}

/// One setting of those that stand together.
fn table(setting: &str, value: &str) -> Dict {
    Dict::from([(setting.to_owned(), Value::from(value))])
}

/// A setting that a flag gives.
struct Flag {
    flag: &'static str,
    setting: &'static str,
    value: Value,
}

impl Flag {
    fn of(flag: &'static str, setting: &'static str, value: impl Serialize) -> Result<Self, String> {
        let value = Value::serialize(value).map_err(|error| format!("{flag}: {error}"))?;
        Ok(Self { flag, setting, value })
    }
}

impl Provider for Flag {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.flag)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let settings = Dict::from([(self.setting.to_owned(), self.value.clone())]);
        Ok(Map::from([(Profile::Default, settings)]))
    }
}

const HOW_TO_MAKE_A_TOKEN: &str = "nothing is open unless told so, and no token is set. Make one, and name its file:
  (umask 077; head -c 32 /dev/urandom | base64 > maejin.token)
  MAEJIN_TOKEN_FILE=maejin.token maejin serve
then call the shop with the header 'Authorization: Bearer ...'. To try it without accounts on this machine: maejin serve --demo";
