//! Bytes in a column, of which only their owner knows what they are.

use std::ops::Deref;

use minicbor::data::Type;
use minicbor::{Decode, Decoder, Encode, Encoder};

use crate::column::LENGTH;
use crate::{Cell, Column, Mismatch, Sql};

/// Bytes, such as the form of a message. In the journal a byte string; earlier it was a list of numbers, which is still read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Bytes(Vec<u8>);

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl Deref for Bytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl Column for Bytes {
    fn sql(&self) -> Sql<'_> {
        Sql::Blob(&self.0)
    }
    fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch> {
        match cell {
            Cell::Blob(bytes) => Ok(Self(bytes.to_vec())),
            _ => Err(Mismatch::new("bytes", cell)),
        }
    }
    fn weight(&self) -> usize {
        LENGTH + self.0.len()
    }
}

impl<C> Encode<C> for Bytes {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Bytes {
    fn decode(d: &mut Decoder<'b>, context: &mut C) -> Result<Self, minicbor::decode::Error> {
        if matches!(d.datatype()?, Type::Array | Type::ArrayIndef) {
            return Vec::<u8>::decode(d, context).map(Self);
        }
        d.bytes().map(|bytes| Self(bytes.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::Bytes;

    #[test]
    fn bytes_take_one_byte_each_and_are_read_in_the_form_from_before() {
        let bytes: Vec<u8> = (0..=255).collect();
        let form = minicbor::to_vec(Bytes::from(bytes.clone())).unwrap();
        assert_eq!(form.len(), 256 + 3);
        for form in [form, minicbor::to_vec(&bytes).unwrap()] {
            assert_eq!(*minicbor::decode::<Bytes>(&form).unwrap(), bytes[..]);
        }
        assert!(minicbor::decode::<Bytes>(&minicbor::to_vec("text").unwrap()).is_err());
    }
}
