//! Brings the tables up to the journal, in bulk and in the order of their keys.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row};
use typed::{KeyValue, Sql, Table};

use super::connection::{Connection, Trying, is_refusal, refused};
use super::kinds::{Kind, Kinds};
use super::values::{Keys, kept, signed, unsigned};
use super::{AGAIN, Address};
use store::{Applied, Change, Epoch, StoreError, TableWriter};

/// So many rows go with one statement: more at once are no faster, and take room twice.
const ROWS: usize = 20_000;
/// So long it is tried again after a connection broke. A bulk can be written again, whatever became of it before.
const AGAIN_FOR: Duration = Duration::from_secs(30);

const BULK: &str = "to bring the tables up to the journal";

pub(crate) const APPLIED: &str = "SELECT seq, sum FROM applied WHERE shard = 0";

/// The tables in a database.
#[derive(Debug)]
pub struct PostgresWriter {
    address: Address,
    connection: Connection,
    kinds: Kinds,
    /// Goes with each bulk.
    epoch: Epoch,
}

/// How far the tables are, where `found` is what [`APPLIED`] gives.
pub(crate) fn applied(found: &[Row]) -> Result<Applied, Error> {
    let Some(row) = found.first() else { return Ok(Applied::default()) };
    let sum = row.try_get::<_, Option<i64>>(1)?.and_then(|sum| u32::try_from(sum).ok());
    Ok(Applied { seq: unsigned(row, 0)?, sum })
}

/// A connection that does not wait for the disk: the journal is the truth.
fn connect(address: &Address) -> Result<Connection, Error> {
    let mut connection = Connection::open(address)?;
    connection.batch("SET synchronous_commit = off")?;
    Ok(connection)
}

impl PostgresWriter {
    pub(crate) fn open(address: &Address) -> Result<Self, StoreError> {
        let what = "to open the tables";
        let mut connection = connect(address).trying(what)?;
        let epoch = epoch(&mut connection).trying(what)?;
        Ok(Self { address: address.clone(), connection, kinds: Kinds::default(), epoch })
    }

    fn kinds(&mut self, table: &Table) -> Result<Arc<[Kind]>, StoreError> {
        if let Ok(kinds) = self.kinds.get(&mut self.connection, table) {
            return Ok(kinds);
        }
        self.connection = connect(&self.address).trying(BULK)?;
        self.kinds.get(&mut self.connection, table)
    }

    fn fenced(&mut self) -> StoreError {
        let held = self.epoch;
        match epoch(&mut self.connection).trying(BULK) {
            Ok(found) => StoreError::Fenced { held, found },
            Err(error) => error,
        }
    }

    /// All of it in one transaction; says whether the epoch was still that of this one.
    fn write(&mut self, bulk: &[Written<'_>], trail: &[(u64, u64)], applied: Applied) -> Result<bool, Error> {
        let connection = &mut self.connection;
        connection.batch("BEGIN")?;
        // First, so that whoever comes late has written nothing yet, and nobody takes another epoch before the end.
        let upto = "UPDATE applied SET seq = $1::bigint, sum = $2::bigint WHERE shard = 0 AND epoch = $3::bigint";
        let (seq, sum) = (signed(applied.seq), applied.sum.map(i64::from));
        if connection.execute(upto, &[&seq, &sum, &signed(self.epoch.0)])? == 0 {
            connection.batch("ROLLBACK")?;
            return Ok(false);
        }
        for written in bulk {
            written.write(connection)?;
        }
        for table in bulk.iter().map(|written| written.table) {
            sweep(connection, table)?;
        }
        for some in trail.chunks(ROWS) {
            let (subjects, records): (Vec<i64>, Vec<i64>) =
                some.iter().map(|(subject, seq)| (signed(*subject), signed(*seq))).unzip();
            let insert = "INSERT INTO trail (subject, seq) SELECT * FROM unnest($1::bigint[], $2::bigint[]) ON CONFLICT DO NOTHING";
            connection.execute(insert, &[&subjects, &records])?;
        }
        connection.batch("COMMIT")?;
        Ok(true)
    }
}

fn epoch(connection: &mut Connection) -> Result<Epoch, Error> {
    let found = connection.query("SELECT epoch FROM applied WHERE shard = 0", &[])?;
    found.first().map_or(Ok(Epoch::default()), |row| unsigned(row, 0).map(Epoch))
}

impl TableWriter for PostgresWriter {
    fn applied(&mut self) -> Result<Applied, StoreError> {
        let what = "to read how far the tables are";
        let found = self.connection.query(APPLIED, &[]).trying(what)?;
        applied(&found).trying(what)
    }

    fn claim(&mut self, epoch: Epoch) -> Result<(), StoreError> {
        let what = "to take an epoch";
        let raise = "UPDATE applied SET epoch = $1::bigint WHERE shard = 0 AND epoch <= $1::bigint";
        let raised = self.connection.execute(raise, &[&signed(epoch.0)]).trying(what)?;
        self.epoch = epoch;
        if raised == 0 { Err(self.fenced()) } else { Ok(()) }
    }

    fn apply(
        &mut self,
        changes: &mut [Change<'_>],
        trail: &mut [(u64, u64)],
        applied: Applied,
    ) -> Result<(), StoreError> {
        changes.sort_by(|a, b| (a.table.number, &a.key).cmp(&(b.table.number, &b.key)));
        trail.sort_unstable();
        let began = Instant::now();
        // All rows are read before one of them is there.
        let mut bulk = Vec::new();
        for of_table in changes.chunk_by(|a, b| a.table.number == b.table.number) {
            bulk.push(Written::of(of_table, &self.kinds(of_table[0].table)?)?);
        }
        loop {
            let error = match self.write(&bulk, trail, applied) {
                Ok(true) => return Ok(()),
                Ok(false) => return Err(self.fenced()),
                Err(error) => error,
            };
            if is_refusal(&error) || began.elapsed() > AGAIN_FOR {
                // So that whoever writes next does not do so in what is left of this.
                let _ = self.connection.batch("ROLLBACK");
                return Err(refused(BULK, error));
            }
            std::thread::park_timeout(AGAIN);
            if let Ok(connection) = connect(&self.address) {
                self.connection = connection;
            }
        }
    }
}

/// The values of a column, row by row.
enum Values {
    Int(Vec<Option<i64>>),
    Text(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

impl Values {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Int => Self::Int(Vec::new()),
            Kind::Text => Self::Text(Vec::new()),
            Kind::Bytes | Kind::Mixed => Self::Bytes(Vec::new()),
        }
    }

    /// Adds a value; says whether it is of this kind.
    fn push(&mut self, value: &Sql<'_>) -> bool {
        match (self, value) {
            (Self::Int(values), Sql::Int(value)) => values.push(Some(*value)),
            (Self::Int(values), Sql::Null) => values.push(None),
            (Self::Text(values), Sql::Text(text)) => values.push(Some(kept(text).into_owned())),
            (Self::Text(values), Sql::Null) => values.push(None),
            (Self::Bytes(values), Sql::Blob(bytes)) => values.push(Some(bytes.to_vec())),
            (Self::Bytes(values), Sql::Null) => values.push(None),
            _ => return false,
        }
        true
    }

    fn sql(&self) -> &'static str {
        match self {
            Self::Int(_) => "bigint[]",
            Self::Text(_) => "text[]",
            Self::Bytes(_) => "bytea[]",
        }
    }

    fn value(&self) -> &(dyn ToSql + Sync) {
        match self {
            Self::Int(values) => values,
            Self::Text(values) => values,
            Self::Bytes(values) => values,
        }
    }
}

/// What is written to a table.
struct Written<'a> {
    table: &'static Table,
    gone: Vec<&'a KeyValue>,
    /// Some rows at a time, by columns.
    rows: Vec<Vec<Values>>,
}

impl<'a> Written<'a> {
    fn of(changes: &'a [Change<'_>], kinds: &[Kind]) -> Result<Self, StoreError> {
        let table = changes[0].table;
        let (mut gone, mut rows, mut full) = (Vec::new(), Vec::new(), ROWS);
        for change in changes {
            let Some(row) = change.row else {
                gone.push(&change.key);
                continue;
            };
            if full == ROWS {
                rows.push(kinds.iter().map(|kind| Values::new(*kind)).collect::<Vec<_>>());
                full = 0;
            }
            full += 1;
            let columns = rows.last_mut().expect("one was made for the first row");
            let mut fits = true;
            row.hand_on(table, &mut |values: &[Sql<'_>]| {
                fits =
                    values.len() == columns.len() && columns.iter_mut().zip(values).all(|(to, value)| to.push(value));
            })?;
            if !fits {
                let why = "its values are not what the columns hold".to_owned();
                return Err(StoreError::Row { table: table.name, why });
            }
        }
        Ok(Self { table, gone, rows })
    }

    fn write(&self, connection: &mut Connection) -> Result<(), Error> {
        if let Some(keys) = Keys::of(self.gone.iter().copied()) {
            let delete =
                format!("DELETE FROM {} WHERE {} = ANY($1::{})", self.table.name, self.table.columns[0], keys.sql());
            connection.execute(&delete, &[keys.value()])?;
        }
        for columns in &self.rows {
            let values: Vec<&(dyn ToSql + Sync)> = columns.iter().map(Values::value).collect();
            connection.execute(&put(self.table, columns), &values)?;
        }
        Ok(())
    }
}

/// The statement that writes rows of `table`, whose values come by `columns`.
fn put(table: &Table, columns: &[Values]) -> String {
    let names = table.columns.join(", ");
    let lists: Vec<String> = (1..).zip(columns).map(|(place, column)| format!("${place}::{}", column.sql())).collect();
    let set: Vec<String> = table.columns[1..].iter().map(|column| format!("{column} = excluded.{column}")).collect();
    let known = if set.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", set.join(", ")) };
    format!(
        "INSERT INTO {} ({names}) SELECT * FROM unnest({}) ON CONFLICT ({}) DO {known}",
        table.name,
        lists.join(", "),
        table.columns[0]
    )
}

/// Deletes what `table` says is gone.
fn sweep(connection: &mut Connection, table: &Table) -> Result<(), Error> {
    let Some(swept) = table.sweeps else { return Ok(()) };
    let (key, below) = (swept.columns[0], table.columns[1]);
    let sql = format!("DELETE FROM {} WHERE {key} < (SELECT {below} FROM {})", swept.name, table.name);
    connection.execute(&sql, &[]).map(drop)
}
