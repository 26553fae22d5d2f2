//! 64 digits at a time, with AVX-512 VBMI.
//!
//! One permutation looks up all digits in a table of 128 bytes, which contains the six bits of each digit, and bytes with the
//! highest bit set for all other characters. Two multiply-adds join four times six bits, and one permutation moves the three
//! bytes of each group to their places.

#![allow(unsafe_code, reason = "vector instructions, and loads and stores of their operands")]

use super::word::{DecodeWord, Decoded};
use crate::kernels::cpu::Vbmi;
use core::arch::x86_64::{
    __m512i, _mm512_loadu_si512, _mm512_madd_epi16, _mm512_maddubs_epi16, _mm512_mask_storeu_epi8,
    _mm512_maskz_loadu_epi8, _mm512_maskz_mov_epi8, _mm512_movepi8_mask, _mm512_or_si512, _mm512_permutex2var_epi8,
    _mm512_permutexvar_epi8, _mm512_set1_epi32, _mm512_storeu_si512,
};

/// Marks a character that is not a digit.
const NONE: u8 = 0x80;

/// The six bits of each digit.
const VALUES: [u8; 128] = {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut values = [NONE; 128];
    let mut value = 0;
    while value < 64 {
        values[digits[value as usize] as usize] = value;
        value += 1;
    }
    values
};

/// Where the bytes of the groups of three come from: each group is in the lower three bytes of four, the last byte first.
const PLACES: [u8; 64] = {
    let mut places = [0; 64];
    let mut i = 0;
    while i < 48 {
        places[i as usize] = i / 3 * 4 + 2 - i % 3;
        i += 1;
    }
    places
};

impl DecodeWord for Vbmi {
    #[inline]
    fn decode_word(self, text: &[u8], output: &mut [u8]) -> Option<Decoded> {
        // SAFETY: `self` proves that the CPU has these features.
        unsafe { decode_word(text, output) }
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn decode_word(text: &[u8], output: &mut [u8]) -> Option<Decoded> {
    let (mut at, mut used) = (0, 0);
    loop {
        let rest = text.get(at..)?;
        let (values, digits) = look_up(rest);
        // An incomplete group is filled with zeros.
        let bytes = digits / 4 * 3 + [0, 0, 1, 2][digits % 4];
        store(bytes_of(values), bytes, output.get_mut(used..)?)?;
        (at, used) = (at + digits, used + bytes);
        if digits == 64 {
            continue;
        }
        // Checks the bits of the last digit that follow the last byte, and the padding.
        let last =
            digits.checked_sub(1).and_then(|last| rest.get(last)).map_or(0, |last| VALUES[usize::from(last & 0x7f)]);
        let padding = match digits % 4 {
            0 => 0,
            2 if last & 0xf == 0 && matches!(rest.get(digits..), Some([b'=', b'=', ..])) => 2,
            3 if last & 3 == 0 && rest.get(digits) == Some(&b'=') => 1,
            _ => return None,
        };
        let ends = matches!(rest.get(digits + padding), None | Some(b' ' | b'\t'));
        return ends.then_some(Decoded { text: at + padding, bytes: used });
    }
}

/// The values of the digits at the beginning of `text`, followed by zeros, and their number.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn look_up(text: &[u8]) -> (__m512i, usize) {
    let digits = match text.first_chunk::<64>() {
        // SAFETY: the chunk has 64 bytes.
        Some(chunk) => unsafe { _mm512_loadu_si512(chunk.as_ptr().cast()) },
        // SAFETY: the mask excludes all bytes after the text. They are read as zeros, which are not digits.
        None => unsafe { _mm512_maskz_loadu_epi8((1 << text.len()) - 1, text.as_ptr().cast()) },
    };
    let (low, high) = VALUES.split_at(64);
    // SAFETY: both halves have 64 bytes.
    let (low, high) = unsafe { (_mm512_loadu_si512(low.as_ptr().cast()), _mm512_loadu_si512(high.as_ptr().cast())) };
    let values = _mm512_permutex2var_epi8(low, digits, high);
    // The lookup ignores the highest bit, so bytes from 0x80 on are excluded here.
    let none = _mm512_movepi8_mask(_mm512_or_si512(values, digits));
    match none.trailing_zeros() {
        64 => (values, 64),
        // At most 63.
        count => (_mm512_maskz_mov_epi8((1 << count) - 1, values), count as usize),
    }
}

/// The 48 bytes that 64 values encode.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn bytes_of(values: __m512i) -> __m512i {
    let pairs = _mm512_maddubs_epi16(values, _mm512_set1_epi32(0x0140_0140));
    let groups = _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x0001_1000));
    // SAFETY: the array has 64 bytes.
    let places = unsafe { _mm512_loadu_si512(PLACES.as_ptr().cast()) };
    _mm512_permutexvar_epi8(places, groups)
}

/// Stores the first `count` bytes, at most 48, if there is room for them.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn store(bytes: __m512i, count: usize, output: &mut [u8]) -> Option<()> {
    if let Some(place) = output.first_chunk_mut::<64>() {
        // SAFETY: the chunk has 64 bytes. The bytes after the first `count` are meaningless so far. A masked store would be
        // correct, too, but the CPU does not forward its bytes to a load: the next load would wait until they are in the cache.
        unsafe { _mm512_storeu_si512(place.as_mut_ptr().cast(), bytes) };
        return Some(());
    }
    let place = output.get_mut(..count)?;
    // SAFETY: the mask excludes all bytes after `place`.
    unsafe { _mm512_mask_storeu_epi8(place.as_mut_ptr().cast(), (1 << count) - 1, bytes) };
    Some(())
}
