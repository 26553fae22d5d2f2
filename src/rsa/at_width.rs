//! The widths, in limbs, that key generation is compiled for.

/// Evaluates an expression with `$L` set to the smallest compiled width that fits a prime of `$bits` bits.
macro_rules! at_width {
    ($bits:expr, $L:ident => $expression:expr) => {
        match ($bits).div_ceil(64) {
            0..=16 => {
                const $L: usize = 16;
                $expression
            }
            17..=24 => {
                const $L: usize = 24;
                $expression
            }
            25..=32 => {
                const $L: usize = 32;
                $expression
            }
            33..=48 => {
                const $L: usize = 48;
                $expression
            }
            _ => {
                const $L: usize = 64;
                $expression
            }
        }
    };
}
pub(crate) use at_width;
