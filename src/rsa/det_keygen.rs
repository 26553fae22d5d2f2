//! Deterministic keys: the candidates of the C2SP specification det-keygen, RSA part.
//!
//! HMAC_DRBG with SHA-256 is instantiated from the seed and the personalization string "det RSA key gen" || nlen, with nlen in
//! two bytes. Each candidate is one output, with the two highest and the three lowest bits set; so p = q = 7 (mod 8). p is the
//! first prime of the stream and q the second; they are not sorted. If gcd(p-1, q-1) is 2^32 or more, or e has no inverse, the
//! pair is discarded, and the stream continues.
//!
//! Anyone who has the seed has the key. The rejected candidates follow from the same secret, and so does the time of the
//! search: it reveals how many candidates came before the primes, and how early each of them was found to be composite. The
//! specification accepts that; keys from the wheel reveal less.

use super::candidate::{CandidateSource, Order};
use crate::error::Error;
use crate::kernels::bignum::limbs::from_be_bytes;
use crate::random::{HmacDrbg, det_keygen};
use rand_core::TryRng;
use zeroize::Zeroizing;

/// The stream of candidates that follows from a seed.
pub(crate) struct DetKeygen {
    drbg: HmacDrbg,
    /// The number of bytes in a candidate.
    bytes: usize,
}

impl DetKeygen {
    /// Candidates for a modulus of `nlen` bits, a multiple of 16 below 2^16.
    pub(crate) fn new(nlen: u16, seed: &[u8]) -> Self {
        let drbg = det_keygen(seed, b"det RSA key gen", &nlen.to_be_bytes());
        Self { drbg, bytes: usize::from(nlen / 16) }
    }
}

impl<const L: usize> CandidateSource<L> for DetKeygen {
    const ORDER: Order = Order::AsDrawn;

    fn next(&mut self, candidate: &mut [u64; L]) -> Result<(), Error> {
        let mut buffer = Zeroizing::new([0; 512]);
        let bytes = &mut buffer[..self.bytes];
        let Ok(()) = self.drbg.try_fill_bytes(bytes);
        if let [first, .., last] = bytes {
            *first |= 0xc0;
            *last |= 0x07;
        }
        from_be_bytes(bytes, candidate);
        Ok(())
    }
}
