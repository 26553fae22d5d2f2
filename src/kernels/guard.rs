//! For tests: heap blocks that touch an inaccessible page. If code reads or writes one byte too many, a signal kills the process.
//! That also holds for kernels in assembly, which neither a sanitizer nor Miri sees.
//!
//! The unit tests are built with an allocator that gives each block its own pages while a thread is in [`on_each_side`]: first
//! flush with an inaccessible page on the right, and then with one on the left. No address is used twice, and freed pages become
//! inaccessible, so that an access to a freed block is fatal, too.
//!
//! The end of a block can be flush with the page only as far as its alignment allows. The size of a Rust type is a multiple of
//! its alignment, so a `Box` or a `Vec` of exact capacity leaves no slack. A `Layout` of another size leaves some bytes, fewer
//! than its alignment, between its end and the page. The allocator fills this slack, and the rest of the pages on the other side,
//! with a pattern, and compares it when the block is freed. So in these places, a stray write is found, but not a stray read.
//!
//! Blocks have pages of their own only on x86-64 Linux, where the kernels in assembly run. Elsewhere, tests run with the system's
//! allocator.

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod pages {
    use core::cell::Cell;
    use core::ptr;
    use core::sync::atomic::{AtomicUsize, Ordering};
    use std::alloc::{GlobalAlloc, Layout, System};
    use std::sync::OnceLock;

    /// The size of a page on x86-64.
    const PAGE: usize = 4096;

    /// The bytes of address space for all blocks: a tebibyte, of which only pages in use are memory.
    const SPACE: usize = 1 << 40;

    /// The value of the bytes around a block.
    const PATTERN: u8 = 0xa5;

    /// Which end of a block touches an inaccessible page.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(super) enum Side {
        Right,
        Left,
    }

    /// The address of the reserved space.
    static BEGIN: OnceLock<usize> = OnceLock::new();

    /// The offset of the next block in the space.
    static NEXT: AtomicUsize = AtomicUsize::new(PAGE);

    std::thread_local! {
        /// The side on which this thread's blocks touch an inaccessible page, if they have pages of their own.
        static SIDE: Cell<Option<Side>> = const { Cell::new(None) };
    }

    /// Calls `work` with heap blocks that touch an inaccessible page.
    pub(super) fn with_guard<T>(side: Side, work: impl FnOnce() -> T) -> T {
        /// Restores the previous choice, whether the work ends or panics.
        struct Restore(Option<Side>);

        impl Drop for Restore {
            fn drop(&mut self) {
                SIDE.set(self.0);
            }
        }

        BEGIN.get_or_init(|| map(ptr::null_mut(), SPACE, 0).expect("address space").addr());
        let _restore = Restore(SIDE.replace(Some(side)));
        work()
    }

    /// Maps inaccessible pages, at any address or at the given one.
    fn map(at: *mut u8, length: usize, flags: i32) -> Option<*mut u8> {
        let flags = flags | libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        // SAFETY: the address is null, or that of pages of a block that is being freed.
        #[allow(unsafe_code)]
        let mapped = unsafe { libc::mmap(at.cast(), length, libc::PROT_NONE, flags, -1, 0) };
        (mapped != libc::MAP_FAILED).then_some(mapped.cast())
    }

    /// This thread's current choice. A thread that is ending no longer has one, and a thread that panics must not use up the
    /// pages for its backtrace.
    fn side() -> Option<Side> {
        SIDE.try_with(Cell::get).ok().flatten().filter(|_| !std::thread::panicking())
    }

    /// The system's allocator, except for the blocks of a thread that is in [`with_guard`].
    struct Guarding;

    #[global_allocator]
    static ALLOCATOR: Guarding = Guarding;

    // SAFETY: each call is passed on to the system's allocator with the same arguments, or answered with fresh pages.
    #[allow(unsafe_code)]
    unsafe impl GlobalAlloc for Guarding {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            match side() {
                Some(side) if layout.align() <= PAGE => place(side, layout),
                // SAFETY: the caller upholds the contract.
                _ => unsafe { System.alloc(layout) },
            }
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            if has_pages(block) {
                remove(block, layout);
            } else {
                // SAFETY: the caller upholds the contract, and the block is the system's.
                unsafe { System.dealloc(block, layout) };
            }
        }

        unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
            if !has_pages(old) && side().is_none() {
                // SAFETY: the caller upholds the contract, and the block is the system's.
                return unsafe { System.realloc(old, layout, size) };
            }
            // SAFETY: the caller upholds the contract, so the new layout is valid, and the blocks do not overlap.
            unsafe {
                let new = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
                if !new.is_null() {
                    ptr::copy_nonoverlapping(old, new, size.min(layout.size()));
                    self.dealloc(old, layout);
                }
                new
            }
        }
    }

    fn has_pages(block: *mut u8) -> bool {
        BEGIN.get().is_some_and(|begin| (*begin..begin + SPACE).contains(&block.addr()))
    }

    /// The bytes of the accessible pages of a block.
    fn accessible(layout: Layout) -> usize {
        layout.size().max(1).next_multiple_of(PAGE)
    }

    /// A block in fresh pages, or null.
    fn place(side: Side, layout: Layout) -> *mut u8 {
        let length = accessible(layout);
        // An inaccessible page follows, which is also the one before the next block.
        let offset = NEXT.fetch_add(length + PAGE, Ordering::Relaxed);
        let (Some(begin), true) = (BEGIN.get(), offset + length + PAGE <= SPACE) else { return ptr::null_mut() };
        let pages = ptr::with_exposed_provenance_mut::<u8>(begin + offset);
        let at = match side {
            Side::Right => (length - layout.size()) & !(layout.align() - 1),
            Side::Left => 0,
        };
        // SAFETY: the pages are reserved, and nobody else has them.
        #[allow(unsafe_code)]
        unsafe {
            if libc::mprotect(pages.cast(), length, libc::PROT_READ | libc::PROT_WRITE) != 0 {
                return ptr::null_mut();
            }
            pages.write_bytes(PATTERN, length);
            pages.add(at)
        }
    }

    /// Makes the pages of a block inaccessible for good. Aborts if the bytes around the block have changed.
    fn remove(block: *mut u8, layout: Layout) {
        let (length, at) = (accessible(layout), block.addr() % PAGE);
        let pages = block.wrapping_sub(at);
        // SAFETY: `place` made these pages accessible, and filled them.
        #[allow(unsafe_code)]
        let pages_bytes = unsafe { core::slice::from_raw_parts(pages, length) };
        let (before, rest) = pages_bytes.split_at(at);
        let after = rest.get(layout.size()..).unwrap_or_default();
        if before.iter().chain(after).any(|byte| *byte != PATTERN) || map(pages, length, libc::MAP_FIXED).is_none() {
            // An allocator must not panic.
            std::process::abort();
        }
    }

    /// The signal that kills a child process while it does some work, if one does. The work must not allocate.
    pub(super) fn signal(work: impl FnOnce()) -> Option<i32> {
        // SAFETY: the child has only this thread; it does its work and ends, without running any other code of this process.
        #[allow(unsafe_code)]
        unsafe {
            let child = libc::fork();
            assert!(child >= 0, "a child process");
            if child == 0 {
                work();
                libc::_exit(0);
            }
            let mut status = 0;
            assert_eq!(libc::waitpid(child, &mut status, 0), child);
            libc::WIFSIGNALED(status).then(|| libc::WTERMSIG(status))
        }
    }
}

/// Calls `work` twice. Each heap block that this thread requests meanwhile touches an inaccessible page: on its right in the
/// first call, and on its left in the second.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub(crate) fn on_each_side(mut work: impl FnMut()) {
    pages::with_guard(pages::Side::Right, &mut work);
    pages::with_guard(pages::Side::Left, work);
}

/// Calls `work`, with the system's allocator.
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
pub(crate) fn on_each_side(mut work: impl FnMut()) {
    work();
}

#[cfg(all(test, target_os = "linux", target_arch = "x86_64"))]
mod tests {
    use super::pages::{Side, signal, with_guard};
    use std::alloc::{Layout, alloc, dealloc};
    use std::boxed::Box;
    use std::vec;

    /// Reads eight bytes at an address, in assembly, as a kernel would.
    #[allow(unsafe_code)]
    fn read_word(from: *const u8) {
        // SAFETY: not safe if these bytes are inaccessible: then the child process must die.
        unsafe { core::arch::asm!("mov {word}, [{from}]", word = out(reg) _, from = in(reg) from, options(nostack)) };
    }

    #[test]
    fn reading_a_byte_too_many_is_fatal_on_the_right() {
        for length in [8, 9, 100, 4095, 4096, 4097, 20_000] {
            let block: Box<[u8]> = with_guard(Side::Right, || vec![7; length].into());
            let last = block.as_ptr().wrapping_add(length - 8);
            assert_eq!(signal(|| read_word(last)), None, "{length}");
            assert_eq!(signal(|| read_word(last.wrapping_add(1))), Some(libc::SIGSEGV), "{length}");
        }
    }

    #[test]
    fn reading_a_byte_too_many_is_fatal_on_the_left() {
        for length in [8, 9, 100, 4095, 4096, 4097, 20_000] {
            let block: Box<[u8]> = with_guard(Side::Left, || vec![7; length].into());
            assert_eq!(signal(|| read_word(block.as_ptr())), None, "{length}");
            assert_eq!(signal(|| read_word(block.as_ptr().wrapping_sub(1))), Some(libc::SIGSEGV), "{length}");
        }
    }

    #[test]
    fn reading_a_freed_block_is_fatal() {
        for side in [Side::Right, Side::Left] {
            let block: Box<[u64]> = with_guard(side, || vec![7; 100].into());
            let freed = block.as_ptr().cast();
            drop(block);
            assert_eq!(signal(|| read_word(freed)), Some(libc::SIGSEGV), "{side:?}");
        }
    }

    /// 13 bytes, aligned to 8, leave three bytes of slack on the right.
    #[test]
    #[allow(unsafe_code)]
    fn writing_into_the_slack_of_the_alignment_is_found_when_the_block_is_freed() {
        let layout = Layout::from_size_align(13, 8).unwrap();
        for (side, stray) in [(Side::Right, 13), (Side::Right, 15), (Side::Left, 13), (Side::Left, 4095)] {
            for write in [false, true] {
                // SAFETY: the size is not zero.
                let block = with_guard(side, || unsafe { alloc(layout) });
                let free = || {
                    if write {
                        // SAFETY: these bytes are accessible, and in no block.
                        unsafe { block.add(stray).write(1) };
                    }
                    // SAFETY: the block has this layout.
                    unsafe { dealloc(block, layout) };
                };
                assert_eq!(signal(free), write.then_some(libc::SIGABRT), "{side:?} {stray}");
            }
        }
        let block = with_guard(Side::Right, || {
            // SAFETY: the size is not zero.
            unsafe { alloc(layout) }
        });
        assert_eq!(signal(|| read_word(block.wrapping_add(16 - 8))), None);
        assert_eq!(signal(|| read_word(block.wrapping_add(16 - 7))), Some(libc::SIGSEGV));
        // SAFETY: the block has this layout.
        unsafe { dealloc(block, layout) };
    }

    #[test]
    fn a_block_that_grows_and_shrinks_keeps_its_contents() {
        for side in [Side::Right, Side::Left] {
            with_guard(side, || {
                let mut bytes: vec::Vec<u16> = (0..1000).collect();
                bytes.reserve_exact(50_000);
                bytes.truncate(10);
                bytes.shrink_to_fit();
                assert_eq!(bytes, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
            });
        }
        // A block of the system's allocator moves to pages of its own, and back.
        let mut bytes = vec![7_u8; 10];
        with_guard(Side::Right, || bytes.reserve_exact(5000));
        bytes.reserve_exact(50_000);
        assert_eq!(bytes, [7; 10]);
    }
}
