//! `ssh-dss`: string "ssh-dss", mpint p, mpint q, mpint g, mpint y. RFC 4253, section 6.6.
//!
//! OpenSSH supported one size, 1024 bits for p and 160 for q (FIPS 186-2), until version 10 dropped the type. Numbers out of
//! range are rejected. We do not check that p and q are prime, nor that g and y have order q.

use super::wire::{Reader, Span, Writer};
use crate::error::{Error, ErrorKind, Field};
use crate::rsa::without_leading_zeros;

/// A DSA public key, borrowed: big-endian numbers without leading zeros.
///
/// p is odd and has 1024 bits, q is odd and has 160 bits, and 1 < g, y < p.
///
/// ```
/// use ssh_keypair::{DsaPublicKey, ErrorKind};
///
/// let (p, q) = ([0xff; 128], [0xff; 20]);
/// let key = DsaPublicKey::new(&p, &q, &[2], &[3])?;
/// assert_eq!(key.p(), p);
/// let error = DsaPublicKey::new(&p, &q, &[2], &[]).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::InvalidValue);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DsaPublicKey<'a> {
    p: &'a [u8],
    q: &'a [u8],
    g: &'a [u8],
    y: &'a [u8],
}

impl<'a> DsaPublicKey<'a> {
    /// Creates a key from its numbers, big-endian; leading zeros are dropped.
    ///
    /// ```
    /// # use ssh_keypair::{DsaPublicKey, Field};
    /// let error = DsaPublicKey::new(&[0xff; 256], &[0xff; 20], &[2], &[3]).unwrap_err();
    /// assert_eq!(error.field(), Some(Field::DsaPrime));
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidValue`] with the field whose number is out of range.
    pub fn new(p: &'a [u8], q: &'a [u8], g: &'a [u8], y: &'a [u8]) -> Result<Self, Error> {
        let [p, q, g, y] = [p, q, g, y].map(without_leading_zeros);
        // Odd, and exactly this many bytes long with the highest bit set.
        let is_odd_of =
            |bytes, number: &[u8]| number.len() == bytes && matches!(number, [0x80..=0xff, .., last] if last % 2 == 1);
        // Without leading zeros, the longer number is the larger one, and numbers of equal length compare like their bytes.
        let in_range = |number: &[u8]| number > [1].as_slice() && (number.len(), number) < (p.len(), p);
        for (field, fits) in [
            (Field::DsaPrime, is_odd_of(128, p)),
            (Field::DsaSubprime, is_odd_of(20, q)),
            (Field::DsaGenerator, in_range(g)),
            (Field::DsaPublicValue, in_range(y)),
        ] {
            if !fits {
                return Err(field.error(ErrorKind::InvalidValue));
            }
        }
        Ok(Self { p, q, g, y })
    }

    /// The prime p.
    pub fn p(&self) -> &'a [u8] {
        self.p
    }

    /// The prime q, which divides p - 1.
    pub fn q(&self) -> &'a [u8] {
        self.q
    }

    /// The generator g.
    pub fn g(&self) -> &'a [u8] {
        self.g
    }

    /// The public value y.
    pub fn y(&self) -> &'a [u8] {
        self.y
    }
}

/// Reads p, q, g and y.
pub(crate) fn read(reader: &mut Reader<'_>) -> Result<[Span; 4], Error> {
    let p = reader.mpint(Field::DsaPrime)?;
    let q = reader.mpint(Field::DsaSubprime)?;
    let g = reader.mpint(Field::DsaGenerator)?;
    let y = reader.mpint(Field::DsaPublicValue)?;
    DsaPublicKey::new(reader.bytes(p), reader.bytes(q), reader.bytes(g), reader.bytes(y)).map_err(|error| {
        let fields = [Field::DsaPrime, Field::DsaSubprime, Field::DsaGenerator, Field::DsaPublicValue];
        error.at_its_field(fields.into_iter().zip([p, q, g, y].map(|span| span.start())))
    })?;
    Ok([p, q, g, y])
}

/// The key, from spans that [`read`] returned.
pub(crate) fn key<'a>([p, q, g, y]: [Span; 4], blob: &'a [u8]) -> DsaPublicKey<'a> {
    DsaPublicKey { p: p.of(blob), q: q.of(blob), g: g.of(blob), y: y.of(blob) }
}

pub(crate) fn write(key: &DsaPublicKey<'_>, writer: &mut Writer<'_>) -> Result<(), Error> {
    [key.p, key.q, key.g, key.y].into_iter().try_for_each(|number| writer.mpint(number))
}
