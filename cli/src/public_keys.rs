//! The public keys in a file: the file is one key, or has one in each line.

use ssh_keypair::{Error, pkcs};
use ssh_keypair::{PublicKey, TextForm, detect};

/// The key of a file that is one key: RFC 4716, or PEM.
pub(crate) fn key_of_file(text: &str) -> Option<Result<PublicKey, Error>> {
    let framed = text.trim_start_matches('\u{feff}').trim();
    match detect(text) {
        Some(TextForm::Rfc4716) => Some(PublicKey::from_rfc4716(framed)),
        Some(TextForm::SpkiPem | TextForm::Pkcs1PublicPem) => Some(pkcs::public_key_from_pem(framed)),
        _ => None,
    }
}

/// The lines of a file that has a key in each, with their numbers, without empty lines and comments.
pub(crate) fn key_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..)
        .zip(text.split_inclusive('\n').map(|line| line.trim_start_matches([' ', '\t'])))
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
}
