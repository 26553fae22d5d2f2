//! The checks for each type of key.

use super::denylist::DenylistRef;
use super::findings::Findings;
use super::{guessable_secret, rsa};
use crate::error::Weakness;
use crate::key::KeyData;

/// Checks a key for weaknesses.
///
/// For an RSA key, at most one [`Severity::Broken`](crate::audit::Severity::Broken) weakness is reported: the first, in the
/// order of [`Weakness`], except that [`Weakness::PrimeModulus`] comes last. Each of them yields the factors, so the rest no
/// longer matters.
///
/// ```
/// use ssh_keypair::audit;
/// use ssh_keypair::PublicKey;
///
/// let key: PublicKey = include_str!("../../tests/data/rsa2048.pub").parse()?;
/// assert!(audit::check(&key.key_data()).is_empty());
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
pub fn check(key: &KeyData<'_>) -> Findings {
    check_with(key, &[])
}

/// Checks a key for weaknesses, and looks it up in lists of known keys. The first list that contains it is reported.
///
/// ```
/// use ssh_keypair::audit::{self, DenylistRef};
/// use ssh_keypair::PublicKey;
///
/// let key: PublicKey = include_str!("../../tests/data/ed25519.pub").parse()?;
/// let findings = audit::check_with(&key.key_data(), &[DenylistRef::new(&[])?]);
/// assert!(findings.is_empty());
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
pub fn check_with(key: &KeyData<'_>, denylists: &[DenylistRef<'_>]) -> Findings {
    let mut findings = Findings::default();
    match key {
        KeyData::Rsa(key) => rsa::check(key, &mut findings),
        KeyData::Dsa(_) => findings.add(Weakness::DeprecatedDsa),
        KeyData::Ecdsa(_) | KeyData::SkEcdsaP256(_) | KeyData::Ed25519(_) | KeyData::SkEd25519(_) => {
            if guessable_secret::found(key) {
                findings.add(Weakness::GuessableSecret);
            }
        }
        KeyData::Opaque(_) => {}
    }
    if let Some(list) = denylists.iter().find_map(|denylist| denylist.find(key)) {
        findings.add_listed(list);
    }
    findings
}
