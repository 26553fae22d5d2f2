//! Random bytes from the caller's generator.

use crate::error::{Error, ErrorKind};
use rand_core::TryCryptoRng;

/// Fills a buffer from a generator.
///
/// # Errors
///
/// [`ErrorKind::RandomnessUnavailable`] if the generator fails. The content of the buffer is then meaningless.
pub(crate) fn fill<R: TryCryptoRng + ?Sized>(rng: &mut R, buffer: &mut [u8]) -> Result<(), Error> {
    rng.try_fill_bytes(buffer).map_err(|_| Error::new(ErrorKind::RandomnessUnavailable))
}

#[cfg(test)]
pub(crate) use self::tests::Random;

#[cfg(test)]
mod tests {
    use super::*;
    use core::convert::Infallible;
    use core::fmt;
    use rand_core::TryRng;
    use std::vec::Vec;

    /// The generator of the unit tests, from a seed: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
    pub(crate) struct Random(pub(crate) u64);

    impl Random {
        pub(crate) fn next(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        }

        /// A number below a bound.
        #[cfg(feature = "shared-primes")]
        pub(crate) fn below(&mut self, bound: usize) -> usize {
            self.next() as usize % bound
        }

        /// Random limbs. In half of the numbers, about half of the limbs are all zeros or all ones.
        pub(crate) fn limbs<const L: usize>(&mut self) -> [u64; L] {
            let edges = self.next().is_multiple_of(2);
            core::array::from_fn(|_| match self.next() % 4 {
                0 if edges => 0,
                1 if edges => u64::MAX,
                _ => self.next(),
            })
        }

        /// A number of exactly `bits` bits.
        pub(crate) fn number(&mut self, bits: usize) -> Vec<u64> {
            let mut n: Vec<u64> = (0..bits.div_ceil(64)).map(|_| self.next()).collect();
            if let Some(top) = n.last_mut() {
                *top = *top >> (63 - (bits - 1) % 64) | 1 << ((bits - 1) % 64);
            }
            n
        }
    }

    impl TryRng for Random {
        type Error = Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Infallible> {
            Ok(self.next() as u32)
        }

        fn try_next_u64(&mut self) -> Result<u64, Infallible> {
            Ok(self.next())
        }

        fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), Infallible> {
            for chunk in buffer.chunks_mut(8) {
                chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
            }
            Ok(())
        }
    }

    /// For tests only: this generator is not secure.
    impl TryCryptoRng for Random {}

    /// A generator that fails.
    struct Broken;

    #[derive(Debug)]
    struct NoBytes;

    impl fmt::Display for NoBytes {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("no bytes")
        }
    }

    impl core::error::Error for NoBytes {}

    impl TryRng for Broken {
        type Error = NoBytes;

        fn try_next_u32(&mut self) -> Result<u32, NoBytes> {
            Err(NoBytes)
        }

        fn try_next_u64(&mut self) -> Result<u64, NoBytes> {
            Err(NoBytes)
        }

        fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), NoBytes> {
            Err(NoBytes)
        }
    }

    impl TryCryptoRng for Broken {}

    #[test]
    fn a_buffer_is_filled_or_the_generator_is_named_as_the_reason() {
        let mut buffer = [0; 9];
        fill(&mut Random(0), &mut buffer).unwrap();
        // The outputs for the seed 0: 0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4.
        assert_eq!(buffer, [0xaf, 0xcd, 0x1d, 0x7b, 0x39, 0xa8, 0x20, 0xe2, 0xf4]);
        assert_eq!(fill(&mut Broken, &mut buffer).unwrap_err().kind(), ErrorKind::RandomnessUnavailable);
    }
}
