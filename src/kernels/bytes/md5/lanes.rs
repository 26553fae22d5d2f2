//! Shared by the backends with several lanes: which message is in which lane, and the constants and steps of MD5.

use super::digest::DigestAll;
use super::padded::{Block, Padded};
use crate::kernels::cpu::Portable;
use core::marker::PhantomData;

/// The smallest number of messages for which the lanes are faster than hashing one message after another. A backend takes as
/// long for one lane as for all of them: 200 ns per block, while a block of a single message takes 90.
const WORTHWHILE: usize = 3;

/// Implements [`DigestAll::digest_all`] with one backend.
pub(super) fn digest_in_lanes<const LANES: usize>(
    backend: impl Backend<LANES>,
    messages: &[Padded<'_>],
    digests: &mut [[u8; 16]],
) {
    let mut words = Words([[0; LANES]; 16]);
    for (messages, digests) in messages.chunks(LANES).zip(digests.chunks_mut(LANES)) {
        if messages.len() < WORTHWHILE {
            Portable.digest_all(messages, digests);
            continue;
        }
        let mut state = State::INITIAL;
        let mut done = 0;
        let mut next = messages.iter().map(Padded::blocks).min();
        // In sections: each one goes to the end of the messages that end next.
        while let Some(end) = next {
            let lanes = Lanes::new(messages, end);
            for block in done..end {
                backend.compress(&lanes, block, &mut words, &mut state);
            }
            (done, next) = (end, None);
            for ((message, digest), variables) in messages.iter().zip(&mut *digests).zip(state.lanes()) {
                let blocks = message.blocks();
                if blocks == end {
                    *digest = digest_of(variables);
                } else if blocks > end && next.is_none_or(|next| next > blocks) {
                    next = Some(blocks);
                }
            }
        }
    }
}

/// The operation that a backend implements: one block of each lane.
pub(super) trait Backend<const LANES: usize>: Copy {
    /// Hashes a block of each lane into the state. `words` is working space, whose contents do not matter. Does nothing if
    /// there is no such block.
    fn compress(self, lanes: &Lanes<'_, LANES>, block: usize, words: &mut Words<LANES>, state: &mut State<LANES>);
}

/// Where the messages are. Each lane's pointer is valid for reading `blocks` blocks.
pub(super) struct Lanes<'a, const LANES: usize> {
    pub(super) first: [*const Block; LANES],
    blocks: usize,
    messages: PhantomData<&'a [Block]>,
}

impl<'a, const LANES: usize> Lanes<'a, LANES> {
    /// The messages with at least `blocks` blocks, each in its own lane, and one of them in all other lanes.
    fn new(messages: &[Padded<'a>], blocks: usize) -> Self {
        let long_enough = |message: &&Padded<'a>| message.blocks() >= blocks;
        let Some(spare) = messages.iter().find(long_enough) else {
            return Self { first: [core::ptr::null(); LANES], blocks: 0, messages: PhantomData };
        };
        let mut first = [spare.blocks.as_ptr(); LANES];
        for (first, message) in first.iter_mut().zip(messages).filter(|(_, message)| long_enough(message)) {
            *first = message.blocks.as_ptr();
        }
        Self { first, blocks, messages: PhantomData }
    }

    /// The offset of this block from the first block of a lane, if all lanes have it.
    pub(super) fn offset(&self, block: usize) -> Option<usize> {
        (block < self.blocks).then_some(64 * block)
    }
}

/// A block of each lane: word by word, all lanes.
#[repr(C, align(64))]
pub(super) struct Words<const LANES: usize>(pub(super) [[u32; LANES]; 16]);

/// a, b, c and d of each lane.
#[repr(C, align(64))]
pub(super) struct State<const LANES: usize>([[u32; LANES]; 4]);

impl<const LANES: usize> State<LANES> {
    /// RFC 1321, section 3.3.
    const INITIAL: Self =
        Self([[0x6745_2301; LANES], [0xefcd_ab89; LANES], [0x98ba_dcfe; LANES], [0x1032_5476; LANES]]);

    /// a, b, c and d, lane after lane.
    fn lanes(&self) -> impl Iterator<Item = [u32; 4]> {
        let [a, b, c, d] = &self.0;
        a.iter().zip(b).zip(c).zip(d).map(|(((a, b), c), d)| [*a, *b, *c, *d])
    }
}

/// RFC 1321, section 3.5.
fn digest_of([a, b, c, d]: [u32; 4]) -> [u8; 16] {
    let word = |x: u32, bytes: u32| u128::from(x) << (8 * bytes);
    (word(a, 0) | word(b, 4) | word(c, 8) | word(d, 12)).to_le_bytes()
}

/// The addend of each step: the table T of RFC 1321, section 3.4, `floor(2^32 * abs(sin(i + 1)))` for i from 0.
#[rustfmt::skip]
pub(super) static ADDENDS: [u32; 64] = [
    0xd76a_a478, 0xe8c7_b756, 0x2420_70db, 0xc1bd_ceee, 0xf57c_0faf, 0x4787_c62a, 0xa830_4613, 0xfd46_9501,
    0x6980_98d8, 0x8b44_f7af, 0xffff_5bb1, 0x895c_d7be, 0x6b90_1122, 0xfd98_7193, 0xa679_438e, 0x49b4_0821,
    0xf61e_2562, 0xc040_b340, 0x265e_5a51, 0xe9b6_c7aa, 0xd62f_105d, 0x0244_1453, 0xd8a1_e681, 0xe7d3_fbc8,
    0x21e1_cde6, 0xc337_07d6, 0xf4d5_0d87, 0x455a_14ed, 0xa9e3_e905, 0xfcef_a3f8, 0x676f_02d9, 0x8d2a_4c8a,
    0xfffa_3942, 0x8771_f681, 0x6d9d_6122, 0xfde5_380c, 0xa4be_ea44, 0x4bde_cfa9, 0xf6bb_4b60, 0xbebf_bc70,
    0x289b_7ec6, 0xeaa1_27fa, 0xd4ef_3085, 0x0488_1d05, 0xd9d4_d039, 0xe6db_99e5, 0x1fa2_7cf8, 0xc4ac_5665,
    0xf429_2244, 0x432a_ff97, 0xab94_23a7, 0xfc93_a039, 0x655b_59c3, 0x8f0c_cc92, 0xffef_f47d, 0x8584_5dd1,
    0x6fa8_7e4f, 0xfe2c_e6e0, 0xa301_4314, 0x4e08_11a1, 0xf753_7e82, 0xbd3a_f235, 0x2ad7_d2bb, 0xeb86_d391,
];

/// Expands to the 64 steps in the order of RFC 1321, section 3.4, as the assembly text that the caller's macro makes of each
/// step. The macro gets the mixing function; a, b, c and d, which change places from step to step; the arguments that the
/// caller passes on; the addend's index as a sum; the word; and the bits to rotate by.
macro_rules! steps {
    ($step:ident $a:tt $b:tt $c:tt $d:tt $with:tt) => {
        $crate::kernels::bytes::md5::lanes::steps!(@ $step $a $b $c $d $with:
            F 0 [0 1 2 3] [7 12 17 22], F 4 [4 5 6 7] [7 12 17 22],
            F 8 [8 9 10 11] [7 12 17 22], F 12 [12 13 14 15] [7 12 17 22],
            G 16 [1 6 11 0] [5 9 14 20], G 20 [5 10 15 4] [5 9 14 20],
            G 24 [9 14 3 8] [5 9 14 20], G 28 [13 2 7 12] [5 9 14 20],
            H 32 [5 8 11 14] [4 11 16 23], H 36 [1 4 7 10] [4 11 16 23],
            H 40 [13 0 3 6] [4 11 16 23], H 44 [9 12 15 2] [4 11 16 23],
            I 48 [0 7 14 5] [6 10 15 21], I 52 [12 3 10 1] [6 10 15 21],
            I 56 [8 15 6 13] [6 10 15 21], I 60 [4 11 2 9] [6 10 15 21],
        )
    };
    (@ $step:ident $a:tt $b:tt $c:tt $d:tt $with:tt: $($mix:ident $i:literal $words:tt $rotations:tt,)*) => {
        concat!($($crate::kernels::bytes::md5::lanes::steps!(@@ $step $a $b $c $d $with $mix $i $words $rotations)),*)
    };
    (@@ $step:ident $a:tt $b:tt $c:tt $d:tt $with:tt $mix:ident $i:literal
     [$w0:literal $w1:literal $w2:literal $w3:literal] [$s0:literal $s1:literal $s2:literal $s3:literal]) => {
        concat!(
            $step!($mix $a $b $c $d $with $i 0 $w0 $s0),
            $step!($mix $d $a $b $c $with $i 1 $w1 $s1),
            $step!($mix $c $d $a $b $with $i 2 $w2 $s2),
            $step!($mix $b $c $d $a $with $i 3 $w3 $s3),
        )
    };
}
pub(super) use steps;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lane_points_to_all_the_blocks_that_are_read() {
        let mut buffers = [[0; 256]; 3];
        let mut blocks = 0;
        let messages = buffers.each_mut().map(|buffer| {
            blocks += 1;
            Padded::new(buffer, 64 * blocks - 9).unwrap()
        });
        let first = messages.map(|message| message.blocks.as_ptr());
        for (blocks, expected) in [(1, [0, 1, 2, 0]), (2, [1, 1, 2, 1]), (3, [2, 2, 2, 2])] {
            let lanes = Lanes::<4>::new(&messages, blocks);
            assert_eq!(lanes.first, expected.map(|message| first[message]), "{blocks}");
            assert_eq!(lanes.offset(blocks - 1), Some(64 * (blocks - 1)));
            assert_eq!(lanes.offset(blocks), None);
        }
        assert_eq!(Lanes::<4>::new(&messages, 4).offset(0), None);
        assert_eq!(Lanes::<4>::new(&[], 1).offset(0), None);
    }

    #[test]
    fn the_addends_are_those_of_the_sine() {
        for (i, addend) in ADDENDS.iter().enumerate() {
            let sine = ((i + 1) as f64).sin().abs();
            assert_eq!(f64::from(*addend), (sine * 4_294_967_296.0).floor(), "{i}");
        }
    }
}
