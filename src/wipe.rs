//! Wipes the stack after a computation with secrets, and keeps stored secrets from moving.
//!
//! A value in `Zeroizing` is wiped when it is dropped. Values that the compiler spilled, that a move left behind, or that other
//! crates copied are not wiped: they stay on the stack until another call goes as deep and overwrites them.

use zeroize::Zeroize;

/// The storage of a secret: a heap block, which never moves. Without a heap, the secret is part of its owner, and a move leaves
/// behind a copy that Rust offers no way to wipe.
#[cfg(feature = "alloc")]
pub(crate) type Unmoved<T> = alloc::boxed::Box<T>;
#[cfg(not(feature = "alloc"))]
pub(crate) type Unmoved<T> = T;

/// Moves a value to where it stays, before it contains a secret.
pub(crate) fn unmoved<T>(value: T) -> Unmoved<T> {
    #[allow(clippy::useless_conversion, reason = "a box, with a heap")]
    Unmoved::from(value)
}

/// Calls `work` in a separate stack frame, and then overwrites the stack where that frame and those below it were: 384 numbers
/// of `L` limbs. That is deeper than the generation of a key with two primes of `L` limbs, and for 16 limbs deeper than
/// anything else in this crate. Nothing about the stack can be proved in Rust, so this is best effort; `tests/wipe.rs` looks
/// for what is left.
pub(crate) fn on_wiped_stack<const L: usize, T>(work: impl FnOnce() -> T) -> T {
    let result = in_a_separate_frame(work);
    overwrite::<L>();
    result
}

#[inline(never)]
fn in_a_separate_frame<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[inline(never)]
fn overwrite<const L: usize>() {
    /// Additional limbs: unoptimised code has deeper frames.
    const MORE: usize = if cfg!(debug_assertions) { 4096 } else { 0 };
    let mut stack = ([[0u64; L]; 384], [0u64; MORE]);
    stack.0.as_flattened_mut().zeroize();
    stack.1.zeroize();
}
