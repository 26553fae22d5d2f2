//! The data types of RFC 4251, section 5: `string` and `mpint`.

use crate::error::{Error, ErrorKind, Field};
#[cfg(feature = "alloc")]
use {crate::rsa::without_leading_zeros, alloc::vec, alloc::vec::Vec, zeroize::Zeroizing};

/// A part of a blob, checked to be inside it. Offsets have 16 bits because every key contains four spans; the longest blob
/// is far below 64 KiB.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Span {
    start: u16,
    end: u16,
}

impl Span {
    /// `None` if the blob is longer than the longest that is read.
    #[inline]
    fn new(start: usize, end: usize) -> Option<Self> {
        Some(Self { start: u16::try_from(start).ok()?, end: u16::try_from(end).ok()? })
    }

    /// Where it begins.
    #[inline]
    pub(crate) fn start(&self) -> usize {
        self.start.into()
    }

    /// The offset of the first byte after it.
    #[inline]
    pub(crate) fn end(&self) -> usize {
        self.end.into()
    }

    /// Its first `length` bytes, and the rest; `None` if it is shorter.
    pub(crate) fn split_at(self, length: usize) -> Option<(Self, Self)> {
        let middle = self.start.checked_add(u16::try_from(length).ok()?).filter(|middle| *middle <= self.end)?;
        Some((Self { start: self.start, end: middle }, Self { start: middle, end: self.end }))
    }

    /// Its bytes in the blob that it was read from.
    #[inline]
    pub(crate) fn of<'a>(&self, blob: &'a [u8]) -> &'a [u8] {
        &blob[self.start()..self.end()]
    }
}

/// Reads a blob from its start.
pub(crate) struct Reader<'a> {
    blob: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(blob: &'a [u8]) -> Self {
        Self { blob, at: 0 }
    }

    /// Reads a span of a blob. Offsets are those in the blob; only what follows the span is out of reach.
    pub(crate) fn within(blob: &'a [u8], span: Span) -> Self {
        Self { blob: &blob[..span.end()], at: span.start() }
    }

    /// The blob that it reads from.
    pub(crate) fn blob(&self) -> &'a [u8] {
        self.blob
    }

    /// Where the next field begins.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Reads as many bytes as the array has.
    #[inline]
    pub(crate) fn array<const N: usize>(&mut self, field: Field) -> Result<&'a [u8; N], Error> {
        let truncated = field.error_at(ErrorKind::Truncated, self.at);
        let bytes = self.blob.get(self.at..).and_then(<[u8]>::first_chunk).ok_or(truncated)?;
        self.at += N;
        Ok(bytes)
    }

    /// Reads a `uint32`.
    #[inline]
    pub(crate) fn uint32(&mut self, field: Field) -> Result<u32, Error> {
        self.array(field).map(|bytes| u32::from_be_bytes(*bytes))
    }

    /// Reads a `uint64`.
    pub(crate) fn uint64(&mut self, field: Field) -> Result<u64, Error> {
        self.array(field).map(|bytes| u64::from_be_bytes(*bytes))
    }

    /// Reads a `string`: four bytes of length, big-endian, and as many bytes.
    #[inline]
    pub(crate) fn string(&mut self, field: Field) -> Result<Span, Error> {
        let truncated = field.error_at(ErrorKind::Truncated, self.at);
        // A length that does not fit `usize` does not fit the blob either.
        let length = usize::try_from(self.uint32(field)?).map_err(|_| truncated)?;
        if length > self.blob.len() - self.at {
            return Err(truncated);
        }
        let start = self.at;
        self.at += length;
        Span::new(start, self.at).ok_or(truncated)
    }

    /// Reads an `mpint` that is not negative: two's complement, big-endian, in as few bytes as possible. The span excludes
    /// the zero byte before a number whose highest bit is set. It is empty for 0.
    #[inline]
    pub(crate) fn mpint(&mut self, field: Field) -> Result<Span, Error> {
        let span = self.padded_mpint(field)?;
        match self.bytes(span) {
            [0] | [0, 0..=0x7f, ..] => Err(field.error_at(ErrorKind::InvalidMpint, span.start())),
            [0, ..] => Ok(Span { start: span.start + 1, ..span }),
            _ => Ok(span),
        }
    }

    /// Reads an `mpint` that is not negative and may have superfluous leading zeros, which the span includes.
    #[inline]
    pub(crate) fn padded_mpint(&mut self, field: Field) -> Result<Span, Error> {
        let span = self.string(field)?;
        match self.bytes(span) {
            [0x80..=0xff, ..] => Err(field.error_at(ErrorKind::InvalidMpint, span.start())),
            _ => Ok(span),
        }
    }

    /// The bytes of a span that this reader returned.
    #[inline]
    pub(crate) fn bytes(&self, span: Span) -> &'a [u8] {
        span.of(self.blob)
    }

    /// What has been read since `start`.
    pub(crate) fn since(&self, start: usize) -> Result<Span, Error> {
        Span::new(start, self.at).ok_or(Field::Blob.error(ErrorKind::TooLong))
    }

    /// What has not been read yet.
    pub(crate) fn rest(&mut self) -> Result<Span, Error> {
        let start = core::mem::replace(&mut self.at, self.blob.len());
        self.since(start)
    }

    /// Whether everything has been read.
    #[inline]
    pub(crate) fn is_at_end(&self) -> bool {
        self.at == self.blob.len()
    }

    /// Checks that everything has been read.
    #[inline]
    pub(crate) fn finish(self) -> Result<(), Error> {
        if self.is_at_end() { Ok(()) } else { Err(Field::Blob.error_at(ErrorKind::TrailingData, self.at)) }
    }
}

/// Writes a blob into a buffer. If the blob does not fit, the writer still counts its length.
pub(crate) struct Writer<'a> {
    buffer: &'a mut [u8],
    used: usize,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(buffer: &'a mut [u8]) -> Self {
        Self { buffer, used: 0 }
    }

    /// Writes bytes unchanged.
    pub(crate) fn put(&mut self, bytes: &[u8]) {
        let end = self.used + bytes.len();
        if let Some(part) = self.buffer.get_mut(self.used..end) {
            part.copy_from_slice(bytes);
        }
        self.used = end;
    }

    fn put_length(&mut self, length: usize) -> Result<(), Error> {
        let length = u32::try_from(length).map_err(|_| Error::new(ErrorKind::TooLong))?;
        self.put(&length.to_be_bytes());
        Ok(())
    }

    /// Writes a `string`.
    pub(crate) fn string(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.put_length(bytes.len())?;
        self.put(bytes);
        Ok(())
    }

    /// Writes a `string` of two parts.
    pub(super) fn string_of_two(&mut self, first: &[u8], second: &[u8]) -> Result<(), Error> {
        self.put_length(first.len() + second.len())?;
        self.put(first);
        self.put(second);
        Ok(())
    }

    /// Writes an `mpint`, from big-endian bytes without leading zeros.
    pub(crate) fn mpint(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if matches!(bytes, [0x80..=0xff, ..]) {
            self.put_length(bytes.len() + 1)?;
            self.put(&[0]);
            self.put(bytes);
            Ok(())
        } else {
            self.string(bytes)
        }
    }

    /// What has been written.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`].
    pub(crate) fn finish(self) -> Result<&'a [u8], Error> {
        let length = self.buffer.len();
        self.buffer.get(..self.used).ok_or(Error::buffer_too_small(length, self.used))
    }
}

/// Encodes secret, big-endian numbers as one `mpint` each, in a vector that has room for `spare` more bytes.
#[cfg(feature = "alloc")]
pub(crate) fn secret_mpints(numbers: &[&[u8]], spare: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    // Each is preceded by four bytes of length, and perhaps a zero.
    let most = numbers.iter().map(|number| 5 + number.len()).sum::<usize>() + spare;
    let mut mpints = Zeroizing::new(vec![0; most]);
    let mut writer = Writer::new(&mut mpints);
    for number in numbers {
        writer.mpint(without_leading_zeros(number))?;
    }
    let used = writer.finish()?.len();
    mpints.truncate(used);
    Ok(mpints)
}
