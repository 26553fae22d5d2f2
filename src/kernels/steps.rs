//! For tests: records each instruction that a piece of work executes. `.ci/trace` runs these tests.
//!
//! Memcheck does not support AVX-512. For those kernels, this module shows that no branch depends on a secret: with different
//! secrets, the same work executes the same instructions, at the same addresses, in the same order. It says nothing about
//! indices, and covers only the secrets that are compared. But it observes the CPU itself, and works for every backend.
//!
//! The CPU's trap flag raises a signal after each instruction. That takes half the time of a tracer in another process:
//! 16 µs for each step in a virtual machine without support for the flag, and 1 or 2 µs elsewhere.

use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::sync::Mutex;
use std::vec::Vec;

/// The most steps of a piece of work: more than it takes to generate a key of 2048 bits.
const MAX_STEPS: usize = 1 << 26;

/// Where the addresses go, and how many there are.
static ADDRESSES: AtomicPtr<u32> = AtomicPtr::new(core::ptr::null_mut());
static STEPS: AtomicUsize = AtomicUsize::new(0);

/// Only one thread records at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Does some work for three secrets, one after the other, and compares the second run with the third. The first run is not
/// compared, because it may allocate or initialise something. Returns the number of instructions, or, as an error, the number of
/// those before the first difference.
///
/// Each secret is moved to the same place, because a copy of memory may branch on its alignment.
pub(crate) fn same_steps<T>([first, second, third]: [T; 3], work: impl Fn(&T)) -> Result<usize, usize> {
    let _one_at_a_time = ONE_AT_A_TIME.lock();
    work(&first);
    let [second, third] = [second, third].map(|secret| steps(secret, &work));
    assert!(second.len().max(third.len()) < MAX_STEPS, "more steps than are recorded");
    if second == third { Ok(second.len()) } else { Err(second.iter().zip(&third).take_while(|(a, b)| a == b).count()) }
}

/// The lower halves of the addresses of the instructions, in order.
#[inline(never)]
fn steps<T>(secret: T, work: &impl Fn(&T)) -> Vec<u32> {
    let mut addresses = Vec::with_capacity(MAX_STEPS);
    ADDRESSES.store(addresses.as_mut_ptr(), Ordering::Relaxed);
    STEPS.store(0, Ordering::Relaxed);
    // SAFETY: `on_step` is a signal handler that only writes to its own variables. The trap flag is part of the flags, which
    // the compiler expects a block of assembly to change. The vector has room for as many addresses as were recorded.
    #[allow(unsafe_code)]
    unsafe {
        let mut action: libc::sigaction = core::mem::zeroed();
        action.sa_sigaction = on_step as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO;
        assert_eq!(libc::sigaction(libc::SIGTRAP, &action, core::ptr::null_mut()), 0);
        core::arch::asm!("pushfq", "or qword ptr [rsp], 0x100", "popfq");
        work(&secret);
        core::arch::asm!("pushfq", "and qword ptr [rsp], ~0x100", "popfq");
        addresses.set_len(STEPS.load(Ordering::Relaxed).min(MAX_STEPS));
    }
    addresses
}

/// Records the address of the next instruction.
#[allow(unsafe_code)]
extern "C" fn on_step(_: libc::c_int, _: *mut libc::siginfo_t, context: *mut libc::c_void) {
    let step = STEPS.fetch_add(1, Ordering::Relaxed);
    if step < MAX_STEPS {
        // SAFETY: the kernel passes the registers of the interrupted code, and the vector has room.
        unsafe {
            let registers = &(*context.cast::<libc::ucontext_t>()).uc_mcontext.gregs;
            ADDRESSES.load(Ordering::Relaxed).add(step).write(registers[libc::REG_RIP as usize] as u32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::hint::black_box;

    /// The negative control: multiplies only for the bits that are set.
    #[inline(never)]
    fn power_vartime(base: u64, exponent: u64) -> u64 {
        let mut power = 1_u64;
        for bit in (0..64).rev() {
            power = power.wrapping_mul(power);
            if black_box(exponent) >> bit & 1 == 1 {
                power = black_box(power).wrapping_mul(base);
            }
        }
        power
    }

    #[test]
    fn a_branch_on_a_secret_changes_the_steps() {
        let steps = |exponents| same_steps(exponents, |exponent| _ = black_box(power_vartime(3, *exponent)));
        assert!(steps([5; 3]).is_ok_and(|steps| steps > 200));
        // The same number of bits, so that the number of steps is the same, but not their order.
        let late = steps([5, 0b101, 0b110]).unwrap_err();
        let early = steps([5, 1, 1 << 63 | 1]).unwrap_err();
        assert!(early < late, "{early} {late}");
    }
}
