//! 64 messages at a time: four groups of sixteen, with AVX-512.
//!
//! A step is a chain: mix, add, rotate, add, of up to two cycles each, and the next step needs its result. With one group, the
//! CPU would wait most of the time; four groups keep it busy: the 1,536 instructions of 64 steps take 620 cycles, and another
//! 100 to transpose the words. Group g has a, b, c and d in registers 4g to 4g+3, of 32; the words stay in memory.
//!
//! Why assembly: with intrinsics, the compiler tries to keep the words in registers, runs out of them, and spills the words to
//! unaligned addresses. A message of five blocks then took 20 ns with two groups, and no less with more.

use super::digest::{DigestAll, MAX_MESSAGE_LANES};
use super::lanes::{self, ADDENDS, Lanes, State, Words};
use super::padded::Padded;
use crate::kernels::assembly::kernel;
use crate::kernels::cpu::Avx512;

impl DigestAll for Avx512 {
    fn digest_all(self, messages: &[Padded<'_>], digests: &mut [[u8; 16]]) {
        lanes::digest_in_lanes(self, messages, digests);
    }
}

impl lanes::Backend<MAX_MESSAGE_LANES> for Avx512 {
    fn compress(
        self,
        lanes: &Lanes<'_, MAX_MESSAGE_LANES>,
        block: usize,
        words: &mut Words<MAX_MESSAGE_LANES>,
        state: &mut State<MAX_MESSAGE_LANES>,
    ) {
        for group in 0..4 {
            transpose(self, lanes, block, group, words);
        }
        steps(self, words, state);
    }
}

/// `register <- 64 bytes of a message`, for each pair of a register and a lane.
macro_rules! load_rows {
    ($($register:literal $lane:literal,)*) => {
        concat!($(
            "mov {row}, [{first} + 8*", $lane, "]\n",
            "vmovdqu64 zmm", $register, ", [{row} + {offset}]\n",
        )*)
    };
}

/// Two instructions on each pair of registers.
macro_rules! shuffle {
    (($low:literal $low_of:literal) ($high:literal $high_of:literal): $($a:literal $b:literal => $to:literal $and:literal,)*) => {
        concat!($(
            $low, " zmm", $to, ", zmm", $a, ", zmm", $b, $low_of, "\n",
            $high, " zmm", $and, ", zmm", $a, ", zmm", $b, $high_of, "\n",
        )*)
    };
}

/// `words[at] <- register at`.
macro_rules! store_words {
    ($($at:literal)*) => { concat!($("vmovdqu64 [{words} + 256*", $at, "], zmm", $at, "\n"),*) };
}

/// Transposes the words of one block of a group's messages: word w of all of them in one register, which is then stored in its
/// place.
#[inline(never)]
fn transpose(
    _: Avx512,
    lanes: &Lanes<'_, MAX_MESSAGE_LANES>,
    block: usize,
    group: usize,
    words: &mut Words<MAX_MESSAGE_LANES>,
) {
    let Some(offset) = lanes.offset(block) else { return };
    let Some(first) = lanes.first.get(16 * group..16 * group + 16) else { return };
    let words = words.0.as_flattened_mut();
    let Some(words) = words.get_mut(16 * group..16 * group + 15 * MAX_MESSAGE_LANES + 16) else { return };
    // SAFETY: `Avx512` is proof that the CPU has the instructions. They read one block of each of sixteen lanes, which
    // `Lanes::offset` says is there, write 16 words at each of 16 places 64 words apart, and use declared registers.
    #[allow(unsafe_code)]
    unsafe {
        kernel!(zmm:
            [
                load_rows!(
                    0 0, 1 1, 2 2, 3 3, 4 4, 5 5, 6 6, 7 7, 8 8, 9 9, 10 10, 11 11, 12 12, 13 13, 14 14, 15 15,
                ),
                // Within each 16 bytes: register 4i+j then has words j, j+4, j+8 and j+12 of messages 4i to 4i+3.
                shuffle!(("vpunpckldq" "") ("vpunpckhdq" ""):
                    0 1 => 16 17, 2 3 => 18 19, 4 5 => 20 21, 6 7 => 22 23,
                    8 9 => 24 25, 10 11 => 26 27, 12 13 => 28 29, 14 15 => 30 31,
                ),
                shuffle!(("vpunpcklqdq" "") ("vpunpckhqdq" ""):
                    16 18 => 0 1, 17 19 => 2 3, 20 22 => 4 5, 21 23 => 6 7,
                    24 26 => 8 9, 25 27 => 10 11, 28 30 => 12 13, 29 31 => 14 15,
                ),
                // Then 16 bytes at a time.
                shuffle!(("vshufi32x4" ", 0x44") ("vshufi32x4" ", 0xee"):
                    0 4 => 16 17, 1 5 => 18 19, 2 6 => 20 21, 3 7 => 22 23,
                    8 12 => 24 25, 9 13 => 26 27, 10 14 => 28 29, 11 15 => 30 31,
                ),
                shuffle!(("vshufi32x4" ", 0x88") ("vshufi32x4" ", 0xdd"):
                    16 24 => 0 4, 17 25 => 8 12, 18 26 => 1 5, 19 27 => 9 13,
                    20 28 => 2 6, 21 29 => 10 14, 22 30 => 3 7, 23 31 => 11 15,
                ),
                store_words!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15),
                "vzeroupper",
            ]
            first = in(reg) first.as_ptr(),
            offset = in(reg) offset,
            words = in(reg) words.as_mut_ptr(),
            row = out(reg) _,
        );
    }
}

/// `F`, `G`, `H` and `I` as the truth table of d, c, b.
macro_rules! table {
    (F) => {
        "0xd8"
    };
    (G) => {
        "0xac"
    };
    (H) => {
        "0x96"
    };
    (I) => {
        "0x63"
    };
}

/// One step of all groups: `a = b + ((a + mix(b, c, d) + word + addend) <<< s)`.
macro_rules! step {
    ($mix:ident [$($a:literal)*] [$($b:literal)*] [$($c:literal)*] [$($d:literal)*] [$(($group:literal $t:literal))*]
     $i:literal $j:literal $word:literal $s:literal) => {
        concat!(
            "vpbroadcastd zmm20, [{addends} + 4*", $i, " + 4*", $j, "]\n",
            $("vmovdqa64 zmm", $t, ", zmm", $d, "\n",)*
            $("vpaddd zmm", $a, ", zmm", $a, ", [{words} + 256*", $word, " + 64*", $group, "]\n",)*
            $("vpaddd zmm", $a, ", zmm", $a, ", zmm20\n",)*
            $("vpternlogd zmm", $t, ", zmm", $c, ", zmm", $b, ", ", table!($mix), "\n",)*
            $("vpaddd zmm", $a, ", zmm", $a, ", zmm", $t, "\n",)*
            $("vprold zmm", $a, ", zmm", $a, ", ", $s, "\n",)*
            $("vpaddd zmm", $a, ", zmm", $a, ", zmm", $b, "\n",)*
        )
    };
}

/// `register <- state`, for each variable and group.
macro_rules! load_state {
    ($($register:literal: $variable:literal $group:literal,)*) => {
        concat!($("vmovdqa64 zmm", $register, ", [{state} + 256*", $variable, " + 64*", $group, "]\n",)*)
    };
}

/// `state += register`, for each variable and group.
macro_rules! add_state {
    ($($register:literal: $variable:literal $group:literal,)*) => {
        concat!($(
            "vpaddd zmm", $register, ", zmm", $register, ", [{state} + 256*", $variable, " + 64*", $group, "]\n",
            "vmovdqa64 [{state} + 256*", $variable, " + 64*", $group, "], zmm", $register, "\n",
        )*)
    };
}

/// Calls a macro for each register 4g+v, which has variable v of group g.
macro_rules! registers {
    ($each:ident) => {
        $each!(
            0: 0 0, 1: 1 0, 2: 2 0, 3: 3 0,
            4: 0 1, 5: 1 1, 6: 2 1, 7: 3 1,
            8: 0 2, 9: 1 2, 10: 2 2, 11: 3 2,
            12: 0 3, 13: 1 3, 14: 2 3, 15: 3 3,
        )
    };
}

/// The 64 steps, and the sum with the state before them.
#[inline(never)]
fn steps(_: Avx512, words: &Words<MAX_MESSAGE_LANES>, state: &mut State<MAX_MESSAGE_LANES>) {
    // SAFETY: `Avx512` is proof that the CPU has the instructions. They read `words` and the 64 addends, read and
    // write `state`, which is aligned to 64 bytes by its type, and use declared registers.
    #[allow(unsafe_code)]
    unsafe {
        kernel!(zmm:
            [
                registers!(load_state),
                lanes::steps!(step [0 4 8 12] [1 5 9 13] [2 6 10 14] [3 7 11 15] [(0 16) (1 17) (2 18) (3 19)]),
                registers!(add_state),
                "vzeroupper",
            ]
            addends = in(reg) ADDENDS.as_ptr(),
            words = in(reg) words,
            state = in(reg) state,
        );
    }
}
