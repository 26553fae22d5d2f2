//! The claims about each kernel, and how we check them.
//!
//! A claim is checked for every size that is compiled. Each check executes the kernel on unknown inputs within their documented
//! bounds, and compares the polynomials, the ranges and the registers that result.

use crate::declared::Declared;
use crate::dyadic::Dyadic;
use crate::finding::{Finding, Result, ensure};
use crate::instruction::Instruction;
use crate::interval::Interval;
use crate::machine::Machine;
use crate::memory::{RegionId, Scalar};
use crate::polynomial::{Monomial, Polynomial, Symbol};
use crate::program::Program;
use crate::word::{Number, Word};
use std::collections::BTreeMap;

mod avx2;
mod ifma;
mod tables;

/// A kernel, and what we check about it.
pub(crate) struct Kernel {
    /// The backend and the name of the function.
    pub(crate) name: &'static str,
    /// What is claimed of its values. The page `docs/proof.md` says what is claimed of every kernel.
    pub(crate) values: &'static str,
    pub(crate) check: fn(&Subject<'_>) -> Result<()>,
}

/// A statement about the program that does not concern a single kernel.
pub(crate) struct Statement {
    pub(crate) name: &'static str,
    pub(crate) values: &'static str,
    pub(crate) check: fn(&Program) -> Result<()>,
}

/// The code to check: that of the program, or a mutation of it.
pub(crate) struct Subject<'a> {
    /// The statics that the code points to, by address.
    pub(crate) statics: &'a BTreeMap<u64, Vec<u8>>,
    pub(crate) code: &'a [Instruction],
    /// What the code may overwrite: registers, and memory.
    pub(crate) declared: Declared,
    /// The bits by which inputs are allowed to exceed their bounds: 0, except in a mutation.
    pub(crate) excess: i32,
    /// The altered constant of an AVX2 kernel: none, except in a mutation.
    pub(crate) altered: Option<usize>,
}

impl Program {
    /// A function, as it is in the program.
    pub(crate) fn subject(&self, name: &str) -> Result<Subject<'_>> {
        let (code, declared) = (self.function(name)?, self.declared(name)?);
        Ok(Subject { statics: self.constants(), code, declared, excess: 0, altered: None })
    }
}

impl Subject<'_> {
    /// A machine for the code, with vectors of a number of bytes.
    fn machine(&self, bytes: u32) -> Machine {
        Machine::new(self.statics, self.declared, bytes)
    }
}

const ALL: &[Statement] = &[Statement {
    name: "all kernels",
    values: "each kernel of the program and of the source has a claim",
    check: all,
}];

fn all(program: &Program) -> Result<()> {
    program.names().try_for_each(|name| {
        ensure(kernels().any(|kernel| kernel.name == name), || format!("nothing is claimed of the kernel `{name}`"))
    })
}

/// That no kernel is left out, the sequences of kernels, and the tables of constants.
pub(crate) fn statements() -> impl Iterator<Item = &'static Statement> {
    ALL.iter().chain(avx2::STEPS).chain(ifma::SEQUENCES).chain(tables::TABLES)
}

/// All kernels.
pub(crate) fn kernels() -> impl Iterator<Item = &'static Kernel> {
    avx2::KERNELS.iter().chain(ifma::KERNELS)
}

/// The address of a region.
fn start(region: RegionId) -> Scalar {
    Scalar::Address { region, offset: 0 }
}

/// Checks `divide`: that no lane is marked if there is no digit before the last one, and what it computes for several lengths.
fn every_length(
    subject: &Subject<'_>,
    bytes: u32,
    lengths: &[usize],
    check: fn(&Subject<'_>, usize) -> Result<()>,
) -> Result<()> {
    let at = |length: usize| move |finding: Finding| finding.at(format!("{length} digits"));
    (0..2).try_for_each(|length| divide_nothing(subject, bytes, length).map_err(at(length)))?;
    lengths.iter().try_for_each(|length| check(subject, *length).map_err(at(*length)))
}

/// Checks that no lane is marked, for a length without a digit before the last one.
fn divide_nothing(subject: &Subject<'_>, bytes: u32, length: usize) -> Result<()> {
    let mut machine = subject.machine(bytes);
    let [digits, turn] = ["digits", "turn"].map(|name| start(machine.memory.region(name, false, 64)));
    machine.call(subject.code, &[digits, Scalar::Number(length as u64), turn])?;
    ensure(machine.returned() == Scalar::Number(0), || "a lane is marked".into())
}

/// The two kinds of numbers.
#[derive(Clone, Copy)]
enum Kind {
    Integer,
    Double,
}

impl Machine {
    /// An unknown number within a range, a multiple of 2^unit.
    fn unknown(&mut self, range: Interval, unit: i32) -> Number {
        let symbol = self.symbols.input(range, unit);
        Number::symbol(symbol, &self.symbols)
    }

    /// From now on, the product of an inverse and its number is -1 + 2^bits k, for an unknown integer k within a range. The
    /// symbols are those of the inverse and of the factors of the number.
    fn give_inverse(&mut self, product: &[Symbol], bits: u32, k: Interval) -> Result<()> {
        let k = self.unknown(k, 0).polynomial.scale(Dyadic::power_of_two(bits as i32))?;
        self.symbols.give(Monomial::of(product)?, k.sub(&Polynomial::constant(Dyadic::ONE))?);
        Ok(())
    }

    /// Adds vectors to a region, and returns their contents.
    fn append(&mut self, region: RegionId, bytes: u32, kind: Kind, numbers: &[Number]) -> Vec<Polynomial> {
        let append = |number: &Number| {
            let word = match kind {
                Kind::Integer => Word::Integer(number.clone()),
                Kind::Double => Word::Double(number.clone()),
            };
            self.memory.push(region, bytes, Some(word));
            Polynomial::clone(&number.polynomial)
        };
        numbers.iter().map(append).collect()
    }

    /// Adds vectors that have not yet been written.
    fn reserve(&mut self, region: RegionId, bytes: u32, count: usize) {
        (0..count).for_each(|_| self.memory.push(region, bytes, None));
    }

    /// A number of unknown numbers.
    fn unknowns(&mut self, count: usize, range: Interval, unit: i32) -> Vec<Number> {
        (0..count).map(|_| self.unknown(range, unit)).collect()
    }
}

/// The symbol of an unknown number.
fn symbol(number: &Number) -> Result<Symbol> {
    number.polynomial.as_symbol().ok_or_else(|| Finding::new("not a symbol"))
}

/// The doubles or integers that a region contains.
fn numbers(kind: Kind, words: &[Option<Word>]) -> Result<Vec<Number>> {
    let number = |(at, word): (usize, &Option<Word>)| {
        let word = word.as_ref().ok_or_else(|| Finding::new(format!("vector {at} of the result is not written")))?;
        match kind {
            Kind::Integer => word.integer(),
            Kind::Double => word.double(),
        }
    };
    words.iter().enumerate().map(number).collect()
}

/// Checks that the polynomials are the same.
fn equal(what: impl FnOnce() -> String, found: &Polynomial, expected: &Polynomial) -> Result<()> {
    ensure(found == expected, || format!("{} is not what is documented", what()))
}

/// Checks that the number is within a distance of a value.
fn near(what: impl FnOnce() -> String, number: &Number, center: Dyadic, distance: Dyadic) -> Result<()> {
    let range = number.range.add(Interval::point(center.negate()));
    ensure(range.within(Interval::around_zero(distance)), || {
        format!("{} may be out of bounds: {}", what(), number.range)
    })
}

/// Checks that the number is within a range.
fn within(what: impl FnOnce() -> String, number: &Number, range: Interval) -> Result<()> {
    ensure(number.range.within(range), || format!("{} may be out of bounds: {}", what(), number.range))
}

/// The entries of the tables that kernels select from.
const ENTRIES: usize = 16;

/// Checks that the vectors are those of the entry at an index, or zero if the table has no such entry.
fn selected(kind: Kind, words: &[Option<Word>], entries: &[Polynomial], index: usize) -> Result<()> {
    for (at, word) in words.iter().enumerate() {
        let selected = match (kind, word, entries.get(index * words.len() + at)) {
            (Kind::Integer, Some(Word::Integer(found)), Some(expected))
            | (Kind::Double, Some(Word::Double(found)), Some(expected)) => *found.polynomial == *expected,
            (_, Some(Word::Bits(0)), None) => true,
            _ => false,
        };
        ensure(selected, || format!("vector {at} is not that of the entry"))?;
    }
    Ok(())
}

/// Checks the number of roundings.
fn roundings(machine: &Machine, expected: usize) -> Result<()> {
    let found = machine.effects.roundings;
    ensure(found == expected, || format!("{found} operations may round, not {expected}"))
}

/// Checks that all vector registers, and the mask registers that kernels use, are zero.
fn wiped(machine: &Machine, vectors: u8, masks: &[u8]) -> Result<()> {
    for index in 0..vectors {
        let zero = machine.vector(index).and_then(Word::bits) == Some(0);
        ensure(zero, || format!("vector register {index} is not wiped"))?;
    }
    for index in masks {
        let zero = machine.mask(*index).and_then(Word::bits) == Some(0);
        ensure(zero, || format!("mask register {index} is not wiped"))?;
    }
    Ok(())
}
