//! The macro that wraps kernels in assembly.

/// A block of assembly that accesses only the memory of its operands, and no stack. The first word says which registers the
/// block may overwrite, apart from its operands and the flags:
///
/// * `zmm`: all vector registers of AVX-512, and k1;
/// * `ymm`: all vector registers of AVX2;
/// * `operands`: no other registers. Such a block writes no memory.
///
/// ```text
/// kernel!(zmm: [lines of text, each an expression] operands as in asm!)
/// ```
macro_rules! kernel {
    (zmm: $lines:tt $($operands:tt)*) => {
        $crate::kernels::assembly::kernel!(@ $lines [
            $($operands)*
            out("k1") _,
            out("zmm0") _, out("zmm1") _, out("zmm2") _, out("zmm3") _, out("zmm4") _, out("zmm5") _, out("zmm6") _,
            out("zmm7") _, out("zmm8") _, out("zmm9") _, out("zmm10") _, out("zmm11") _, out("zmm12") _,
            out("zmm13") _, out("zmm14") _, out("zmm15") _, out("zmm16") _, out("zmm17") _, out("zmm18") _,
            out("zmm19") _, out("zmm20") _, out("zmm21") _, out("zmm22") _, out("zmm23") _, out("zmm24") _,
            out("zmm25") _, out("zmm26") _, out("zmm27") _, out("zmm28") _, out("zmm29") _, out("zmm30") _,
            out("zmm31") _,
        ] [nostack])
    };
    (ymm: $lines:tt $($operands:tt)*) => {
        $crate::kernels::assembly::kernel!(@ $lines [
            $($operands)*
            out("ymm0") _, out("ymm1") _, out("ymm2") _, out("ymm3") _, out("ymm4") _, out("ymm5") _, out("ymm6") _,
            out("ymm7") _, out("ymm8") _, out("ymm9") _, out("ymm10") _, out("ymm11") _, out("ymm12") _,
            out("ymm13") _, out("ymm14") _, out("ymm15") _,
        ] [nostack])
    };
    (operands: $lines:tt $($operands:tt)*) => {
        $crate::kernels::assembly::kernel!(@ $lines [$($operands)*] [nostack, readonly])
    };
    (@ [$($line:expr),* $(,)?] [$($operands:tt)*] [$($options:ident),*]) => {
        ::core::arch::asm!($($line,)* $($operands)* options($($options),*))
    };
}

pub(super) use kernel;
