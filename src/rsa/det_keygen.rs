//! Deterministic keys: the candidates of the C2SP specification det-keygen, RSA part.
//!
//! HMAC_DRBG with SHA-256 is instantiated from the seed and the personalization string "det RSA key gen" || nlen, in two
//! bytes. Each candidate is an output of its own, with the two highest bits and the three lowest set; so p = q = 7
//! (mod 8). p is the first prime of the stream and q the next; they are not put in order. A pair for which
//! gcd(p-1, q-1) is 2^32 or more, or e has no inverse, is dropped, and the stream goes on.
//!
//! Whoever has the seed has the key. The candidates that are dropped follow from the same secret, and so does the time
//! that the search takes: of the secret it tells how many candidates came before the primes, and how soon each of these
//! was seen to be composite. The specification accepts that; for keys with less to tell there is the wheel.

use super::candidate::{CandidateSource, Order};
use super::hmac_drbg::HmacDrbg;
use crate::error::Error;
use crate::kernels::bignum::limbs::from_be_bytes;
use rand_core::TryRng;
use zeroize::Zeroizing;

/// The bytes of the shortest seed.
pub(crate) const MIN_SEED_BYTES: usize = 16;

/// The stream of candidates of a seed.
pub(crate) struct DetKeygen {
    drbg: HmacDrbg,
    /// The bytes of a candidate.
    bytes: usize,
}

impl DetKeygen {
    /// Candidates for a modulus of `nlen` bits, a multiple of 16 below 2^16.
    pub(crate) fn new(nlen: u16, seed: &[u8]) -> Self {
        let drbg = HmacDrbg::new(&[seed, b"det RSA key gen", &nlen.to_be_bytes()]);
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
