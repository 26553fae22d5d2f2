//! Which public keys a service accepts: the rules.

use super::line::LineForms;
use crate::audit::{self, Denylist, Findings, Severity};
use crate::error::{Error, ErrorKind, Field};
use crate::key::{Algorithm, KeyData};
use core::fmt;
#[cfg(doc)]
use {
    super::accepted::AcceptedKey, crate::audit::Weakness, crate::openssh::CertificateRef, crate::text::Normalization,
};

/// Which public keys a service accepts. An error says which rule a key broke.
///
/// | rule | default: [`new`](ImportPolicy::new) | kind of the error |
/// |---|---|---|
/// | types | all that are supported | [`ErrorKind::TypeNotAllowed`], [`ErrorKind::UnknownKeyType`] |
/// | bits of an RSA modulus | 1024 to 8192 | [`ErrorKind::KeyTooSmall`], [`ErrorKind::KeyTooLarge`] |
/// | length of the text | the parser's, 16 KiB | [`ErrorKind::TooLong`] |
/// | weak keys | broken ones rejected, others reported | [`ErrorKind::Weak`] |
/// | certificates | rejected | [`ErrorKind::CertificateNotAllowed`] |
/// | options of authorized_keys | rejected | [`ErrorKind::OptionsNotAllowed`] |
/// | anything but a single line | rejected | the parser's |
///
/// `Debug` shows the rules: names, numbers, and the number of records in a denylist.
///
/// ```
/// use ssh_keypair::{Algorithm, ErrorKind, keypair::ImportPolicy};
///
/// # let (rsa, ed25519) = (include_str!("../../tests/data/rsa2048.pub"), include_str!("../../tests/data/ed25519.pub"));
/// let policy = ImportPolicy::new().with_algorithms(&[Algorithm::Rsa]).with_min_rsa_bits(3072);
/// let error = policy.accept(ed25519).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::TypeNotAllowed);
/// assert_eq!(error.to_string(), "key type: this key type is not allowed here (found ssh-ed25519)");
/// assert_eq!(policy.accept(rsa).unwrap_err().kind(), ErrorKind::KeyTooSmall);
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ImportPolicy {
    /// One bit for each of [`Algorithm::KNOWN`], in their order, and one for opaque keys.
    algorithms: u16,
    min_rsa_bits: usize,
    max_rsa_bits: usize,
    max_bytes: Option<usize>,
    certificates: bool,
    options: bool,
    normalization: bool,
    rejected_severity: Option<Severity>,
    denylist: Option<Denylist>,
}

/// The bit of a type.
fn bit(algorithm: Algorithm) -> u16 {
    Algorithm::KNOWN.iter().position(|known| *known == algorithm).map_or(1 << Algorithm::KNOWN.len(), |at| 1 << at)
}

/// The strict policy: [`ImportPolicy::new`].
impl Default for ImportPolicy {
    fn default() -> Self {
        Self::new()
    }
}

impl ImportPolicy {
    /// The strict policy: accepts every plain key of a supported type that is not broken, as a single line.
    pub fn new() -> Self {
        Self {
            algorithms: Algorithm::KNOWN.iter().fold(0, |set, algorithm| set | bit(*algorithm)),
            min_rsa_bits: 1024,
            max_rsa_bits: 8192,
            max_bytes: None,
            certificates: false,
            options: false,
            normalization: false,
            rejected_severity: Some(Severity::Broken),
            denylist: None,
        }
    }

    /// Sets the types that are accepted, of keys and of those inside certificates. [`Algorithm::Opaque`] stands for all types
    /// that are not supported.
    #[must_use]
    pub fn with_algorithms(mut self, algorithms: &[Algorithm]) -> Self {
        self.algorithms = algorithms.iter().fold(0, |set, algorithm| set | bit(*algorithm));
        self
    }

    /// Sets the size in bits of the smallest RSA key that is accepted. Below 1024 bits, no key is ever accepted.
    #[must_use]
    pub fn with_min_rsa_bits(mut self, bits: usize) -> Self {
        self.min_rsa_bits = bits;
        self
    }

    /// Sets the size in bits of the largest RSA key that is accepted. Above 16384 bits, no key is ever accepted.
    #[must_use]
    pub fn with_max_rsa_bits(mut self, bits: usize) -> Self {
        self.max_rsa_bits = bits;
        self
    }

    /// Sets the length in bytes of the longest text that is accepted; of a text that is converted, the length of the line that
    /// results. Above 16 KiB, no text is ever accepted.
    #[must_use]
    pub fn with_max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = Some(bytes);
        self
    }

    /// Rejects every key with a weakness of this severity or a worse one. The default is [`Severity::Broken`]. The error names
    /// the worst weakness; of several with the same severity, the last in the order of [`Weakness::ALL`]. Every key is checked,
    /// and [`AcceptedKey::findings`] reports the weaknesses of an accepted key: see [`audit`], which also says how long this
    /// takes.
    #[must_use]
    pub fn with_rejected_severity(mut self, severity: Severity) -> Self {
        self.rejected_severity = Some(severity);
        self
    }

    /// Never rejects a key for a weakness, not even a broken key or one on the denylist: [`AcceptedKey::findings`] reports
    /// them.
    #[must_use]
    pub fn allow_weak_keys(mut self) -> Self {
        self.rejected_severity = None;
        self
    }

    /// Sets the list of known keys, and replaces an earlier one. A key on it has the weakness [`Weakness::Denylisted`].
    #[must_use]
    pub fn with_denylist(mut self, denylist: Denylist) -> Self {
        self.denylist = Some(denylist);
        self
    }

    /// Accepts certificates. The rules apply to the key inside, but not to the authority's key, and the signature is not
    /// verified: see [`CertificateRef`].
    #[must_use]
    pub fn allow_certificates(mut self) -> Self {
        self.certificates = true;
        self
    }

    /// Accepts lines that begin with options, as in authorized_keys.
    #[must_use]
    pub fn allow_options(mut self) -> Self {
        self.options = true;
        self
    }

    /// Converts a text that is not a single line into one, if its meaning is beyond doubt: [`Normalization`] lists how. The
    /// rules for the key stay the same.
    #[must_use]
    pub fn allow_normalization(mut self) -> Self {
        self.normalization = true;
        self
    }

    /// The types that are accepted.
    pub fn algorithms(&self) -> impl Iterator<Item = Algorithm> {
        let algorithms = Algorithm::KNOWN.iter().copied().chain([Algorithm::Opaque]);
        algorithms.filter(|algorithm| self.algorithms & bit(*algorithm) != 0)
    }

    /// The size in bits of the smallest RSA key that is accepted.
    pub fn min_rsa_bits(&self) -> usize {
        self.min_rsa_bits
    }

    /// The size in bits of the largest RSA key that is accepted.
    pub fn max_rsa_bits(&self) -> usize {
        self.max_rsa_bits
    }

    /// The length in bytes of the longest text that is accepted; `None` if only the parser's limit applies.
    pub fn max_bytes(&self) -> Option<usize> {
        self.max_bytes
    }

    /// The lowest severity for which a key is rejected; `None` if no key is rejected for a weakness.
    pub fn rejected_severity(&self) -> Option<Severity> {
        self.rejected_severity
    }

    /// The list of known keys.
    pub fn denylist(&self) -> Option<&Denylist> {
        self.denylist.as_ref()
    }

    /// Whether certificates are accepted.
    pub fn allows_certificates(&self) -> bool {
        self.certificates
    }

    /// Whether lines with options are accepted.
    pub fn allows_options(&self) -> bool {
        self.options
    }

    /// Whether a text may be converted into a single line.
    pub fn allows_normalization(&self) -> bool {
        self.normalization
    }

    /// What a line may be.
    pub(super) fn line_forms(&self) -> LineForms {
        let opaque = self.algorithms & bit(Algorithm::Opaque) != 0;
        LineForms { certificates: self.certificates, options: self.options, opaque }
    }

    /// Checks the rules for the key itself, the slow one last. Returns the weaknesses for which it is not rejected.
    pub(super) fn check(&self, key: &KeyData<'_>) -> Result<Findings, Error> {
        if self.algorithms & bit(key.algorithm()) == 0 {
            let error = Field::KeyType.error(ErrorKind::TypeNotAllowed);
            return Err(match key.algorithm() {
                // Its name is a word of the input.
                Algorithm::Opaque => error,
                known => error.named(known.as_str()),
            });
        }
        if let KeyData::Rsa(rsa) = key {
            match rsa.bits() {
                bits if bits < self.min_rsa_bits => {
                    return Err(Field::Modulus.error(ErrorKind::KeyTooSmall).measured(bits, self.min_rsa_bits));
                }
                bits if bits > self.max_rsa_bits => {
                    return Err(Field::Modulus.error(ErrorKind::KeyTooLarge).measured(bits, self.max_rsa_bits));
                }
                _ => {}
            }
        }
        let denylist = self.denylist.as_ref().map(Denylist::as_denylist_ref);
        let findings = audit::quick_check(key, denylist.as_slice());
        let worst = findings.iter().max_by_key(|weakness| weakness.severity());
        match (worst, self.rejected_severity) {
            (Some(weakness), Some(least)) if weakness.severity() >= least => {
                Err(weakness.field().error(ErrorKind::Weak(weakness)))
            }
            _ => Ok(findings),
        }
    }
}

impl fmt::Debug for ImportPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Names<'a>(&'a ImportPolicy);
        impl fmt::Debug for Names<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_list().entries(self.0.algorithms().map(Algorithm::as_str)).finish()
            }
        }
        f.debug_struct("ImportPolicy")
            .field("algorithms", &Names(self))
            .field("min_rsa_bits", &self.min_rsa_bits)
            .field("max_rsa_bits", &self.max_rsa_bits)
            .field("max_bytes", &self.max_bytes)
            .field("rejected_severity", &self.rejected_severity)
            .field("denylist_records", &self.denylist.as_ref().map(Denylist::len))
            .field("allows_certificates", &self.certificates)
            .field("allows_options", &self.options)
            .field("allows_normalization", &self.normalization)
            .finish()
    }
}
