//! The power-on self-test: known answers for every algorithm that takes part in generating a key.
//!
//! A FIPS 140-3 module calls [`self_test`] before it generates its first key, and again when its operator requests it. The
//! generators of this crate do not call it, and no error state follows a failure: both are up to the module.
//!
//! `tests/data/fips/make.py self-test` computed the constants, without calling this crate.

use crate::error::{Error, ErrorKind};
#[cfg(feature = "ec")]
use crate::key::{EcdsaCurve, EcdsaPrivateKey, EcdsaPublicKey, Ed25519PrivateKey, Ed25519PublicKey};
use crate::random::{HmacDrbg, fill};
use crate::rsa;
use sha2::{Digest, Sha256, Sha512};

/// Compares computations with their known answers:
///
/// * SHA-256 and SHA-512 of a message from FIPS 180-4;
/// * HMAC_DRBG with SHA-256 (SP 800-90A), which draws the Miller-Rabin bases and makes keys from seeds;
/// * RSA: a key of 2048 bits from a generator with a fixed seed, and composites that the sieve, Euler's test and the Miller-Rabin
///   rounds must reject, on every backend that this CPU supports;
/// * with the feature `ec`: the public halves of Ed25519 and of ECDSA on P-256, P-384 and P-521, and the check that a point is
///   on its curve.
///
/// The function takes some tens of milliseconds, depending on the CPU, and 96 KiB of stack. It uses no secret and no randomness.
/// Keys of other sizes use the same code, compiled for more limbs; the check that each key passes before it is returned covers
/// them. The function does not check the integrity of the program file.
///
/// ```
/// ssh_keypair::self_test()?;
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
///
/// # Errors
///
/// [`ErrorKind::SelfTestFailed`] if an answer is wrong. Then do not use any key of this process.
pub fn self_test() -> Result<(), Error> {
    known_answers().map_err(|_| failed())
}

fn known_answers() -> Result<(), Error> {
    hashes()?;
    generator()?;
    #[cfg(feature = "ec")]
    curves()?;
    rsa::self_test()
}

/// A computation. The tests make one go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Sha256,
    Sha512,
    Drbg,
    #[cfg(feature = "ec")]
    Ed25519,
    #[cfg(feature = "ec")]
    Ecdsa(EcdsaCurve),
}

fn hashes() -> Result<(), Error> {
    compare(
        Part::Sha256,
        Sha256::digest(b"abc"),
        b"\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde\x5d\xae\x22\x23\
        \xb0\x03\x61\xa3\x96\x17\x7a\x9c\xb4\x10\xff\x61\xf2\x00\x15\xad",
    )?;
    compare(
        Part::Sha512,
        Sha512::digest(b"abc"),
        b"\xdd\xaf\x35\xa1\x93\x61\x7a\xba\xcc\x41\x73\x49\xae\x20\x41\x31\
        \x12\xe6\xfa\x4e\x89\xa9\x7e\xa2\x0a\x9e\xee\xe6\x4b\x55\xd3\x9a\
        \x21\x92\x99\x2a\x27\x4f\xc1\xa8\x36\xba\x3c\x23\xa3\xfe\xeb\xbd\
        \x45\x4d\x44\x23\x64\x3c\xe8\x0e\x2a\x9a\xc9\x4f\xa5\x4c\xa4\x9f",
    )
}

fn generator() -> Result<(), Error> {
    let mut bytes = [0; 64];
    fill(&mut HmacDrbg::new(&[&[0x5a; 48]]), &mut bytes)?;
    compare(
        Part::Drbg,
        bytes,
        b"\x2f\xd2\x43\x49\x46\x41\xd9\x0c\x6f\x0c\x05\x9c\x4e\x3b\xb7\x8e\
        \x9e\x75\xcb\x01\xf1\xac\x96\xf6\x6e\x7b\x48\xea\xd1\x7e\x82\x0b\
        \x42\x6f\x91\xa1\xbd\x2e\x94\x23\x7b\x4a\x7c\x89\xaf\xc7\x13\x64\
        \x62\x52\x70\xff\x45\x68\x8b\x7d\xfc\x62\x18\x73\x87\xdd\xf3\x9b",
    )
}

/// SHA-256 of the public half for the Ed25519 seed of 32 bytes 0x5a.
#[cfg(feature = "ec")]
const ED25519: &[u8; 32] = b"\x79\x09\x01\xb8\x2a\x89\xfe\x50\x5b\x5f\x98\xe2\xb7\xbf\x28\xe3\
    \xa7\x4f\x9a\x40\xf1\xa5\x61\xc9\xd3\x53\xf8\x5f\x61\xcc\x36\xa2";

/// For each curve, the number of bytes 0x5a in the secret number, and SHA-256 of the uncompressed point.
#[cfg(feature = "ec")]
const ECDSA: [(EcdsaCurve, usize, &[u8; 32]); 3] = [
    (
        EcdsaCurve::P256,
        32,
        b"\xd1\x2f\xb2\xa6\x95\x3f\x71\xca\x1d\xb2\xbb\x38\x53\x70\x9e\x1a\
          \xfa\x18\x35\xb8\x3c\x0d\xd1\x13\xb6\x4e\xea\xde\xdd\xeb\x49\x13",
    ),
    (
        EcdsaCurve::P384,
        48,
        b"\x2e\xd0\x55\x98\x03\xce\x0d\x7e\x45\x51\xb0\xc7\xf7\x6f\xf1\x79\
          \x52\x48\x94\xb6\xd5\xc7\x09\x48\x3a\xe7\xb7\x15\xd8\xa8\xa9\x72",
    ),
    (
        EcdsaCurve::P521,
        48,
        b"\x9f\x75\x50\x0e\x30\x77\x84\xd8\x91\xd3\xaf\x75\x6d\x9b\xb2\xc2\
          \xbb\xc0\xb6\x46\xed\x09\xf1\x2d\x5e\xd8\x29\xf6\xc4\x7c\x93\x3f",
    ),
];

#[cfg(feature = "ec")]
fn curves() -> Result<(), Error> {
    let key = Ed25519PrivateKey::from_seed(&[0x5a; 32])?;
    let mut point = *key.public_key().as_bytes();
    compare(Part::Ed25519, Sha256::digest(point), ED25519)?;
    Ed25519PublicKey::new(&point)?;
    // No x belongs to this y.
    point[0] ^= 1;
    reject(Ed25519PublicKey::new(&point).err())?;

    for (curve, bytes, expected) in ECDSA {
        let scalar = [0x5a; 48];
        let key = EcdsaPrivateKey::from_scalar(curve, scalar.get(..bytes).ok_or(failed())?)?;
        let public = key.public_key();
        compare(Part::Ecdsa(curve), Sha256::digest(public.point()), expected)?;
        let mut point = [0; 133];
        let point = point.get_mut(..public.point().len()).ok_or(failed())?;
        point.copy_from_slice(public.point());
        EcdsaPublicKey::new(curve, point)?;
        // -y belongs to x, and y with its lowest bit flipped does not.
        if let Some(last) = point.last_mut() {
            *last ^= 1;
        }
        reject(EcdsaPublicKey::new(curve, point).err())?;
    }
    Ok(())
}

/// Checks that a point was rejected because it is not on its curve.
#[cfg(feature = "ec")]
fn reject(error: Option<Error>) -> Result<(), Error> {
    match error.map(|error| error.kind()) {
        Some(ErrorKind::InvalidPoint) => Ok(()),
        _ => Err(failed()),
    }
}

/// Compares a result with its known answer.
fn compare(_part: Part, mut computed: impl AsMut<[u8]>, expected: &[u8]) -> Result<(), Error> {
    let computed = computed.as_mut();
    #[cfg(test)]
    tests::inject(_part, computed);
    if computed == expected { Ok(()) } else { Err(failed()) }
}

fn failed() -> Error {
    Error::new(ErrorKind::SelfTestFailed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::cell::Cell;
    use std::vec::Vec;

    std::thread_local! {
        /// The computation that goes wrong on this thread, and the wrong bit.
        static FAULT: Cell<Option<(Part, usize)>> = const { Cell::new(None) };
    }

    /// Flips a bit of the result of the faulty computation.
    pub(super) fn inject(part: Part, computed: &mut [u8]) {
        match FAULT.get() {
            Some((faulty, bit)) if faulty == part => computed[bit / 8] ^= 1 << (bit % 8),
            _ => (),
        }
    }

    #[test]
    fn the_self_test_passes_and_a_fault_in_any_computation_fails_it() {
        self_test().unwrap();
        let mut parts = Vec::from([(Part::Sha256, 256), (Part::Sha512, 512), (Part::Drbg, 512)]);
        #[cfg(feature = "ec")]
        {
            parts.push((Part::Ed25519, 256));
            parts.extend(ECDSA.map(|(curve, _, _)| (Part::Ecdsa(curve), 256)));
        }
        for (part, bits) in parts {
            for bit in [0, bits / 2, bits - 1] {
                FAULT.set(Some((part, bit)));
                assert_eq!(self_test().unwrap_err().kind(), ErrorKind::SelfTestFailed, "{part:?}, bit {bit}");
            }
        }
        FAULT.set(None);
        self_test().unwrap();
    }

    #[cfg(feature = "ec")]
    #[test]
    fn a_point_that_is_not_rejected_fails_the_test() {
        assert_eq!(reject(None).unwrap_err().kind(), ErrorKind::SelfTestFailed);
        assert_eq!(reject(Some(Error::new(ErrorKind::TooLong))).unwrap_err().kind(), ErrorKind::SelfTestFailed);
        reject(Some(Error::new(ErrorKind::InvalidPoint))).unwrap();
    }
}
