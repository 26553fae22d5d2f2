//! Which blobs a program accepts as a key, and how it encodes the key again.
//!
//! A certificate is not encoded again, and its signature is not checked.

use p256::elliptic_curve::CurveArithmetic;
use p256::elliptic_curve::point::PointCompression;
use p256::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use p256::elliptic_curve::{AffinePoint, FieldBytesSize, PublicKey};

/// The types of keys, by their components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// e and n.
    Rsa,
    /// p, q, g and y.
    Dsa,
    /// The name of the curve, and the point.
    Ecdsa(&'static str),
    /// 32 bytes.
    Ed25519,
    /// The fields of ECDSA, and the application.
    SkEcdsa,
    /// The field of Ed25519, and the application.
    SkEd25519,
    /// 1344 bytes.
    MlDsa44Ed25519,
}

/// Each type with its name, the name of its certificates, and the number of strings after the name.
const TYPES: [(Kind, &str, &str, usize); 9] = [
    (Kind::Rsa, "ssh-rsa", "ssh-rsa-cert-v01@openssh.com", 2),
    (Kind::Dsa, "ssh-dss", "ssh-dss-cert-v01@openssh.com", 4),
    (Kind::Ecdsa("nistp256"), "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256-cert-v01@openssh.com", 2),
    (Kind::Ecdsa("nistp384"), "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384-cert-v01@openssh.com", 2),
    (Kind::Ecdsa("nistp521"), "ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521-cert-v01@openssh.com", 2),
    (Kind::Ed25519, "ssh-ed25519", "ssh-ed25519-cert-v01@openssh.com", 1),
    (Kind::SkEcdsa, "sk-ecdsa-sha2-nistp256@openssh.com", "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com", 3),
    (Kind::SkEd25519, "sk-ssh-ed25519@openssh.com", "sk-ssh-ed25519-cert-v01@openssh.com", 2),
    (Kind::MlDsa44Ed25519, "ssh-mldsa44-ed25519@openssh.com", "ssh-mldsa44-ed25519-cert-v01@openssh.com", 1),
];

/// The type with this name, and whether it is the name of its certificates.
pub fn of_name(name: &[u8]) -> Option<(Kind, bool)> {
    TYPES.into_iter().find_map(|(kind, plain, certificate, _)| match name {
        _ if name == plain.as_bytes() => Some((kind, false)),
        _ if name == certificate.as_bytes() => Some((kind, true)),
        _ => None,
    })
}

/// Like `of_name`. OpenSSH also accepts the name of a signature algorithm, for the type of its keys.
pub(crate) fn of_openssh_name(name: &[u8]) -> Option<(Kind, bool)> {
    match name {
        b"rsa-sha2-256" | b"rsa-sha2-512" => Some((Kind::Rsa, false)),
        b"rsa-sha2-256-cert-v01@openssh.com" | b"rsa-sha2-512-cert-v01@openssh.com" => Some((Kind::Rsa, true)),
        b"webauthn-sk-ecdsa-sha2-nistp256@openssh.com" => Some((Kind::SkEcdsa, false)),
        _ => of_name(name),
    }
}

/// The first string of a blob, which should be the name of its type.
pub fn first_string(mut blob: &[u8]) -> Option<&[u8]> {
    string(&mut blob)
}

/// Removes a string from the start of a blob.
fn string<'a>(blob: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = blob.split_first_chunk()?;
    let (string, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    *blob = rest;
    Some(string)
}

fn put(blob: &mut Vec<u8>, string: &[u8]) {
    blob.extend_from_slice(&u32::try_from(string.len()).unwrap_or(u32::MAX).to_be_bytes());
    blob.extend_from_slice(string);
}

/// Removes the strings of a type after its name, without checking them.
fn strings<'a>(kind: Kind, blob: &mut &'a [u8]) -> Option<Vec<&'a [u8]>> {
    let (_, _, _, count) = TYPES.into_iter().find(|(other, ..)| *other == kind)?;
    (0..count).map(|_| string(blob)).collect()
}

/// The fields after the key in a certificate: serial, type, key id, principals, validity, options, extensions, a reserved string,
/// the key of the authority, and the signature.
struct Certificate<'a> {
    certificate_type: u32,
    key_id: &'a [u8],
    principals: &'a [u8],
    options: [&'a [u8]; 2],
    authority: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Certificate<'a> {
    fn read(blob: &mut &'a [u8]) -> Option<Self> {
        let (numbers, rest) = blob.split_first_chunk::<12>()?;
        *blob = rest;
        let (key_id, principals) = (string(blob)?, string(blob)?);
        *blob = blob.get(16..)?;
        let options = [string(blob)?, string(blob)?];
        string(blob)?;
        let certificate_type = u32::from_be_bytes(*numbers.last_chunk()?);
        Some(Self { certificate_type, key_id, principals, options, authority: string(blob)?, signature: string(blob)? })
    }

    /// Whether the principals are a list of strings, and the options and extensions are lists of pairs.
    fn has_lists(&self) -> bool {
        are_strings(self.principals, 1) && self.options.iter().all(|list| are_strings(list, 2))
    }

    /// Whether the key of the authority has a known type, and is not a certificate.
    fn has_plain_authority(&self) -> bool {
        first_string(self.authority).and_then(of_name).is_some_and(|(_, is_certificate)| !is_certificate)
    }
}

/// The well-formed key or certificate of a known type at the start of a blob, with its values unchecked, and the rest of the
/// blob.
pub fn whole(blob: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut rest = blob;
    let (kind, is_certificate) = of_name(string(&mut rest)?)?;
    if is_certificate {
        string(&mut rest)?;
    }
    strings(kind, &mut rest)?;
    if is_certificate {
        Certificate::read(&mut rest)?;
    }
    Some(blob.split_at(blob.len() - rest.len()))
}

/// The blob of the plain key in a certificate, or of a plain key.
pub fn plain(blob: &[u8]) -> Option<Vec<u8>> {
    let mut rest = blob;
    let (kind, is_certificate) = of_name(string(&mut rest)?)?;
    if !is_certificate {
        return Some(blob.to_vec());
    }
    string(&mut rest)?;
    Some(encoded(kind, &strings(kind, &mut rest)?))
}

/// The number of bits of a number without leading zeros.
fn bits(number: &[u8]) -> usize {
    number.first().map_or(0, |first| number.len() * 8 - usize::try_from(first.leading_zeros()).unwrap_or(0))
}

/// A number without leading zeros.
fn digits(number: &[u8]) -> &[u8] {
    &number[number.iter().take_while(|byte| **byte == 0).count()..]
}

/// Whether a number, without leading zeros, is less than another one.
fn less(number: &[u8], other: &[u8]) -> bool {
    (number.len(), number) < (other.len(), other)
}

fn is_negative(number: &[u8]) -> bool {
    number.first().is_some_and(|first| *first >= 0x80)
}

/// A point that is on its curve, compressed or not. Returns it uncompressed.
fn point(curve: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    fn on<C>(bytes: &[u8]) -> Option<Vec<u8>>
    where
        C: CurveArithmetic + PointCompression,
        AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
        FieldBytesSize<C>: ModulusSize,
    {
        let key = PublicKey::<C>::from_sec1_bytes(bytes).ok()?;
        Some(key.as_affine().to_sec1_point(false).as_bytes().to_vec())
    }
    // The other encodings are the point at infinity, compact points and hybrids. No program here accepts them.
    match (curve, bytes.first()?) {
        (_, 0 | 1 | 5..) => None,
        ("nistp256", _) => on::<p256::NistP256>(bytes),
        ("nistp384", _) => on::<p384::NistP384>(bytes),
        ("nistp521", _) => on::<p521::NistP521>(bytes),
        _ => None,
    }
}

fn uncompressed(curve: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.first() == Some(&4) { point(curve, bytes) } else { None }
}

/// The rest of a blob after the name.
type Fields = Vec<Vec<u8>>;

/// The fields of a key that is accepted.
fn owned(fields: &[&[u8]]) -> Option<Fields> {
    Some(fields.iter().map(|field| field.to_vec()).collect())
}

/// OpenSSH 9, which supports DSA.
pub fn openssh_9(blob: &[u8]) -> Option<Vec<u8>> {
    openssh(blob, &|kind| kind != Kind::MlDsa44Ed25519)
}

/// OpenSSH 10, which supports ML-DSA instead.
pub fn openssh_10(blob: &[u8]) -> Option<Vec<u8>> {
    openssh(blob, &|kind| kind != Kind::Dsa)
}

fn openssh(blob: &[u8], has: &dyn Fn(Kind) -> bool) -> Option<Vec<u8>> {
    let mut rest = blob;
    let (kind, is_certificate) = of_openssh_name(c_string(string(&mut rest)?)?)?;
    if !has(kind) {
        return None;
    }
    if is_certificate {
        string(&mut rest)?;
    }
    let fields = openssh_fields(kind, &mut rest)?;
    if is_certificate {
        let certificate = Certificate::read(&mut rest)?;
        c_string(certificate.key_id)?;
        let is_type = matches!(certificate.certificate_type, 1 | 2);
        let is_valid = is_type && certificate.has_lists() && certificate.has_plain_authority() && rest.is_empty();
        return (is_valid && openssh(certificate.authority, has).is_some()).then(|| blob.to_vec());
    }
    rest.is_empty().then(|| encoded(kind, &fields))
}

/// A string without a NUL, except as its last byte, which is removed.
fn c_string(string: &[u8]) -> Option<&[u8]> {
    let string = string.strip_suffix(b"\0").unwrap_or(string);
    (!string.contains(&0)).then_some(string)
}

/// Whether a blob is a list of strings, in groups of a given size.
fn are_strings(mut blob: &[u8], group: usize) -> bool {
    while !blob.is_empty() {
        if (0..group).any(|_| string(&mut blob).is_none()) {
            return false;
        }
    }
    true
}

fn openssh_fields(kind: Kind, rest: &mut &[u8]) -> Option<Fields> {
    /// The length of the longest number in bytes.
    const MAX: usize = 16384 / 8;
    let fields = strings(kind, rest)?;
    let number = |field: &[u8]| {
        let digits = digits(field);
        let fits = field.len() <= MAX || field.len() == MAX + 1 && field[0] == 0;
        (!is_negative(field) && fits).then(|| mpint(digits))
    };
    let is_curve = |curve: &str, name: &[u8]| c_string(name) == Some(curve.as_bytes());
    match (kind, &fields[..]) {
        (Kind::Rsa, [e, n]) => {
            let (e, n) = (number(e)?, number(n)?);
            (bits(digits(&n)) >= 1024).then(|| vec![e, n])
        }
        (Kind::Dsa, numbers) => numbers.iter().map(|field| number(field)).collect(),
        (Kind::Ecdsa(curve), [name, q]) if is_curve(curve, name) => {
            owned(&[curve.as_bytes(), &uncompressed(curve, q)?])
        }
        (Kind::Ed25519, [key]) if key.len() == 32 => owned(&[key]),
        (Kind::SkEcdsa, [name, q, application]) if is_curve("nistp256", name) => {
            owned(&[b"nistp256", &uncompressed("nistp256", q)?, c_string(application)?])
        }
        (Kind::SkEd25519, [key, application]) if key.len() == 32 => owned(&[key, c_string(application)?]),
        (Kind::MlDsa44Ed25519, [key]) if key.len() == 1312 + 32 => owned(&[key]),
        _ => None,
    }
}

/// A non-negative number, with a zero byte before it if its first bit is set.
fn mpint(digits: &[u8]) -> Vec<u8> {
    let sign: &[u8] = if digits.first().is_some_and(|first| *first >= 0x80) { &[0] } else { &[] };
    [sign, digits].concat()
}

/// The blob of a plain key.
fn encoded(kind: Kind, fields: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let mut blob = Vec::new();
    let name = TYPES.into_iter().find(|(other, ..)| *other == kind).map_or("", |(_, name, ..)| name);
    put(&mut blob, name.as_bytes());
    for field in fields {
        put(&mut blob, field.as_ref());
    }
    blob
}

/// Go's `ssh.ParsePublicKey` of x/crypto v0.53.
pub fn go_0_53(blob: &[u8]) -> Option<Vec<u8>> {
    go(blob, 8192)
}

/// The same function of v0.55, which accepts larger RSA keys.
pub fn go_0_55(blob: &[u8]) -> Option<Vec<u8>> {
    go(blob, 16384)
}

fn go(blob: &[u8], max_bits: usize) -> Option<Vec<u8>> {
    let mut rest = blob;
    let (kind, is_certificate) = of_name(string(&mut rest)?)?;
    if is_certificate {
        string(&mut rest)?;
    }
    let fields = go_fields(kind, &mut rest, max_bits)?;
    if is_certificate {
        let certificate = Certificate::read(&mut rest)?;
        let mut signature = certificate.signature;
        string(&mut signature)?;
        string(&mut signature)?;
        let is_valid = certificate.has_lists() && certificate.has_plain_authority() && rest.is_empty();
        return (is_valid && go(certificate.authority, max_bits).is_some()).then(|| blob.to_vec());
    }
    rest.is_empty().then(|| encoded(kind, &fields))
}

fn go_fields(kind: Kind, rest: &mut &[u8], max_bits: usize) -> Option<Fields> {
    let fields = strings(kind, rest)?;
    match (kind, &fields[..]) {
        (Kind::Rsa, [e, n]) => {
            let number = digits(e);
            let is_exponent = bits(number) <= 24 && number.last().is_some_and(|last| last & 1 == 1) && number != [1];
            (!is_negative(e) && is_exponent && bits(digits(n)) <= max_bits).then(|| vec![mpint(number), shortest(n)])
        }
        (Kind::Dsa, [p, q, g, y]) => {
            let numbers = [p, q, g, y].map(|field| digits(field));
            let [p, q, g, y] = numbers;
            let are_sizes = bits(p) == 1024 && bits(q) == 160 && !g.is_empty() && !y.is_empty();
            let are_numbers = !fields.iter().any(|field| is_negative(field)) && less(g, p) && less(y, p);
            (are_sizes && are_numbers).then(|| numbers.map(mpint).to_vec())
        }
        (Kind::Ecdsa(curve), [name, q]) if *name == curve.as_bytes() => owned(&[name, &uncompressed(curve, q)?]),
        (Kind::Ed25519, [key]) if key.len() == 32 => owned(&[key]),
        (Kind::SkEcdsa, [name, q, application]) if *name == b"nistp256" => {
            owned(&[name, &uncompressed("nistp256", q)?, application])
        }
        (Kind::SkEd25519, [key, application]) if key.len() == 32 => owned(&[key, application]),
        _ => None,
    }
}

/// A number, which may be negative, without bytes that only repeat its sign.
fn shortest(mut number: &[u8]) -> Vec<u8> {
    while let [sign @ (0 | 0xff), rest @ ..] = number
        && rest.first().map_or(*sign == 0, |next| next & 0x80 == sign & 0x80)
    {
        number = rest;
    }
    number.to_vec()
}

/// asyncssh, which leaves the checks of the numbers to Python's `cryptography`. Plain keys only.
pub fn asyncssh(blob: &[u8]) -> Option<Vec<u8>> {
    let mut rest = blob;
    let (kind, is_certificate) = of_name(string(&mut rest)?)?;
    let fields = strings(kind, &mut rest)?;
    if is_certificate || !rest.is_empty() || kind == Kind::MlDsa44Ed25519 {
        return None;
    }
    let fields = match (kind, &fields[..]) {
        (Kind::Rsa, [e, n]) => {
            let (e, n) = (digits(e), digits(n));
            let is_exponent = e.last().is_some_and(|last| last & 1 == 1) && e != [1] && less(e, n);
            let are_positive = !fields.iter().any(|field| is_negative(field));
            (are_positive && is_exponent && bits(n) >= 1024).then(|| vec![mpint(e), mpint(n)])
        }
        (Kind::Dsa, numbers) if !numbers.iter().any(|field| is_negative(field)) => {
            Some(numbers.iter().map(|field| mpint(digits(field))).collect())
        }
        (Kind::Ecdsa(curve), [name, q]) if *name == curve.as_bytes() => owned(&[name, &point(curve, q)?]),
        (Kind::Ed25519, [key]) if key.len() == 32 => owned(&[key]),
        (Kind::SkEcdsa, [name, q, application]) if *name == b"nistp256" && std::str::from_utf8(application).is_ok() => {
            owned(&[name, &point("nistp256", q)?, application])
        }
        (Kind::SkEd25519, [key, application]) if key.len() == 32 && std::str::from_utf8(application).is_ok() => {
            owned(&[key, application])
        }
        _ => None,
    };
    Some(encoded(kind, &fields?))
}

/// PuTTY, which does not support security keys. A key must be complete; the rest of the blob is ignored.
pub fn putty(blob: &[u8]) -> Option<Vec<u8>> {
    let (key, _) = whole(blob)?;
    first_string(key).is_some_and(is_putty_type).then(|| key.to_vec())
}

/// Whether PuTTY supports a type.
pub(crate) fn is_putty_type(name: &[u8]) -> bool {
    let kind = of_name(name).map(|(kind, _)| kind);
    kind.is_some_and(|kind| !matches!(kind, Kind::SkEcdsa | Kind::SkEd25519 | Kind::MlDsa44Ed25519))
}
