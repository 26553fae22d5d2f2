//! The checks for each type of key.

use super::denylist::DenylistRef;
use super::findings::Findings;
use super::prime_modulus::{self, Batch};
use super::{guessable_secret, rsa};
use crate::error::{Severity, Weakness};
use crate::key::KeyData;
use crate::rsa::RsaPublicKey;

/// Checks a key for every weakness that can be seen in one key. A modulus above 4096 bits is not tested for
/// [`Weakness::PrimeModulus`].
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
    let mut findings = without_slow_checks(key);
    if let Some(key) = key_for_slow_checks(key, findings) {
        let mut batch = Batch::new(key.bits());
        batch.push(0, key);
        batch.test(core::slice::from_mut(&mut findings));
    }
    look_up(key, denylists, &mut findings);
    findings
}

/// Checks many keys for weaknesses, as [`check_with`] does: one set of findings for each key, in their order. Faster than one
/// key at a time, because several moduli of one size are tested together; so sort a large table by size, or by type.
///
/// ```
/// use ssh_keypair::audit::{self, Weakness};
/// use ssh_keypair::PublicKey;
///
/// let sound: PublicKey = include_str!("../../tests/data/rsa2048.pub").parse()?;
/// let prime: PublicKey = include_str!("../../tests/data/weak/prime.pub").parse()?;
/// let findings = audit::check_all(&[sound.key_data(), prime.key_data()], &[]);
/// assert!(findings[0].is_empty());
/// assert!(findings[1].contains(Weakness::PrimeModulus));
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[cfg(feature = "alloc")]
pub fn check_all(keys: &[KeyData<'_>], denylists: &[DenylistRef<'_>]) -> alloc::vec::Vec<Findings> {
    let mut findings: alloc::vec::Vec<_> = keys.iter().map(without_slow_checks).collect();
    let mut batch = Batch::new(0);
    for (at, key) in keys.iter().enumerate() {
        let Some(key) = findings.get(at).and_then(|findings| key_for_slow_checks(key, *findings)) else { continue };
        if batch.is_full() || batch.bits() != key.bits() {
            batch.test(&mut findings);
            batch = Batch::new(key.bits());
        }
        batch.push(at, key);
    }
    batch.test(&mut findings);
    for (key, findings) in keys.iter().zip(&mut findings) {
        look_up(key, denylists, findings);
    }
    findings
}

/// Checks a key for the weaknesses that are found within microseconds, and looks it up in lists of known keys: what an import
/// does. It leaves out [`Weakness::PrimeModulus`], which takes most of the time of [`check`].
///
/// ```
/// use ssh_keypair::audit;
/// use ssh_keypair::PublicKey;
///
/// let key: PublicKey = include_str!("../../tests/data/rsa4096.pub").parse()?;
/// assert!(audit::quick_check(&key.key_data(), &[]).is_empty());
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
pub fn quick_check(key: &KeyData<'_>, denylists: &[DenylistRef<'_>]) -> Findings {
    let mut findings = without_slow_checks(key);
    look_up(key, denylists, &mut findings);
    findings
}

/// All checks of the key itself but the slow ones.
fn without_slow_checks(key: &KeyData<'_>) -> Findings {
    let mut findings = Findings::default();
    match key {
        KeyData::Rsa(key) => rsa::check(key, &mut findings),
        KeyData::Dsa(_) => findings.add(Weakness::DeprecatedDsa),
        KeyData::Ecdsa(_)
        | KeyData::SkEcdsaP256(_)
        | KeyData::Ed25519(_)
        | KeyData::SkEd25519(_)
        | KeyData::MlDsa44Ed25519(_) => {
            if guessable_secret::found(key) {
                findings.add(Weakness::GuessableSecret);
            }
        }
        KeyData::Opaque(_) => {}
    }
    findings
}

/// The RSA key, unless it is too long for the slow checks or has a weakness that reveals its factors.
fn key_for_slow_checks<'a>(key: &KeyData<'a>, findings: Findings) -> Option<RsaPublicKey<'a>> {
    key.as_rsa().filter(|key| key.bits() <= prime_modulus::MAX_BITS && findings.worst() < Some(Severity::Broken))
}

fn look_up(key: &KeyData<'_>, denylists: &[DenylistRef<'_>], findings: &mut Findings) {
    if let Some(list) = denylists.iter().find_map(|denylist| denylist.find(key)) {
        findings.add_listed(list);
    }
}
