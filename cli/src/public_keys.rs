//! The public keys in a file, which is one key or has one on each line.

use ssh_keypair::{Error, KeyFormat, PublicKey};

/// The key in a file that is a single key: RFC 4716 or PEM.
pub(crate) fn key_of_file(text: &str) -> Option<Result<PublicKey, Error>> {
    let framed = text.trim_start_matches('\u{feff}').trim();
    match KeyFormat::detect(text) {
        Some(KeyFormat::Rfc4716) => Some(PublicKey::from_rfc4716(framed)),
        Some(KeyFormat::SpkiPem | KeyFormat::Pkcs1PublicPem) => Some(PublicKey::from_pem(framed)),
        _ => None,
    }
}

/// The lines of a file that has a key on each line, with their numbers, but without empty lines and comments.
pub(crate) fn key_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..)
        .zip(text.split_inclusive('\n').map(|line| line.trim_start_matches([' ', '\t'])))
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
}
