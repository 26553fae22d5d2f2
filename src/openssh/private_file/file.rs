//! The file: base64 between markers, which contains the encryption of the private part, and the two halves of a key.

#[cfg(feature = "encryption")]
use super::encryption::{BLOCK_BYTES, Cipher, Encryption, KDF, ROUNDS, SALT_BYTES};
#[cfg(not(feature = "encryption"))]
use super::no_encryption::{BLOCK_BYTES, Encryption};
use crate::error::{Error, ErrorKind, Field};
use crate::kernels::declassify::declassify;
use crate::key::{PrivateKey, PublicKey, PublicKeyRef, ReadOptions, Reader, Secret, Span, Writer};
use crate::text::{Base64Lines, MAX_LINE_BYTES, TextLines, check_text_length, strict_comment};
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use base64ct::{Base64, Encoding};
use core::ops::RangeInclusive;
use pem_rfc7468::{Encoder, LineEnding};
#[cfg(feature = "encryption")]
use rand_core::TryCryptoRng;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

const LABEL: &str = "OPENSSH PRIVATE KEY";
const BEGIN: &str = "-----BEGIN OPENSSH PRIVATE KEY-----";
const END: &str = "-----END OPENSSH PRIVATE KEY-----";

/// What a decoded file begins with.
const MAGIC: &[u8; 15] = b"openssh-key-v1\0";

/// The name that stands for no cipher and for no key derivation.
const NONE: &[u8] = b"none";

/// The unit of padding if there is no cipher.
const PLAIN_BLOCK_BYTES: usize = 8;

/// The width of the base64 that is written, and the widths that are accepted.
const WIDTH: usize = 70;
const WIDTHS: RangeInclusive<usize> = 64..=76;

/// Whether this is the decoded contents of a file.
pub(crate) fn is_openssh_blob(blob: &[u8]) -> bool {
    blob.starts_with(MAGIC)
}

/// Reads a file.
pub(super) fn read(text: &str, options: &ReadOptions<'_>) -> Result<PrivateKey, Error> {
    check_text_length(text, Field::PrivateKey)?;
    let mut blob = decode(text)?;
    read_blob(&mut blob, options, strict_comment).map(|(key, _)| key)
}

/// Reads a decoded file, and decrypts it in place. `comment` reads the comment; the result says whether it changed it.
pub(super) fn read_blob(
    blob: &mut [u8],
    options: &ReadOptions<'_>,
    comment: fn(&[u8]) -> Result<Cow<'_, str>, Error>,
) -> Result<(PrivateKey, bool), Error> {
    let envelope = Envelope::read(blob, options)?;
    if let Some(encryption) = &envelope.encryption {
        encryption.decrypt(blob, envelope.section)?;
    }
    envelope.read_section(blob, comment)
}

/// Removes the markers, and decodes the base64.
fn decode(text: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let base64 = unframe(text)?;
    let mut blob = Zeroizing::new(vec![0; base64.len() / 4 * 3]);
    let length = match Base64::decode(&*base64, &mut blob) {
        Ok(decoded) if !decoded.is_empty() => decoded.len(),
        _ => return Err(why_not_decoded(text)),
    };
    blob.truncate(length);
    Ok(blob)
}

/// Checks the markers, and joins the lines between them.
fn unframe(text: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut lines = TextLines::new(text);
    if lines.next() != Some((0, BEGIN)) {
        let kind = if text.contains(BEGIN) { ErrorKind::InvalidFrame } else { ErrorKind::NotAPrivateKey };
        return Err(Field::PrivateKey.error_at(kind, 0));
    }
    let mut base64 = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut width = None;
    let mut is_last = false;
    for (start, line) in lines.by_ref() {
        if line == END {
            return match lines.next() {
                None => Ok(base64),
                Some((at, _)) if is_block(&text[at..]) => Err(Field::PrivateKey.error_at(ErrorKind::MultipleKeys, at)),
                Some((at, _)) => Err(Field::PrivateKey.error_at(ErrorKind::InvalidFrame, at)),
            };
        }
        let width = *width.get_or_insert(line.len().min(*WIDTHS.end()));
        if is_last || line.is_empty() || line.starts_with("-----") {
            return Err(Field::PrivateKey.error_at(ErrorKind::InvalidFrame, start));
        }
        if line.len() > width {
            return Err(Field::PrivateKey.error_at(ErrorKind::InvalidFrame, start + width));
        }
        is_last = line.len() < width || !WIDTHS.contains(&width);
        base64.extend_from_slice(line.as_bytes());
    }
    Err(Field::PrivateKey.error_at(ErrorKind::InvalidFrame, text.len()))
}

/// Whether a text begins with another block, with or without blank lines before it.
fn is_block(text: &str) -> bool {
    text.trim_start().starts_with("-----BEGIN ")
}

/// The error for base64 that did not decode. This looks at the values of the digits, but an accepted file never gets here.
fn why_not_decoded(text: &str) -> Error {
    let mut base64 = Base64Lines::default();
    let checked = TextLines::new(text).skip(1).try_for_each(|(start, line)| match line {
        END => base64.finish(start),
        _ => base64.line(start, line),
    });
    checked.err().unwrap_or_else(|| base64.stray_bits())
}

/// What a file contains around its private part.
struct Envelope<'a> {
    public_key: PublicKey,
    encryption: Option<Encryption<'a>>,
    /// The private part.
    section: Span,
}

impl<'a> Envelope<'a> {
    fn read(blob: &[u8], read_options: &ReadOptions<'a>) -> Result<Self, Error> {
        let mut reader = Reader::new(blob);
        if reader.array(Field::PrivateBlob)? != MAGIC {
            return Err(Field::PrivateBlob.error_at(ErrorKind::NotAPrivateKey, 0));
        }
        let cipher = reader.string(Field::Encryption)?;
        let kdf = reader.string(Field::Encryption)?;
        let options = reader.string(Field::Encryption)?;
        let invalid = |span: Span| Field::Encryption.error_at(ErrorKind::InvalidEncryption, span.start());
        let encryption = match [cipher, kdf, options].map(|span| span.of(blob)) {
            [b"none", b"none", b""] => None,
            [b"none", b"none", _] => return Err(invalid(options)),
            [b"none", ..] => return Err(invalid(kdf)),
            _ => Some(Encryption::read(blob, [cipher, kdf, options], read_options)?),
        };
        let (block_bytes, tag_bytes) = encryption
            .as_ref()
            .map_or((PLAIN_BLOCK_BYTES, 0), |encryption| (encryption.block_bytes(), encryption.tag_bytes()));

        let count_at = reader.position();
        if reader.uint32(Field::PrivateBlob)? != 1 {
            return Err(Field::PrivateBlob.error_at(ErrorKind::MultipleKeys, count_at));
        }
        let public = reader.string(Field::PrivateBlob)?;
        let public_key = PublicKey::try_from(public.of(blob)).map_err(|error| error.moved(public.start()))?;
        let section = reader.string(Field::PrivateBlob)?;
        let length = section.of(blob).len();
        if length == 0 || !length.is_multiple_of(block_bytes) {
            return Err(Field::PrivateBlob.error_at(ErrorKind::Damaged, section.start()));
        }
        match reader.rest()?.of(blob).len() {
            behind if behind < tag_bytes => Err(Field::PrivateBlob.error_at(ErrorKind::Truncated, section.end())),
            behind if behind > tag_bytes => {
                Err(Field::PrivateBlob.error_at(ErrorKind::TrailingData, section.end() + tag_bytes))
            }
            _ => Ok(Self { public_key, encryption, section }),
        }
    }

    /// Reads the private part of a decrypted blob.
    fn read_section(
        &self,
        blob: &[u8],
        comment: fn(&[u8]) -> Result<Cow<'_, str>, Error>,
    ) -> Result<(PrivateKey, bool), Error> {
        let mut reader = Reader::within(blob, self.section);
        let check = reader.array::<4>(Field::PrivateBlob)?;
        if !declassify(check.ct_eq(reader.array::<4>(Field::PrivateBlob)?)) {
            return Err(match &self.encryption {
                Some(_) => Field::Passphrase.error(ErrorKind::WrongPassphrase),
                None => Field::PrivateBlob.error_at(ErrorKind::Damaged, self.section.start()),
            });
        }
        let public_key = self.public_key.as_public_key_ref();
        let secret = Secret::read(&mut reader, &public_key)?;
        let span = reader.string(Field::Comment)?;
        let comment = comment(reader.bytes(span)).map_err(|error| error.moved(span.start()))?;
        let padding = reader.rest()?;
        // PuTTY pads to blocks of 16 bytes even without a cipher.
        let is_in_long_blocks = self.section.of(blob).len().is_multiple_of(BLOCK_BYTES);
        let block_bytes = if is_in_long_blocks { BLOCK_BYTES } else { PLAIN_BLOCK_BYTES };
        if !(1..).zip(padding.of(blob)).all(|(count, byte)| count == usize::from(*byte))
            || padding.of(blob).len() > block_bytes
        {
            return Err(Field::PrivateBlob.error_at(ErrorKind::Damaged, padding.start()));
        }
        let key = PrivateKey::from_parts(public_key.with_comment(&comment)?.into(), secret);
        Ok((key, matches!(comment, Cow::Owned(_))))
    }
}

/// Encodes the private part, with padding.
fn section(
    public_key: &PublicKeyRef<'_>,
    fields: &[u8],
    check: &[u8],
    block: usize,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let (name, comment) = (public_key.type_name().as_bytes(), public_key.comment().as_bytes());
    let length = 2 * check.len() + 4 + name.len() + fields.len() + 4 + comment.len();
    let mut section = Zeroizing::new(vec![0; length.next_multiple_of(block)]);
    let mut writer = Writer::new(&mut section);
    writer.put(check);
    writer.put(check);
    writer.string(name)?;
    writer.put(fields);
    writer.string(comment)?;
    writer.finish()?;
    (1..).zip(&mut section[length..]).for_each(|(count, byte)| *byte = count);
    Ok(section)
}

/// Writes the file without a passphrase.
pub(super) fn write_plain(public_key: &PublicKeyRef<'_>, fields: &[u8]) -> Result<Zeroizing<String>, Error> {
    let hash = public_key.sha256_fingerprint();
    let section = section(public_key, fields, &hash.as_ref()[..4], PLAIN_BLOCK_BYTES)?;
    write([NONE, NONE, b""], public_key.blob(), &section, &[])
}

/// Writes the file encrypted with a passphrase.
#[cfg(feature = "encryption")]
pub(super) fn write_encrypted<R: TryCryptoRng + ?Sized>(
    public_key: &PublicKeyRef<'_>,
    fields: &[u8],
    passphrase: &[u8],
    cipher: Cipher,
    rng: &mut R,
) -> Result<Zeroizing<String>, Error> {
    if passphrase.is_empty() {
        return Err(Field::Passphrase.error(ErrorKind::Empty));
    }
    let mut random = [0; SALT_BYTES + 4];
    crate::random::fill(rng, &mut random)?;
    let (salt, check) = random.split_at(SALT_BYTES);
    let mut section = section(public_key, fields, check, BLOCK_BYTES)?;
    let tag = cipher.encrypt(passphrase, salt, &mut section)?;
    let options = [&[0, 0, 0, 16], salt, &ROUNDS.to_be_bytes()].concat();
    let tag = tag.as_ref().map_or(&[][..], <[u8; 16]>::as_slice);
    write([cipher.as_str().as_bytes(), KDF, &options], public_key.blob(), &section, tag)
}

/// Writes the file: the cipher, the key derivation and its options, one key, and the tag, all of it as base64.
fn write(encryption: [&[u8]; 3], public: &[u8], section: &[u8], tag: &[u8]) -> Result<Zeroizing<String>, Error> {
    let [cipher, kdf, options] = encryption;
    let strings: usize = [cipher, kdf, options, public, section].iter().map(|part| 4 + part.len()).sum();
    let length = MAGIC.len() + 4 + strings + tag.len();
    let base64 = length.div_ceil(3) * 4;
    let text_bytes = BEGIN.len() + 1 + base64 + base64.div_ceil(WIDTH) + END.len() + 1;
    if text_bytes > MAX_LINE_BYTES {
        return Err(Field::PrivateKey.error(ErrorKind::TooLong));
    }
    let mut blob = Zeroizing::new(vec![0; length]);
    let mut writer = Writer::new(&mut blob);
    writer.put(MAGIC);
    encryption.into_iter().try_for_each(|part| writer.string(part))?;
    writer.put(&1u32.to_be_bytes());
    writer.string(public)?;
    writer.string(section)?;
    writer.put(tag);
    writer.finish()?;

    // The text is written into one buffer, which never grows.
    let mut text = Zeroizing::new(vec![0; text_bytes]);
    let mut encoder = Encoder::new_wrapped(LABEL, WIDTH, LineEnding::LF, &mut text).map_err(cannot_be)?;
    encoder.encode(&blob).map_err(cannot_be)?;
    let written = encoder.finish().map_err(cannot_be)?;
    text.truncate(written);
    String::from_utf8(core::mem::take(&mut *text)).map(Zeroizing::new).map_err(cannot_be)
}

/// Maps PEM and base64 errors, which cannot occur: the buffer is long enough.
fn cannot_be<E>(_: E) -> Error {
    Error::new(ErrorKind::BufferTooSmall)
}
