//! RSASSA-PKCS1-v1_5 with SHA-256: RFC 8017, section 8.2.1, by the Chinese remainder theorem (section 5.1.2).
//!
//! This signs the certificate of a key, once, and the message of the pairwise consistency test. Signing is not part of the public
//! API. There is no blinding: the exponentiations are those of key generation, in which no branch and no index depends on a prime
//! or an exponent, and the reductions modulo a prime run in constant time. A signature is returned only if it verifies, because a
//! miscalculation modulo one prime would reveal that prime (Boneh, DeMillo, Lipton, 1997).
//!
//! The crate `rsa` does the same with blinding. Using it would add a dependency, and a release candidate at that, for something
//! that our existing arithmetic can do.

use super::at_width::at_width;
use super::components::{less_one, raised, recombine, wide_eq};
use super::consistency::{narrow, wide};
use super::private_key::RsaPrivateKey;
use crate::error::{Error, ErrorKind};
use crate::kernels::bignum::limbs::{from_be_bytes, mul, to_be_bytes};
use crate::kernels::bignum::portable::Montgomery;
use crate::kernels::bignum::{Backend, Power, division};
use crate::kernels::cpu::on_best_backend;
use crate::kernels::declassify::declassify;
use crate::wipe::on_wiped_stack;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, Zeroizing};

/// The DER of a `DigestInfo` of SHA-256, without the hash: RFC 8017, section 9.2, note 1.
const DIGEST_INFO: [u8; 19] = *b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";

impl RsaPrivateKey {
    /// The pairwise consistency test of FIPS 140-3: signs a fixed message with p, q, dP, dQ and qInv, and verifies the signature
    /// with e modulo p and q. It also checks that n = pq, and that dP and dQ are d modulo p-1 and q-1.
    ///
    /// Every key has already passed such a test: a generated key before it is returned, and an imported key before it is accepted.
    /// This function is for a module that must repeat the test on a stored key. It takes as long as a signature, about a
    /// millisecond for 2048 bits, and its time depends only on the sizes of the numbers and on e.
    ///
    /// ```
    /// use ssh_keypair::RsaPrivateKey;
    ///
    /// let key = RsaPrivateKey::from_seed(2048, b"sixteen bytes...")?;
    /// key.pairwise_consistency_test()?;
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InconsistentKey`] if the test fails. Then do not use the key.
    pub fn pairwise_consistency_test(&self) -> Result<(), Error> {
        let sizes = self.sizes();
        let matches = at_width!(sizes.p_bits.max(sizes.q_bits), L => {
            on_wiped_stack::<L, _>(|| exponents_match::<L>(self))
        });
        let mut signature = [0; Self::MAX_BITS / 8];
        let signature = signature.get_mut(..self.modulus().len()).ok_or(Error::new(ErrorKind::InconsistentKey))?;
        self.sign(b"pairwise consistency test", signature)?;
        if declassify(matches) { Ok(()) } else { Err(Error::new(ErrorKind::InconsistentKey)) }
    }

    /// Signs a message, which is public. `signature` must be as long as n. The time depends on the size of the key, on e and on
    /// the length of the message.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InconsistentKey`] if the hardware miscalculates; [`ErrorKind::BufferTooSmall`] if `signature` is not as
    /// long as n.
    pub(crate) fn sign(&self, message: &[u8], signature: &mut [u8]) -> Result<(), Error> {
        if signature.len() != self.modulus().len() {
            return Err(Error::buffer_too_small(signature.len(), self.modulus().len()));
        }
        encode(message, signature);
        let sizes = self.sizes();
        let good = at_width!(sizes.p_bits.max(sizes.q_bits), L => {
            on_wiped_stack::<L, _>(|| on_best_backend!(backend => sign::<_, L>(self, signature, backend)))
        });
        if declassify(good) {
            return Ok(());
        }
        signature.zeroize();
        Err(Error::new(ErrorKind::InconsistentKey))
    }
}

/// Whether dP and dQ are d modulo p-1 and q-1.
fn exponents_match<const L: usize>(key: &RsaPrivateKey) -> Choice {
    let d = wide::<L>(key.private_exponent());
    let halves = [(key.prime_p(), key.exponent_p()), (key.prime_q(), key.exponent_q())];
    halves.into_iter().fold(Choice::from(1), |all, (prime, exponent)| {
        let order = Zeroizing::new(less_one(&narrow::<L>(prime)));
        all & division::remainder(&d, &order).ct_eq(&*narrow::<L>(exponent))
    })
}

/// EMSA-PKCS1-v1_5: RFC 8017, section 9.2. The shortest key has 128 bytes.
fn encode(message: &[u8], encoded: &mut [u8]) {
    encoded.fill(0xff);
    let hash = Sha256::digest(message);
    let tail = [&[0][..], &DIGEST_INFO, &hash];
    let mut rest = encoded;
    for part in tail.iter().rev() {
        let (head, place) = rest.split_at_mut(rest.len() - part.len());
        place.copy_from_slice(part);
        rest = head;
    }
    rest[..2].copy_from_slice(&[0, 1]);
}

/// Replaces the encoded message by its signature, and returns whether it verifies, modulo p, modulo q, and so modulo n = pq.
fn sign<B: Backend, const L: usize>(key: &RsaPrivateKey, encoded: &mut [u8], backend: B) -> Choice {
    let sizes = key.sizes();
    let [p, q, exponent_p, exponent_q, coefficient] =
        [key.prime_p(), key.prime_q(), key.exponent_p(), key.exponent_q(), key.coefficient()].map(narrow::<L>);
    let message = wide::<L>(encoded);
    let (message_p, message_q) = (division::remainder(&message, &p), division::remainder(&message, &q));

    let mut powers = [Power::new(&exponent_p, &p), Power::new(&exponent_q, &q)];
    for (power, base) in powers.iter_mut().zip([&message_p, &message_q]) {
        power.value = **base;
    }
    match sizes.p_bits == sizes.q_bits {
        true => backend.power(sizes.p_bits, &mut powers),
        false => {
            let (first, second) = powers.split_at_mut(1);
            backend.power(sizes.p_bits, first);
            backend.power(sizes.q_bits, second);
        }
    }
    let [signed_p, signed_q] = &powers;

    let (mut modulo_p, mut modulo_q) = (Montgomery::new(), Montgomery::new());
    modulo_p.set_modulus(&p, sizes.p_bits);
    modulo_q.set_modulus(&q, sizes.q_bits);
    let signed_q_modulo_p = division::remainder(&Zeroizing::new([signed_q.value, [0; L]]), &p);
    let signature =
        recombine(&mut modulo_p, [&p, &q, &coefficient], [&signed_p.value, &signed_q.value, &signed_q_modulo_p]);
    let mut e = [0];
    from_be_bytes(key.public_exponent(), &mut e);
    to_be_bytes(signature.as_flattened(), encoded);
    wide_eq(&Zeroizing::new(mul(&p, &q)), &wide::<L>(key.modulus()))
        & raised(&mut modulo_p, &signature, e[0]).ct_eq(&*message_p)
        & raised(&mut modulo_q, &signature, e[0]).ct_eq(&*message_q)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::cpu::on_every_backend;
    #[cfg(feature = "rsa")]
    use crypto_bigint::{ConcatenatingMul, NonZero, Resize};
    use std::vec;
    use std::vec::Vec;

    fn signed(key: &RsaPrivateKey, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; key.modulus().len()];
        key.sign(message, &mut signature).unwrap();
        signature
    }

    /// The signature by the `rsa` crate.
    #[cfg(feature = "rsa")]
    fn assert_signs_as_the_rsa_crate(key: &RsaPrivateKey) {
        let theirs = ::rsa::PrivateKey::try_from(key).unwrap();
        for message in [&b""[..], b"message", &[0xff; 1000]] {
            let padding = ::rsa::Pkcs1v15Sign { hash_len: Some(32), prefix: DIGEST_INFO.into() };
            assert_eq!(signed(key, message), theirs.sign(padding, &Sha256::digest(message)).unwrap());
        }
    }

    #[cfg(feature = "rsa")]
    #[test]
    fn a_signature_is_that_of_the_rsa_crate() {
        // In one of these, p is the smaller prime.
        for (bits, byte) in [(2048, 0), (2048, 1), (2048, 2), (2048, 3), (2064, 0), (3072, 0), (4096, 0)] {
            assert_signs_as_the_rsa_crate(&RsaPrivateKey::from_seed(bits, &[byte; 16]).unwrap());
        }
        // Primes of different lengths, in either order, and other values of e.
        let below = |bits: u32, less: u32| {
            let power = ::rsa::BoxedUint::one_with_precision(bits + 64).shl_vartime(bits).unwrap();
            power - ::rsa::BoxedUint::from(less)
        };
        let (long, short) = (below(1024, 105), below(512, 569));
        for (p, q) in [(&long, &short), (&short, &long)] {
            for e in [17u32, 65537, 0xffff_fffb] {
                let n = p.concatenating_mul(q);
                let order = NonZero::new(&n - p - q + ::rsa::BoxedUint::one()).unwrap();
                let d = ::rsa::BoxedUint::from(e).resize_unchecked(order.bits_precision()).invert_mod(&order).unwrap();
                let primes = vec![p.clone(), q.clone()];
                let theirs = ::rsa::PrivateKey::from_components_with_wide_primes(n, e.into(), d, primes).unwrap();
                assert_signs_as_the_rsa_crate(&RsaPrivateKey::try_from(&theirs).unwrap());
            }
        }
    }

    #[test]
    fn every_backend_makes_the_same_signature() {
        let key = RsaPrivateKey::from_seed(2048, b"sixteen bytes...").unwrap();
        let expected = signed(&key, b"message");
        on_every_backend!(backend => {
            let mut signature = vec![0; 256];
            encode(b"message", &mut signature);
            assert!(bool::from(sign::<_, 16>(&key, &mut signature, backend)));
            assert_eq!(signature, expected);
        });
    }

    #[test]
    fn a_miscalculation_leaves_no_signature() {
        // All numbers except d, which takes no part in signing.
        for number in [0, 2, 3, 4, 5, 6] {
            let mut key = RsaPrivateKey::from_seed(2048, b"sixteen bytes...").unwrap();
            key.numbers_mut()[number][100] ^= 4;
            let mut signature = vec![0; 256];
            let error = key.sign(b"message", &mut signature).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InconsistentKey, "{number}");
            assert_eq!(signature, [0; 256]);
        }
        let key = RsaPrivateKey::from_seed(2048, b"sixteen bytes...").unwrap();
        assert_eq!(key.sign(b"", &mut [0; 255]).unwrap_err().kind(), ErrorKind::BufferTooSmall);
    }

    #[test]
    fn the_pairwise_consistency_test_finds_a_wrong_bit_in_any_number() {
        let mut key = RsaPrivateKey::from_seed(2048, b"sixteen bytes...").unwrap();
        key.pairwise_consistency_test().unwrap();
        for number in 0..7 {
            for (byte, bit) in [(1, 0), (64, 7), (100, 2), (127, 1)] {
                key.numbers_mut()[number][byte] ^= 1 << bit;
                let error = key.pairwise_consistency_test().unwrap_err();
                assert_eq!(error.kind(), ErrorKind::InconsistentKey, "number {number}, byte {byte}, bit {bit}");
                key.numbers_mut()[number][byte] ^= 1 << bit;
            }
        }
        key.pairwise_consistency_test().unwrap();
    }

    /// `.ci/ctgrind` runs this under memcheck.
    #[cfg(ssh_keypair_ctgrind)]
    #[test]
    fn no_branch_and_no_index_depends_on_a_number_that_signs() {
        use crate::kernels::cpu::{Instructions, with_instructions};
        let pem = include_str!("../../tests/data/private/rsa2048.pkcs1.pem");
        let key = pkcs1::DecodeRsaPrivateKey::from_pkcs1_pem(pem);
        let key: RsaPrivateKey = key.unwrap();
        // `sign` marks the numbers when it loads them.
        for instructions in [Instructions::Portable, Instructions::Avx2] {
            with_instructions(instructions, || {
                key.sign(b"message", &mut [0; 256]).unwrap();
                key.pairwise_consistency_test().unwrap();
            });
        }
    }
}
