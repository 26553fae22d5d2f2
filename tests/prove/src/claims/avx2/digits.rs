//! From columns to digits.

use super::super::{Kind, Subject, equal, near, numbers, roundings, start};
use super::products::value;
use super::shape::{Shape, Sums, VECTOR, every_shape, results};
use crate::dyadic::Dyadic;
use crate::finding::{Finding, Result, ensure};
use crate::interval::Interval;
use crate::memory::Scalar;
use crate::polynomial::{Polynomial, carry_up};
use crate::symbols::Origin;
use crate::word::{Number, Word};

/// The amount by which the carry of the columns is too large.
fn surplus() -> Polynomial {
    Polynomial::constant(Dyadic::power_of_two(51))
}

/// Checks that the digits are within their bounds.
fn check_digits(shape: &Shape, x: &[Number]) -> Result<()> {
    for (k, digit) in x.iter().enumerate() {
        near(|| format!("digit {k}"), digit, Dyadic::ZERO, shape.result_bound())?;
        ensure(digit.unit >= 0, || format!("digit {k} is not an integer"))?;
    }
    Ok(())
}

pub(super) fn low(subject: &Subject<'_>) -> Result<()> {
    every_shape(|shape| {
        low_of(subject, shape, Sums::One)?;
        low_of(subject, shape, Sums::Two)
    })
}

/// sum of `x[k]` 2^(Bk) + (carry - 2^51) 2^(B(D-1)) = sum of `columns[k]` 2^(Bk).
///
/// The upper sums may be those of a difference of two numbers, with the bound of two products. Then the carry has no bound.
fn low_of(subject: &Subject<'_>, shape: &Shape, upper: Sums) -> Result<()> {
    let mut machine = subject.machine(VECTOR);
    let columns: Vec<[Number; 2]> = (0..shape.digits)
        .map(|_| shape.unknown_column(&mut machine, shape.lower_start(), [upper, Sums::One], subject.excess))
        .collect();
    let t = machine.memory.region("t", false, VECTOR);
    machine.append(t, VECTOR, Kind::Double, columns.as_flattened());
    let (x, carry) = (results(&mut machine, "x", shape.digits), results(&mut machine, "carry", 1));
    let constants = shape.constants(&mut machine, subject);
    machine.call(subject.code, &[start(t), start(x), start(carry), constants, Scalar::Number(shape.digits as u64)])?;

    let x = numbers(Kind::Double, &machine.memory.words(x))?;
    let carry = numbers(Kind::Double, &machine.memory.words(carry))?;
    let mut differences = Vec::new();
    for (k, (digit, column)) in x.iter().zip(&columns).enumerate() {
        let below = k.checked_sub(1).and_then(|below| columns.get(below)).map(|[upper, _]| upper);
        differences.push(digit.polynomial.sub(&value(shape, below, &column[1], shape.lower_start())?)?);
    }
    let (Some(last), [carry]) = (differences.last_mut(), carry.as_slice()) else {
        return Err(Finding::new("no carry"));
    };
    *last = last.add(&carry.polynomial)?.sub(&surplus())?;
    equal(|| "the value of the digits".into(), &carry_up(&differences, shape.bits)?, &Polynomial::zero())?;
    check_digits(shape, &x)?;
    if upper == Sums::One {
        near(|| "the carry".into(), carry, Dyadic::power_of_two(51), shape.carry_bound())?;
    }
    ensure(carry.unit >= shape.bits, || "the carry is not a multiple of 2^B".into())?;
    roundings(&machine, shape.digits)
}

pub(super) fn high(subject: &Subject<'_>) -> Result<()> {
    every_shape(|shape| {
        [1, 2].iter().try_for_each(|factor| {
            high_of(subject, shape, *factor).map_err(|finding| finding.at(format!("factor {factor}")))
        })
    })
}

/// sum of `x[k]` 2^(Bk) = f (E + sum of `columns[D+k]` 2^(Bk)) modulo R, where E 2^B = round(below + `columns[D-1]`) + carry -
/// 2^51, rounded to the nearest multiple of 2^B.
fn high_of(subject: &Subject<'_>, shape: &Shape, factor: i32) -> Result<()> {
    let mut machine = subject.machine(VECTOR);
    let columns: Vec<[Number; 2]> = (0..shape.digits + 2)
        .map(|at| {
            let (lower_start, sums) = match at {
                0 => (shape.lower_start(), [Sums::One; 2]),
                // The lower sum has only the products of the reduction.
                1 => (shape.last_lower_start(), [Sums::Two, Sums::One]),
                _ => (shape.lower_start(), [Sums::Two; 2]),
            };
            shape.unknown_column(&mut machine, lower_start, sums, subject.excess)
        })
        .collect();
    let t = machine.memory.region("t", false, VECTOR);
    machine.append(t, VECTOR, Kind::Double, columns.as_flattened());
    let below = machine.unknown(Interval::around_zero(shape.digit_bound().shift(subject.excess)), 0);
    let carry_range = Interval::around(Dyadic::power_of_two(51), shape.carry_bound().shift(subject.excess));
    let carry = machine.unknown(carry_range, shape.bits);
    let (at_below, _) = shape.number(&mut machine, "below", std::slice::from_ref(&below), false);
    let (at_carry, _) = shape.number(&mut machine, "carry", std::slice::from_ref(&carry), false);
    let at_factor = machine.memory.region("factor", false, VECTOR);
    machine.memory.push(at_factor, VECTOR, Some(Word::Bits(f64::from(factor).to_bits())));
    let (x, twice) = (results(&mut machine, "x", shape.digits), results(&mut machine, "twice", shape.digits));
    let constants = shape.constants(&mut machine, subject);
    let from = machine.memory.region("from", false, 8);
    for operand in [start(t), at_below, at_carry, start(at_factor), constants] {
        machine.memory.push_scalar(from, operand);
    }
    machine.call(subject.code, &[start(from), start(x), start(twice), Scalar::Number(shape.digits as u64)])?;

    let x = numbers(Kind::Double, &machine.memory.words(x))?;
    let twice = numbers(Kind::Double, &machine.memory.words(twice))?;
    for (k, (digit, double)) in x.iter().zip(&twice).enumerate() {
        equal(|| format!("twice digit {k}"), &double.polynomial, &digit.polynomial.scale(Dyadic::integer(2))?)?;
    }
    let values = columns.windows(2).enumerate().map(|(at, pair)| {
        let lower_start = if at == 0 { shape.last_lower_start() } else { shape.lower_start() };
        value(shape, Some(&pair[0][0]), &pair[1][1], lower_start)
    });
    let values = values.collect::<Result<Vec<_>>>()?;
    let Some((top, values)) = values.split_first() else { return Err(Finding::new("no column")) };
    // Adding H gives the nearest multiple of 2^B, because H is 1.5 times a power of two.
    let top = top.add(&below.polynomial)?;
    let rounding = machine.symbols.rounding_of(&top.add(&Polynomial::constant(shape.upper_start()))?);
    let rounding = rounding.ok_or_else(|| Finding::new("column D-1 is not rounded"))?;
    let half = Interval::around_zero(Dyadic::power_of_two(shape.bits - 1));
    let is_multiple = match machine.symbols.origin(rounding) {
        Origin::Rounding { result, .. } => machine.symbols.unit(&Polynomial::symbol(*result)) >= shape.bits,
        _ => false,
    };
    ensure(is_multiple && machine.symbols.range_of(rounding).within(half), || {
        "column D-1 is not rounded to the nearest multiple".into()
    })?;
    let carried = top.sub(&Polynomial::symbol(rounding))?.add(&carry.polynomial)?.sub(&surplus())?;
    let mut differences = Vec::new();
    for (k, (digit, value)) in x.iter().zip(values).enumerate() {
        let expected = match k {
            0 => value.add_scaled(&carried, Dyadic::power_of_two(-shape.bits))?,
            _ => value.clone(),
        };
        differences.push(expected.scale(Dyadic::integer(factor.into()))?.sub(&digit.polynomial)?);
    }
    // The carry of the highest column is left, a multiple of R.
    let left = carry_up(&differences, shape.bits)?;
    ensure(machine.symbols.is_multiple(&left, shape.bits)?, || {
        "the value of the digits is not what is documented".into()
    })?;
    check_digits(shape, &x)?;
    roundings(&machine, shape.digits + 1)
}
