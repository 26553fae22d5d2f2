//! Which instructions the CPU has, and the choice between the backends that need them.
//!
//! A backend is a token, a value without content. [`Portable`] is that of every CPU. Each of the others is the proof that
//! the CPU has some features, and that the system keeps their registers, because its `detect` alone makes one: a function
//! that takes a token may use the token's instructions.
//!
//! `--cfg ssh_keypair_backend="portable"` leaves [`Portable`] alone: then no other token is ever made.

#[cfg(all(
    ssh_keypair_backend = "avx512ifma",
    not(all(target_feature = "avx512f", target_feature = "avx512cd", target_feature = "avx512ifma"))
))]
compile_error!("this backend is forced: its target features must be enabled, -C target-feature=+avx512ifma,+avx512cd");

/// The backend of every CPU.
#[derive(Clone, Copy)]
pub(crate) struct Portable;

/// Declares tokens, each with a name for its detection and with the features that it proves.
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
macro_rules! tokens {
    ($($(#[$documentation:meta])* $token:ident, $detection:ident: $($feature:tt),+;)+) => {$(
        cpufeatures::new!($detection, $($feature),+);

        $(#[$documentation])*
        #[derive(Clone, Copy)]
        pub(crate) struct $token(());

        impl $token {
            /// The token, if CPU and system can run its instructions, and no other backend is forced.
            #[inline]
            pub(crate) fn detect() -> Option<Self> {
                (cfg!(not(ssh_keypair_backend = "portable")) && $detection::get()).then_some(Self(()))
            }
        }
    )+};
}

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
tokens! {
    /// AVX-512 with multiply-adds of 52 bits: Intel from Ice Lake, AMD from Zen 4.
    Ifma, ifma: "avx512f", "avx512cd", "avx512ifma";

    /// AVX-512 with permutations of bytes.
    Vbmi, vbmi: "avx512f", "avx512bw", "avx512vbmi";

    /// AVX2 with fused multiply-adds.
    Avx2Fma, avx2_fma: "avx2", "fma";
}

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64", feature = "alloc"))]
tokens! {
    /// AVX-512.
    Avx512, avx512: "avx512f";

    /// AVX2.
    Avx2, avx2: "avx2";
}

/// Evaluates an expression with the best backend of this machine: the first one of a list, of which each needs more than
/// those after it, or [`Portable`]. Without a list, with that of [`bignum`](crate::kernels::bignum) and
/// [`curve`](crate::kernels::curve).
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
macro_rules! on_best_backend {
    ($backend:ident => $expression:expr) => {
        $crate::kernels::cpu::on_best_backend!($backend in [Ifma] => $expression)
    };
    ($backend:ident in [] => $expression:expr) => {{
        let $backend = $crate::kernels::cpu::Portable;
        $expression
    }};
    ($backend:ident in [$token:ident $(, $more:ident)*] => $expression:expr) => {
        match $crate::kernels::cpu::$token::detect() {
            Some($backend) => $expression,
            None => $crate::kernels::cpu::on_best_backend!($backend in [$($more),*] => $expression),
        }
    };
}

/// Evaluates an expression with the one backend that there is.
#[cfg(not(all(target_arch = "x86_64", target_pointer_width = "64")))]
macro_rules! on_best_backend {
    ($backend:ident $(in [$($token:ident),*])? => $expression:expr) => {{
        let $backend = $crate::kernels::cpu::Portable;
        $expression
    }};
}

pub(crate) use on_best_backend;

/// Evaluates an expression with every backend of a list that this machine has. Without a list, with those of
/// [`bignum`](crate::kernels::bignum) and [`curve`](crate::kernels::curve).
#[cfg(test)]
macro_rules! on_every_backend {
    ($backend:ident => $expression:expr) => {
        $crate::kernels::cpu::on_every_backend!($backend in [Portable, Ifma] => $expression)
    };
    ($backend:ident in [$($token:ident),*] => $expression:expr) => {{
        $($crate::kernels::cpu::on_every_backend!(@ $token $backend => $expression);)*
    }};
    (@ Portable $backend:ident => $expression:expr) => {{
        let $backend = $crate::kernels::cpu::Portable;
        $expression
    }};
    (@ $token:ident $backend:ident => $expression:expr) => {
        #[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
        if let Some($backend) = $crate::kernels::cpu::$token::detect() {
            $expression
        }
    };
}

#[cfg(test)]
pub(crate) use on_every_backend;
