//! Numbers as big-endian bytes.

/// The number without its leading zeros.
#[inline]
pub(crate) fn without_leading_zeros(mut bytes: &[u8]) -> &[u8] {
    while let [0, rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

/// The bit length of a number without leading zeros.
#[inline]
pub(super) fn bit_length(bytes: &[u8]) -> usize {
    match bytes {
        // A length that does not fit is far above every limit.
        [first, ..] => bytes.len().saturating_mul(8) - first.leading_zeros() as usize,
        [] => 0,
    }
}

/// Whether the number is odd.
#[inline]
pub(super) fn is_odd(bytes: &[u8]) -> bool {
    matches!(bytes, [.., last] if last & 1 == 1)
}

/// Copies a number to the end of a place that is all zeros. Nothing of the number except leading zeros may exceed the place.
pub(super) fn right_align(place: &mut [u8], number: &[u8]) {
    for (place, byte) in place.iter_mut().rev().zip(number.iter().rev()) {
        *place = *byte;
    }
}
