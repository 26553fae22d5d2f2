//! The format in which a created private key is returned.

/// The format in which a response shows a created private key that is not RSA. (An RSA key comes as PKCS#1, as in Nova, or with
/// its certificate as PKCS#12.)
///
/// ```
/// # #[cfg(all(feature = "ec", feature = "getrandom"))] {
/// use ssh_keypair::KeySpec;
/// use ssh_keypair::keypair::{PrivateKeyFormat, Profile, Record};
///
/// let profile = Profile::nova().with_key_spec(KeySpec::Ed25519).with_private_key_format(PrivateKeyFormat::Pkcs8);
/// let created = Record::create("demo".parse()?, None, &profile)?;
/// assert!(created.private_key_for_response()?.starts_with("-----BEGIN PRIVATE KEY-----\n"));
/// # }
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PrivateKeyFormat {
    /// OpenSSH's: `-----BEGIN OPENSSH PRIVATE KEY-----`, with the comment. Every version of `ssh` since 6.5 reads it.
    #[default]
    OpenSsh,
    /// PKCS#8: `-----BEGIN PRIVATE KEY-----`. OpenSSL and most libraries read it; OpenSSH reads an Ed25519 key in it only since
    /// version 9.6.
    Pkcs8,
}
