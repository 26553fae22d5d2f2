//! Sizes of buffers that are always large enough, and the labels of PEM.

/// The length in bytes of the longest DER encoding of a private key, PKCS#8 of 8192 bits: a buffer of this size is always
/// enough. A key of 2048 bits needs 1,218.
///
/// It consists of n and d of 1024 bytes each, five numbers of 512, e, and the headers, zero bytes and names.
pub const MAX_DER_BYTES: usize = 2 * 1024 + 5 * 512 + 96;

/// The length in bytes of the longest PEM of an unencrypted private key: a buffer of this size is always enough. A key of
/// 2048 bits needs 1,704.
pub const MAX_PEM_BYTES: usize = MAX_DER_BYTES.div_ceil(48) * 65 + 64;

pub(super) const PKCS1_LABEL: &str = "RSA PRIVATE KEY";
#[cfg(any(feature = "alloc", feature = "ec"))]
pub(super) const EC_LABEL: &str = "EC PRIVATE KEY";
#[cfg(feature = "alloc")]
pub(super) const DSA_LABEL: &str = "DSA PRIVATE KEY";
pub(super) const PKCS8_LABEL: &str = "PRIVATE KEY";
#[cfg(feature = "alloc")]
pub(super) const ENCRYPTED_LABEL: &str = "ENCRYPTED PRIVATE KEY";

/// The length in bytes of the longest DER encoding of a public key, RSA of 16384 bits: a buffer of this size is always
/// enough. A key of 2048 bits needs 294.
pub const MAX_PUBLIC_DER_BYTES: usize = 2 * 1024 + 64;

/// The length in bytes of the longest PEM of a public key: a buffer of this size is always enough.
pub const MAX_PUBLIC_PEM_BYTES: usize = MAX_PUBLIC_DER_BYTES.div_ceil(48) * 65 + 64;
