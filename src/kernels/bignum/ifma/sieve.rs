//! Trial division by 192 primes at a time.
//!
//! Three primes are multiplied into a product P below 2^52. A lane has one P, a vector has eight, and eight vectors run
//! together, because each is a chain of steps that wait for each other. For each digit x of the candidate, of 52 bits, lowest
//! first, we compute for each P
//!
//! > s = c + x;  m = s * (-1/P) mod 2^52;  c = (s + m*P) / 2^52,
//!
//! so that in the end c = candidate / 2^(52 D) mod P, where P may stand for 0: c is 0 modulo one of the three primes exactly
//! when the candidate is. Because s + m*P is a multiple of 2^52, c is the sum of the high half of m*P and of s / 2^52, rounded
//! up. To round up, 2^52 - 1 is added, together with the digit: s' = c + (x + 2^52 - 1). Then m = s' * (-1/P) + (-1/P). The
//! next digit is added to the rounded part and not to c, which is available later.
//!
//! c is a multiple of a prime q if (c/q mod 2^52) * q is below 2^52; c/q is c * (1/P) times the other two primes.
//!
//! How far to divide: another prime q costs about 1.5 cycles for 1024 bits and 3 for 2048, and saves one in q screenings of
//! 80,000 and 650,000 cycles per lane. So we divide up to 2^16 for 1024 bits, and up to almost 2^17 for more.

use super::kernel::{self, Turn};
use crate::kernels::bignum::digits::{DIGIT, DIGIT_MASK, digit_at};
use crate::kernels::bignum::limbs::{MAX_LIMBS, inverse_mod_2_64};
use crate::kernels::bignum::sieve::{PRIMES, first_odd_primes};
use crate::kernels::cpu::Ifma;
use crate::kernels::declassify::declassify;
use subtle::Choice;
use zeroize::Zeroizing;

/// The number of turns for longer candidates, with primes up to almost 2^17.
const TURNS_FOR_MORE: usize = 63;

/// The number of turns in the table.
const TURNS: usize = 64;

/// The number of turns for candidates of up to 1024 bits, with primes up to 2^16.
const TURNS_FOR_1024: usize = 34;

/// All odd primes below 2^17, and the first ones a second time, to fill the last turn.
static TABLE: [Turn; TURNS] = turns();

/// Whether one of the primes for its length divides the candidate.
pub(super) fn has_small_factor<const L: usize>(ifma: Ifma, candidate: &[u64; L]) -> bool {
    const { assert!(L.is_multiple_of(4)) }
    // 5L/4 digits and a zero; the rest is unused.
    let mut digits = Zeroizing::new([[0; L]; 2]);
    let digits = &mut digits.as_flattened_mut()[..5 * L / 4 + 1];
    to_digits(candidate, &mut digits[..5 * L / 4]);
    let turns = if L <= 16 { TURNS_FOR_1024 } else { TURNS_FOR_MORE };
    let found =
        TABLE[..turns].iter().any(|turn| declassify(Choice::from(u8::from(kernel::divide(ifma, digits, turn) != 0))));
    kernel::wipe_registers(ifma);
    found
}

/// Whether an odd prime below 2^17 divides a public number of at most [`MAX_LIMBS`] limbs.
pub(super) fn has_factor_below_2_17_vartime(ifma: Ifma, n: &[u64]) -> bool {
    let mut digits = [0; 64 * MAX_LIMBS / DIGIT + 2];
    let length = ((64 * n.len()).div_ceil(DIGIT) + 1).min(digits.len());
    let digits = &mut digits[..length];
    to_digits(n, &mut digits[..length - 1]);
    TABLE.iter().any(|turn| kernel::divide(ifma, digits, turn) != 0)
}

/// The digits of a number, lowest first, as the kernel wants them.
fn to_digits(limbs: &[u64], digits: &mut [u64]) {
    for (i, digit) in digits.iter_mut().enumerate() {
        *digit = digit_at(limbs, DIGIT * i) + DIGIT_MASK;
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
            while lane < 8 {
                let first = 192 * turn + 24 * vector + 3 * lane;
                let mut product = 1u64;
                let mut i = 0;
                while i < 3 {
                    turns[turn].primes[vector][i][lane] = primes[(first + i) % PRIMES];
                    product *= primes[(first + i) % PRIMES] as u64;
                    i += 1;
                }
                turns[turn].inverses[vector][lane] = inverse_mod_2_64(product).wrapping_neg() & DIGIT_MASK;
                lane += 1;
            }
            vector += 1;
        }
        turn += 1;
    }
    turns
}
