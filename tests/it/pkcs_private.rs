//! RSA private keys as PKCS#1 and PKCS#8: this crate reads the files of other programs, and writes them again byte for byte;
//! other programs read its files; and invalid files are rejected with the right kind, field and offset.

use crate::common::{
    Folder, What, commented, data, der, from_hex, have, have_python, options, output, pem, pkcs1_pem, pkcs8_pem, run,
    seeded, unframed, what,
};
use base64ct::{Base64, Encoding};
use crypto_bigint::{BoxedUint, ConcatenatingMul};
use pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey};
use pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use ssh_keypair::openssh::MAX_LINE_BYTES;
use ssh_keypair::pkcs::{MAX_DER_BYTES, MAX_PEM_BYTES};
use ssh_keypair::{Error, ErrorKind, Field, PrivateKey, RsaPrivateKey, Sha1Fingerprint};
use std::sync::LazyLock;

// Numbers, big-endian without leading zeros

const P300: &str = "d6e4517f9a0465ab3e41805899611f916701afe3cebcfea09bfbf38e1f845183d287557c6a5";
const P512: &str = "ccee7c046e3308cfd3a2332b61d361fb4b64814ceb1e3c467ca12cd6096d355c146de50c7ec35247863ab44b52c12878d0ed25733abe\
                    a7d3df4ed52c94ccc215";
const Q512: &str = "c80661642960305dfe77aa3d311d8a6a1c64aa92682954a7b396d6cafb4f65252406d210c5b512c70a1c9d1ae7818375b4b876f078cb\
                    8fb5c249767a04028da9";
const P700: &str = "e8e91f81422dfaa50cc5d4e4f483d544c611395f02a72dacad4bbcf5eeb364e478cbf70f80d980874b41d5026a4f7211332a3e452458\
                    492b688d756d820f6d99d686e763278d8bab57fd41cfb27a72037771716c3dc0c5b";
const P1348: &str = "c7a4b9531dfbd1fab6ec61b4294840b3db682007640a31b47b755b131160b59b6db5e5285103009310888e8744a00d55ad438c1d367\
                     b87ac77a6542dec292b9ac77bc82e4d79016db6082dd02c95041a825c61df4416b317b066387fedc9f954209a7affdbb64953f59\
                     ac30882aa2f9ec94429e1ef11d8a9033e11a7c297198d951f9345829aff453922e2a3ef056addc17eb93993a4d0f0d5cb0543bdb\
                     112d6dd37a265d39beddbb";
const P1748: &str = "f407b901a025cc811c2dcc8c5d814025fba9545074277c795146ba4e1f657d3000ac11fecc1dc57ffe68f88f73f7f2ae7d303480b86\
                     66a0c71832b3a7c2213cab99852b1995f4fb7b28e8b8d09571995cd5ea3605d52f9e919a8bf72fd916b57cc0e3975902c0b141ab\
                     36a5959333e482868b16b6436a14565e4dbc7f81a5b9d1902323e755722538176b5250c6baf8a0e3a132e70088c2b12a437df904\
                     3159a8ab7e1d38ff7a9390d1d7aa306220b74066ec36af1ade90d3134c67c1f67fb7454b4d8e046960d356817a56a5f146d6003e\
                     4df0bb5c958dc5e83b";

fn big(bytes: &[u8]) -> BoxedUint {
    BoxedUint::from_be_slice(bytes, 4096).unwrap()
}

fn bytes(number: BoxedUint) -> Vec<u8> {
    let bytes = number.to_be_bytes_trimmed_vartime().into_vec();
    if bytes.is_empty() { vec![0] } else { bytes }
}

fn product(a: &[u8], b: &[u8]) -> Vec<u8> {
    bytes(big(a).concatenating_mul(big(b)))
}

fn sum(a: &[u8], b: &[u8]) -> Vec<u8> {
    bytes(big(a).wrapping_add(big(b)))
}

fn less_one(a: &[u8]) -> Vec<u8> {
    bytes(big(a).wrapping_sub(BoxedUint::one_with_precision(4096)))
}

fn remainder(a: &[u8], modulus: &[u8]) -> Vec<u8> {
    bytes(big(a).rem(big(modulus).as_nz_vartime().unwrap()))
}

fn half(a: &[u8]) -> Vec<u8> {
    bytes(big(a).wrapping_div(big(&[2]).as_nz_vartime().unwrap()))
}

/// The inverse, or zero if there is none.
fn inverse(a: &[u8], modulus: &[u8]) -> Vec<u8> {
    let inverse: Option<BoxedUint> = big(a).invert_mod(big(modulus).as_nz_vartime().unwrap()).into();
    inverse.map(bytes).unwrap_or(vec![0])
}

/// The index of each number, and its field.
const N: usize = 0;
const E: usize = 1;
const D: usize = 2;
const P: usize = 3;
const Q: usize = 4;
const DP: usize = 5;
const DQ: usize = 6;
const QINV: usize = 7;
const FIELDS: [Field; 8] = [
    Field::Modulus,
    Field::PublicExponent,
    Field::PrivateExponent,
    Field::PrimeP,
    Field::PrimeQ,
    Field::ExponentP,
    Field::ExponentQ,
    Field::Coefficient,
];

/// n, e, d, p, q, dP, dQ and qInv, with d modulo (p-1)(q-1).
type Numbers = [Vec<u8>; 8];

fn numbers(p: &[u8], q: &[u8], e: &[u8]) -> Numbers {
    let (order_p, order_q) = (less_one(p), less_one(q));
    let d = inverse(e, &product(&order_p, &order_q));
    let (d_p, d_q) = (remainder(&d, &order_p), remainder(&d, &order_q));
    [product(p, q), e.to_vec(), d, p.to_vec(), q.to_vec(), d_p, d_q, inverse(&remainder(q, p), p)]
}

/// Its inverse modulo `P512` is 947.
const Q512_OF_SMALL_INVERSE: &str = "c716b8d1c0c04fed5070290f62029c48339dec2d87b13e12324020bea229c1c29ca1e8853edd\
                                     a6b5668efea14d6be7855222209908ae681c7f314833f5ee1e23";

/// The numbers of a key of 1024 bits.
static SMALL: LazyLock<Numbers> = LazyLock::new(|| numbers(&from_hex(P512), &from_hex(Q512), &[1, 0, 1]));

fn with(changes: &[(usize, Vec<u8>)]) -> Numbers {
    let mut numbers = SMALL.clone();
    for (which, number) in changes {
        numbers[*which].clone_from(number);
    }
    numbers
}

// DER

fn integer(number: &[u8]) -> Vec<u8> {
    let sign: &[u8] = if number[0] >= 0x80 { &[0] } else { &[] };
    der(2, &[sign, number].concat())
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    der(0x30, &parts.concat())
}

fn pkcs1(numbers: &Numbers) -> Vec<u8> {
    let parts: Vec<_> = [&[0][..]].into_iter().chain(numbers.iter().map(Vec::as_slice)).map(integer).collect();
    sequence(&parts)
}

const RSA_ENCRYPTION: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\0";

fn pkcs8(pkcs1: &[u8]) -> Vec<u8> {
    sequence(&[integer(&[0]), RSA_ENCRYPTION.to_vec(), der(4, pkcs1)])
}

/// Where the parts of a sequence begin, and how many bytes the header of each has.
fn parts(sequence: &[u8]) -> Vec<(usize, usize)> {
    let header = |at: usize| match sequence[at + 1] {
        length @ ..=0x7f => (2, usize::from(length)),
        0x81 => (3, usize::from(sequence[at + 2])),
        0x82 => (4, usize::from(u16::from_be_bytes([sequence[at + 2], sequence[at + 3]]))),
        other => panic!("{other}"),
    };
    let mut at = header(0).0;
    let mut parts = Vec::new();
    while at < sequence.len() {
        let (bytes, length) = header(at);
        parts.push((at, bytes));
        at += bytes + length;
    }
    parts
}

/// Where a number begins, after its header and its leading zero byte.
fn value_at(pkcs1: &[u8], which: usize) -> usize {
    let (at, header) = parts(pkcs1)[which + 1];
    at + header + usize::from(pkcs1[at + header] == 0 && pkcs1[at + 1] > 1)
}

fn pkcs1_der(key: &RsaPrivateKey) -> Vec<u8> {
    key.write_pkcs1_der(&mut [0; MAX_DER_BYTES]).unwrap().to_vec()
}

fn pkcs8_der(key: &RsaPrivateKey) -> Vec<u8> {
    key.write_pkcs8_der(&mut [0; MAX_DER_BYTES]).unwrap().to_vec()
}

fn generated(bits: usize) -> &'static RsaPrivateKey {
    seeded(bits, 0)
}

/// Reads a PEM, without a comment.
fn from_pem(text: &str, passphrase: Option<&[u8]>) -> Result<RsaPrivateKey, Error> {
    PrivateKey::from_pem(text, &options(passphrase))?.into_rsa()
}

/// The output of openssl for bytes on its standard input.
fn openssl(arguments: &[&str], input: &str) -> Vec<u8> {
    let output = run("openssl", arguments, input);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

// Writing

#[test]
fn every_form_of_a_generated_key_is_read_back() {
    for bits in [2048, 2064, 3072, 4096, 8192] {
        let key = generated(bits);
        assert_eq!(RsaPrivateKey::from_der(&pkcs1_der(key)).unwrap(), *key);
        assert_eq!(RsaPrivateKey::from_der(&pkcs8_der(key)).unwrap(), *key);
        for text in [pkcs1_pem(key), pkcs8_pem(key)] {
            let read = from_pem(&text, None).unwrap();
            assert_eq!(read, *key);
            assert_eq!(pkcs1_der(&read), pkcs1_der(key));
            assert_eq!(from_pem(&text, Some(b"ignored")).unwrap(), *key);
        }
    }
}

#[test]
fn generated_keys_are_written_as_openssl_writes_them() {
    if !have("openssl") {
        return;
    }
    for bits in [2048, 2064, 3072, 4096, 8192] {
        let key = generated(bits);
        let text = pkcs1_pem(key);
        assert_eq!(openssl(&["rsa", "-traditional", "-outform", "DER"], &text), pkcs1_der(key));
        let to_pkcs8 = ["pkcs8", "-topk8", "-nocrypt"];
        assert_eq!(openssl(&[&to_pkcs8[..], &["-outform", "DER"]].concat(), &text), pkcs8_der(key));
        assert_eq!(String::from_utf8(openssl(&to_pkcs8, &text)).unwrap(), *pkcs8_pem(key));
    }
}

#[test]
fn a_buffer_holds_every_format_or_is_reported_as_too_small() {
    let largest = generated(8192);
    let mut buffer = [0; MAX_PEM_BYTES];
    let length = largest.write_pkcs8_pem(&mut buffer).unwrap().len();
    assert!(largest.write_pkcs1_pem(&mut buffer).unwrap().len() <= length);
    let key = generated(2048);
    type Write<'a> = &'a dyn Fn(&mut [u8]) -> Result<usize, Error>;
    let forms: [(usize, Write<'_>); 4] = [
        (pkcs1_der(key).len(), &|buffer| key.write_pkcs1_der(buffer).map(<[u8]>::len)),
        (pkcs8_der(key).len(), &|buffer| key.write_pkcs8_der(buffer).map(<[u8]>::len)),
        (pkcs1_pem(key).len(), &|buffer| key.write_pkcs1_pem(buffer).map(str::len)),
        (pkcs8_pem(key).len(), &|buffer| key.write_pkcs8_pem(buffer).map(str::len)),
    ];
    for (length, write) in forms {
        for too_small in 0..length {
            assert_eq!(write(&mut buffer[..too_small]).unwrap_err().kind(), ErrorKind::BufferTooSmall);
        }
        assert_eq!(write(&mut buffer[..length]), Ok(length));
    }
}

#[test]
fn the_traits_of_the_ecosystem_write_and_read_the_same() {
    let key = generated(2048);
    assert_eq!(key.to_pkcs1_der().unwrap().as_bytes(), pkcs1_der(key));
    assert_eq!(EncodePrivateKey::to_pkcs8_der(key).unwrap().as_bytes(), pkcs8_der(key));
    assert_eq!(key.to_pkcs1_pem(LineEnding::LF).unwrap(), pkcs1_pem(key));
    assert_eq!(key.to_pkcs8_pem(LineEnding::LF).unwrap(), pkcs8_pem(key));
    assert_eq!(RsaPrivateKey::from_pkcs1_pem(&pkcs1_pem(key)).unwrap(), *key);
    assert_eq!(RsaPrivateKey::from_pkcs8_pem(&pkcs8_pem(key)).unwrap(), *key);

    let small = pkcs1(&SMALL);
    assert_eq!(RsaPrivateKey::from_pkcs1_der(&small).unwrap().bits(), 1024);
    assert_eq!(RsaPrivateKey::from_pkcs1_der(&small[1..]).unwrap_err(), pkcs1::Error::KeyMalformed);
    let multi = [&small[..4], &[2, 1, 1], &small[7..]].concat();
    assert_eq!(RsaPrivateKey::from_pkcs1_der(&multi).unwrap_err(), pkcs1::Error::Version);
    let wrong = pkcs1(&with(&[(DP, vec![3])]));
    assert_eq!(RsaPrivateKey::from_pkcs1_der(&wrong).unwrap_err(), pkcs1::Error::Crypto);

    let rejected = |der: &[u8]| RsaPrivateKey::from_pkcs8_der(der).unwrap_err();
    let malformed = pkcs8::Error::KeyMalformed(pkcs8::KeyError::Invalid);
    assert_eq!(rejected(&pkcs8(&wrong)), malformed);
    let with_public_key = [integer(&[1]), RSA_ENCRYPTION.to_vec(), der(4, &small), der(0x81, &[0, 1])];
    assert_eq!(rejected(&sequence(&with_public_key)), malformed);
    let no_parameters = der(0x30, &RSA_ENCRYPTION[2..13]);
    let no_parameters = sequence(&[integer(&[0]), no_parameters, der(4, &small)]);
    assert_eq!(rejected(&no_parameters), pkcs8::Error::ParametersMalformed);
    let another = [&RSA_ENCRYPTION[..12], &[10], &RSA_ENCRYPTION[13..]].concat();
    let another = sequence(&[integer(&[0]), another, der(4, &small)]);
    assert!(matches!(rejected(&another), pkcs8::Error::PublicKey(_)), "{:?}", rejected(&another));
    let large = with(&[(N, [&[1], &[0; 1023][..], &[1]].concat())]);
    let small = numbers(&from_hex(P300), &from_hex(P512), &[3]);
    for (numbers, kind) in [(large, pkcs8::KeyError::TooLong), (small, pkcs8::KeyError::TooShort)] {
        assert_eq!(rejected(&pkcs8(&pkcs1(&numbers))), pkcs8::Error::KeyMalformed(kind));
    }
}

#[test]
fn the_sha1_that_ec2_shows_of_a_key_it_created_comes_from_the_pkcs8() {
    if !have("openssl") {
        return;
    }
    let folder = Folder::new("ec2");
    let der = folder.file("key.der");
    for bits in [2048, 3072] {
        let key = generated(bits);
        openssl(&["pkcs8", "-topk8", "-nocrypt", "-outform", "DER", "-out", &der], &pkcs1_pem(key));
        let theirs = output("openssl", &["sha1", "-c", &der], "");
        let ours = Sha1Fingerprint::of_blob(&pkcs8_der(key)).colon_hex().to_string();
        let shown = commented(key, "").unwrap().ec2_created_fingerprint().unwrap();
        assert_eq!(shown.to_string(), ours);
        assert_eq!(theirs.trim_end().rsplit(' ').next(), Some(&*ours));
    }
}

// Keys of other programs

#[test]
fn keys_of_openssl_are_read_and_written_byte_for_byte() {
    if !have("openssl") {
        return;
    }
    let exponents = ["3", "17", "65537", "4294967297", "8589934591"];
    for (at, bits) in ["1024", "1025", "2047", "2048", "2049", "3072"].into_iter().enumerate() {
        let exponent = exponents[at % exponents.len()];
        let options = [format!("rsa_keygen_bits:{bits}"), format!("rsa_keygen_pubexp:{exponent}")];
        let mut arguments = vec!["genpkey", "-algorithm", "RSA"];
        arguments.extend(options.iter().flat_map(|option| ["-pkeyopt", option]));
        let text = output("openssl", &arguments, "");
        let key = from_pem(&text, None).unwrap_or_else(|error| panic!("{bits}, {exponent}: {error}"));
        let theirs = key.public_exponent().iter().fold(0u64, |e, byte| e << 8 | u64::from(*byte));
        assert_eq!(theirs.to_string(), exponent);
        assert_eq!(*pkcs8_pem(&key), text, "{bits}, {exponent}");
        assert_eq!(*pkcs1_pem(&key), output("openssl", &["rsa", "-traditional"], &text), "{bits}, {exponent}");
    }
}

#[test]
fn a_prime_may_be_the_smaller_one_or_much_smaller_and_d_may_be_any_inverse() {
    let e = &[1, 0, 1];
    let (p, q) = (from_hex(P512), from_hex(Q512));
    assert!(p > q);
    let in_order = numbers(&p, &q, e);
    // p-1 and q-1 are even, so d is also an inverse modulo half of their product, which has a smaller one.
    let multiple = half(&product(&less_one(&p), &less_one(&q)));
    let smaller = remainder(&in_order[D], &multiple);
    assert_ne!(sum(&smaller, &multiple), smaller);
    let with_d = |d: Vec<u8>| with(&[(D, d)]);
    let uneven = [numbers(&from_hex(P700), &from_hex(P1348), e), numbers(&from_hex(P1348), &from_hex(P700), e)];
    let others = [numbers(&q, &p, e), with_d(smaller.clone()), with_d(sum(&smaller, &multiple))];
    for numbers in [in_order].into_iter().chain(uneven).chain(others) {
        let der = pkcs1(&numbers);
        let key = RsaPrivateKey::from_der(&der).unwrap();
        assert_eq!(pkcs1_der(&key), der);
        assert_eq!(pkcs8_der(&key), pkcs8(&der));
    }
}

// Invalid numbers

#[test]
fn numbers_of_different_keys_are_rejected_with_the_field() {
    let e = &[1, 0, 1];
    let (p, q) = (from_hex(P512), from_hex(Q512));
    let plus_two = |which: usize| sum(&SMALL[which], &[2]);
    let kinds = |kind| move |which: usize, numbers: Numbers| (kind, which, numbers);
    let (inconsistent, no_prime) = (kinds(ErrorKind::InconsistentKey), kinds(ErrorKind::InconsistentKey));
    // 256 bits each. Their product has consistent exponents if it is used as a prime, and only a primality test notices.
    let half_a = from_hex("c80661642960305dfe77aa3d311d8a6a1c64aa92682954a7b396d6cafb4f6525");
    let half_b = from_hex("ffee7c046e3308cfd3a2332b61d361fb4b64814ceb1e3c467ca12cd6096d3557");
    let composite = product(&half_a, &half_b);
    let mut d_over_n = SMALL[D].clone();
    let multiple = half(&product(&less_one(&p), &less_one(&q)));
    while d_over_n <= SMALL[N] || d_over_n.len() < SMALL[N].len() {
        d_over_n = sum(&d_over_n, &multiple);
    }
    assert_eq!(d_over_n.len(), SMALL[N].len());
    let long = |bytes: usize| [&[1], &vec![0; bytes - 2][..], &[1]].concat();
    let rows = [
        inconsistent(N, with(&[(N, plus_two(N))])),
        inconsistent(D, with(&[(D, plus_two(D))])),
        inconsistent(D, with(&[(D, vec![0])])),
        inconsistent(D, with(&[(D, vec![1])])),
        inconsistent(D, with(&[(D, d_over_n)])),
        inconsistent(D, with(&[(D, long(129))])),
        inconsistent(D, with(&[(D, long(60_000))])),
        inconsistent(DP, with(&[(DP, plus_two(DP))])),
        inconsistent(DP, with(&[(DP, vec![0])])),
        inconsistent(DP, with(&[(DP, sum(&SMALL[DP], &less_one(&p)))])),
        inconsistent(DP, with(&[(DP, long(60_000))])),
        inconsistent(DQ, with(&[(DQ, plus_two(DQ))])),
        inconsistent(DQ, with(&[(DQ, SMALL[DP].clone())])),
        inconsistent(QINV, with(&[(QINV, plus_two(QINV))])),
        inconsistent(QINV, with(&[(QINV, vec![0])])),
        inconsistent(QINV, with(&[(QINV, vec![1])])),
        inconsistent(QINV, with(&[(QINV, sum(&SMALL[QINV], &p))])),
        inconsistent(QINV, {
            let mut numbers = numbers(&p, &from_hex(Q512_OF_SMALL_INVERSE), e);
            assert_eq!(numbers[QINV], from_hex("3b3"));
            numbers[QINV] = sum(&numbers[QINV], &p);
            assert_eq!(numbers[QINV].len(), p.len());
            numbers
        }),
        // If the primes are equal, q has no inverse.
        inconsistent(QINV, {
            let mut numbers = numbers(&p, &p, e);
            numbers[D] = inverse(e, &less_one(&p));
            numbers[DP].clone_from(&numbers[D].clone());
            numbers[DQ].clone_from(&numbers[D].clone());
            numbers
        }),
        inconsistent(N, with(&[(P, q.clone()), (Q, q.clone())])),
        no_prime(P, with(&[(P, vec![0])])),
        no_prime(P, with(&[(P, vec![1])])),
        no_prime(P, with(&[(P, vec![2])])),
        no_prime(Q, with(&[(P, SMALL[N].clone()), (Q, vec![1])])),
        no_prime(P, with(&[(P, less_one(&p))])),
        no_prime(P, with(&[(P, long(65_537 / 8 + 1))])),
        no_prime(P, with(&[(P, long(60_000))])),
        no_prime(Q, with(&[(Q, vec![0])])),
        no_prime(Q, with(&[(Q, vec![1])])),
        no_prime(Q, with(&[(Q, less_one(&q))])),
        no_prime(Q, with(&[(Q, long(60_000))])),
        no_prime(P, numbers(&composite, &q, e)),
        no_prime(Q, numbers(&q, &composite, e)),
        no_prime(P, numbers(&from_hex(P300), &from_hex(P1748), e)),
        no_prime(Q, numbers(&from_hex(P1748), &from_hex(P300), e)),
    ];
    let check = |kind, which: usize, numbers: &Numbers, row: usize| {
        let der = pkcs1(numbers);
        let at = value_at(&der, which);
        let rejected = what(RsaPrivateKey::from_der(&der).unwrap_err());
        assert_eq!(rejected, (kind, Some(FIELDS[which]), Some(at)), "row {row}");
        if der.len() < 0xff00 {
            let whole = pkcs8(&der);
            let start = whole.len() - der.len();
            let rejected = what(RsaPrivateKey::from_der(&whole).unwrap_err());
            assert_eq!(rejected, (kind, Some(FIELDS[which]), Some(start + at)), "row {row}");
        }
    };
    for (row, (kind, which, numbers)) in rows.iter().enumerate() {
        check(*kind, *which, numbers, row);
    }
    // Numbers that RsaPublicKey rejects.
    let modulus = |bits: usize| [&[1 << ((bits - 1) % 8)], &vec![0; bits.div_ceil(8) - 2][..], &[1]].concat();
    for (kind, which, value) in [
        (ErrorKind::InvalidValue, E, vec![0]),
        (ErrorKind::InvalidValue, E, vec![1]),
        (ErrorKind::InvalidValue, E, vec![1, 0, 0]),
        (ErrorKind::InvalidValue, E, vec![2, 0, 0, 0, 1]),
        (ErrorKind::InvalidValue, E, long(60_000)),
        (ErrorKind::InvalidValue, N, less_one(&SMALL[N])),
        (ErrorKind::KeyTooSmall, N, modulus(1023)),
        (ErrorKind::KeyTooSmall, N, vec![0]),
        (ErrorKind::KeyTooLarge, N, modulus(8193)),
        (ErrorKind::KeyTooLarge, N, modulus(16_384)),
        (ErrorKind::KeyTooLarge, N, modulus(16_385)),
        (ErrorKind::KeyTooLarge, N, modulus(400_001)),
    ] {
        check(kind, which, &with(&[(which, value)]), which);
    }
}

#[test]
fn a_number_that_is_negative_or_has_a_superfluous_zero_is_rejected() {
    for (which, field) in [Field::PrivateBlob].into_iter().chain(FIELDS).enumerate() {
        let whole: Vec<_> = [&[0][..]].into_iter().chain(SMALL.iter().map(Vec::as_slice)).map(integer).collect();
        let at = parts(&sequence(&whole))[which].0;
        let value = if which == 0 { vec![0] } else { SMALL[which - 1].clone() };
        let negative = der(2, &[&[0x80], &value[1..]].concat());
        let padded = der(2, &[&[0, 0], &value[..]].concat());
        let small = der(2, &[0, 0x7f]);
        let empty = der(2, &[]);
        for (part, kind) in [
            (negative, ErrorKind::InvalidMpint),
            (padded, ErrorKind::InvalidMpint),
            (small, ErrorKind::InvalidMpint),
            (empty, ErrorKind::InvalidMpint),
        ] {
            let mut changed = whole.clone();
            changed[which] = part;
            let changed = sequence(&changed);
            let rejected = what(RsaPrivateKey::from_der(&changed).unwrap_err());
            assert_eq!(rejected, (kind, Some(field), Some(at)), "{which}");
        }
    }
}

// Invalid DER around the numbers

#[test]
fn invalid_der_is_rejected_at_its_offset() {
    let small = pkcs1(&SMALL);
    let whole = pkcs8(&small);
    let (inside, parts_of_whole) = (&small[4..], parts(&whole));
    let (algorithm_at, key_at) = (parts_of_whole[1].0, parts_of_whole[2].0);
    let version = |version: &[u8], der: &[u8]| sequence(&[integer(version), der[7..].to_vec()]);
    let with_algorithm = |algorithm: &[u8]| sequence(&[integer(&[0]), algorithm.to_vec(), der(4, &small)]);
    let with_oid = |last: u8| with_algorithm(&[&RSA_ENCRYPTION[..12], &[last], &RSA_ENCRYPTION[13..]].concat());
    let with_parameters =
        |parameters: &[u8]| with_algorithm(&der(0x30, &[&RSA_ENCRYPTION[2..13], parameters].concat()));
    let behind = |der: &[u8], more: &[u8]| sequence(&[der[4..].to_vec(), more.to_vec()]);
    let other_prime = sequence(&[sequence(&[integer(&[3]), integer(&[1]), integer(&[1])])]);
    let at = |kind, at: usize| (kind, Some(Field::PrivateBlob), Some(at));
    use ErrorKind::{InvalidDer, TrailingData, Truncated, UnsupportedType, UnsupportedVersion};
    let rows: Vec<(Vec<u8>, What)> = vec![
        (vec![], at(Truncated, 0)),
        (vec![], at(Truncated, 0)),
        (vec![0x30], at(Truncated, 1)),
        (vec![0x30, 0], at(Truncated, 2)),
        (vec![0x30, 0], at(Truncated, 2)),
        (der(0x31, inside), at(InvalidDer, 0)),
        (der(0x04, inside), at(InvalidDer, 0)),
        // Lengths: indefinite, with superfluous bytes, of 32 bits, too large, and too small.
        ([&[0x30, 0x80], inside, &[0, 0]].concat(), at(InvalidDer, 2)),
        ([&[0x30, 0x83, 0], &small[2..]].concat(), at(InvalidDer, 5)),
        ([&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], inside].concat(), at(InvalidDer, 0)),
        ([&[0x30, 0x82, 0xff, 0xff], inside].concat(), at(Truncated, 4)),
        ([&small[..], &[0]].concat(), at(TrailingData, small.len())),
        ([&whole[..], &[0]].concat(), at(TrailingData, whole.len())),
        (behind(&small, &integer(&[3])), at(TrailingData, small.len())),
        (behind(&small, &other_prime), at(TrailingData, small.len())),
        (version(&[1], &behind(&small, &other_prime)), (UnsupportedVersion, Some(Field::PrimeP), Some(4))),
        (version(&[1], &small), (UnsupportedVersion, Some(Field::PrimeP), Some(4))),
        (version(&[2], &small), at(UnsupportedVersion, 4)),
        (version(&[1; 9], &small), at(UnsupportedVersion, 4)),
        (version(&[1], &whole), at(UnsupportedVersion, 4)),
        (version(&[2], &whole), at(UnsupportedVersion, 4)),
        // With attributes, and with a public key.
        (behind(&whole, &der(0xa0, &[])), at(TrailingData, whole.len())),
        (behind(&whole, &der(0x81, &[0, 1])), at(TrailingData, whole.len())),
        // RSASSA-PSS, RSAES-OAEP, Ed25519, X25519, an elliptic curve, DSA.
        (with_oid(10), at(UnsupportedType, algorithm_at)),
        (with_oid(7), at(UnsupportedType, algorithm_at)),
        (with_algorithm(b"\x30\x05\x06\x03\x2b\x65\x70"), at(UnsupportedType, algorithm_at)),
        (with_algorithm(b"\x30\x05\x06\x03\x2b\x65\x6e"), at(UnsupportedType, algorithm_at)),
        (
            with_algorithm(b"\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"),
            at(UnsupportedType, algorithm_at),
        ),
        (with_algorithm(b"\x30\x0b\x06\x07\x2a\x86\x48\xce\x38\x04\x01\x30\0"), at(UnsupportedType, algorithm_at)),
        (with_parameters(&[]), at(InvalidDer, algorithm_at)),
        (with_parameters(&[4, 0]), at(InvalidDer, algorithm_at)),
        (with_parameters(&[5, 1, 0]), at(InvalidDer, algorithm_at)),
        (with_parameters(&[5, 0, 5, 0]), at(TrailingData, algorithm_at + 15)),
        (pkcs8(&[]), at(Truncated, 22)),
        (pkcs8(&[&small[..], &[0]].concat()), at(TrailingData, key_at + 4 + small.len())),
        (pkcs8(&whole), at(InvalidDer, key_at + 4 + algorithm_at)),
    ];
    for (row, (der, rejected)) in rows.into_iter().enumerate() {
        assert_eq!(what(RsaPrivateKey::from_der(&der).unwrap_err()), rejected, "row {row}");
    }
    // Each format given as the other.
    assert!(RsaPrivateKey::from_pkcs1_der(&whole).is_err() && RsaPrivateKey::from_pkcs8_der(&small).is_err());
}

/// Whether DER is accepted. If so, checks that it is written as it was read, and that each trait accepts only its own format.
fn accepted_unchanged(der: &[u8]) -> bool {
    let pkcs1 = RsaPrivateKey::from_pkcs1_der(der).map(|key| assert_eq!(pkcs1_der(&key), der));
    let pkcs8 = RsaPrivateKey::from_pkcs8_der(der).map(|key| assert_eq!(pkcs8_der(&key), der));
    let accepted = RsaPrivateKey::from_der(der).is_ok();
    assert_eq!(accepted, pkcs1.is_ok() || pkcs8.is_ok());
    accepted
}

/// Checks that DER is accepted, but no part of it, and not with a changed bit.
fn assert_only_the_whole_is_accepted(der: &[u8], accepted: impl Fn(&[u8]) -> bool) {
    assert!(accepted(der));
    for length in 0..der.len() {
        assert!(!accepted(&der[..length]), "{length}");
    }
    for bit in 0..8 * der.len() {
        let mut changed = der.to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(!accepted(&changed), "{bit}");
    }
}

#[test]
fn every_truncated_key_and_every_key_with_a_flipped_bit_is_rejected() {
    let small = pkcs1(&SMALL);
    for der in [pkcs8(&small), small] {
        assert_only_the_whole_is_accepted(&der, accepted_unchanged);
    }
}

// PEM

#[test]
fn the_strict_reader_accepts_any_line_break_and_nothing_else_around_the_pem() {
    let (label, other) = ("PRIVATE KEY", "RSA PRIVATE KEY");
    let der = pkcs8(&pkcs1(&SMALL));
    let text = pem(label, &der);
    let key = from_pem(&text, None).unwrap();
    for text in [text.replace('\n', "\r\n"), text.replace('\n', "\r"), text.trim_end().to_owned()] {
        assert_eq!(from_pem(&text, None).unwrap(), key);
    }
    let lines: Vec<&str> = text.lines().collect();
    let (begin, end) = (lines[0], lines[lines.len() - 1]);
    let second_line = begin.len() + 1;
    let changed = |line: usize, with: &str| {
        let mut lines = lines.clone();
        lines[line] = with;
        lines.join("\n")
    };
    let body = lines[1..lines.len() - 1].join("\n");
    let end_at = second_line + body.len() + 1;
    let in_text = |kind, at: usize| (kind, Some(Field::PrivateKey), Some(at));
    let in_base64 = |kind, at: usize| (kind, Some(Field::Base64), Some(at));
    use ErrorKind::{InvalidBase64, InvalidFrame, MissingField, MultipleKeys, NonCanonicalBase64, NotAPrivateKey};
    let public = data("rsa2048.spki.pem");
    let label_of = |label: &str| text.replace("PRIVATE KEY", label);
    let broken_end = &lines[lines.len() - 2][..4];
    for (name, text, rejected) in [
        ("nothing", String::new(), in_text(NotAPrivateKey, 0)),
        ("a line", "ssh-rsa AAAAB3NzaC1yc2E".into(), in_text(NotAPrivateKey, 0)),
        ("a public key", public.clone(), in_text(NotAPrivateKey, 0)),
        ("base64 alone", body.clone(), in_text(InvalidFrame, 0)),
        ("one of OpenSSH", label_of("OPENSSH PRIVATE KEY"), in_text(InvalidFrame, 0)),
        ("one of some other form", label_of("ANY PRIVATE KEY"), in_text(InvalidFrame, 0)),
        ("parameters of an EC key alone", label_of("EC PARAMETERS"), in_text(NotAPrivateKey, 0)),
        ("small letters", label_of("private key"), in_text(InvalidFrame, 0)),
        ("a line break before it", format!("\n{text}"), in_text(InvalidFrame, 0)),
        ("a space before it", format!(" {text}"), in_text(InvalidFrame, 0)),
        ("a byte order mark before it", format!("\u{feff}{text}"), in_text(InvalidFrame, 0)),
        ("a text before it", format!("Key:\n{text}"), in_text(InvalidFrame, 0)),
        ("a public key before it", format!("{public}{text}"), in_text(InvalidFrame, 0)),
        ("a space behind the marker", changed(0, &format!("{begin} ")), in_text(InvalidFrame, 0)),
        ("six hyphens", format!("-{text}"), in_text(InvalidFrame, 0)),
        ("the begin marker alone", begin.into(), in_text(InvalidFrame, begin.len())),
        ("no end marker", format!("{begin}\n{body}\n"), in_text(InvalidFrame, end_at)),
        ("no base64", format!("{begin}\n{end}\n"), in_base64(MissingField, second_line)),
        ("another label at the end", text.replace("END PRIVATE", "END RSA PRIVATE"), in_text(InvalidFrame, end_at)),
        ("markers in one line", format!("{begin}{body}{end}\n"), in_text(InvalidFrame, 0)),
        ("markers that share hyphens", format!("{begin}{}\n", &end[5..]), in_text(InvalidFrame, 0)),
        ("a space behind the end", format!("{} ", text.trim_end()), in_text(InvalidFrame, end_at)),
        ("an empty line behind", format!("{text}\n"), in_text(InvalidFrame, text.len())),
        ("a text behind", format!("{text}bye"), in_text(InvalidFrame, text.len())),
        ("a public key behind", format!("{text}{public}"), in_text(InvalidFrame, text.len())),
        ("two keys", format!("{text}{text}"), in_text(MultipleKeys, text.len())),
        ("two keys and a line between", format!("{text}\n{text}"), in_text(MultipleKeys, text.len() + 1)),
        (
            "a key of OpenSSH behind",
            format!("{text}-----BEGIN OPENSSH PRIVATE KEY-----"),
            in_text(MultipleKeys, text.len()),
        ),
        ("a key in the key", changed(2, begin), in_text(InvalidFrame, second_line + 65)),
        ("an empty line", changed(2, ""), in_base64(InvalidBase64, second_line + 65)),
        ("a header", changed(1, "Key: 1"), in_base64(InvalidBase64, second_line + 3)),
        ("a short line", changed(1, &lines[1][..60]), in_text(InvalidFrame, second_line + 61)),
        ("a long line", changed(1, &format!("{}AAAA", lines[1])), in_text(InvalidFrame, second_line + 64)),
        (
            "a long line alone",
            format!("{begin}\n{}\n{end}\n", body.replace('\n', "")),
            in_text(InvalidFrame, second_line + 64),
        ),
        ("a tab", changed(1, &format!("\t{}", &lines[1][1..])), in_base64(InvalidBase64, second_line)),
        ("another alphabet", changed(2, &format!("_{}", &lines[2][1..])), in_base64(InvalidBase64, second_line + 65)),
        ("beyond ASCII", changed(2, &format!("{}é", &lines[2][..62])), in_base64(InvalidBase64, second_line + 65 + 62)),
        ("a digit less", format!("{begin}\n{}\n{end}", &body[..body.len() - 1]), in_base64(InvalidBase64, end_at - 2)),
        ("padding too much", format!("{begin}\n{body}=\n{end}"), in_base64(InvalidBase64, end_at - 1)),
        ("stray bits", pem(label, &[0]).replace("AA==", "AB=="), in_base64(NonCanonicalBase64, second_line + 1)),
        ("four digits", format!("{begin}\n{broken_end}\n{end}"), {
            let first = RsaPrivateKey::from_der(&Base64::decode_vec(broken_end).unwrap()).unwrap_err();
            what(first)
        }),
        ("another form", pem(other, &der), (ErrorKind::InvalidDer, Some(Field::PrivateBlob), Some(7))),
    ] {
        assert_eq!(what(from_pem(&text, None).unwrap_err()), rejected, "{name}");
        assert_eq!(what(from_pem(&text, Some(b"x")).unwrap_err()), rejected, "{name}");
    }
}

/// The line before the empty one is full, so that a shorter one may follow.
#[test]
fn an_empty_line_before_the_end_is_rejected_even_if_the_base64_fills_its_lines() {
    let check = |text: &str| {
        let (body, end) = text.split_at(text.find("\n-----END").unwrap() + 1);
        assert_eq!(body.trim_end().lines().next_back().unwrap().len(), 64);
        let rejected = (ErrorKind::InvalidBase64, Some(Field::Base64), Some(body.len()));
        for passphrase in [None, Some(&b"correct horse"[..])] {
            let text = format!("{body}\n{end}");
            assert_eq!(what(from_pem(&text, passphrase).unwrap_err()), rejected);
        }
    };
    let seed = b"0123456789abcdef";
    for bits in [2144, 2320, 2400, 2576] {
        check(&pkcs1_pem(&RsaPrivateKey::from_seed(bits, seed).unwrap()));
    }
    check(&pkcs8_pem(&RsaPrivateKey::from_seed(2528, seed).unwrap()));
    check(&pem("ENCRYPTED PRIVATE KEY", &[0; 96]));
    check(&pem("RSA PRIVATE KEY", &[0; 96]).replacen('\n', &format!("\n{HEADERS}\n"), 1));
}

#[test]
fn a_text_over_the_limit_is_rejected_before_anything_else() {
    let text = pem("PRIVATE KEY", &[0; MAX_LINE_BYTES]);
    let too_long = (ErrorKind::TooLong, Some(Field::PrivateKey), Some(MAX_LINE_BYTES));
    assert_eq!(what(from_pem(&text, None).unwrap_err()), too_long);
    let at_the_limit = from_pem(&text[..MAX_LINE_BYTES], None).unwrap_err();
    assert_eq!(at_the_limit.kind(), ErrorKind::InvalidFrame);
    let largest = pkcs8_pem(generated(8192));
    assert!(largest.len() < MAX_LINE_BYTES / 2, "{}", largest.len());
}

/// A PEM in the traditional encryption, with contents that are not a key.
fn traditional(headers: &str) -> String {
    pem("RSA PRIVATE KEY", &[0x30; 32]).replacen('\n', &format!("\n{headers}\n"), 1)
}

const HEADERS: &str = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,000102030405060708090A0B0C0D0E0F\n";

#[test]
fn an_encrypted_key_needs_a_passphrase_and_the_feature() {
    for text in [traditional(HEADERS), pem("ENCRYPTED PRIVATE KEY", &sequence(&[RSA_ENCRYPTION.to_vec(), der(4, &[])]))]
    {
        let (without, with) = (from_pem(&text, None).unwrap_err(), from_pem(&text, Some(b"x")));
        if cfg!(not(feature = "encryption")) {
            assert_eq!(what(without), (ErrorKind::PassphraseRequired, Some(Field::Passphrase), None));
            let unsupported = (ErrorKind::UnsupportedEncryption, Some(Field::Encryption), None);
            assert_eq!(what(with.unwrap_err()), unsupported);
        } else {
            assert!(with.is_err());
        }
    }
}

#[cfg(feature = "encryption")]
mod encrypted {
    use super::*;
    use crate::support::rng::TestRng;
    use pkcs8::der::{Decode, Encode};
    use pkcs8::pkcs5::pbes2::{self, EncryptionScheme, Parameters};
    use pkcs8::pkcs5::scrypt::Params;
    use ssh_keypair::KdfLimit;
    use ssh_keypair::pkcs::Kdf;

    const PASSPHRASE: &[u8] = b"correct horse";
    const WRONG: What = (ErrorKind::WrongPassphrase, Some(Field::Passphrase), None);
    const REQUIRED: What = (ErrorKind::PassphraseRequired, Some(Field::Passphrase), None);

    fn read(text: &str, passphrase: &[u8]) -> Result<RsaPrivateKey, Error> {
        assert_eq!(what(from_pem(text, None).unwrap_err()), REQUIRED);
        from_pem(text, Some(passphrase))
    }

    #[test]
    fn what_is_encrypted_is_read_with_its_passphrase_and_with_no_other() {
        let (small, large) = (RsaPrivateKey::from_der(&pkcs1(&SMALL)).unwrap(), generated(8192));
        for (kdf, key) in [(Kdf::Scrypt, &small), (Kdf::Pbkdf2, &small), (Kdf::Scrypt, large)] {
            let text = key.to_encrypted_pkcs8_pem_with(PASSPHRASE, kdf, &mut TestRng::counter()).unwrap();
            assert_eq!(pem("ENCRYPTED PRIVATE KEY", &unframed(&text)), *text);
            assert!(text.len() < MAX_LINE_BYTES / 2);
            assert_eq!(&read(&text, PASSPHRASE).unwrap(), key);
            for wrong in [&b""[..], b"correct horsf", b"correct horse "] {
                assert_eq!(what(read(&text, wrong).unwrap_err()), WRONG);
            }
        }
    }

    #[test]
    fn the_documented_costs_are_written_with_random_salt_and_iv() {
        let key = RsaPrivateKey::from_der(&pkcs1(&SMALL)).unwrap();
        let salt: Vec<u8> = (0..16).collect();
        let iv: [u8; 16] = std::array::from_fn(|at| 16 + u8::try_from(at).unwrap());
        for kdf in [Kdf::Scrypt, Kdf::Pbkdf2] {
            let text = key.to_encrypted_pkcs8_pem_with(PASSPHRASE, kdf, &mut TestRng::counter()).unwrap();
            let whole = unframed(&text);
            let parts = parts(&whole);
            let scheme = pkcs8::pkcs5::EncryptionScheme::from_der(&whole[parts[0].0..parts[1].0]).unwrap();
            let parameters = scheme.pbes2().unwrap();
            assert_eq!(parameters.encryption, EncryptionScheme::Aes256Cbc { iv });
            match (kdf, &parameters.kdf) {
                (Kdf::Scrypt, pbes2::Kdf::Scrypt(costs)) => {
                    assert_eq!((costs.cost_parameter, costs.block_size, costs.parallelization), (1 << 14, 8, 1));
                    assert_eq!(costs.salt.as_bytes(), salt);
                }
                (Kdf::Pbkdf2, pbes2::Kdf::Pbkdf2(costs)) => {
                    assert_eq!((costs.iteration_count, costs.prf), (600_000, pbes2::Pbkdf2Prf::HmacWithSha256));
                    assert_eq!(costs.salt.as_bytes(), salt);
                }
                other => panic!("{other:?}"),
            }
            #[cfg(feature = "getrandom")]
            assert_ne!(key.to_encrypted_pkcs8_pem(PASSPHRASE, kdf), key.to_encrypted_pkcs8_pem(PASSPHRASE, kdf));
        }
    }

    #[test]
    fn nothing_is_encrypted_without_a_passphrase_or_randomness() {
        let key = generated(2048);
        for passphrase in [&b""[..], b"\0", &[0; 64], &[0; 65]] {
            for kdf in [Kdf::Scrypt, Kdf::Pbkdf2] {
                let empty = key.to_encrypted_pkcs8_pem_with(passphrase, kdf, &mut TestRng::counter()).unwrap_err();
                assert_eq!(what(empty), (ErrorKind::Empty, Some(Field::Passphrase), None));
            }
        }
        for passphrase in [b"\0\x01", b"aa"] {
            assert!(key.to_encrypted_pkcs8_pem_with(passphrase, Kdf::Scrypt, &mut TestRng::counter()).is_ok());
        }
        let broken = key.to_encrypted_pkcs8_pem_with(PASSPHRASE, Kdf::Scrypt, &mut TestRng::broken()).unwrap_err();
        assert_eq!(what(broken), (ErrorKind::RandomnessUnavailable, None, None));
    }

    const PYTHON: &str = "
import sys
from cryptography.hazmat.primitives.serialization import *
key = load_pem_private_key(sys.stdin.buffer.read(), PASSPHRASE)
form = getattr(PrivateFormat, sys.argv[1])
encryption = BestAvailableEncryption(PASSPHRASE) if len(sys.argv) > 2 else NoEncryption()
sys.stdout.buffer.write(key.private_bytes(Encoding.PEM, form, encryption))
";

    /// The PEM that Python converts a PEM to.
    fn python(passphrase_in: &str, passphrase_out: &str, arguments: &[&str], input: &str) -> String {
        let code = PYTHON.replacen("PASSPHRASE", passphrase_in, 1).replacen("PASSPHRASE", passphrase_out, 1);
        output("python3", &[&["-c", &code], arguments].concat(), input)
    }

    #[test]
    fn others_read_what_is_encrypted() {
        let key = generated(2048);
        for kdf in [Kdf::Scrypt, Kdf::Pbkdf2] {
            let text = key.to_encrypted_pkcs8_pem_with(PASSPHRASE, kdf, &mut TestRng::counter()).unwrap();
            if have("openssl") {
                let plain = output("openssl", &["pkey", "-passin", "pass:correct horse"], &text);
                assert_eq!(plain, *pkcs8_pem(key));
            }
            if have_python("cryptography") {
                let plain = python("b'correct horse'", "None", &["PKCS8"], &text);
                assert_eq!(plain, *pkcs8_pem(key));
            }
        }
    }

    #[test]
    fn every_key_derivation_and_cipher_of_openssl_is_read() {
        if !have("openssl") {
            return;
        }
        let key = generated(2048);
        let plain = pkcs8_pem(key);
        let mut options: Vec<Vec<&str>> = Vec::new();
        for cipher in ["aes-128-cbc", "aes-192-cbc", "aes-256-cbc"] {
            for hash in ["SHA1", "SHA224", "SHA256", "SHA384", "SHA512", "SHA512-224", "SHA512-256"] {
                let prf = format!("hmacWith{hash}").leak();
                options.push(vec!["-v2", cipher, "-v2prf", prf, "-iter", "1000"]);
            }
            options.push(vec!["-v2", cipher, "-scrypt"]);
        }
        options.push(vec!["-scrypt", "-scrypt_N", "1024", "-scrypt_r", "1", "-scrypt_p", "16"]);
        options.push(vec!["-iter", "1"]);
        for cipher in ["PBE-SHA1-3DES", "PBE-SHA1-2DES"] {
            options.push(vec!["-v1", cipher]);
            options.push(vec!["-v1", cipher, "-iter", "1"]);
        }
        options.push(vec![]);
        for options in options {
            let arguments = [&["pkcs8", "-topk8", "-passout", "pass:correct horse"], &options[..]].concat();
            let text = output("openssl", &arguments, &plain);
            assert_eq!(read(&text, PASSPHRASE).unwrap(), *key, "{options:?}");
            assert_eq!(what(read(&text, b"wrong").unwrap_err()), WRONG, "{options:?}");
        }
        for (cipher, name) in [("camellia-256-cbc", "Camellia"), ("aria-128-cbc", "ARIA")] {
            let arguments = ["pkcs8", "-topk8", "-passout", "pass:correct horse", "-v2", cipher];
            let error = from_pem(&output("openssl", &arguments, &plain), Some(PASSPHRASE)).unwrap_err();
            assert_eq!(what(error), (ErrorKind::OldEncryption(name), Some(Field::Encryption), Some(4)));
        }
    }

    #[test]
    fn what_python_encrypts_is_read() {
        if !have_python("cryptography") {
            return;
        }
        let key = generated(2048);
        for form in ["PKCS8", "TraditionalOpenSSL"] {
            let text = python("None", "b'correct horse'", &[form, "encrypted"], &pkcs1_pem(key));
            assert_eq!(read(&text, PASSPHRASE).unwrap(), *key, "{form}");
            assert_eq!(what(read(&text, b"wrong").unwrap_err()), WRONG, "{form}");
        }
    }

    // The parameters of PBES2

    fn oid(name: &[u8]) -> Vec<u8> {
        der(6, name)
    }

    const PBES2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d";
    const PBKDF2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c";
    const SCRYPT: &[u8] = b"\x2b\x06\x01\x04\x01\xda\x47\x04\x0b";
    const AES_128: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x02";
    const AES_256: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x2a";
    const AES_128_GCM: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x06";
    const AES_256_CFB: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x2c";
    const DES3: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x03\x07";
    const PBES1_TRIPLE_DES: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x03";
    const SHA256: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x02\x09";
    const MD5: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x02\x06";

    fn pbkdf2(salt: &[u8], iterations: &[u8], more: &[Vec<u8>]) -> Vec<u8> {
        let costs = [&[der(4, salt), integer(iterations)], more].concat();
        sequence(&[oid(PBKDF2), sequence(&costs)])
    }

    fn scrypt(salt: &[u8], costs: [u64; 3], more: &[Vec<u8>]) -> Vec<u8> {
        let number = |number: u64| integer(&bytes(big(&number.to_be_bytes())));
        let costs = [&[der(4, salt), number(costs[0]), number(costs[1]), number(costs[2])], more].concat();
        sequence(&[oid(SCRYPT), sequence(&costs)])
    }

    fn cipher(name: &[u8], iv: &[u8]) -> Vec<u8> {
        sequence(&[oid(name), der(4, iv)])
    }

    fn prf(name: &[u8]) -> Vec<u8> {
        sequence(&[oid(name), vec![5, 0]])
    }

    fn whole(kdf: Vec<u8>, cipher: Vec<u8>, data: &[u8]) -> Vec<u8> {
        sequence(&[sequence(&[oid(PBES2), sequence(&[kdf, cipher])]), der(4, data)])
    }

    #[test]
    fn a_costly_or_impossible_encryption_is_rejected_before_anything_is_derived() {
        let (salt, iv, data) = (&[7; 16], &[9; 16], &[0; 640]);
        let aes = || cipher(AES_256, iv);
        let sha256 = || prf(SHA256);
        let iterations = |iterations: &[u8]| whole(pbkdf2(salt, iterations, &[sha256()]), aes(), data);
        let costs = |n, r, p| whole(scrypt(salt, [n, r, p], &[]), aes(), data);
        let with_kdf = |kdf: Vec<u8>| whole(kdf, aes(), data);
        let with_cipher = |cipher: Vec<u8>| whole(pbkdf2(salt, &[9], &[sha256()]), cipher, data);
        let with_data = |data: &[u8]| whole(pbkdf2(salt, &[9], &[sha256()]), aes(), data);
        let pbes1 = |name: &[u8], iterations: &[u8]| {
            sequence(&[sequence(&[oid(name), sequence(&[der(4, &[7; 8]), integer(iterations)])]), der(4, data)])
        };
        const PBKDF2_LIMIT: ErrorKind = ErrorKind::KdfTooCostly(KdfLimit::Pbkdf2Iterations(1_000_000));
        const SCRYPT_LIMIT: ErrorKind = ErrorKind::KdfTooCostly(KdfLimit::ScryptCost(1 << 20));
        const MEMORY_LIMIT: ErrorKind = ErrorKind::KdfTooCostly(KdfLimit::Memory(130 << 20));
        use ErrorKind::{InvalidEncryption, OldEncryption, UnsupportedEncryption};
        for (row, (der, kind)) in [
            (iterations(&[0x0f, 0x42, 0x41]), PBKDF2_LIMIT),
            (iterations(&[0x80, 0, 0, 0]), PBKDF2_LIMIT),
            (iterations(&[0xff; 4]), PBKDF2_LIMIT),
            (iterations(&[1, 0, 0, 0, 0]), InvalidEncryption),
            (iterations(&[1; 9]), InvalidEncryption),
            (iterations(&[0]), InvalidEncryption),
            (with_kdf(pbkdf2(&[], &[9], &[sha256()])), InvalidEncryption),
            (with_kdf(pbkdf2(&[7; 65], &[9], &[sha256()])), OldEncryption("a salt of more than 64 bytes")),
            (with_kdf(pbkdf2(salt, &[9], &[integer(&[16]), sha256()])), InvalidEncryption),
            (with_kdf(pbkdf2(salt, &[9], &[integer(&[33]), sha256()])), InvalidEncryption),
            (with_kdf(pbkdf2(salt, &[9], &[integer(&[1, 0, 0, 0]), sha256()])), InvalidEncryption),
            (with_kdf(pbkdf2(salt, &[9], &[prf(MD5)])), OldEncryption("HMAC-MD5")),
            (with_kdf(pbkdf2(salt, &[9], &[prf(DES3)])), UnsupportedEncryption),
            (with_kdf(pbkdf2(salt, &[9], &[sha256(), sha256()])), InvalidEncryption),
            (with_kdf(sequence(&[oid(PBKDF2)])), InvalidEncryption),
            (with_kdf(sequence(&[oid(SHA256), sequence(&[])])), UnsupportedEncryption),
            (costs(1 << 18, 8, 1), MEMORY_LIMIT),
            (costs(1 << 17, 9, 1), MEMORY_LIMIT),
            (costs(1 << 62, 8, 1), MEMORY_LIMIT),
            (costs(1 << 63, 65_535, 65_535), MEMORY_LIMIT),
            (costs(2, 65_535, 16), MEMORY_LIMIT),
            (costs(1 << 14, 8, 9), SCRYPT_LIMIT),
            (costs(1 << 16, 8, 3), SCRYPT_LIMIT),
            (costs(2, 16, 65_535), SCRYPT_LIMIT),
            (costs(32, 1, 32_769), SCRYPT_LIMIT),
            (costs(1 << 14, 65_536, 1), InvalidEncryption),
            (costs(0, 8, 1), InvalidEncryption),
            (costs(1, 8, 1), InvalidEncryption),
            (costs(3, 8, 1), InvalidEncryption),
            (costs(u64::MAX, 8, 1), InvalidEncryption),
            (costs(1 << 14, 0, 1), InvalidEncryption),
            (costs(1 << 14, 8, 0), InvalidEncryption),
            (with_kdf(scrypt(&[], [16, 8, 1], &[])), InvalidEncryption),
            (with_kdf(scrypt(salt, [16, 8, 1], &[integer(&[16])])), InvalidEncryption),
            (with_cipher(cipher(AES_256, &[9; 15])), InvalidEncryption),
            (with_cipher(cipher(AES_256, &[])), InvalidEncryption),
            (with_cipher(sequence(&[oid(AES_256)])), InvalidEncryption),
            (with_cipher(cipher(AES_128_GCM, &[9; 12])), OldEncryption("AES in GCM mode")),
            (with_cipher(cipher(AES_256_CFB, &[9; 16])), OldEncryption("AES in CFB mode")),
            (with_cipher(cipher(b"\x2a\x81\x1c\xcf\x55\x01\x68\x02", &[9; 16])), OldEncryption("SM4")),
            (with_cipher(cipher(b"\x2b\x06\x01\x04\x01\x97\x55\x01\x02", &[9; 8])), OldEncryption("Blowfish")),
            (with_cipher(cipher(DES3, &[9; 16])), InvalidEncryption),
            (with_cipher(cipher(b"\x2b\x0e\x03\x02\x07", &[9; 8])), OldEncryption("DES")),
            (with_cipher(cipher(b"\x2a\x86\x48\x86\xf7\x0d\x03\x02", &[9; 8])), OldEncryption("RC2")),
            (with_cipher(cipher(b"\x2a\x83\x08\x8c\x9a\x4b\x3d\x01\x01\x01\x04", &[9; 16])), OldEncryption("Camellia")),
            (with_data(&[]), InvalidEncryption),
            (with_data(&[0; 15]), InvalidEncryption),
            (with_data(&[0; 641]), InvalidEncryption),
            // MD5 and DES; and RC4, RC2 and 3DES of PKCS#12.
            (pbes1(b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x03", &[9]), OldEncryption("PBES1 with MD5")),
            (pbes1(b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x01", &[9]), OldEncryption("RC4")),
            (pbes1(b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x06", &[9]), OldEncryption("RC2")),
            (pbes1(PBES1_TRIPLE_DES, &[0]), InvalidEncryption),
            (pbes1(PBES1_TRIPLE_DES, &[0x0f, 0x42, 0x41]), PBKDF2_LIMIT),
            (sequence(&[sequence(&[oid(PBES1_TRIPLE_DES)]), der(4, data)]), InvalidEncryption),
            (sequence(&[sequence(&[oid(PBES2)]), der(4, data)]), UnsupportedEncryption),
        ]
        .into_iter()
        .enumerate()
        {
            let at = parts(&der)[0].0;
            for passphrase in [None, Some(PASSPHRASE)] {
                let error = from_pem(&pem("ENCRYPTED PRIVATE KEY", &der), passphrase).unwrap_err();
                assert_eq!(what(error), (kind, Some(Field::Encryption), Some(at)), "row {row}");
            }
        }
    }

    #[test]
    fn parameters_at_the_limits_are_accepted() {
        let key = RsaPrivateKey::from_der(&pkcs1(&SMALL)).unwrap();
        let plain = pkcs8_der(&key);
        let (salt, iv) = (&[7; 32], &[9; 16]);
        for (kdf, name) in [
            (pbkdf2(&salt[..1], &[1], &[integer(&[16]), prf(SHA256)]), AES_128),
            (pbkdf2(salt, &[9], &[integer(&[32]), prf(SHA256)]), AES_256),
            (scrypt(salt, [1 << 16, 8, 2], &[]), AES_256),
            (scrypt(salt, [2, 1, 16], &[integer(&[16])]), AES_128),
        ] {
            let algorithm = sequence(&[kdf.clone(), cipher(name, iv)]);
            let data = Parameters::from_der(&algorithm).unwrap().encrypt(PASSPHRASE, &plain).unwrap();
            let text = pem("ENCRYPTED PRIVATE KEY", &whole(kdf, cipher(name, iv), &data));
            assert_eq!(read(&text, PASSPHRASE).unwrap(), key);
        }
        // With the maximum of iterations, and without a passphrase, nothing is derived.
        let most = whole(pbkdf2(&[7; 64], &[0x0f, 0x42, 0x40], &[prf(SHA256)]), cipher(AES_256, iv), &[0; 16]);
        let error = from_pem(&pem("ENCRYPTED PRIVATE KEY", &most), None).unwrap_err();
        assert_eq!(what(error), REQUIRED);
    }

    /// The small key, encrypted with few iterations.
    fn cheap() -> [Vec<u8>; 2] {
        let plain = pkcs8(&pkcs1(&SMALL));
        let (salt, iv) = (&[7; 16], [9; 16]);
        let costs = Params::new(4, 1, 1).unwrap();
        [
            Parameters::generate_pbkdf2_sha256_aes256cbc(1, salt, iv).unwrap(),
            Parameters::generate_scrypt_aes256cbc(costs, salt, iv).unwrap(),
        ]
        .map(|parameters| {
            let data = parameters.encrypt(PASSPHRASE, &plain).unwrap();
            let scheme = pkcs8::pkcs5::EncryptionScheme::from(parameters);
            sequence(&[scheme.to_der().unwrap(), der(4, &data)])
        })
    }

    #[test]
    fn every_truncated_encrypted_key_and_every_one_with_a_flipped_bit_is_rejected() {
        for der in cheap() {
            assert_only_the_whole_is_accepted(&der, |der| {
                from_pem(&pem("ENCRYPTED PRIVATE KEY", der), Some(PASSPHRASE)).is_ok()
            });
        }
    }

    #[test]
    fn what_is_wrong_inside_is_said_with_its_place_among_what_was_decrypted() {
        let parameters = Parameters::generate_pbkdf2_sha256_aes256cbc(1, &[7; 16], [9; 16]).unwrap();
        let encrypted = |plain: &[u8]| {
            let data = parameters.encrypt(PASSPHRASE, plain).unwrap();
            let scheme = pkcs8::pkcs5::EncryptionScheme::from(parameters.clone());
            pem("ENCRYPTED PRIVATE KEY", &sequence(&[scheme.to_der().unwrap(), der(4, &data)]))
        };
        let wrong = pkcs8(&pkcs1(&with(&[(DP, vec![3])])));
        let expected = what(RsaPrivateKey::from_der(&wrong).unwrap_err());
        assert_eq!(expected.0, ErrorKind::InconsistentKey);
        assert_eq!(what(read(&encrypted(&wrong), PASSPHRASE).unwrap_err()), expected);
        // The padding is right, but the contents are not a sequence.
        for no_sequence in [&b""[..], b"0", b"\x30\x02\0", b"\x30\0\0", b"\x31\0", &[0; 100]] {
            assert_eq!(what(read(&encrypted(no_sequence), PASSPHRASE).unwrap_err()), WRONG);
        }
        let outside = encrypted(&wrong);
        let longer = pem("ENCRYPTED PRIVATE KEY", &[unframed(&outside), vec![0]].concat());
        let trailing = what(from_pem(&longer, Some(PASSPHRASE)).unwrap_err());
        let at = unframed(&outside).len();
        assert_eq!(trailing, (ErrorKind::TrailingData, Some(Field::PrivateBlob), Some(at)));
    }

    // The traditional format

    #[test]
    fn the_traditional_form_of_openssl_and_ssh_keygen_is_read() {
        let key = generated(2048);
        let plain = pkcs1_pem(key);
        if have("openssl") {
            for cipher in ["-aes128", "-aes192", "-aes256", "-des3"] {
                let arguments = ["rsa", "-traditional", cipher, "-passout", "pass:correct horse"];
                let text = output("openssl", &arguments, &plain);
                assert!(text.contains("DEK-Info"));
                for text in [text.replace('\n', "\r\n"), text.replace('\n', "\r"), text] {
                    assert_eq!(read(&text, PASSPHRASE).unwrap(), *key, "{cipher}");
                    assert_eq!(what(read(&text, b"wrong").unwrap_err()), WRONG, "{cipher}");
                }
            }
            let text = output("openssl", &["rsa", "-traditional", "-camellia128", "-passout", "pass:x"], &plain);
            let at = text.find("CAMELLIA-").unwrap();
            let error = from_pem(&text, Some(PASSPHRASE)).unwrap_err();
            assert_eq!(what(error), (ErrorKind::OldEncryption("Camellia"), Some(Field::Encryption), Some(at)));
        }
        if have("ssh-keygen") {
            let folder = Folder::new("traditional");
            let path = folder.file("key");
            output("ssh-keygen", &["-q", "-t", "rsa", "-m", "PEM", "-N", "correct horse", "-f", &path], "");
            let key = read(&std::fs::read_to_string(&path).unwrap(), PASSPHRASE).unwrap();
            output("ssh-keygen", &["-p", "-m", "PEM", "-P", "correct horse", "-N", "", "-f", &path], "");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), *pkcs1_pem(&key));
        }
    }

    #[test]
    fn invalid_headers_are_rejected() {
        use ErrorKind::{InvalidBase64, InvalidEncryption, InvalidFrame, OldEncryption, UnsupportedEncryption};
        let begin = "-----BEGIN RSA PRIVATE KEY-----\n".len();
        let dek_info = begin + "Proc-Type: 4,ENCRYPTED\n".len();
        let value = dek_info + "DEK-Info: ".len();
        let iv = value + "AES-128-CBC,".len();
        let behind = begin + HEADERS.len();
        let with = |from: &str, to: &str| traditional(&HEADERS.replace(from, to));
        let frame = |at| (InvalidFrame, Some(Field::PrivateKey), Some(at));
        let encryption = |kind, at| (kind, Some(Field::Encryption), Some(at));
        for (text, rejected) in [
            (traditional("Proc-Type: 4,ENCRYPTED\n"), frame(dek_info)),
            (traditional(&HEADERS[23..]), (InvalidBase64, Some(Field::Base64), Some(begin + 3))),
            (with("4,", "4, "), frame(begin)),
            (with("ENCRYPTED", "MIC-CLEAR"), frame(begin)),
            (with("DEK-Info: ", "DEK-Info:"), frame(dek_info)),
            (with("DEK-Info", "dek-info"), frame(dek_info)),
            (traditional(HEADERS).replace("\n\n", "\n"), frame(behind)),
            (with("0F\n", "0F\nKey: 1\n"), frame(behind)),
            (traditional(HEADERS).replace("\n\n", "\n\n\n"), (InvalidBase64, Some(Field::Base64), Some(behind + 1))),
            (with("AES-128-CBC", "AES-128-CTR"), encryption(OldEncryption("AES in CTR mode"), value)),
            (with("AES-128-CBC", "DES-EDE3-CFB"), encryption(OldEncryption("3DES in CFB mode"), value)),
            (with("AES-128-CBC", "DES-EDE-CBC"), encryption(OldEncryption("3DES with two keys"), value)),
            (with("AES-128-CBC", "AES-128-XYZ"), encryption(UnsupportedEncryption, value)),
            (with("AES-128-CBC", "DES-EDE3-CBC"), encryption(InvalidEncryption, iv + 1)),
            (with("AES-128-CBC", "DES-CBC"), encryption(OldEncryption("DES"), value)),
            (with("AES-128-CBC", "RC2-CBC"), encryption(OldEncryption("RC2"), value)),
            (with("AES-128-CBC", "aes-128-cbc"), encryption(UnsupportedEncryption, value)),
            (with("AES-128-CBC,", "AES-128-CBC"), encryption(UnsupportedEncryption, value)),
            (with("0E0F", "0E"), encryption(InvalidEncryption, iv)),
            (with("0F\n", "0F00\n"), encryption(InvalidEncryption, iv)),
            (with("0F\n", "0G\n"), encryption(InvalidEncryption, iv)),
            (with("000102", "+00102"), encryption(InvalidEncryption, iv)),
            (with("0F\n", "0F \n"), encryption(InvalidEncryption, iv)),
        ] {
            for passphrase in [None, Some(PASSPHRASE)] {
                assert_eq!(what(from_pem(&text, passphrase).unwrap_err()), rejected, "{text}");
            }
        }
        // Not whole blocks.
        let text = pem("RSA PRIVATE KEY", &[0; 17]).replacen('\n', &format!("\n{HEADERS}\n"), 1);
        let rejected = what(from_pem(&text, Some(PASSPHRASE)).unwrap_err());
        assert_eq!(rejected, encryption(InvalidEncryption, value));
        // Lower-case digits, as Go writes them.
        assert_eq!(what(read(&with("0A0B0C0D0E0F", "0a0b0c0d0e0f"), PASSPHRASE).unwrap_err()), WRONG);
    }
}
