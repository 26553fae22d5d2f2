//! The random number generator for tests: a test chooses its bytes.

use rand_core::{TryCryptoRng, TryRng};
use std::fmt;

/// A generator whose bytes depend only on their position. One type serves for all sequences, so code that is generic
/// over the generator is compiled once.
pub(crate) struct TestRng {
    drawn: u64,
    byte: Box<dyn FnMut(u64) -> Option<u8>>,
}

impl TestRng {
    /// Calls `byte` with each position, counted from 0; `None` is a failure.
    pub(crate) fn new(byte: impl FnMut(u64) -> Option<u8> + 'static) -> Self {
        Self { drawn: 0, byte: Box::new(byte) }
    }

    /// The same byte, over and over.
    pub(crate) fn constant(byte: u8) -> Self {
        Self::new(move |_| Some(byte))
    }

    /// 0, 1, 2 and so on; fails after 255.
    pub(crate) fn counter() -> Self {
        Self::new(|at| at.try_into().ok())
    }

    /// These bytes; fails when they are used up.
    pub(crate) fn of(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::new(move |at| bytes.get(usize::try_from(at).unwrap()).copied())
    }

    /// Fails at the first byte.
    pub(crate) fn broken() -> Self {
        Self::new(|_| None)
    }

    /// Panics at the first byte.
    pub(crate) fn untouched() -> Self {
        Self::new(|_| panic!("a byte was drawn"))
    }

    /// The number of bytes that were drawn.
    pub(crate) fn drawn(&self) -> u64 {
        self.drawn
    }
}

/// The error of a generator that fails.
#[derive(Debug)]
pub(crate) struct Failed;

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("failed")
    }
}

impl std::error::Error for Failed {}

impl TryRng for TestRng {
    type Error = Failed;

    fn try_next_u32(&mut self) -> Result<u32, Failed> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Failed> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Failed> {
        for byte in out {
            *byte = (self.byte)(self.drawn).ok_or(Failed)?;
            self.drawn += 1;
        }
        Ok(())
    }
}

impl TryCryptoRng for TestRng {}
