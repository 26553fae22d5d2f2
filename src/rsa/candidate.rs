//! The candidates for primes.
//!
//! # The wheel
//!
//! W = 3 * 5 * ... * 53, a number of 63.8 bits. Let lo be the least integer above sqrt(2) * 2^(b-1), and T the greatest with lo
//! + 2WT <= 2^b. For each candidate we draw a new unit r modulo W and a new number t below T, both uniformly. The candidate is
//!
//! > x = lo + 2Wt + c, where c is the number in [0, 2W) with lo + c odd and lo + c = r (mod W).
//!
//! **Claim.** x is uniform over the odd integers of [lo, lo + 2WT) that no prime up to 53 divides.
//!
//! *Proof.* W is odd, so by the Chinese remainder theorem c exists and is unique for each r. (r, t) determines x, and x
//! determines (r, t): t = floor((x - lo) / 2W), r = x mod W. So the map is one to one; its image is every odd x of the interval
//! with gcd(x, W) = 1. r and t are uniform and independent, by rejection. ∎
//!
//! FIPS 186-5 asks for the interval [lo, 2^b). It has fewer than 2W < 2^65 integers more than ours, out of 0.29 * 2^b, and no
//! prime of b bits has a factor up to 53. So the first prime of a sequence of such x is uniform over the primes of [lo, 2^b)
//! except for fewer than 2^65 of them, out of more than 2^(b-12) (Rosser and Schoenfeld, Illinois J. Math. 6, 1962). For b =
//! 1024 this is a total-variation distance below 2^-940.
//!
//! Candidates are independent: what timing reveals about a rejected candidate says nothing about the one that becomes a prime.

use crate::error::{Error, ErrorKind};
#[cfg(any(test, fuzzing, ssh_keypair_internals))]
use crate::kernels::bignum::limbs::from_be_bytes;
use crate::kernels::bignum::limbs::{add, less, mul_small, sub, word_at};
use crate::kernels::bignum::sieve::Group;
use crate::kernels::declassify::{classify, declassify};
use crate::random::fill;
use rand_core::TryCryptoRng;
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// A sequence of odd numbers that is searched for primes.
pub(crate) trait CandidateSource<const L: usize> {
    /// Which of two primes of this source is p.
    const ORDER: Order;

    /// Writes the next candidate into `candidate`. A value that is returned could leave a copy on the stack.
    fn next(&mut self, candidate: &mut [u64; L]) -> Result<(), Error>;
}

/// Which of the two primes of a key is called p.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// The larger one, as is usual.
    LargerFirst,
    /// The one that was drawn first.
    AsDrawn,
}

/// A list of candidates, big-endian: for tests and benchmarks. After the last one, it returns an error.
#[cfg(any(test, fuzzing, ssh_keypair_internals))]
pub(crate) struct Replay<I>(pub(crate) I);

#[cfg(any(test, fuzzing, ssh_keypair_internals))]
impl<const L: usize, I: Iterator<Item: AsRef<[u8]>>> CandidateSource<L> for Replay<I> {
    const ORDER: Order = Order::LargerFirst;

    fn next(&mut self, candidate: &mut [u64; L]) -> Result<(), Error> {
        let bytes = self.0.next().ok_or(Error::new(ErrorKind::BrokenRandomness))?;
        from_be_bytes(bytes.as_ref(), candidate);
        Ok(())
    }
}

/// A sound generator does not cause more rejections in a row than this: a quarter of the draws give a unit modulo W, so 512
/// draws without one have a probability below 2^-200; more than half of the draws give a t below T.
const MAX_REJECTIONS: usize = 512;

/// The wheel: see the module docs.
pub(crate) struct Wheel<'a, R: ?Sized, const L: usize> {
    words: Words<'a, R>,
    /// lo.
    low: [u64; L],
    /// lo mod W.
    low_residue: u64,
    /// 2T.
    end: [u64; L],
    /// The number of limbs of 2T without the leading zeros, and the mask of the highest of these limbs.
    end_limbs: usize,
    end_mask: u64,
}

impl<'a, R: TryCryptoRng + ?Sized, const L: usize> Wheel<'a, R, L> {
    /// Candidates of `bits` bits, from 128 to `64 * L`. The arithmetic here uses public numbers only.
    pub(crate) fn new(bits: usize, rng: &'a mut R) -> Self {
        let low = least_prime_bound::<L>(bits);
        // 2^b - lo, modulo 2^(64 L).
        let mut gap = [0; L];
        if let Some(limb) = gap.get_mut(bits / 64) {
            *limb = 1 << (bits % 64);
        }
        sub(&mut gap, &low);
        let (mut end, _) = divide_by_wheel(&gap);
        end[0] &= !1;
        let end_limbs = end.iter().rposition(|limb| *limb != 0).unwrap_or(0) + 1;
        Self {
            words: Words::new(rng),
            low_residue: divide_by_wheel(&low).1,
            low,
            end_mask: u64::MAX >> end[end_limbs - 1].leading_zeros(),
            end_limbs,
            end,
        }
    }

    /// A uniform unit modulo W.
    fn unit(&mut self) -> Result<Zeroizing<u64>, Error> {
        for _ in 0..MAX_REJECTIONS {
            let word = self.words.next()?;
            let is_unit = (*word < Group::WHEEL.product) & !Group::WHEEL.shares_factor(*word);
            if declassify(Choice::from(u8::from(is_unit))) {
                return Ok(word);
            }
        }
        Err(Error::new(ErrorKind::BrokenRandomness))
    }

    /// 2t, for a uniform t below T. The highest limb is drawn first, because it causes most of the rejections.
    fn twice_index(&mut self, index: &mut [u64; L]) -> Result<(), Error> {
        index.fill(0);
        let top = self.end_limbs - 1;
        for _ in 0..MAX_REJECTIONS {
            index[top] = *self.words.next()? & self.end_mask;
            if declassify(Choice::from(u8::from(index[top] > self.end[top]))) {
                continue;
            }
            for limb in &mut index[..top] {
                *limb = *self.words.next()?;
            }
            index[0] &= !1;
            if declassify(less(index, &self.end)) {
                return Ok(());
            }
        }
        Err(Error::new(ErrorKind::BrokenRandomness))
    }
}

impl<R: TryCryptoRng + ?Sized, const L: usize> CandidateSource<L> for Wheel<'_, R, L> {
    const ORDER: Order = Order::LargerFirst;

    fn next(&mut self, x: &mut [u64; L]) -> Result<(), Error> {
        let unit = self.unit()?;
        self.twice_index(x)?;
        mul_small(x, Group::WHEEL.product, 0);
        add(x, &self.low);

        // r - lo mod W, plus W if x would be even.
        let wheel = Group::WHEEL.product;
        let (difference, negative) = unit.overflowing_sub(self.low_residue);
        let offset = Zeroizing::new(u64::conditional_select(
            &difference,
            &difference.wrapping_add(wheel),
            u8::from(negative).into(),
        ));
        add(x, &[*offset]);
        let even = (x[0] & 1).ct_eq(&0);
        add(x, &[u64::conditional_select(&0, &wheel, even)]);
        Ok(())
    }
}

/// A generator's output word by word, fetched a kilobyte at a time: a system call costs more than the bytes.
struct Words<'a, R: ?Sized> {
    rng: &'a mut R,
    buffer: Buffer,
    used: usize,
}

#[derive(Zeroize, ZeroizeOnDrop)]
struct Buffer([u8; 1024]);

impl<'a, R: TryCryptoRng + ?Sized> Words<'a, R> {
    fn new(rng: &'a mut R) -> Self {
        Self { rng, buffer: Buffer([0; 1024]), used: 1024 }
    }

    fn next(&mut self) -> Result<Zeroizing<u64>, Error> {
        if self.used == self.buffer.0.len() {
            fill(self.rng, &mut self.buffer.0)?;
            self.used = 0;
        }
        let mut word = Zeroizing::new([0; 8]);
        word.copy_from_slice(&self.buffer.0[self.used..self.used + 8]);
        self.used += 8;
        classify(&mut *word);
        Ok(Zeroizing::new(u64::from_le_bytes(*word)))
    }
}

/// The least integer above sqrt(2) * 2^(bits-1): the top `bits` bits of [`SQRT_2`], plus one.
fn least_prime_bound<const L: usize>(bits: usize) -> [u64; L] {
    let drop = 64 * SQRT_2.len() - bits;
    let mut bound = core::array::from_fn(|i| word_at(&SQRT_2, 64 * i + drop));
    add(&mut bound, &[1]);
    bound
}

/// (x / W, x mod W) of a public number.
fn divide_by_wheel<const L: usize>(x: &[u64; L]) -> ([u64; L], u64) {
    let wheel = u128::from(Group::WHEEL.product);
    let mut quotient = [0; L];
    let mut rest = 0;
    for (digit, &limb) in quotient.iter_mut().zip(x).rev() {
        let part = (rest << 64) | u128::from(limb);
        // Below 2^64, because the remainder is below W.
        *digit = (part / wheel) as u64;
        rest = part % wheel;
    }
    (quotient, rest as u64)
}

/// floor(sqrt(2) * 2^4095): the first 4096 bits of the square root of two, lowest limb first.
#[rustfmt::skip]
static SQRT_2: [u64; 64] = [
    0xf87c_7991_d9b1_40e9, 0x73c1_bb54_8e04_6353, 0x3d7a_bb8d_c12d_9850, 0x2f94_f645_f2e3_95c0,
    0xbbc6_7b01_a868_17f4, 0x2a87_06aa_88b4_4318, 0xa6b0_4956_7090_55c7, 0xd4cc_db64_f1e7_38fc,
    0x9ffe_1122_9a1c_f54b, 0x9bd3_0397_9101_1a30, 0xecc5_7738_f217_1346, 0x5370_8066_76e1_672d,
    0xb8eb_050f_c447_8450, 0xd9f1_7902_db93_92dc, 0xdeae_1342_42ed_2f48, 0xffab_abf2_3884_c066,
    0x06e8_6336_a418_ff3f, 0x545a_b582_0fea_ef37, 0x7924_6344_e300_5da0, 0xf7b7_e36f_488a_515a,
    0x61a0_94a1_6b20_3080, 0x2e6a_cb96_e07f_9aa0, 0xdd4e_d1a3_b342_3cb6, 0x4211_eb71_c181_ec80,
    0x0ed4_822e_1e89_9d03, 0x77da_c64c_c266_eb85, 0x3f48_185f_107d_bb4a, 0x8775_190f_ba44_fa35,
    0xef74_4894_c1ea_7556, 0xdb8f_c16e_6948_1b04, 0x85ac_27da_43e4_927a, 0x485f_3b49_4d82_bc60,
    0x4d7c_60a5_e633_e3e1, 0x5fcf_8f7b_ca3e_a33b, 0xc246_785e_9295_7023, 0xf9ac_ce41_797f_2805,
    0xfdfe_170f_d3b1_f780, 0xd24f_4a76_3fac_b882, 0x1883_8a2e_aff5_f3b2, 0xc1fc_bdde_a2f7_dc33,
    0xdea0_6241_f7aa_81c2, 0xf6a1_be3f_ca22_1307, 0x332a_5e9f_7bda_1ebf, 0x0104_dc01_fe32_352f,
    0xb8cf_341b_6f82_36c7, 0x4264_dabc_d528_b651, 0xf4d3_a02c_ebc9_3e0c, 0x8139_4ab6_d8fd_0efd,
    0xeaa4_a089_9040_ca4a, 0xf52f_120f_836e_582e, 0xcb2a_6343_31f3_c84d, 0xc6d5_a8a3_8bb7_e9dc,
    0x460a_bc72_2f7c_4e33, 0xcab1_bc91_1688_458a, 0x5305_9c60_11bc_337b, 0xd220_2e87_42af_1f4e,
    0x7804_8736_3dfa_2768, 0x0f74_a85e_439c_7b4a, 0xa8b1_fe6f_dc83_db39, 0x4afc_8304_3ab8_a2c3,
    0xed17_ac85_8333_9915, 0x1d6f_60ba_893b_a84c, 0x597d_89b3_754a_be9f, 0xb504_f333_f9de_6484,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::bignum::limbs::to_be_bytes;
    use crate::random::HmacDrbg;
    use core::convert::Infallible;
    use crypto_bigint::{NonZero, U128, U4096, U8192};
    use rand_core::TryRng;
    use std::vec;

    /// Repeats a word.
    struct Same(u64);

    impl TryRng for Same {
        type Error = Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Infallible> {
            Ok(self.0 as u32)
        }

        fn try_next_u64(&mut self) -> Result<u64, Infallible> {
            Ok(self.0)
        }

        fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), Infallible> {
            buffer.chunks_mut(8).for_each(|chunk| chunk.copy_from_slice(&self.0.to_le_bytes()[..chunk.len()]));
            Ok(())
        }
    }

    impl TryCryptoRng for Same {}

    #[test]
    fn the_table_is_the_square_root_of_two() {
        let mut bytes = [0; 512];
        to_be_bytes(&SQRT_2, &mut bytes);
        let root = U4096::from_be_slice(&bytes);
        let two = U8192::ONE << 8191;
        let square: U8192 = root.concatenating_square();
        let next: U8192 = root.wrapping_add(&U4096::ONE).concatenating_square();
        assert!(square < two && two < next);
    }

    #[test]
    fn the_bound_is_the_least_integer_above_the_root() {
        // sqrt(2) * 2^127 = 240615969168004511545033772477625056927.11...
        assert_eq!(
            least_prime_bound::<2>(128),
            [
                240_615_969_168_004_511_545_033_772_477_625_056_928u128 as u64,
                (240_615_969_168_004_511_545_033_772_477_625_056_928u128 >> 64) as u64
            ]
        );
        // sqrt(2) * 2^99, in the low half and the high half.
        let bound = least_prime_bound::<2>(100);
        assert_eq!(u128::from(bound[0]) | u128::from(bound[1]) << 64, 896_364_335_596_578_238_699_711_011_640);
    }

    /// Small enough to see the ends of the interval: 2T is about 2^5 at 70 bits.
    #[test]
    fn candidates_are_odd_units_that_fill_the_interval() {
        let bits = 72;
        let mut rng = HmacDrbg::new(&[b"wheel"]);
        let mut wheel = Wheel::<_, 2>::new(bits, &mut rng);
        let number = |x: &[u64; 2]| u128::from(x[0]) | u128::from(x[1]) << 64;
        let low = number(&wheel.low);
        let step = 2 * u128::from(Group::WHEEL.product);
        let rounds = number(&wheel.end) / 2;
        assert!(low + rounds * step <= 1 << bits && low + (rounds + 1) * step > 1 << bits);
        let mut seen = vec![0u32; rounds as usize];
        let draws = 20_000 * seen.len();
        for _ in 0..draws {
            let mut candidate = [0; 2];
            wheel.next(&mut candidate).unwrap();
            let x = number(&candidate);
            assert_eq!(x & 1, 1);
            assert!(!Group::WHEEL.shares_factor((x % u128::from(Group::WHEEL.product)) as u64));
            seen[((x - low) / step) as usize] += 1;
        }
        // Each turn of the wheel equally often: 20,000 +- 6 standard deviations.
        assert!(seen.iter().all(|n| n.abs_diff(20_000) < 850), "{seen:?}");
    }

    #[test]
    fn an_index_may_have_the_highest_limb_of_the_bound() {
        let wheel = Wheel::<_, 8>::new(456, &mut Same(0)).end;
        // The highest limb is short, so the limb below is larger than it.
        let top = wheel[6];
        assert!(wheel[7] == 0 && 0 < top && top < wheel[5]);
        let mut index = [0; 8];
        Wheel::<_, 8>::new(456, &mut Same(top)).twice_index(&mut index).unwrap();
        assert_eq!(index, [top & !1, top, top, top, top, top, top, 0]);
    }

    #[test]
    fn the_wheel_divides_as_crypto_bigint_does() {
        let low = least_prime_bound::<2>(128);
        let wide = U128::from(u128::from(low[0]) | u128::from(low[1]) << 64);
        let (quotient, rest) = wide.div_rem(&NonZero::new(U128::from(Group::WHEEL.product)).unwrap());
        let (ours, ours_rest) = divide_by_wheel(&low);
        assert_eq!(U128::from(u128::from(ours[0]) | u128::from(ours[1]) << 64), quotient);
        assert_eq!(U128::from(ours_rest), rest);
    }
}
