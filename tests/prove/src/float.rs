//! Floating-point arithmetic, with rounding to nearest (IEEE 754).
//!
//! A result is exact if it is a multiple of 2^u and at most 2^(53+u) in magnitude: then it is a double. Otherwise the error of
//! the rounding becomes a symbol, so that the polynomial of every value is exact.

use crate::dyadic::Dyadic;
use crate::finding::{Result, ensure};
use crate::interval::Interval;
use crate::polynomial::Polynomial;
use crate::symbols::Symbols;
use crate::word::Number;

/// A result, and whether it may have been rounded.
pub(crate) struct Rounded {
    pub(crate) number: Number,
    pub(crate) rounded: bool,
}

/// `sign * a * b + c`, rounded once, for signs of 1 and -1.
pub(crate) fn fused(symbols: &mut Symbols, sign: Dyadic, a: &Number, b: &Number, c: &Number) -> Result<Rounded> {
    let exact = a.polynomial.mul(&b.polynomial)?.scale(sign)?.add(&c.polynomial)?;
    let range = a.range.mul(b.range).scale(sign).add(c.range);
    let unit = a.unit.saturating_add(b.unit).min(c.unit);
    round(symbols, exact, range, unit)
}

/// `a + sign * b`.
pub(crate) fn add(symbols: &mut Symbols, a: &Number, sign: Dyadic, b: &Number) -> Result<Rounded> {
    let exact = a.polynomial.add_scaled(&b.polynomial, sign)?;
    round(symbols, exact, a.range.add(b.range.scale(sign)), a.unit.min(b.unit))
}

/// Rounds an exact value, of which a range and a unit are known from its operands.
fn round(symbols: &mut Symbols, exact: Polynomial, range: Interval, unit: i32) -> Result<Rounded> {
    let range = range.intersect(symbols.range(&exact));
    let mut unit = unit.max(symbols.unit(&exact));
    let largest = range.max_magnitude();
    let Some(magnitude) = largest.magnitude() else {
        return Ok(Rounded { number: Number::constant(Dyadic::ZERO), rounded: false });
    };
    ensure((-900..=900).contains(&unit) && magnitude < 900, || "a double may be infinite or denormal".into())?;
    // The e with which the value is at most 2^e.
    let power = if largest == Dyadic::power_of_two(magnitude) { magnitude } else { magnitude + 1 };
    if power > 53 + unit && symbols.has_given() && symbols.is_multiple(&exact, power - 53)? {
        unit = power - 53;
    }
    if power <= 53 + unit {
        return Ok(Rounded { number: Number::new(exact, range, unit), rounded: false });
    }
    // Below 2^power, doubles are at most 2^(power-53) apart. From 2^e on, they are multiples of 2^(e-52).
    let error = Dyadic::power_of_two(power - 54);
    let result_unit = range.min_magnitude().magnitude().map_or(unit, |e| unit.max(e - 52));
    let result_range = range.add(Interval::around_zero(error));
    let cut = symbols.rounding(exact.clone(), error, unit, result_range, result_unit);
    let result = exact.sub(&Polynomial::symbol(cut))?;
    Ok(Rounded { number: Number::new(result, result_range, result_unit), rounded: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(symbols: &mut Symbols, bound: i128, unit: i32) -> Number {
        let symbol = symbols.input(Interval::around_zero(Dyadic::integer(bound)), unit);
        Number::symbol(symbol, symbols)
    }

    #[test]
    fn small_integers_are_exact() {
        let mut symbols = Symbols::default();
        let (a, b) = (input(&mut symbols, 1 << 26, 0), input(&mut symbols, 1 << 26, 0));
        let product = fused(&mut symbols, Dyadic::ONE, &a, &b, &Number::constant(Dyadic::ZERO)).unwrap();
        assert!(!product.rounded);
        let sum = add(&mut symbols, &product.number, Dyadic::ONE, &product.number).unwrap();
        assert!(!sum.rounded && *sum.number.polynomial == product.number.polynomial.scale(Dyadic::integer(2)).unwrap());
        let odd = add(&mut symbols, &sum.number, Dyadic::ONE, &Number::constant(Dyadic::integer(1 << 53))).unwrap();
        assert!(!odd.rounded, "twice an integer");
        let odd = add(&mut symbols, &product.number, Dyadic::ONE, &Number::constant(Dyadic::integer(1 << 53))).unwrap();
        assert!(odd.rounded);
    }

    #[test]
    fn the_two_parts_of_a_product_are_exact() {
        let mut symbols = Symbols::default();
        let (a, b) = (input(&mut symbols, 1 << 46, 0), input(&mut symbols, 1 << 46, 0));
        let start = Number::constant(Dyadic::new(3, 51 + 47));
        let upper = fused(&mut symbols, Dyadic::ONE, &a, &b, &start).unwrap();
        assert!(upper.rounded && upper.number.unit == 47);
        let back = add(&mut symbols, &start, Dyadic::MINUS_ONE, &upper.number).unwrap();
        assert!(!back.rounded);
        let lower = fused(&mut symbols, Dyadic::ONE, &a, &b, &back.number).unwrap();
        assert!(!lower.rounded && lower.number.polynomial.as_symbol().is_some());
        assert_eq!(lower.number.range, Interval::around_zero(Dyadic::power_of_two(46)));
    }

    /// The error bound and the unit of a result, compared with doubles.
    #[test]
    fn roundings_are_those_of_the_machine() {
        let mut state = 1u64;
        for _ in 0..10_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (a, b) = ((state >> 11) as f64, (state.wrapping_mul(7) >> 20) as f64);
            let exact = |x: f64| Number::constant(Dyadic::from_double(x.to_bits()).unwrap());
            let mut symbols = Symbols::default();
            let sum = fused(&mut symbols, Dyadic::ONE, &exact(a), &exact(b), &exact(3.0)).unwrap();
            let result = Dyadic::from_double(a.mul_add(b, 3.0).to_bits()).unwrap();
            let difference = sum.number.range.add(Interval::point(result.negate()));
            assert!(difference.low <= Dyadic::ZERO && Dyadic::ZERO <= difference.high);
            assert!(result.unit() >= sum.number.unit);
        }
    }
}
