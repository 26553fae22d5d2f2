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
