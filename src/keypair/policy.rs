//! What a service takes as a public key.

use crate::audit::{self, Denylist, Findings, Severity};
use crate::error::{Error, ErrorKind, Field};
use crate::fingerprint::Md5Fingerprint;
use crate::key::{Algorithm, KeyData, PublicKey, PublicKeyRef};
use crate::openssh::{AuthorizedKey, CertificateRef, has_options};
use crate::read::KeyFormat;
use crate::text::{MAX_BLOB_BYTES, MAX_LINE_BYTES, reject_private_key};
#[cfg(feature = "x509")]
use crate::x509;
use alloc::string::{String, ToString};
use alloc::vec;
use core::fmt;

/// What a service takes as a public key. A refusal says which rule it broke.
///
/// | rule | [`strict`](Policy::strict) | kind of the refusal |
/// |---|---|---|
/// | types | all that are known here | [`ErrorKind::TypeNotAllowed`], [`ErrorKind::UnknownKeyType`] |
/// | bits of an RSA modulus | 1024 to 16384 | [`ErrorKind::KeyTooSmall`], [`ErrorKind::KeyTooLarge`] |
/// | length of the text | the parser's, 16 KiB | [`ErrorKind::TooLong`] |
/// | weak keys | broken ones refused, others reported | that of the [`Weakness`](crate::audit::Weakness) |
/// | certificates | refused | [`ErrorKind::CertificateNotAllowed`] |
/// | options of authorized_keys | refused | [`ErrorKind::OptionsNotAllowed`] |
/// | anything but the one line | refused | that of the parser |
///
/// ```
/// use ssh_keypair::{Algorithm, ErrorKind, keypair::Policy};
///
/// # let (rsa, ed25519) = (include_str!("../../tests/data/rsa2048.pub"), include_str!("../../tests/data/ed25519.pub"));
/// let policy = Policy::strict().with_algorithms(&[Algorithm::Rsa]).with_min_rsa_bits(3072);
/// assert_eq!(policy.accept(ed25519).unwrap_err().kind(), ErrorKind::TypeNotAllowed);
/// assert_eq!(policy.accept(rsa).unwrap_err().kind(), ErrorKind::KeyTooSmall);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// One bit for each of [`Algorithm::KNOWN`], in their order, and one for opaque ones.
    algorithms: u16,
    min_rsa_bits: usize,
    max_rsa_bits: usize,
    max_bytes: Option<usize>,
    certificates: bool,
    options: bool,
    lenient: bool,
    refused_severity: Option<Severity>,
    denylist: Option<Denylist<'static>>,
}

/// The bit of a type.
fn bit(algorithm: Algorithm) -> u16 {
    Algorithm::KNOWN.iter().position(|known| *known == algorithm).map_or(1 << Algorithm::KNOWN.len(), |at| 1 << at)
}

impl Default for Policy {
    fn default() -> Self {
        Self::strict()
    }
}

impl Policy {
    /// Every plain key of a known type, as one line.
    ///
    /// ```
    /// # use ssh_keypair::keypair::Policy;
    /// assert!(Policy::strict().accept(include_str!("../../tests/data/ed25519.pub")).is_ok());
    /// ```
    pub fn strict() -> Self {
        Self {
            algorithms: Algorithm::KNOWN.iter().fold(0, |set, algorithm| set | bit(*algorithm)),
            min_rsa_bits: 1024,
            max_rsa_bits: 16384,
            max_bytes: None,
            certificates: false,
            options: false,
            lenient: false,
            refused_severity: Some(Severity::Broken),
            denylist: None,
        }
    }

    /// The types that are taken, of keys and of those inside of certificates. [`Algorithm::Opaque`] stands for all that are
    /// not known here.
    #[must_use]
    pub fn with_algorithms(mut self, algorithms: &[Algorithm]) -> Self {
        self.algorithms = algorithms.iter().fold(0, |set, algorithm| set | bit(*algorithm));
        self
    }

    /// The bits of the smallest RSA key that is taken. Below 1024 none ever is.
    #[must_use]
    pub fn with_min_rsa_bits(mut self, bits: usize) -> Self {
        self.min_rsa_bits = bits;
        self
    }

    /// The bits of the largest RSA key that is taken. Above 16384 none ever is.
    #[must_use]
    pub fn with_max_rsa_bits(mut self, bits: usize) -> Self {
        self.max_rsa_bits = bits;
        self
    }

    /// The bytes of the longest text that is taken.
    #[must_use]
    pub fn with_max_bytes(mut self, max: Option<usize>) -> Self {
        self.max_bytes = max;
        self
    }

    /// The least severity of a weakness for which a key is refused; with `None` no key is. The error is that of the worst, and
    /// of several of one severity that of the last in the order of [`Weakness::ALL`](crate::audit::Weakness::ALL). Every key
    /// that is taken has been looked at, and [`Accepted::findings`] says what was found: see [`audit`](crate::audit), with the
    /// time that it takes.
    #[must_use]
    pub fn with_refused_severity(mut self, least: Option<Severity>) -> Self {
        self.refused_severity = least;
        self
    }

    /// A list of known keys, in the place of any before: one that is on it counts as
    /// [`Weakness::Denylisted`](crate::audit::Weakness::Denylisted). A service that reads the file when it starts has it for as
    /// long as it runs, with [`Box::leak`](alloc::boxed::Box::leak).
    #[must_use]
    pub fn with_denylist(mut self, denylist: Denylist<'static>) -> Self {
        self.denylist = Some(denylist);
        self
    }

    /// Whether certificates are taken. The rules are for the key inside; the authority's is under none, and its signature is
    /// not verified: see [`CertificateRef`].
    #[must_use]
    pub fn with_certificates(mut self, certificates: bool) -> Self {
        self.certificates = certificates;
        self
    }

    /// Whether the line may begin with options, as in authorized_keys.
    #[must_use]
    pub fn with_options(mut self, options: bool) -> Self {
        self.options = options;
        self
    }

    /// Whether a text that is not the one line is made into it, where no doubt is left about what it means: the [`Change`]s
    /// list how. The checks of the key stay as they are.
    #[must_use]
    pub fn with_lenient(mut self, lenient: bool) -> Self {
        self.lenient = lenient;
        self
    }

    /// Takes a text, or says why not. A private key in it is said to be one before anything else, even if the text is over
    /// the rule's length, to 16 KiB: that is what its owner must know.
    ///
    /// # Errors
    ///
    /// Those of the rules, above, and of [`PublicKeyRef::parse`](crate::PublicKeyRef::parse).
    pub fn accept(&self, text: &str) -> Result<Accepted, Error> {
        self.check_length(text)?;
        self.accept_line(text).or_else(|error| match error.offset() {
            // What is wrong with it otherwise is what the text as it was given has wrong.
            Some(_) => self.accept_other(text, error.kind()).unwrap_or(Err(error)),
            // What a rule says of the key has no place in the text, and no other text changes it.
            None => Err(error),
        })
    }

    /// The rule on the length of a text.
    pub(crate) fn check_length(&self, text: &str) -> Result<(), Error> {
        match self.max_bytes {
            Some(max) if text.len() > max => {
                if text.len() <= MAX_LINE_BYTES {
                    reject_private_key(text)?;
                }
                Err(Error::new(ErrorKind::TooLong).in_field(Field::PublicKey).at(max))
            }
            _ => Ok(()),
        }
    }

    /// Takes the one line.
    fn accept_line(&self, text: &str) -> Result<Accepted, Error> {
        if self.options && has_options(text) {
            return self.accept_authorized_key(text);
        }
        let result = match self.algorithms & bit(Algorithm::Opaque) {
            0 => text.parse::<PublicKey>(),
            _ => PublicKey::from_openssh_opaque(text),
        };
        match result {
            Ok(key) => self.accept_key(&key, None),
            Err(error) if error.kind() == ErrorKind::CertificateNotAllowed && self.certificates => {
                self.accept_certificate(text)
            }
            // Options that cannot be told apart: why not.
            Err(error) if error.kind() == ErrorKind::OptionsNotAllowed && self.options => {
                self.accept_authorized_key(text)
            }
            Err(error) => Err(error),
        }
    }

    fn accept_authorized_key(&self, text: &str) -> Result<Accepted, Error> {
        let entry: AuthorizedKey = text.parse()?;
        let findings = self.check(&entry.key().key_data())?;
        Ok(Accepted { line: entry.canonical().to_string(), findings, ..Accepted::of(&entry.key().as_public_key_ref()) })
    }

    fn accept_certificate(&self, text: &str) -> Result<Accepted, Error> {
        let mut buffer = vec![0; MAX_BLOB_BYTES];
        let certificate = CertificateRef::parse(text, &mut buffer)?;
        let findings = self.check(&certificate.key_data())?;
        Ok(Accepted {
            line: certificate.canonical().to_string(),
            fingerprint: certificate.md5_fingerprint(),
            algorithm: certificate.algorithm(),
            bits: certificate.bits(),
            findings,
            change: None,
        })
    }

    /// Takes the PEM of an X.509 certificate, whose key the rules are for; a lenient policy with white space around it.
    #[cfg(feature = "x509")]
    pub(super) fn accept_x509(&self, text: &str) -> Result<(x509::Certificate, Option<Change>, Findings), Error> {
        let (certificate, change) = match text.parse::<x509::Certificate>() {
            Ok(certificate) => (certificate, None),
            Err(error) => match self.trimmed(text, error.kind()) {
                Some((framed, skipped)) if framed.len() < text.len() => {
                    let certificate = framed.parse().map_err(|error| in_whole(error, skipped))?;
                    (certificate, Some(Change::WhiteSpace))
                }
                _ => return Err(error),
            },
        };
        let findings = self.check(&certificate.public_key().key_data())?;
        Ok((certificate, change, findings))
    }

    fn accept_key(&self, key: &PublicKey, change: Option<Change>) -> Result<Accepted, Error> {
        let key = key.as_public_key_ref();
        let findings = self.check(&key.key_data())?;
        Ok(Accepted { change, findings, ..Accepted::of(&key) })
    }

    /// The rules that are of the key itself, and what was found that breaks none. The long one last.
    fn check(&self, key: &KeyData<'_>) -> Result<Findings, Error> {
        if self.algorithms & bit(key.algorithm()) == 0 {
            return Err(Error::new(ErrorKind::TypeNotAllowed).in_field(Field::KeyType));
        }
        if let KeyData::Rsa(rsa) = key {
            let refused = |kind| Err(Error::new(kind).in_field(Field::Modulus));
            match rsa.bits() {
                bits if bits < self.min_rsa_bits => return refused(ErrorKind::KeyTooSmall),
                bits if bits > self.max_rsa_bits => return refused(ErrorKind::KeyTooLarge),
                _ => {}
            }
        }
        let findings = audit::check_with(key, self.denylist.as_slice());
        let worst = findings.iter().max_by_key(|weakness| weakness.severity());
        match (worst, self.refused_severity) {
            (Some(weakness), Some(least)) if weakness.severity() >= least => {
                Err(Error::new(ErrorKind::Weak(weakness)).in_field(weakness.field()))
            }
            _ => Ok(findings),
        }
    }

    /// A refused text without the white space around it, and how much of it was at the start, if the policy is lenient and looks at
    /// it once more.
    fn trimmed<'t>(&self, text: &'t str, refused: ErrorKind) -> Option<(&'t str, usize)> {
        if !self.lenient || refused == ErrorKind::PrivateKeyGiven || refused == ErrorKind::TooLong {
            return None;
        }
        let framed = text.trim_start_matches('\u{feff}').trim_start_matches(WHITE_SPACE);
        Some((framed.trim_end_matches(WHITE_SPACE), text.len() - framed.len()))
    }

    /// Takes a text that is not the one line, if the policy is lenient and it can be made into it.
    fn accept_other(&self, text: &str, refused: ErrorKind) -> Option<Result<Accepted, Error>> {
        let (text, skipped) = self.trimmed(text, refused)?;
        let converted = |key: Result<PublicKey, Error>, change| {
            let key = key.map_err(|error| in_whole(error, skipped));
            Some(key.and_then(|key| self.accept_key(&key, Some(change))))
        };
        match KeyFormat::detect(text) {
            Some(KeyFormat::Rfc4716) => converted(PublicKey::from_rfc4716(text), Change::FromRfc4716),
            Some(KeyFormat::SpkiPem | KeyFormat::Pkcs1PublicPem) => {
                converted(PublicKey::from_pem(text), Change::FromPem)
            }
            Some(KeyFormat::PublicKeyLine | KeyFormat::CertificateLine) => {
                match self.accept_line(&with_single_spaces(text)?) {
                    Ok(accepted) => Some(Ok(Accepted { change: Some(Change::WhiteSpace), ..accepted })),
                    // What a rule says of the key has no place in the text.
                    Err(error) if error.offset().is_none() => Some(Err(error)),
                    Err(_) => None,
                }
            }
            _ => None,
        }
    }
}

/// The error of a trimmed text, seen from the whole.
fn in_whole(error: Error, skipped: usize) -> Error {
    match error.field() {
        Some(Field::PublicKey | Field::Base64 | Field::Comment) => error.moved(skipped),
        _ => error,
    }
}

/// What is white space to a lenient policy: what editors, terminals and mails leave. Line separators of Unicode are not:
/// for some readers a line ends there.
const WHITE_SPACE: [char; 6] = [' ', '\t', '\n', '\r', '\u{b}', '\u{a0}'];

/// A line with one space between its fields, and with no breaks in its base64. None if something follows that is not the
/// rest of the base64: a second key, perhaps.
fn with_single_spaces(text: &str) -> Option<String> {
    let (type_name, rest) = text.split_once(WHITE_SPACE)?;
    let mut rest = rest.trim_start_matches(WHITE_SPACE);
    let mut base64 = String::new();
    loop {
        let (part, behind) = rest.split_at(rest.find(WHITE_SPACE).unwrap_or(rest.len()));
        if !part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)) {
            return None;
        }
        base64.push_str(part);
        rest = behind.trim_start_matches(WHITE_SPACE);
        // Base64 goes on in the next line, unless something else stands in this one.
        let line_ends = behind[..behind.len() - rest.len()].contains(['\n', '\r']);
        if rest.is_empty() || !line_ends {
            break;
        }
    }
    // What is left is the comment, if it is one line.
    (!rest.contains(['\n', '\r']))
        .then(|| [type_name, &base64, rest].join(" ").trim_end_matches(WHITE_SPACE).to_string())
}

/// What was changed to make a text into one line.
///
/// ```
/// # use ssh_keypair::keypair::{Change, Policy};
/// let policy = Policy::strict().with_lenient(true);
/// let accepted = policy.accept(include_str!("../../tests/data/ed25519.rfc4716"))?;
/// assert_eq!(accepted.change(), Some(Change::FromRfc4716));
/// assert_eq!(Change::FromRfc4716.to_string(), "converted from RFC 4716");
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Change {
    /// White space around the line or between its fields, line breaks in its base64, or a byte order mark.
    WhiteSpace,
    /// It was an RFC 4716 file.
    FromRfc4716,
    /// It was a SubjectPublicKeyInfo or a PKCS#1 public key as PEM.
    FromPem,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WhiteSpace => "white space removed",
            Self::FromRfc4716 => "converted from RFC 4716",
            Self::FromPem => "converted from PEM",
        })
    }
}

/// A public key that a [`Policy`] has taken.
///
/// ```
/// # use ssh_keypair::{Algorithm, keypair::Policy};
/// let text = include_str!("../../tests/data/ed25519.pub");
/// let accepted = Policy::strict().accept(text)?;
/// assert_eq!(accepted.line(), text.trim_end());
/// assert_eq!((accepted.algorithm(), accepted.bits()), (Algorithm::Ed25519, 256));
/// assert_eq!(accepted.fingerprint().to_string().len(), 47);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    line: String,
    fingerprint: Md5Fingerprint,
    algorithm: Algorithm,
    bits: usize,
    findings: Findings,
    change: Option<Change>,
}

impl Accepted {
    /// What is taken of a key that nothing was found in.
    pub(super) fn of(key: &PublicKeyRef<'_>) -> Self {
        Self {
            line: key.canonical().to_string(),
            fingerprint: key.md5_fingerprint(),
            algorithm: key.algorithm(),
            bits: key.bits(),
            findings: Findings::default(),
            change: None,
        }
    }
}

impl Accepted {
    /// The line, without a line break, with one space between its fields: what to write into an authorized_keys file, and
    /// to compare by.
    pub fn line(&self) -> &str {
        &self.line
    }

    pub(super) fn into_line(self) -> String {
        self.line
    }

    /// The MD5 of the key's blob; of a certificate, of that of the plain key inside.
    pub fn fingerprint(&self) -> Md5Fingerprint {
        self.fingerprint
    }

    /// The type of the key.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The size of the key: see [`KeyData::bits`].
    pub fn bits(&self) -> usize {
        self.bits
    }

    /// What was found in the key that is no reason to refuse it.
    pub fn findings(&self) -> Findings {
        self.findings
    }

    /// What was changed, where the policy is lenient.
    pub fn change(&self) -> Option<Change> {
        self.change
    }
}
