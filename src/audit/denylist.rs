//! Lists of keys whose private half is known, in the format of the blocklist that the project badkeys distributes.
//!
//! A list has records of 16 bytes, in ascending order: the first 15 bytes of the SHA-256 of one number of a key, and a byte
//! that says which list contains the key. The number, big-endian without leading zeros, is n for RSA, y for DSA, and x for
//! ECDSA. For Ed25519 it is the 32 bytes of the encoding in their own order, without the zeros at their start. A composite key is
//! looked up by its Ed25519 half.
//!
//! A lookup is a binary search that reads one record in each step, in place; nothing is copied. In 10^7 records, 160 MB in
//! memory, it takes 1.7 us with the hash (`cargo bench --bench audit -- denylist`), which is short compared with the checks of an
//! RSA key. Interpolation would be a second way to mishandle a file whose hashes are not evenly distributed.
//!
//! The lists of Debian's package `openssh-blacklist`, which contain 80 bits of the blob's MD5, are not supported: that package
//! is no longer distributed, no description of its exact format was available, and badkeys includes the keys on them.

use crate::error::{Error, ErrorKind};
use crate::key::{EcdsaPublicKey, Ed25519PublicKey, KeyData};
use crate::rsa::without_leading_zeros;
#[cfg(feature = "alloc")]
use alloc::{sync::Arc, vec::Vec};
use core::fmt;
#[cfg(feature = "alloc")]
use core::hash::{Hash, Hasher};
use sha2::{Digest, Sha256};

/// A borrowed list of known keys: the file of badkeys, or another in the same format. Does not allocate.
///
/// ```
/// use ssh_keypair::audit::{self, DenylistRef, Weakness};
/// use ssh_keypair::{KeyData, PublicKey};
///
/// # let line = include_str!("../../tests/data/ed25519.pub");
/// let key: PublicKey = line.parse()?;
/// let key = key.key_data();
/// // let file = std::fs::read("blocklist.dat")?;
/// # use sha2::{Digest, Sha256};
/// # let KeyData::Ed25519(point) = key else { unreachable!() };
/// # let mut file = Sha256::digest(point.as_bytes())[..15].to_vec();
/// # file.push(7);
/// let denylist = DenylistRef::new(&file)?;
/// assert_eq!(denylist.find(&key), Some(7));
/// assert!(audit::check_with(&key, &[denylist]).contains(Weakness::Denylisted));
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DenylistRef<'a> {
    records: &'a [[u8; RECORD_BYTES]],
}

/// The number of bytes in a record: a hash, and a byte that says which list.
const RECORD_BYTES: usize = 16;

/// The number of bytes of the hash in a record.
const HASH_BYTES: usize = 15;

impl<'a> DenylistRef<'a> {
    /// Borrows the contents of a file. We check its length, but not the order of its records, which takes a pass over all of
    /// them: see [`DenylistRef::is_sorted`].
    ///
    /// ```
    /// # use ssh_keypair::{ErrorKind, audit::DenylistRef};
    /// assert_eq!(DenylistRef::new(&[0; 17]).unwrap_err().kind(), ErrorKind::InvalidDenylist);
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidDenylist`] if the length is not a multiple of 16.
    pub const fn new(file: &'a [u8]) -> Result<Self, Error> {
        match file.as_chunks() {
            (records, []) => Ok(Self { records }),
            _ => Err(Error::new(ErrorKind::InvalidDenylist)),
        }
    }

    /// Whether the records are in order. If they are not, a lookup may miss a key. Call this once, after reading the file:
    /// badkeys distributes it compressed, and the records of a file that was not decompressed are not in order.
    pub fn is_sorted(&self) -> bool {
        self.records.is_sorted_by_key(hash_of)
    }

    /// The number of records.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there are no records.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The list that a key is on: the last byte of its record. `None` for an opaque key, which has no number.
    pub fn find(&self, key: &KeyData<'_>) -> Option<u8> {
        let hash = Sha256::digest(without_leading_zeros(number(key)?));
        let (wanted, _) = hash.split_first_chunk::<HASH_BYTES>()?;
        let at = self.records.binary_search_by_key(wanted, hash_of).ok()?;
        self.records.get(at)?.last().copied()
    }
}

/// Shows the number of records.
impl fmt::Debug for DenylistRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DenylistRef").field("len", &self.len()).finish_non_exhaustive()
    }
}

/// An owned list of known keys: the file of badkeys, or another in the same format. A clone shares the records.
///
/// ```
/// use ssh_keypair::audit::Denylist;
/// use ssh_keypair::keypair::ImportPolicy;
///
/// # let file = vec![0; 16];
/// // let file = std::fs::read("blocklist.dat")?;
/// let denylist = Denylist::try_from(file)?;
/// assert!(denylist.is_sorted() && !denylist.is_empty());
/// let policy = ImportPolicy::new().with_denylist(denylist);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[cfg(feature = "alloc")]
#[derive(Clone)]
pub struct Denylist {
    file: File,
}

/// Where the records are. Their length has been checked.
#[cfg(feature = "alloc")]
#[derive(Clone)]
enum File {
    Static(&'static [u8]),
    // The vector as it was read from the file: an `Arc<[u8]>` would need a copy.
    Shared(Arc<Vec<u8>>),
}

#[cfg(feature = "alloc")]
impl Denylist {
    /// A list that is part of the program, as with `include_bytes!`: see [`DenylistRef::new`].
    ///
    /// ```
    /// use ssh_keypair::audit::Denylist;
    /// // In a program, the contents of badkeys' file: `include_bytes!`.
    /// static BLOCKLIST: &[u8] = &[0; 32];
    /// let denylist = Denylist::from_static(BLOCKLIST)?;
    /// assert_eq!(denylist.len(), BLOCKLIST.len() / 16);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`DenylistRef::new`].
    pub fn from_static(file: &'static [u8]) -> Result<Self, Error> {
        DenylistRef::new(file).map(|_| Self { file: File::Static(file) })
    }

    /// The same list, borrowed.
    pub fn as_denylist_ref(&self) -> DenylistRef<'_> {
        let file = match &self.file {
            File::Static(file) => file,
            File::Shared(file) => file.as_slice(),
        };
        let (records, _) = file.as_chunks();
        DenylistRef { records }
    }

    /// Whether the records are in order: see [`DenylistRef::is_sorted`].
    pub fn is_sorted(&self) -> bool {
        self.as_denylist_ref().is_sorted()
    }

    /// The number of records.
    pub fn len(&self) -> usize {
        self.as_denylist_ref().len()
    }

    /// Whether there are no records.
    pub fn is_empty(&self) -> bool {
        self.as_denylist_ref().is_empty()
    }

    /// The list that a key is on: see [`DenylistRef::find`].
    pub fn find(&self, key: &KeyData<'_>) -> Option<u8> {
        self.as_denylist_ref().find(key)
    }
}

/// Takes ownership of the contents of a file: see [`DenylistRef::new`].
#[cfg(feature = "alloc")]
impl TryFrom<Vec<u8>> for Denylist {
    type Error = Error;

    fn try_from(file: Vec<u8>) -> Result<Self, Error> {
        DenylistRef::new(&file)?;
        Ok(Self { file: File::Shared(Arc::new(file)) })
    }
}

#[cfg(feature = "alloc")]
impl<'a> From<&'a Denylist> for DenylistRef<'a> {
    fn from(denylist: &'a Denylist) -> Self {
        denylist.as_denylist_ref()
    }
}

/// Two lists are equal if their records are equal.
#[cfg(feature = "alloc")]
impl PartialEq for Denylist {
    fn eq(&self, other: &Self) -> bool {
        match (&self.file, &other.file) {
            (File::Shared(one), File::Shared(other)) if Arc::ptr_eq(one, other) => true,
            _ => self.as_denylist_ref() == other.as_denylist_ref(),
        }
    }
}

#[cfg(feature = "alloc")]
impl Eq for Denylist {}

#[cfg(feature = "alloc")]
impl Hash for Denylist {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_denylist_ref().hash(state);
    }
}

/// Shows the number of records.
#[cfg(feature = "alloc")]
impl fmt::Debug for Denylist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Denylist").field("len", &self.len()).finish_non_exhaustive()
    }
}

fn hash_of(record: &[u8; RECORD_BYTES]) -> [u8; HASH_BYTES] {
    core::array::from_fn(|i| record[i])
}

/// The number that is hashed for a key.
fn number<'k>(key: &KeyData<'k>) -> Option<&'k [u8]> {
    let ecdsa = |key: &EcdsaPublicKey<'k>| key.x();
    let ed25519 = |key: &Ed25519PublicKey<'k>| key.as_bytes().as_slice();
    match key {
        KeyData::Rsa(key) => Some(key.modulus()),
        KeyData::Dsa(key) => Some(key.y()),
        KeyData::Ecdsa(key) => Some(ecdsa(key)),
        KeyData::SkEcdsaP256(key) => Some(ecdsa(&key.key())),
        KeyData::Ed25519(key) => Some(ed25519(key)),
        KeyData::SkEd25519(key) => Some(ed25519(&key.key())),
        KeyData::MlDsa44Ed25519(key) => Some(ed25519(&key.ed25519())),
        KeyData::Opaque(_) => None,
    }
}
