//! How key pairs are created and imported.

use super::name::NameAlphabet;
use super::policy::ImportPolicy;
use super::private_key_format::PrivateKeyFormat;
use crate::key::KeySpec;
use alloc::borrow::{Cow, ToOwned};
use alloc::string::String;

/// How key pairs are created and imported.
///
/// | | [`documented`](Profile::documented) | [`nova`](Profile::nova) |
/// |---|---|---|
/// | created key | RSA, 2048 bits | RSA, 2048 bits |
/// | format of a private key that is not RSA | [`PrivateKeyFormat::Openssh`] | [`PrivateKeyFormat::Openssh`] |
/// | comment of a created key | `Generated-by-Nova` | `Generated-by-Nova` |
/// | line break at the end of its public key in the response | yes | no |
/// | public keys that are imported | [`ImportPolicy::new`], to 1024 bytes | [`ImportPolicy::new`] |
/// | certificates that are imported | to 16 KiB | to 16 KiB |
/// | weak keys | reported; rejected if broken | reported; rejected if broken |
/// | alphabet of names in a request | [`NameAlphabet::Basic`] | [`NameAlphabet::Basic`] |
///
/// The limit of 1024 bytes applies only to imported lines. A created key of 6144 bits has a longer line, and so do most
/// certificates, for which the parser's limit applies in both profiles.
///
/// ```
/// use ssh_keypair::{KeySpec, keypair::Profile};
/// let profile = Profile::nova().with_key_spec(KeySpec::Rsa { bits: 4096 }).with_comment("made by example.org");
/// assert_eq!(profile.key_spec().bits(), 4096);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Profile {
    comment: Cow<'static, str>,
    key_spec: KeySpec,
    private_key_format: PrivateKeyFormat,
    trailing_newline: bool,
    policy: ImportPolicy,
    name_alphabet: NameAlphabet,
}

impl Profile {
    /// The behaviour that the public clouds document.
    pub fn documented() -> Self {
        Self { trailing_newline: true, policy: ImportPolicy::new().with_max_bytes(1024), ..Self::nova() }
    }

    /// The behaviour of Nova itself, with the differences of this table. Where both reject a request, the status is Nova's, and
    /// the reason in the message is ours.
    ///
    /// | request | Nova | this profile |
    /// |---|---|---|
    /// | a member that is given twice | the last one counts | 400 |
    /// | a line break at the end of a name | is removed | 400 |
    /// | two spaces after the key type | accepted, with the fingerprint of an empty key | 400 |
    /// | a tab instead of a space | 400 | accepted |
    /// | more than one line | the first one is the key | 400 |
    /// | base64 with more padding than needed | accepted | 400 |
    /// | more than 16 KiB | accepted | 400 |
    /// | a control character in the comment | accepted | 400 |
    /// | a point that is not on its curve | accepted | 400 |
    /// | an RSA key of fewer than 1024 or more than 8192 bits | accepted | 400 |
    /// | a composite key of ML-DSA-44 and Ed25519 | 400 | accepted |
    /// | a broken RSA key | accepted | 400: see [`audit`](crate::audit) |
    /// | a key whose secret anyone can guess | accepted | 400: see [`audit`](crate::audit) |
    /// | an OpenSSH certificate | accepted, with the fingerprint of the whole blob | 400, unless the policy accepts it, with the fingerprint of the key inside |
    /// | a certificate with text around it | accepted, and stored with the text | 400, unless the policy is lenient |
    /// | more than one certificate | the first one counts | 400 |
    /// | a certificate for another type of key | accepted | 400 |
    /// | a bad field, or a bad version | a message with the value | a message without it |
    /// | a path or a method that does not exist | 404 as HTML, or 300 | 404 with the fault `itemNotFound` |
    ///
    /// For an `sk-` key, the fingerprint is that of the whole key, as `ssh-keygen` prints it. Nova's depends on the version of a
    /// library: older ones leave the application out. Which weaknesses and sizes are rejected depends on the
    /// [policy](Self::with_policy).
    ///
    /// The table is complete for the requests that CI sends to both: see `.ci/service` in the repository.
    pub fn nova() -> Self {
        Self {
            comment: Cow::Borrowed("Generated-by-Nova"),
            key_spec: KeySpec::Rsa { bits: 2048 },
            private_key_format: PrivateKeyFormat::Openssh,
            trailing_newline: false,
            policy: ImportPolicy::new(),
            name_alphabet: NameAlphabet::Basic,
        }
    }

    /// Sets the comment of created keys, which is checked when a key is created.
    #[must_use]
    pub fn with_comment(mut self, comment: impl Into<Cow<'static, str>>) -> Self {
        self.comment = comment.into();
        self
    }

    /// Sets the type and the size of created keys; the size is checked when a key is created. A pair with an X.509 certificate
    /// must be RSA.
    #[must_use]
    pub fn with_key_spec(mut self, spec: KeySpec) -> Self {
        self.key_spec = spec;
        self
    }

    /// Sets the format in which a response shows a created private key that is not RSA.
    #[must_use]
    pub fn with_private_key_format(mut self, format: PrivateKeyFormat) -> Self {
        self.private_key_format = format;
        self
    }

    /// Ends the public key of a response with a line break, if the crate wrote the line: for a created pair, and for one whose
    /// private key was imported.
    #[must_use]
    pub fn with_trailing_newline(mut self) -> Self {
        self.trailing_newline = true;
        self
    }

    /// Ends the public key of a response without a line break, if the crate wrote the line.
    #[must_use]
    pub fn without_trailing_newline(mut self) -> Self {
        self.trailing_newline = false;
        self
    }

    /// Sets which public keys are imported.
    #[must_use]
    pub fn with_policy(mut self, policy: ImportPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets the characters of names in a request before version 2.92: see [`Request::new`](crate::os_keypairs::Request::new).
    #[must_use]
    pub fn with_name_alphabet(mut self, alphabet: NameAlphabet) -> Self {
        self.name_alphabet = alphabet;
        self
    }

    /// The comment of created keys.
    pub fn comment(&self) -> &str {
        &self.comment
    }

    /// The type and the size of created keys.
    pub fn key_spec(&self) -> KeySpec {
        self.key_spec
    }

    /// The format in which a response shows a created private key that is not RSA.
    pub fn private_key_format(&self) -> PrivateKeyFormat {
        self.private_key_format
    }

    /// Whether a public key that the crate wrote ends with a line break in a response.
    pub fn has_trailing_newline(&self) -> bool {
        self.trailing_newline
    }

    /// Which public keys are imported.
    pub fn policy(&self) -> &ImportPolicy {
        &self.policy
    }

    /// The characters of names in a request before version 2.92.
    pub fn name_alphabet(&self) -> NameAlphabet {
        self.name_alphabet
    }

    /// A line that the crate wrote, as a response shows it.
    pub(super) fn line_for_response(&self, line: &str) -> String {
        let mut line = line.to_owned();
        if self.trailing_newline {
            line.push('\n');
        }
        line
    }
}
