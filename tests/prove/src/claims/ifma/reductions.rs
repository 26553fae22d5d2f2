//! Montgomery's reduction, and the conversion of columns to digits.
//!
//! A row clears the lowest column c: with m = c (-1/n) mod 2^52, the sum c + m `n[0]` is a multiple of 2^52. The kernels do not
//! compute the low half of m `n[0]`, but round c / 2^52 up instead. [`rows`] shows that the result is the same: the low half, and
//! the number that rounding up adds, are both from 0 to 2^52 - 1, and congruent modulo 2^52.

use super::super::{Kind, Subject, equal, numbers, start, within};
use super::products::multiply_adds;
use super::{BLOCK, DIGIT, VECTOR, bound_before, columns, digits, known, results};
use crate::dyadic::Dyadic;
use crate::finding::{Finding, Result, ensure};
use crate::interval::Interval;
use crate::machine::Machine;
use crate::memory::Scalar;
use crate::polynomial::{Monomial, Polynomial, Symbol, carry_up, convolution};
use crate::symbols::Origin;
use crate::word::{Number, Word};

/// 2^52.
fn base() -> Dyadic {
    Dyadic::power_of_two(DIGIT as i32)
}

/// n, and -1/n mod 2^52: their product is -1 + 2^52 k, for an integer k.
pub(super) struct Modulus {
    pub(super) at_n: Scalar,
    pub(super) at_inverse: Scalar,
    pub(super) n: Vec<Polynomial>,
    inverse: Symbol,
}

pub(super) fn modulus(machine: &mut Machine, count: usize, excess: i32) -> Result<Modulus> {
    let (at_n, n) = digits(machine, "n", count, excess);
    let (at_inverse, inverse) = digits(machine, "the inverse", 1, 0);
    let lowest = n.first().and_then(Polynomial::as_symbol);
    let inverse = inverse.first().and_then(Polynomial::as_symbol);
    let (Some(lowest), Some(inverse)) = (lowest, inverse) else { return Err(Finding::new("no digits")) };
    machine.give_inverse(&[inverse, lowest], DIGIT, Interval::unsigned(DIGIT))?;
    Ok(Modulus { at_n, at_inverse, n, inverse })
}

/// The number of all rows, m: the names of the multipliers that the kernel stored.
///
/// For each multiplier, and the column c of its row, this records m `n[0]` = 2^52 (high half of m `n[0]` + quotient) - c, where
/// the quotient is c / 2^52 rounded up.
pub(super) fn rows(machine: &mut Machine, modulus: &Modulus, stored: &[Number]) -> Result<Vec<Polynomial>> {
    let Some(lowest) = modulus.n.first().and_then(Polynomial::as_symbol) else { return Err(Finding::new("no digits")) };
    stored
        .iter()
        .enumerate()
        .map(|(i, number)| {
            row(machine, modulus.inverse, lowest, number).map_err(|finding| finding.at(format!("row {i}")))
        })
        .collect()
}

fn row(machine: &mut Machine, inverse: Symbol, lowest: Symbol, stored: &Number) -> Result<Polynomial> {
    let symbols = &mut machine.symbols;
    ensure(stored.range.within(Interval::unsigned(DIGIT)), || "the multiplier has more than 52 bits".into())?;
    let m = symbols.name_of(&stored.polynomial).ok_or_else(|| Finding::new("the multiplier is not used"))?;
    // The multiplier is the low half of the product of the inverse and the low bits of the column.
    let factor = stored.polynomial.terms().iter().find_map(|(monomial, coefficient)| {
        let others: Vec<Symbol> = monomial.symbols().filter(|symbol| *symbol != inverse).collect();
        (*coefficient == Dyadic::ONE && others.len() == 1 && monomial.symbols().count() == 2).then(|| others[0])
    });
    let factor = factor.ok_or_else(|| Finding::new("the multiplier is not a product with the inverse"))?;
    let column = symbols.column_of(factor)?;
    let mask = Polynomial::constant(base().sub(Dyadic::ONE)?);
    let rounded_up = symbols.quotient_of(&column.add(&mask)?, DIGIT);
    let rounded_up = rounded_up.ok_or_else(|| Finding::new("the column is not divided by 2^52 and rounded up"))?;
    let high = symbols.high_of(m, lowest).ok_or_else(|| Finding::new("the high half of m n[0] is not added"))?;
    // The number that rounding up adds, and the low half of m n[0], are both from 0 to 2^52 - 1.
    let product = Polynomial::symbol(m).mul(&Polynomial::symbol(lowest))?;
    let added = Polynomial::symbol(rounded_up).scale(base())?.sub(&column)?;
    let low = product.add_scaled(&Polynomial::symbol(high), base().negate())?;
    ensure(symbols.is_multiple(&added.sub(&low)?, DIGIT as i32)?, || "the row does not clear its column".into())?;
    let value = added.add_scaled(&Polynomial::symbol(high), base())?;
    symbols.give(Monomial::of(&[m, lowest])?, value);
    Ok(Polynomial::symbol(m))
}

/// The rest of `sum of columns[k] 2^(52k) + m n`, in units of the last column, with the products that the rows recorded.
fn remainder(
    machine: &Machine,
    columns: &[Polynomial],
    m: &[Polynomial],
    n: &[Polynomial],
    factor: Dyadic,
) -> Result<Polynomial> {
    let mut sums = columns.to_vec();
    for (k, product) in convolution(m, n)?.iter().enumerate() {
        let product = machine.symbols.with_given(product)?;
        let sum = sums.get_mut(k).ok_or_else(|| Finding::new("a product beyond the columns"))?;
        *sum = sum.add_scaled(&product, factor)?;
    }
    carry_up(&sums, DIGIT as i32)
}

/// t + m n = 2^520 (columns 10 to 29 after), where m replaces columns 0 to 9.
pub(super) fn reduce_ten(subject: &Subject<'_>) -> Result<()> {
    let mut machine = subject.machine(VECTOR);
    let modulus = modulus(&mut machine, 2 * BLOCK, subject.excess)?;
    // Twenty halves of products, and a carry below 2^11.
    let bound = bound_before(21)?;
    let (t, before) = columns(&mut machine, 3 * BLOCK, bound, subject);
    machine.call(subject.code, &[modulus.at_n, modulus.at_inverse, start(t)])?;
    multiply_adds(&machine, 400)?;
    let after = numbers(Kind::Integer, &machine.memory.words(t))?;
    for (k, column) in after.iter().enumerate() {
        within(|| format!("column {k}"), column, Interval::unsigned(62))?;
    }
    let (multipliers, upper) = after.split_at(BLOCK);
    let m = rows(&mut machine, &modulus, multipliers)?;
    let mut differences = before;
    for (difference, column) in differences.iter_mut().skip(BLOCK).zip(upper) {
        *difference = difference.sub(&column.polynomial)?;
    }
    let left = remainder(&machine, &differences, &m, &modulus.n, Dyadic::ONE)?;
    equal(|| "the reduction".into(), &left, &Polynomial::zero())
}

pub(super) fn reduce_twenty(subject: &Subject<'_>) -> Result<()> {
    (0..2)
        .try_for_each(|shift| reduce_twenty_of(subject, shift).map_err(|finding| finding.at(format!("shift {shift}"))))
}

/// 2^shift (t + m n) = R (x + R c), where c is at least 0, R = 2^1040, and m replaces columns 0 to 19. The digits are below 2^52.
fn reduce_twenty_of(subject: &Subject<'_>, shift: u32) -> Result<()> {
    let mut machine = subject.machine(VECTOR);
    let modulus = modulus(&mut machine, 2 * BLOCK, subject.excess)?;
    let (t, before) = columns(&mut machine, 4 * BLOCK, bound_before(41)?, subject);
    let at_shift = known(&mut machine, "the shift", shift.into());
    let x = results(&mut machine, "x", 2 * BLOCK);
    machine.call(subject.code, &[modulus.at_n, modulus.at_inverse, start(t), at_shift, start(x)])?;
    multiply_adds(&machine, 800)?;
    let after = numbers(Kind::Integer, &machine.memory.words(t))?;
    let m = rows(&mut machine, &modulus, after.get(..2 * BLOCK).unwrap_or(&after))?;
    let x = numbers(Kind::Integer, &machine.memory.words(x))?;
    check_reduction(&machine, &modulus, &before, &m, shift, &x)
}

/// 2^shift (columns + m n) = R (x + R c), where c is one quotient, and at least 0. The digits of x are below 2^52.
pub(super) fn check_reduction(
    machine: &Machine,
    modulus: &Modulus,
    columns: &[Polynomial],
    m: &[Polynomial],
    shift: u32,
    x: &[Number],
) -> Result<()> {
    let factor = Dyadic::power_of_two(shift as i32);
    let mut differences = columns.iter().map(|column| column.scale(factor)).collect::<Result<Vec<_>>>()?;
    for (difference, digit) in differences.iter_mut().skip(x.len()).zip(x) {
        *difference = difference.sub(&digit.polynomial)?;
    }
    let left = remainder(machine, &differences, m, &modulus.n, factor)?;
    check_digits(x)?;
    check_carry(machine, &left)
}

fn check_digits(x: &[Number]) -> Result<()> {
    for (k, digit) in x.iter().enumerate() {
        within(|| format!("digit {k}"), digit, Interval::unsigned(DIGIT))?;
    }
    Ok(())
}

/// Checks that the rest, in units of the highest digit, is 2^52 times a carry: one quotient, which is not negative.
fn check_carry(machine: &Machine, left: &Polynomial) -> Result<()> {
    let carry = left.scale(base().negate().shift(-2 * DIGIT as i32))?.scale(Dyadic::MINUS_ONE)?;
    let quotient = carry.as_symbol().filter(|symbol| matches!(machine.symbols.origin(*symbol), Origin::Quotient(..)));
    let quotient = quotient.ok_or_else(|| Finding::new("the value of the digits is not what is documented"))?;
    ensure(!machine.symbols.range_of(quotient).low.is_negative(), || "a negative carry".into())
}

pub(super) fn normalize(subject: &Subject<'_>) -> Result<()> {
    (0..2).try_for_each(|shift| normalize_of(subject, shift).map_err(|finding| finding.at(format!("shift {shift}"))))
}

/// x + 2^520 carry = 2^shift t + carry before. The digits are below 2^52, and the carry below 2^11 again.
fn normalize_of(subject: &Subject<'_>, shift: u32) -> Result<()> {
    let mut machine = subject.machine(VECTOR);
    let bound = Dyadic::power_of_two(62).sub(Dyadic::ONE)?;
    let range = Interval::new(Dyadic::ZERO, bound.shift(subject.excess));
    let before = machine.unknowns(BLOCK, range, 0);
    let t = machine.memory.region("t", false, 8);
    let before = machine.append(t, VECTOR, Kind::Integer, &before);
    let at_shift = known(&mut machine, "the shift", shift.into());
    let carry = machine.memory.region("the carry", true, 8);
    let carry_range = Interval::new(Dyadic::ZERO, Dyadic::power_of_two(11).shift(subject.excess));
    let carry_before = machine.unknown(carry_range, 0);
    machine.memory.push(carry, VECTOR, Some(Word::Integer(carry_before.clone())));
    let x = results(&mut machine, "x", BLOCK);
    machine.call(subject.code, &[start(t), at_shift, start(carry), start(x)])?;
    let x = numbers(Kind::Integer, &machine.memory.words(x))?;
    let after = numbers(Kind::Integer, &machine.memory.words(carry))?;
    let factor = Dyadic::power_of_two(shift as i32);
    let mut differences = Vec::new();
    for (k, (column, digit)) in before.iter().zip(&x).enumerate() {
        let mut difference = column.scale(factor)?.sub(&digit.polynomial)?;
        if k == 0 {
            difference = difference.add(&carry_before.polynomial)?;
        }
        differences.push(difference);
    }
    let [after] = after.as_slice() else { return Err(Finding::new("no carry")) };
    differences.push(after.polynomial.scale(Dyadic::MINUS_ONE)?);
    equal(|| "the value of the digits".into(), &carry_up(&differences, DIGIT as i32)?, &Polynomial::zero())?;
    check_digits(&x)?;
    within(|| "the carry".into(), after, Interval::new(Dyadic::ZERO, Dyadic::power_of_two(11)))
}
