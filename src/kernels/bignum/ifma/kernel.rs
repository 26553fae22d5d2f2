//! The inner loops, as blocks of assembly. A block of digits is ten digits of eight numbers.
//!
//! Why assembly: with intrinsics, the compiler keeps values in registers that it should load, and spills values that it should
//! keep, which halves the speed. In an unoptimised build each intrinsic is a function call, which makes it a hundred times
//! slower.
//!
//! Kernels keep their working values in registers: none of them writes an intermediate to memory. There are 32 registers of
//! eight lanes, `zmm0` to `zmm31`; the parameters of the macros below are their numbers. A multiply-add of the CPU yields one
//! half of a product,
//!
//! > `vpmadd52luq c, a, b`: c += a*b mod 2^52; `vpmadd52huq c, a, b`: c += a*b / 2^52,
//!
//! of the low 52 bits of a and b. The halves of the product of digits i and j are added to columns i+j and i+j+1. A column is a
//! sum of such halves in the 64 bits of a lane. With 80 digits, the maximum, it is the sum of 2*80 halves of a square, 2*80 of
//! a reduction and a carry, doubled: less than 2^62.
//!
//! No kernel is inlined: one copy of each serves all sizes, and more copies would not fit into the CPU's cache of decoded
//! instructions (40 digits took 700 ns instead of 600).
//!
//! The only kernels with a branch are `select` and `divide`, whose loop counts are sizes. The addresses are those of the
//! operands.
//!
//! `.ci/kernels` counts in the emitted code (`objdump`): a square of 20 digits has 420 multiply-adds and its reduction 800, and
//! no register is spilled.

use crate::kernels::assembly::kernel;
use crate::kernels::bignum::digits::{DIGIT_LANES, DIGIT_MASK};
use crate::kernels::cpu::Ifma;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Ten digits of eight numbers: digit by digit, eight lanes each. Aligned to 64 bytes for speed only.
pub(super) type Block = [u64; 10 * DIGIT_LANES];

/// One digit of eight numbers. Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
#[repr(C, align(64))]
pub(super) struct Lanes(pub(super) [u64; DIGIT_LANES]);

/// The 52 low bits of each lane.
static MASK: Lanes = Lanes([DIGIT_MASK; DIGIT_LANES]);

/// `register <- operand[at]`, for each pair.
macro_rules! load {
    ($operand:literal, [$($register:literal $at:literal)*]) => {
        concat!($("vmovdqu64 zmm", $register, ", [{", $operand, "} + 64*", $at, "]\n"),*)
    };
}

/// `operand[at] <- register`, for each pair.
macro_rules! store {
    ($operand:literal, [$($register:literal $at:literal)*]) => {
        concat!($("vmovdqu64 [{", $operand, "} + 64*", $at, "], zmm", $register, "\n"),*)
    };
}

/// `register <- 0`.
macro_rules! clear {
    ($($register:literal)*) => {
        concat!($("vpxorq zmm", $register, ", zmm", $register, ", zmm", $register, "\n"),*)
    };
}

/// `column += low half of a*b`.
macro_rules! low {
    ($column:literal, $a:literal, $b:literal) => {
        concat!("vpmadd52luq zmm", $column, ", zmm", $a, ", zmm", $b, "\n")
    };
}

/// `column += high half of a*b`.
macro_rules! high {
    ($column:literal, $a:literal, $b:literal) => {
        concat!("vpmadd52huq zmm", $column, ", zmm", $a, ", zmm", $b, "\n")
    };
}

/// `a += b`.
macro_rules! add {
    ($a:literal, $b:literal) => {
        concat!("vpaddq zmm", $a, ", zmm", $a, ", zmm", $b, "\n")
    };
}

/// The low halves of one digit a times several digits b, each added to its column.
macro_rules! lows {
    ($a:literal * [$($b:literal)*] => [$($column:literal)*]) => { concat!($(low!($column, $a, $b)),*) };
}

/// The same for the high halves.
macro_rules! highs {
    ($a:literal * [$($b:literal)*] => [$($column:literal)*]) => { concat!($(high!($column, $a, $b)),*) };
}

/// Adds all low halves to their columns, and then all high halves to the columns one further up, so that no column waits for
/// itself.
macro_rules! row {
    ($a:literal * $b:tt => $low:tt $high:tt) => {
        concat!(lows!($a * $b => $low), highs!($a * $b => $high))
    };
}

/// The square of a block, `t = a^2`: the products of two different digits, computed once and doubled, and the squares. 110
/// multiply-adds.
///
/// Registers: the columns in 0 to 19, a in 20 to 29. The products are ordered by their later digit, so that they can begin when
/// only the first digits of a are available.
#[inline(never)]
pub(super) fn square(_: Ifma, a: &Block, t: &mut [Block; 2]) {
    macro_rules! twice {
        ($($column:literal)*) => { concat!($(add!($column, $column)),*) };
    }
    macro_rules! squares {
        ($($a:literal: $low:literal $high:literal,)*) => { concat!($(low!($low, $a, $a), high!($high, $a, $a)),*) };
    }
    // SAFETY: `Ifma` is proof that the CPU has the instructions. They read `a`, write `t`, and use declared registers.
    #[allow(unsafe_code)]
    unsafe {
        kernel!(zmm:
            [
                clear!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19),
                load!("a", [20 0 21 1 22 2 23 3 24 4 25 5 26 6 27 7 28 8 29 9]),
                row!(21 * [20] => [1] [2]),
                row!(22 * [20 21] => [2 3] [3 4]),
                row!(23 * [20 21 22] => [3 4 5] [4 5 6]),
                row!(24 * [20 21 22 23] => [4 5 6 7] [5 6 7 8]),
                row!(25 * [20 21 22 23 24] => [5 6 7 8 9] [6 7 8 9 10]),
                row!(26 * [20 21 22 23 24 25] => [6 7 8 9 10 11] [7 8 9 10 11 12]),
                row!(27 * [20 21 22 23 24 25 26] => [7 8 9 10 11 12 13] [8 9 10 11 12 13 14]),
                row!(28 * [20 21 22 23 24 25 26 27] => [8 9 10 11 12 13 14 15] [9 10 11 12 13 14 15 16]),
                row!(29 * [20 21 22 23 24 25 26 27 28] => [9 10 11 12 13 14 15 16 17] [10 11 12 13 14 15 16 17 18]),
                twice!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18),
                squares!(20: 0 1, 21: 2 3, 22: 4 5, 23: 6 7, 24: 8 9, 25: 10 11, 26: 12 13, 27: 14 15, 28: 16 17, 29: 18 19,),
                store!("t", [0 0 1 1 2 2 3 3 4 4 5 5 6 6 7 7 8 8 9 9]),
                store!("t", [10 10 11 11 12 12 13 13 14 14 15 15 16 16 17 17 18 18 19 19]),
            ]
            a = in(reg) a, t = in(reg) t,
        );
    }
}

/// The ten rows of a product, `a[i] * b` for each i: `$begin` loads columns into their registers before their first row, and
/// `$end` stores them after their last one, which is row i for column i.
///
/// Registers: the columns in 0 to 19, `a[i]` in 30, b in 20 to 29. 200 multiply-adds.
macro_rules! product {
    ($begin:ident, $end:ident) => {
        concat!(
            load!("b", [20 0 21 1 22 2 23 3 24 4 25 5 26 6 27 7 28 8 29 9]),
            $begin!(0 1 2 3 4 5 6 7 8 9),
            product!($begin, $end,
                0 10 => [0 1 2 3 4 5 6 7 8 9] [1 2 3 4 5 6 7 8 9 10];
                1 11 => [1 2 3 4 5 6 7 8 9 10] [2 3 4 5 6 7 8 9 10 11];
                2 12 => [2 3 4 5 6 7 8 9 10 11] [3 4 5 6 7 8 9 10 11 12];
                3 13 => [3 4 5 6 7 8 9 10 11 12] [4 5 6 7 8 9 10 11 12 13];
                4 14 => [4 5 6 7 8 9 10 11 12 13] [5 6 7 8 9 10 11 12 13 14];
                5 15 => [5 6 7 8 9 10 11 12 13 14] [6 7 8 9 10 11 12 13 14 15];
                6 16 => [6 7 8 9 10 11 12 13 14 15] [7 8 9 10 11 12 13 14 15 16];
                7 17 => [7 8 9 10 11 12 13 14 15 16] [8 9 10 11 12 13 14 15 16 17];
                8 18 => [8 9 10 11 12 13 14 15 16 17] [9 10 11 12 13 14 15 16 17 18];
                9 19 => [9 10 11 12 13 14 15 16 17 18] [10 11 12 13 14 15 16 17 18 19];
            ),
            $end!(10 11 12 13 14 15 16 17 18 19),
        )
    };
    ($begin:ident, $end:ident, $($i:literal $top:literal => $low:tt $high:tt;)*) => {
        concat!($(
            $begin!($top),
            load!("a", [30 $i]),
            row!(30 * [20 21 22 23 24 25 26 27 28 29] => $low $high),
            $end!($i),
        )*)
    };
}

/// `t += a * b`. 200 multiply-adds.
#[inline(never)]
pub(super) fn multiply(_: Ifma, a: &Block, b: &Block, t: &mut [Block; 2]) {
    macro_rules! load_columns {
        ($($column:literal)*) => { load!("t", [$($column $column)*]) };
    }
    macro_rules! store_columns {
        ($($column:literal)*) => { store!("t", [$($column $column)*]) };
    }
    // SAFETY: `Ifma` is proof that the CPU has the instructions. They read `a`, `b` and `t`, write `t`, and use declared
    // registers.
    #[allow(unsafe_code)]
    unsafe {
        kernel!(zmm:
            [product!(load_columns, store_columns)]
            a = in(reg) a, b = in(reg) b, t = in(reg) t,
        );
    }
}

/// `t += 2 * a * b`, for two different blocks of a square. 200 multiply-adds.
///
/// `b` is the lower one, so that the rows can begin when only the first digit of `a` is available.
#[inline(never)]
pub(super) fn multiply_twice(_: Ifma, a: &Block, b: &Block, t: &mut [Block; 2]) {
    macro_rules! add_columns {
        ($($column:literal)*) => { concat!($(
            add!($column, $column),
            "vpaddq zmm", $column, ", zmm", $column, ", [{t} + 64*", $column, "]\n",
            store!("t", [$column $column]),
        )*) };
    }
    // SAFETY: `Ifma` is proof that the CPU has the instructions. They read `a`, `b` and `t`, write `t`, and use declared
    // registers.
    #[allow(unsafe_code)]
    unsafe {
        kernel!(zmm:
            [product!(clear, add_columns)]
            a = in(reg) a, b = in(reg) b, t = in(reg) t,
        );
    }
}

/// The multiplier that clears a column: `m = column * (-1/n) mod 2^52`. Also turns the column into the carry to the next one.
/// That is `column + low half of m*n[0]`, a multiple of 2^52, divided by 2^52, which equals column / 2^52 rounded up. So this
/// half need not be multiplied at all.
///
/// Registers: -1/n in 22.
macro_rules! multiplier {
    ($m:literal, $column:literal) => {
        concat!(
            clear!($m),
            low!($m, $column, 22),
            "vpaddq zmm", $column, ", zmm", $column, ", [{mask}]\n",
            "vpsrlq zmm", $column, ", zmm", $column, ", 52\n",
        )
    };
}

/// The [`multiplier`] of the next row, if there is one.
macro_rules! next_multiplier {
    ([] $m:literal, $column:literal) => {
        ""
    };
    ([$($row:literal)+] $m:literal, $column:literal) => {
        multiplier!($m, $column)
    };
}

/// Both halves of m times a digit of n, which is loaded first.
macro_rules! both {
    ($m:literal * $digit:literal => $low:literal $high:literal) => {
        concat!(load!("n", [24 $digit]), low!($low, $m, 24), high!($high, $m, 24))
    };
}

/// The rows of a Montgomery reduction, `m[i] * n` for twenty digits of n. Each row stores `m[i]` where column i was, and adds
/// its products to columns i+1 to i+20. In the middle of a row, as soon as column i+1 is complete, the computation of `m[i+1]`
/// begins, so that the next row need not wait for it. 40 multiply-adds per row.
///
/// Registers: -1/n in 22, `n[0]` to `n[6]` in 25 to 31, the other digits of n in 24 when they are needed; `m[i]` and `m[i+1]`
/// in 21 and 23, in turn; columns i to i+20 in 0 to 20, cyclically. `$end` processes the twenty columns that remain.
macro_rules! reduction_rows {
    // After the last row, which computes no further multiplier.
    ($end:ident [] $m:literal $next:literal
        $c0:literal $c1:literal $c2:literal $c3:literal $c4:literal $c5:literal $c6:literal $c7:literal $c8:literal
        $c9:literal $c10:literal $c11:literal $c12:literal $c13:literal $c14:literal $c15:literal $c16:literal
        $c17:literal $c18:literal $c19:literal $c20:literal) => {
        $end!($c0 $c1 $c2 $c3 $c4 $c5 $c6 $c7 $c8 $c9 $c10 $c11 $c12 $c13 $c14 $c15 $c16 $c17 $c18 $c19)
    };
    ($end:ident [$i:literal $($more:literal)*] $m:literal $next:literal
        $c0:literal $c1:literal $c2:literal $c3:literal $c4:literal $c5:literal $c6:literal $c7:literal $c8:literal
        $c9:literal $c10:literal $c11:literal $c12:literal $c13:literal $c14:literal $c15:literal $c16:literal
        $c17:literal $c18:literal $c19:literal $c20:literal) => {
        concat!(
            store!("t", [$m $i]),
            "vmovdqu64 zmm", $c20, ", [{t} + 64*20 + 64*", $i, "]\n",
            high!($c0, $m, 25),
            low!($c1, $m, 26),
            add!($c1, $c0),
            lows!($m * [27 28 29 30 31] => [$c2 $c3 $c4 $c5 $c6]),
            highs!($m * [26 27 28 29 30 31] => [$c2 $c3 $c4 $c5 $c6 $c7]),
            next_multiplier!([$($more)*] $next, $c1),
            both!($m * 7 => $c7 $c8),
            both!($m * 8 => $c8 $c9),
            both!($m * 9 => $c9 $c10),
            both!($m * 10 => $c10 $c11),
            both!($m * 11 => $c11 $c12),
            both!($m * 12 => $c12 $c13),
            both!($m * 13 => $c13 $c14),
            both!($m * 14 => $c14 $c15),
            both!($m * 15 => $c15 $c16),
            both!($m * 16 => $c16 $c17),
            both!($m * 17 => $c17 $c18),
            both!($m * 18 => $c18 $c19),
            both!($m * 19 => $c19 $c20),
            reduction_rows!($end [$($more)*] $next $m
                $c1 $c2 $c3 $c4 $c5 $c6 $c7 $c8 $c9 $c10 $c11 $c12 $c13 $c14 $c15 $c16 $c17 $c18 $c19 $c20 $c0),
        )
    };
}

/// Prepares the rows of a reduction: loads the digits and columns into their registers, and computes `m[0]`.
macro_rules! reduction_start {
    () => {
        concat!(
            load!("inverse", [22 0]),
            load!("t", [0 0 1 1 2 2 3 3 4 4 5 5 6 6 7 7 8 8 9 9]),
            load!("n", [25 0 26 1 27 2 28 3 29 4 30 5 31 6]),
            multiplier!(21, 0),
            load!("t", [10 10 11 11 12 12 13 13 14 14 15 15 16 16 17 17 18 18 19 19]),
        )
    };
}

/// Ten rows of a reduction, for the twenty low digits of n. The multipliers replace the ten columns that they clear. 400
/// multiply-adds.
#[inline(never)]
pub(super) fn reduce_ten(_: Ifma, n: &[Block; 2], inverse: &Lanes, t: &mut [Block; 3]) {
    macro_rules! store_columns {
        ($c0:literal $c1:literal $c2:literal $c3:literal $c4:literal $c5:literal $c6:literal $c7:literal $c8:literal
            $c9:literal $c10:literal $c11:literal $c12:literal $c13:literal $c14:literal $c15:literal $c16:literal
            $c17:literal $c18:literal $c19:literal) => {
            store!("t", [$c0 10 $c1 11 $c2 12 $c3 13 $c4 14 $c5 15 $c6 16 $c7 17 $c8 18 $c9 19 $c10 20 $c11 21 $c12 22
                $c13 23 $c14 24 $c15 25 $c16 26 $c17 27 $c18 28 $c19 29])
        };
    }
    // SAFETY: `Ifma` is proof that the CPU has the instructions. They read `n`, `inverse`, `MASK` and `t`, write `t`, and
    // use declared registers.
    #[allow(unsafe_code)]
    unsafe {
        kernel!(zmm:
            [
                reduction_start!(),
                reduction_rows!(store_columns [0 1 2 3 4 5 6 7 8 9] 21 23
                    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20),
            ]
            n = in(reg) n, inverse = in(reg) inverse, mask = in(reg) &MASK, t = in(reg) t,
        );
    }
}

/// Turns a column into a digit: `carry += column * 2^shift`. The low 52 bits of the sum are the digit, and the rest is the
/// carry to the next column.
///
/// Registers: the shift in 25, the mask in 26, the carry in 27.
macro_rules! digit {
    ($column:literal) => {
        concat!(
            "vpsllvq zmm",
            $column,
            ", zmm",
            $column,
            ", zmm25\n",
            add!(27, $column),
            "vpandq zmm",
            $column,
            ", zmm27, zmm26\n",
            "vpsrlq zmm27, zmm27, 52\n",
        )
    };
}

/// The whole reduction of forty columns modulo n of twenty digits, and the digits of the result, shifted to the left:
/// [`reduce_ten`] twice and [`normalize`] twice, without storing intermediates. 800 multiply-adds.
#[inline(never)]
pub(super) fn reduce_twenty(
    _: Ifma,
    n: &[Block; 2],
    inverse: &Lanes,
    t: &mut [Block; 4],
    shift: &Lanes,
    x: &mut [Block; 2],
) {
    macro_rules! normalize_columns {
        ($c0:literal $c1:literal $c2:literal $c3:literal $c4:literal $c5:literal $c6:literal $c7:literal $c8:literal
            $c9:literal $c10:literal $c11:literal $c12:literal $c13:literal $c14:literal $c15:literal $c16:literal
            $c17:literal $c18:literal $c19:literal) => {
            concat!(
                load!("shift", [25 0]),
                load!("mask", [26 0]),
                clear!(27),
                normalize_columns!($c0 0, $c1 1, $c2 2, $c3 3, $c4 4, $c5 5, $c6 6, $c7 7, $c8 8, $c9 9, $c10 10, $c11 11,
                    $c12 12, $c13 13, $c14 14, $c15 15, $c16 16, $c17 17, $c18 18, $c19 19),
            )
        };
        ($($column:literal $at:literal),*) => { concat!($(digit!($column), store!("x", [$column $at])),*) };
    }
    // SAFETY: `Ifma` is proof that the CPU has the instructions. They read `n`, `inverse`, `MASK`, `t` and `shift`, write
    // `t` and `x`, and use declared registers.
    #[allow(unsafe_code)]
    unsafe {
        kernel!(zmm:
            [
                reduction_start!(),
                reduction_rows!(normalize_columns [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19] 21 23
                    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20),
            ]
            n = in(reg) n, inverse = in(reg) inverse, mask = in(reg) &MASK, t = in(reg) t, shift = in(reg) shift,
            x = in(reg) x,
        );
    }
}

/// The digits of ten columns, shifted to the left, with the carry from the columns below.
#[inline(never)]
pub(super) fn normalize(_: Ifma, t: &Block, shift: &Lanes, carry: &mut Lanes, x: &mut Block) {
    macro_rules! normalize_columns {
        ($($column:literal)*) => { concat!($(
            load!("t", [$column $column]),
            digit!($column),
            store!("x", [$column $column]),
        )*) };
    }
    // SAFETY: `Ifma` is proof that the CPU has the instructions. They read `t`, `shift`, `MASK` and `carry`, write `carry`
    // and `x`, and use declared registers.
    #[allow(unsafe_code)]
    unsafe {
        kernel!(zmm:
            [
                load!("shift", [25 0]),
                load!("mask", [26 0]),
                load!("carry", [27 0]),
                normalize_columns!(0 1 2 3 4 5 6 7 8 9),
                store!("carry", [27 0]),
            ]
            t = in(reg) t, shift = in(reg) shift, mask = in(reg) &MASK, carry = in(reg) carry, x = in(reg) x,
        );
    }
}

/// Selects, for each lane, the entry of a table at the lane's index. It reads every entry, whatever the indices are.
///
/// The entries of `table` have as many blocks as `chosen`. An index beyond the table selects nothing.
#[inline(never)]
pub(super) fn select(_: Ifma, table: &[Block], indices: &Lanes, chosen: &mut [Block]) {
    macro_rules! select_digits {
        ($($digit:literal)*) => { concat!($(
            // `chosen | (is_it & entry)`.
            "vpternlogq zmm", $digit, ", zmm30, [{entry} + 64*", $digit, "], 0xf8\n",
        )*) };
    }
    let (blocks, stride) = (chosen.len(), size_of_val(chosen));
    for (i, chosen) in chosen.iter_mut().enumerate() {
        let Some(from) = table.get(i..).filter(|from| !from.is_empty()) else { return };
        let entries = from.len().div_ceil(blocks);
        // SAFETY: `Ifma` is proof that the CPU has the instructions. They read `indices` and `entries` blocks of `from`,
        // `blocks` apart; there is at least one of them, and the last one has the index (entries - 1) * blocks, which is less
        // than the length. They write `chosen`, and use declared registers.
        #[allow(unsafe_code)]
        unsafe {
            kernel!(zmm:
                [
                    clear!(0 1 2 3 4 5 6 7 8 9),
                    load!("indices", [31 0]),
                    // The index of the entry, and the constant one.
                    clear!(29),
                    "vpternlogq zmm28, zmm28, zmm28, 0xff",
                    "vpsrlq zmm28, zmm28, 63",
                    "2:",
                    "vpcmpeqq k1, zmm31, zmm29",
                    "vpternlogq zmm30 {{k1}}{{z}}, zmm30, zmm30, 0xff",
                    add!(29, 28),
                    select_digits!(0 1 2 3 4 5 6 7 8 9),
                    "add {entry}, {stride}",
                    "dec {entries}",
                    "jnz 2b",
                    store!("chosen", [0 0 1 1 2 2 3 3 4 4 5 5 6 6 7 7 8 8 9 9]),
                ]
                entry = inout(reg) from.as_ptr() => _, entries = inout(reg) entries => _, stride = in(reg) stride,
                indices = in(reg) indices, chosen = in(reg) chosen,
            );
        }
    }
}

/// Zeros.
#[inline(never)]
pub(super) fn zero(_: Ifma, t: &mut [Block]) {
    for block in t {
        // SAFETY: `Ifma` is proof that the CPU has the instructions. They write `block`, and use declared registers.
        #[allow(unsafe_code)]
        unsafe {
            kernel!(zmm:
                [
                    clear!(0),
                    store!("block", [0 0 0 1 0 2 0 3 0 4 0 5 0 6 0 7 0 8 0 9]),
                ]
                block = in(reg) block,
            );
        }
    }
}

/// The divisors of one call of [`divide`]: eight vectors of products, below 2^52, of three primes each.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Turn {
    /// The primes.
    pub(super) primes: [[[u32; DIGIT_LANES]; 3]; 8],
    /// -1/P modulo 2^52, for their product P.
    pub(super) inverses: [[u64; DIGIT_LANES]; 8],
}

impl Turn {
    /// No primes.
    pub(super) const EMPTY: Self = Self { primes: [[[0; DIGIT_LANES]; 3]; 8], inverses: [[0; DIGIT_LANES]; 8] };
}

/// The lanes of a [`Turn`] with a prime that divides a number, one bit each. 2^52 - 1 must be added to each digit of the
/// number, and a zero must follow. See [`super::sieve`] for the method.
///
/// Registers of the eight vectors: s, and in the end c, in 0 to 7; m in 8 to 15; P in 16 to 23; the digit in 24.
#[inline(never)]
pub(super) fn divide(_: Ifma, digits: &[u64], turn: &Turn) -> u32 {
    macro_rules! primes {
        ($vector:literal) => {
            concat!(
                "vpmovzxdq zmm25, [{primes} + 96*",
                $vector,
                "]\n",
                "vpmovzxdq zmm26, [{primes} + 96*",
                $vector,
                " + 32]\n",
                "vpmovzxdq zmm27, [{primes} + 96*",
                $vector,
                " + 64]\n",
            )
        };
    }
    macro_rules! start {
        ($($c:literal $m:literal $product:literal;)*) => { concat!($(
            primes!($c),
            clear!(28 $product),
            low!(28, 25, 26),
            low!($product, 28, 27),
            "vmovdqa64 zmm", $c, ", zmm24\n",
        )*) };
    }
    macro_rules! step {
        ($($s:literal $m:literal $product:literal;)*) => { concat!($(
            "vmovdqu64 zmm", $m, ", [{inverses} + 64*", $s, "]\n",
            "vpmadd52luq zmm", $m, ", zmm", $s, ", [{inverses} + 64*", $s, "]\n",
            "vpsrlq zmm", $s, ", zmm", $s, ", 52\n",
            add!($s, 24),
            high!($s, $m, $product),
        )*) };
    }
    // c/P times one prime, times another; then times the third, and the result is below 2^52 if that one divides c.
    macro_rules! finish {
        ($($c:literal $m:literal $product:literal;)*) => { concat!($(
            primes!($c),
            clear!($m $product 24 28 29 30 31),
            "vpmadd52luq zmm", $m, ", zmm", $c, ", [{inverses} + 64*", $c, "]\n",
            "vpsubq zmm", $m, ", zmm31, zmm", $m, "\n",
            low!($product, $m, 25),
            low!(24, $m, 26),
            low!(28, 24, 27),
            low!(29, $product, 27),
            low!(30, $product, 26),
            clear!($c $m $product),
            high!($c, 28, 25),
            high!($m, 29, 26),
            high!($product, 30, 27),
            "vpminuq zmm", $c, ", zmm", $c, ", zmm", $m, "\n",
            "vpminuq zmm", $c, ", zmm", $c, ", zmm", $product, "\n",
        )*) };
    }
    macro_rules! least {
        ($($c:literal)*) => { concat!($("vpminuq zmm0, zmm0, zmm", $c, "\n",)*) };
    }
    macro_rules! eight {
        ($each:ident) => { $each!(0 8 16; 1 9 17; 2 10 18; 3 11 19; 4 12 20; 5 13 21; 6 14 22; 7 15 23;) };
    }
    let Some(steps @ 1..) = digits.len().checked_sub(1) else { return 0 };
    let divides: u32;
    // SAFETY: `Ifma` is proof that the CPU has the instructions. They read as many words from `digits` as it has, which
    // is steps + 1, and `turn`, and use declared registers.
    #[allow(unsafe_code)]
    unsafe {
        kernel!(zmm:
            [
                "vpbroadcastq zmm24, [{digit}]",
                eight!(start),
                "2:",
                "add {digit}, 8",
                "vpbroadcastq zmm24, [{digit}]",
                eight!(step),
                "dec {steps}",
                "jnz 2b",
                eight!(finish),
                least!(1 2 3 4 5 6 7),
                "vptestnmq k1, zmm0, zmm0",
                "kmovw {divides:e}, k1",
            ]
            digit = inout(reg) digits.as_ptr() => _, steps = inout(reg) steps => _, divides = lateout(reg) divides,
            primes = in(reg) &turn.primes, inverses = in(reg) &turn.inverses,
        );
    }
    divides
}

/// Wipes the vector registers, which may still contain secrets, and leaves them in the state that code without vectors expects.
#[inline(never)]
pub(super) fn wipe_registers(_: Ifma) {
    // SAFETY: `Ifma` is proof that the CPU has the instructions. They use declared registers.
    #[allow(unsafe_code)]
    unsafe {
        kernel!(zmm: [clear!(16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31), "kxorw k1, k1, k1", "vzeroall",]);
    }
}

/// For comparison: nothing but 240 multiply-adds of registers, in twelve independent chains.
#[cfg(any(test, fuzzing, ssh_keypair_internals))]
pub(in crate::kernels::bignum) fn multiply_add_240_times(_: Ifma) {
    // SAFETY: `Ifma` is proof that the CPU has the instructions. They use declared registers.
    #[allow(unsafe_code)]
    unsafe {
        kernel!(zmm: [
            ".rept 20",
            lows!(30 * [31 31 31 31 31 31 31 31 31 31 31 31] => [0 1 2 3 4 5 6 7 8 9 10 11]),
            ".endr",
        ]);
    }
}
