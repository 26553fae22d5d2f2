//! Names inputs that are not text where a public key is expected: UTF-16, DER, and private keys in them.

use crate::error::{Error, ErrorKind, Field, Mistake};
use crate::openssh::is_openssh_blob;
use crate::text::{begins_a_private_key, is_utf16, reject_private_key};
use alloc::vec::Vec;
use zeroize::Zeroizing;

/// Rejects an input that is not text. A private key takes precedence, because its owner must be told about it.
pub(crate) fn reject_binary(input: &[u8]) -> Result<(), Error> {
    if is_openssh_blob(input) {
        return Err(Field::PublicKey.error_at(ErrorKind::PrivateKeyGiven, 0));
    }
    if let Some(der) = contents_of_der(input) {
        if begins_a_private_key(input) {
            return Err(Field::PublicKey.error_at(ErrorKind::PrivateKeyGiven, 0));
        }
        // The version of PKCS#12 is 3.
        let mistake = if der.starts_with(&[2, 1, 3, 0x30]) { Mistake::Pkcs12 } else { Mistake::Der };
        return Err(mistake.error_at(Field::PublicKey, 0));
    }
    if is_utf16(input) {
        // The markers of private keys are ASCII.
        let ascii: Zeroizing<Vec<u8>> =
            Zeroizing::new(input.iter().copied().filter(|byte| byte.is_ascii() && *byte != 0).collect());
        let is_private = str::from_utf8(&ascii).is_ok_and(|text| reject_private_key(text).is_err());
        let error = Mistake::Utf16.error_at(Field::PublicKey, 0);
        return Err(if is_private { Field::PublicKey.error_at(ErrorKind::PrivateKeyGiven, 0) } else { error });
    }
    Ok(())
}

/// What follows the header of a DER sequence with a control character that no text contains. None for text.
fn contents_of_der(input: &[u8]) -> Option<&[u8]> {
    let contents = match input {
        [0x30, length @ 0x81..=0x84, rest @ ..] => rest.get(usize::from(length & 0x7f)..)?,
        [0x30, length @ 1..=0x7f, rest @ ..] if usize::from(*length) <= rest.len() => rest,
        _ => return None,
    };
    contents.iter().take(16).any(|byte| *byte < b'\t').then_some(contents)
}
