//! Splits numbers into coprime ones, following D. J. Bernstein, "Factoring into coprimes in essentially linear time"
//! (Journal of Algorithms 54, 2005).
//!
//! We need less than a coprime base: each of the coprime numbers divides those that it came from, and exponents do not matter.

use super::batch_gcd::{gcds, product_tree};
use alloc::vec::Vec;
use dashu_int::UBig;
use dashu_int::ops::Gcd;

/// What a number and a member of a set of coprime numbers have in common, if it is not 1.
pub(super) struct Common {
    /// The index of the number.
    pub(super) number: usize,
    /// The index of the member.
    pub(super) member: usize,
    pub(super) gcd: UBig,
}

/// What each of the numbers has in common with each of the coprime ones.
///
/// The set of coprime numbers is halved repeatedly, and only what a number has in common with a half is passed down to that
/// half. What is passed to the two halves is coprime. So all numbers that are in use at once are together no longer than the
/// original ones, and each level of halving takes the time of a few trees of all numbers.
pub(super) fn common_factors(numbers: &[UBig], coprimes: &[UBig]) -> Vec<Common> {
    let mut found = Vec::new();
    descend(numbers.iter().cloned().enumerate().collect(), coprimes, 0, &mut found);
    found
}

/// [`common_factors`] for the members from index `first` on.
fn descend(numbers: Vec<(usize, UBig)>, members: &[UBig], first: usize, found: &mut Vec<Common>) {
    let Some(product) = product_tree(members.to_vec(), &mut || ()).pop().and_then(|mut root| root.pop()) else {
        return;
    };
    let (places, numbers): (Vec<usize>, Vec<UBig>) = numbers.into_iter().unzip();
    let gcds = gcds(&product, product_tree(numbers, &mut || ()), &mut || ());
    let common = places.into_iter().zip(gcds).filter(|(_, gcd)| !gcd.is_one());
    if members.len() == 1 {
        found.extend(common.map(|(number, gcd)| Common { number, member: first, gcd }));
        return;
    }
    let common: Vec<(usize, UBig)> = common.collect();
    if common.is_empty() {
        return;
    }
    let (left, right) = members.split_at(members.len() / 2);
    descend(common.clone(), left, first, found);
    descend(common, right, first + left.len(), found);
}

/// Splits any numbers above 1 into coprime ones. Each prime of the numbers divides one of the results, and a result that has a
/// prime in common with one of the numbers divides that number.
///
/// Each half is split by itself, and then the two are merged.
pub(super) fn take_apart(numbers: &[UBig]) -> Vec<UBig> {
    match numbers {
        [] | [_] => numbers.to_vec(),
        _ => {
            let (left, right) = numbers.split_at(numbers.len() / 2);
            merge(take_apart(left), take_apart(right))
        }
    }
}

/// Merges two sets of coprime numbers: what a member of one has in common with a member of the other, and what is left of both.
fn merge(mut left: Vec<UBig>, mut right: Vec<UBig>) -> Vec<UBig> {
    let common = common_factors(&left, &right);
    for Common { number, member, gcd } in &common {
        left.get_mut(*number).into_iter().for_each(|number| remove_primes(number, gcd));
        right.get_mut(*member).into_iter().for_each(|number| remove_primes(number, gcd));
    }
    let left_over = left.into_iter().chain(right).filter(|number| !number.is_one());
    common.into_iter().map(|common| common.gcd).chain(left_over).collect()
}

/// Divides a number by all the primes of another, as often as they divide it.
fn remove_primes(number: &mut UBig, of: &UBig) {
    loop {
        let common = (&*number).gcd(of);
        if common.is_one() {
            return;
        }
        *number /= common;
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::test_numbers::PRIMES;
    use super::*;
    use crate::random::Random;

    /// Checks the guarantees of [`take_apart`], pair by pair.
    fn check(numbers: &[UBig]) {
        let coprimes = take_apart(numbers);
        for (i, a) in coprimes.iter().enumerate() {
            assert!(coprimes.iter().skip(i + 1).all(|b| a.gcd(b).is_one()));
        }
        for number in numbers {
            let mut rest = number.clone();
            for coprime in coprimes.iter().filter(|coprime| !number.gcd(*coprime).is_one()) {
                assert!(number.is_multiple_of(coprime));
                remove_primes(&mut rest, coprime);
            }
            assert!(rest.is_one(), "each prime of {number} is in one of {coprimes:?}");
        }
    }

    #[test]
    fn products_of_few_primes_are_split() {
        let mut random = Random(1);
        for round in 0..300 {
            let numbers: Vec<UBig> = (0..round % 17)
                .map(|_| (0..=random.below(3)).map(|_| UBig::from(PRIMES[random.below(PRIMES.len())])).product())
                .collect();
            check(&numbers);
        }
    }

    #[test]
    fn powers_are_split_as_far_as_their_primes_are() {
        let numbers = [8 * 3 * 5u16, 4 * 3, 9 * 25, 16, 2 * 3 * 7 * 7, 7].map(UBig::from);
        check(&numbers);
        check(&numbers[..2]);
    }

    #[test]
    fn all_products_of_two_primes_are_split_into_the_primes() {
        let primes: Vec<UBig> = PRIMES.into_iter().map(UBig::from).collect();
        let pairs = primes.iter().enumerate().flat_map(|(i, p)| primes.iter().skip(i + 1).map(move |q| p * q));
        let mut coprimes = take_apart(&pairs.collect::<Vec<_>>());
        coprimes.sort_unstable();
        assert_eq!(coprimes, primes);
    }
}
