//! 24 messages at a time: three groups of eight, with AVX2.
//!
//! Group g has a, b, c and d in registers 4g to 4g+3, of 16. Of the other four, three are for the mixing functions and one is
//! for the addend, so that the words, and the constant of all ones, stay in memory. Two groups took 59 ns for a message of five
//! blocks, and three take 46.

use super::digest::DigestAll;
use super::lanes::{self, ADDENDS, Lanes, State, Words};
use super::padded::Padded;
use crate::kernels::assembly::kernel;
use crate::kernels::cpu::Avx2;

/// The number of messages side by side.
const MESSAGE_LANES: usize = 24;

impl DigestAll for Avx2 {
    fn digest_all(self, messages: &[Padded<'_>], digests: &mut [[u8; 16]]) {
        lanes::digest_in_lanes(self, messages, digests);
    }
}

impl lanes::Backend<MESSAGE_LANES> for Avx2 {
    fn compress(
        self,
        lanes: &Lanes<'_, MESSAGE_LANES>,
        block: usize,
        words: &mut Words<MESSAGE_LANES>,
        state: &mut State<MESSAGE_LANES>,
    ) {
        for group in 0..3 {
            transpose(self, lanes, block, group, words);
        }
        steps(self, words, state);
    }
}

/// Loads four words of eight messages, those of `quarter`: two messages in each register, four lanes apart. Then transposes
/// them, so that each register has one word of all messages.
macro_rules! transpose_quarter {
    ($quarter:literal) => {
        concat!(
            load_halves!($quarter: 0 0 4, 1 1 5, 2 2 6, 3 3 7,),
            unpack!("dq": 0 1 => 4 5, 2 3 => 6 7,),
            unpack!("qdq": 4 6 => 0 1, 5 7 => 2 3,),
            store_words!($quarter: 0 1 2 3),
        )
    };
}

/// `register <- 16 bytes of each of two messages`.
macro_rules! load_halves {
    ($quarter:literal: $($register:literal $low:literal $high:literal,)*) => {
        concat!($(
            "mov {row}, [{first} + 8*", $low, "]\n",
            "vmovdqu xmm", $register, ", [{row} + {offset} + 16*", $quarter, "]\n",
            "mov {row}, [{first} + 8*", $high, "]\n",
            "vinserti128 ymm", $register, ", ymm", $register, ", [{row} + {offset} + 16*", $quarter, "], 1\n",
        )*)
    };
}

/// Interleaves the low and the high parts of two registers.
macro_rules! unpack {
    ($width:literal: $($a:literal $b:literal => $low:literal $high:literal,)*) => {
        concat!($(
            "vpunpckl", $width, " ymm", $low, ", ymm", $a, ", ymm", $b, "\n",
            "vpunpckh", $width, " ymm", $high, ", ymm", $a, ", ymm", $b, "\n",
        )*)
    };
}

/// `words[4*quarter + at] <- register at`.
macro_rules! store_words {
    ($quarter:literal: $($at:literal)*) => {
        concat!($("vmovdqu [{words} + 384*", $quarter, " + 96*", $at, "], ymm", $at, "\n"),*)
    };
}

/// Transposes the words of one block of a group's messages: word w of all of them in one register, which is then stored in its
/// place.
#[inline(never)]
fn transpose(_: Avx2, lanes: &Lanes<'_, MESSAGE_LANES>, block: usize, group: usize, words: &mut Words<MESSAGE_LANES>) {
    let Some(offset) = lanes.offset(block) else { return };
    let Some(first) = lanes.first.get(8 * group..8 * group + 8) else { return };
    let words = words.0.as_flattened_mut();
    let Some(words) = words.get_mut(8 * group..8 * group + 15 * MESSAGE_LANES + 8) else { return };
    // SAFETY: `Avx2` is proof that the CPU has the instructions. They read one block of each of eight lanes, which
    // `Lanes::offset` says is there, write 8 words at each of 16 places 24 words apart, and use declared registers.
    #[allow(unsafe_code)]
    unsafe {
        kernel!(ymm:
            [
                transpose_quarter!(0), transpose_quarter!(1), transpose_quarter!(2), transpose_quarter!(3),
                "vzeroupper",
            ]
            first = in(reg) first.as_ptr(),
            offset = in(reg) offset,
            words = in(reg) words.as_mut_ptr(),
            row = out(reg) _,
        );
    }
}

/// All bits set.
static ONES: [u32; 8] = [u32::MAX; 8];

/// `to <- a op b`.
macro_rules! op {
    ($name:literal $to:literal $a:literal $b:literal) => {
        concat!($name, " ymm", $to, ", ymm", $a, ", ymm", $b, "\n")
    };
}

/// `a += mix(b, c, d)`; t is free.
macro_rules! mix {
    // d ^ (b & (c ^ d))
    (F $a:literal $b:literal $c:literal $d:literal $t:literal) => {
        concat!(op!("vpxor" $t $c $d), op!("vpand" $t $t $b), op!("vpxor" $t $t $d), op!("vpaddd" $a $a $t))
    };
    // c & !d and b & d share no bit, so they may be added one after the other: c and d are available before b.
    (G $a:literal $b:literal $c:literal $d:literal $t:literal) => {
        concat!(op!("vpandn" $t $d $c), op!("vpaddd" $a $a $t), op!("vpand" $t $d $b), op!("vpaddd" $a $a $t))
    };
    (H $a:literal $b:literal $c:literal $d:literal $t:literal) => {
        concat!(op!("vpxor" $t $c $d), op!("vpxor" $t $t $b), op!("vpaddd" $a $a $t))
    };
    // c ^ (b | !d)
    (I $a:literal $b:literal $c:literal $d:literal $t:literal) => {
        concat!(
            "vpxor ymm", $t, ", ymm", $d, ", [{ones}]\n",
            op!("vpor" $t $t $b), op!("vpxor" $t $t $c), op!("vpaddd" $a $a $t)
        )
    };
}

/// One step of all groups: `a = b + ((a + mix(b, c, d) + word + addend) <<< s)`.
macro_rules! step {
    ($mix:ident [$($a:literal)*] [$($b:literal)*] [$($c:literal)*] [$($d:literal)*] [$(($group:literal $t:literal))*]
     $i:literal $j:literal $word:literal $s:literal) => {
        concat!(
            "vpbroadcastd ymm15, [{addends} + 4*", $i, " + 4*", $j, "]\n",
            $("vpaddd ymm", $a, ", ymm", $a, ", [{words} + 96*", $word, " + 32*", $group, "]\n",)*
            $("vpaddd ymm", $a, ", ymm", $a, ", ymm15\n",)*
            $(mix!($mix $a $b $c $d $t),)*
            $("vpslld ymm", $t, ", ymm", $a, ", ", $s, "\n",)*
            $("vpsrld ymm", $a, ", ymm", $a, ", 32-", $s, "\n",)*
            $(op!("vpor" $a $a $t),)*
            $(op!("vpaddd" $a $a $b),)*
        )
    };
}

/// `register <- state`, for each variable and group.
macro_rules! load_state {
    ($($register:literal: $variable:literal $group:literal,)*) => {
        concat!($("vmovdqa ymm", $register, ", [{state} + 96*", $variable, " + 32*", $group, "]\n",)*)
    };
}

/// `state += register`, for each variable and group.
macro_rules! add_state {
    ($($register:literal: $variable:literal $group:literal,)*) => {
        concat!($(
            "vpaddd ymm", $register, ", ymm", $register, ", [{state} + 96*", $variable, " + 32*", $group, "]\n",
            "vmovdqa [{state} + 96*", $variable, " + 32*", $group, "], ymm", $register, "\n",
        )*)
    };
}

/// Calls a macro for each register 4g+v, which has variable v of group g.
macro_rules! registers {
    ($each:ident) => { $each!(0: 0 0, 1: 1 0, 2: 2 0, 3: 3 0, 4: 0 1, 5: 1 1, 6: 2 1, 7: 3 1, 8: 0 2, 9: 1 2, 10: 2 2, 11: 3 2,) };
}

/// The 64 steps, and the sum with the state before them.
#[inline(never)]
fn steps(_: Avx2, words: &Words<MESSAGE_LANES>, state: &mut State<MESSAGE_LANES>) {
    // SAFETY: `Avx2` is proof that the CPU has the instructions. They read `words`, the 64 addends and `ONES`, read
    // and write `state`, of which a row is a multiple of 32 bytes as is its alignment, and use declared registers.
    #[allow(unsafe_code)]
    unsafe {
        kernel!(ymm:
            [
                registers!(load_state),
                lanes::steps!(step [0 4 8] [1 5 9] [2 6 10] [3 7 11] [(0 12) (1 13) (2 14)]),
                registers!(add_state),
                "vzeroupper",
            ]
            ones = in(reg) &ONES,
            addends = in(reg) ADDENDS.as_ptr(),
            words = in(reg) words,
            state = in(reg) state,
        );
    }
}
