//! Which instructions the CPU has, and the choice between the backends that need them.
//!
//! A backend is a token, a value without contents. [`Portable`] is the backend for every CPU. Each of the other tokens is proof
//! that the CPU has some features, and that the operating system saves their registers, because only its `detect` creates one.
//! So a function with a token as a parameter may use the token's instructions.
//!
//! With `--cfg ssh_keypair_backend="portable"`, no token except [`Portable`] is ever created. In tests, fuzz targets and
//! benchmarks, a thread can choose, too: [`with_instructions`].

#[cfg(all(
    ssh_keypair_backend = "avx512ifma",
    not(all(target_feature = "avx512f", target_feature = "avx512cd", target_feature = "avx512ifma"))
))]
compile_error!("this backend is forced: its target features must be enabled, -C target-feature=+avx512ifma,+avx512cd");

/// The backend for every CPU.
#[derive(Clone, Copy)]
pub(crate) struct Portable;

/// Which instructions a backend needs. A CPU that has one in this list also has those before it.
#[cfg(any(test, fuzzing, ssh_keypair_internals))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Instructions {
    /// The instructions that every CPU of the target has.
    Portable,
    /// AVX2 and FMA.
    Avx2,
    /// Any part of AVX-512.
    Avx512,
}

#[cfg(any(test, fuzzing, ssh_keypair_internals))]
impl Instructions {
    /// All levels, lowest first.
    pub const ALL: [Self; 3] = [Self::Portable, Self::Avx2, Self::Avx512];
}

#[cfg(any(test, fuzzing, ssh_keypair_internals))]
std::thread_local! {
    /// The highest level that this thread may use.
    static MOST: core::cell::Cell<Instructions> = const { core::cell::Cell::new(Instructions::Avx512) };
}

/// Calls `work` with backends that need at most these instructions, on this thread. Instructions that the CPU does not have, or
/// that `--cfg ssh_keypair_backend` or an outer call excludes, remain excluded.
#[cfg(any(test, fuzzing, ssh_keypair_internals))]
pub fn with_instructions<T>(most: Instructions, work: impl FnOnce() -> T) -> T {
    /// Restores the previous choice, whether the work ends or panics.
    struct Restore(Instructions);

    impl Drop for Restore {
        fn drop(&mut self) {
            MOST.set(self.0);
        }
    }

    let restore = Restore(MOST.get());
    MOST.set(most.min(restore.0));
    work()
}

/// Declares tokens, each with a name for its detection, the [`Instructions`] that it belongs to, and the features that it
/// proves.
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
macro_rules! tokens {
    ($($(#[$documentation:meta])* $token:ident, $detection:ident, $instructions:ident: $($feature:tt),+;)+) => {$(
        cpufeatures::new!($detection, $($feature),+);

        $(#[$documentation])*
        #[derive(Clone, Copy)]
        pub(crate) struct $token(());

        impl $token {
            /// The token, if the CPU and the operating system support its instructions, and no other backend is forced.
            #[inline]
            pub(crate) fn detect() -> Option<Self> {
                #[cfg(any(test, fuzzing, ssh_keypair_internals))]
                if Instructions::$instructions > MOST.get() {
                    return None;
                }
                (cfg!(not(ssh_keypair_backend = "portable")) && $detection::get()).then_some(Self(()))
            }
        }
    )+};
}

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
tokens! {
    /// AVX-512 with multiply-adds of 52 bits: Intel from Ice Lake, AMD from Zen 4.
    Ifma, ifma, Avx512: "avx512f", "avx512cd", "avx512ifma";

    /// AVX-512 with permutations of bytes.
    Vbmi, vbmi, Avx512: "avx512f", "avx512bw", "avx512vbmi";

    /// AVX2 with fused multiply-adds.
    Avx2Fma, avx2_fma, Avx2: "avx2", "fma";
}

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64", feature = "alloc"))]
tokens! {
    /// AVX-512.
    Avx512, avx512, Avx512: "avx512f";

    /// AVX2.
    Avx2, avx2, Avx2: "avx2";
}

/// Evaluates an expression with the best backend of this machine: the first one in a list that the machine supports, or
/// [`Portable`]. The list begins with the backend that needs most. Without a list, the macro uses that of
/// [`bignum`](crate::kernels::bignum).
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
macro_rules! on_best_backend {
    ($backend:ident => $expression:expr) => {
        $crate::kernels::cpu::on_best_backend!($backend in [Ifma, Avx2Fma] => $expression)
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

/// Evaluates an expression with the only backend that this target has.
#[cfg(not(all(target_arch = "x86_64", target_pointer_width = "64")))]
macro_rules! on_best_backend {
    ($backend:ident $(in [$($token:ident),*])? => $expression:expr) => {{
        let $backend = $crate::kernels::cpu::Portable;
        $expression
    }};
}

pub(crate) use on_best_backend;

/// Evaluates an expression with every backend in a list that this machine supports. Without a list, the macro uses those of
/// [`bignum`](crate::kernels::bignum).
macro_rules! on_every_backend {
    ($backend:ident => $expression:expr) => {
        $crate::kernels::cpu::on_every_backend!($backend in [Portable, Avx2Fma, Ifma] => $expression)
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

pub(crate) use on_every_backend;

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::String;
    use std::vec::Vec;

    /// The tokens that are available now.
    fn tokens() -> Vec<String> {
        let mut names = Vec::new();
        on_every_backend!(token in [Portable, Avx2Fma, Vbmi, Ifma] => {
            names.push(core::any::type_name_of_val(&token).rsplit("::").next().unwrap().into());
        });
        names
    }

    #[test]
    fn instructions_are_chosen_for_a_piece_of_work_and_never_more_than_there_are() {
        let all = tokens();
        with_instructions(Instructions::Avx2, || {
            let fewer = tokens();
            assert!(fewer.iter().all(|token| all.contains(token) && ["Portable", "Avx2Fma"].contains(&&**token)));
            with_instructions(Instructions::Portable, || {
                assert_eq!(tokens(), ["Portable"]);
                with_instructions(Instructions::Avx512, || assert_eq!(tokens(), ["Portable"]));
            });
            assert_eq!(tokens(), fewer);
        });
        let panicked = std::panic::catch_unwind(|| with_instructions(Instructions::Portable, || panic!("on purpose")));
        assert!(panicked.is_err());
        assert_eq!(tokens(), all);
        // The choice does not affect other threads.
        with_instructions(Instructions::Portable, || {
            assert_eq!(std::thread::spawn(tokens).join().unwrap(), all);
        });
        #[cfg(ssh_keypair_backend = "portable")]
        assert_eq!(all, ["Portable"]);
    }
}
