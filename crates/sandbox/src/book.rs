//! The provider's memory, and its rules: what a call leads to, given all that was recorded before. Pure; nothing waits here.

use std::collections::HashMap;

use world::Timestamp;

use crate::answer::{ChargeAnswer, Reply};
use crate::card::Card;
use crate::record::{Charge, ChargeRequest, ChargeStatus, Record, Refund, RefundStatus};
use crate::refusal::Refusal;

/// Everything that was charged and refunded, in the order it happened.
#[derive(Debug, Default)]
pub(crate) struct Book {
    charges: Vec<Charge>,
    charge_by_key: HashMap<String, usize>,
    refunds: Vec<Refund>,
    refund_by_key: HashMap<String, usize>,
    refund_by_charge_key: HashMap<String, usize>,
}

impl Book {
    /// What a charge leads to, and what is to be recorded for it. `may_hold` is whether there is room to leave it waiting.
    pub(crate) fn charge(
        &self,
        key: &str,
        request: ChargeRequest,
        now: Timestamp,
        may_hold: bool,
    ) -> Result<(Reply, Option<Charge>), Refusal> {
        let card = Card::parse(&request.card);
        let (reply, record) = match self.charge_of(key) {
            Some(charge) if charge.request != request => return Err(Refusal::KeyReused),
            Some(charge) => (Reply::to_known(charge, card, now), None),
            None => match self.void_of(key) {
                Some(refund) => (Reply::Now(ChargeAnswer::voided(refund)), None),
                None if card == Card::Silent => (Reply::Never, None),
                None => self.first_charge(key, request, card, now),
            },
        };
        if may_hold || matches!(reply, Reply::Now(_)) { Ok((reply, record)) } else { Err(Refusal::Busy) }
    }

    fn first_charge(&self, key: &str, request: ChargeRequest, card: Card, now: Timestamp) -> (Reply, Option<Charge>) {
        let reason = card.decline_reason().map(str::to_owned);
        let status = if reason.is_some() { ChargeStatus::Declined } else { ChargeStatus::Approved };
        let id = format!("ch_{now}_{}", self.charges.len() + 1);
        let charge = Charge { key: key.to_owned(), id, at_ms: now, status, reason, request };
        let reply = match card {
            Card::ChargeThenTimeout => Reply::Never,
            _ => Reply::to_known(&charge, card, now),
        };
        (reply, Some(charge))
    }

    /// What a refund of `charge_key` leads to, and whether that is new and to be recorded.
    pub(crate) fn refund(&self, key: &str, charge_key: &str, now: Timestamp) -> Result<(Refund, bool), Refusal> {
        if let Some(&at) = self.refund_by_key.get(key)
            && self.refunds[at].charge_key != charge_key
        {
            return Err(Refusal::KeyReused);
        }
        if let Some(&at) = self.refund_by_charge_key.get(charge_key) {
            return Ok((self.refunds[at].clone(), false));
        }
        let taken = self.charge_of(charge_key).filter(|charge| charge.taken() > 0);
        let refund = Refund {
            key: key.to_owned(),
            charge_key: charge_key.to_owned(),
            id: format!("re_{now}_{}", self.refunds.len() + 1),
            at_ms: now,
            status: if taken.is_some() { RefundStatus::Refunded } else { RefundStatus::Voided },
            amount: taken.map_or(0, Charge::taken),
            currency: taken.map(|charge| charge.request.currency.clone()),
        };
        Ok((refund, true))
    }

    /// What became of a key, if anything is known of it.
    pub(crate) fn look_up(&self, key: &str) -> Option<ChargeAnswer> {
        let charged = self.charge_of(key).map(ChargeAnswer::from);
        charged.or_else(|| self.void_of(key).map(ChargeAnswer::voided))
    }

    /// Takes in what was recorded.
    pub(crate) fn apply(&mut self, record: Record) {
        match record {
            Record::Charge(charge) => {
                self.charge_by_key.insert(charge.key.clone(), self.charges.len());
                self.charges.push(charge);
            }
            Record::Refund(refund) => {
                self.refund_by_key.insert(refund.key.clone(), self.refunds.len());
                self.refund_by_charge_key.insert(refund.charge_key.clone(), self.refunds.len());
                self.refunds.push(refund);
            }
        }
    }

    /// Every charge, oldest first.
    pub(crate) fn charges(&self) -> &[Charge] {
        &self.charges
    }

    /// Every refund, oldest first.
    pub(crate) fn refunds(&self) -> &[Refund] {
        &self.refunds
    }

    /// How much was given back of what `key` was charged.
    pub(crate) fn refunded_of(&self, key: &str) -> i64 {
        self.void_of(key).map_or(0, |refund| refund.amount)
    }

    fn charge_of(&self, key: &str) -> Option<&Charge> {
        self.charge_by_key.get(key).map(|&at| &self.charges[at])
    }

    fn void_of(&self, key: &str) -> Option<&Refund> {
        self.refund_by_charge_key.get(key).map(|&at| &self.refunds[at])
    }
}
