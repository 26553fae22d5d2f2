//! The weaknesses of one key.

use crate::error::{Severity, Weakness};

/// What [`check`](super::check()) found: a set of weaknesses, in a few bytes.
///
/// ```
/// use ssh_keypair::audit::{self, Severity, Weakness};
/// use ssh_keypair::PublicKey;
///
/// let key: PublicKey = include_str!("../../tests/data/rsa1024.pub").parse()?;
/// let findings = audit::check(&key.key_data());
/// assert!(findings.iter().eq([Weakness::SmallModulus]));
/// assert_eq!(findings.worst(), Some(Severity::Note));
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Findings {
    /// One bit for each of [`Weakness::ALL`], in their order.
    weaknesses: u32,
    /// The list that the key is on.
    list: Option<u8>,
}

const _: () = assert!(Weakness::ALL.len() <= u32::BITS as usize);

impl Findings {
    pub(super) fn add(&mut self, weakness: Weakness) {
        self.weaknesses |= bit(weakness);
    }

    pub(super) fn add_listed(&mut self, list: u8) {
        self.add(Weakness::Denylisted);
        self.list = Some(list);
    }

    /// Restores findings that were stored.
    #[cfg(feature = "serde")]
    pub(crate) fn from_parts(weaknesses: impl Iterator<Item = Weakness>, list: Option<u8>) -> Self {
        Self { weaknesses: weaknesses.fold(0, |set, weakness| set | bit(weakness)), list }
    }

    /// The weaknesses, notes first.
    pub fn iter(self) -> impl Iterator<Item = Weakness> {
        Weakness::ALL.iter().copied().filter(move |weakness| self.contains(*weakness))
    }

    /// Whether the key has this weakness.
    pub fn contains(self, weakness: Weakness) -> bool {
        self.weaknesses & bit(weakness) != 0
    }

    /// Whether nothing was found.
    pub fn is_empty(self) -> bool {
        self.weaknesses == 0
    }

    /// The severity of the worst weakness; `None` if nothing was found.
    pub fn worst(self) -> Option<Severity> {
        self.iter().map(Weakness::severity).max()
    }

    /// The list that the key is on, according to a [`DenylistRef`](super::DenylistRef): the last byte of the key's record.
    pub fn list(self) -> Option<u8> {
        self.list
    }
}

fn bit(weakness: Weakness) -> u32 {
    1 << weakness as u32
}
