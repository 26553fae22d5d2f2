//! The kernels for AVX2: doubles, balanced digits of B bits.

use super::{Kernel, Statement};

mod digits;
mod products;
mod registers;
mod shape;
mod sieve;
mod steps;

pub(super) use shape::SHAPES;

pub(super) const KERNELS: &[Kernel] = &[
    Kernel { name: "avx2 square", values: "every column is that of a^2", check: products::square },
    Kernel { name: "avx2 multiply", values: "every column is that of a b", check: products::multiply },
    Kernel { name: "avx2 multiply_low", values: "columns 0 to D-1 are those of a b", check: products::multiply_low },
    Kernel {
        name: "avx2 add_high",
        values: "columns D-2 to 2D-2 of a b, added to T from D-1 on",
        check: products::add_high,
    },
    Kernel { name: "avx2 digits_low", values: "digits and carry have the value of the columns", check: digits::low },
    Kernel {
        name: "avx2 digits_high",
        values: "digits have f times the value of columns and carry, modulo R",
        check: digits::high,
    },
    Kernel {
        name: "avx2 select",
        values: "the entry at the index, and 0 for an index beyond the table",
        check: registers::select,
    },
    Kernel { name: "avx2 divide", values: "the lanes with a prime that divides the number", check: sieve::divide },
    Kernel { name: "avx2 wipe_registers", values: "all vector registers are zero", check: registers::wipe },
];

pub(super) const STEPS: &[Statement] = &[Statement {
    name: "avx2 field step",
    values: "the results of the kernels are f (T + q n) / R, at most 2n in magnitude, for each size",
    check: steps::montgomery,
}];
