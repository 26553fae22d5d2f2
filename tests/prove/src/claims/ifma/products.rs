//! Products of blocks.

use super::super::{Kind, Subject, equal, numbers, start, within};
use super::{BLOCK, VECTOR, bound_before, columns, digits, halves, results};
use crate::dyadic::Dyadic;
use crate::finding::{Result, ensure};
use crate::interval::Interval;
use crate::machine::Machine;
use crate::memory::RegionId;
use crate::polynomial::{Polynomial, carry_up, convolution};

/// Checks that sum of `t[k]` 2^(52k) = sum of `before[k]` 2^(52k) + factor * a * b, and that no column is above a bound.
fn check(
    machine: &Machine,
    t: RegionId,
    before: &[Polynomial],
    factor: i128,
    [a, b]: [&[Polynomial]; 2],
    bound: Dyadic,
) -> Result<()> {
    let product = convolution(a, b)?;
    let mut differences = Vec::new();
    for (k, column) in numbers(Kind::Integer, &machine.memory.words(t))?.iter().enumerate() {
        within(|| format!("column {k}"), column, Interval::new(Dyadic::ZERO, bound))?;
        let mut difference = Polynomial::clone(&column.polynomial);
        if let Some(before) = before.get(k) {
            difference = difference.sub(before)?;
        }
        if let Some(product) = product.get(k) {
            difference = difference.add_scaled(product, Dyadic::integer(-factor))?;
        }
        differences.push(difference);
    }
    equal(|| "the product".into(), &carry_up(&differences, 52)?, &Polynomial::zero())
}

/// Checks the number of multiply-adds.
pub(super) fn multiply_adds(machine: &Machine, expected: usize) -> Result<()> {
    let found = machine.effects.multiply_adds;
    ensure(found == expected, || format!("{found} multiply-adds, not {expected}"))
}

pub(super) fn square(subject: &Subject<'_>) -> Result<()> {
    let mut machine = subject.machine(VECTOR);
    let (at_a, a) = digits(&mut machine, "a", BLOCK, subject.excess);
    let t = results(&mut machine, "t", 2 * BLOCK);
    machine.call(subject.code, &[at_a, start(t)])?;
    multiply_adds(&machine, 110)?;
    // Ten low halves and ten high ones.
    check(&machine, t, &[], 1, [&a, &a], halves(20))
}

pub(super) fn multiply(subject: &Subject<'_>) -> Result<()> {
    multiply_by(subject, 1)
}

pub(super) fn multiply_twice(subject: &Subject<'_>) -> Result<()> {
    multiply_by(subject, 2)
}

/// t = t before + factor * a * b, where each column has room for 20 halves times the factor.
fn multiply_by(subject: &Subject<'_>, factor: i128) -> Result<()> {
    let mut machine = subject.machine(VECTOR);
    let (at_a, a) = digits(&mut machine, "a", BLOCK, subject.excess);
    let (at_b, b) = digits(&mut machine, "b", BLOCK, subject.excess);
    let (t, before) = columns(&mut machine, 2 * BLOCK, bound_before(20 * factor)?, subject);
    machine.call(subject.code, &[at_a, at_b, start(t)])?;
    multiply_adds(&machine, 200)?;
    check(&machine, t, &before, factor, [&a, &b], Dyadic::power_of_two(62).sub(Dyadic::ONE)?)
}
