//! The memory of a private key, and the lengths of its numbers.

use crate::wipe::{Unmoved, unmoved};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The number of bits in the longest modulus of a private key. They determine the size of the storage.
pub(super) const MAX_BITS: usize = 8192;

/// The number of bytes in the longest public exponent, which has 33 bits.
const MAX_EXPONENT_BYTES: usize = 5;

/// e of every generated key, 65537.
pub(super) const GENERATED_EXPONENT: [u8; 3] = [1, 0, 1];

/// The lengths of a private key's numbers, which are public.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Sizes {
    /// The number of bits in n.
    pub(super) bits: usize,
    /// The number of bits in p.
    pub(super) p_bits: usize,
    /// The number of bits in q.
    pub(super) q_bits: usize,
    /// The number of bytes in e.
    pub(super) exponent_bytes: usize,
}

impl Sizes {
    /// The sizes of a generated key.
    pub(super) fn of_generated(bits: usize) -> Self {
        Self { bits, p_bits: bits / 2, q_bits: bits / 2, exponent_bytes: GENERATED_EXPONENT.len() }
    }

    /// The numbers of bytes in n, p and q.
    pub(super) fn in_bytes(self) -> [usize; 3] {
        [self.bits, self.p_bits, self.q_bits].map(|bits| bits.div_ceil(8))
    }
}

/// Big-endian numbers, each at the start of its array: n and d are as long as n; p, dP and qInv as p; q and dQ as q.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct Storage {
    pub(super) public_exponent: [u8; MAX_EXPONENT_BYTES],
    pub(super) modulus: [u8; MAX_BITS / 8],
    pub(super) private_exponent: [u8; MAX_BITS / 8],
    pub(super) p: [u8; MAX_BITS / 16],
    pub(super) q: [u8; MAX_BITS / 16],
    pub(super) exponent_p: [u8; MAX_BITS / 16],
    pub(super) exponent_q: [u8; MAX_BITS / 16],
    pub(super) coefficient: [u8; MAX_BITS / 16],
}

impl Storage {
    /// Zeros.
    pub(super) fn empty() -> Unmoved<Self> {
        unmoved(Self {
            public_exponent: [0; MAX_EXPONENT_BYTES],
            modulus: [0; MAX_BITS / 8],
            private_exponent: [0; MAX_BITS / 8],
            p: [0; MAX_BITS / 16],
            q: [0; MAX_BITS / 16],
            exponent_p: [0; MAX_BITS / 16],
            exponent_q: [0; MAX_BITS / 16],
            coefficient: [0; MAX_BITS / 16],
        })
    }
}
