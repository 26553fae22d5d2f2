//! The inner loops, as blocks of assembly, for every size: the number of digits is a parameter.
//!
//! Why assembly: with intrinsics, the compiler spills registers and takes twice as long, and in an unoptimised build each
//! intrinsic is a function call.
//!
//! There are 16 registers of four lanes. A group of six columns has its upper sums in `ymm0` to `ymm5` and its lower sums in
//! `ymm6` to `ymm11`. `ymm12` is the digit of a that the current row multiplies, and `ymm13` to `ymm15` are temporaries. The
//! digits of b are read from memory. Row i adds `a[i] * b[k - i]` to each column k of the group; the cursor of b moves down
//! while that of a moves up.
//!
//! All branches are loops whose counts are sizes, and all addresses are those of the operands plus a size.

use super::numbers::{Columns, Constants, Indices, Lanes, Number, Vector, digits};
use crate::kernels::assembly::kernel;
use crate::kernels::cpu::Avx2Fma;

/// Columns of a full group.
const GROUP: usize = 6;

/// `h <- h + upper part`, `l <- l + lower part` of the product of `ymm12` and an operand, for the registers h and l and a
/// temporary: see the module [`super`].
macro_rules! product {
    ($h:literal $l:literal $t:literal, $b:literal) => {
        concat!(
            "vmovapd ymm",
            $t,
            ", ymm",
            $h,
            "\n",
            "vfmadd231pd ymm",
            $h,
            ", ymm12, ",
            $b,
            "\n",
            "vsubpd ymm",
            $t,
            ", ymm",
            $t,
            ", ymm",
            $h,
            "\n",
            "vfmadd231pd ymm",
            $t,
            ", ymm12, ",
            $b,
            "\n",
            "vaddpd ymm",
            $l,
            ", ymm",
            $l,
            ", ymm",
            $t,
            "\n",
        )
    };
}

/// Adds `ymm12 * b[c]` to column c.
macro_rules! column {
    (0) => { product!(0 6 13, "[{b}]") };
    (1) => { product!(1 7 14, "[{b} + 32*1]") };
    (2) => { product!(2 8 15, "[{b} + 32*2]") };
    (3) => { product!(3 9 13, "[{b} + 32*3]") };
    (4) => { product!(4 10 14, "[{b} + 32*4]") };
    (5) => { product!(5 11 15, "[{b} + 32*5]") };
}

/// Adds the square of `ymm12` to column c.
macro_rules! squared {
    (0) => { product!(0 6 13, "ymm12") };
    (2) => { product!(2 8 15, "ymm12") };
    (4) => { product!(4 10 14, "ymm12") };
}

/// A row: the next digit of a, and the products with its columns.
macro_rules! row {
    ($($column:tt)*) => {
        concat!("vmovapd ymm12, [{a}]\n", "add {a}, 32\n", $(column!($column),)* "sub {b}, 32\n")
    };
}

/// A row that begins with the square of its digit, in the first column.
macro_rules! diagonal {
    ($first:tt $($column:tt)*) => {
        concat!(
            "vmovapd ymm12, [{a}]\n", "add {a}, 32\n", squared!($first), $(column!($column),)* "sub {b}, 32\n",
        )
    };
}

/// `{rows}` rows of six columns. At least one.
macro_rules! full_rows {
    ($label:literal) => {
        concat!($label, ":\n", row!(0 1 2 3 4 5), "dec {rows}\n", "jnz ", $label, "b\n")
    };
}

/// The rows of a group of upper columns before those of all six: column c begins with row c.
macro_rules! upper_corner {
    () => {
        concat!(row!(0), row!(0 1), row!(0 1 2), row!(0 1 2 3), row!(0 1 2 3 4))
    };
}

/// The rows of a group of lower columns after those of all six: column c ends with row c of these, counted from 1.
macro_rules! lower_corner {
    () => {
        concat!(row!(1 2 3 4 5), row!(2 3 4 5), row!(3 4 5), row!(4 5), row!(5))
    };
}

/// The last three rows of a group of a square, which begin with the square of a digit.
macro_rules! squares {
    () => {
        concat!(diagonal!(0 1 2 3 4 5), diagonal!(2 3 4 5), diagonal!(4 5))
    };
}

/// The start values of six columns.
macro_rules! start {
    () => {
        concat!(
            "vmovapd ymm0, [{start}]\n",
            "vmovapd ymm1, ymm0\n",
            "vmovapd ymm2, ymm0\n",
            "vmovapd ymm3, ymm0\n",
            "vmovapd ymm4, ymm0\n",
            "vmovapd ymm5, ymm0\n",
            "vmovapd ymm6, [{start} + 32]\n",
            "vmovapd ymm7, ymm6\n",
            "vmovapd ymm8, ymm6\n",
            "vmovapd ymm9, ymm6\n",
            "vmovapd ymm10, ymm6\n",
            "vmovapd ymm11, ymm6\n",
        )
    };
}

/// `register <- t[at]`, for each pair.
macro_rules! load {
    ($($register:literal $at:literal)*) => {
        concat!($("vmovapd ymm", $register, ", [{t} + 32*", $at, "]\n",)*)
    };
}

/// `t[at] <- register`, for each pair.
macro_rules! store {
    ($($register:literal $at:literal)*) => {
        concat!($("vmovapd [{t} + 32*", $at, "], ymm", $register, "\n",)*)
    };
}

/// Columns 0 to D+1 of the product of two numbers, in full groups. Both are followed by two digits of zero, so that the last
/// group needs no code of its own.
///
/// `rows` counts the full rows of a group, and `begin` is where the row of `a[0]` begins in b.
macro_rules! lower_groups {
    () => {
        concat!(
            "mov {next:e}, 1\n",
            "2:\n",
            start!(),
            "mov {a}, {first}\n",
            "mov {b}, {begin}\n",
            "mov {rows}, {next}\n",
            full_rows!("3"),
            lower_corner!(),
            store!(0 0 6 1 1 2 7 3 2 4 8 5 3 6 9 7 4 8 10 9 5 10 11 11),
            "add {t}, 32*12\n",
            "add {begin}, 32*6\n",
            "add {next}, 6\n",
            "dec {lower}\n",
            "jnz 2b\n",
        )
    };
}

/// The upper columns from D+2 to 2D-2 of the product of two numbers, in full groups and a single column. `$begin` loads the
/// columns of a group into their registers.
///
/// The group that begins at column k begins with `a[k-D+1]` and the last digit of b. `next` counts its full rows.
macro_rules! upper_groups {
    ($begin:ident $begin_last:ident) => {
        concat!(
            "2:\n",
            $begin!(),
            "mov {a}, {first}\n",
            "mov {b}, {last}\n",
            "mov {rows}, {next}\n",
            upper_corner!(),
            full_rows!("3"),
            store!(0 0 6 1 1 2 7 3 2 4 8 5 3 6 9 7 4 8 10 9 5 10 11 11),
            "add {t}, 32*12\n",
            "add {first}, 32*6\n",
            "sub {next}, 6\n",
            "dec {upper}\n",
            "jnz 2b\n",
            $begin_last!(),
            // The last row again, for its last product.
            "sub {a}, 32\n",
            "mov {b}, {last}\n",
            row!(0),
            store!(0 0 6 1),
        )
    };
}

/// The start values of one column.
macro_rules! start_one {
    () => {
        "vmovapd ymm0, [{start}]\nvmovapd ymm6, [{start} + 32]\n"
    };
}

/// The columns of a group, to be added to.
macro_rules! load_columns {
    () => {
        load!(0 0 6 1 1 2 7 3 2 4 8 5 3 6 9 7 4 8 10 9 5 10 11 11)
    };
}

/// A single column, to be added to.
macro_rules! load_one {
    () => {
        load!(0 0 6 1)
    };
}

/// `t = a^2`, all columns, where `twice` is 2a.
pub(super) fn square<const L: usize>(_: Avx2Fma, a: &Number<L>, twice: &Number<L>, t: &mut Columns<L>) {
    /// # Safety
    ///
    /// The CPU has AVX2 and FMA. With D digits, `a` and `twice` are valid for reads of D+2 vectors, `start` of two, and `t` is
    /// valid for writes of 4D. All are aligned to 32 bytes.
    #[inline(never)]
    #[allow(unsafe_code)]
    unsafe fn all(a: *const Vector, twice: *const Vector, t: *mut Vector, start: *const Vector, digits: usize) {
        // SAFETY: as above. The last of the lower groups begins at column D-4, so its row 0 reads up to digit D+1.
        unsafe {
            kernel!(ymm:
                [
                    // A lower group that begins at column k has k/2 full rows, and then three that begin with a square.
                    "xor {next:e}, {next:e}",
                    "2:",
                    start!(),
                    "mov {a}, {first}",
                    "mov {b}, {begin}",
                    "mov {rows}, {next}",
                    "test {rows}, {rows}",
                    "jz 4f",
                    full_rows!("3"),
                    "4:",
                    squares!(),
                    store!(0 0 6 1 1 2 7 3 2 4 8 5 3 6 9 7 4 8 10 9 5 10 11 11),
                    "add {t}, 32*12",
                    "add {begin}, 32*6",
                    "add {next}, 3",
                    "dec {lower}",
                    "jnz 2b",
                    // The first of the upper groups begins at column D+2, so in row 3. One that begins at column k has D-6 -
                    // k/2 full rows between the corner and the squares.
                    "add {first}, 32*3",
                    "mov {next}, {next_upper}",
                    "2:",
                    start!(),
                    "mov {a}, {first}",
                    "mov {b}, {last}",
                    "mov {rows}, {next}",
                    upper_corner!(),
                    full_rows!("3"),
                    squares!(),
                    store!(0 0 6 1 1 2 7 3 2 4 8 5 3 6 9 7 4 8 10 9 5 10 11 11),
                    "add {t}, 32*12",
                    "add {first}, 32*6",
                    "sub {next}, 3",
                    "dec {upper}",
                    "jnz 2b",
                    // The last group, at column 2D-8, where the corner and the squares overlap.
                    start!(),
                    "mov {a}, {first}",
                    "mov {b}, {last}",
                    row!(0),
                    row!(0 1),
                    row!(0 1 2),
                    diagonal!(0 1 2 3),
                    diagonal!(2 3 4),
                    diagonal!(4 5),
                    store!(0 0 6 1 1 2 7 3 2 4 8 5 3 6 9 7 4 8 10 9 5 10 11 11),
                    // The last column.
                    start_one!(),
                    diagonal!(0),
                    store!(0 12 6 13),
                ]
                a = out(reg) _,
                b = out(reg) _,
                rows = out(reg) _,
                next = out(reg) _,
                first = inout(reg) a => _,
                begin = inout(reg) twice => _,
                last = in(reg) twice.wrapping_add(digits - 1),
                next_upper = in(reg) digits / 2 - 7,
                lower = inout(reg) (digits + 2) / GROUP => _,
                upper = inout(reg) (digits - 10) / GROUP => _,
                t = inout(reg) t => _,
                start = in(reg) start,
            );
        }
    }
    // SAFETY: `Avx2Fma` is proof that the CPU has the instructions. The types have these numbers of vectors and this alignment.
    #[allow(unsafe_code)]
    unsafe {
        all(a.as_ptr(), twice.as_ptr(), t.as_mut_ptr(), Constants::<L>::START.as_ptr(), digits::<L>());
    }
}

/// `t = a * b`, all columns.
pub(super) fn multiply<const L: usize>(_: Avx2Fma, a: &Number<L>, b: &Number<L>, t: &mut Columns<L>) {
    /// # Safety
    ///
    /// The CPU has AVX2 and FMA. With D digits, `a` and `b` are valid for reads of D+2 vectors, `start` of two, and `t` is
    /// valid for writes of 4D. All are aligned to 32 bytes.
    #[inline(never)]
    #[allow(unsafe_code)]
    unsafe fn all(a: *const Vector, b: *const Vector, t: *mut Vector, start: *const Vector, digits: usize) {
        // SAFETY: as above. The last of the lower groups begins at column D-4, so its row 0 reads up to digit D+1 of b, and its
        // last row reads digit D+1 of a.
        unsafe {
            kernel!(ymm:
                [
                    lower_groups!(),
                    "add {first}, 32*3",
                    "mov {next}, {next_upper}",
                    upper_groups!(start start_one),
                ]
                a = out(reg) _,
                b = out(reg) _,
                rows = out(reg) _,
                next = out(reg) _,
                first = inout(reg) a => _,
                begin = inout(reg) b => _,
                last = in(reg) b.wrapping_add(digits - 1),
                next_upper = in(reg) digits - 8,
                lower = inout(reg) (digits + 2) / GROUP => _,
                upper = inout(reg) (digits - 4) / GROUP => _,
                t = inout(reg) t => _,
                start = in(reg) start,
            );
        }
    }
    // SAFETY: `Avx2Fma` is proof that the CPU has the instructions. The types have these numbers of vectors and this alignment.
    #[allow(unsafe_code)]
    unsafe {
        all(a.as_ptr(), b.as_ptr(), t.as_mut_ptr(), Constants::<L>::START.as_ptr(), digits::<L>());
    }
}

/// `t = a * b`, columns 0 to D-1.
pub(super) fn multiply_low<const L: usize>(_: Avx2Fma, a: &Number<L>, b: &Number<L>, t: &mut Columns<L>) {
    /// # Safety
    ///
    /// The CPU has AVX2 and FMA. With D digits, `a` and `b` are valid for reads of D vectors, `start` of two, and `t` is valid
    /// for writes of 2D. All are aligned to 32 bytes.
    #[inline(never)]
    #[allow(unsafe_code)]
    unsafe fn low(a: *const Vector, b: *const Vector, t: *mut Vector, start: *const Vector, digits: usize) {
        // SAFETY: as above.
        unsafe {
            kernel!(ymm:
                [
                    lower_groups!(),
                    // The last four columns.
                    start!(),
                    "mov {a}, {first}",
                    "mov {b}, {begin}",
                    "3:",
                    row!(0 1 2 3),
                    "dec {next}",
                    "jnz 3b",
                    row!(1 2 3),
                    row!(2 3),
                    row!(3),
                    store!(0 0 6 1 1 2 7 3 2 4 8 5 3 6 9 7),
                ]
                a = out(reg) _,
                b = out(reg) _,
                rows = out(reg) _,
                next = out(reg) _,
                first = in(reg) a,
                begin = inout(reg) b => _,
                lower = inout(reg) (digits - 4) / GROUP => _,
                t = inout(reg) t => _,
                start = in(reg) start,
            );
        }
    }
    // SAFETY: `Avx2Fma` is proof that the CPU has the instructions. The types have these numbers of vectors and this alignment.
    #[allow(unsafe_code)]
    unsafe {
        low(a.as_ptr(), b.as_ptr(), t.as_mut_ptr(), Constants::<L>::START.as_ptr(), digits::<L>());
    }
}

/// Adds `a * b` to the columns from D-1 on. Column D-2 becomes that of `a * b` alone, without its lower sum, and so does the
/// lower sum of column D-1, except for its start.
pub(super) fn add_high<const L: usize>(_: Avx2Fma, a: &Number<L>, b: &Number<L>, t: &mut Columns<L>) {
    /// # Safety
    ///
    /// The CPU has AVX2 and FMA. With D digits, `a` and `b` are valid for reads of D vectors, `start` of three, and `t`, which
    /// points to column D-2, is valid for reads and writes of 2D+4. All are aligned to 32 bytes.
    #[inline(never)]
    #[allow(unsafe_code)]
    unsafe fn high(a: *const Vector, b: *const Vector, t: *mut Vector, start: *const Vector, digits: usize) {
        // SAFETY: as above.
        unsafe {
            kernel!(ymm:
                [
                    // Columns D-2 to D+1.
                    start_one!(),
                    "vmovapd ymm1, [{t} + 32*2]",
                    "vmovapd ymm7, [{start} + 32*2]",
                    load!(2 4 8 5 3 6 9 7),
                    "mov {a}, {first}",
                    "mov {b}, {last}",
                    "sub {b}, 32",
                    row!(0 1),
                    row!(0 1 2),
                    "3:",
                    row!(0 1 2 3),
                    "dec {rows}",
                    "jnz 3b",
                    row!(1 2 3),
                    store!(0 0 1 2 7 3 2 4 8 5 3 6 9 7),
                    "add {t}, 32*8",
                    "add {first}, 32*3",
                    upper_groups!(load_columns load_one),
                ]
                a = out(reg) _,
                b = out(reg) _,
                rows = inout(reg) digits - 3 => _,
                next = inout(reg) digits - 8 => _,
                first = inout(reg) a => _,
                last = in(reg) b.wrapping_add(digits - 1),
                upper = inout(reg) (digits - 4) / GROUP => _,
                t = inout(reg) t => _,
                start = in(reg) start,
            );
        }
    }
    let from = t.column_mut(digits::<L>() - 2);
    // SAFETY: `Avx2Fma` is proof that the CPU has the instructions. The types have these numbers of vectors and this
    // alignment. `from` points to column D-2 of 2D, so D+2 columns are left.
    #[allow(unsafe_code)]
    unsafe {
        high(a.as_ptr(), b.as_ptr(), from, Constants::<L>::START.as_ptr(), digits::<L>());
    }
}

/// A column's digit, before the carry from the column below, and its carry.
///
/// Registers: 2^-B in 8, M in 9, and the upper sum of the column below in 10, which is replaced by that of this column.
macro_rules! split {
    ($digit:literal $carry:literal $at:literal, $more:expr) => {
        concat!(
            "vmovapd ymm",
            $digit,
            ", [{t} + 64*",
            $at,
            " + 32]\n",
            "vfmadd231pd ymm",
            $digit,
            ", ymm10, ymm8\n",
            "vmovapd ymm10, [{t} + 64*",
            $at,
            "]\n",
            $more,
            "vaddpd ymm",
            $carry,
            ", ymm",
            $digit,
            ", ymm9\n",
            "vsubpd ymm",
            $carry,
            ", ymm",
            $carry,
            ", ymm9\n",
            "vsubpd ymm",
            $digit,
            ", ymm",
            $digit,
            ", ymm",
            $carry,
            "\n",
        )
    };
}

/// The digits of columns 0 to D-1, and the carry to column D.
pub(super) fn digits_low<const L: usize>(_: Avx2Fma, t: &Columns<L>, x: &mut Number<L>, carry: &mut Lanes) {
    /// # Safety
    ///
    /// The CPU has AVX2 and FMA. With D digits, `t` is valid for reads of 2D vectors, `start` of five, and `x` is valid for
    /// writes of D. All are aligned to 32 bytes.
    #[inline(never)]
    #[allow(unsafe_code)]
    unsafe fn low(t: *const Vector, x: *mut Vector, carry: &mut Lanes, start: *const Vector, digits: usize) {
        // SAFETY: as above.
        unsafe {
            kernel!(ymm:
                [
                    "vmovapd ymm9, [{start}]",
                    "vmovapd ymm8, [{start} + 32*3]",
                    "vmovapd ymm10, [{start} + 32*4]",
                    "vxorpd ymm1, ymm1, ymm1",
                    "2:",
                    split!(2 3 0, ""),
                    "vfmadd231pd ymm2, ymm1, ymm8",
                    "vmovapd [{x}], ymm2",
                    split!(0 1 1, ""),
                    "vfmadd231pd ymm0, ymm3, ymm8",
                    "vmovapd [{x} + 32], ymm0",
                    "add {t}, 64*2",
                    "add {x}, 32*2",
                    "dec {pairs}",
                    "jnz 2b",
                    "vmovapd [{carry}], ymm1",
                ]
                pairs = inout(reg) digits / 2 => _,
                t = inout(reg) t => _,
                x = inout(reg) x => _,
                carry = in(reg) &mut carry.0,
                start = in(reg) start,
            );
        }
    }
    // SAFETY: `Avx2Fma` is proof that the CPU has the instructions. The types have these numbers of vectors and this alignment.
    #[allow(unsafe_code)]
    unsafe {
        low(t.as_ptr(), x.as_mut_ptr(), carry, Constants::<L>::START.as_ptr(), digits::<L>());
    }
}

/// The inputs of [`digits_high`].
#[repr(C)]
struct Upper<'a> {
    /// Column D-2, which D+1 other columns follow.
    columns: *const Vector,
    /// Digit D-1 of the lower columns.
    below: *const Vector,
    carry: &'a Lanes,
    factor: &'a Lanes,
    start: *const Vector,
}

/// The digits of columns D to 2D-1, times a factor, and twice these digits. The carry from below is that of the lower columns,
/// whose highest digit is `below`, and that of what [`add_high`] added to them.
pub(super) fn digits_high<const L: usize>(
    _: Avx2Fma,
    t: &Columns<L>,
    below: &Number<L>,
    carry: &Lanes,
    factor: &Lanes,
    x: &mut Number<L>,
    twice: &mut Number<L>,
) {
    /// # Safety
    ///
    /// The CPU has AVX2 and FMA. With D digits, `from.columns` is valid for reads of 2D+4 vectors, `from.below` of one and
    /// `from.start` of four, and `x` and `twice` are valid for writes of D. All are aligned to 32 bytes.
    #[inline(never)]
    #[allow(unsafe_code)]
    unsafe fn high(from: &Upper<'_>, x: *mut Vector, twice: *mut Vector, digits: usize) {
        // SAFETY: as above.
        unsafe {
            kernel!(ymm:
                [
                    "vmovapd ymm9, [{start}]",
                    "vmovapd ymm8, [{start} + 32*3]",
                    "vmovapd ymm11, [{factor}]",
                    // The carry of column D-1, plus that of the lower columns, becomes ymm3 = carry * 2^-B.
                    "vmovapd ymm10, [{t}]",
                    split!(2 3 1, "vaddpd ymm2, ymm2, [{below}]\n"),
                    "vaddpd ymm3, ymm3, [{carry}]",
                    "vmulpd ymm3, ymm3, ymm8",
                    // Column D takes it before it is split.
                    split!(2 1 2, "vaddpd ymm2, ymm2, ymm3\nvmulpd ymm2, ymm2, ymm11\n"),
                    "vmovapd [{x}], ymm2",
                    "vaddpd ymm2, ymm2, ymm2",
                    "vmovapd [{twice}], ymm2",
                    split!(0 3 3, "vmulpd ymm0, ymm0, ymm11\n"),
                    "vfmadd231pd ymm0, ymm1, ymm8",
                    "vmovapd [{x} + 32], ymm0",
                    "vaddpd ymm0, ymm0, ymm0",
                    "vmovapd [{twice} + 32], ymm0",
                    "2:",
                    "add {t}, 64*2",
                    "add {x}, 32*2",
                    "add {twice}, 32*2",
                    split!(2 1 2, "vmulpd ymm2, ymm2, ymm11\n"),
                    "vfmadd231pd ymm2, ymm3, ymm8",
                    "vmovapd [{x}], ymm2",
                    "vaddpd ymm2, ymm2, ymm2",
                    "vmovapd [{twice}], ymm2",
                    split!(0 3 3, "vmulpd ymm0, ymm0, ymm11\n"),
                    "vfmadd231pd ymm0, ymm1, ymm8",
                    "vmovapd [{x} + 32], ymm0",
                    "vaddpd ymm0, ymm0, ymm0",
                    "vmovapd [{twice} + 32], ymm0",
                    "dec {pairs}",
                    "jnz 2b",
                ]
                pairs = inout(reg) digits / 2 - 1 => _,
                t = inout(reg) from.columns => _,
                below = in(reg) from.below,
                carry = in(reg) &from.carry.0,
                factor = in(reg) &from.factor.0,
                x = inout(reg) x => _,
                twice = inout(reg) twice => _,
                start = in(reg) from.start,
            );
        }
    }
    let from = Upper {
        columns: t.column(digits::<L>() - 2),
        below: below.as_ptr().wrapping_add(digits::<L>() - 1),
        carry,
        factor,
        start: Constants::<L>::START.as_ptr(),
    };
    // SAFETY: `Avx2Fma` is proof that the CPU has the instructions. The types have these numbers of vectors and this
    // alignment. `columns` points to column D-2 of 2D, so D+2 columns, which are 2D+4 vectors, are readable.
    #[allow(unsafe_code)]
    unsafe {
        high(&from, x.as_mut_ptr(), twice.as_mut_ptr(), digits::<L>());
    }
}

/// `x = table[index]`, lane by lane, for indices below 16. Reads every entry.
pub(super) fn select<const L: usize>(_: Avx2Fma, table: &[Number<L>; 16], index: &Indices, x: &mut Number<L>) {
    /// The vectors that one pass over the table selects, each in a register of its own.
    const PASS: usize = 12;
    const { assert!((digits::<L>() + 2).is_multiple_of(PASS)) }
    static ONE: Indices = Indices([1; 4]);
    macro_rules! each {
        ($macro:ident) => {
            concat!(
                $macro!(0),
                $macro!(1),
                $macro!(2),
                $macro!(3),
                $macro!(4),
                $macro!(5),
                $macro!(6),
                $macro!(7),
                $macro!(8),
                $macro!(9),
                $macro!(10),
                $macro!(11)
            )
        };
    }
    macro_rules! clear {
        ($i:literal) => {
            concat!("vpxor ymm", $i, ", ymm", $i, ", ymm", $i, "\n")
        };
    }
    macro_rules! merge {
        ($i:literal) => {
            concat!("vpand ymm14, ymm12, [{entry} + 32*", $i, "]\n", "vpor ymm", $i, ", ymm", $i, ", ymm14\n")
        };
    }
    macro_rules! put {
        ($i:literal) => {
            concat!("vmovapd [{x} + 32*", $i, "], ymm", $i, "\n")
        };
    }
    /// # Safety
    ///
    /// The CPU has AVX2. With D digits, `table` is valid for reads of 16 times D+2 vectors, and `x` for writes of D+2. Both are
    /// aligned to 32 bytes.
    #[inline(never)]
    #[allow(unsafe_code)]
    unsafe fn all(table: *const Vector, index: &Indices, x: *mut Vector, vectors: usize) {
        // SAFETY: as above. Each pass reads and writes 12 vectors.
        unsafe {
            kernel!(ymm:
                [
                    "2:",
                    each!(clear),
                    clear!(13),
                    "mov {entry}, {table}",
                    "mov {entries:e}, 16",
                    "3:",
                    "vpcmpeqq ymm12, ymm13, [{index}]",
                    "vpaddq ymm13, ymm13, [{one}]",
                    each!(merge),
                    "add {entry}, {size}",
                    "dec {entries}",
                    "jnz 3b",
                    each!(put),
                    "add {table}, 32*12",
                    "add {x}, 32*12",
                    "dec {passes}",
                    "jnz 2b",
                ]
                entry = out(reg) _,
                entries = out(reg) _,
                passes = inout(reg) vectors / PASS => _,
                size = in(reg) vectors * size_of::<Vector>(),
                table = inout(reg) table => _,
                index = in(reg) &index.0,
                one = in(reg) &ONE.0,
                x = inout(reg) x => _,
            );
        }
    }
    // SAFETY: `Avx2Fma` is proof that the CPU has the instructions. The types have these numbers of vectors and this alignment.
    #[allow(unsafe_code)]
    unsafe {
        all(table.as_ptr().cast(), index, x.as_mut_ptr(), digits::<L>() + 2);
    }
}

/// 96 primes for trial division: eight vectors of four products of three primes.
#[repr(C, align(32))]
pub(super) struct Turn {
    /// -1/P mod 2^50, balanced.
    pub(super) inverses: [Vector; 8],
    /// P.
    pub(super) products: [Vector; 8],
    /// 1/P, rounded.
    pub(super) reciprocals: [Vector; 8],
    /// The primes of each P.
    pub(super) primes: [[[i32; 4]; 3]; 8],
}

impl Turn {
    pub(super) const EMPTY: Self =
        Self { inverses: [[0.0; 4]; 8], products: [[0.0; 4]; 8], reciprocals: [[0.0; 4]; 8], primes: [[[0; 4]; 3]; 8] };
}

/// What [`divide`] adds to make integers of 50 bits and multiples of 2^50, and its scale.
#[repr(C, align(32))]
struct DivideConstants([Vector; 3]);

static DIVIDE: DivideConstants =
    DivideConstants([[1.5 * (1u128 << 102) as f64; 4], [1.0 / (1u64 << 50) as f64; 4], [1.5 * (1u64 << 52) as f64; 4]]);

/// The lanes of which a product shares a factor with a number, given as digits of 50 bits and a zero: see the module
/// [`sieve`](super::sieve). At least two digits.
///
/// Registers: s or c of each vector in 0 to 7, 1.5 * 2^102 or 1.5 * 2^52 in 8, 2^-50 in 9, the digit in 10.
#[inline(never)]
pub(super) fn divide(_: Avx2Fma, digits: &[f64], turn: &Turn) -> u32 {
    let Some(steps @ 1..) = digits.len().checked_sub(1) else { return 0 };
    let found: u32;
    macro_rules! eight {
        ($macro:ident) => {
            concat!($macro!(0), $macro!(1), $macro!(2), $macro!(3), $macro!(4), $macro!(5), $macro!(6), $macro!(7))
        };
    }
    macro_rules! begin {
        ($i:literal) => {
            concat!("vmovapd ymm", $i, ", ymm10\n")
        };
    }
    // One step of four vectors, each operation for all of them, so that none waits for the one before.
    macro_rules! steps {
        ($($s:literal $t:literal,)*) => {
            concat!(
                $(
                    "vmovapd ymm", $t, ", ymm8\n",
                    "vfmadd231pd ymm", $t, ", ymm", $s, ", [{inverses} + 32*", $s, "]\n",
                )*
                $("vsubpd ymm", $t, ", ymm", $t, ", ymm8\n",)*
                $("vfmsub231pd ymm", $t, ", ymm", $s, ", [{inverses} + 32*", $s, "]\n",)*
                $("vfmadd231pd ymm", $s, ", ymm", $t, ", [{products} + 32*", $s, "]\n",)*
                $("vfmadd213pd ymm", $s, ", ymm9, ymm10\n",)*
            )
        };
    }
    // c modulo one prime, which is in the first register, by the other two; multiplied into ymm10.
    macro_rules! rest {
        ($c:literal $q:literal $a:literal $b:literal) => {
            concat!(
                "vmulpd ymm15, ymm",
                $a,
                ", ymm",
                $b,
                "\n",
                "vmulpd ymm15, ymm15, ymm14\n",
                "vaddpd ymm15, ymm15, ymm8\n",
                "vsubpd ymm15, ymm15, ymm8\n",
                "vfnmadd213pd ymm15, ymm",
                $q,
                ", ymm",
                $c,
                "\n",
                "vmulpd ymm10, ymm10, ymm15\n",
            )
        };
    }
    macro_rules! rests {
        ($c:literal) => {
            concat!(
                "vcvtdq2pd ymm11, [{primes} + 48*", $c, "]\n",
                "vcvtdq2pd ymm12, [{primes} + 48*", $c, " + 16]\n",
                "vcvtdq2pd ymm13, [{primes} + 48*", $c, " + 32]\n",
                "vmulpd ymm14, ymm", $c, ", [{reciprocals} + 32*", $c, "]\n",
                rest!($c 11 12 13),
                rest!($c 12 11 13),
                rest!($c 13 11 12),
            )
        };
    }
    // SAFETY: `Avx2Fma` is proof that the CPU has the instructions. They read a first digit and `steps` more, and the turn and
    // the constants, which are aligned to 32 bytes.
    #[allow(unsafe_code)]
    unsafe {
        kernel!(ymm:
            [
                "vmovapd ymm8, [{constants}]",
                "vmovapd ymm9, [{constants} + 32]",
                "vbroadcastsd ymm10, [{digit}]",
                eight!(begin),
                "2:",
                "add {digit}, 8",
                "vbroadcastsd ymm10, [{digit}]",
                steps!(0 11, 1 12, 2 13, 3 14,),
                steps!(4 11, 5 12, 6 13, 7 14,),
                "dec {steps}",
                "jnz 2b",
                "vmovapd ymm8, [{constants} + 32*2]",
                "vmovapd ymm10, ymm8",
                eight!(rests),
                "vxorpd ymm11, ymm11, ymm11",
                "vcmpeqpd ymm10, ymm10, ymm11",
                "vmovmskpd {found:e}, ymm10",
            ]
            digit = inout(reg) digits.as_ptr() => _,
            steps = inout(reg) steps => _,
            found = lateout(reg) found,
            inverses = in(reg) &turn.inverses,
            reciprocals = in(reg) &turn.reciprocals,
            primes = in(reg) &turn.primes,
            products = in(reg) &turn.products,
            constants = in(reg) &DIVIDE,
        );
    }
    found
}

/// Wipes the vector registers, which may still contain secrets, and leaves them in the state that code without vectors expects.
#[inline(never)]
pub(super) fn wipe_registers(_: Avx2Fma) {
    // SAFETY: `Avx2Fma` is proof that the CPU has the instructions. They use declared registers.
    #[allow(unsafe_code)]
    unsafe {
        kernel!(ymm: ["vzeroall"]);
    }
}

/// Only products of registers, for comparison: 240 of them, in six columns.
#[cfg(any(test, fuzzing, ssh_keypair_internals))]
pub(in crate::kernels::bignum) fn multiply_240_times(_: Avx2Fma) {
    // SAFETY: `Avx2Fma` is proof that the CPU has the instructions. They use declared registers.
    #[allow(unsafe_code)]
    unsafe {
        kernel!(ymm: [
            ".rept 40",
            product!(0 6 13, "ymm12"),
            product!(1 7 14, "ymm12"),
            product!(2 8 15, "ymm12"),
            product!(3 9 13, "ymm12"),
            product!(4 10 14, "ymm12"),
            product!(5 11 15, "ymm12"),
            ".endr",
        ]);
    }
}
