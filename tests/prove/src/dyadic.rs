//! Exact numbers m * 2^e. Every finite double is one, and so is every coefficient of a polynomial.

use crate::finding::{Finding, Result};
use std::cmp::Ordering;
use std::fmt;

/// mantissa * 2^exponent, where the mantissa is odd, or zero with the exponent zero.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Dyadic {
    mantissa: i128,
    exponent: i32,
}

impl Dyadic {
    pub(crate) const ZERO: Self = Self { mantissa: 0, exponent: 0 };
    pub(crate) const ONE: Self = Self { mantissa: 1, exponent: 0 };
    pub(crate) const MINUS_ONE: Self = Self { mantissa: -1, exponent: 0 };

    pub(crate) fn new(mantissa: i128, exponent: i32) -> Self {
        if mantissa == 0 {
            return Self::ZERO;
        }
        let zeros = mantissa.trailing_zeros();
        Self { mantissa: mantissa >> zeros, exponent: exponent + zeros as i32 }
    }

    pub(crate) fn integer(value: i128) -> Self {
        Self::new(value, 0)
    }

    pub(crate) fn power_of_two(exponent: i32) -> Self {
        Self { mantissa: 1, exponent }
    }

    /// The value of a normal double or of a zero.
    pub(crate) fn from_double(bits: u64) -> Result<Self> {
        let (sign, exponent, fraction) = (bits >> 63, (bits >> 52 & 0x7ff) as i32, (bits & ((1 << 52) - 1)) as i128);
        match exponent {
            0 if fraction == 0 => Ok(Self::ZERO),
            0 | 0x7ff => Err(Finding::new(format!("{bits:#x} is not a normal double"))),
            _ => {
                let magnitude = fraction | 1 << 52;
                Ok(Self::new(if sign == 1 { -magnitude } else { magnitude }, exponent - 1075))
            }
        }
    }

    pub(crate) fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    pub(crate) fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// The largest u for which this is a multiple of 2^u. Zero is a multiple of all of them: `i32::MAX`.
    pub(crate) fn unit(self) -> i32 {
        if self.is_zero() { i32::MAX } else { self.exponent }
    }

    /// The e for which the magnitude is at least 2^e and below 2^(e+1). None for zero.
    pub(crate) fn magnitude(self) -> Option<i32> {
        let bits = 128 - self.mantissa.unsigned_abs().leading_zeros() as i32;
        (bits > 0).then_some(self.exponent + bits - 1)
    }

    pub(crate) fn negate(self) -> Self {
        Self { mantissa: -self.mantissa, ..self }
    }

    pub(crate) fn abs(self) -> Self {
        Self { mantissa: self.mantissa.abs(), ..self }
    }

    pub(crate) fn shift(self, by: i32) -> Self {
        Self::new(self.mantissa, self.exponent + by)
    }

    pub(crate) fn add(self, other: Self) -> Result<Self> {
        if self.is_zero() || other.is_zero() {
            return Ok(if self.is_zero() { other } else { self });
        }
        let exponent = self.exponent.min(other.exponent);
        let sum = self.mantissa_at(exponent).zip(other.mantissa_at(exponent)).and_then(|(a, b)| a.checked_add(b));
        sum.map(|sum| Self::new(sum, exponent)).ok_or_else(|| Finding::new("a coefficient has more than 127 bits"))
    }

    pub(crate) fn sub(self, other: Self) -> Result<Self> {
        self.add(other.negate())
    }

    pub(crate) fn mul(self, other: Self) -> Result<Self> {
        let product = self.mantissa.checked_mul(other.mantissa);
        product
            .map(|product| Self::new(product, self.exponent + other.exponent))
            .ok_or_else(|| Finding::new("a coefficient has more than 127 bits"))
    }

    /// The mantissa in units of 2^exponent, which must not be above its own.
    fn mantissa_at(self, exponent: i32) -> Option<i128> {
        let shift = u32::try_from(self.exponent - exponent).ok()?;
        let shifted = self.mantissa.checked_shl(shift)?;
        (shifted >> shift == self.mantissa).then_some(shifted)
    }

    /// The nearest multiple of 2^unit that is not above the number, or not below it.
    fn round_to(self, unit: i32, up: bool) -> Self {
        if self.is_zero() || self.exponent >= unit {
            return self;
        }
        let shift = (unit - self.exponent) as u32;
        let floor = if shift > 126 { if self.mantissa < 0 { -1 } else { 0 } } else { self.mantissa >> shift };
        // The mantissa is odd, so something was cut off.
        Self::new(floor + i128::from(up), unit)
    }

    /// A number with a mantissa of `bits` bits that is at most this one, or at least this one.
    pub(crate) fn coarse(self, bits: i32, up: bool) -> Self {
        match self.magnitude() {
            Some(magnitude) => self.round_to(magnitude - bits + 1, up),
            None => self,
        }
    }

    /// The sum, rounded down or up if it does not fit. For mantissas of at most 62 bits.
    pub(crate) fn add_toward(self, other: Self, up: bool) -> Self {
        let (Some(a), Some(b)) = (self.magnitude(), other.magnitude()) else {
            return if self.is_zero() { other } else { self };
        };
        let unit = a.max(b) - 120;
        let (a, b) = (self.round_to(unit, up), other.round_to(unit, up));
        a.add(b).unwrap_or(Self::ZERO)
    }

    /// The largest integer that is not above the number.
    pub(crate) fn floor(self) -> Self {
        self.round_to(0, false)
    }
}

impl PartialOrd for Dyadic {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Dyadic {
    fn cmp(&self, other: &Self) -> Ordering {
        let signs = self.mantissa.signum().cmp(&other.mantissa.signum());
        let (Some(a), Some(b)) = (self.magnitude(), other.magnitude()) else { return signs };
        if signs != Ordering::Equal {
            return signs;
        }
        let magnitudes = a.cmp(&b).then_with(|| {
            // Both have the same highest bit, so they have at most 127 bits when aligned.
            let exponent = self.exponent.min(other.exponent);
            self.abs().mantissa_at(exponent).cmp(&other.abs().mantissa_at(exponent))
        });
        if self.is_negative() { magnitudes.reverse() } else { magnitudes }
    }
}

impl fmt::Display for Dyadic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.exponent {
            0 => write!(f, "{}", self.mantissa),
            exponent if self.mantissa == 1 => write!(f, "2^{exponent}"),
            exponent => write!(f, "{}*2^{exponent}", self.mantissa),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_are_exact() {
        for double in [0.0, 1.0, -1.5, 1e300, 6_755_399_441_055_744.0, 1.0 / 3.0] {
            let exact = Dyadic::from_double(f64::to_bits(double)).unwrap();
            assert_eq!(exact.mantissa as f64 * 2f64.powi(exact.exponent), double);
        }
        assert!(Dyadic::from_double(f64::NAN.to_bits()).is_err());
        assert!(Dyadic::from_double(1).is_err());
    }

    #[test]
    fn sums_are_exact_or_an_error() {
        let sum = Dyadic::power_of_two(100).add(Dyadic::power_of_two(-20)).unwrap();
        assert_eq!(sum.sub(Dyadic::power_of_two(100)), Ok(Dyadic::power_of_two(-20)));
        assert!(Dyadic::power_of_two(100).add(Dyadic::power_of_two(-40)).is_err());
        assert_eq!(Dyadic::integer(6).mul(Dyadic::integer(-4)), Ok(Dyadic::integer(-24)));
    }

    #[test]
    fn order_is_that_of_numbers() {
        let ordered = [(-3, 90), (-1, 2), (-7, -1), (0, 0), (1, -300), (1, 0), (3, -1), (1, 1), (1, 400)];
        for pair in ordered.windows(2) {
            assert!(Dyadic::new(pair[0].0, pair[0].1) < Dyadic::new(pair[1].0, pair[1].1), "{pair:?}");
        }
    }

    #[test]
    fn rounding_goes_in_the_given_direction() {
        let x = Dyadic::new(-5, -1);
        assert_eq!((x.floor(), x.round_to(0, true)), (Dyadic::integer(-3), Dyadic::integer(-2)));
        assert_eq!(Dyadic::integer(0b10111).coarse(3, false), Dyadic::integer(0b10100));
        assert_eq!(Dyadic::integer(0b10111).coarse(3, true), Dyadic::integer(0b11000));
        let tiny = Dyadic::power_of_two(-500);
        assert!(Dyadic::ONE.add_toward(tiny, true) > Dyadic::ONE);
        assert_eq!(Dyadic::ONE.add_toward(tiny, false), Dyadic::ONE);
        assert!(Dyadic::ONE.add_toward(tiny.negate(), false) < Dyadic::ONE);
    }
}
