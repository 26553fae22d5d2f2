//! The tables of constants, as they are in the program.

use super::{Statement, avx2};
use crate::dyadic::Dyadic;
use crate::finding::{Finding, Result, ensure};
use crate::program::Program;

pub(super) const TABLES: &[Statement] = &[
    Statement {
        name: "avx2 constants",
        values: "the start values and scales of every size are in the program",
        check: constants,
    },
    Statement {
        name: "avx2 primes",
        values: "all odd primes below 2^17, with products, inverses and reciprocals",
        check: avx2_primes,
    },
    Statement { name: "ifma primes", values: "all odd primes below 2^17, with inverses", check: ifma_primes },
];

/// Primes are below this.
const LIMIT: usize = 1 << 17;

/// The five vectors of constants of each size.
fn constants(program: &Program) -> Result<()> {
    let data = program.read_only()?;
    for shape in avx2::SHAPES {
        let table: Vec<u8> =
            shape.constant_values().iter().flat_map(|value| [value.to_le_bytes(); 4].concat()).collect();
        let found = data.windows(table.len()).step_by(32).any(|found| found == table);
        ensure(found, || format!("there are no constants for {}", shape.name()))?;
    }
    Ok(())
}

/// Which odd numbers are primes.
fn odd_primes() -> Vec<bool> {
    let mut prime: Vec<bool> = (0..LIMIT).map(|number| number > 2 && number % 2 == 1).collect();
    for factor in (3..LIMIT).take_while(|factor| factor * factor < LIMIT) {
        for multiple in (2 * factor..LIMIT).step_by(factor) {
            prime[multiple] = false;
        }
    }
    prime
}

/// Checks that every number is an odd prime, and that every odd prime below the bound is among them.
fn all_primes(primes: &[u32]) -> Result<()> {
    let expected = odd_primes();
    let mut found = vec![false; LIMIT];
    for prime in primes {
        let is_prime = usize::try_from(*prime).ok().filter(|prime| expected.get(*prime) == Some(&true));
        found[is_prime.ok_or_else(|| Finding::new(format!("{prime} is not an odd prime below 2^17")))?] = true;
    }
    ensure(found == expected, || "a prime is missing".into())
}

/// The values of a table of 32 or 64 bits.
fn words<const N: usize>(bytes: &[u8]) -> Vec<[u8; N]> {
    bytes.as_chunks().0.to_vec()
}

/// For each turn: eight vectors of inverses, of products and of reciprocals, as doubles, and eight times three vectors of primes.
fn avx2_primes(program: &Program) -> Result<()> {
    let mut all = Vec::new();
    let (turns, rest) = program.static_bytes("avx2::sieve::TABLE")?.as_chunks::<{ 3 * 256 + 384 }>();
    ensure(rest.is_empty(), || "an incomplete turn".into())?;
    for turn in turns {
        let (doubles, primes) = turn.split_at(3 * 256);
        let doubles =
            words(doubles).into_iter().map(u64::from_le_bytes).map(Dyadic::from_double).collect::<Result<Vec<_>>>()?;
        let primes: Vec<u32> = words(primes).into_iter().map(u32::from_le_bytes).collect();
        for at in 0..32 {
            let (vector, lane) = (at / 4, at % 4);
            let three = [0, 1, 2].map(|i| primes[12 * vector + 4 * i + lane]);
            let product = Dyadic::integer(three.iter().map(|prime| i128::from(*prime)).product());
            let (inverse, reciprocal) = (doubles[at], doubles[64 + at]);
            // The least product of three different ones is 3 * 5 * 7.
            let within = Dyadic::integer(105) <= product && product < Dyadic::power_of_two(51);
            ensure(doubles[32 + at] == product && within, || "not the product of its primes".into())?;
            let is_inverse = inverse.mul(product)?.add(Dyadic::ONE)?.unit() >= 50 && inverse.unit() >= 0;
            ensure(is_inverse && inverse.abs() <= Dyadic::power_of_two(49), || "not an inverse modulo 2^50".into())?;
            let error = reciprocal.mul(product)?.sub(Dyadic::ONE)?;
            ensure(error.abs() <= Dyadic::power_of_two(-53) && reciprocal.unit() >= -104, || {
                "not a reciprocal".into()
            })?;
            all.extend(three);
        }
    }
    all_primes(&all)
}

/// For each turn: eight times three vectors of primes, and eight vectors of inverses.
fn ifma_primes(program: &Program) -> Result<()> {
    let mut all = Vec::new();
    let (turns, rest) = program.static_bytes("ifma::sieve::TABLE")?.as_chunks::<{ 768 + 512 }>();
    ensure(rest.is_empty(), || "an incomplete turn".into())?;
    for turn in turns {
        let (primes, inverses) = turn.split_at(768);
        let primes: Vec<u32> = words(primes).into_iter().map(u32::from_le_bytes).collect();
        let inverses: Vec<u64> = words(inverses).into_iter().map(u64::from_le_bytes).collect();
        for (at, inverse) in inverses.iter().enumerate() {
            let (vector, lane) = (at / 8, at % 8);
            let three = [0, 1, 2].map(|i| primes[24 * vector + 8 * i + lane]);
            let product: u64 = three.iter().map(|prime| u64::from(*prime)).product();
            let is_inverse = inverse.wrapping_mul(product).wrapping_add(1).trailing_zeros() >= 52 && *inverse < 1 << 52;
            ensure(is_inverse && product < 1 << 51, || "not an inverse modulo 2^52".into())?;
            all.extend(three);
        }
    }
    all_primes(&all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_12250_odd_primes() {
        let is_prime = odd_primes();
        let primes: Vec<u32> = (0..LIMIT as u32).filter(|number| is_prime[*number as usize]).collect();
        assert_eq!(primes.len(), 12_250);
        assert_eq!(all_primes(&primes), Ok(()));
        assert!(all_primes(&primes[1..]).is_err() && all_primes(&[primes.as_slice(), &[9]].concat()).is_err());
    }
}
