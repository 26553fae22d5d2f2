//! What kind of key to generate.

use super::algorithm::Algorithm;
#[cfg(feature = "ec")]
use super::ecdsa::EcdsaCurve;

/// What kind of key to generate: the type, and its size or curve.
///
/// It is what [`PrivateKey::generate`](crate::PrivateKey::generate) and [`keypair::Profile`](crate::keypair::Profile) need.
/// Ed25519 and ECDSA need the feature `ec`, which is on by default.
///
/// ```
/// # #[cfg(feature = "ec")] {
/// use ssh_keypair::{Algorithm, EcdsaCurve, KeySpec};
///
/// assert_eq!(KeySpec::Ed25519.algorithm(), Algorithm::Ed25519);
/// assert_eq!(KeySpec::Ecdsa(EcdsaCurve::P384).bits(), 384);
/// assert_eq!(KeySpec::Rsa { bits: 4096 }.bits(), 4096);
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeySpec {
    /// RSA.
    Rsa {
        /// The size of the modulus: a multiple of 16 from 2048 to 8192; checked when a key is generated.
        bits: usize,
    },
    /// Ed25519.
    #[cfg(feature = "ec")]
    Ed25519,
    /// ECDSA on a curve.
    #[cfg(feature = "ec")]
    Ecdsa(EcdsaCurve),
}

impl KeySpec {
    /// The type of the key.
    pub const fn algorithm(self) -> Algorithm {
        match self {
            Self::Rsa { .. } => Algorithm::Rsa,
            #[cfg(feature = "ec")]
            Self::Ed25519 => Algorithm::Ed25519,
            #[cfg(feature = "ec")]
            Self::Ecdsa(curve) => curve.algorithm(),
        }
    }

    /// The size of the key, as `ssh-keygen -l` prints it.
    pub const fn bits(self) -> usize {
        match self {
            Self::Rsa { bits } => bits,
            #[cfg(feature = "ec")]
            Self::Ed25519 => 256,
            #[cfg(feature = "ec")]
            Self::Ecdsa(curve) => curve.bits(),
        }
    }
}
