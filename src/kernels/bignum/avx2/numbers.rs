//! How four numbers are stored.

use crate::kernels::bignum::limbs::{add_if, choice, word_at};
use subtle::{Choice, ConstantTimeEq, ConstantTimeLess};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// How many numbers are side by side.
pub(super) const LANES: usize = 4;

/// A digit, or a sum of products, of each number.
pub(super) type Vector = [f64; LANES];

/// The digits of a number of L limbs: D.
pub(super) const fn digits<const L: usize>() -> usize {
    3 * L / 2 - 2
}

/// The bits of a digit: B, the fewest with which R = 2^(BD) has at least eight bits more than the number.
pub(super) const fn digit_bits<const L: usize>() -> usize {
    (64 * L + 8).div_ceil(digits::<L>())
}

/// 1.5 * 2^52. A double between 2^52 and 2^53 is an integer, so this plus an integer below 2^51 in magnitude is exact, and has
/// the integer in its lowest bits.
const INTEGERS: f64 = 6_755_399_441_055_744.0;

/// An integer below 2^51 in magnitude, as a double. Takes the same time for all.
pub(super) fn to_double(integer: i64) -> f64 {
    f64::from_bits(INTEGERS.to_bits().wrapping_add_signed(integer)) - INTEGERS
}

/// The integer that a double below 2^51 in magnitude is. Takes the same time for all.
fn to_integer(double: f64) -> i64 {
    (double + INTEGERS).to_bits().wrapping_sub(INTEGERS.to_bits()).cast_signed()
}

/// 2^power as a double, for powers from -1022 to 1023. Takes the same time for all.
pub(super) const fn power_of_two(power: i64) -> f64 {
    f64::from_bits(((1023 + power) as u64) << 52)
}

/// Start values and scales of the kernels, in every lane.
pub(super) struct Constants<const L: usize>;

#[repr(C, align(32))]
pub(super) struct Table([Vector; 5]);

impl<const L: usize> Constants<L> {
    /// H = M, the start of l, that of column D-1, 2^-B, and the upper sum before column 0.
    pub(super) const START: &'static Table = &Self::table();

    const fn table() -> Table {
        let (d, b) = (digits::<L>(), digit_bits::<L>());
        // The shape that the kernels need.
        assert!(L.is_multiple_of(8) && d >= 22 && d % 6 == 4 && size_of::<Number<L>>() == 32 * (d + 2));
        // The bounds of the module documentation. Twice the digits, for a product that is not a square.
        assert!(b <= 47 && d < 1 << (52 - b));
        assert!(2 * d * (1 << (b - 1)) < 1 << 52);
        let b = b as i64;
        let h = 1.5 * power_of_two(52 + b);
        Table([
            [h; LANES],
            [-power_of_two(52) - power_of_two(51 - b); LANES],
            [-1.5 * power_of_two(52); LANES],
            [power_of_two(-b); LANES],
            [h + power_of_two(51); LANES],
        ])
    }
}

impl Table {
    pub(super) fn as_ptr(&self) -> *const Vector {
        self.0.as_ptr()
    }
}

/// Four doubles. Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
#[repr(C, align(32))]
pub(super) struct Lanes(pub(super) Vector);

/// Four integers. Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
#[repr(C, align(32))]
pub(super) struct Indices(pub(super) [u64; LANES]);

/// Four numbers of D digits and two zeros, digit by digit, lane by lane. They have as many doubles as six numbers have limbs,
/// which is how the type is declared. Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
#[repr(C, align(32))]
pub(super) struct Number<const L: usize>([[f64; L]; 6]);

impl<const L: usize> Number<L> {
    /// Zeros.
    pub(super) fn new() -> Self {
        Self([[0.0; L]; 6])
    }

    pub(super) fn as_ptr(&self) -> *const Vector {
        self.0.as_ptr().cast()
    }

    pub(super) fn as_mut_ptr(&mut self) -> *mut Vector {
        self.0.as_mut_ptr().cast()
    }

    /// The digits, of four lanes each, and the two zeros.
    pub(super) fn vectors(&self) -> &[Vector] {
        self.0.as_flattened().as_chunks().0
    }

    pub(super) fn vectors_mut(&mut self) -> &mut [Vector] {
        self.0.as_flattened_mut().as_chunks_mut().0
    }

    pub(super) fn copy_from(&mut self, other: &Self) {
        self.0 = other.0;
    }

    /// Puts a number of at most R/2 into a lane, balanced: each digit is from -2^(B-1) to 2^(B-1).
    pub(super) fn set(&mut self, lane: usize, limbs: &[u64]) {
        let b = digit_bits::<L>();
        let mut carry = 0;
        for (i, digit) in self.vectors_mut().iter_mut().take(digits::<L>()).enumerate() {
            let sum = (word_at(limbs, b * i) & ((1 << b) - 1)) + carry;
            // The highest digit is at most 2^(B-1), and has nowhere to carry to.
            carry = if i + 1 < digits::<L>() { (sum + (1 << (b - 1))) >> b } else { 0 };
            digit[lane] = to_double(sum.wrapping_sub(carry << b).cast_signed());
        }
    }

    /// Reads a number from a lane, and adds the modulus if it is negative. It must be at least minus the modulus, and below
    /// 2^(64 L).
    pub(super) fn get(&self, lane: usize, modulus: &[u64; L], limbs: &mut [u64; L]) {
        let b = digit_bits::<L>();
        limbs.fill(0);
        let mut carry = 0;
        for (i, digit) in self.vectors().iter().take(digits::<L>()).enumerate() {
            let sum = to_integer(digit[lane]) + carry;
            carry = sum >> b;
            let digit = sum.cast_unsigned() & ((1 << b) - 1);
            let (limb, bit) = (b * i / 64, b * i % 64);
            if let Some(limb) = limbs.get_mut(limb) {
                *limb |= digit << bit;
            }
            if let Some(limb) = limbs.get_mut(limb + 1) {
                *limb |= (digit >> 1) >> (63 - bit);
            }
        }
        // The carry is -1 for a negative number, else 0.
        add_if(limbs, modulus, choice(carry.cast_unsigned() & 1));
    }

    /// Whether a lane holds an integer from -3 to 3, if its digits are balanced.
    pub(super) fn is_tiny(&self, lane: usize) -> Choice {
        let Some((first, rest)) = self.vectors().split_first() else { return Choice::from(0) };
        // Without signs, because a zero may have one.
        let rest = rest.iter().fold(0, |all, digit| all | digit[lane].to_bits() << 1);
        to_integer(first[lane] + 3.0).cast_unsigned().ct_lt(&7) & rest.ct_eq(&0)
    }
}

/// The columns of a product: upper and lower sums in turn. Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
#[repr(C, align(32))]
pub(super) struct Columns<const L: usize>([[f64; L]; 24]);

impl<const L: usize> Columns<L> {
    /// Zeros.
    pub(super) fn new() -> Self {
        Self([[0.0; L]; 24])
    }

    pub(super) fn as_ptr(&self) -> *const Vector {
        self.0.as_ptr().cast()
    }

    pub(super) fn as_mut_ptr(&mut self) -> *mut Vector {
        self.0.as_mut_ptr().cast()
    }

    /// A pointer to a column. There are at least two times D.
    pub(super) fn column(&self, at: usize) -> *const Vector {
        self.as_ptr().wrapping_add(2 * at)
    }

    pub(super) fn column_mut(&mut self, at: usize) -> *mut Vector {
        self.as_mut_ptr().wrapping_add(2 * at)
    }

    /// Sets the columns from D-1 on to the sum of nothing. No kernel writes the last one, 2D-1, because no product belongs to
    /// it.
    pub(super) fn clear_high(&mut self) {
        let Table([upper, lower, ..]) = Constants::<L>::START;
        let vectors: &mut [Vector] = self.0.as_flattened_mut().as_chunks_mut().0;
        for column in vectors.as_chunks_mut().0.iter_mut().skip(digits::<L>() - 1) {
            *column = [*upper, *lower];
        }
    }
}
