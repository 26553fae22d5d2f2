//! The names of key types and curves: RFC 8017, RFC 3279, RFC 5480, RFC 8410.

use crate::key::EcdsaCurve;
use spki::ObjectIdentifier;

pub(super) const RSA: ObjectIdentifier = pkcs1::ALGORITHM_OID;
pub(super) const DSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10040.4.1");
pub(super) const ECDSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
pub(super) const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");

/// The types of keys and the curves that SSH does not have, by their names and how an error names them.
#[cfg(feature = "alloc")]
const OTHERS: [(&str, &str); 22] = [
    ("1.3.101.110", "X25519"),
    ("1.3.101.111", "X448"),
    ("1.3.101.113", "Ed448"),
    ("1.2.840.113549.1.1.10", "RSA-PSS"),
    ("1.2.840.113549.1.1.7", "RSA-OAEP"),
    ("1.2.840.113549.1.3.1", "DH"),
    ("1.2.840.10046.2.1", "DH"),
    ("1.3.132.0.10", "secp256k1"),
    ("1.3.132.0.33", "P-224"),
    ("1.2.840.10045.3.1.1", "P-192"),
    ("1.2.156.10197.1.301", "SM2"),
    ("1.3.36.3.3.2.8.1.1.1", "brainpoolP160r1"),
    ("1.3.36.3.3.2.8.1.1.3", "brainpoolP192r1"),
    ("1.3.36.3.3.2.8.1.1.5", "brainpoolP224r1"),
    ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1"),
    ("1.3.36.3.3.2.8.1.1.8", "brainpoolP256t1"),
    ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1"),
    ("1.3.36.3.3.2.8.1.1.12", "brainpoolP384t1"),
    ("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1"),
    ("2.16.840.1.101.3.4.3.17", "ML-DSA-44"),
    ("2.16.840.1.101.3.4.3.18", "ML-DSA-65"),
    ("2.16.840.1.101.3.4.3.19", "ML-DSA-87"),
];

/// How an error names a type of key or a curve that SSH does not have.
#[cfg(feature = "alloc")]
pub(super) fn other_type_of(name: ObjectIdentifier) -> Option<&'static str> {
    let is = |arcs: &str| ObjectIdentifier::new(arcs).is_ok_and(|other| other == name);
    OTHERS.into_iter().find(|(arcs, _)| is(arcs)).map(|(_, name)| name)
}

pub(super) const fn name_of(curve: EcdsaCurve) -> &'static ObjectIdentifier {
    match curve {
        EcdsaCurve::P256 => &P256,
        EcdsaCurve::P384 => &P384,
        EcdsaCurve::P521 => &P521,
    }
}

/// The curve that has this name. None for one that OpenSSH does not support.
pub(super) fn curve_of(name: ObjectIdentifier) -> Option<EcdsaCurve> {
    [EcdsaCurve::P256, EcdsaCurve::P384, EcdsaCurve::P521].into_iter().find(|curve| *name_of(*curve) == name)
}
