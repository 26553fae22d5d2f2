//! Replaces the module `encryption` without the feature of that name: every encrypted file is rejected.

use crate::error::{Error, ErrorKind, Field};
use crate::key::{ReadOptions, Span};
use core::convert::Infallible;
use core::marker::PhantomData;

/// The block size of every supported cipher.
pub(super) const BLOCK_BYTES: usize = 16;

/// This type has no values: no encryption is supported.
pub(super) struct Encryption<'a>(Infallible, PhantomData<&'a [u8]>);

impl<'a> Encryption<'a> {
    /// # Errors
    ///
    /// Always: [`ErrorKind::UnsupportedEncryption`] with a passphrase, [`ErrorKind::PassphraseRequired`] without one.
    pub(super) fn read(_blob: &[u8], [cipher, ..]: [Span; 3], options: &ReadOptions<'a>) -> Result<Self, Error> {
        Err(match options.passphrase() {
            Some(_) => Field::Encryption.error_at(ErrorKind::UnsupportedEncryption, cipher.start()),
            None => Field::Passphrase.error(ErrorKind::PassphraseRequired),
        })
    }

    pub(super) fn block_bytes(&self) -> usize {
        match self.0 {}
    }

    pub(super) fn tag_bytes(&self) -> usize {
        match self.0 {}
    }

    pub(super) fn decrypt(&self, _blob: &mut [u8], _section: Span) -> Result<(), Error> {
        match self.0 {}
    }
}
