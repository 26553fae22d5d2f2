//! The products: each column of the result, as two sums.

use super::super::{Kind, Subject, equal, numbers, roundings, start};
use super::shape::{Shape, Sums, VECTOR, every_shape, results};
use crate::dyadic::Dyadic;
use crate::finding::{Finding, Result, ensure};
use crate::interval::Interval;
use crate::machine::Machine;
use crate::memory::{RegionId, Scalar};
use crate::polynomial::{Polynomial, convolution};
use crate::word::Number;

/// The columns of a result, upper and lower sums.
fn columns(machine: &Machine, t: RegionId, count: usize) -> Result<Vec<[Number; 2]>> {
    let words = machine.memory.words(t);
    let sums = numbers(Kind::Double, words.get(..2 * count).unwrap_or(&words))?;
    Ok(sums.as_chunks().0.to_vec())
}

/// The polynomial that was added to the sums of a column.
fn added(shape: &Shape, [upper, lower]: &[Number; 2]) -> Result<Polynomial> {
    let sum = upper.polynomial.add(&lower.polynomial)?;
    sum.sub(&Polynomial::constant(shape.upper_start().add(shape.lower_start())?))
}

/// Checks columns 0 to `count` of a product: nothing is lost, and the sums are within their bounds. The upper sums may have the
/// bound of two products.
fn check_columns(
    machine: &Machine,
    shape: &Shape,
    t: RegionId,
    count: usize,
    [a, b]: [&[Polynomial]; 2],
    upper: Sums,
) -> Result<()> {
    let expected = convolution(a, b)?;
    for (k, (column, product)) in columns(machine, t, count)?.iter().zip(&expected).enumerate() {
        equal(|| format!("column {k}"), &added(shape, column)?, product)?;
        shape.check_column(k, column.each_ref(), shape.lower_start(), [upper, Sums::One])?;
    }
    Ok(())
}

/// Checks that the last column, to which no product belongs, is not written.
fn last_column_is_not_written(machine: &Machine, t: RegionId) -> Result<()> {
    let words = machine.memory.words(t);
    ensure(matches!(words.as_slice(), [.., None, None]), || "the last column is written".into())
}

pub(super) fn multiply(subject: &Subject<'_>) -> Result<()> {
    every_shape(|shape| {
        let mut machine = subject.machine(VECTOR);
        let (a, b) =
            (shape.unknown_digits(&mut machine, subject.excess), shape.unknown_digits(&mut machine, subject.excess));
        let (at_a, a) = shape.number(&mut machine, "a", &a, true);
        let (at_b, b) = shape.number(&mut machine, "b", &b, true);
        let t = results(&mut machine, "t", 4 * shape.digits);
        let constants = shape.constants(&mut machine, subject);
        machine.call(subject.code, &[at_a, at_b, start(t), constants, Scalar::Number(shape.digits as u64)])?;
        check_columns(&machine, shape, t, 2 * shape.digits - 1, [&a, &b], Sums::One)?;
        last_column_is_not_written(&machine, t)?;
        roundings(&machine, shape.digits * shape.digits)
    })
}

pub(super) fn square(subject: &Subject<'_>) -> Result<()> {
    every_shape(|shape| {
        let mut machine = subject.machine(VECTOR);
        let a = shape.unknown_digits(&mut machine, subject.excess);
        let double = |digit: &Number| {
            let two = Dyadic::integer(2);
            Ok(Number::new(digit.polynomial.scale(two)?, digit.range.scale(two), digit.unit + 1))
        };
        let twice = a.iter().map(double).collect::<Result<Vec<_>>>()?;
        let (at_a, a) = shape.number(&mut machine, "a", &a, true);
        let (at_twice, _) = shape.number(&mut machine, "twice", &twice, true);
        let t = results(&mut machine, "t", 4 * shape.digits);
        let constants = shape.constants(&mut machine, subject);
        machine.call(subject.code, &[at_a, at_twice, start(t), constants, Scalar::Number(shape.digits as u64)])?;
        check_columns(&machine, shape, t, 2 * shape.digits - 1, [&a, &a], Sums::One)?;
        last_column_is_not_written(&machine, t)?;
        roundings(&machine, shape.digits * (shape.digits + 1) / 2)
    })
}

pub(super) fn multiply_low(subject: &Subject<'_>) -> Result<()> {
    every_shape(|shape| {
        multiply_low_of(subject, shape, Sums::One)?;
        // a may be the difference of two numbers.
        multiply_low_of(subject, shape, Sums::Two).map_err(|finding| finding.at("a difference"))
    })
}

fn multiply_low_of(subject: &Subject<'_>, shape: &Shape, sums: Sums) -> Result<()> {
    let mut machine = subject.machine(VECTOR);
    let a = shape.unknown_digits(&mut machine, subject.excess + i32::from(sums == Sums::Two));
    let b = shape.unknown_digits(&mut machine, subject.excess);
    let (at_a, a) = shape.number(&mut machine, "a", &a, false);
    let (at_b, b) = shape.number(&mut machine, "b", &b, false);
    let t = results(&mut machine, "t", 2 * shape.digits);
    let constants = shape.constants(&mut machine, subject);
    machine.call(subject.code, &[at_a, at_b, start(t), constants, Scalar::Number(shape.digits as u64)])?;
    check_columns(&machine, shape, t, shape.digits, [&a, &b], sums)?;
    roundings(&machine, shape.digits * (shape.digits + 1) / 2)
}

pub(super) fn add_high(subject: &Subject<'_>) -> Result<()> {
    every_shape(|shape| {
        let mut machine = subject.machine(VECTOR);
        let (a, b) =
            (shape.unknown_digits(&mut machine, subject.excess), shape.unknown_digits(&mut machine, subject.excess));
        let (at_a, a) = shape.number(&mut machine, "a", &a, false);
        let (at_b, b) = shape.number(&mut machine, "b", &b, false);
        // Columns D-2 to 2D-1, as a product has left them.
        let t = machine.memory.region("t", true, VECTOR);
        let before: Vec<[Number; 2]> = (0..shape.digits + 2)
            .map(|_| shape.unknown_column(&mut machine, shape.lower_start(), [Sums::One; 2], subject.excess))
            .collect();
        machine.append(t, VECTOR, Kind::Double, before.as_flattened());
        let constants = shape.constants(&mut machine, subject);
        machine.call(subject.code, &[at_a, at_b, start(t), constants, Scalar::Number(shape.digits as u64)])?;

        let product = convolution(&a, &b)?;
        let after = columns(&machine, t, shape.digits + 2)?;
        check_upper_only(&machine, shape, &after, &before, &product)?;
        for (at, (after, before)) in after.iter().zip(&before).enumerate().skip(1) {
            let k = shape.digits - 2 + at;
            // The lower sum of column D-1 begins anew.
            let last_start = Polynomial::constant(shape.last_lower_start());
            let old = before[0].polynomial.add(if at == 1 { &last_start } else { &before[1].polynomial })?;
            let expected = match product.get(k) {
                Some(product) => old.add(product)?,
                None => old,
            };
            equal(|| format!("column {k}"), &after[0].polynomial.add(&after[1].polynomial)?, &expected)?;
            // So it is that of one product, as `digits_high` requires.
            let (start, lower) =
                if at == 1 { (shape.last_lower_start(), Sums::One) } else { (shape.lower_start(), Sums::Two) };
            shape.check_column(k, after.each_ref(), start, [Sums::Two, lower])?;
        }
        let unchanged = after
            .last()
            .zip(before.last())
            .is_some_and(|(a, b)| (0..2).all(|sum| a[sum].polynomial == b[sum].polynomial));
        ensure(unchanged, || "the last column is written".into())?;
        // D-1 and D products in the first two columns, then D-1, D-2, and so on to 1.
        roundings(&machine, shape.digits - 1 + shape.digits * (shape.digits + 1) / 2)
    })
}

/// Checks column D-2. Its upper sum is that of the product alone, less what rounding cuts off; its lower sum is not written.
fn check_upper_only(
    machine: &Machine,
    shape: &Shape,
    after: &[[Number; 2]],
    before: &[[Number; 2]],
    product: &[Polynomial],
) -> Result<()> {
    let ([[upper, lower], ..], [[_, old], ..], Some(product)) = (after, before, product.get(shape.digits - 2)) else {
        return Err(Finding::new("no column D-2"));
    };
    let cut = upper.polynomial.sub(&Polynomial::constant(shape.upper_start()))?.sub(product)?;
    let bound = Interval::around_zero(shape.lower_bound(Sums::One));
    ensure(machine.symbols.range(&cut).within(bound), || {
        "the upper sum of column D-2 is not that of the product".into()
    })?;
    equal(|| "the lower sum of column D-2".into(), &lower.polynomial, &old.polynomial)?;
    shape.check_column(shape.digits - 2, [upper, lower], shape.lower_start(), [Sums::One; 2])
}

/// The value of a column, in its own unit: its lower sum, and the upper sum of the column below.
pub(super) fn value(shape: &Shape, below: Option<&Number>, lower: &Number, lower_start: Dyadic) -> Result<Polynomial> {
    let own = lower.polynomial.sub(&Polynomial::constant(lower_start))?;
    match below {
        Some(upper) => {
            let carried = upper.polynomial.sub(&Polynomial::constant(shape.upper_start()))?;
            own.add_scaled(&carried, Dyadic::power_of_two(-shape.bits))
        }
        None => Ok(own),
    }
}
