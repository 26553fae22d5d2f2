//! The stack below secrets, overwritten.
//!
//! What a function holds in `Zeroizing` is wiped when it ends. What the compiler spilled, what a move left, and what other
//! crates have in their working copies is not: it lies on the stack, until something is called that goes as deep.

use zeroize::Zeroize;

/// Does some work in a frame of its own, and then overwrites the stack where that frame and those below it have been: 384
/// numbers of `L` limbs, deeper than a key of two such primes takes to make, and than anything else here for 16. As
/// everything about the stack it is an effort and no proof; `tests/wipe.rs` looks at what it leaves.
pub(crate) fn on_wiped_stack<const L: usize, T>(work: impl FnOnce() -> T) -> T {
    let result = in_a_frame_of_its_own(work);
    overwrite::<L>();
    result
}

#[inline(never)]
fn in_a_frame_of_its_own<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[inline(never)]
fn overwrite<const L: usize>() {
    /// Unoptimised code has deeper frames.
    const MORE: usize = if cfg!(debug_assertions) { 4096 } else { 0 };
    let mut stack = ([[0u64; L]; 384], [0u64; MORE]);
    stack.0.as_flattened_mut().zeroize();
    stack.1.zeroize();
}
