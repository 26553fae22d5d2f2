//! Trial division: three primes in each lane of eight vectors.

use super::super::{Kind, Subject, roundings, start};
use super::shape::VECTOR;
use crate::dyadic::Dyadic;
use crate::finding::{Result, ensure};
use crate::interval::Interval;
use crate::machine::Machine;
use crate::memory::Scalar;
use crate::polynomial::{Monomial, Polynomial};
use crate::word::Number;

/// The bits of a digit.
const DIGIT: u32 = 50;

/// The digits of the longest number that is divided, and the zero: 8192 bits.
const LONGEST: usize = 16384 / 50 + 2;

/// The digits, and the zero, of each size whose candidates are divided, and of the longest number.
const LENGTHS: [usize; 7] = [2, 1024, 1536, 2048, 3072, 4096, LONGEST];

pub(super) fn divide(subject: &Subject<'_>) -> Result<()> {
    LENGTHS.iter().try_for_each(|length| {
        let digits = if *length < 1000 { *length } else { length.div_ceil(DIGIT as usize) + 1 };
        divide_of(subject, digits).map_err(|finding| finding.at(format!("{digits} digits")))
    })
}

/// Every step is exact, for digits of 50 bits. What is returned depends on data, and nothing else does.
fn divide_of(subject: &Subject<'_>, length: usize) -> Result<()> {
    let mut machine = Machine::new(subject.program, VECTOR);
    let digits = machine.unknowns(length, Interval::unsigned(DIGIT).scale_bits(subject.excess), 0);
    let at_digits = machine.memory.region("digits", false, 8);
    machine.append(at_digits, 8, Kind::Double, &digits);
    let turn = machine.memory.region("turn", false, VECTOR);
    let inverses = machine.unknowns(8, Interval::around_zero(Dyadic::power_of_two(49)), 0);
    let products = machine.unknowns(8, Interval::new(Dyadic::integer(3), Dyadic::power_of_two(51)), 0);
    for (inverse, product) in inverses.iter().zip(&products) {
        give_inverse(&mut machine, inverse, product)?;
    }
    machine.append(turn, VECTOR, Kind::Double, &inverses);
    machine.append(turn, VECTOR, Kind::Double, &products);
    let reciprocals = machine.unknowns(8, Interval::new(Dyadic::power_of_two(-51), Dyadic::ONE), -104);
    machine.append(turn, VECTOR, Kind::Double, &reciprocals);
    let primes = machine.unknowns(24, Interval::new(Dyadic::integer(3), Dyadic::power_of_two(17)), 0);
    machine.append(turn, VECTOR / 2, Kind::Integer, &primes);
    machine.call(subject.code, &[start(at_digits), Scalar::Number(length as u64), start(turn)])?;
    ensure(machine.returned() == Scalar::Data, || "the result is not that of the comparison".into())?;
    roundings(&machine, 0)
}

/// inverse * product = -1 + 2^50 k.
fn give_inverse(machine: &mut Machine, inverse: &Number, product: &Number) -> Result<()> {
    let multiple = machine.unknown(Interval::around_zero(Dyadic::power_of_two(51)), 0);
    let value =
        multiple.polynomial.scale(Dyadic::power_of_two(DIGIT as i32))?.sub(&Polynomial::constant(Dyadic::ONE))?;
    if let (Some(inverse), Some(product)) = (inverse.polynomial.as_symbol(), product.polynomial.as_symbol()) {
        machine.symbols.give(Monomial::of(&[inverse, product])?, value);
    }
    Ok(())
}
