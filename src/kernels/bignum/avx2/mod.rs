//! Four numbers at a time, with the fused multiply-adds of AVX2 and FMA.
//!
//! # The numbers
//!
//! Each lane of a vector is a separate number: four candidates, or four exponentiations, go through the same steps side by side,
//! each modulo its own n. A number of L limbs of 64 bits is D = 3L/2 - 2 digits of B bits, which are doubles with integer
//! values. They are balanced: from -2^(B-1) to 2^(B-1), plus a carry. R = 2^(BD).
//!
//! | bits | L | D | B | R | sums of upper parts: bound, limit | sums of lower parts |
//! |---|---|---|---|---|---|---|
//! | 1024 | 16 | 22 | 47 | 2^1034 | 2^97.5, 2^98 | 2^51.5 |
//! | 1536 | 24 | 34 | 46 | 2^1564 | 2^96.1, 2^97 | 2^51.1 |
//! | 2048 | 32 | 46 | 45 | 2^2070 | 2^94.5, 2^96 | 2^50.5 |
//! | 3072 | 48 | 70 | 44 | 2^3080 | 2^93.1, 2^95 | 2^50.1 |
//! | 4096 | 64 | 94 | 44 | 2^4136 | 2^93.6, 2^95 | 2^50.6 |
//!
//! # A product of two digits
//!
//! A column has an upper sum h and a lower sum l. The product of two digits, at most 2^(2B-2) in magnitude, is added in four
//! floating-point operations:
//!
//! ```text
//! h' = fma(a, b, h)      h begins at H = 1.5 * 2^(52+B). From 2^(52+B) to 2^(53+B), a double counts in units of 2^B
//! t  = h - h'            exact: minus what was added, a multiple of 2^B
//! t  = fma(a, b, t)      exact: what the rounding dropped, an integer of at most 2^(B-1) in magnitude
//! l  = l + t             exact while |l| <= 2^53
//! ```
//!
//! An integer sequence would need two FMAs, a subtraction and two additions, on units that AMD's CPUs have fewer of. The unit of
//! h is that of the next column, so the value of column k, in units of 2^(Bk), is `l_k + (h_(k-1) - H) / 2^B`.
//!
//! **Rounding must be to nearest.** It is, because Rust does not allow a program to change it. Flushing denormal numbers to
//! zero does no harm: no operand and no result is one.
//!
//! **Bounds.** A column is a sum of at most D products of two numbers, and of D products of a reduction:
//!
//! * h stays within 2^(51+B) of H, because 2D * 2^(2B-2) <= 2^(51+B), which is D <= 2^(52-B). The table shows that the inequality
//!   leaves room for the carries in the digits. For 1536 bits, 33 digits of 47 bits would be too close.
//! * l begins at -2^52 - 2^(51-B) and is the sum of 2D numbers of at most 2^(B-1): 2D * 2^(B-1) < 2^52.
//! * The value of a column is at most 2^51 + 2^51 + 2^52 = 2^53, and exact. Doubled, it is even, and so still exact.
//!
//! `numbers::Constants` checks the inequalities for each L when it is compiled.
//!
//! # From columns to digits
//!
//! Five operations, without a chain from column to column:
//!
//! ```text
//! v = fma(h_(k-1), 2^-B, l_k)        2^51 - 2^(51-B) too much, because of the start values
//! v = v * f                          for x only: f is 1 or 2, the doubling of this lane
//! c = (v + H) - H                    the nearest multiple of 2^B, which contains the 2^51
//! d = fma(c_(k-1), 2^-B, v - c)      what is too much cancels out
//! ```
//!
//! A carry c/2^B, at most 2^(54-B), is added to the next digit, and goes no further. Column 0 has no carry from below: its upper
//! sum from below is H + 2^51. The carry from the highest column is 0, because |x| < R/64 for every result.
//!
//! # A square
//!
//! Montgomery's reduction with a quotient of the full length: with n' = -1/n mod R, computed once for each n, no step waits for
//! another one. A reduction row by row has a chain of 29 cycles per row.
//!
//! 1. T = x^2, where products of different digits are computed once, with a stored copy of 2x. Its columns below D become
//!    digits.
//! 2. q = T n' mod R: columns below D, to digits.
//! 3. (T + qn)/R: the columns from D on. The sum of the lower columns is a multiple of R, so column D-1, rounded to the nearest
//!    multiple of 2^B, gives the carry into column D. Columns D-2 (its upper sum) and D-1 of qn are computed for this.
//!
//! |x| <= 2n and |q| <= R/2 imply |x^2 + qn|/R <= n (4n/R + 1/2), up to a hair, and twice that, after the doubling of the base-2
//! test, is below 2n, because 4n/R <= 2^-6. A result may be negative; when a number leaves Montgomery form, n is added to it in
//! that case.
//!
//! That is 3 D(D+1)/2 products, about as many as a reduction row by row takes: 759, 1,785 and 3,243 for 1024, 1536 and 2048
//! bits. Six columns are computed at a time. Column D+2 begins a group, since D is 4 modulo 6, so that all sizes share their
//! code, including the corners of the triangles: 5 KB.
//!
//! `cargo test --release --lib avx2::field::tests::speed -- --ignored --nocapture` compares with a loop of products of registers,
//! one a cycle. On an AMD CPU of family 25 (Zen 3), a square of 1024, 1536 and 2048 bits takes 1.45, 1.30 and 1.23 times as long
//! as its products alone. The rest is the conversion of columns to digits, and loads: each product needs two, and the CPU has
//! two a cycle.
//!
//! What was tried and did not pay off:
//!
//! * each digit of b loaded into a register once per column: 2% slower;
//! * two rows at a time, which share the digits of b and halve the loads: 7% slower;
//! * the operations of two or three columns interleaved: a change of at most 1%, in either direction. So neither loads nor
//!   latencies limit a product. The limit is its four floating-point operations: this CPU completes at most 3.5 a cycle;
//! * intrinsics, whose registers the compiler spills: half the speed.
//!
//! Eight lanes of AVX-512F, for CPUs that have it without IFMA (Skylake-X and Cascade Lake), are left out. By the number of
//! operations they would take about 0.6 times as long there. But they need a second copy of every kernel, which memcheck cannot
//! run.
//!
//! # What a key costs
//!
//! As with `ifma`, there are 72, 102 and 135 screenings for 1024, 1536 and 2048 bits, and on average 1.5 idle lanes of the last
//! batch. Then 13 or 11 exponentiations, in four or three groups.
//!
//! # Timing and wiping
//!
//! For all numbers, the same instructions run in the same order and at the same addresses: floating-point additions and
//! multiplications of normal numbers take the same time for all. The registers are wiped after every operation, and the working
//! numbers when they are dropped. No kernel spills a register. `.ci/ctgrind` runs the whole generation under memcheck.

mod backend;
mod field;
mod kernel;
mod numbers;
mod sieve;

#[cfg(any(test, fuzzing, ssh_keypair_internals))]
pub(super) use self::kernel::multiply_240_times;
