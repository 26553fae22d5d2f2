//! The data types of RFC 4251, section 5: `string` and `mpint`.

use crate::error::{Error, ErrorKind, Field};
use core::ops::Range;

/// Reads a blob from its start. What it returns are ranges of the blob, checked to be inside of it.
pub(super) struct Reader<'a> {
    blob: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(blob: &'a [u8]) -> Self {
        Self { blob, at: 0 }
    }

    /// A `string`: four bytes of length, big-endian, and as many bytes.
    pub(super) fn string(&mut self, field: Field) -> Result<Range<usize>, Error> {
        let truncated = Error::new(ErrorKind::Truncated).in_field(field).at(self.at);
        let rest = self.blob.get(self.at..).ok_or(truncated)?;
        let (length, rest) = rest.split_first_chunk().ok_or(truncated)?;
        // A length that does not fit `usize` does not fit the blob either.
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| truncated)?;
        if length > rest.len() {
            return Err(truncated);
        }
        let start = self.at + 4;
        self.at = start + length;
        Ok(start..self.at)
    }

    /// An `mpint` that is not negative: two's complement, big-endian, in as few bytes as will do. The range leaves out
    /// the zero byte before a number whose highest bit is set; it is empty for 0.
    pub(super) fn mpint(&mut self, field: Field) -> Result<Range<usize>, Error> {
        let range = self.string(field)?;
        let refused = |kind| Err(Error::new(kind).in_field(field).at(range.start));
        match &self.blob[range.clone()] {
            [0x80..=0xff, ..] => refused(ErrorKind::NegativeMpint),
            [0] | [0, ..=0x7f, ..] => refused(ErrorKind::NonCanonicalMpint),
            [0, ..] => Ok(range.start + 1..range.end),
            _ => Ok(range),
        }
    }

    /// The bytes of a range that this reader returned.
    pub(super) fn bytes(&self, range: &Range<usize>) -> &'a [u8] {
        &self.blob[range.clone()]
    }

    /// The end of the blob.
    pub(super) fn finish(self) -> Result<(), Error> {
        if self.at == self.blob.len() {
            Ok(())
        } else {
            Err(Error::new(ErrorKind::TrailingData).in_field(Field::Blob).at(self.at))
        }
    }
}

/// Writes a blob into a buffer.
pub(super) struct Writer<'a> {
    buffer: &'a mut [u8],
    used: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(buffer: &'a mut [u8]) -> Self {
        Self { buffer, used: 0 }
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let end = self.used + bytes.len();
        self.buffer.get_mut(self.used..end).ok_or(Error::new(ErrorKind::BufferTooSmall))?.copy_from_slice(bytes);
        self.used = end;
        Ok(())
    }

    fn put_length(&mut self, length: usize) -> Result<(), Error> {
        let length = u32::try_from(length).map_err(|_| Error::new(ErrorKind::TooLong))?;
        self.put(&length.to_be_bytes())
    }

    /// A `string`.
    pub(super) fn string(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.put_length(bytes.len())?;
        self.put(bytes)
    }

    /// An `mpint`, from big-endian bytes without leading zeros.
    pub(super) fn mpint(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if matches!(bytes, [0x80..=0xff, ..]) {
            self.put_length(bytes.len() + 1)?;
            self.put(&[0])?;
            self.put(bytes)
        } else {
            self.string(bytes)
        }
    }

    /// What has been written.
    pub(super) fn finish(self) -> &'a [u8] {
        &self.buffer[..self.used]
    }
}
