//! Intervals: what is known about the size of a number. Ends have at most 62 bits, and are rounded outwards.

use crate::dyadic::Dyadic;
use crate::finding::{Result, ensure};
use std::fmt;

const BITS: i32 = 62;

/// All numbers from `low` to `high`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Interval {
    pub(crate) low: Dyadic,
    pub(crate) high: Dyadic,
}

impl Interval {
    pub(crate) fn new(low: Dyadic, high: Dyadic) -> Self {
        Self { low: low.coarse(BITS, false), high: high.coarse(BITS, true) }
    }

    pub(crate) fn point(value: Dyadic) -> Self {
        Self::new(value, value)
    }

    /// From -bound to bound.
    pub(crate) fn around_zero(bound: Dyadic) -> Self {
        Self::new(bound.negate(), bound)
    }

    /// From center - distance to center + distance.
    pub(crate) fn around(center: Dyadic, distance: Dyadic) -> Self {
        Self::point(center).add(Self::around_zero(distance))
    }

    /// The integers from 0 to 2^bits - 1.
    pub(crate) fn unsigned(bits: u32) -> Self {
        Self { low: Dyadic::ZERO, high: Dyadic::integer((1 << bits) - 1) }
    }

    pub(crate) fn add(self, other: Self) -> Self {
        Self::new(self.low.add_toward(other.low, false), self.high.add_toward(other.high, true))
    }

    pub(crate) fn negate(self) -> Self {
        Self { low: self.high.negate(), high: self.low.negate() }
    }

    pub(crate) fn mul(self, other: Self) -> Self {
        // Mantissas of 62 bits have products of 124, which are exact. Those of `unsigned` may have more.
        let (this, other) = (Self::new(self.low, self.high), Self::new(other.low, other.high));
        let product = |a: Dyadic, b: Dyadic| a.mul(b).unwrap_or(Dyadic::ZERO);
        let ends = [
            product(this.low, other.low),
            product(this.low, other.high),
            product(this.high, other.low),
            product(this.high, other.high),
        ];
        let [first, rest @ ..] = ends;
        let (low, high) = rest.iter().fold((first, first), |(low, high), end| (low.min(*end), high.max(*end)));
        Self::new(low, high)
    }

    pub(crate) fn scale(self, by: Dyadic) -> Self {
        self.mul(Self::point(by))
    }

    /// The interval with ends that are 2^bits times as large.
    pub(crate) fn scale_bits(self, bits: i32) -> Self {
        Self { low: self.low.shift(bits), high: self.high.shift(bits) }
    }

    /// What is in both. If that is nothing, what is known is contradictory, and would show anything.
    pub(crate) fn intersect(self, other: Self) -> Result<Self> {
        let both = Self { low: self.low.max(other.low), high: self.high.min(other.high) };
        ensure(both.low <= both.high, || format!("a number in both {self} and {other}"))?;
        Ok(both)
    }

    pub(crate) fn within(self, other: Self) -> bool {
        other.low <= self.low && self.high <= other.high
    }

    /// The largest magnitude.
    pub(crate) fn max_magnitude(self) -> Dyadic {
        self.low.abs().max(self.high.abs())
    }

    /// The smallest magnitude: zero if zero is in the interval.
    pub(crate) fn min_magnitude(self) -> Dyadic {
        if self.low > Dyadic::ZERO {
            self.low
        } else if self.high.is_negative() {
            self.high.negate()
        } else {
            Dyadic::ZERO
        }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}, {}]", self.low, self.high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(low: i128, high: i128) -> Interval {
        Interval::new(Dyadic::integer(low), Dyadic::integer(high))
    }

    #[test]
    fn products_have_the_extreme_ends() {
        assert_eq!(interval(-2, 3).mul(interval(-5, 4)), interval(-15, 12));
        assert_eq!(interval(2, 3).mul(interval(-5, -4)), interval(-15, -8));
        assert_eq!(interval(-2, 3).scale(Dyadic::integer(-2)), interval(-6, 4));
    }

    #[test]
    fn products_of_64_bits_are_not_lost() {
        let all = Interval::unsigned(64);
        assert!(all.mul(all).high >= Dyadic::new((1 << 64) - 2, 64));
    }

    #[test]
    fn a_contradiction_is_an_error() {
        assert_eq!(interval(-2, 3).intersect(interval(3, 4)), Ok(interval(3, 3)));
        assert!(interval(-2, 3).intersect(interval(4, 5)).is_err());
    }

    #[test]
    fn magnitudes_are_those_of_the_ends_or_zero() {
        assert_eq!(
            (interval(-7, 3).max_magnitude(), interval(-7, 3).min_magnitude()),
            (Dyadic::integer(7), Dyadic::ZERO)
        );
        assert_eq!(interval(-7, -3).min_magnitude(), Dyadic::integer(3));
    }

    #[test]
    fn ends_that_do_not_fit_are_rounded_outwards() {
        let wide = Interval::point(Dyadic::power_of_two(100).add(Dyadic::ONE).unwrap());
        assert!(wide.low < wide.high && wide.low == Dyadic::power_of_two(100));
        let sum = interval(0, 1).add(Interval::point(Dyadic::power_of_two(-400)));
        assert!(sum.low == Dyadic::power_of_two(-400) && sum.high > Dyadic::ONE);
    }
}
