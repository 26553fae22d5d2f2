//! Trial division by 96 primes at a time.
//!
//! Three primes are multiplied into a product P below 2^51. A lane has one P, a vector has four, and eight vectors run together,
//! because each is a chain of steps that wait for each other. For each digit x of the candidate, of 50 bits, lowest first, each
//! P does, with the numbers modulo 2^50 balanced,
//!
//! > s = c + x;  m = s * (-1/P) mod 2^50;  c = (s + m*P) / 2^50,
//!
//! so that in the end c = candidate / 2^(50 D) modulo P, and c is a multiple of one of the three primes exactly if the candidate
//! is. |s| < 2^51 and |m| <= 2^49 imply |c| < 2^50 + 2 and, with the next digit, |s| < 2^51 + 2. So the product of s and -1/P is
//! below 2^101: a multiple of 2^50 is split off by adding 1.5 * 2^102 and subtracting it again, in the same way as in the
//! columns of a product, and the rest is exact. s + m*P is a multiple of 2^50 below 2^102 and therefore exact, too.
//!
//! c is a multiple of a prime q exactly if c - q * round(c/q) is 0, where c/q is c times the rounded 1/P times the other two
//! primes. That is wrong by at most three roundings of a number below 2^51/3, in all less than 1/2, and exactly right after
//! rounding if q divides c. The product of these rests is 0 exactly if one of them is: there are 24 in a lane, each of at most
//! q/2 < 2^16 in magnitude.
//!
//! How far to divide: another prime q costs about 4 cycles for 1024 bits and 8 for 2048, and saves one in q screenings of
//! 300,000 and 2,200,000 cycles per lane. So we divide up to 2^16 for 1024 bits, and up to almost 2^17 for more.

use super::kernel::{self, Turn};
use super::numbers::to_double;
use crate::kernels::bignum::limbs::{MAX_LIMBS, inverse_mod_2_64, word_at};
use crate::kernels::bignum::sieve::{PRIMES, first_odd_primes};
use crate::kernels::cpu::Avx2Fma;
use crate::kernels::declassify::declassify;
use subtle::Choice;
use zeroize::Zeroizing;

/// Bits of a digit.
const DIGIT: usize = 50;

/// The turns for longer candidates, with primes up to almost 2^17.
const TURNS_FOR_MORE: usize = 127;

/// The turns of the table.
const TURNS: usize = 128;

/// The turns for candidates of up to 1024 bits, with primes up to 2^16.
const TURNS_FOR_1024: usize = 68;

/// All odd primes below 2^17, and the first ones a second time, to fill the last turn.
static TABLE: [Turn; TURNS] = turns();

/// Whether one of the primes for its length divides the candidate.
pub(super) fn has_small_factor<const L: usize>(avx2: Avx2Fma, candidate: &[u64; L]) -> bool {
    // The digits and a zero, which are fewer than two for each limb.
    let mut digits = Zeroizing::new([[0.0; L]; 2]);
    let digits = &mut digits.as_flattened_mut()[..(64 * L).div_ceil(DIGIT) + 1];
    to_digits(candidate, digits);
    let turns = if L <= 16 { TURNS_FOR_1024 } else { TURNS_FOR_MORE };
    let found =
        TABLE[..turns].iter().any(|turn| declassify(Choice::from(u8::from(kernel::divide(avx2, digits, turn) != 0))));
    kernel::wipe_registers(avx2);
    found
}

/// Whether an odd prime below 2^17 divides a public number of at most [`MAX_LIMBS`] limbs.
pub(super) fn has_factor_below_2_17_vartime(avx2: Avx2Fma, n: &[u64]) -> bool {
    let mut digits = [0.0; 64 * MAX_LIMBS / DIGIT + 2];
    let length = ((64 * n.len()).div_ceil(DIGIT) + 1).min(digits.len());
    let digits = &mut digits[..length];
    to_digits(n, digits);
    TABLE.iter().any(|turn| kernel::divide(avx2, digits, turn) != 0)
}

/// The digits of a number, lowest first.
fn to_digits(limbs: &[u64], digits: &mut [f64]) {
    for (i, digit) in digits.iter_mut().enumerate() {
        *digit = to_double((word_at(limbs, DIGIT * i) & ((1 << DIGIT) - 1)).cast_signed());
    }
}

const fn turns() -> [Turn; TURNS] {
    let primes = first_odd_primes::<PRIMES>();
    let mut turns = [Turn::EMPTY; TURNS];
    let mut turn = 0;
    while turn < TURNS {
        let mut vector = 0;
        while vector < 8 {
            let mut lane = 0;
            while lane < 4 {
                let first = 96 * turn + 12 * vector + 3 * lane;
                let mut product = 1u64;
                let mut i = 0;
                while i < 3 {
                    // Below 2^17.
                    turns[turn].primes[vector][i][lane] = primes[(first + i) % PRIMES] as i32;
                    product *= primes[(first + i) % PRIMES] as u64;
                    i += 1;
                }
                // The lowest 50 bits of -1/P, shifted to the top and back: balanced.
                let inverse = (inverse_mod_2_64(product).wrapping_neg() << (64 - DIGIT)) as i64 >> (64 - DIGIT);
                turns[turn].inverses[vector][lane] = inverse as f64;
                turns[turn].products[vector][lane] = product as f64;
                turns[turn].reciprocals[vector][lane] = 1.0 / product as f64;
                lane += 1;
            }
            vector += 1;
        }
        turn += 1;
    }
    turns
}
