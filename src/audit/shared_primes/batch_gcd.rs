//! The greatest common divisors of one number with each of many, by trees: D. J. Bernstein, "How to find smooth parts of
//! integers" (2004) for the product tree, and "Scaled remainder trees" (2004) for the way down.
//!
//! With N the product of the n_i, and S the sum of all N/n_i, S and N/n_i are congruent modulo n_i, as n_i divides every other
//! term. So gcd(n_i, S) is what n_i has in common with the product of the others, and S is the only number to be reduced modulo
//! each n_i.
//!
//! The way down uses fractions of S/N instead of remainders: the fraction of S/n for a node n is that of S/(n m), for its
//! parent, multiplied by the sibling m. So there is only one division, at the root.

use alloc::vec::Vec;
use core::mem;
use dashu_int::UBig;
use dashu_int::ops::{BitTest, Gcd};

/// The levels of a product tree, leaves first, root last. A node without a sibling is its own parent in the next level.
pub(super) type Tree = Vec<Vec<UBig>>;

/// How many more bits a fraction has than its denominator. See [`Fraction`].
const GUARD_BITS: usize = 64;

/// The number of levels above this many leaves.
pub(super) fn depth(leaves: usize) -> usize {
    leaves.checked_next_power_of_two().map_or(usize::BITS, usize::trailing_zeros) as usize
}

/// What each number has in common with the product of the others.
pub(super) fn with_the_others(numbers: Vec<UBig>, step: &mut dyn FnMut()) -> Vec<UBig> {
    let tree = product_tree(numbers, step);
    let sum = sum_of_cofactors(&tree, step);
    gcds(&sum, tree, step)
}

/// The tree of products. `step` is called for each of the [`depth`] levels.
pub(super) fn product_tree(leaves: Vec<UBig>, step: &mut dyn FnMut()) -> Tree {
    let (mut tree, mut level) = (Tree::new(), leaves);
    while level.len() > 1 {
        let above = level.chunks(2).map(|pair| pair.iter().product()).collect();
        tree.push(mem::replace(&mut level, above));
        step();
    }
    tree.push(level);
    tree
}

/// The sum of root / leaf over all leaves. `step` is called for each of the [`depth`] levels.
fn sum_of_cofactors(tree: &Tree, step: &mut dyn FnMut()) -> UBig {
    let leaves = tree.first().map_or(0, Vec::len);
    let mut sums: Vec<UBig> = (0..leaves).map(|_| UBig::ONE).collect();
    let below_the_root = tree.split_last().map_or(&[][..], |(_, below)| below);
    for level in below_the_root {
        let pairs = level.chunks(2).zip(sums.chunks(2));
        sums = pairs.map(sum_of_pair).collect();
        step();
    }
    sums.pop().unwrap_or_default()
}

fn sum_of_pair(nodes_and_sums: (&[UBig], &[UBig])) -> UBig {
    match nodes_and_sums {
        ([a, b], [of_a, of_b]) => of_a * b + of_b * a,
        (_, sums) => sums.iter().sum(),
    }
}

/// The greatest common divisor of each leaf with x. `step` is called 1 + [`depth`] times.
pub(super) fn gcds(x: &UBig, mut tree: Tree, step: &mut dyn FnMut()) -> Vec<UBig> {
    let mut level = tree.pop().unwrap_or_default();
    let mut fractions: Vec<Fraction> = level.iter().map(|root| Fraction::new(x, root)).collect();
    step();
    // A level is freed once the one below it has its fractions.
    while let Some(below) = tree.pop() {
        let mut of_below = Vec::with_capacity(below.len());
        for (pair, fraction) in below.chunks(2).zip(fractions) {
            match pair {
                [a, b] => of_below.extend([fraction.times(b, a), fraction.times(a, b)]),
                _ => of_below.push(fraction),
            }
        }
        (level, fractions) = (below, of_below);
        step();
    }
    level.iter().zip(fractions).map(|(leaf, fraction)| leaf.gcd(fraction.remainder(leaf))).collect()
}

/// The fractional part of x/n, as a number with `bits` bits after the point: as many as n has, plus [`GUARD_BITS`].
///
/// It is rounded down, by less than 1 in the last place at the root. A step down from n m to n multiplies the error by m and
/// drops as many of the last bits as n m is longer than n. Together this less than doubles the error, and adds less than 1.
/// After d steps the error is below 2^(d+1) in the last place, and below 2^(d+1-64) as a remainder modulo n. This is below a
/// half, as no memory has room for a tree of depth 62. An error that leads below zero wraps around to just below one, which
/// stands for the same remainder.
struct Fraction {
    digits: UBig,
    bits: usize,
}

impl Fraction {
    fn new(x: &UBig, n: &UBig) -> Self {
        let bits = n.bit_len() + GUARD_BITS;
        let mut digits = (x << bits) / n;
        digits.clear_high_bits(bits);
        Self { digits, bits }
    }

    /// The fraction of x/n, from that of x/(n m).
    fn times(&self, m: &UBig, n: &UBig) -> Self {
        let bits = n.bit_len() + GUARD_BITS;
        let mut digits = &self.digits * m;
        digits.clear_high_bits(self.bits);
        digits >>= self.bits - bits;
        Self { digits, bits }
    }

    /// x modulo n, or n instead of 0.
    fn remainder(&self, n: &UBig) -> UBig {
        let half = UBig::ONE << (self.bits - 1);
        (&self.digits * n + half) >> self.bits
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::test_numbers::number;
    use super::*;
    use crate::random::Random;
    use std::vec;

    #[test]
    fn gcds_are_those_of_one_number_after_the_other() {
        let mut random = Random(1);
        for leaves in 0..40 {
            let numbers: Vec<UBig> = (0..leaves).map(|_| number(&mut random, 300) | UBig::ONE).collect();
            let x = number(&mut random, 6000);
            let expected: Vec<UBig> = numbers.iter().map(|n| n.gcd(&x)).collect();
            let mut steps = 0;
            let tree = product_tree(numbers, &mut || steps += 1);
            assert_eq!(steps, if leaves < 2 { 0 } else { depth(leaves) });
            assert_eq!(gcds(&x, tree, &mut || ()), expected);
        }
    }

    #[test]
    fn a_remainder_of_nothing_is_all_in_common() {
        let numbers = [3u8, 5, 7, 9].map(UBig::from).to_vec();
        let tree = product_tree(numbers.clone(), &mut || ());
        assert_eq!(gcds(&UBig::ZERO, tree.clone(), &mut || ()), numbers);
        assert_eq!(gcds(&UBig::from(945u16), tree, &mut || ()), numbers);
    }

    #[test]
    fn numbers_of_very_different_lengths_stand_in_one_tree() {
        let mut random = Random(1);
        let numbers: Vec<UBig> = (0..30).map(|i| number(&mut random, 8 << (i % 12)) | UBig::ONE).collect();
        let product: UBig = numbers.iter().product();
        let expected: Vec<UBig> = numbers.iter().map(|n| n.gcd(&product / n)).collect();
        assert_eq!(with_the_others(numbers, &mut || ()), expected);
    }

    #[test]
    fn depth_is_the_number_of_levels_above_the_leaves() {
        let depths = [0, 1, 2, 3, 4, 5, 8, 9].map(depth);
        assert_eq!(depths.to_vec(), vec![0, 0, 1, 2, 2, 3, 3, 4]);
    }
}
