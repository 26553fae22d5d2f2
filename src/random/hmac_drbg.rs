//! HMAC_DRBG with SHA-256, NIST SP 800-90A Rev. 1, section 10.1.2: the generator of Miller-Rabin bases, and of keys from a seed.

use core::convert::Infallible;
use hmac::{Hmac, KeyInit, Mac};
use rand_core::{TryCryptoRng, TryRng};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The state (Key, V). Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct HmacDrbg {
    key: [u8; 32],
    v: [u8; 32],
}

impl HmacDrbg {
    /// Instantiates from the parts of the seed material, which are concatenated.
    pub(crate) fn new(seed: &[&[u8]]) -> Self {
        let mut drbg = Self { key: [0; 32], v: [1; 32] };
        drbg.update(seed);
        drbg
    }

    /// HMAC_DRBG_Update.
    fn update(&mut self, data: &[&[u8]]) {
        let rounds: &[u8] = if data.is_empty() { &[0] } else { &[0, 1] };
        for round in rounds {
            self.key = self.hmac(&[&[*round]], data);
            self.v = self.hmac(&[], &[]);
        }
    }

    /// HMAC(Key, V || first || rest).
    fn hmac(&self, first: &[&[u8]], rest: &[&[u8]]) -> [u8; 32] {
        // HMAC pads a key with zeros to the block size of the hash (RFC 2104, section 2).
        let mut block = Zeroizing::new([0; 64]);
        block[..32].copy_from_slice(&self.key);
        let mut hmac = Hmac::<Sha256>::new((&*block).into());
        hmac.update(&self.v);
        for part in first.iter().chain(rest) {
            hmac.update(part);
        }
        hmac.finalize().into_bytes().into()
    }
}

impl TryRng for HmacDrbg {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    /// HMAC_DRBG_Generate, without additional input.
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(32) {
            self.v = self.hmac(&[], &[]);
            chunk.copy_from_slice(&self.v[..chunk.len()]);
        }
        self.update(&[]);
        Ok(())
    }
}

impl TryCryptoRng for HmacDrbg {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;
    use std::string::String;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The nonces of RFC 6979, A.2.5, come from HMAC_DRBG: the first output after instantiation with private key and hash is
    /// the k of the signature. P-256, SHA-256, message "sample"; the first k is already below the order.
    #[test]
    fn the_nonce_of_rfc_6979_comes_out() {
        let key = "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721";
        let hash = "AF2BDBE1AA9B6EC1E2ADE1D694F41FC71A831D0268E9891562113D8A62ADD1BF";
        let bytes = |hex: &str| -> [u8; 32] {
            core::array::from_fn(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
        };
        let mut drbg = HmacDrbg::new(&[&bytes(key), &bytes(hash)]);
        let mut k = [0; 32];
        let Ok(()) = drbg.try_fill_bytes(&mut k);
        assert_eq!(hex(&k), "a6e3c57dd01abe90086538398355dd4c3b17aa873382b0f24d6129493d8aad60");
    }

    #[test]
    fn every_call_is_an_output_of_its_own() {
        let mut drbg = HmacDrbg::new(&[b"seed"]);
        let mut first = [0; 40];
        let mut second = [0; 40];
        let Ok(()) = drbg.try_fill_bytes(&mut first);
        let Ok(()) = drbg.try_fill_bytes(&mut second);
        assert_ne!(first[..32], first[8..40]);
        assert_ne!(first, second);
    }
}
