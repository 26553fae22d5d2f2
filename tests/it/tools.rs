//! Created keys, read by OpenSSH, OpenSSL and other crates.

use crate::common::{Folder, have, output, pkcs1_pem, run, write_private};
use pkcs1::DecodeRsaPrivateKey;
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use ssh_keypair::keypair::{Created, Profile, Record};
use ssh_keypair::{KeySpec, PublicKey, RsaPrivateKey};
use std::sync::OnceLock;

const SIZES: [u32; 4] = [2048, 2064, 3072, 4096];

/// A pair of each size, created once.
fn create(bits: u32) -> &'static (Record, RsaPrivateKey) {
    static PAIRS: [OnceLock<(Record, RsaPrivateKey)>; SIZES.len()] = [const { OnceLock::new() }; SIZES.len()];
    let at = SIZES.iter().position(|size| *size == bits).unwrap();
    PAIRS[at].get_or_init(|| {
        let profile = Profile::documented().with_key_spec(KeySpec::Rsa { bits: bits as usize });
        let Created { record, private_key, .. } = Record::create("demo".parse().unwrap(), None, &profile).unwrap();
        (record, private_key.into_rsa().unwrap())
    })
}

#[test]
fn ssh_keygen_reads_both_halves() {
    if !have("ssh-keygen") {
        return;
    }
    let folder = Folder::new("ssh-keygen");
    for bits in SIZES {
        let (record, private_key) = create(bits);
        let (public, private) = (folder.file("key.pub"), folder.file("key"));
        std::fs::write(&public, record.public_key_for_response()).unwrap();
        write_private(&private, pkcs1_pem(private_key));

        let md5 = output("ssh-keygen", &["-l", "-E", "md5", "-f", &public], "");
        assert_eq!(md5, format!("{bits} MD5:{} Generated-by-Nova (RSA)\n", record.fingerprint_colon_hex()));
        let sha256 = output("ssh-keygen", &["-l", "-E", "sha256", "-f", &public], "");
        let key: PublicKey = record.public_key_for_response().parse().unwrap();
        let fingerprint = key.as_public_key_ref().sha256_fingerprint();
        assert_eq!(sha256, format!("{bits} {fingerprint} Generated-by-Nova (RSA)\n"));

        std::fs::remove_file(&public).unwrap();
        let derived = output("ssh-keygen", &["-y", "-f", &private], "");
        let ours = record.public_key().strip_suffix(" Generated-by-Nova").unwrap();
        assert_eq!(derived.trim_end(), ours);
    }
}

#[test]
fn openssl_checks_the_key_and_writes_the_same_pem() {
    if !have("openssl") {
        return;
    }
    for bits in SIZES {
        let (_, private_key) = create(bits);
        let pem = pkcs1_pem(private_key);
        let check = run("openssl", &["rsa", "-check", "-noout"], &pem);
        let said = [check.stdout, check.stderr].concat();
        assert!(String::from_utf8_lossy(&said).contains("RSA key ok"), "{}", String::from_utf8_lossy(&said));
        assert_eq!(output("openssl", &["rsa", "-traditional"], &pem), *pem);
    }
}

#[test]
fn the_rsa_crate_reads_the_same_numbers() {
    for bits in SIZES {
        let (_, private_key) = create(bits);
        let theirs = rsa::PrivateKey::from_pkcs1_pem(&pkcs1_pem(private_key)).unwrap();
        theirs.validate().unwrap();
        let number = rsa::BoxedUint::from_be_slice_vartime;
        assert_eq!(**theirs.n(), number(private_key.modulus()));
        assert_eq!(*theirs.e(), number(private_key.public_exponent()));
        assert_eq!(*theirs.d(), number(private_key.private_exponent()));
        assert_eq!(*theirs.primes()[0].as_ref(), number(private_key.prime_p()));
        assert_eq!(*theirs.primes()[1].as_ref(), number(private_key.prime_q()));
        assert_eq!(*theirs.dp().unwrap(), number(private_key.exponent_p()));
        assert_eq!(*theirs.dq().unwrap(), number(private_key.exponent_q()));
        assert_eq!(theirs.crt_coefficient().unwrap(), number(private_key.coefficient()));
    }
}

#[test]
fn the_ssh_key_crate_reads_the_same_line() {
    for bits in SIZES {
        let (record, private_key) = create(bits);
        let theirs = ssh_key::PublicKey::from_openssh(record.public_key()).unwrap();
        assert_eq!(theirs.to_openssh().unwrap(), record.public_key());
        let key: PublicKey = record.public_key_for_response().parse().unwrap();
        let sha256 = key.as_public_key_ref().sha256_fingerprint().to_string();
        assert_eq!(theirs.fingerprint(ssh_key::HashAlg::Sha256).to_string(), sha256);
        let rsa = theirs.key_data().rsa().unwrap();
        assert_eq!(rsa.n().as_positive_bytes().unwrap(), private_key.modulus());
    }
}

/// The numbers of a key, asserted one by one with the `rsa` crate's integers: every condition of FIPS 186-5, A.1.3.
#[test]
fn every_condition_of_the_standard_holds() {
    for bits in SIZES {
        let (_, private_key) = create(bits);
        let number = |bytes: &[u8]| rsa::BoxedUint::from_be_slice(bytes, 8192).unwrap();
        let one = number(&[1]);
        let [p, q, d] = [private_key.prime_p(), private_key.prime_q(), private_key.private_exponent()].map(number);
        assert!(p > q);
        assert_eq!(p.clone() * &q, number(private_key.modulus()), "n");
        assert_eq!(private_key.public_key().bits(), bits as usize);
        for prime in [&p, &q] {
            // p >= sqrt(2) * 2^(nlen/2 - 1), which means p^2 >= 2^(nlen-1).
            assert!((prime.clone() * prime).bit_width() == bits, "{bits}");
            let order = rsa::BoxedUint::wrapping_sub(prime, &one);
            assert!(!(&order % rsa::BoxedUint::from(65537u32).to_nz().unwrap()).is_zero().to_bool());
        }
        let apart = rsa::BoxedUint::wrapping_sub(&p, &q);
        assert!(apart.bit_width() > bits / 2 - 100);
        assert!(d.bit_width() > bits / 2);
    }
}

#[test]
fn equality_is_that_of_the_keys() {
    let [one, other] = [2048, 2048].map(|bits| RsaPrivateKey::generate(bits).unwrap());
    assert!(one == one && one != other);
}
