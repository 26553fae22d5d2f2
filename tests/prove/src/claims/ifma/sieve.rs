//! Trial division: three primes in each lane of eight vectors.

use super::super::{Kind, Subject, every_length, start, symbol};
use super::{DIGIT, VECTOR};
use crate::dyadic::Dyadic;
use crate::finding::{Finding, Result, ensure};
use crate::interval::Interval;
use crate::machine::Machine;
use crate::memory::Scalar;
use crate::polynomial::{Polynomial, Symbol};
use crate::symbols::Origin;
use crate::word::Number;

/// The number of digits, including the zero, of the smallest number, of numbers of 1024 to 4096 bits, and of the longest, of
/// 16384 bits.
const LENGTHS: [usize; 7] = [2, 21, 31, 41, 61, 81, 317];

pub(super) fn divide(subject: &Subject<'_>) -> Result<()> {
    every_length(subject, VECTOR, &LENGTHS, divide_of)
}

/// In the end, c 2^(52 steps) is the number modulo P, and a high half is 0 exactly if its prime divides c; the least of them is
/// compared with zero. The returned value depends on data, and nothing else does.
fn divide_of(subject: &Subject<'_>, length: usize) -> Result<()> {
    let mut machine = subject.machine(VECTOR);
    let at_digits = machine.memory.region("digits", false, 8);
    // Each digit plus 2^52 - 1, and a zero.
    let most = Dyadic::power_of_two(DIGIT as i32 + 1).sub(Dyadic::integer(2))?;
    let range = Interval::new(Dyadic::integer((1 << DIGIT) - 1), most.shift(subject.excess));
    let digits = machine.unknowns(length - 1, range, 0);
    let mut digits = machine.append(at_digits, 8, Kind::Integer, &digits);
    digits.extend(machine.append(at_digits, 8, Kind::Integer, &[Number::constant(Dyadic::ZERO)]));
    let (turn, lanes) = turn(&mut machine)?;
    machine.name_results(&["vpmadd52huq"]);
    machine.call(subject.code, &[start(at_digits), Scalar::Number(length as u64), turn])?;
    ensure(machine.returned() == Scalar::Data, || "the result is not that of the comparison".into())?;

    let results = machine.results().to_vec();
    let (steps, highs) = results.split_at_checked(8 * (length - 1)).ok_or_else(|| Finding::new("not enough steps"))?;
    let highs: Vec<Symbol> = highs.iter().filter_map(|high| high.polynomial.as_symbol()).collect();
    let (Some(first), [.., last]) = (digits.first(), digits.as_slice()) else { return Err(Finding::new("no digits")) };
    ensure(last.is_zero() && highs.len() == 24, || "not three high halves for each vector".into())?;
    for (vector, primes) in lanes.iter().enumerate() {
        let at = |finding: Finding| finding.at(format!("vector {vector}"));
        let mut before = first.clone();
        for (step, digit) in steps.iter().skip(vector).step_by(8).zip(&digits[1..]) {
            check_step(&machine, primes, &before, digit, step).map_err(at)?;
            let name = machine.symbols.name_of(&step.polynomial).ok_or_else(|| Finding::new("no name"))?;
            before = Polynomial::symbol(name);
        }
        check_highs(&machine, primes, &before, &highs).map_err(at)?;
    }
    let mut leaves = Vec::new();
    leaves_of(&machine, &machine.compared()?.polynomial, &mut leaves)?;
    let all = highs.iter().all(|high| leaves.contains(high));
    ensure(all && leaves.len() == 24, || "the number compared with zero is not the least of the high halves".into())
}

/// One step: 2^52 (step - digit) = s + m P, where s is the value before the step, less 2^52 - 1.
///
/// This holds because s / 2^52 is rounded up, and rounding adds the low half of m P: see
/// [`reductions`](super::reductions).
fn check_step(
    machine: &Machine,
    primes: &[Symbol; 3],
    before: &Polynomial,
    digit: &Polynomial,
    step: &Number,
) -> Result<()> {
    let (symbols, base) = (&machine.symbols, Dyadic::power_of_two(DIGIT as i32));
    let quotient = symbols.quotient_of(before, DIGIT).ok_or_else(|| Finding::new("s is not divided by 2^52"))?;
    let quotient = Polynomial::symbol(quotient);
    let high = step.polynomial.sub(digit)?.sub(&quotient)?.as_symbol();
    let high = high.ok_or_else(|| Finding::new("a step is not the sum of a quotient, a digit and a high half"))?;
    let Origin::High(a, b) = symbols.origin(high) else { return Err(Finding::new("a step without a high half")) };
    let product = Polynomial::symbol(*a).mul(&Polynomial::symbol(*b))?;
    // One factor is P, and the other one has no more than 52 bits.
    let product_of_primes = primes
        .iter()
        .try_fold(Polynomial::constant(Dyadic::ONE), |product, prime| product.mul(&Polynomial::symbol(*prime)))?;
    let is_product = |symbol: Symbol| Ok(symbols.without_names(&Polynomial::symbol(symbol))? == product_of_primes);
    ensure(is_product(*a)? || is_product(*b)?, || "a high half that is not that of a product with P".into())?;
    let s = before.sub(&Polynomial::constant(base.sub(Dyadic::ONE)?))?;
    let added = quotient.scale(base)?.sub(&s)?;
    let low = product.add_scaled(&Polynomial::symbol(high), base.negate())?;
    ensure(symbols.is_multiple(&added.sub(&low)?, DIGIT as i32)?, || "a step does not clear its digit".into())
}

/// Checks that for each prime q, one of the high halves is that of u q, where u q = c modulo 2^52, and c is below 2^52. If the
/// half is 0, u q is c. If q divides c, u is c / q, and the half is 0.
fn check_highs(machine: &Machine, primes: &[Symbol; 3], c: &Polynomial, highs: &[Symbol]) -> Result<()> {
    let symbols = &machine.symbols;
    ensure(symbols.range(c).within(Interval::unsigned(DIGIT)), || "c has more than 52 bits".into())?;
    for prime in primes {
        let is_of_prime = |high: &Symbol| {
            let Origin::High(a, b) = symbols.origin(*high) else { return Ok(false) };
            let product = Polynomial::symbol(*a).mul(&Polynomial::symbol(*b))?;
            Ok((a == prime || b == prime) && symbols.is_multiple(&product.sub(c)?, DIGIT as i32)?)
        };
        let found = highs.iter().map(is_of_prime).collect::<Result<Vec<bool>>>()?;
        ensure(found.contains(&true), || "there is no high half for a prime".into())?;
    }
    Ok(())
}

/// The numbers of which a polynomial is the least.
fn leaves_of(machine: &Machine, polynomial: &Polynomial, leaves: &mut Vec<Symbol>) -> Result<()> {
    let symbol = polynomial.as_symbol().ok_or_else(|| Finding::new("not a minimum"))?;
    match machine.symbols.origin(symbol) {
        Origin::Minimum(a, b) => {
            leaves_of(machine, a, leaves)?;
            leaves_of(machine, b, leaves)?;
        }
        _ => leaves.push(symbol),
    }
    Ok(())
}

/// The table of primes, with the known facts about it: see `turns` in `src/kernels/bignum/ifma/sieve.rs`. And the primes of each
/// lane.
fn turn(machine: &mut Machine) -> Result<(Scalar, Vec<[Symbol; 3]>)> {
    let region = machine.memory.region("turn", false, 64);
    let primes = machine.unknowns(24, Interval::new(Dyadic::integer(3), Dyadic::integer((1 << 17) - 1)), 0);
    machine.append(region, VECTOR / 2, Kind::Integer, &primes);
    let inverses = machine.unknowns(8, Interval::unsigned(DIGIT), 0);
    machine.append(region, VECTOR, Kind::Integer, &inverses);
    let mut lanes = Vec::new();
    for (primes, inverse) in primes.as_chunks::<3>().0.iter().zip(&inverses) {
        let primes = [symbol(&primes[0])?, symbol(&primes[1])?, symbol(&primes[2])?];
        let product = [symbol(inverse)?, primes[0], primes[1], primes[2]];
        machine.give_inverse(&product, DIGIT, Interval::unsigned(DIGIT))?;
        lanes.push(primes);
    }
    Ok((start(region), lanes))
}
