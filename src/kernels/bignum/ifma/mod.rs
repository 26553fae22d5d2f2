//! Eight numbers at a time, with the multiply-adds of AVX-512 IFMA.
//!
//! # The numbers
//!
//! Each lane of a vector is a separate number: eight candidates, or eight exponentiations, go through the same steps side by
//! side, each modulo its own n. A number of L limbs of 64 bits is stored as D = 5L/4 digits of 52 bits, so that R = 2^(52 D) =
//! 2^(65 L) is at least 2^L times as large as any modulus. With so many bits to spare (at least 16), nothing needs to be
//! subtracted from a product:
//!
//! > x, y < 2^(L/2) n  implies  xy/R + n < 2n,
//!
//! which is the upper bound on Montgomery's reduction of xy ("almost Montgomery": Gueron, J. Cryptographic Engineering 2,
//! 2012). A number is reduced below n only when it leaves Montgomery form.
//!
//! # A square
//!
//! D is a multiple of ten, and a number consists of blocks of ten digits. With two blocks, x = x0 + x1 y, where y = 2^520:
//!
//! ```text
//! columns        0 ...... 10 ...... 20 ...... 30 ...... 40
//! square         [      x0^2      ]                              110 multiply-adds
//! square                            [      x1^2      ]           110
//! multiply_twice          [    2 x0 x1     ]                     200
//! reduce_twenty  [ m0 n0 ][ m0 n1 ]                              400    rows 0 to 9 clear columns 0 to 9
//!                         [ m1 n0 ][ m1 n1 ]                     400    rows 10 to 19
//!                                   [ digits, carried ]
//! ```
//!
//! With more blocks there are more of each. The rows of a reduction then multiply two blocks of n in one kernel, and the others
//! with `multiply`. The kernels are in `kernel`, and `field` combines them.
//!
//! That is 1,220 multiply-adds at 20 digits. The textbook's count is 1,240: we do not compute the low half of the lowest
//! product of a row, `m*n[0]`, because it only makes its column a multiple of 2^52, and the carry to the next column is the
//! column divided by 2^52 and rounded up.
//!
//! `cargo test --release --lib ifma::field::tests::speed -- --ignored --nocapture` compares squares with a loop of
//! register-operand multiply-adds: a square takes 1.03 to 1.07 times as long as 3D^2 + 2D of those, at 20 to 80 digits.
//! `.ci/kernels` counts the multiply-adds in the emitted program, and checks that no vector register is spilled.
//!
//! What was tried and did not pay off, in ns at 20, 30 and 40 digits, where this code takes 149, 333 and 600 (AMD, family 26):
//!
//! * the reduction in plain blocks of 10 by 10, too: 186, 409, 677. The ten multipliers of a block are one chain of steps that
//!   wait for each other, and a row of 20 digits hides this latency where one of 10 does not;
//! * all carries after the last product: 176, 387, 657. Each digit takes two steps of two cycles;
//! * squares of differences instead of 2 x0 x1, which save 90, 270 and 540 multiply-adds: 170, 356, 631. Additions, loads and
//!   stores are not free;
//! * inlined kernels: 40 digits took 700.
//!
//! # What a key costs
//!
//! First, batches of eight screenings, until two numbers pass. One in 36, 51 and 68 of the sieve's survivors is prime, for
//! 1024, 1536 and 2048 bits. So 72, 102 and 135 numbers are screened, and on average 3.5 lanes of the last batch are idle,
//! which makes 9.4, 13.1 and 17.4 batches of 1024, 1536 and 2048 squares.
//!
//! Then, two batches of exponentiations: five rounds each for p and q, or four for larger primes; qInv; and the signature of a
//! message, modulo p and modulo q. That is 13 or 11 exponentiations, more than the eight of one batch. The rounds alone fill
//! one batch, so a single batch would be enough only without the check and with fewer rounds.
//!
//! Three further savings were not worth their code. If p's rounds ran as soon as p is found, candidates could use the free lanes:
//! 2 or 3% of a key. The first ten squares of a screening are known powers of two, but to start from the last of them takes a
//! division by n: less than 1%. A comparison with -1 in Montgomery form would save one reduction in a thousand.
//!
//! # Timing and wiping
//!
//! For all numbers, the same instructions run in the same order and at the same addresses. Only sizes decide branches. The
//! registers are wiped after every operation, and the working numbers when they are dropped. No kernel spills a register. The
//! code around them may keep digits on the stack, which is overwritten after a generation.

mod backend;
mod field;
mod kernel;
mod sieve;

#[cfg(any(test, fuzzing, ssh_keypair_internals))]
pub(super) use self::kernel::multiply_add_240_times;
