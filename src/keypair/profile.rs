//! How key pairs are created and imported.

use super::name::{KeyPairName, NameAlphabet};
use super::policy::{Accepted, Policy};
use crate::error::Error;
use alloc::borrow::{Cow, ToOwned};
use alloc::string::String;

/// How key pairs are made and taken.
///
/// | | [`documented`](Profile::documented) | [`nova`](Profile::nova) |
/// |---|---|---|
/// | size of a created key | 2048 bits | 2048 bits |
/// | comment of a created key | `Generated-by-Nova` | `Generated-by-Nova` |
/// | line break at the end of its public key | yes | no |
/// | public keys that are imported | [`Policy::strict`], to 1024 bytes | [`Policy::strict`] |
/// | certificates that are imported | to 16 KiB | to 16 KiB |
/// | weak keys | reported; refused where broken | reported; refused where broken |
/// | alphabet of names | [`NameAlphabet::Basic`] | [`NameAlphabet::Basic`] |
///
/// The cap is for the lines of imports alone. A created key of 6144 bits has a line that is longer, and most certificates are
/// longer, too: of those the parser's cap holds in either profile.
///
/// ```
/// use ssh_keypair::keypair::Profile;
/// let profile = Profile::nova().with_bits(4096).with_comment("made by example.org");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub(super) comment: Cow<'static, str>,
    pub(super) bits: usize,
    trailing_newline: bool,
    pub(super) policy: Policy,
    name_alphabet: NameAlphabet,
}

impl Profile {
    /// What the published documents of the public clouds say and show.
    ///
    /// ```
    /// use ssh_keypair::{ErrorKind, keypair::{KeyPair, Profile}};
    /// let long = "x".repeat(1025);
    /// let error = KeyPair::import("demo", &long, None, &Profile::documented()).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::TooLong);
    /// ```
    pub fn documented() -> Self {
        Self { trailing_newline: true, policy: Policy::strict().with_max_bytes(Some(1024)), ..Self::nova() }
    }

    /// What Nova does.
    ///
    /// ```
    /// # use ssh_keypair::keypair::{Policy, Profile};
    /// assert_eq!(Profile::nova(), Profile::documented().with_trailing_newline(false).with_policy(Policy::strict()));
    /// ```
    pub fn nova() -> Self {
        Self {
            comment: Cow::Borrowed("Generated-by-Nova"),
            bits: 2048,
            trailing_newline: false,
            policy: Policy::strict(),
            name_alphabet: NameAlphabet::Basic,
        }
    }

    /// The comment of created keys; checked when one is made.
    #[must_use]
    pub fn with_comment(mut self, comment: impl Into<Cow<'static, str>>) -> Self {
        self.comment = comment.into();
        self
    }

    /// The size of created keys in bits, a multiple of 16 from 2048 to 8192; checked when one is made.
    #[must_use]
    pub fn with_bits(mut self, bits: usize) -> Self {
        self.bits = bits;
        self
    }

    /// Whether the public key of a pair ends with a line break, where the crate writes it: of a created pair, and of one
    /// whose private key was imported.
    #[must_use]
    pub fn with_trailing_newline(mut self, trailing_newline: bool) -> Self {
        self.trailing_newline = trailing_newline;
        self
    }

    /// Which public keys are imported.
    #[must_use]
    pub fn with_policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Which public keys are imported.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The characters of names.
    #[must_use]
    pub fn with_name_alphabet(mut self, alphabet: NameAlphabet) -> Self {
        self.name_alphabet = alphabet;
        self
    }

    /// The line of a pair whose private key is at hand, as its record shows it.
    pub(super) fn line_of(&self, accepted: &Accepted) -> String {
        let mut line = accepted.line().to_owned();
        if self.trailing_newline {
            line.push('\n');
        }
        line
    }

    /// A name, checked by the alphabet.
    pub(crate) fn name(&self, name: &str) -> Result<KeyPairName, Error> {
        KeyPairName::new(name, self.name_alphabet)
    }
}
