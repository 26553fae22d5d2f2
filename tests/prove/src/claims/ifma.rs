//! The kernels for AVX-512 IFMA: digits of 52 bits, columns of 64.
//!
//! All sizes share these kernels, in blocks of ten digits.

use super::{Kernel, Kind, Statement, Subject, start};
use crate::dyadic::Dyadic;
use crate::finding::Result;
use crate::interval::Interval;
use crate::machine::Machine;
use crate::memory::{RegionId, Scalar};
use crate::polynomial::Polynomial;
use crate::word::Word;

mod products;
mod reductions;
mod registers;
mod sequences;
mod sieve;

/// The bytes of a vector.
const VECTOR: u32 = 64;

/// The digits of a block.
const BLOCK: usize = 10;

/// The bits of a digit.
const DIGIT: u32 = 52;

pub(super) const KERNELS: &[Kernel] = &[
    Kernel { name: "ifma square", values: "t = a^2", check: products::square },
    Kernel { name: "ifma multiply", values: "t += a b", check: products::multiply },
    Kernel { name: "ifma multiply_twice", values: "t += 2 a b", check: products::multiply_twice },
    Kernel {
        name: "ifma reduce_ten",
        values: "t + m n is the upper columns of t, times 2^520",
        check: reductions::reduce_ten,
    },
    Kernel { name: "ifma reduce_twenty", values: "2^s (t + m n) = R (x + R c)", check: reductions::reduce_twenty },
    Kernel { name: "ifma normalize", values: "x + 2^520 carry = 2^s t + carry before", check: reductions::normalize },
    Kernel {
        name: "ifma select",
        values: "the entry at the index, and 0 for an index beyond the table",
        check: registers::select,
    },
    Kernel { name: "ifma zero", values: "t = 0", check: registers::zero },
    Kernel { name: "ifma divide", values: "the lanes with a prime that divides the number", check: sieve::divide },
    Kernel { name: "ifma wipe_registers", values: "all vector registers and k1 are zero", check: registers::wipe },
];

pub(super) const SEQUENCES: &[Statement] = &[
    Statement {
        name: "ifma field square",
        values: "2^s (x^2 + m n) = R (y + R c), for each size",
        check: sequences::square,
    },
    Statement {
        name: "ifma field multiply",
        values: "a b + m n = R (y + R c), for each size",
        check: sequences::multiply,
    },
    Statement { name: "ifma field leave", values: "x + m n = R (y + R c), for each size", check: sequences::leave },
];

/// The blocks of the numbers of every size that is compiled: 1024 to 4096 bits.
const BLOCKS: [usize; 5] = [2, 3, 4, 6, 8];

/// A region of digits that is only read.
fn digits(machine: &mut Machine, name: &'static str, count: usize, excess: i32) -> (Scalar, Vec<Polynomial>) {
    let range = Interval::unsigned(DIGIT.saturating_add_signed(excess));
    let numbers = machine.unknowns(count, range, 0);
    let region = machine.memory.region(name, false, 8);
    let polynomials = machine.append(region, VECTOR, Kind::Integer, &numbers);
    (start(region), polynomials)
}

/// A region of columns below a bound that is read and written.
fn columns(machine: &mut Machine, count: usize, bound: Dyadic, subject: &Subject<'_>) -> (RegionId, Vec<Polynomial>) {
    let range = Interval::new(Dyadic::ZERO, bound.shift(subject.excess));
    let numbers = machine.unknowns(count, range, 0);
    let region = machine.memory.region("t", true, 8);
    let polynomials = machine.append(region, VECTOR, Kind::Integer, &numbers);
    (region, polynomials)
}

/// A region that is only written.
fn results(machine: &mut Machine, name: &'static str, count: usize) -> RegionId {
    let region = machine.memory.region(name, true, 8);
    machine.reserve(region, VECTOR, count);
    region
}

/// A region with one vector of known bits.
fn known(machine: &mut Machine, name: &'static str, bits: u64) -> Scalar {
    let region = machine.memory.region(name, false, 8);
    machine.memory.push(region, VECTOR, Some(Word::Bits(bits)));
    start(region)
}

/// The largest sum of a number of halves of products.
fn halves(count: i128) -> Dyadic {
    Dyadic::integer(count * ((1 << DIGIT) - 1))
}

/// The bound on a column before a kernel adds to it, so that it stays below 2^62.
fn bound_before(added: i128) -> Result<Dyadic> {
    Dyadic::power_of_two(62).sub(halves(added))?.sub(Dyadic::ONE)
}
