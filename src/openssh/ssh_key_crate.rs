//! Conversions with the key types of the `ssh-key` crate.
//!
//! That crate is a release candidate. Until its release, these conversions are exempt from SemVer: any release of this crate
//! may adapt to a change in that one.
//!
//! A key that comes from that crate goes through every check of the parsers here, because that crate checks less.

use crate::error::{Error, ErrorKind, Field};
use crate::key::{KeyData, PrivateKey, PublicKey, PublicKeyRef, Reader, Secret, Writer};
use crate::rsa::without_leading_zeros;
use alloc::vec;
use alloc::vec::Vec;
use ssh_key::Algorithm;
use ssh_key::encoding::Encode;
use ssh_key::private::KeypairData;
use zeroize::Zeroizing;

/// The public key of the `ssh-key` crate with the same blob and comment. Exempt from SemVer while that crate is a release
/// candidate.
impl TryFrom<&PublicKeyRef<'_>> for ssh_key::PublicKey {
    type Error = Error;

    /// # Errors
    ///
    /// [`ErrorKind::UnsupportedType`] for an opaque type, unless its blob has the one layout that that crate supports for
    /// such types.
    fn try_from(key: &PublicKeyRef<'_>) -> Result<Self, Error> {
        let mut theirs = Self::from_bytes(key.blob()).map_err(|_| Field::KeyType.error(ErrorKind::UnsupportedType))?;
        theirs.set_comment(key.comment());
        Ok(theirs)
    }
}

/// The public key with the same blob and comment as a key of the `ssh-key` crate. Exempt from SemVer while that crate is a
/// release candidate.
///
/// That crate accepts numbers and points of any value, and any bytes as a comment. Here, the rules for a line apply.
impl TryFrom<&ssh_key::PublicKey> for PublicKey {
    type Error = Error;

    /// # Errors
    ///
    /// Those of [`PublicKeyRef::from_blob`] and [`PublicKeyRef::with_comment`]; [`ErrorKind::InvalidUtf8`] for the comment.
    fn try_from(key: &ssh_key::PublicKey) -> Result<Self, Error> {
        let blob = key.to_bytes().map_err(|_| Field::Blob.error(ErrorKind::TooLong))?;
        let comment = key.comment().as_str().map_err(|_| Field::Comment.error(ErrorKind::InvalidUtf8))?;
        PublicKeyRef::from_blob(&blob)?.with_comment(comment).map(Self::from)
    }
}

/// The private key of the `ssh-key` crate with the same fields and comment, without a passphrase. Exempt from SemVer while
/// that crate is a release candidate.
impl TryFrom<&PrivateKey> for ssh_key::PrivateKey {
    type Error = Error;

    /// # Errors
    ///
    /// [`ErrorKind::UnsupportedType`] if that crate rejects the key. That does not happen: every key of this crate passes its
    /// checks.
    fn try_from(key: &PrivateKey) -> Result<Self, Error> {
        let unsupported = |_| Field::PrivateKey.error(ErrorKind::UnsupportedType);
        let (public_key, mut fields) = key.to_wire()?;
        if let KeyData::Ecdsa(_) = public_key.key_data() {
            fields = lengthened(&fields)?;
        }
        let algorithm = Algorithm::new(public_key.type_name()).map_err(unsupported)?;
        KeypairData::decode_as(&mut fields.as_slice(), algorithm)
            .and_then(|key_data| Self::new(key_data, public_key.comment()))
            .map_err(unsupported)
    }
}

/// The private key with the same fields and comment as a key of the `ssh-key` crate. Exempt from SemVer while that crate is
/// a release candidate.
///
/// That crate accepts any numbers in an RSA, DSA or ECDSA key. Here, the rules for a file apply.
impl TryFrom<&ssh_key::PrivateKey> for PrivateKey {
    type Error = Error;

    /// # Errors
    ///
    /// [`ErrorKind::PassphraseRequired`] for an encrypted key: decrypt it with that crate first. Those of
    /// [`PublicKeyRef::from_blob`] and [`PublicKeyRef::with_comment`]; those of [`PrivateKey::parse`] for the numbers.
    /// Offsets count bytes from the type's name, as the fields would be in a file.
    fn try_from(key: &ssh_key::PrivateKey) -> Result<Self, Error> {
        if key.is_encrypted() {
            return Err(Field::Passphrase.error(ErrorKind::PassphraseRequired));
        }
        let public_key = PublicKey::try_from(key.public_key())?;
        let fields = their_fields(key.key_data())?;
        let mut reader = Reader::new(&fields);
        let secret = Secret::read(&mut reader, &public_key.as_public_key_ref())?;
        reader.finish()?;
        Ok(Self::from_parts(public_key, secret))
    }
}

/// The type's name and the fields after it.
fn their_fields(key_data: &KeypairData) -> Result<Zeroizing<Vec<u8>>, Error> {
    let KeypairData::Ecdsa(key) = key_data else {
        let fields = key_data.encode_vec().map_err(|_| Field::PrivateBlob.error(ErrorKind::TooLong))?;
        return Ok(Zeroizing::new(fields));
    };
    // That crate would also write the leading zeros of the secret number.
    let (algorithm, scalar) = (key.algorithm(), key.private_key_bytes());
    let strings = [algorithm.as_str().as_bytes(), key.curve().as_str().as_bytes(), key.public_key_bytes()];
    let most = strings.iter().map(|string| 4 + string.len()).sum::<usize>() + 5 + scalar.len();
    let mut fields = Zeroizing::new(vec![0; most]);
    let mut writer = Writer::new(&mut fields);
    strings.into_iter().try_for_each(|string| writer.string(string))?;
    writer.mpint(without_leading_zeros(scalar))?;
    let used = writer.finish()?.len();
    fields.truncate(used);
    Ok(fields)
}

/// The fields of an ECDSA key, with the secret number padded to the length of a coordinate. That crate rejects one of fewer
/// than 32 bytes.
fn lengthened(fields: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    const MAX_BYTES: usize = 66;
    let mut reader = Reader::new(fields);
    reader.string(Field::Curve)?;
    let point = reader.string(Field::Point)?;
    let scalar = reader.mpint(Field::PrivateExponent)?;
    let bytes = reader.bytes(point).len() / 2;

    let mut long = Zeroizing::new([0; MAX_BYTES]);
    long.iter_mut().rev().zip(reader.bytes(scalar).iter().rev()).for_each(|(place, byte)| *place = *byte);
    let mut lengthened = Zeroizing::new(vec![0; point.end() + 4 + bytes]);
    let mut writer = Writer::new(&mut lengthened);
    writer.put(&fields[..point.end()]);
    writer.string(&long[MAX_BYTES - bytes..])?;
    writer.finish()?;
    Ok(lengthened)
}
