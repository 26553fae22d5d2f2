//! `ecdsa-sha2-nistp256`, `-nistp384` and `-nistp521`: string type, string name of the curve, string point. RFC 5656,
//! section 3.1; the point is encoded as in SEC 1, section 2.3.3.
//!
//! RFC 5656 permits compressed points. OpenSSH rejects them, and so does this crate, so that a key has exactly one encoding.

use super::algorithm::Algorithm;
use super::wire::{Reader, Span, Writer};
use crate::error::{Error, ErrorKind, Field, named};
use crate::kernels::curve::weierstrass;
#[cfg(feature = "alloc")]
use alloc::vec::Vec;

/// The number of bytes in the longest uncompressed point, on P-521.
#[cfg(feature = "ec")]
pub(crate) const MAX_POINT_BYTES: usize = 1 + 2 * 66;

/// A NIST curve: SP 800-186, section 3.2.1. Exhaustive: RFC 5656 requires these curves, and OpenSSH has no other.
///
/// ```
/// use ssh_keypair::EcdsaCurve;
/// assert_eq!(EcdsaCurve::P521.as_str(), "nistp521");
/// assert_eq!("nistp521".parse(), Ok(EcdsaCurve::P521));
/// assert_eq!(EcdsaCurve::P521.bits(), 521);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EcdsaCurve {
    /// P-256.
    P256,
    /// P-384.
    P384,
    /// P-521.
    P521,
}

impl EcdsaCurve {
    /// All curves.
    pub const ALL: &[Self] = &[Self::P256, Self::P384, Self::P521];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::P256 => "nistp256",
            Self::P384 => "nistp384",
            Self::P521 => "nistp521",
        }
    }

    /// The size of a coordinate, in bits.
    pub const fn bits(self) -> usize {
        match self {
            Self::P256 => 256,
            Self::P384 => 384,
            Self::P521 => 521,
        }
    }

    pub(crate) const fn algorithm(self) -> Algorithm {
        match self {
            Self::P256 => Algorithm::EcdsaP256,
            Self::P384 => Algorithm::EcdsaP384,
            Self::P521 => Algorithm::EcdsaP521,
        }
    }

    /// The size of a coordinate, in bytes.
    pub(crate) const fn field_bytes(self) -> usize {
        self.bits().div_ceil(8)
    }

    /// The size of an uncompressed point, in bytes.
    #[cfg(feature = "ec")]
    pub(crate) const fn point_bytes(self) -> usize {
        1 + 2 * self.field_bytes()
    }

    /// The curve as the arithmetic kernel represents it.
    const fn equation(self) -> weierstrass::Curve {
        match self {
            Self::P256 => weierstrass::Curve::P256,
            Self::P384 => weierstrass::Curve::P384,
            Self::P521 => weierstrass::Curve::P521,
        }
    }
}

named!(EcdsaCurve, Field::Curve.error(ErrorKind::UnknownKeyType));

/// An ECDSA public key, borrowed: an uncompressed point on its curve, other than the point at infinity.
///
/// ```
/// use ssh_keypair::{EcdsaCurve, EcdsaPublicKey, ErrorKind};
///
/// # let generator = b"\x04\
/// #     \x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2\x77\x03\x7d\x81\x2d\xeb\x33\xa0\xf4\xa1\x39\x45\xd8\x98\xc2\x96\
/// #     \x4f\xe3\x42\xe2\xfe\x1a\x7f\x9b\x8e\xe7\xeb\x4a\x7c\x0f\x9e\x16\x2b\xce\x33\x57\x6b\x31\x5e\xce\xcb\xb6\x40\x68\x37\xbf\x51\xf5";
/// // let generator = [0x04, 0x6b, 0x17, ...];
/// let key = EcdsaPublicKey::new(EcdsaCurve::P256, generator)?;
/// assert_eq!(key.x()[0], 0x6b);
/// let error = EcdsaPublicKey::new(EcdsaCurve::P384, generator).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::InvalidPoint);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EcdsaPublicKey<'a> {
    curve: EcdsaCurve,
    point: &'a [u8],
}

impl<'a> EcdsaPublicKey<'a> {
    /// Creates a key from its point: 0x04 and both coordinates, big-endian, each as long as an element of the curve's field.
    ///
    /// ```
    /// # use ssh_keypair::{EcdsaCurve, EcdsaPublicKey, ErrorKind};
    /// let error = EcdsaPublicKey::new(EcdsaCurve::P256, &[0x02; 33]).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::UnsupportedPointFormat);
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnsupportedPointFormat`] for a compressed or hybrid point; [`ErrorKind::InvalidPoint`] for a point that
    /// is not on the curve, for the point at infinity, and for coordinates that are not reduced or have the wrong length.
    pub fn new(curve: EcdsaCurve, point: &'a [u8]) -> Result<Self, Error> {
        check_form(curve, point)?;
        if is_on_curve(curve, point) {
            Ok(Self { curve, point })
        } else {
            Err(Field::Point.error(ErrorKind::InvalidPoint))
        }
    }

    /// A key from a point that was checked, or that we computed.
    #[cfg(feature = "ec")]
    pub(super) fn from_checked(curve: EcdsaCurve, point: &'a [u8]) -> Self {
        Self { curve, point }
    }

    /// The curve.
    pub fn curve(&self) -> EcdsaCurve {
        self.curve
    }

    /// The point: 0x04, x, y.
    pub fn point(&self) -> &'a [u8] {
        self.point
    }

    /// The first coordinate, big-endian.
    pub fn x(&self) -> &'a [u8] {
        &self.point[1..=self.curve.field_bytes()]
    }

    /// The second coordinate, big-endian.
    pub fn y(&self) -> &'a [u8] {
        &self.point[1 + self.curve.field_bytes()..]
    }
}

#[cfg(feature = "ec")]
impl EcdsaPublicKey<'_> {
    /// Whether an encoding of SEC 1, section 2.3.3, uncompressed, compressed or hybrid, is that of this point.
    pub(crate) fn is_encoded_as(&self, encoding: &[u8]) -> bool {
        let y_is_odd = self.y().last().map(|byte| byte & 1);
        match encoding {
            [0x04, ..] => encoding == self.point,
            [first @ (0x02 | 0x03), x @ ..] => x == self.x() && Some(first & 1) == y_is_odd,
            [first @ (0x06 | 0x07), xy @ ..] => xy == &self.point[1..] && Some(first & 1) == y_is_odd,
            _ => false,
        }
    }
}

/// Makes all checks except the expensive one: the point is uncompressed, and its coordinates have the right length.
fn check_form(curve: EcdsaCurve, point: &[u8]) -> Result<(), Error> {
    let field_bytes = curve.field_bytes();
    match point {
        [0x04, xy @ ..] if xy.len() == 2 * field_bytes => Ok(()),
        [0x02 | 0x03, x @ ..] if x.len() == field_bytes => Err(Field::Point.error(ErrorKind::UnsupportedPointFormat)),
        [0x06 | 0x07, xy @ ..] if xy.len() == 2 * field_bytes => {
            Err(Field::Point.error(ErrorKind::UnsupportedPointFormat))
        }
        _ => Err(Field::Point.error(ErrorKind::InvalidPoint)),
    }
}

/// The check that [`read`] leaves out: whether the coordinates are below the curve's p, and are those of a point on the
/// curve.
pub(crate) fn is_on_curve(curve: EcdsaCurve, point: &[u8]) -> bool {
    let mut verdict = [false];
    weierstrass::are_on_curve(curve.equation(), &[coordinates(point)], &mut verdict);
    verdict[0]
}

/// The same for many points at once.
#[cfg(feature = "alloc")]
pub(crate) fn are_on_curve(curve: EcdsaCurve, points: &[&[u8]], verdicts: &mut [bool]) {
    let coordinates: Vec<_> = points.iter().map(|point| coordinates(point)).collect();
    weierstrass::are_on_curve(curve.equation(), &coordinates, verdicts);
}

/// x and y of a point that [`check_form`] has accepted.
fn coordinates(point: &[u8]) -> &[u8] {
    point.get(1..).unwrap_or_default()
}

/// Reads the curve's name and the point, and does all checks except [`is_on_curve`].
pub(crate) fn read(curve: EcdsaCurve, reader: &mut Reader<'_>) -> Result<Span, Error> {
    let name = reader.string(Field::Curve)?;
    if reader.bytes(name) != curve.as_str().as_bytes() {
        return Err(Field::Curve.error_at(ErrorKind::TypeMismatch, name.start()));
    }
    let point = reader.string(Field::Point)?;
    check_form(curve, reader.bytes(point)).map_err(|error| error.at(point.start()))?;
    Ok(point)
}

/// The key, from the span that [`read`] returned.
pub(crate) fn key(curve: EcdsaCurve, point: Span, blob: &[u8]) -> EcdsaPublicKey<'_> {
    EcdsaPublicKey { curve, point: point.of(blob) }
}

pub(crate) fn write(key: &EcdsaPublicKey<'_>, writer: &mut Writer<'_>) -> Result<(), Error> {
    writer.string(key.curve.as_str().as_bytes())?;
    writer.string(key.point)
}
