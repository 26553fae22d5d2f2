//! The encryptions of PKCS#8 that are read: PBES2 with a block cipher in CBC mode, and PBKDF2 (RFC 8018, section 6.2 and Appendix
//! A) or scrypt (RFC 7914, section 7); and PBES1 with 3DES (RFC 7292, Appendix C).
//!
//! The cost of a key derivation is bounded before it begins.

use super::block_cipher::{BlockCipher, MAX_KEY_BYTES};
use super::pkcs12_kdf::{self, Purpose};
use crate::error::{Error, ErrorKind, Field};
use crate::key::KdfLimits;
use pkcs8::ObjectIdentifier;
use pkcs8::der::asn1::{AnyRef, OctetStringRef};
use pkcs8::der::{Decode, Reader, SliceReader, Tag, Tagged};
use pkcs8::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const PBKDF2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.12");
const SCRYPT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11591.4.11");
const PBES1_TRIPLE_DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");
const PBES1_TRIPLE_DES_OF_TWO_KEYS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.4");

const CIPHERS: [(ObjectIdentifier, BlockCipher); 4] = [
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.2"), BlockCipher::Aes128),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.22"), BlockCipher::Aes192),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.42"), BlockCipher::Aes256),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.3.7"), BlockCipher::TripleDes),
];

/// The hash of the HMAC of PBKDF2.
#[derive(Clone, Copy)]
enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha512To224,
    Sha512To256,
}

const HASHES: [(ObjectIdentifier, Hash); 7] = [
    (ObjectIdentifier::new_unwrap("1.2.840.113549.2.7"), Hash::Sha1),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.2.8"), Hash::Sha224),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.2.9"), Hash::Sha256),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.2.10"), Hash::Sha384),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.2.11"), Hash::Sha512),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.2.12"), Hash::Sha512To224),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.2.13"), Hash::Sha512To256),
];

/// The encryptions that an error names: PBES1, the ciphers of PBES2, and a hash of PBKDF2.
const OLD: [(&str, &str); 18] = [
    ("1.2.840.113549.1.5.1", "PBES1 with MD2"),
    ("1.2.840.113549.1.5.3", "PBES1 with MD5"),
    ("1.2.840.113549.1.5.4", "PBES1 with MD2"),
    ("1.2.840.113549.1.5.6", "PBES1 with MD5"),
    ("1.2.840.113549.1.5.10", "DES"),
    ("1.2.840.113549.1.5.11", "RC2"),
    ("1.2.840.113549.1.12.1.1", "RC4"),
    ("1.2.840.113549.1.12.1.2", "RC4"),
    ("1.2.840.113549.1.12.1.5", "RC2"),
    ("1.2.840.113549.1.12.1.6", "RC2"),
    ("1.2.840.113549.3.2", "RC2"),
    ("1.3.14.3.2.7", "DES"),
    ("1.2.410.200004.1.4", "SEED"),
    ("1.2.840.113549.3.9", "RC5"),
    ("1.3.6.1.4.1.3029.1.2", "Blowfish"),
    ("1.2.840.113533.7.66.10", "CAST-128"),
    ("1.3.6.1.4.1.188.7.1.1.2", "IDEA"),
    ("1.2.840.113549.2.6", "HMAC-MD5"),
];

/// The arcs that all modes of a cipher are below.
const OLD_FAMILIES: [(&str, &str); 3] =
    [("1.2.392.200011.61.1.1.1", "Camellia"), ("1.2.410.200046.1.1", "ARIA"), ("1.2.156.10197.1.104", "SM4")];

/// The modes of AES that are not supported, by the last number of their names, which is larger by 20 and 40 for longer keys.
const AES: &str = "2.16.840.1.101.3.4.1";
const AES_MODES: [(u32, &str); 5] = [
    (1, "AES in ECB mode"),
    (3, "AES in OFB mode"),
    (4, "AES in CFB mode"),
    (6, "AES in GCM mode"),
    (7, "AES in CCM mode"),
];

/// The lengths in bytes of salts.
const SALT_LENGTHS: core::ops::RangeInclusive<usize> = 1..=64;

/// How the key is derived.
enum Derivation<'a> {
    Pbkdf2 {
        salt: &'a [u8],
        iterations: u32,
        hash: Hash,
    },
    Scrypt {
        salt: &'a [u8],
        params: scrypt::Params,
    },
    /// The key and the IV.
    Pkcs12 {
        salt: &'a [u8],
        iterations: u32,
    },
}

/// An encryption, with its parameters.
pub(super) struct EncryptionScheme<'a> {
    derivation: Derivation<'a>,
    cipher: BlockCipher,
    /// Empty if it is derived.
    iv: &'a [u8],
}

fn invalid() -> Error {
    Field::Encryption.error(ErrorKind::InvalidEncryption)
}

/// The error for an algorithm that is not supported.
fn unsupported(oid: ObjectIdentifier) -> Error {
    let is = |arc: &str| ObjectIdentifier::new(arc).is_ok_and(|arc| arc == oid);
    let is_below = |arc: &str| {
        let arc = ObjectIdentifier::new(arc);
        arc.is_ok_and(|arc| oid.as_bytes().starts_with(arc.as_bytes()) && oid != arc)
    };
    let old = OLD.into_iter().find(|(arc, _)| is(arc));
    let old = old.or_else(|| OLD_FAMILIES.into_iter().find(|(arc, _)| is_below(arc))).map(|(_, name)| name);
    let old = old.or_else(|| {
        let mode = oid.arcs().last().filter(|_| is_below(AES))? % 20;
        AES_MODES.into_iter().find(|(number, _)| *number == mode).map(|(_, name)| name)
    });
    Field::Encryption.error(old.map_or(ErrorKind::UnsupportedEncryption, ErrorKind::OldEncryption))
}

/// Reads the elements of a sequence. `read` must read all of them.
fn sequence<'a, T>(value: AnyRef<'a>, read: impl FnOnce(&mut SliceReader<'a>) -> Result<T, Error>) -> Result<T, Error> {
    if value.tag() != Tag::Sequence {
        return Err(invalid());
    }
    let mut reader = SliceReader::new(value.value()).map_err(|_| invalid())?;
    let result = read(&mut reader)?;
    if reader.is_finished() { Ok(result) } else { Err(invalid()) }
}

fn field<'a, T: Decode<'a>>(reader: &mut SliceReader<'a>) -> Result<T, Error> {
    T::decode(reader).map_err(|_| invalid())
}

fn salt<'a>(reader: &mut SliceReader<'a>) -> Result<&'a [u8], Error> {
    let salt = field::<&OctetStringRef>(reader)?.as_bytes();
    match salt.len() {
        0 => Err(invalid()),
        length if SALT_LENGTHS.contains(&length) => Ok(salt),
        _ => Err(Field::Encryption.error(ErrorKind::OldEncryption("a salt of more than 64 bytes"))),
    }
}

fn iterations(reader: &mut SliceReader<'_>, limits: &KdfLimits) -> Result<u32, Error> {
    let iterations = field::<u32>(reader)?;
    if iterations == 0 {
        return Err(invalid());
    }
    limits.check_pbkdf2(iterations)?;
    Ok(iterations)
}

/// Reads the length of the key, which is optional and must be that of the cipher.
fn key_length(reader: &mut SliceReader<'_>, cipher: BlockCipher) -> Result<(), Error> {
    match field::<Option<u16>>(reader)? {
        Some(length) if usize::from(length) != cipher.key_bytes() => Err(invalid()),
        _ => Ok(()),
    }
}

impl<'a> EncryptionScheme<'a> {
    /// Reads the parameters, and checks that they are supported, valid and within the limits.
    pub(super) fn read(algorithm: AlgorithmIdentifierRef<'a>, limits: &KdfLimits) -> Result<Self, Error> {
        let cipher = match algorithm.oid {
            PBES2 => {
                let missing = Field::Encryption.error(ErrorKind::UnsupportedEncryption);
                return Self::read_pbes2(algorithm.parameters.ok_or(missing)?, limits);
            }
            PBES1_TRIPLE_DES => BlockCipher::TripleDes,
            PBES1_TRIPLE_DES_OF_TWO_KEYS => BlockCipher::TripleDesOfTwoKeys,
            other => return Err(unsupported(other)),
        };
        let derivation = sequence(algorithm.parameters.ok_or(invalid())?, |reader| {
            Ok(Derivation::Pkcs12 { salt: salt(reader)?, iterations: iterations(reader, limits)? })
        })?;
        Ok(Self { derivation, cipher, iv: &[] })
    }

    fn read_pbes2(parameters: AnyRef<'a>, limits: &KdfLimits) -> Result<Self, Error> {
        let [kdf, cipher] = sequence(parameters, |reader| {
            Ok([field::<AlgorithmIdentifierRef<'a>>(reader)?, field::<AlgorithmIdentifierRef<'a>>(reader)?])
        })?;
        let (_, block_cipher) =
            CIPHERS.into_iter().find(|(oid, _)| *oid == cipher.oid).ok_or_else(|| unsupported(cipher.oid))?;
        let iv = cipher.parameters.and_then(|iv| iv.decode_as::<&OctetStringRef>().ok()).ok_or(invalid())?.as_bytes();
        if iv.len() != block_cipher.block_bytes() {
            return Err(invalid());
        }
        let parameters = kdf.parameters.ok_or(invalid());
        let derivation = match kdf.oid {
            PBKDF2 => sequence(parameters?, |reader| read_pbkdf2(reader, block_cipher, limits))?,
            SCRYPT => sequence(parameters?, |reader| read_scrypt(reader, block_cipher, limits))?,
            other => return Err(unsupported(other)),
        };
        Ok(Self { derivation, cipher: block_cipher, iv })
    }

    /// Whether this encryption produces data of such a length.
    pub(super) fn produces(&self, data: &[u8]) -> bool {
        self.cipher.is_padded(data)
    }

    /// Derives the key, and decrypts in place. None if the padding is invalid. The caller wipes the stack.
    pub(super) fn decrypt<'b>(&self, passphrase: &[u8], data: &'b mut [u8]) -> Option<&'b [u8]> {
        let mut key = Zeroizing::new([0; MAX_KEY_BYTES]);
        let key = key.get_mut(..self.cipher.key_bytes())?;
        match &self.derivation {
            Derivation::Pbkdf2 { salt, iterations, hash } => pbkdf2_hmac(*hash, passphrase, salt, *iterations, key),
            Derivation::Scrypt { salt, params } => scrypt::scrypt(passphrase, salt, params, key).ok()?,
            Derivation::Pkcs12 { salt, iterations } => {
                let passphrase = pkcs12_kdf::utf16(passphrase);
                pkcs12_kdf::derive(&passphrase, salt, *iterations, Purpose::Key, key);
                let mut iv = Zeroizing::new([0; 8]);
                pkcs12_kdf::derive(&passphrase, salt, *iterations, Purpose::Iv, &mut *iv);
                return self.cipher.decrypt(key, &*iv, data);
            }
        }
        self.cipher.decrypt(key, self.iv, data)
    }
}

fn read_pbkdf2<'a>(
    reader: &mut SliceReader<'a>,
    cipher: BlockCipher,
    limits: &KdfLimits,
) -> Result<Derivation<'a>, Error> {
    let (salt, iterations) = (salt(reader)?, iterations(reader, limits)?);
    key_length(reader, cipher)?;
    let hash = match field::<Option<AlgorithmIdentifierRef<'a>>>(reader)? {
        None => Hash::Sha1,
        Some(prf) if prf.parameters.is_some_and(|parameters| !parameters.is_null()) => return Err(invalid()),
        Some(prf) => HASHES.into_iter().find(|(oid, _)| *oid == prf.oid).ok_or_else(|| unsupported(prf.oid))?.1,
    };
    Ok(Derivation::Pbkdf2 { salt, iterations, hash })
}

fn read_scrypt<'a>(
    reader: &mut SliceReader<'a>,
    cipher: BlockCipher,
    limits: &KdfLimits,
) -> Result<Derivation<'a>, Error> {
    let salt = salt(reader)?;
    let n = field::<u64>(reader)?;
    let [r, p] = [field::<u16>(reader)?, field::<u16>(reader)?].map(u32::from);
    key_length(reader, cipher)?;
    if n < 2 || !n.is_power_of_two() || r == 0 || p == 0 {
        return Err(invalid());
    }
    limits.check_scrypt(n, r, p)?;
    let log_n = u8::try_from(n.ilog2()).map_err(|_| invalid())?;
    let params = scrypt::Params::new(log_n, r, p).map_err(|_| invalid())?;
    Ok(Derivation::Scrypt { salt, params })
}

fn pbkdf2_hmac(hash: Hash, passphrase: &[u8], salt: &[u8], iterations: u32, key: &mut [u8]) {
    let derive = match hash {
        Hash::Sha1 => pbkdf2::pbkdf2_hmac::<sha1::Sha1>,
        Hash::Sha224 => pbkdf2::pbkdf2_hmac::<sha2::Sha224>,
        Hash::Sha256 => pbkdf2::pbkdf2_hmac::<sha2::Sha256>,
        Hash::Sha384 => pbkdf2::pbkdf2_hmac::<sha2::Sha384>,
        Hash::Sha512 => pbkdf2::pbkdf2_hmac::<sha2::Sha512>,
        Hash::Sha512To224 => pbkdf2::pbkdf2_hmac::<sha2::Sha512_224>,
        Hash::Sha512To256 => pbkdf2::pbkdf2_hmac::<sha2::Sha512_256>,
    };
    derive(passphrase, salt, iterations, key);
}
