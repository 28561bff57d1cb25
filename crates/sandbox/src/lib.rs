//! The sandbox payment provider: an HTTP server that stands in for an outside one, so that a shop can be tried and tested
//! without a contract with anybody. It takes no money, knows no order, and is not part of any rule of the shop.
//!
//! # What it answers
//!
//! A *key* is the caller's `Idempotency-Key`: 1 to 200 visible ASCII characters. Amounts are minor units of the currency.
//!
//! | call | answer |
//! |---|---|
//! | `POST /charges` with `Idempotency-Key: K` and `{"amount":150000,"currency":"KRW","card":"approve","description":"..."}` | 200 `{"key":"K","id":"ch_..","status":"approved","reason":null,"amount":150000,"currency":"KRW"}`, or `declined` with a reason. Same key and body again: the same answer and no second charge. Same key, another body: 422. An amount of 0 or less: 400 |
//! | `GET /charges/{key}` | what became of that key: 200 in the same shape, or 404 |
//! | `GET /charges?after=A&limit=500` | all charges, oldest first: 200 `{"charges":[{"key":"K","id":"ch_..","status":"approved","amount":150000,"currency":"KRW","refunded":0}],"next":"500"}`. `limit` is 1 to 1,000, without it 100; `after` is what the page before said as `next`, which is null on the last |
//! | `POST /refunds` with `Idempotency-Key: R` and `{"charge_key":"K"}` | 200 `{"charge_key":"K","id":"re_..","status":"refunded","amount":150000,"currency":"KRW"}`: the whole charge. Where nothing was charged the key is voided: 200 `{"charge_key":"K","id":"re_..","status":"voided","amount":0}`, and a later charge with K is declined as `voided`. A charge is refunded once, whatever the number of calls or their keys |
//! | `GET /ledger` | every charge and refund, with counts and sums by key and in total |
//!
//! Everything is kept in memory, too: at most [`Limits::keys_max`] keys. A new one above that gets 507.
//!
//! A refusal is `{"code":"key-reused","message":"..."}`. 503 means that nothing is known to have happened: ask again with the same key.
//!
//! # Cards
//!
//! | card | what happens |
//! |---|---|
//! | `approve`, or none | approved |
//! | `decline` | declined as `card-declined` |
//! | `late`, `late:800` | charged at once; answered 3 s, or 800 ms, after the first call came in. `GET` does not wait |
//! | `silent` | nothing is charged, and a charge is never answered |
//! | `charge-then-timeout` | charged; the first call is never answered, the next one is |
//! | anything else | declined as `unknown-card` |
//!
//! Never answered means: the connection is held for two minutes, then cut. At most [`Limits::held_max`] calls are held at a time;
//! above that, a call that would have to wait gets 503 and changes nothing.
//!
//! # Invariants
//!
//! **A key is charged at most once, and refunded at most once.** With a folder to keep its records in, **nothing is told before
//! it is on disk**, so a restart forgets no charge that was answered.

mod answer;
mod book;
mod card;
mod http;
mod journal;
mod ledger;
mod page;
mod record;
mod refusal;
mod sandbox;
mod serve;
mod store;

pub use sandbox::{Limits, Sandbox};
pub use serve::serve;
pub use store::OpenError;
