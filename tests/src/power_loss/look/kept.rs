//! What a store keeps, by its journal: of each row the last, whatever the tables say.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use contracts::{Message, OrderId};
use engine::{Body, RowChange};
use order::{Order, OrderState};
use payment::{Payment, PaymentState};
use serde_json::Value;
use store::{Journal, sqlite};
use typed::{Key, Row};

/// How many records are read at a time.
const RECORDS: usize = 256;
/// The book of the sandbox payment provider, in the data directory.
const PROVIDERS_BOOK: &str = "sandbox/sandbox-provider.jsonl";

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) orders: HashMap<OrderId, OrderState>,
    payments: HashMap<OrderId, (PaymentState, Option<String>)>,
}

impl Kept {
    /// Reads the journal in `data`.
    pub(crate) fn of(data: &Path) -> Result<Self, String> {
        let mut journal = sqlite::read_journal(data).map_err(|error| error.to_string())?;
        let (mut kept, mut next) = (Self::default(), 1);
        loop {
            let records = journal.read(next, RECORDS).map_err(|error| error.to_string())?;
            let Some(last) = records.last() else { return Ok(kept) };
            next = last.seq + 1;
            for record in &records {
                let body = Body::<Message>::read(record.seq, record.at, &record.body)?;
                body.rows.iter().try_for_each(|row| kept.learn(row, &body.payload))?;
            }
        }
    }

    fn learn(&mut self, change: &RowChange, payload: &[u8]) -> Result<(), String> {
        let (Some(id), Some(bytes)) = (OrderId::from_value(&change.key), change.row.clone()) else { return Ok(()) };
        if change.table == Order::TABLE.number {
            self.orders.insert(id, Order::decode_from(&payload[bytes])?.state);
        } else if change.table == Payment::TABLE.number {
            let payment = Payment::decode_from(&payload[bytes])?;
            self.payments.insert(id, (payment.state, payment.reference.map(|reference| reference.to_string())));
        }
        Ok(())
    }

    /// Charges that the shop was told of, and of which the provider beside it knows nothing any more.
    pub(crate) fn charges_unknown(&self, data: &Path) -> Vec<String> {
        let book = std::fs::read_to_string(data.join(PROVIDERS_BOOK)).unwrap_or_default();
        let lines = book.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let known: HashSet<String> = lines.filter_map(|line| Some(line["id"].as_str()?.to_owned())).collect();
        let paid = self.payments.iter().filter(|(_, (state, _))| *state == PaymentState::Paid);
        paid.filter(|(_, (_, charge))| charge.as_ref().is_none_or(|charge| !known.contains(charge)))
            .map(|(id, (_, charge))| format!("the provider does not know the charge {charge:?} of {id:?}"))
            .collect()
    }
}
