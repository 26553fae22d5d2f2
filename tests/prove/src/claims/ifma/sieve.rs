//! Trial division: three primes in each lane of eight vectors.

use super::super::{Kind, Subject, start};
use super::{DIGIT, VECTOR};
use crate::dyadic::Dyadic;
use crate::finding::{Result, ensure};
use crate::interval::Interval;
use crate::machine::Machine;
use crate::memory::Scalar;

/// The digits, and the zero, of each size whose candidates are divided, and of the longest number.
const LENGTHS: [usize; 7] = [2, 21, 31, 41, 61, 81, 257];

pub(super) fn divide(subject: &Subject<'_>) -> Result<()> {
    LENGTHS
        .iter()
        .try_for_each(|length| divide_of(subject, *length).map_err(|finding| finding.at(format!("{length} digits"))))
}

/// No sum overflows. What is returned depends on data, and nothing else does.
fn divide_of(subject: &Subject<'_>, length: usize) -> Result<()> {
    let mut machine = Machine::new(subject.program, VECTOR);
    // 2^52 - 1 more than a digit.
    let most = Dyadic::power_of_two(DIGIT as i32 + 1).sub(Dyadic::integer(2))?;
    let digits = machine.unknowns(length, Interval::new(Dyadic::ZERO, most.shift(subject.excess)), 0);
    let at_digits = machine.memory.region("digits", false, 8);
    machine.append(at_digits, 8, Kind::Integer, &digits);
    let turn = machine.memory.region("turn", false, 64);
    let primes = machine.unknowns(24, Interval::new(Dyadic::integer(3), Dyadic::power_of_two(17)), 0);
    machine.append(turn, VECTOR / 2, Kind::Integer, &primes);
    let inverses = machine.unknowns(8, Interval::unsigned(DIGIT), 0);
    machine.append(turn, VECTOR, Kind::Integer, &inverses);
    machine.call(subject.code, &[start(at_digits), Scalar::Number(length as u64), start(turn)])?;
    ensure(machine.returned() == Scalar::Data, || "the result is not that of the comparison".into())
}
