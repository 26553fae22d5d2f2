//! The numbers of a key, by type, and where they are in a blob.

use super::algorithm::{Algorithm, is_certificate_name, may_be_opaque};
use super::dsa::{self, DsaPublicKey};
use super::ecdsa::{self, EcdsaCurve, EcdsaPublicKey};
use super::ed25519::{self, Ed25519PublicKey};
use super::mldsa44_ed25519::{self, MlDsa44Ed25519PublicKey};
use super::rsa;
use super::security_key::{self, SecurityKey};
use super::wire::{Reader, Span, Writer};
use crate::error::{Error, ErrorKind, Field};
use crate::rsa::RsaPublicKey;

/// The components of a public key, by type. They were checked when the key was created, from a blob or from its parts.
///
/// ```
/// use ssh_keypair::{Ed25519PublicKey, KeyData, PublicKey};
///
/// let key = Ed25519PublicKey::new(b"\x58fffffffffffffffffffffffffffffff")?;
/// let line = PublicKey::from_key_data(&key.into(), "me@host")?.to_string();
/// assert_eq!(line, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFhmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZm me@host");
/// assert_eq!(line.parse::<PublicKey>()?.as_public_key_ref().key_data(), KeyData::Ed25519(key));
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum KeyData<'a> {
    /// The modulus and the public exponent of an `ssh-rsa` key.
    Rsa(RsaPublicKey<'a>),
    /// The numbers of an `ssh-dss` key.
    Dsa(DsaPublicKey<'a>),
    /// The point of an `ecdsa-sha2-…` key.
    Ecdsa(EcdsaPublicKey<'a>),
    /// The point of an `ssh-ed25519` key.
    Ed25519(Ed25519PublicKey<'a>),
    /// The point, on P-256, and the application of an `sk-ecdsa-sha2-nistp256@openssh.com` key.
    SkEcdsaP256(SecurityKey<'a, EcdsaPublicKey<'a>>),
    /// The point and the application of an `sk-ssh-ed25519@openssh.com` key.
    SkEd25519(SecurityKey<'a, Ed25519PublicKey<'a>>),
    /// The two halves of an `ssh-mldsa44-ed25519@openssh.com` key.
    MlDsa44Ed25519(MlDsa44Ed25519PublicKey<'a>),
    /// What follows the type's name in the blob of a key whose type this crate does not support.
    Opaque(&'a [u8]),
}

impl<'a> KeyData<'a> {
    /// The RSA key; `None` for any other type.
    pub fn as_rsa(&self) -> Option<RsaPublicKey<'a>> {
        match self {
            Self::Rsa(key) => Some(*key),
            _ => None,
        }
    }

    /// The DSA key; `None` for any other type.
    pub fn as_dsa(&self) -> Option<DsaPublicKey<'a>> {
        match self {
            Self::Dsa(key) => Some(*key),
            _ => None,
        }
    }

    /// The ECDSA key; `None` for any other type.
    pub fn as_ecdsa(&self) -> Option<EcdsaPublicKey<'a>> {
        match self {
            Self::Ecdsa(key) => Some(*key),
            _ => None,
        }
    }

    /// The Ed25519 key; `None` for any other type.
    pub fn as_ed25519(&self) -> Option<Ed25519PublicKey<'a>> {
        match self {
            Self::Ed25519(key) => Some(*key),
            _ => None,
        }
    }

    /// The ECDSA key on a security key; `None` for any other type.
    pub fn as_sk_ecdsa_p256(&self) -> Option<SecurityKey<'a, EcdsaPublicKey<'a>>> {
        match self {
            Self::SkEcdsaP256(key) => Some(*key),
            _ => None,
        }
    }

    /// The Ed25519 key on a security key; `None` for any other type.
    pub fn as_sk_ed25519(&self) -> Option<SecurityKey<'a, Ed25519PublicKey<'a>>> {
        match self {
            Self::SkEd25519(key) => Some(*key),
            _ => None,
        }
    }

    /// The composite of ML-DSA-44 and Ed25519; `None` for any other type.
    pub fn as_mldsa44_ed25519(&self) -> Option<MlDsa44Ed25519PublicKey<'a>> {
        match self {
            Self::MlDsa44Ed25519(key) => Some(*key),
            _ => None,
        }
    }

    /// The type of the key.
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Rsa(_) => Algorithm::Rsa,
            Self::Dsa(_) => Algorithm::Dsa,
            Self::Ecdsa(key) => key.curve().algorithm(),
            Self::Ed25519(_) => Algorithm::Ed25519,
            Self::SkEcdsaP256(_) => Algorithm::SkEcdsaP256,
            Self::SkEd25519(_) => Algorithm::SkEd25519,
            Self::MlDsa44Ed25519(_) => Algorithm::MlDsa44Ed25519,
            Self::Opaque(_) => Algorithm::Opaque,
        }
    }

    /// The size in bits, as `ssh-keygen -l` prints it: of an RSA modulus, of p for DSA, of a curve's field (for a
    /// composite, that of its Ed25519 half). 0 for an opaque key.
    pub fn bits(&self) -> usize {
        match self {
            Self::Rsa(key) => key.bits(),
            Self::Dsa(key) => 8 * key.p().len(),
            Self::Ecdsa(key) => key.curve().bits(),
            Self::Ed25519(_) | Self::SkEcdsaP256(_) | Self::SkEd25519(_) | Self::MlDsa44Ed25519(_) => 256,
            Self::Opaque(_) => 0,
        }
    }

    /// Writes the fields that follow the type's name.
    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> Result<(), Error> {
        match self {
            Self::Rsa(key) => rsa::write(key, writer),
            Self::Dsa(key) => dsa::write(key, writer),
            Self::Ecdsa(key) => ecdsa::write(key, writer),
            Self::Ed25519(key) => writer.string(key.as_bytes()),
            Self::SkEcdsaP256(sk) => {
                ecdsa::write(&sk.key(), writer)?;
                writer.string(sk.application().as_bytes())
            }
            Self::SkEd25519(sk) => {
                writer.string(sk.key().as_bytes())?;
                writer.string(sk.application().as_bytes())
            }
            Self::MlDsa44Ed25519(key) => writer.string_of_two(key.mldsa44(), key.ed25519().as_bytes()),
            Self::Opaque(fields) => {
                writer.put(fields);
                Ok(())
            }
        }
    }
}

impl<'a> From<RsaPublicKey<'a>> for KeyData<'a> {
    fn from(key: RsaPublicKey<'a>) -> Self {
        Self::Rsa(key)
    }
}

impl<'a> From<DsaPublicKey<'a>> for KeyData<'a> {
    fn from(key: DsaPublicKey<'a>) -> Self {
        Self::Dsa(key)
    }
}

impl<'a> From<EcdsaPublicKey<'a>> for KeyData<'a> {
    fn from(key: EcdsaPublicKey<'a>) -> Self {
        Self::Ecdsa(key)
    }
}

impl<'a> From<Ed25519PublicKey<'a>> for KeyData<'a> {
    fn from(key: Ed25519PublicKey<'a>) -> Self {
        Self::Ed25519(key)
    }
}

impl<'a> From<MlDsa44Ed25519PublicKey<'a>> for KeyData<'a> {
    fn from(key: MlDsa44Ed25519PublicKey<'a>) -> Self {
        Self::MlDsa44Ed25519(key)
    }
}

impl<'a> From<SecurityKey<'a, Ed25519PublicKey<'a>>> for KeyData<'a> {
    fn from(key: SecurityKey<'a, Ed25519PublicKey<'a>>) -> Self {
        Self::SkEd25519(key)
    }
}

impl<'a> TryFrom<SecurityKey<'a, EcdsaPublicKey<'a>>> for KeyData<'a> {
    type Error = Error;

    /// Fails with [`ErrorKind::TypeMismatch`] for a point on a curve other than P-256, the only one that ECDSA security keys use.
    fn try_from(key: SecurityKey<'a, EcdsaPublicKey<'a>>) -> Result<Self, Error> {
        match key.key().curve() {
            EcdsaCurve::P256 => Ok(Self::SkEcdsaP256(key)),
            EcdsaCurve::P384 | EcdsaCurve::P521 => Err(Field::Curve.error(ErrorKind::TypeMismatch)),
        }
    }
}

/// The curve of a key's point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    Edwards25519,
    Nist(EcdsaCurve),
}

/// The error of a point that is not on its curve.
pub(crate) fn not_on_curve(point: Span) -> Error {
    Field::Point.error_at(ErrorKind::InvalidPoint, point.start())
}

/// Checks that one point is on its curve.
fn check_on_curve(curve: Curve, point: Span, blob: &[u8]) -> Result<(), Error> {
    let on_curve = match curve {
        Curve::Edwards25519 => ed25519::is_on_curve(point.of(blob)),
        Curve::Nist(curve) => ecdsa::is_on_curve(curve, point.of(blob)),
    };
    if on_curve { Ok(()) } else { Err(not_on_curve(point)) }
}

/// Checks many points of one curve.
#[cfg(feature = "alloc")]
pub(crate) fn are_on_curve(curve: Curve, points: &[&[u8]], verdicts: &mut [bool]) {
    match curve {
        Curve::Edwards25519 => ed25519::are_on_curve(points, verdicts),
        Curve::Nist(curve) => ecdsa::are_on_curve(curve, points, verdicts),
    }
}

/// The positions of a key's fields in a checked blob: up to four, in wire order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    pub(crate) algorithm: Algorithm,
    pub(crate) fields: [Span; 4],
}

impl Layout {
    /// Reads a whole blob, and does all checks except [`Layout::check_point`].
    #[inline(always)]
    pub(crate) fn read_unproven(blob: &[u8], opaque: bool) -> Result<Self, Error> {
        let mut reader = Reader::new(blob);
        let name = reader.string(Field::BlobType)?;
        let layout = match Algorithm::of_name(reader.bytes(name)) {
            Some(algorithm) => Self::read_fields(algorithm, &mut reader)?,
            None if is_certificate_name(reader.bytes(name)) => {
                return Err(Field::BlobType.error_at(ErrorKind::CertificateNotAllowed, name.start()));
            }
            None if opaque && may_be_opaque(reader.bytes(name)) => {
                let none = Span::default();
                Self { algorithm: Algorithm::Opaque, fields: [name, reader.rest()?, none, none] }
            }
            None => return Err(Field::BlobType.error_at(ErrorKind::UnknownKeyType, name.start())),
        };
        reader.finish()?;
        Ok(layout)
    }

    /// Reads a whole blob, and does all checks.
    pub(crate) fn read(blob: &[u8], opaque: bool) -> Result<Self, Error> {
        let layout = Self::read_unproven(blob, opaque)?;
        layout.check_point(blob)?;
        Ok(layout)
    }

    /// Reads the fields that follow the name.
    #[inline(always)]
    pub(crate) fn read_fields(algorithm: Algorithm, reader: &mut Reader<'_>) -> Result<Self, Error> {
        let none = Span::default();
        let fields = match algorithm {
            Algorithm::Rsa => {
                let [e, n] = rsa::read(reader)?;
                [e, n, none, none]
            }
            Algorithm::Dsa => dsa::read(reader)?,
            Algorithm::EcdsaP256 => [ecdsa::read(EcdsaCurve::P256, reader)?, none, none, none],
            Algorithm::EcdsaP384 => [ecdsa::read(EcdsaCurve::P384, reader)?, none, none, none],
            Algorithm::EcdsaP521 => [ecdsa::read(EcdsaCurve::P521, reader)?, none, none, none],
            Algorithm::Ed25519 => [ed25519::read(reader)?, none, none, none],
            Algorithm::SkEcdsaP256 => {
                let point = ecdsa::read(EcdsaCurve::P256, reader)?;
                [point, security_key::read_application(reader)?, none, none]
            }
            Algorithm::SkEd25519 => {
                let point = ed25519::read(reader)?;
                [point, security_key::read_application(reader)?, none, none]
            }
            Algorithm::MlDsa44Ed25519 => {
                let [point, mldsa44] = mldsa44_ed25519::read(reader)?;
                [point, mldsa44, none, none]
            }
            Algorithm::Opaque => [none, reader.rest()?, none, none],
        };
        Ok(Self { algorithm, fields })
    }

    /// The key's point, if its type has one. It is not yet known to be on its curve.
    #[inline]
    pub(crate) fn point(&self) -> Option<(Curve, Span)> {
        let curve = match self.algorithm {
            Algorithm::Ed25519 | Algorithm::SkEd25519 | Algorithm::MlDsa44Ed25519 => Curve::Edwards25519,
            Algorithm::EcdsaP256 | Algorithm::SkEcdsaP256 => Curve::Nist(EcdsaCurve::P256),
            Algorithm::EcdsaP384 => Curve::Nist(EcdsaCurve::P384),
            Algorithm::EcdsaP521 => Curve::Nist(EcdsaCurve::P521),
            Algorithm::Rsa | Algorithm::Dsa | Algorithm::Opaque => return None,
        };
        Some((curve, self.fields[0]))
    }

    /// The deferred check: whether the point is on its curve. It costs more than the rest of a line's parsing; a batch
    /// checks many points at once.
    #[inline]
    pub(crate) fn check_point(&self, blob: &[u8]) -> Result<(), Error> {
        self.point().map_or(Ok(()), |(curve, point)| check_on_curve(curve, point, blob))
    }

    /// The numbers, from the blob that was read.
    pub(crate) fn key_data<'a>(&self, blob: &'a [u8]) -> KeyData<'a> {
        let [first, second, ..] = self.fields;
        match self.algorithm {
            Algorithm::Rsa => KeyData::Rsa(RsaPublicKey::from_checked(second.of(blob), first.of(blob))),
            Algorithm::Dsa => KeyData::Dsa(dsa::key(self.fields, blob)),
            Algorithm::EcdsaP256 => KeyData::Ecdsa(ecdsa::key(EcdsaCurve::P256, first, blob)),
            Algorithm::EcdsaP384 => KeyData::Ecdsa(ecdsa::key(EcdsaCurve::P384, first, blob)),
            Algorithm::EcdsaP521 => KeyData::Ecdsa(ecdsa::key(EcdsaCurve::P521, first, blob)),
            Algorithm::Ed25519 => KeyData::Ed25519(ed25519::key(first, blob)),
            Algorithm::SkEcdsaP256 => {
                KeyData::SkEcdsaP256(security_key::key(ecdsa::key(EcdsaCurve::P256, first, blob), second, blob))
            }
            Algorithm::SkEd25519 => KeyData::SkEd25519(security_key::key(ed25519::key(first, blob), second, blob)),
            Algorithm::MlDsa44Ed25519 => KeyData::MlDsa44Ed25519(mldsa44_ed25519::key([first, second], blob)),
            Algorithm::Opaque => KeyData::Opaque(second.of(blob)),
        }
    }
}
