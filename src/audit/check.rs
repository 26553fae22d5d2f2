//! The checks for each type of key.

use super::denylist::DenylistRef;
use super::factor::Factor;
use super::findings::Findings;
use super::prime_modulus::{self, Batch};
use super::{guessable_secret, rsa};
use crate::error::{Severity, Weakness};
use crate::key::KeyData;
use crate::rsa::RsaPublicKey;

/// Checks a key thoroughly, in up to about 120 ms: see [`audit`](crate::audit) for the time. A modulus above 4096 bits is
/// not tested for [`Weakness::PrimeModulus`] and [`Weakness::SmoothOrder`].
///
/// For an RSA key, at most one [`Severity::Broken`](crate::audit::Severity::Broken) weakness is reported, the first that is
/// found, except that [`Weakness::Denylisted`] is reported as well. Each of them yields the factors, so the rest no longer
/// matters.
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
    if let Some(key) = key_for_prime_test(key, findings) {
        let mut batch = Batch::new(key.bits());
        batch.push(0, key);
        batch.test(core::slice::from_mut(&mut findings));
    }
    check_slowly(key, rsa::find_thoroughly, &mut findings);
    check_slowly(key, rsa::find_smooth_order, &mut findings);
    look_up(key, denylists, &mut findings);
    findings
}

/// Checks many keys for weaknesses, as [`check_with`] does, but does not look for [`Weakness::SmoothOrder`], which takes most
/// of the time of [`check_with`]. Returns one set of findings for each key, in their order. Several moduli of one size are
/// tested for being primes together, so sort a large table by size, or by type.
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
        let Some(key) = findings.get(at).and_then(|findings| key_for_prime_test(key, *findings)) else { continue };
        if batch.is_full() || batch.bits() != key.bits() {
            batch.test(&mut findings);
            batch = Batch::new(key.bits());
        }
        batch.push(at, key);
    }
    batch.test(&mut findings);
    for (key, findings) in keys.iter().zip(&mut findings) {
        check_slowly(key, rsa::find_thoroughly, findings);
        look_up(key, denylists, findings);
    }
    findings
}

/// Checks a key for the weaknesses that are found within a fraction of a millisecond, and looks it up in lists of known keys:
/// what an import does. It leaves out [`Weakness::PrimeModulus`] and [`Weakness::SmoothOrder`], and tries fewer numbers for
/// [`Weakness::ClosePrimes`] and [`Weakness::PrimeDifference`] than [`check`] does.
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

/// A factor of an RSA modulus that has a weakness. `None` if [`check`] finds none, or finds one that does not yield the factor
/// ([`Weakness::PrimeModulus`], [`Weakness::Roca`], [`Weakness::LowWeight`] and [`Weakness::Denylisted`]), and for keys of other
/// types. Takes as long as [`check`].
///
/// It is a proof to show to whoever must replace the key. Findings and messages never contain it.
///
/// ```
/// use ssh_keypair::audit;
/// use ssh_keypair::PublicKey;
///
/// let weak: PublicKey = include_str!("../../tests/data/weak/factor-65537.pub").parse()?;
/// let factor = audit::factor(&weak.key_data()).expect("65537 divides the modulus");
/// assert_eq!(factor.as_bytes(), [1, 0, 1]);
///
/// let sound: PublicKey = include_str!("../../tests/data/rsa2048.pub").parse()?;
/// assert_eq!(audit::factor(&sound.key_data()), None);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
pub fn factor(key: &KeyData<'_>) -> Option<Factor> {
    key.as_rsa().and_then(|key| rsa::factor(&key))
}

/// A slow search for the factors of an RSA modulus, unless they are already known.
fn check_slowly(key: &KeyData<'_>, find: impl Fn(&RsaPublicKey<'_>) -> Option<rsa::Broken>, findings: &mut Findings) {
    if findings.worst() < Some(Severity::Broken)
        && let Some(key) = key.as_rsa()
        && let Some((weakness, _)) = find(&key)
    {
        findings.add(weakness);
    }
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

/// The RSA key, unless it is too long for the test for primes or has a weakness that reveals its factors.
fn key_for_prime_test<'a>(key: &KeyData<'a>, findings: Findings) -> Option<RsaPublicKey<'a>> {
    key.as_rsa().filter(|key| key.bits() <= prime_modulus::MAX_BITS && findings.worst() < Some(Severity::Broken))
}

fn look_up(key: &KeyData<'_>, denylists: &[DenylistRef<'_>], findings: &mut Findings) {
    if let Some(list) = denylists.iter().find_map(|denylist| denylist.find(key)) {
        *findings = findings.with_list(list);
    }
}
