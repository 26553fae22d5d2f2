//! The numbers of the AVX2 kernels, and their bounds: the table of `src/kernels/bignum/avx2/mod.rs`, in one place.
//!
//! The bounds that a kernel may assume for its inputs are those that another one is shown to guarantee for its results.

use super::super::{Kind, Subject, near, start};
use crate::dyadic::Dyadic;
use crate::finding::Result;
use crate::interval::Interval;
use crate::machine::Machine;
use crate::memory::{RegionId, Scalar};
use crate::polynomial::Polynomial;
use crate::word::{Number, Word};

/// The bytes of a vector.
pub(super) const VECTOR: u32 = 32;

/// A number of L limbs: D digits of B bits.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(super) limbs: usize,
    pub(super) digits: usize,
    pub(super) bits: i32,
}

/// L, D and B of every size that is compiled.
pub(crate) const SHAPES: [Shape; 5] = [
    Shape { limbs: 16, digits: 22, bits: 47 },
    Shape { limbs: 24, digits: 34, bits: 46 },
    Shape { limbs: 32, digits: 46, bits: 45 },
    Shape { limbs: 48, digits: 70, bits: 44 },
    Shape { limbs: 64, digits: 94, bits: 44 },
];

/// The number of products of which a column is the sum, in units of D.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sums {
    /// Of one product of two numbers.
    One,
    /// Of two.
    Two,
}

impl Shape {
    /// The name of the size, for findings.
    pub(crate) fn name(&self) -> String {
        format!("{} bits", 64 * self.limbs)
    }

    /// 2^(B-1), and a carry of 2^(54-B).
    pub(super) fn digit_bound(&self) -> Dyadic {
        Dyadic::power_of_two(self.bits - 1).add(Dyadic::power_of_two(54 - self.bits)).unwrap_or(Dyadic::ZERO)
    }

    /// The bound on computed digits. Later, 2 may be added to them.
    pub(super) fn result_bound(&self) -> Dyadic {
        self.digit_bound().add(Dyadic::integer(-2)).unwrap_or(Dyadic::ZERO)
    }

    /// H, the start of an upper sum.
    pub(super) fn upper_start(&self) -> Dyadic {
        Dyadic::new(3, 51 + self.bits)
    }

    /// The start of a lower sum: -2^52 - 2^(51-B).
    pub(super) fn lower_start(&self) -> Dyadic {
        Dyadic::new(-(1 << self.bits) * 2 - 1, 51 - self.bits)
    }

    /// The start of the lower sum of column D-1.
    pub(super) fn last_lower_start(&self) -> Dyadic {
        Dyadic::new(-3, 51)
    }

    /// The largest distance of an upper sum from its start.
    pub(super) fn upper_bound(&self, sums: Sums) -> Dyadic {
        Dyadic::power_of_two(self.bits + if sums == Sums::One { 50 } else { 51 })
    }

    /// The largest distance of a lower sum from its start.
    pub(super) fn lower_bound(&self, sums: Sums) -> Dyadic {
        let products = if sums == Sums::One { self.digits } else { 2 * self.digits };
        Dyadic::new(products as i128, self.bits - 1)
    }

    /// The largest distance of the carry of the lower columns from 2^51.
    pub(super) fn carry_bound(&self) -> Dyadic {
        Dyadic::power_of_two(52)
    }

    /// H, the start of lower sums, the start of that of column D-1, 2^-B, and the upper sum before column 0, as doubles.
    pub(crate) fn constant_values(&self) -> [u64; 5] {
        let two = |power: i32| f64::from_bits(((1023 + power) as u64) << 52);
        let upper = 1.5 * two(52 + self.bits);
        [upper, -two(52) - two(51 - self.bits), -1.5 * two(52), two(-self.bits), upper + two(51)].map(f64::to_bits)
    }

    /// The table of constants.
    pub(super) fn constants(&self, machine: &mut Machine, subject: &Subject<'_>) -> Scalar {
        let region = machine.memory.region("the constants", false, VECTOR);
        for (at, bits) in self.constant_values().into_iter().enumerate() {
            // A quarter more, or less.
            let bits = if subject.altered == Some(at) { bits ^ 1 << 50 } else { bits };
            machine.memory.push(region, VECTOR, Some(Word::Bits(bits)));
        }
        start(region)
    }

    /// D digits of a number.
    pub(super) fn unknown_digits(&self, machine: &mut Machine, excess: i32) -> Vec<Number> {
        machine.unknowns(self.digits, Interval::around_zero(self.digit_bound().shift(excess)), 0)
    }

    /// A region with digits, and perhaps the two zeros that follow them.
    pub(super) fn number(
        &self,
        machine: &mut Machine,
        name: &'static str,
        digits: &[Number],
        zeros: bool,
    ) -> (Scalar, Vec<Polynomial>) {
        let region = machine.memory.region(name, false, VECTOR);
        let polynomials = machine.append(region, VECTOR, Kind::Double, digits);
        if zeros {
            machine.append(
                region,
                VECTOR,
                Kind::Double,
                &[Number::constant(Dyadic::ZERO), Number::constant(Dyadic::ZERO)],
            );
        }
        (start(region), polynomials)
    }

    /// The sums of one column, as a product leaves them, where the lower sum began with `lower_start`.
    pub(super) fn unknown_column(
        &self,
        machine: &mut Machine,
        lower_start: Dyadic,
        [upper, lower]: [Sums; 2],
        excess: i32,
    ) -> [Number; 2] {
        let upper = Interval::around(self.upper_start(), self.upper_bound(upper).shift(excess));
        let lower = Interval::around(lower_start, self.lower_bound(lower).shift(excess));
        [machine.unknown(upper, self.bits), machine.unknown(lower, 0)]
    }

    /// Checks that the sums of one column are within their bounds, and that the upper one is a multiple of 2^B.
    pub(super) fn check_column(
        &self,
        k: usize,
        [upper, lower]: [&Number; 2],
        lower_start: Dyadic,
        sums: [Sums; 2],
    ) -> Result<()> {
        near(|| format!("the upper sum of column {k}"), upper, self.upper_start(), self.upper_bound(sums[0]))?;
        near(|| format!("the lower sum of column {k}"), lower, lower_start, self.lower_bound(sums[1]))?;
        crate::finding::ensure(upper.unit >= self.bits && lower.unit >= 0, || {
            format!("column {k} is not a multiple of its unit")
        })
    }
}

/// Checks every size with a check of one size.
pub(super) fn every_shape(check: impl Fn(&Shape) -> Result<()>) -> Result<()> {
    SHAPES.iter().try_for_each(|shape| check(shape).map_err(|finding| finding.at(shape.name())))
}

/// A region to write to, with a number of vectors.
pub(super) fn results(machine: &mut Machine, name: &'static str, vectors: usize) -> RegionId {
    let region = machine.memory.region(name, true, VECTOR);
    machine.reserve(region, VECTOR, vectors);
    region
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shapes_follow_their_formulas() {
        for shape in SHAPES {
            assert_eq!(shape.digits, 3 * shape.limbs / 2 - 2);
            assert_eq!(shape.bits as usize, (64 * shape.limbs + 8).div_ceil(shape.digits));
            let start = -(2f64.powi(52)) - 2f64.powi(51 - shape.bits);
            assert_eq!(shape.lower_start(), Dyadic::from_double(start.to_bits()).unwrap());
        }
    }
}
