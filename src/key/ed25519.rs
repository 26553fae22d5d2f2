//! `ssh-ed25519`: string "ssh-ed25519", string of 32 bytes. RFC 8709, section 4; the point is encoded as in RFC 8032,
//! section 5.1.2.
//!
//! OpenSSH accepts any 32 bytes. We accept only a point on the curve, with y reduced, that is not of small order: under some
//! of the eight points of small order, a signature can be valid for any message.

use super::wire::{Reader, Span};
use crate::error::{Error, ErrorKind, Field};
use crate::kernels::curve::edwards25519;
#[cfg(feature = "alloc")]
use alloc::vec::Vec;

/// An Ed25519 public key, borrowed.
///
/// ```
/// use ssh_keypair::{Ed25519PublicKey, ErrorKind};
///
/// // The base point: y = 4/5.
/// let key = Ed25519PublicKey::new(b"\x58fffffffffffffffffffffffffffffff")?;
/// assert_eq!(key.as_bytes()[0], 0x58);
/// let error = Ed25519PublicKey::new(&[0; 32]).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::InvalidPoint);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ed25519PublicKey<'a>(&'a [u8; 32]);

impl<'a> Ed25519PublicKey<'a> {
    /// Creates a key from the encoding of a point: y, little-endian, and the sign of x in the highest bit.
    ///
    /// ```
    /// # use ssh_keypair::{Ed25519PublicKey, ErrorKind};
    /// let mut y_is_2 = [0; 32];
    /// y_is_2[0] = 2;
    /// assert_eq!(Ed25519PublicKey::new(&y_is_2).unwrap_err().kind(), ErrorKind::InvalidPoint);
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidPoint`] if y is not reduced, belongs to no point on the curve, or belongs to a point of small
    /// order.
    pub fn new(encoding: &'a [u8; 32]) -> Result<Self, Error> {
        check_encoding(encoding)?;
        if is_on_curve(encoding) { Ok(Self(encoding)) } else { Err(Field::Point.error(ErrorKind::InvalidPoint)) }
    }

    /// A key from an encoding that we computed.
    #[cfg(feature = "ec")]
    pub(super) fn from_checked(encoding: &'a [u8; 32]) -> Self {
        Self(encoding)
    }

    /// The encoding.
    pub fn as_bytes(&self) -> &'a [u8; 32] {
        self.0
    }
}

impl AsRef<[u8]> for Ed25519PublicKey<'_> {
    fn as_ref(&self) -> &[u8] {
        self.0
    }
}

/// The y coordinates of the points of order 8, little-endian. Each is p minus the other.
const ORDER_8: [[u8; 32]; 2] = [
    *b"\x26\xe8\x95\x8f\xc2\xb2\x27\xb0\x45\xc3\xf4\x89\xf2\xef\x98\xf0\xd5\xdf\xac\x05\xd3\xc6\x33\x39\xb1\x38\x02\x88\x6d\x53\xfc\x05",
    *b"\xc7\x17\x6a\x70\x3d\x4d\xd8\x4f\xba\x3c\x0b\x76\x0d\x10\x67\x0f\x2a\x20\x53\xfa\x2c\x39\xcc\xc6\x4e\xc7\xfd\x77\x92\xac\x03\x7a",
];

/// Makes all checks except the expensive one: y is below p = 2^255 - 19, and is not that of a point of small order.
pub(super) fn check_encoding(encoding: &[u8; 32]) -> Result<(), Error> {
    let mut y = *encoding;
    y[31] &= 0x7f;
    let [low, middle @ .., high] = y;
    // Values from p - 1 = 2^255 - 20 up, and values below 2, differ in their lowest bytes only. y = p - 1 is the point of
    // order 2.
    if high == 0x7f && middle == [0xff; 30] && low >= 0xec {
        return Err(Field::Point.error(ErrorKind::InvalidPoint));
    }
    // y = 0 belongs to the points of order 4, y = 1 to the neutral element.
    if high == 0 && middle == [0; 30] && low <= 1 || ORDER_8.contains(&y) {
        return Err(Field::Point.error(ErrorKind::InvalidPoint));
    }
    Ok(())
}

/// The check that [`read`] leaves out.
pub(crate) fn is_on_curve(encoding: &[u8]) -> bool {
    let mut verdict = [false];
    edwards25519::on_curve(encoding.as_chunks().0, &mut verdict);
    verdict[0]
}

/// The same for many points at once.
#[cfg(feature = "alloc")]
pub(crate) fn are_on_curve(points: &[&[u8]], verdicts: &mut [bool]) {
    // A point that was read has 32 bytes. The fallback only satisfies the compiler, and is not a point.
    let encodings: Vec<_> = points.iter().map(|point| (*point).try_into().unwrap_or([0xff; 32])).collect();
    edwards25519::on_curve(&encodings, verdicts);
}

/// Reads the point, and does all checks except [`is_on_curve`].
pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Span, Error> {
    let point = reader.string(Field::Point)?;
    let rejected = Field::Point.error_at(ErrorKind::InvalidValue, point.start());
    let encoding = reader.bytes(point).try_into().map_err(|_| rejected)?;
    check_encoding(encoding).map_err(|error| error.at(point.start()))?;
    Ok(point)
}

/// The key, from the span that [`read`] returned.
pub(crate) fn key(point: Span, blob: &[u8]) -> Ed25519PublicKey<'_> {
    // A span that was read has 32 bytes. The fallback only satisfies the compiler.
    const NONE: &[u8; 32] = &[0; 32];
    Ed25519PublicKey(point.of(blob).try_into().unwrap_or(NONE))
}
