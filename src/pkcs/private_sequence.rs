//! Reads the DER sequence of a private key, field by field. Each error has its offset.

use super::der_error::invalid_der;
use crate::error::{Error, ErrorKind, Field};
use pkcs1::der::asn1::{AnyRef, UintRef};
use pkcs1::der::{self, Decode, Reader, SliceReader, Tag, TagNumber, Tagged};

pub(super) struct PrivateSequence<'a> {
    reader: SliceReader<'a>,
    /// The offset of the sequence's contents.
    start: usize,
}

impl<'a> PrivateSequence<'a> {
    /// Reads one sequence, with nothing after it.
    pub(super) fn new(der: &'a [u8]) -> Result<Self, Error> {
        let sequence = AnyRef::from_der(der).map_err(|error| rejected(error, 0))?;
        if sequence.tag() != Tag::Sequence {
            return Err(Field::PrivateBlob.error_at(ErrorKind::InvalidDer, 0));
        }
        Self::of(sequence.value(), der.len() - sequence.value().len())
    }

    /// Reads the contents of a sequence, which begin at `start` in the whole.
    pub(super) fn of(contents: &'a [u8], start: usize) -> Result<Self, Error> {
        let reader = SliceReader::new(contents).map_err(|error| rejected(error, start))?;
        Ok(Self { reader, start })
    }

    /// Where the next field begins.
    pub(super) fn position(&self) -> usize {
        self.start + usize::try_from(self.reader.position()).unwrap_or(0)
    }

    /// The tag of the next field, if there is one.
    pub(super) fn next_tag(&self) -> Option<Tag> {
        self.reader.clone().decode::<AnyRef<'a>>().ok().map(|field| field.tag())
    }

    pub(super) fn field<T: Decode<'a, Error = der::Error>>(&mut self) -> Result<T, Error> {
        let at = self.position();
        self.reader.decode().map_err(|error| self.rejected(error, at))
    }

    /// Reads a number, big-endian, without the sign.
    pub(super) fn number(&mut self, field: Field) -> Result<&'a [u8], Error> {
        let at = self.position();
        let number = self.reader.decode::<UintRef<'a>>().map_err(|error| match error.kind() {
            der::ErrorKind::Value { tag: Tag::Integer } => field.error_at(ErrorKind::InvalidMpint, at),
            der::ErrorKind::Noncanonical { tag: Tag::Integer } => field.error_at(ErrorKind::InvalidMpint, at),
            _ => self.rejected(error, at),
        })?;
        Ok(number.as_bytes())
    }

    /// Reads a version, which must be this one.
    #[cfg(any(feature = "alloc", feature = "ec"))]
    pub(super) fn version(&mut self, expected: u8) -> Result<(), Error> {
        let at = self.position();
        match self.number(Field::PrivateBlob)? {
            [version] if *version == expected => Ok(()),
            _ => Err(Field::PrivateBlob.error_at(ErrorKind::UnsupportedVersion, at)),
        }
    }

    /// Reads a version of 0 or 1, and returns whether it is 1.
    pub(super) fn version_up_to_1(&mut self) -> Result<bool, Error> {
        let at = self.position();
        match self.number(Field::PrivateBlob)? {
            [0] => Ok(false),
            [1] => Ok(true),
            _ => Err(Field::PrivateBlob.error_at(ErrorKind::UnsupportedVersion, at)),
        }
    }

    /// How many fields are left. None if one of them is malformed.
    #[cfg(feature = "alloc")]
    pub(super) fn fields_left(&self) -> Option<usize> {
        let mut reader = self.reader.clone();
        let mut count = 0;
        while !reader.is_finished() {
            reader.decode::<AnyRef<'a>>().ok()?;
            count += 1;
        }
        Some(count)
    }

    /// The contents of an optional constructed field with a context-specific tag.
    pub(super) fn tagged(&mut self, number: u32) -> Result<Option<&'a [u8]>, Error> {
        self.context_specific(number, true)
    }

    /// The contents of an optional primitive field with a context-specific tag.
    pub(super) fn primitive(&mut self, number: u32) -> Result<Option<&'a [u8]>, Error> {
        self.context_specific(number, false)
    }

    fn context_specific(&mut self, number: u32, constructed: bool) -> Result<Option<&'a [u8]>, Error> {
        match self.next_tag() {
            Some(tag) if tag == (Tag::ContextSpecific { constructed, number: TagNumber(number) }) => {
                self.field::<AnyRef<'a>>().map(|field| Some(field.value()))
            }
            _ => Ok(None),
        }
    }

    /// The error of a field that begins at `at`. Its offset is where the reader stopped, if that is known.
    fn rejected(&self, error: der::Error, at: usize) -> Error {
        let stopped = rejected(error, self.start);
        if error.position().is_some() { stopped } else { stopped.at(at) }
    }

    /// Checks that everything has been read.
    pub(super) fn finish(self) -> Result<(), Error> {
        let start = self.start;
        self.reader.finish().map_err(|error| rejected(error, start))
    }
}

fn rejected(error: der::Error, at: usize) -> Error {
    invalid_der(error, at).in_field(Field::PrivateBlob)
}
