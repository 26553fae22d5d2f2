//! The weaknesses of one key.

#[cfg(doc)]
use super::denylist::DenylistRef;
use crate::error::{Severity, Weakness};
use core::iter::FusedIterator;

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
///
/// A store keeps them as the [names](Weakness::name) of the weaknesses and the number of the [list](Findings::list):
///
/// ```
/// use ssh_keypair::audit::{Findings, Weakness};
///
/// # let findings = Findings::from_iter([Weakness::SmallModulus]).with_list(7);
/// let (names, list): (Vec<_>, _) = (findings.iter().map(Weakness::name).collect(), findings.list());
/// // A later version of the crate may have stored a name that this one does not have.
/// let weaknesses = names.iter().filter_map(|name| name.parse().ok());
/// let loaded: Findings = weaknesses.collect();
/// let loaded = list.map_or(loaded, |list| loaded.with_list(list));
/// assert_eq!(loaded, findings);
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

    /// The same findings, and [`Weakness::Denylisted`] with the number of the list: see [`Findings::list`].
    #[must_use]
    pub fn with_list(mut self, list: u8) -> Self {
        self.add(Weakness::Denylisted);
        self.list = Some(list);
        self
    }

    /// The weaknesses, notes first.
    pub fn iter(self) -> FindingsIter {
        FindingsIter { findings: self, known: Weakness::ALL.iter() }
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

    /// The list that the key is on, according to a [`DenylistRef`]: the last byte of the key's record.
    pub fn list(self) -> Option<u8> {
        self.list
    }
}

fn bit(weakness: Weakness) -> u32 {
    1 << weakness as u32
}

/// Adds the weaknesses.
impl Extend<Weakness> for Findings {
    fn extend<I: IntoIterator<Item = Weakness>>(&mut self, weaknesses: I) {
        weaknesses.into_iter().for_each(|weakness| self.add(weakness));
    }
}

/// The findings of a key with these weaknesses, on no list.
impl FromIterator<Weakness> for Findings {
    fn from_iter<I: IntoIterator<Item = Weakness>>(weaknesses: I) -> Self {
        let mut findings = Self::default();
        findings.extend(weaknesses);
        findings
    }
}

impl IntoIterator for Findings {
    type Item = Weakness;
    type IntoIter = FindingsIter;

    fn into_iter(self) -> FindingsIter {
        self.iter()
    }
}

impl IntoIterator for &Findings {
    type Item = Weakness;
    type IntoIter = FindingsIter;

    fn into_iter(self) -> FindingsIter {
        self.iter()
    }
}

/// The weaknesses in [`Findings`], notes first: [`Findings::iter`] returns it.
///
/// ```
/// use ssh_keypair::audit::{Findings, Weakness};
///
/// let mut weaknesses = Findings::from_iter([Weakness::Roca, Weakness::SmallModulus]).iter();
/// assert_eq!(weaknesses.next(), Some(Weakness::SmallModulus));
/// assert_eq!(weaknesses.next(), Some(Weakness::Roca));
/// assert_eq!(weaknesses.next(), None);
/// ```
#[derive(Clone, Debug)]
pub struct FindingsIter {
    findings: Findings,
    /// The weaknesses that the iterator has not reached yet.
    known: core::slice::Iter<'static, Weakness>,
}

impl Iterator for FindingsIter {
    type Item = Weakness;

    fn next(&mut self) -> Option<Weakness> {
        self.known.find(|weakness| self.findings.contains(**weakness)).copied()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.known.clone().filter(|weakness| self.findings.contains(**weakness)).count();
        (left, Some(left))
    }
}

impl DoubleEndedIterator for FindingsIter {
    fn next_back(&mut self) -> Option<Weakness> {
        self.known.rfind(|weakness| self.findings.contains(**weakness)).copied()
    }
}

impl ExactSizeIterator for FindingsIter {}

impl FusedIterator for FindingsIter {}
