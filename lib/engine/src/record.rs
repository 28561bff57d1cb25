//! What the body of a journal record says: the messages of a batch and each changed row once.
//! Form: a version byte, a byte that tells whether the rest is compressed, then CBOR: the rows, then the messages.

use std::ops::Range;
use std::sync::Arc;

use minicbor::data::Type;
use minicbor::{Decoder, Encoder};
use typed::{KeyValue, Message, SubjectKey, Text};

use crate::batch::Messages;
use crate::envelope::{Envelope, MESSAGES_MAX, Origin, message_id};

const VERSION: u8 = 1;
const PLAIN: u8 = 0;
const LZ4: u8 = 1;
/// Bodies shorter than this are not worth compressing.
const COMPRESS_FROM: usize = 512;

/// A row in a body.
#[derive(Debug, Clone)]
pub struct RowChange {
    /// The number of its table.
    pub table: u16,
    /// Its key.
    pub key: KeyValue,
    /// Where in the payload its form stands; `None` if it is gone.
    pub row: Option<Range<usize>>,
}

/// A body as it is read.
#[derive(Debug)]
pub struct Body<M> {
    /// Its messages, in order.
    pub messages: Vec<Envelope<M>>,
    /// Its rows.
    pub rows: Vec<RowChange>,
    /// What the ranges of the rows point into.
    pub payload: Arc<[u8]>,
}

/// A body as it is being written. Used again for the next one, so that its room is made once.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    /// The payload, from `from` on.
    payload: Vec<u8>,
    from: usize,
    row_count: u64,
    body: Vec<u8>,
}

/// Room before the rows for their number, which is known only afterwards: the longest form of an integer.
const COUNT: usize = 9;
/// Version, flag and length before what was compressed.
const HEAD: usize = 6;
/// So much room is kept from one record to the next, in bytes; a record is rarely longer.
const KEPT: usize = 1 << 20;

impl Draft {
    /// Begins a new one.
    pub(crate) fn begin(&mut self) {
        self.row_count = 0;
        self.payload.clear();
        self.payload.shrink_to(KEPT);
        if self.body.len() > 2 * KEPT {
            self.body = Vec::new();
        }
        self.payload.resize(COUNT, 0);
    }

    /// Adds a row. Gives where its form stands in what is written so far.
    pub(crate) fn row(&mut self, table: u16, key: &KeyValue, row: Option<&[u8]>) -> Option<Range<usize>> {
        self.row_count += 1;
        let mut e = Encoder::new(&mut self.payload);
        let written = e.u16(table).and_then(|e| match key {
            KeyValue::Int(key) => e.u64(*key),
            KeyValue::Text(key) => e.str(key),
        });
        let written = written.and_then(|e| match row {
            Some(bytes) => e.bytes(bytes),
            None => e.null(),
        });
        written.expect("a vector takes every byte");
        let end = self.payload.len();
        row.map(|form| end - form.len()..end)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.row_count == 0
    }

    /// The payload with the rows and `messages`; so far before where [`Self::row`] said the forms of rows stand in it.
    pub(crate) fn payload<M: Message>(&mut self, messages: &Messages<M>) -> (&[u8], usize) {
        let mut count = [0; COUNT];
        let mut e = Encoder::new(&mut count[..]);
        e.u64(self.row_count).expect("there is room for the longest integer");
        let length = COUNT - e.into_writer().len();
        self.from = COUNT - length;
        self.payload[self.from..COUNT].copy_from_slice(&count[..length]);
        let mut e = Encoder::new(&mut self.payload);
        let mut write = || -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
            e.u64(messages.len() as u64)?;
            for (envelope, form) in messages.with_forms() {
                e.u64(envelope.cause)?;
                write_from(&mut e, envelope.from, envelope.origin)?;
                e.u64(envelope.subject.number())?.u64(envelope.correlation)?;
                e.writer_mut().extend_from_slice(form);
            }
            Ok(())
        };
        write().expect("a vector takes every byte");
        (&self.payload[self.from..], self.from)
    }

    /// The body that carries the payload.
    pub(crate) fn body(&mut self) -> &[u8] {
        let payload = &self.payload[self.from..];
        let room = HEAD + lz4_flex::block::get_maximum_output_size(payload.len());
        if self.body.len() < room {
            self.body.resize(room, 0);
        }
        self.body[0] = VERSION;
        if payload.len() < COMPRESS_FROM {
            self.body[1] = PLAIN;
            self.body[2..2 + payload.len()].copy_from_slice(payload);
            return &self.body[..2 + payload.len()];
        }
        let length = u32::try_from(payload.len()).expect("a record has a bound far below 4 GiB");
        self.body[1] = LZ4;
        self.body[2..HEAD].copy_from_slice(&length.to_le_bytes());
        let packed = lz4_flex::block::compress_into(payload, &mut self.body[HEAD..]);
        &self.body[..HEAD + packed.expect("there is room for the longest output")]
    }
}

/// The payload that `body` carries.
fn open(body: &[u8]) -> Result<Arc<[u8]>, String> {
    match body {
        [VERSION, PLAIN, payload @ ..] => Ok(payload.into()),
        [VERSION, LZ4, a, b, c, d, packed @ ..] => {
            let length = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
            lz4_flex::block::decompress(packed, length).map(Into::into).map_err(|error| error.to_string())
        }
        [version, ..] if *version > VERSION => Err(format!("its version is {version}; this maejin knows {VERSION}")),
        _ => Err("it has no body that can be read".to_owned()),
    }
}

impl<M: Message> Body<M> {
    /// Reads the body of the record `seq`, made at `at`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(seq: u64, at: u64, body: &[u8]) -> Result<Self, String> {
        let payload = open(body)?;
        let mut d = Decoder::new(&payload);
        let rows = read_rows(&mut d).map_err(|error| error.to_string())?;
        let messages = read_messages(&mut d, seq, at).map_err(|error| error.to_string())?;
        Ok(Self { messages, rows, payload })
    }
}

fn read_messages<M: Message>(
    d: &mut Decoder<'_>,
    seq: u64,
    at: u64,
) -> Result<Vec<Envelope<M>>, minicbor::decode::Error> {
    let count = usize::try_from(d.u64()?).unwrap_or(usize::MAX).min(MESSAGES_MAX);
    let mut messages = Vec::with_capacity(count.min(4096));
    for place in 0..count {
        let (cause, (from, origin)) = (d.u64()?, read_from(d)?);
        let (subject, correlation) = (SubjectKey::new(d.u64()?), d.u64()?);
        let message = d.decode()?;
        messages.push(Envelope { id: message_id(seq, place), origin, cause, from, subject, correlation, at, message });
    }
    Ok(messages)
}

/// Who said a message: a number, or of one that came from another shard, a list of that number and of its origin.
fn write_from(
    e: &mut Encoder<&mut Vec<u8>>,
    from: u8,
    origin: Option<Origin>,
) -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
    match origin {
        None => e.u8(from)?.ok(),
        Some(Origin { shard, id }) => e.array(3)?.u8(from)?.u32(shard)?.u64(id)?.ok(),
    }
}

fn read_from(d: &mut Decoder<'_>) -> Result<(u8, Option<Origin>), minicbor::decode::Error> {
    if d.datatype()? != Type::Array {
        return Ok((d.u8()?, None));
    }
    match d.array()? {
        Some(3) => Ok((d.u8()?, Some(Origin { shard: d.u32()?, id: d.u64()? }))),
        _ => Err(minicbor::decode::Error::message("an origin is a sender, a shard and an id")),
    }
}

fn read_rows(d: &mut Decoder<'_>) -> Result<Vec<RowChange>, minicbor::decode::Error> {
    let count = d.u64()?;
    let mut rows = Vec::new();
    for _ in 0..count {
        let table = d.u16()?;
        let key = match d.datatype()? {
            Type::String => KeyValue::Text(Text::from(d.str()?)),
            _ => KeyValue::Int(d.u64()?),
        };
        let row = if d.datatype()? == Type::Null {
            d.null()?;
            None
        } else {
            let length = d.bytes()?.len();
            Some(d.position() - length..d.position())
        };
        rows.push(RowChange { table, key, row });
    }
    Ok(rows)
}
