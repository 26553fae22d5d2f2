//! Messages with padding.

/// The bytes of a block.
pub(super) type Block = [u8; 64];

/// A message followed by its padding (RFC 1321, sections 3.1 and 3.2): 0x80, zeros, and the length of the message in bits.
///
/// A message that is aligned to 64 bytes needs half as many memory accesses: 0.9 ns less, of 17.
#[derive(Clone, Copy)]
pub(crate) struct Padded<'a> {
    /// At least one.
    pub(super) blocks: &'a [Block],
    length: usize,
}

impl<'a> Padded<'a> {
    /// The number of bytes in a message of `length` bytes with its padding, in whole blocks.
    #[inline]
    pub(crate) const fn padded_len(length: usize) -> usize {
        // One byte for 0x80 and eight for the length.
        let blocks = length / 64 + if length % 64 < 56 { 1 } else { 2 };
        blocks.saturating_mul(64)
    }

    /// Writes the padding after the message, which is the first `length` bytes of the buffer. Returns `None` if it does not
    /// fit.
    #[inline]
    pub(crate) fn new(buffer: &'a mut [u8], length: usize) -> Option<Self> {
        let buffer = buffer.get_mut(..Self::padded_len(length))?;
        let padding = buffer.get_mut(length..)?;
        padding.fill(0);
        *padding.first_mut()? = 0x80;
        // The standard uses only the low 64 bits of a longer length.
        *padding.last_chunk_mut()? = (length as u64).wrapping_mul(8).to_le_bytes();
        Some(Self { blocks: buffer.as_chunks().0, length })
    }

    /// The message without its padding.
    #[inline]
    pub(crate) fn message(&self) -> &'a [u8] {
        self.blocks.as_flattened().get(..self.length).unwrap_or_default()
    }

    /// The number of blocks, padding included.
    pub(crate) fn blocks(&self) -> usize {
        self.blocks.len()
    }
}
