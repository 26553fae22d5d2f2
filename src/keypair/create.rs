//! Creating a key pair.

use super::accepted::AcceptedKey;
use super::name::KeyPairName;
use super::private_key_format::PrivateKeyFormat;
use super::profile::Profile;
use super::record::Record;
use super::user_id::UserId;
use crate::audit::Findings;
use crate::error::Error;
use crate::key::{KeySpec, PrivateKey};
use crate::openssh::Entry;
use crate::pkcs::MAX_PEM_BYTES;
use crate::text::check_comment;
use alloc::borrow::ToOwned;
use alloc::string::String;
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

/// What creating a key pair returns: the record and, separately, the private key.
///
/// ```
/// # #[cfg(feature = "getrandom")] {
/// use ssh_keypair::keypair::{Created, Profile, Record};
///
/// let created = Record::create("demo".parse()?, None, &Profile::documented())?;
/// let pem = created.private_key_for_response()?; // to the user, once
/// let Created { record, private_key, .. } = created;
/// assert_eq!(private_key.public_key().to_string(), record.public_key());
/// # }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Created {
    /// The record.
    pub record: Record,
    /// The private key, with the profile's comment: to be returned exactly once. It is wiped when dropped.
    pub private_key: PrivateKey,
    /// The format in which a response shows the private key if it is not RSA: that of the profile.
    pub private_key_format: PrivateKeyFormat,
}

impl Created {
    /// The private key as the response shows it, in the format that belongs to the type of the pair: the PEM of PKCS#1; for an
    /// X.509 certificate the base64, on one line, of a PKCS#12 with an empty password. A key that is not RSA has neither, and
    /// is written in [`Created::private_key_format`].
    ///
    /// The time does not depend on the key's numbers.
    ///
    /// # Errors
    ///
    /// None for a pair that was not changed since it was created.
    pub fn private_key_for_response(&self) -> Result<Zeroizing<String>, Error> {
        let Some(rsa) = self.private_key.as_rsa() else {
            return match self.private_key_format {
                PrivateKeyFormat::Openssh => self.private_key.to_openssh(),
                PrivateKeyFormat::Pkcs8 => text(|buffer| self.private_key.write_pkcs8_pem(buffer)),
            };
        };
        #[cfg(feature = "x509")]
        if let Some(certificate) = self.record.certificate() {
            return certificate.to_pkcs12_base64(rsa);
        }
        text(|buffer| rsa.write_pkcs1_pem(buffer))
    }
}

/// A PEM as a string.
fn text(write: impl FnOnce(&mut [u8]) -> Result<&str, Error>) -> Result<Zeroizing<String>, Error> {
    let mut pem = Zeroizing::new([0; MAX_PEM_BYTES]);
    write(&mut *pem).map(|pem| Zeroizing::new(pem.to_owned()))
}

impl Record {
    /// Creates a key pair with the system's randomness: see [`Record::create_with`].
    ///
    /// ```
    /// use ssh_keypair::keypair::{Profile, Record};
    /// let created = Record::create("demo".parse()?, None, &Profile::nova())?;
    /// assert_eq!(created.record.name().as_str(), "demo");
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Record::create_with`].
    #[cfg(feature = "getrandom")]
    pub fn create(name: KeyPairName, user_id: Option<UserId>, profile: &Profile) -> Result<Created, Error> {
        Self::create_with(name, user_id, profile, &mut getrandom::SysRng)
    }

    /// Creates a key pair. The comment is checked before a key is generated. This takes as long as
    /// [`PrivateKey::generate_with`].
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")] {
    /// use ssh_keypair::keypair::{Profile, Record};
    /// use ssh_keypair::ErrorKind;
    ///
    /// let (profile, mut rng) = (Profile::documented(), getrandom::SysRng);
    /// let created = Record::create_with("demo".parse()?, Some("6fc0d2cb".parse()?), &profile, &mut rng)?;
    /// assert!(created.record.public_key_for_response().ends_with(" Generated-by-Nova\n"));
    ///
    /// let two_lines = profile.with_comment("two\nlines");
    /// let error = Record::create_with("demo".parse()?, None, &two_lines, &mut rng).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::InvalidCharacter);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`] and [`PrivateKey::generate_with`].
    pub fn create_with<R: TryCryptoRng + ?Sized>(
        name: KeyPairName,
        user_id: Option<UserId>,
        profile: &Profile,
        rng: &mut R,
    ) -> Result<Created, Error> {
        Self::create_of(name, user_id, profile, |spec| PrivateKey::generate_with(spec, rng))
    }

    /// Creates the only key pair that belongs to a seed: see [`PrivateKey::from_seed`]. Anyone who has the seed has the key.
    ///
    /// ```
    /// use ssh_keypair::keypair::{Profile, Record};
    ///
    /// let seed = *b"thirty-two bytes, none of random";
    /// let created = Record::create_from_seed("demo".parse()?, None, &Profile::nova(), &seed)?;
    /// let again = Record::create_from_seed("demo".parse()?, None, &Profile::nova(), &seed)?;
    /// assert_eq!(created.record, again.record);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`check_comment`] and [`PrivateKey::from_seed`].
    pub fn create_from_seed(
        name: KeyPairName,
        user_id: Option<UserId>,
        profile: &Profile,
        seed: &[u8],
    ) -> Result<Created, Error> {
        Self::create_of(name, user_id, profile, |spec| PrivateKey::from_seed(spec, seed))
    }

    fn create_of(
        name: KeyPairName,
        user_id: Option<UserId>,
        profile: &Profile,
        generate: impl FnOnce(KeySpec) -> Result<PrivateKey, Error>,
    ) -> Result<Created, Error> {
        check_comment(profile.comment())?;
        let private_key = generate(profile.key_spec())?.with_comment(profile.comment())?;
        let key = AcceptedKey::new(&Entry::Key(private_key.public_key().clone()), Findings::default(), None);
        let text = profile.line_for_response(key.line());
        let record = Self::of_accepted(name, user_id, key, text);
        Ok(Created { record, private_key, private_key_format: profile.private_key_format() })
    }
}
