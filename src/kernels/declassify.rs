//! The one gate from secret to public. Whatever decides a branch after a prime has been drawn goes through [`declassify`]: the
//! verdicts of the sieve, the screen, Miller-Rabin and the checks, and nothing else.
//!
//! With `--cfg ssh_keypair_ctgrind`, candidates are marked as undefined for valgrind's memcheck when they are drawn, and the
//! gate marks verdicts as defined. Then memcheck reports every other branch and every index that depends on a candidate. This
//! is the technique that Adam Langley called ctgrind. `.ci/ctgrind` runs it.

use subtle::Choice;

/// Makes a verdict public.
#[inline(always)]
pub(crate) fn declassify(verdict: Choice) -> bool {
    #[cfg(ssh_keypair_ctgrind)]
    let verdict = {
        let mut byte = verdict.unwrap_u8();
        memcheck::make(memcheck::DEFINED, core::slice::from_mut(&mut byte));
        Choice::from(byte)
    };
    verdict.into()
}

/// Marks values that must not decide a branch or an index. Does nothing without `--cfg ssh_keypair_ctgrind`.
#[inline(always)]
pub(crate) fn classify<T>(_secret: &mut [T]) {
    #[cfg(ssh_keypair_ctgrind)]
    memcheck::make(memcheck::UNDEFINED, _secret);
}

#[cfg(ssh_keypair_ctgrind)]
mod memcheck {
    /// The client requests of memcheck.h: the tool's two letters, and a number.
    const BASE: u64 = (b'M' as u64) << 24 | (b'C' as u64) << 16;
    pub(super) const UNDEFINED: u64 = BASE + 1;
    pub(super) const DEFINED: u64 = BASE + 2;

    /// Marks the memory of a slice. The reference is mutable so that the compiler reads the memory again.
    #[allow(unsafe_code, reason = "a client request is an instruction sequence")]
    pub(super) fn make<T>(request: u64, memory: &mut [T]) {
        let arguments = [request, memory.as_mut_ptr().expose_provenance() as u64, size_of_val(memory) as u64, 0, 0, 0];
        // SAFETY: on a processor the sequence does nothing: four rotations of rdi by 128 bits in all, and an exchange of
        // rbx with itself (valgrind.h, amd64). Under valgrind it marks memory that `memory` borrows, and changes no bit.
        unsafe {
            core::arch::asm!(
                "rol rdi, 3",
                "rol rdi, 13",
                "rol rdi, 61",
                "rol rdi, 51",
                "xchg rbx, rbx",
                in("rax") arguments.as_ptr(),
                inout("rdx") 0u64 => _,
                out("rdi") _,
            );
        }
    }
}
