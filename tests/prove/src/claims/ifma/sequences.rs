//! Whole squares, products and reductions: the kernels one after the other, on the same memory.
//!
//! The sequence of calls is that of `src/kernels/bignum/ifma/field.rs`. It is repeated here, not read from the program.

use super::super::{Kind, numbers, start, within};
use super::reductions::{self, Modulus};
use super::{BLOCK, BLOCKS, DIGIT, VECTOR, digits, known, results};
use crate::finding::Result;
use crate::interval::Interval;
use crate::machine::Machine;
use crate::memory::{RegionId, Scalar};
use crate::polynomial::{Polynomial, convolution};
use crate::program::Program;
use crate::word::Word;

/// A modulus of some size, and the workspace.
struct Field<'a> {
    program: &'a Program,
    machine: Machine,
    blocks: usize,
    modulus: Modulus,
    columns: RegionId,
}

/// The block at an index.
fn block(from: Scalar, index: usize) -> Scalar {
    match from {
        Scalar::Address { region, offset } => {
            Scalar::Address { region, offset: offset + index as i64 * BLOCK as i64 * i64::from(VECTOR) }
        }
        other => other,
    }
}

impl<'a> Field<'a> {
    fn new(program: &'a Program, blocks: usize) -> Result<Self> {
        let mut machine = program.subject("ifma multiply")?.machine(VECTOR);
        let modulus = reductions::modulus(&mut machine, BLOCK * blocks, 0)?;
        let columns = results(&mut machine, "the workspace", 2 * BLOCK * blocks);
        Ok(Self { program, machine, blocks, modulus, columns })
    }

    /// Calls a kernel. No column reaches 2^62, before or after.
    fn call(&mut self, name: &str, arguments: &[Scalar]) -> Result<()> {
        let subject = self.program.subject(&format!("ifma {name}"))?;
        self.machine.call(subject.code, arguments).map_err(|finding| finding.at(name))?;
        for word in self.machine.memory.words(self.columns).iter().flatten() {
            within(|| format!("{name}: a column"), &word.integer()?, Interval::unsigned(62))?;
        }
        Ok(())
    }

    /// The columns, starting with a block.
    fn columns(&self, index: usize) -> Scalar {
        block(start(self.columns), index)
    }

    fn square(&mut self, x: Scalar) -> Result<()> {
        for i in 0..self.blocks {
            self.call("square", &[block(x, i), self.columns(2 * i)])?;
        }
        for i in 0..self.blocks {
            for j in 0..i {
                self.call("multiply_twice", &[block(x, i), block(x, j), self.columns(i + j)])?;
            }
        }
        Ok(())
    }

    fn multiply(&mut self, a: Scalar, b: Scalar) -> Result<()> {
        self.call("zero", &[self.columns(0), Scalar::Number(2 * self.blocks as u64)])?;
        for i in 0..self.blocks {
            for j in 0..self.blocks {
                self.call("multiply", &[block(a, i), block(b, j), self.columns(i + j)])?;
            }
        }
        Ok(())
    }

    /// Reduces the columns to digits, which become those of x.
    fn reduce(&mut self, shift: Scalar, x: Scalar) -> Result<()> {
        let (n, inverse, length) = (self.modulus.at_n, self.modulus.at_inverse, self.blocks);
        if length == 2 {
            return self.call("reduce_twenty", &[n, inverse, self.columns(0), shift, x]);
        }
        let carry = self.machine.memory.region("the carry", true, 8);
        self.machine.memory.push(carry, VECTOR, Some(Word::Bits(0)));
        for i in 0..length {
            self.call("reduce_ten", &[n, inverse, self.columns(i)])?;
            let is_last = i + 1 == length;
            if is_last {
                self.call("normalize", &[self.columns(length), shift, start(carry), x])?;
            }
            for j in 2..length {
                self.call("multiply", &[self.columns(i), block(n, j), self.columns(i + j)])?;
                if is_last {
                    self.call("normalize", &[self.columns(i + j), shift, start(carry), block(x, j - 1)])?;
                }
            }
        }
        self.call("normalize", &[self.columns(2 * length - 1), shift, start(carry), block(x, length - 1)])
    }

    /// Reduces, and checks that 2^shift (value + m n) = R (x + R c).
    fn check_reduced(mut self, value: &[Polynomial], shift: u32) -> Result<()> {
        let at_shift = known(&mut self.machine, "the shift", shift.into());
        let x = results(&mut self.machine, "x", BLOCK * self.blocks);
        self.reduce(at_shift, start(x))?;
        let stored = numbers(Kind::Integer, &self.machine.memory.words(self.columns))?;
        let multipliers = stored.get(..BLOCK * self.blocks).unwrap_or(&stored);
        let m = reductions::rows(&mut self.machine, &self.modulus, multipliers)?;
        let x = numbers(Kind::Integer, &self.machine.memory.words(x))?;
        let mut columns = value.to_vec();
        columns.resize(2 * BLOCK * self.blocks, Polynomial::zero());
        reductions::check_reduction(&self.machine, &self.modulus, &columns, &m, shift, &x)
    }
}

fn every_size(check: impl Fn(usize) -> Result<()>) -> Result<()> {
    BLOCKS.iter().try_for_each(|blocks| check(*blocks).map_err(|finding| finding.at(format!("{blocks} blocks"))))
}

pub(super) fn square(program: &Program) -> Result<()> {
    every_size(|blocks| {
        (0..2).try_for_each(|shift| {
            let mut field = Field::new(program, blocks)?;
            let (x, digits) = digits(&mut field.machine, "x", BLOCK * blocks, 0);
            field.square(x)?;
            field.check_reduced(&convolution(&digits, &digits)?, shift)
        })
    })
}

pub(super) fn multiply(program: &Program) -> Result<()> {
    every_size(|blocks| {
        let mut field = Field::new(program, blocks)?;
        let (at_a, a) = digits(&mut field.machine, "a", BLOCK * blocks, 0);
        let (at_b, b) = digits(&mut field.machine, "b", BLOCK * blocks, 0);
        field.multiply(at_a, at_b)?;
        field.check_reduced(&convolution(&a, &b)?, 0)
    })
}

/// The lower columns are the digits of a number, and the upper ones zero.
pub(super) fn leave(program: &Program) -> Result<()> {
    every_size(|blocks| {
        let mut field = Field::new(program, blocks)?;
        let columns = field.machine.memory.region("the workspace", true, 8);
        let x = field.machine.unknowns(BLOCK * blocks, Interval::unsigned(DIGIT), 0);
        let x = field.machine.append(columns, VECTOR, Kind::Integer, &x);
        field.machine.reserve(columns, VECTOR, BLOCK * blocks);
        field.columns = columns;
        field.call("zero", &[field.columns(blocks), Scalar::Number(blocks as u64)])?;
        field.check_reduced(&x, 0)
    })
}
