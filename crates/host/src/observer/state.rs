//! How it stands with the node and its store at the moment somebody asks.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use contracts::ServiceName;
use order::Order;
use service::{Meter, Sheet};
use store::Find;
use world::Clock;

use super::labelled;
use crate::location::Location;
use crate::node::Running;

/// Parked orders are counted up to here, so that asking stays cheap.
const PARKED_MAX: u64 = 10_000;
/// How old that count may be, in milliseconds, before it is made again.
const PARKED_MS: u64 = 2_000;
/// The files of a store.
const FILES: [&str; 4] = ["journal.db", "journal.db-wal", "tables.db", "tables.db-wal"];

/// Shows the node's queues, its table writer and its files.
pub struct StateMeters {
    node: Arc<Running>,
    clock: Arc<dyn Clock>,
    parked: Arc<ParkedOrders>,
}

/// The parked orders, as they were counted last. Whoever asks for metrics waits for no table, however many ask at once: who asks when the
/// count is old has them counted for the next one.
#[derive(Default)]
struct ParkedOrders {
    count: AtomicI64,
    /// When counting began last, in milliseconds since the Unix epoch.
    began_at: AtomicU64,
    is_counting: AtomicBool,
}

impl ParkedOrders {
    /// How many there are. Has them counted again, by one at a time, if that is long ago at `now`.
    fn count(self: &Arc<Self>, node: &Arc<Running>, now: u64) -> i64 {
        let age = now.abs_diff(self.began_at.load(Ordering::Relaxed));
        if age >= PARKED_MS && !self.is_counting.swap(true, Ordering::AcqRel) {
            self.began_at.store(now, Ordering::Relaxed);
            tokio::spawn(self.clone().count_again(node.clone()));
        }
        self.count.load(Ordering::Relaxed)
    }

    async fn count_again(self: Arc<Self>, node: Arc<Running>) {
        let parked = Find::all().with(Order::COLUMNS.parked.is_some()).limit(PARKED_MAX);
        match node.engine.scan(move |reader| parked.count(reader)).await {
            Ok(count) => self.count.store(count.cast_signed(), Ordering::Relaxed),
            Err(error) => tracing::warn!(%error, "the parked orders cannot be counted"),
        }
        self.is_counting.store(false, Ordering::Release);
    }
}

impl StateMeters {
    /// For `node`.
    pub fn new(node: Arc<Running>, clock: Arc<dyn Clock>) -> Self {
        let parked = Arc::<ParkedOrders>::default();
        parked.count(&node, clock.now());
        Self { node, clock, parked }
    }

    fn show_queues(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        let status = self.node.engine.status();
        let depths = [
            ([("queue", "requests")], status.waiting()),
            ([("queue", "batches")], status.unwritten()),
            ([("queue", "records")], status.unapplied()),
        ];
        let depths = labelled(&depths).map(|(labels, depth)| (labels, *depth as f64));
        sheet.gauges(
            "maejin_queue_depth",
            "What waits: requests, batches to be appended, records to be applied",
            depths,
        )?;
        let help = "Requests refused because too many were waiting";
        sheet.counter("maejin_requests_refused", help, status.refused() as f64)?;
        let help = "Orders refused without an entry, because it was known that nothing is left";
        sheet.counter("maejin_sold_out_answers", help, self.node.sold_out.refused() as f64)?;
        let intents = ServiceName::ALL.map(|service| ([("service", service.as_str())], status.intents(service as u8)));
        let intents = labelled(&intents).map(|(labels, count)| (labels, *count as f64));
        sheet.gauges("maejin_intents_under_way", "What is being done outside and not known to be done", intents)?;
        sheet.gauge("maejin_idempotency_keys", "Idempotency keys that are remembered", status.keys() as f64)?;
        let help = "Idempotency keys forgotten before their day was over, because too many came";
        sheet.counter("maejin_idempotency_keys_forgotten_early", help, status.keys_forgotten_early() as f64)?;
        let (steps, step_ms) = status.clock_steps();
        sheet.counter("maejin_clock_steps", "Times that the clock of the machine was set", steps as f64)?;
        let help = "By how much it was set the last time; negative if it was set back";
        sheet.gauge("maejin_clock_last_step_seconds", help, step_ms as f64 / 1_000.0)?;
        sheet.gauge("maejin_parked_messages", "Messages that wait for an operator", status.parked() as f64)
    }

    fn show_tables(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        let status = self.node.engine.status();
        let (applied, durable) = (status.applied(), status.durable());
        sheet.counter("maejin_journal_records", "Records in the journal", durable as f64)?;
        let help = "Times that the disk refused to bring the journal's write-ahead log over into its file";
        sheet.counter("maejin_journal_checkpoint_failures", help, status.checkpoint_failures() as f64)?;
        let help = "Records that the tables do not have yet";
        sheet.gauge("maejin_tables_lag_records", help, durable.saturating_sub(applied) as f64)?;
        let help = "Age of the oldest record that the tables do not have yet";
        sheet.gauge("maejin_tables_lag_seconds", help, status.lag_ms(self.clock.now()) as f64 / 1_000.0)?;
        let (bulks, seconds) = (status.bulks(), |us: u64| us as f64 / 1_000_000.0);
        sheet.counter("maejin_table_writes", "Times that the table writer wrote", bulks.count as f64)?;
        sheet.counter("maejin_table_write_rows", "Rows that the table writer wrote", bulks.rows as f64)?;
        sheet.counter("maejin_table_write_seconds", "Time that the table writer took", seconds(bulks.total_us))?;
        sheet.gauge("maejin_table_write_last_seconds", "Time that its last write took", seconds(bulks.last_us))
    }

    fn show_store(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        // How large a database is, its server shows.
        if let Location::Directory(dir) = &self.node.location {
            let size = |file| std::fs::metadata(dir.join(file)).map_or(0, |file| file.len());
            let sizes = FILES.map(|file| ([("file", file)], size(file)));
            let sizes = labelled(&sizes).map(|(labels, size)| (labels, *size as f64));
            sheet.gauges("maejin_store_bytes", "Size of the store's files", sizes)?;
        }
        let parked = self.parked.count(&self.node, self.clock.now());
        sheet.gauge("maejin_parked_orders", "Orders that wait for an operator, up to 10,000", parked as f64)
    }
}

impl fmt::Debug for StateMeters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StateMeters").field("location", &self.node.location).finish_non_exhaustive()
    }
}

impl Meter for StateMeters {
    fn show(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        self.show_queues(sheet)?;
        self.show_tables(sheet)?;
        self.show_store(sheet)
    }
}
