//! A private key of any type, with its comment.

use super::algorithm::Algorithm;
use super::dsa::DsaPublicKey;
use super::dsa_private::{self, dsa_public_value};
use super::key_data::KeyData;
use super::key_spec::KeySpec;
use super::public_key::{PublicKey, PublicKeyRef};
use super::secret::Secret;
#[cfg(feature = "ec")]
use super::{ecdsa_private::EcdsaPrivateKey, ed25519_private::Ed25519PrivateKey};
use crate::error::{Error, ErrorKind, Field};
use crate::rsa::{RsaPrivateKey, without_leading_zeros};
#[cfg(doc)]
use crate::text::check_comment;
use alloc::vec::Vec;
use core::fmt;
use rand_core::TryCryptoRng;
use subtle::{Choice, ConstantTimeEq};
use zeroize::{ZeroizeOnDrop, Zeroizing};

/// A private key of any type, and its comment.
///
/// It is read by [`PrivateKey::parse`], which accepts every supported format, or by the constructor of one format. It is not
/// `Clone`, shows nothing secret in `Debug`, is compared in constant time, and is wiped when dropped.
///
/// ```
/// # #[cfg(feature = "getrandom")] {
/// use ssh_keypair::{PrivateKey, ReadOptions, RsaPrivateKey};
///
/// let key = PrivateKey::from_rsa(RsaPrivateKey::generate(2048)?, "me@host")?;
/// assert_eq!(key.comment(), "me@host");
/// assert_eq!(format!("{key:?}"), "PrivateKey { type: \"ssh-rsa\", comment: \"me@host\", .. }");
/// assert_eq!(PrivateKey::parse(&*key.to_openssh()?, &ReadOptions::new())?, key);
/// # }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
pub struct PrivateKey {
    public_key: PublicKey,
    secret: Secret,
}

impl PrivateKey {
    /// Creates a key of any type from two halves that are known to match.
    pub(crate) fn from_parts(public_key: PublicKey, secret: Secret) -> Self {
        Self { public_key, secret }
    }

    /// Adds a comment to an RSA key.
    ///
    /// ```
    /// # use ssh_keypair::{ErrorKind, PrivateKey, RsaPrivateKey};
    /// let key = RsaPrivateKey::from_seed(2048, b"thirty-two bytes, but not random")?;
    /// let error = PrivateKey::from_rsa(key, "two\nlines").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::InvalidCharacter);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`].
    pub fn from_rsa(key: RsaPrivateKey, comment: &str) -> Result<Self, Error> {
        let public_key = PublicKey::from_key_data(&key.public_key().into(), comment)?;
        Ok(Self { public_key, secret: Secret::Rsa(key) })
    }

    /// Adds a comment to an Ed25519 key.
    ///
    /// ```
    /// # use ssh_keypair::{Ed25519PrivateKey, PrivateKey};
    /// let key = Ed25519PrivateKey::from_seed(b"thirty-two bytes, but not random")?;
    /// assert_eq!(PrivateKey::from_ed25519(key, "me@host")?.comment(), "me@host");
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`].
    #[cfg(feature = "ec")]
    pub fn from_ed25519(key: Ed25519PrivateKey, comment: &str) -> Result<Self, Error> {
        let public_key = PublicKey::from_key_data(&key.public_key().into(), comment)?;
        Ok(Self { public_key, secret: Secret::Ed25519(key) })
    }

    /// Adds a comment to an ECDSA key.
    ///
    /// ```
    /// # use ssh_keypair::{EcdsaCurve, EcdsaPrivateKey, PrivateKey};
    /// let key = EcdsaPrivateKey::from_seed(EcdsaCurve::P256, b"thirty-two bytes, but not random")?;
    /// assert_eq!(PrivateKey::from_ecdsa(key, "me@host")?.bits(), 256);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`].
    #[cfg(feature = "ec")]
    pub fn from_ecdsa(key: EcdsaPrivateKey, comment: &str) -> Result<Self, Error> {
        let public_key = PublicKey::from_key_data(&key.public_key().into(), comment)?;
        Ok(Self { public_key, secret: Secret::Ecdsa(key) })
    }

    /// A DSA key without a comment, of its big-endian numbers. `y` is compared, if it is given.
    ///
    /// # Errors
    ///
    /// Those of [`DsaPublicKey::new`]; [`ErrorKind::InconsistentKey`] and [`ErrorKind::KeyMismatch`] for x.
    pub(crate) fn from_dsa([p, q, g, x]: [&[u8]; 4], y: Option<&[u8]>) -> Result<Self, Error> {
        let computed = dsa_public_value(p, q, g, x)?;
        if y.is_some_and(|y| without_leading_zeros(y) != without_leading_zeros(&computed)) {
            return Err(Field::PrivateExponent.error(ErrorKind::KeyMismatch));
        }
        let public_key = PublicKey::from_key_data(&DsaPublicKey::new(p, q, g, &computed)?.into(), "")?;
        Ok(Self { public_key, secret: Secret::Dsa(Zeroizing::new(without_leading_zeros(x).to_vec())) })
    }

    /// Generates a key without a comment, with the system's randomness: see [`PrivateKey::generate_with`].
    ///
    /// ```
    /// # #[cfg(feature = "ec")] {
    /// use ssh_keypair::{KeySpec, PrivateKey};
    ///
    /// let key = PrivateKey::generate(KeySpec::Ed25519)?.with_comment("me@host")?;
    /// assert!(key.public_key().to_string().starts_with("ssh-ed25519 AAAA"));
    /// assert!(key.to_openssh()?.starts_with("-----BEGIN OPENSSH PRIVATE KEY-----\n"));
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`PrivateKey::generate_with`].
    #[cfg(feature = "getrandom")]
    pub fn generate(spec: KeySpec) -> Result<Self, Error> {
        Self::generate_with(spec, &mut getrandom::SysRng)
    }

    /// Generates a key without a comment. Ed25519 takes some tens of microseconds, ECDSA up to a millisecond, and RSA as long
    /// as [`RsaPrivateKey::generate_with`].
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::{ErrorKind, KeySpec, PrivateKey};
    /// let error = PrivateKey::generate_with(KeySpec::Rsa { bits: 1024 }, &mut getrandom::SysRng).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::InvalidValue);
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`RsaPrivateKey::generate_with`], [`Ed25519PrivateKey::generate_with`] and [`EcdsaPrivateKey::generate_with`].
    pub fn generate_with<R: TryCryptoRng + ?Sized>(spec: KeySpec, rng: &mut R) -> Result<Self, Error> {
        match spec {
            KeySpec::Rsa { bits } => Self::from_rsa(RsaPrivateKey::generate_with(bits, rng)?, ""),
            #[cfg(feature = "ec")]
            KeySpec::Ed25519 => Self::from_ed25519(Ed25519PrivateKey::generate_with(rng)?, ""),
            #[cfg(feature = "ec")]
            KeySpec::Ecdsa(curve) => Self::from_ecdsa(EcdsaPrivateKey::generate_with(curve, rng)?, ""),
        }
    }

    /// Derives the key without a comment that belongs to a seed: for Ed25519, the 32 bytes that RFC 8032 calls the private key;
    /// for the other types, at least 16 bytes, by the C2SP specification det-keygen. Whoever has the seed has the key.
    ///
    /// ```
    /// use ssh_keypair::{KeySpec, PrivateKey};
    ///
    /// let seed = *b"thirty-two bytes, but not random";
    /// let key = PrivateKey::from_seed(KeySpec::Rsa { bits: 2048 }, &seed)?;
    /// assert_eq!(key, PrivateKey::from_seed(KeySpec::Rsa { bits: 2048 }, &seed)?);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`RsaPrivateKey::from_seed`], [`Ed25519PrivateKey::from_seed`] and [`EcdsaPrivateKey::from_seed`].
    pub fn from_seed(spec: KeySpec, seed: &[u8]) -> Result<Self, Error> {
        match spec {
            KeySpec::Rsa { bits } => Self::from_rsa(RsaPrivateKey::from_seed(bits, seed)?, ""),
            #[cfg(feature = "ec")]
            KeySpec::Ed25519 => Self::from_ed25519(Ed25519PrivateKey::from_seed(seed)?, ""),
            #[cfg(feature = "ec")]
            KeySpec::Ecdsa(curve) => Self::from_ecdsa(EcdsaPrivateKey::from_seed(curve, seed)?, ""),
        }
    }

    /// The same key with another comment.
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`]; [`ErrorKind::TooLong`] if the public key's line would be longer than
    /// [`MAX_LINE_BYTES`](crate::openssh::MAX_LINE_BYTES).
    pub fn with_comment(mut self, comment: &str) -> Result<Self, Error> {
        self.public_key = self.public_key.with_comment(comment)?;
        Ok(self)
    }

    /// The public key, with the comment.
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The type of the key.
    pub fn algorithm(&self) -> Algorithm {
        self.public_key.algorithm()
    }

    /// The size as `ssh-keygen -l` prints it: see [`KeyData::bits`](super::KeyData::bits).
    pub fn bits(&self) -> usize {
        self.public_key.bits()
    }

    /// The comment; empty if there is none.
    pub fn comment(&self) -> &str {
        self.public_key.comment()
    }

    /// The RSA key; `None` for any other type.
    pub fn as_rsa(&self) -> Option<&RsaPrivateKey> {
        match &self.secret {
            Secret::Rsa(key) => Some(key),
            _ => None,
        }
    }

    /// The Ed25519 key, if it is one.
    #[cfg(feature = "ec")]
    pub fn as_ed25519(&self) -> Option<&Ed25519PrivateKey> {
        match &self.secret {
            Secret::Ed25519(key) => Some(key),
            _ => None,
        }
    }

    /// The ECDSA key, if it is one.
    #[cfg(feature = "ec")]
    pub fn as_ecdsa(&self) -> Option<&EcdsaPrivateKey> {
        match &self.secret {
            Secret::Ecdsa(key) => Some(key),
            _ => None,
        }
    }

    /// The RSA key without the comment.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnsupportedType`] for a key of another type, which is wiped.
    pub fn into_rsa(self) -> Result<RsaPrivateKey, Error> {
        match self.secret {
            Secret::Rsa(key) => Ok(key),
            _ => Err(Field::PrivateKey.error(ErrorKind::UnsupportedType)),
        }
    }

    /// The Ed25519 key without the comment.
    ///
    /// ```
    /// use ssh_keypair::{ErrorKind, KeySpec, PrivateKey};
    ///
    /// let (spec, seed) = (KeySpec::Ed25519, b"thirty-two bytes, but not random");
    /// assert_eq!(PrivateKey::from_seed(spec, seed)?.into_ed25519()?.seed(), seed);
    /// let error = PrivateKey::from_seed(spec, seed)?.into_ecdsa().unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::UnsupportedType);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnsupportedType`] for a key of another type, which is wiped.
    #[cfg(feature = "ec")]
    pub fn into_ed25519(self) -> Result<Ed25519PrivateKey, Error> {
        match self.secret {
            Secret::Ed25519(key) => Ok(key),
            _ => Err(Field::PrivateKey.error(ErrorKind::UnsupportedType)),
        }
    }

    /// The ECDSA key without the comment.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnsupportedType`] for a key of another type, which is wiped.
    #[cfg(feature = "ec")]
    pub fn into_ecdsa(self) -> Result<EcdsaPrivateKey, Error> {
        match self.secret {
            Secret::Ecdsa(key) => Ok(key),
            _ => Err(Field::PrivateKey.error(ErrorKind::UnsupportedType)),
        }
    }

    /// The pairwise consistency test of FIPS 140-3: that of [`RsaPrivateKey`], [`EcdsaPrivateKey`] or [`Ed25519PrivateKey`].
    /// For DSA, this computes the public half again, and compares it.
    ///
    /// ```
    /// # #[cfg(feature = "ec")] {
    /// use ssh_keypair::{KeySpec, PrivateKey};
    ///
    /// let key = PrivateKey::from_seed(KeySpec::Ed25519, b"thirty-two bytes, but not random")?;
    /// key.pairwise_consistency_test()?;
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InconsistentKey`] or [`ErrorKind::KeyMismatch`] if the halves do not match. Then do not use the key.
    /// [`ErrorKind::UnsupportedType`] for a key on a security key, whose secret half is elsewhere, and for a composite key,
    /// whose ML-DSA half this crate does not compute.
    pub fn pairwise_consistency_test(&self) -> Result<(), Error> {
        match (&self.secret, self.public_key.key_data()) {
            (Secret::Rsa(key), _) => key.pairwise_consistency_test(),
            #[cfg(feature = "ec")]
            (Secret::Ecdsa(key), _) => key.pairwise_consistency_test(),
            #[cfg(feature = "ec")]
            (Secret::Ed25519(key), _) => key.pairwise_consistency_test(),
            (Secret::Dsa(x), KeyData::Dsa(public)) => dsa_private::check(x, &public),
            (Secret::Dsa(_) | Secret::Other(_), _) => Err(Field::PrivateKey.error(ErrorKind::UnsupportedType)),
        }
    }

    /// The public half, and the fields that follow the type's name in the private part of an OpenSSH file.
    pub(crate) fn to_wire(&self) -> Result<(PublicKeyRef<'_>, Zeroizing<Vec<u8>>), Error> {
        let public_key = self.public_key.as_public_key_ref();
        Ok((public_key, self.secret.fields(&public_key)?))
    }
}

impl ZeroizeOnDrop for PrivateKey {}

/// Equal if both halves are. The comment is not compared.
impl ConstantTimeEq for PrivateKey {
    fn ct_eq(&self, other: &Self) -> Choice {
        // The public halves are not secret.
        let same_public_half = self.public_key.blob() == other.public_key.blob();
        Choice::from(u8::from(same_public_half)) & self.secret.ct_eq(&other.secret)
    }
}

impl PartialEq for PrivateKey {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl Eq for PrivateKey {}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey")
            .field("type", &self.algorithm().as_str())
            .field("comment", &self.comment())
            .finish_non_exhaustive()
    }
}
