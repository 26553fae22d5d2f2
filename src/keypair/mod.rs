//! Creating and importing key pairs: the record that a service stores and shows, and the private key that it hands over
//! once, or takes in.
//!
//! A [`Profile`] says how: the documented one of the public clouds, Nova's, or either with some knobs turned.

mod policy;

pub use policy::{Accepted, Change, Policy};

use crate::audit::Findings;
use crate::error::{Error, ErrorKind, Field};
use crate::key::{PrivateKey, PublicKey, ReadOptions};
use crate::pkcs::MAX_PEM_BYTES;
use crate::rsa::RsaPrivateKey;
use crate::text::check_comment;
#[cfg(all(feature = "x509", feature = "std"))]
use crate::x509::now;
#[cfg(feature = "x509")]
use crate::x509::{Certificate, Template};
use alloc::borrow::Cow;
use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

/// The type of a key pair.
///
/// ```
/// use ssh_keypair::keypair::KeyType;
/// assert_eq!("ssh".parse(), Ok(KeyType::Ssh));
/// assert_eq!(KeyType::Ssh.to_string(), "ssh");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyType {
    /// An SSH key.
    #[default]
    Ssh,
    /// An X.509 certificate, and its key.
    #[cfg(feature = "x509")]
    X509,
}

impl KeyType {
    /// All that are known here.
    pub const ALL: &[Self] = &[
        Self::Ssh,
        #[cfg(feature = "x509")]
        Self::X509,
    ];

    /// The name in a request and a response.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ssh => "ssh",
            #[cfg(feature = "x509")]
            Self::X509 => "x509",
        }
    }
}

impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for KeyType {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL
            .iter()
            .copied()
            .find(|key_type| key_type.as_str() == name)
            .ok_or(Error::new(ErrorKind::UnsupportedType).in_field(Field::Type))
    }
}

/// The characters that a name may hold.
///
/// ```
/// use ssh_keypair::keypair::{KeyPairName, NameAlphabet};
/// assert!(KeyPairName::new("me@host", NameAlphabet::Basic).is_err());
/// assert!(KeyPairName::new("me@host", NameAlphabet::WithAtAndDot).is_ok());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NameAlphabet {
    /// `A-Z a-z 0-9 _ -` and the space.
    #[default]
    Basic,
    /// Those, `@` and `.`: from version 2.92 of the interface.
    WithAtAndDot,
}

impl NameAlphabet {
    fn holds(self, c: char) -> bool {
        match c {
            'A'..='Z' | 'a'..='z' | '0'..='9' | '_' | '-' | ' ' => true,
            '@' | '.' => self == Self::WithAtAndDot,
            _ => false,
        }
    }
}

/// The name of a key pair: 1 to 255 characters of an alphabet, without a space at either end.
///
/// ```
/// use ssh_keypair::{ErrorKind, keypair::{KeyPairName, NameAlphabet}};
///
/// let name = KeyPairName::new("my laptop", NameAlphabet::Basic)?;
/// assert_eq!(name.as_ref(), "my laptop");
/// let error = KeyPairName::new("my/laptop", NameAlphabet::Basic).unwrap_err();
/// assert_eq!((error.kind(), error.offset()), (ErrorKind::InvalidCharacter, Some(2)));
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyPairName(String);

impl KeyPairName {
    /// The characters of the longest name.
    pub const MAX_LEN: usize = 255;

    /// Checks a name.
    ///
    /// ```
    /// # use ssh_keypair::keypair::{KeyPairName, NameAlphabet};
    /// assert!(KeyPairName::new(&"n".repeat(256), NameAlphabet::Basic).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Empty`], [`ErrorKind::TooLong`], [`ErrorKind::InvalidCharacter`], [`ErrorKind::SurroundingSpace`],
    /// with the offset of the character.
    pub fn new(name: &str, alphabet: NameAlphabet) -> Result<Self, Error> {
        let refused = |kind, at| Err(Error::new(kind).in_field(Field::Name).at(at));
        if name.is_empty() {
            return refused(ErrorKind::Empty, 0);
        }
        if let Some((at, _)) = name.char_indices().find(|(_, c)| !alphabet.holds(*c)) {
            return refused(ErrorKind::InvalidCharacter, at);
        }
        // From here on a character is a byte.
        if name.len() > Self::MAX_LEN {
            return refused(ErrorKind::TooLong, Self::MAX_LEN);
        }
        if name.starts_with(' ') {
            return refused(ErrorKind::SurroundingSpace, 0);
        }
        if name.ends_with(' ') {
            return refused(ErrorKind::SurroundingSpace, name.len() - 1);
        }
        Ok(Self(name.to_owned()))
    }
}

impl KeyPairName {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for KeyPairName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyPairName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

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
    comment: Cow<'static, str>,
    bits: usize,
    trailing_newline: bool,
    policy: Policy,
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
    fn line_of(&self, accepted: &Accepted) -> String {
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

/// The record of a key pair: what a service stores and shows. It cannot hold a private key.
///
/// ```
/// use ssh_keypair::keypair::{KeyPair, Profile};
///
/// # let line = include_str!("../../tests/data/rsa2048.pub");
/// // let line = "ssh-rsa AAAAB3NzaC1yc2E... test key\n";
/// let key_pair = KeyPair::import("laptop", line, Some("6fc0d2cb"), &Profile::documented())?;
/// assert_eq!(key_pair.name().as_ref(), "laptop");
/// assert_eq!(key_pair.public_key(), line);
/// assert_eq!(key_pair.canonical_public_key(), line.trim_end());
/// assert_eq!(key_pair.fingerprint().len(), 47);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPair {
    name: KeyPairName,
    key_type: KeyType,
    public_key: String,
    canonical_public_key: String,
    fingerprint: String,
    change: Option<Change>,
    findings: Findings,
    user_id: Option<String>,
    #[cfg(feature = "x509")]
    certificate: Option<Certificate>,
}

/// What creating a key pair gives: the record, and apart from it the private key.
///
/// ```
/// # #[cfg(feature = "getrandom")] {
/// use ssh_keypair::keypair::{KeyPair, NewKeyPair, Profile};
///
/// let NewKeyPair { key_pair, private_key } = KeyPair::create("demo", None, &Profile::documented())?;
/// let pem = private_key.to_pem()?; // to the user, once
/// # }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Debug)]
pub struct NewKeyPair {
    /// The record.
    pub key_pair: KeyPair,
    /// The private key: to be handed over once, and wiped when dropped.
    pub private_key: RsaPrivateKey,
}

impl NewKeyPair {
    /// What is handed over of the private key, in the form that belongs to the type of the pair: the PEM of PKCS#1; of a
    /// certificate the base64 of a PKCS#12 with an empty password, on one line.
    ///
    /// # Errors
    ///
    /// None that a created pair can cause.
    pub fn private_key_text(&self) -> Result<Zeroizing<String>, Error> {
        #[cfg(feature = "x509")]
        if let Some(certificate) = &self.key_pair.certificate {
            return certificate.to_pkcs12_base64(&self.private_key);
        }
        let mut pem = Zeroizing::new([0; MAX_PEM_BYTES]);
        self.private_key.write_pkcs1_pem(&mut *pem).map(|pem| Zeroizing::new(pem.to_owned()))
    }
}

/// What importing a private key gives: the record, and apart from it the key.
///
/// ```
/// use ssh_keypair::keypair::{ImportedKeyPair, KeyPair, Profile};
///
/// # let text = include_str!("../../tests/data/private/rsa2048.openssh");
/// // let text = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA...";
/// let imported = KeyPair::import_private("laptop", text, None, None, &Profile::nova())?;
/// let ImportedKeyPair { key_pair, private_key } = imported;
/// assert_eq!(private_key.public_key().to_string(), key_pair.public_key());
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Debug)]
pub struct ImportedKeyPair {
    /// The record.
    pub key_pair: KeyPair,
    /// The private key with its comment, wiped when dropped.
    pub private_key: PrivateKey,
}

impl KeyPair {
    /// Creates a key pair with the system's randomness: see [`KeyPair::create_with`].
    ///
    /// ```
    /// # use ssh_keypair::{ErrorKind, keypair::{KeyPair, Profile}};
    /// let profile = Profile::documented().with_comment("two\nlines");
    /// let error = KeyPair::create("demo", None, &profile).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::InvalidCharacter);
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`KeyPair::create_with`].
    #[cfg(feature = "getrandom")]
    pub fn create(name: &str, user_id: Option<&str>, profile: &Profile) -> Result<NewKeyPair, Error> {
        Self::create_with(name, user_id, profile, &mut getrandom::SysRng)
    }

    /// Creates a key pair. Name and comment are checked before a key is made. The time is that of
    /// [`RsaPrivateKey::generate_with`].
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::keypair::{KeyPair, Profile};
    ///
    /// let new = KeyPair::create_with("demo", Some("6fc0d2cb"), &Profile::documented(), &mut getrandom::SysRng)?;
    /// assert!(new.key_pair.public_key().ends_with(" Generated-by-Nova\n"));
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`KeyPairName::new`], [`check_comment`] and [`RsaPrivateKey::generate_with`].
    pub fn create_with<R: TryCryptoRng + ?Sized>(
        name: &str,
        user_id: Option<&str>,
        profile: &Profile,
        rng: &mut R,
    ) -> Result<NewKeyPair, Error> {
        Self::create_named(profile.name(name)?, user_id, profile, rng)
    }

    pub(crate) fn create_named<R: TryCryptoRng + ?Sized>(
        name: KeyPairName,
        user_id: Option<&str>,
        profile: &Profile,
        rng: &mut R,
    ) -> Result<NewKeyPair, Error> {
        Self::create_of(name, user_id, profile, |bits| RsaPrivateKey::generate_with(bits, rng))
    }

    /// Creates the one key pair that belongs to a seed: see [`RsaPrivateKey::from_seed`]. Whoever has the seed has the
    /// key.
    ///
    /// ```
    /// use ssh_keypair::keypair::{KeyPair, Profile};
    ///
    /// let seed = *b"thirty-two bytes, none of random";
    /// let new = KeyPair::create_from_seed("demo", None, &Profile::nova(), &seed)?;
    /// let again = KeyPair::create_from_seed("demo", None, &Profile::nova(), &seed)?;
    /// assert_eq!(new.key_pair, again.key_pair);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`KeyPairName::new`], [`check_comment`] and [`RsaPrivateKey::from_seed`].
    pub fn create_from_seed(
        name: &str,
        user_id: Option<&str>,
        profile: &Profile,
        seed: &[u8],
    ) -> Result<NewKeyPair, Error> {
        Self::create_of(profile.name(name)?, user_id, profile, |bits| RsaPrivateKey::from_seed(bits, seed))
    }

    fn create_of(
        name: KeyPairName,
        user_id: Option<&str>,
        profile: &Profile,
        make: impl FnOnce(usize) -> Result<RsaPrivateKey, Error>,
    ) -> Result<NewKeyPair, Error> {
        check_comment(&profile.comment)?;
        let private_key = make(profile.bits)?;
        let key = PublicKey::from_key_data(&private_key.public_key().into(), &profile.comment)?;
        let accepted = Accepted::of(&key.as_public_key_ref());
        let public_key = profile.line_of(&accepted);
        Ok(NewKeyPair { key_pair: Self::record(name, public_key, accepted, user_id), private_key })
    }

    /// Creates a key pair of the type [`KeyType::X509`] with the system's clock and randomness: see
    /// [`KeyPair::create_x509_with`].
    ///
    /// ```
    /// use ssh_keypair::keypair::{KeyPair, Profile};
    ///
    /// let new = KeyPair::create_x509("demo", "6fc0d2cb", &Profile::nova())?;
    /// assert!(new.key_pair.public_key().starts_with("-----BEGIN CERTIFICATE-----\n"));
    /// let pkcs12 = new.private_key_text()?; // to the user, once
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`KeyPair::create_x509_with`].
    #[cfg(all(feature = "x509", feature = "std"))]
    pub fn create_x509(name: &str, user_id: &str, profile: &Profile) -> Result<NewKeyPair, Error> {
        Self::create_x509_with(name, user_id, profile, now()?, &mut getrandom::SysRng)
    }

    /// Creates a key pair of the type [`KeyType::X509`]: an RSA key of the profile's size, and a certificate of it for the
    /// user, valid from a time on, in seconds since 1970-01-01T00:00:00Z:
    /// [`Certificate::self_signed_with`](crate::x509::Certificate::self_signed_with).
    ///
    /// Its public key is the PEM of the certificate, and its fingerprint SHA-1 of the DER in colon-hex. The profile's comment
    /// and line break are those of a line, and change nothing here. Name, id and time are checked before a key is made.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::keypair::{KeyPair, KeyType, Profile};
    ///
    /// let (profile, now) = (Profile::nova(), 1_800_000_000);
    /// let new = KeyPair::create_x509_with("demo", "6fc0d2cb", &profile, now, &mut getrandom::SysRng)?;
    /// assert_eq!(new.key_pair.key_type(), KeyType::X509);
    /// assert_eq!(new.key_pair.fingerprint().len(), 59);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`KeyPairName::new`], [`check_user_id`](crate::x509::check_user_id), [`RsaPrivateKey::generate_with`] and
    /// [`Certificate::self_signed_with`](crate::x509::Certificate::self_signed_with).
    #[cfg(feature = "x509")]
    pub fn create_x509_with<R: TryCryptoRng + ?Sized>(
        name: &str,
        user_id: &str,
        profile: &Profile,
        not_before: u64,
        rng: &mut R,
    ) -> Result<NewKeyPair, Error> {
        Self::create_x509_named(profile.name(name)?, user_id, profile, not_before, rng)
    }

    #[cfg(feature = "x509")]
    pub(crate) fn create_x509_named<R: TryCryptoRng + ?Sized>(
        name: KeyPairName,
        user_id: &str,
        profile: &Profile,
        not_before: u64,
        rng: &mut R,
    ) -> Result<NewKeyPair, Error> {
        let template = Template::new(user_id, not_before)?;
        let private_key = RsaPrivateKey::generate_with(profile.bits, rng)?;
        let certificate = template.sign(&private_key, rng)?;
        let key_pair = Self::x509_record(name, None, certificate, None, Findings::default(), Some(user_id));
        Ok(NewKeyPair { key_pair, private_key })
    }

    /// Takes a public key that somebody else made, by the profile's [`Policy`]. Its text is kept as it was given, unless
    /// the policy is lenient and had to change it: then the line is kept that it became.
    ///
    /// ```
    /// use ssh_keypair::{ErrorKind, keypair::{KeyPair, Profile}};
    ///
    /// let pasted = "-----BEGIN RSA PRIVATE KEY-----\nMIIE...";
    /// let error = KeyPair::import("laptop", pasted, None, &Profile::documented()).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::PrivateKeyGiven);
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`KeyPairName::new`] and [`Policy::accept`].
    pub fn import(name: &str, public_key: &str, user_id: Option<&str>, profile: &Profile) -> Result<Self, Error> {
        Self::import_named(profile.name(name)?, public_key, user_id, profile)
    }

    pub(crate) fn import_named(
        name: KeyPairName,
        public_key: &str,
        user_id: Option<&str>,
        profile: &Profile,
    ) -> Result<Self, Error> {
        let accepted = profile.policy.accept(public_key)?;
        // The text of a key that had to be changed is of no use to anybody.
        let text = if accepted.change().is_some() { accepted.line() } else { public_key };
        Ok(Self::record(name, text.to_owned(), accepted, user_id))
    }

    /// Takes a certificate that somebody else made, as PEM: see [`Certificate`]. Its key must be one that the profile's
    /// [`Policy`] takes; the rules on the length of a text and on options are for lines. A lenient policy takes white space
    /// around the PEM. The text is kept as it was given, unless that had to be changed.
    ///
    /// One that has expired is taken: [`KeyPair::certificate`] tells.
    ///
    /// ```
    /// use ssh_keypair::keypair::{KeyPair, Profile};
    ///
    /// # let pem = include_str!("../../tests/data/x509/rsa2048.pem");
    /// // let pem = "-----BEGIN CERTIFICATE-----\nMIIDIjCCAgqgAwIBAgIJ...";
    /// let key_pair = KeyPair::import_x509("laptop", pem, Some("6fc0d2cb"), &Profile::documented())?;
    /// assert_eq!(key_pair.public_key(), pem);
    /// assert_eq!(key_pair.fingerprint().len(), 59);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`KeyPairName::new`], of reading a [`Certificate`] and of the rules of [`Policy`] on keys.
    #[cfg(feature = "x509")]
    pub fn import_x509(name: &str, certificate: &str, user_id: Option<&str>, profile: &Profile) -> Result<Self, Error> {
        Self::import_x509_named(profile.name(name)?, certificate, user_id, profile)
    }

    #[cfg(feature = "x509")]
    pub(crate) fn import_x509_named(
        name: KeyPairName,
        text: &str,
        user_id: Option<&str>,
        profile: &Profile,
    ) -> Result<Self, Error> {
        let (certificate, change, findings) = profile.policy.accept_x509(text)?;
        let text = change.is_none().then_some(text);
        Ok(Self::x509_record(name, text, certificate, change, findings, user_id))
    }

    /// Takes a private key that somebody else made, in any form of [`read_private_key`], for a service that keeps its
    /// users' own pairs. The public half must be one that the profile's [`Policy`] takes, as a line with the file's comment:
    /// a limit on its length is one on that line. The record shows it as it shows that of a created pair.
    ///
    /// Of an encrypted file, a sender who is not trusted should be told that it was refused and no more: see
    /// [`read_private_key`].
    ///
    /// ```
    /// use ssh_keypair::{ErrorKind, keypair::{KeyPair, Profile}};
    ///
    /// # let text = include_str!("../../tests/data/private/rsa2048.ppk");
    /// // let text = "PuTTY-User-Key-File-3: ssh-rsa\n...";
    /// let imported = KeyPair::import_private("laptop", text, None, Some("6fc0d2cb"), &Profile::nova())?;
    /// assert_eq!(imported.key_pair.user_id(), Some("6fc0d2cb"));
    /// let pem = imported.private_key.into_rsa()?.to_pem()?;
    ///
    /// # let line = imported.key_pair.public_key();
    /// let error = KeyPair::import_private("laptop", line, None, None, &Profile::nova()).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::NotAPrivateKey);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`KeyPairName::new`], [`read_private_key`] and [`Policy::accept`].
    pub fn import_private(
        name: &str,
        private_key: &str,
        passphrase: Option<&[u8]>,
        user_id: Option<&str>,
        profile: &Profile,
    ) -> Result<ImportedKeyPair, Error> {
        let name = profile.name(name)?;
        let options =
            passphrase.map_or(ReadOptions::new(), |passphrase| ReadOptions::new().with_passphrase(passphrase));
        let private_key = PrivateKey::parse(private_key, &options)?;
        let accepted = profile.policy.accept(&private_key.public_key().to_string())?;
        let public_key = profile.line_of(&accepted);
        Ok(ImportedKeyPair { key_pair: Self::record(name, public_key, accepted, user_id), private_key })
    }

    fn record(name: KeyPairName, public_key: String, accepted: Accepted, user_id: Option<&str>) -> Self {
        Self {
            name,
            key_type: KeyType::Ssh,
            public_key,
            fingerprint: accepted.fingerprint().to_string(),
            change: accepted.change(),
            findings: accepted.findings(),
            canonical_public_key: accepted.into_line(),
            user_id: user_id.map(str::to_owned),
            #[cfg(feature = "x509")]
            certificate: None,
        }
    }

    /// The record of a certificate, with its text where that is to be kept.
    #[cfg(feature = "x509")]
    fn x509_record(
        name: KeyPairName,
        text: Option<&str>,
        certificate: Certificate,
        change: Option<Change>,
        findings: Findings,
        user_id: Option<&str>,
    ) -> Self {
        let pem = certificate.to_string();
        Self {
            name,
            key_type: KeyType::X509,
            public_key: text.map_or_else(|| pem.clone(), str::to_owned),
            fingerprint: certificate.sha1_fingerprint().colon_hex().to_string(),
            change,
            findings,
            canonical_public_key: pem,
            user_id: user_id.map(str::to_owned),
            certificate: Some(certificate),
        }
    }

    /// The name.
    pub fn name(&self) -> &KeyPairName {
        &self.name
    }

    /// The type.
    pub fn key_type(&self) -> KeyType {
        self.key_type
    }

    /// The public key; of an import, byte for byte as it was given.
    pub fn public_key(&self) -> &str {
        &self.public_key
    }

    /// The public key as one line without a line break, with one space between its fields: what to write into an
    /// authorized_keys file, and to compare by. Of a certificate, its PEM with LF.
    pub fn canonical_public_key(&self) -> &str {
        &self.canonical_public_key
    }

    /// The MD5 of the key's blob in lower-case colon-hex; of a certificate the SHA-1 of its DER.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The certificate, of a pair of the type [`KeyType::X509`]: its key, and from when to when it is valid.
    #[cfg(feature = "x509")]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// What an import changed to make the text into one line, where the policy is lenient.
    pub fn change(&self) -> Option<Change> {
        self.change
    }

    /// What an import has found in the key that was no reason for its policy to refuse it. Of a created pair nothing.
    pub fn findings(&self) -> Findings {
        self.findings
    }

    /// The owner's id, where one was given.
    pub fn user_id(&self) -> Option<&str> {
        self.user_id.as_deref()
    }
}
