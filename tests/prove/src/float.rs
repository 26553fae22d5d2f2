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
    Exact::new(symbols, exact, range, a.unit.saturating_add(b.unit).min(c.unit))?.finish(symbols)
}

/// `a + sign * b`.
pub(crate) fn add(symbols: &mut Symbols, a: &Number, sign: Dyadic, b: &Number) -> Result<Rounded> {
    let exact = a.polynomial.add_scaled(&b.polynomial, sign)?;
    Exact::new(symbols, exact, a.range.add(b.range.scale(sign)), a.unit.min(b.unit))?.finish(symbols)
}

/// `a * b`. The error of a rounding is a fraction of the product, at most 2^-53, so that the symbol keeps the known facts about
/// the product.
pub(crate) fn multiply(symbols: &mut Symbols, a: &Number, b: &Number) -> Result<Rounded> {
    let part = symbols.input(Interval::around_zero(Dyadic::power_of_two(-53)), -1000);
    let short = |product: Polynomial| product.mul(&Polynomial::symbol(part)).and(Ok(product));
    let product = match a.polynomial.mul(&b.polynomial).and_then(short) {
        Ok(product) => product,
        // The product has too many factors. The product of two names has two.
        Err(_) => {
            let mut name =
                |number: &Number| Polynomial::symbol(symbols.name(&number.polynomial, number.range, number.unit));
            let (a, b) = (name(a), name(b));
            a.mul(&b)?
        }
    };
    let exact = Exact::new(symbols, product, a.range.mul(b.range), a.unit.saturating_add(b.unit))?;
    if exact.is_double(symbols).is_some() {
        return exact.finish(symbols);
    }
    let error = exact.value.mul(&Polynomial::symbol(part))?;
    let range = exact.range.add(exact.range.mul(symbols.range_of(part)));
    let number = Number::new(exact.value.add(&error)?, range, exact.result_unit());
    Ok(Rounded { number, rounded: true })
}

/// An exact value, with a range and a unit.
struct Exact {
    value: Polynomial,
    range: Interval,
    /// A multiple of 2^unit.
    unit: i32,
}

/// The least power of two that is not below a magnitude.
fn power(magnitude: Dyadic) -> i32 {
    match magnitude.magnitude() {
        Some(power) if magnitude == Dyadic::power_of_two(power) => power,
        Some(power) => power + 1,
        None => i32::MIN,
    }
}

impl Exact {
    /// A value whose range and unit are known from its operands.
    fn new(symbols: &Symbols, value: Polynomial, range: Interval, unit: i32) -> Result<Self> {
        let value = symbols.with_given(&value)?;
        let range = range.intersect(symbols.range(&value))?;
        let unit = unit.max(symbols.unit(&value));
        let largest = range.max_magnitude();
        ensure(largest.is_zero() || ((-900..900).contains(&unit) && power(largest) < 900), || {
            "a double may be infinite or denormal".into()
        })?;
        Ok(Self { value, range, unit })
    }

    /// The unit with which this is a double, if it is one: a multiple of 2^u, and at most 2^(53+u).
    fn is_double(&self, symbols: &Symbols) -> Option<i32> {
        let power = power(self.range.max_magnitude());
        if power <= self.unit.saturating_add(53) {
            return Some(self.unit);
        }
        // If that cannot be decided, it is not known to be one.
        let is_multiple = |unit: &i32| symbols.is_multiple(&self.value, *unit).unwrap_or(false);
        if !symbols.has_given() {
            return None;
        }
        // The largest unit, because what follows depends on it.
        (power - 53..power).take_while(is_multiple).last()
    }

    /// The unit of the rounded value. From 2^e on, doubles are multiples of 2^(e-52).
    fn result_unit(&self) -> i32 {
        self.range.min_magnitude().magnitude().map_or(self.unit, |e| self.unit.max(e - 52))
    }

    /// The value itself if it is a double, or else the value less what rounding cuts off.
    fn finish(self, symbols: &mut Symbols) -> Result<Rounded> {
        if let Some(unit) = self.is_double(symbols) {
            return Ok(Rounded { number: Number::new(self.value, self.range, unit), rounded: false });
        }
        // Below 2^power, doubles are at most 2^(power-53) apart.
        let error = Dyadic::power_of_two(power(self.range.max_magnitude()) - 54);
        let (result_unit, result_range) = (self.result_unit(), self.range.add(Interval::around_zero(error)));
        let cut = symbols.rounding(self.value.clone(), error, self.unit, result_range, result_unit);
        let result = self.value.sub(&Polynomial::symbol(cut))?;
        Ok(Rounded { number: Number::new(result, result_range, result_unit), rounded: true })
    }
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
    fn the_machine_rounds_within_the_error_bounds() {
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
