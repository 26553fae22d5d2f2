//! A step of Montgomery's multiplication, from the claims about its kernels.
//!
//! The numbers are symbols here: T, the product of two numbers; low, its lower digits; n and n' = -1/n mod R; and q. The claims
//! of the kernels are identities between them:
//!
//! ```text
//! digits_low     T = low + R C + R (upper columns of T)         C = (carry - 2^51) / 2^B
//! multiply_low   low n' = (lower columns) + R e
//! digits_low     (lower columns) = q + R k
//! add_high       adds q n: of its column D-2 the upper sum, and its columns from D-1 on. The rest is not computed
//! digits_high    x = f (E + upper columns) modulo R,            E 2^B = round(below + column D-1) + C 2^B
//! ```
//!
//! [`is_multiple_of_r`] shows that low + q n is a multiple of R; [`is_rounded_to`], that the columns that are not computed are
//! less than half of the unit to which column D-1 is rounded. So E is exact, and x = f (T + q n) / R modulo R. [`is_small`] shows
//! that both sides differ by less than R, so that they are equal.

use super::shape::{Shape, Sums, every_shape};
use crate::dyadic::Dyadic;
use crate::finding::{Result, ensure};
use crate::interval::Interval;
use crate::polynomial::{Monomial, Polynomial};
use crate::program::Program;
use crate::symbols::Symbols;

pub(super) fn montgomery(_: &Program) -> Result<()> {
    is_multiple_of_r()?;
    every_shape(|shape| {
        is_rounded_to(shape)?;
        is_small(shape)
    })
}

/// low + q n = R (...), with q = low n' - R e - R k, and n n' = -1 + R w.
fn is_multiple_of_r() -> Result<()> {
    let mut symbols = Symbols::default();
    let any = Interval::around_zero(Dyadic::ONE);
    let [r, low, n, inverse, w, e, k] = [(); 7].map(|()| symbols.input(any, 0));
    let [at_r, at_low, at_n, at_inverse, at_w, at_e, at_k] = [r, low, n, inverse, w, e, k].map(Polynomial::symbol);
    let value = at_r.mul(&at_w)?.sub(&Polynomial::constant(Dyadic::ONE))?;
    symbols.give(Monomial::of(&[n, inverse])?, value);
    let q = at_low.mul(&at_inverse)?.sub(&at_r.mul(&at_e.add(&at_k)?)?)?;
    let sum = symbols.with_given(&at_low.add(&q.mul(&at_n)?)?)?;
    ensure(sum.divided_by(r).is_some(), || "low + q n is not a multiple of R".into())
}

/// 1 / (2^B - 1), or a little more: the sum of 2^(-Bk) for k from 1 on.
fn geometric(shape: &Shape) -> Result<Dyadic> {
    Dyadic::power_of_two(-shape.bits).add(Dyadic::power_of_two(1 - 2 * shape.bits))
}

/// Checks that everything below column D-1, in its units, is less than half of 2^B: the digits of low, and the columns of q n.
fn is_rounded_to(shape: &Shape) -> Result<()> {
    let column = shape.upper_bound(Sums::One).shift(-shape.bits).add(shape.lower_bound(Sums::One))?;
    let left_out = column.add(shape.digit_bound())?.mul(geometric(shape)?)?;
    ensure(left_out < Dyadic::power_of_two(shape.bits - 1), || format!("the left-out columns may be {left_out}"))
}

/// For |a|, |b| <= 2n: 2 |a b + q n| / R <= 2n, because q has digits within their bounds. The digits of a result differ from it
/// by a multiple of R, and by less than R.
fn is_small(shape: &Shape) -> Result<()> {
    // n / R <= 2^-8.
    let spare = shape.bits * shape.digits as i32 - 64 * shape.limbs as i32;
    ensure(spare >= 8, || format!("only {spare} bits to spare"))?;
    let digits = shape.digit_bound().mul(geometric(shape)?)?;
    // 2 (4 n / R + |q| / R), in units of n.
    let result = Dyadic::power_of_two(3 - spare).add(digits.shift(1))?;
    ensure(result <= Dyadic::integer(2), || format!("a result may be {result} n"))?;
    let apart = digits.add(Dyadic::power_of_two(1 - spare))?;
    ensure(apart < Dyadic::ONE, || "digits may stand for another number".into())?;
    // For |a|, |b| <= R/2, as when moduli are set, (|a b| + |q n|) / R is at most R/4 + n.
    let apart = digits.add(Dyadic::power_of_two(-2))?.add(Dyadic::power_of_two(-spare))?;
    ensure(apart < Dyadic::ONE, || "digits of a large product may stand for another number".into())
}

#[cfg(test)]
mod tests {
    use super::super::shape::SHAPES;
    use super::*;

    #[test]
    fn the_steps_fit_together_only_for_the_shapes_that_are_compiled() {
        assert_eq!(is_multiple_of_r(), Ok(()));
        for shape in SHAPES {
            assert_eq!(is_rounded_to(&shape).and_then(|()| is_small(&shape)), Ok(()));
            assert!(is_small(&Shape { bits: shape.bits - 1, ..shape }).is_err(), "R is too small");
        }
        // With digits of so few bits, the carry of an upper sum is larger than a digit.
        assert!(is_rounded_to(&Shape { limbs: 16, digits: 44, bits: 25 }).is_err());
    }
}
