//! HMAC_DRBG with SHA-256, NIST SP 800-90A Rev. 1, section 10.1.2: the generator of Miller-Rabin bases.

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
        // A key is padded with zeros to the hash's block (RFC 2104, section 2).
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
