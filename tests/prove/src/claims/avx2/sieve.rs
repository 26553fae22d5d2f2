//! Trial division: three primes in each lane of eight vectors.

use super::super::{Kind, Subject, every_length, start, symbol};
use super::shape::VECTOR;
use crate::dyadic::Dyadic;
use crate::finding::{Finding, Result, ensure};
use crate::interval::Interval;
use crate::machine::Machine;
use crate::memory::Scalar;
use crate::polynomial::{Monomial, Polynomial, Symbol};
use crate::symbols::Origin;
use crate::word::Number;

/// The bits of a digit.
const DIGIT: u32 = 50;

/// The number of digits, including the zero, of the smallest number, of numbers of 1024 to 4096 bits, and of the longest, of
/// 16384 bits.
const LENGTHS: [usize; 7] = [2, 22, 32, 42, 63, 83, 329];

pub(super) fn divide(subject: &Subject<'_>) -> Result<()> {
    every_length(subject, VECTOR, &LENGTHS, divide_of)
}

/// The primes of a lane, q, with 1/q; their product P, with -1/P mod 2^50 and the rounded 1/P.
struct Lane {
    primes: [Symbol; 3],
    product: Symbol,
}

/// Every step is exact, for digits of 50 bits. In the end, c 2^(50 steps) is the number modulo P, and the remainder of c for
/// each prime is 0 exactly if the prime divides c. The returned value depends on data, and nothing else does.
fn divide_of(subject: &Subject<'_>, length: usize) -> Result<()> {
    let mut machine = subject.machine(VECTOR);
    let digits = machine.unknowns(length, Interval::unsigned(DIGIT).scale_bits(subject.excess), 0);
    let at_digits = machine.memory.region("digits", false, 8);
    let digits = machine.append(at_digits, 8, Kind::Double, &digits);
    let (turn, lanes) = turn(&mut machine)?;
    machine.name_results(&["vfmadd213pd", "vfnmadd213pd"]);
    machine.call(subject.code, &[start(at_digits), Scalar::Number(length as u64), turn])?;
    ensure(machine.returned() == Scalar::Data, || "the result is not that of the comparison".into())?;
    // Each step splits a product. In the end, c / P may round for each vector; for each prime, c / q may round twice, and the
    // running product of the remainders, which is exact at first.
    let most = 8 * (length - 1) + 8 * (1 + 3 * 3);
    ensure(machine.effects.roundings <= most, || format!("more than {most} operations may round"))?;
    for (vector, lane) in lanes.iter().enumerate() {
        let at = |finding: Finding| finding.at(format!("vector {vector}"));
        let c = machine.vector(vector as u8).ok_or_else(|| Finding::new("no c"))?.double()?;
        check_residue(&machine, &digits, lane, &c).map_err(at)?;
        check_rests(&machine, lane, &c).map_err(at)?;
    }
    let (_, rests) =
        machine.results().split_at_checked(8 * (length - 1)).ok_or_else(|| Finding::new("not enough steps"))?;
    ensure(rests.len() == 24, || "not three remainders for each vector".into())?;
    let found = factors(&machine, &machine.compared()?.polynomial)?;
    let all =
        rests.iter().all(|rest| machine.symbols.name_of(&rest.polynomial).is_some_and(|name| found.contains(&name)));
    ensure(all && found.len() == 24, || "the number compared with zero is not the product of the remainders".into())
}

/// The names of the recorded results whose product, times a number that is not zero, is the polynomial.
fn factors(machine: &Machine, polynomial: &Polynomial) -> Result<Vec<Symbol>> {
    let is_result =
        |name: Symbol| machine.results().iter().any(|result| machine.symbols.name_of(&result.polynomial) == Some(name));
    let mut left = polynomial.clone();
    let mut found = Vec::new();
    while let Some((symbol, rest)) = left
        .terms()
        .first()
        .and_then(|(monomial, _)| monomial.symbols().find_map(|symbol| Some((symbol, left.divided_by(symbol)?))))
    {
        match machine.symbols.origin(symbol) {
            _ if is_result(symbol) => found.push(symbol),
            Origin::Name(named) => found.extend(factors(machine, named)?),
            _ => return Err(Finding::new("a factor that is not a remainder")),
        }
        left = rest;
    }
    let range = machine.symbols.range(&left);
    ensure(!range.min_magnitude().is_zero(), || "a factor that may be zero".into())?;
    Ok(found)
}

/// c = sum of `x[i]` 2^(50 (i - steps)) + a multiple of P / 2^(50 steps), and an integer.
fn check_residue(machine: &Machine, digits: &[Polynomial], lane: &Lane, c: &Number) -> Result<()> {
    ensure(c.unit >= 0, || "c is not an integer".into())?;
    let c = machine.symbols.without_names(&c.polynomial)?;
    let mut sum = Polynomial::zero();
    for digit in digits {
        sum = sum.scale(Dyadic::power_of_two(-(DIGIT as i32)))?.add(digit)?;
    }
    let difference = c.sub(&sum)?;
    let lowest = -(DIGIT as i32) * (digits.len() as i32 - 1);
    let has_product = |monomial: &Monomial| monomial.symbols().any(|symbol| symbol == lane.product);
    let multiple = difference.terms().iter().all(|(monomial, _)| has_product(monomial));
    ensure(multiple && machine.symbols.unit(&difference) >= lowest, || "c is not congruent to the number".into())
}

/// Checks that for each prime q, one of the remainders is c - q t for an integer t, and less than q in magnitude.
fn check_rests(machine: &Machine, lane: &Lane, c: &Number) -> Result<()> {
    for prime in lane.primes {
        let q = Polynomial::symbol(prime);
        let found = machine.results().iter().any(|rest| is_rest(machine, rest, &q, &c.polynomial).unwrap_or(false));
        ensure(found, || "there is no remainder for a prime".into())?;
    }
    Ok(())
}

/// Whether a number is c less a multiple of q: r q plus at most 1 in magnitude, where r is what rounding to an integer cut off.
/// That is below q, because q is at least 3.
fn is_rest(machine: &Machine, rest: &Number, q: &Polynomial, c: &Polynomial) -> Result<bool> {
    let half = Interval::around_zero(Dyadic::power_of_two(-1));
    let cut = rest.polynomial.symbols().find_map(|symbol| match machine.symbols.origin(symbol) {
        Origin::Rounding { exact, result } if machine.symbols.range_of(symbol).within(half) => {
            Some((symbol, exact, *result))
        }
        _ => None,
    });
    let Some((cut, exact, result)) = cut else { return Ok(false) };
    // The quotient t is the result of the rounding, less 1.5 * 2^52: an integer.
    let start = Polynomial::constant(Dyadic::new(3, 51));
    let quotient = exact.sub(&Polynomial::symbol(cut))?.sub(&start)?;
    let expected = machine.symbols.with_given(&c.sub(&q.mul(&quotient)?)?)?;
    let distance = rest.polynomial.sub(&q.mul(&Polynomial::symbol(cut))?)?;
    let close = machine.symbols.range(&distance).within(Interval::around_zero(Dyadic::ONE));
    let integer = machine.symbols.unit(&Polynomial::symbol(result)) >= 0;
    Ok(close && integer && expected == *rest.polynomial)
}

/// The table of primes, with the known facts about it: see `turns` in `src/kernels/bignum/avx2/sieve.rs`.
fn turn(machine: &mut Machine) -> Result<(Scalar, Vec<Lane>)> {
    let two = Dyadic::power_of_two;
    let region = machine.memory.region("turn", false, VECTOR);
    let inverses = machine.unknowns(8, Interval::around_zero(two(49)), 0);
    let products = machine.unknowns(8, Interval::new(Dyadic::integer(3 * 5 * 7), two(51)), 0);
    let reciprocals = machine.unknowns(8, Interval::new(two(-51), two(-6)), -104);
    let primes = machine.unknowns(24, Interval::new(Dyadic::integer(3), two(17)), 0);
    machine.append(region, VECTOR, Kind::Double, &inverses);
    machine.append(region, VECTOR, Kind::Double, &products);
    machine.append(region, VECTOR, Kind::Double, &reciprocals);
    machine.append(region, VECTOR / 2, Kind::Integer, &primes);
    let mut lanes = Vec::new();
    for (vector, primes) in primes.as_chunks::<3>().0.iter().enumerate() {
        let [a, b, c] = [symbol(&primes[0])?, symbol(&primes[1])?, symbol(&primes[2])?];
        let [inverse, product, reciprocal] =
            [symbol(&inverses[vector])?, symbol(&products[vector])?, symbol(&reciprocals[vector])?];
        machine.give_inverse(&[inverse, product], DIGIT, Interval::around_zero(two(51)))?;
        // The rounded reciprocal times P is 1 + d, where d is at most 2^-53. Times two of the primes, it is (1 + d) / the third
        // one.
        let d = machine.unknown(Interval::around_zero(two(-53)), -1000);
        for (q, others) in [(a, [b, c]), (b, [a, c]), (c, [a, b])] {
            let third = machine.unknown(Interval::new(two(-17), Dyadic::new(3, -3)), -1000);
            let value = third.polynomial.add(&third.polynomial.mul(&d.polynomial)?)?;
            machine.symbols.give(Monomial::of(&[others[0], others[1], reciprocal])?, value);
            machine.symbols.give(Monomial::of(&[q, symbol(&third)?])?, Polynomial::constant(Dyadic::ONE));
        }
        lanes.push(Lane { primes: [a, b, c], product });
    }
    Ok((start(region), lanes))
}
