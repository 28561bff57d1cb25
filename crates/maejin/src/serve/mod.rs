//! Runs the shop: one node, the sandbox provider beside it, the public door, and the ports of one storefront's services.

mod banner;
mod demo;
mod feeding;
mod outside;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::iter;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use contracts::StorefrontNo;
use contracts::display::{EventIds, StorefrontNames};
use gateway::{Door, Identity, Metrics, MetricsFormat, Requests, Tickets, TurnedAway};
use service::{Connections, Health, Limits, Listening, LogFilter, LogFormat, ProcessMeters};
use storefronts::{Storefront, recipes};
use tokio::sync::watch;
use world::{Clock, SystemClock, SystemRandom};

use crate::cli::{Format, Serve};
use crate::roles::{self, Given, Mount, Role};
use crate::settings::Settings;
use backend::Backend;
use facade::{MountedFacade, PortShop};
pub use feeding::access;
use host::{Local, Meters, Running, StateMeters, World};
pub use outside::provider_at;

/// 2020-01-01T00:00:00Z: no shop was open before, so the clock of a machine that says so was never set.
const EARLIEST: world::Timestamp = 1_577_836_800_000;

/// Runs until the process is told to stop.
pub fn run(serve: &Serve) -> Result<ExitCode, String> {
    let settings = Settings::of(serve)?;
    let identity = settings.identity(serve.open || serve.demo)?;
    let logs = service::start_logs(&settings.log, format(settings.log_format))?;
    let storefronts = storefronts::load(settings.storefronts.as_deref()).map_err(|error| error.to_string())?;
    let shown = chosen(&storefronts, serve.storefront.as_deref())?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(serve_until_stopped(serve, &settings, &logs, identity, &storefronts, shown))
}

fn format(format: Format) -> LogFormat {
    match format {
        Format::Auto => LogFormat::Auto,
        Format::Text => LogFormat::Text,
        Format::Json => LogFormat::Json,
    }
}

/// The storefronts that are to be served: all of them, or the one with this name.
fn chosen(storefronts: &[Arc<Storefront>], name: Option<&str>) -> Result<Vec<Arc<Storefront>>, String> {
    let Some(name) = name else { return Ok(storefronts.to_vec()) };
    let found = storefronts.iter().find(|storefront| storefront.recipe.name == name);
    let names = || storefronts.iter().map(|s| s.recipe.name.as_str()).collect::<Vec<_>>().join(", ");
    found
        .map(|found| vec![found.clone()])
        .ok_or_else(|| format!("there is no storefront {name}; there are {}", names()))
}

/// What is running, and how to end it.
struct Shop {
    node: Arc<Running>,
    health: Arc<Health>,
    /// By the name of the service; the public door has none.
    listening: Vec<(String, Listening)>,
    stop: watch::Sender<bool>,
    sandbox: Option<outside::Sandbox>,
    /// Ends the sandbox: after the engine, which may still need it.
    end_sandbox: watch::Sender<bool>,
    /// Publishes what happens, if that is configured.
    feeding: Option<feeding::Feeding>,
    /// Sends traces, if that is configured, until the engine has ended.
    exporting: Option<service::Exporting>,
}

async fn serve_until_stopped(
    serve: &Serve,
    settings: &Settings,
    logs: &LogFilter,
    identity: Identity,
    storefronts: &[Arc<Storefront>],
    shown: Vec<Arc<Storefront>>,
) -> Result<ExitCode, String> {
    let open = matches!(identity, Identity::Open);
    let shop = start(roles::SHOP, serve, settings, logs, identity, storefronts, &shown).await?;
    if serve.demo {
        demo::fill(&shop.node, &shown).await?;
    }
    banner::print(&shop.listening, &shown, serve.storefront.is_some(), open, settings);
    let failed = async {
        while !shop.node.engine.status().has_failed() {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    };
    let why = tokio::select! {
        signal = service::signalled(|| reload_logs(serve, logs)) => signal.map_err(|error| error.to_string())?,
        () = failed => "the store failed",
    };
    tracing::info!(why, "stopping: finishing what was accepted");
    let failed = shop.node.engine.status().has_failed();
    stop(shop, settings.drain_ms).await;
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Reads the settings again, and writes the logs that they ask for now. What else is set there counts from the next start.
fn reload_logs(serve: &Serve, logs: &LogFilter) {
    let read = Settings::of(serve).and_then(|settings| logs.set(&settings.log).map(|()| settings.log));
    match read {
        Ok(log) => {
            tracing::info!(log, "SIGHUP: the log level was read again; other settings count from the next start")
        }
        Err(error) => tracing::warn!(error, "SIGHUP: the settings were not read; logs go on as they were"),
    }
}

async fn start(
    role: &'static Role,
    serve: &Serve,
    settings: &Settings,
    logs: &LogFilter,
    identity: Identity,
    storefronts: &[Arc<Storefront>],
    shown: &[Arc<Storefront>],
) -> Result<Shop, String> {
    let (clock, known, location) = (clock()?, recipes(storefronts), settings.location()?);
    let (meters, requests, turned_away) = (Meters::new(&known), Requests::default(), TurnedAway::default());
    let ((stop, stopped), (end, ended)) = (watch::channel(false), watch::channel(false));
    let beside = (feed::FeedMeters::default(), clock.clone(), stopped.clone());
    let opened = blocking(move || host::open(&location)).await?;
    refuse_unknown(&opened, storefronts)?;
    let whose = opened.identity().clone();
    tracing::info!(store = whose.store, incarnation = %whose.incarnation, role = role.name, "the store is open");
    let sandbox = outside::sandbox(settings, clock.clone(), ended).await?;
    let payments = outside::payments(settings, sandbox.as_ref(), &whose.store)?;
    let (traces, sending) = outside::traces(settings, &known)?.unzip();
    let (remotes, exporting) = sending.unzip();
    let (mail, meters_of_node) = (outside::mail(settings, opened.identity())?, meters.clone());
    let world = World { clock: clock.clone(), payments, mail, meters: meters_of_node, traces };
    let (runtime, recipes) = (tokio::runtime::Handle::current(), known.clone());
    let node = Arc::new(blocking(move || host::start(opened, role.services, &recipes, world, runtime)).await?);
    let backend: Arc<dyn Backend> = Arc::new(Local::new(node.clone()));
    let health = Arc::new(health(&node));
    let connections = Connections::new(Limits::default().within(service::raise_descriptors()));
    let mut shown_meters = service::Meters::default();
    shown_meters.add(ProcessMeters::new(env!("CARGO_PKG_VERSION"), clock.now()));
    shown_meters.add(StateMeters::new(node.clone(), clock.clone()));
    add_counts(&mut shown_meters, meters, &requests, &turned_away, &connections, &beside.0);
    let metrics = written(shown_meters);
    let (origins, random) = (settings.origins()?, Arc::new(SystemRandom::new()));
    let tickets = Tickets::of(&identity, random.clone());
    let door = |mounts| Door {
        mounts,
        identity: identity.clone(),
        tickets: tickets.clone(),
        health: health.clone(),
        requests: requests.clone(),
        turned_away: turned_away.clone(),
        metrics: metrics.clone(),
        trusted_hop: settings.trusted_hop,
        origins: origins.clone(),
        clock: clock.clone(),
        random: random.clone(),
        remotes: remotes.clone(),
    };
    let feeding = feeding::start(settings, backend.clone(), &whose, &known, beside)?;
    let given = Given {
        shop: Arc::new(PortShop::new(backend.clone(), storefronts)),
        backend,
        shown: shown.to_vec(),
        alone: serve.storefront.is_some(),
        names: StorefrontNames::of(&known),
        ids: EventIds::of(Some(whose.incarnation.to_string())),
        open: matches!(identity, Identity::Open),
        tickets: tickets.clone(),
        logs: logs.clone(),
        stopped: stopped.clone(),
    };
    let public = (String::new(), settings.listen, role.mounts(&given));
    let mut listening = Vec::new();
    for (service, address, mounts) in iter::once(public).chain(apart(&given, settings.listen, &serve.ports)?) {
        let door = service::listen(address, door(mounts).router(), &connections, stopped.clone()).await?;
        listening.push((service, door));
    }
    Ok(Shop { node, health, listening, stop, sandbox, end_sandbox: end, feeding, exporting })
}

/// Shows what is counted while the shop runs, too.
fn add_counts(
    to: &mut service::Meters,
    of: Meters,
    requests: &Requests,
    away: &TurnedAway,
    open: &Connections,
    feed: &feed::FeedMeters,
) {
    to.add(of);
    to.add(requests.clone());
    to.add(away.clone());
    to.add(open.clone());
    to.add(feed.clone());
}

/// Writes what `meters` show.
fn written(meters: service::Meters) -> Arc<Metrics> {
    Arc::new(move |format| {
        tokio::task::block_in_place(|| match format {
            MetricsFormat::Open => meters.page(),
            MetricsFormat::Plain => meters.plain_page(),
        })
    })
}

/// The clock of this machine.
fn clock() -> Result<Arc<dyn Clock>, String> {
    if SystemClock.now() < EARLIEST {
        return Err("the clock of this machine shows a time before 2020: set it right, then start".to_owned());
    }
    Ok(Arc::new(SystemClock))
}

/// Refuses a store with orders of a storefront that is not loaded: nobody would see to them.
fn refuse_unknown(opened: &host::Opened, storefronts: &[Arc<Storefront>]) -> Result<(), String> {
    let sold_in = opened.storefronts().map_err(|error| error.to_string())?;
    match sold_in.iter().find(|number| storefronts.iter().all(|storefront| storefront.recipe.number != **number)) {
        None => Ok(()),
        Some(StorefrontNo(number)) => Err(format!(
            "there are orders of storefront number {number}, which is not known; name its directory with --storefronts"
        )),
    }
}

/// Does something that reads or writes the store, without holding up everything else.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, store::StoreError> + Send + 'static,
) -> Result<T, String> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| error.to_string())?;
    done.map_err(|error| error.to_string())
}

/// What stands on ports of its own: the services of the one storefront that is served alone.
fn apart(given: &Given, public: SocketAddr, moves: &[String]) -> Result<Vec<(String, SocketAddr, Vec<Mount>)>, String> {
    let ([storefront], true) = (&given.shown[..], given.alone) else { return Ok(Vec::new()) };
    let mounted = |(service, address): (String, SocketAddr)| {
        let facade = MountedFacade::new(storefront.clone(), given.shop.clone(), "", Some(service.clone()));
        let mount: Mount = (String::new(), Arc::new(facade));
        (service, address, vec![mount])
    };
    Ok(service_ports(storefront, public, moves)?.into_iter().map(mounted).collect())
}

/// The services of `storefront`, each with the address it listens on: its own port, or where `moves` put it.
fn service_ports(
    storefront: &Storefront,
    public: SocketAddr,
    moves: &[String],
) -> Result<Vec<(String, SocketAddr)>, String> {
    let mut moved = BTreeMap::new();
    for text in moves {
        let parsed = text.split_once('=').and_then(|(from, to)| {
            let to = if to == "off" { None } else { Some(to.parse::<u16>().ok()?) };
            Some((from.parse::<u16>().ok()?, to))
        });
        let (from, to) = parsed.ok_or_else(|| format!("--port {text}: say 8083=18083 or 8083=off"))?;
        if !storefront.services.values().any(|port| *port == from) {
            return Err(format!("--port {text}: no service of {} has the port {from}", storefront.recipe.name));
        }
        moved.insert(from, to);
    }
    let at = |(service, port): (&String, &u16)| {
        let port = moved.get(port).copied().unwrap_or(Some(*port))?;
        Some((service.clone(), SocketAddr::new(public.ip(), port)))
    };
    Ok(storefront.services.iter().filter_map(at).collect())
}

fn health(node: &Arc<Running>) -> Health {
    let engine = node.engine.clone();
    let store = move || match engine.status() {
        status if status.is_fenced() => Err("another process has taken it over".to_owned()),
        status if status.has_failed() => Err("it failed; see the log".to_owned()),
        _ => Ok(()),
    };
    Health::new(vec![("store", Box::new(store))])
}

/// Says for `drain_ms` that it is not ready any more, with the doors still open, so that whoever sends requests here hears of it; then
/// closes them and finishes what was accepted.
async fn stop(shop: Shop, drain_ms: u64) {
    shop.health.drain();
    tokio::time::sleep(std::time::Duration::from_millis(drain_ms)).await;
    shop.stop.send_replace(true);
    for (_, listening) in shop.listening {
        listening.drained().await;
    }
    if let Some(feeding) = shop.feeding {
        feeding.ended().await;
    }
    let node = shop.node.clone();
    let _ = tokio::task::spawn_blocking(move || {
        node.stop();
        node.close();
    })
    .await;
    if let Some(exporting) = shop.exporting {
        exporting.flushed().await;
    }
    shop.end_sandbox.send_replace(true);
    if let Some(sandbox) = shop.sandbox {
        sandbox.stopped().await;
    }
}
