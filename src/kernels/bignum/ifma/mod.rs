//! Eight numbers at a time, with the multiply-adds of AVX-512 IFMA.
//!
//! # The numbers
//!
//! A lane of a vector is a number of its own: eight candidates, or eight exponentiations, go through the same steps side
//! by side, each modulo its own n. A number of L limbs of 64 bits is held as D = 5L/4 digits of 52 bits, so that
//! R = 2^(52 D) = 2^(65 L) is 2^L times as large as any modulus. With that much room to spare (16 bits at least), nothing
//! needs to be subtracted from a product:
//!
//! > x, y < 2^(L/2) n  implies  xy/R + n < 2n,
//!
//! which is what Montgomery's reduction of xy gives at most ("almost Montgomery": Gueron, J. Cryptographic Engineering
//! 2, 2012). Only on the way out is a number brought below n.
//!
//! # A square
//!
//! D is a multiple of ten, and a number is blocks of ten digits. With two blocks, x = x0 + x1 y:
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
//! With more blocks there are more of each; the rows of a reduction then take two blocks of n in one kernel, and the others
//! with `multiply`. The kernels are in `kernel`, and `field` puts them together.
//!
//! That is 1,220 multiply-adds at 20 digits. The lowest product of a row, `m*n[0]`, only makes its column a multiple of 2^52,
//! and what it carries to the next is the column divided by 2^52 and rounded up: it is not computed. The textbook's count
//! is 1,240.
//!
//! `cargo test --release --lib ifma::field::tests::speed -- --ignored --nocapture` measures squares beside a loop of
//! register-operand multiply-adds: 1.03 to 1.07 times what 3D^2 + 2D of those take, at 20 to 80 digits. `.ci/kernels`
//! counts them in the program as it was emitted, and looks for vector registers that were spilled: there is none.
//!
//! What was tried and did not pay, in ns at 20, 30 and 40 digits, where this takes 149, 333 and 600 (AMD, family 26):
//!
//! * the reduction in plain blocks of 10 by 10, too: 186, 409, 677. The ten multipliers of a block are one chain of steps
//!   that wait for each other, and a row of 20 digits hides what one of 10 does not;
//! * all carries after the last product: 176, 387, 657. A digit is two steps of two cycles;
//! * squares of differences in the place of 2 x0 x1, which save 90, 270 and 540 multiply-adds: 170, 356, 631. Additions,
//!   loads and stores are not free;
//! * kernels inlined where they are called: 40 digits took 700.
//!
//! # What a key costs
//!
//! Batches of eight screenings, until two numbers pass: of what the sieve lets through one in 36, 51 and 68 is prime, for
//! 1024, 1536 and 2048 bits, so that 72, 102 and 135 are screened, and 3.5 lanes of the last batch are idle on average:
//! 9.4, 13.1 and 17.4 batches of 1024, 1536 and 2048 squares.
//!
//! And two batches of exponentiations: the five rounds of p and of q, or four of larger ones; qInv; the message signed
//! modulo p and modulo q. That is 13, or 11, and more than eight. The rounds alone fill one batch, so that one would do
//! only without the check or with fewer rounds.
//!
//! # One number alone
//!
//! A public number that has none beside it has its digits across the lanes: `probable_prime`, with kernels of its own.
//!
//! # Time, and what is left behind
//!
//! The same instructions, in the same order and at the same addresses, whatever the numbers are: there is no branch but
//! on sizes, and in `probable_prime`, whose number is public. The registers are wiped after every operation, and the
//! working numbers when they are dropped. No kernel spills a register; what the compiler keeps of a digit in the code
//! around them goes to the stack, which is overwritten after a generation.

mod backend;
mod field;
pub(super) mod kernel;
mod sieve;
