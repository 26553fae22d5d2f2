//! Lines of known_hosts: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT".
//!
//! `[marker SP] hosts SP type SP base64 [SP comment]`. The hosts are patterns with commas between them, each perhaps in
//! brackets with a port, or the hash of one name.

use crate::error::{Error, ErrorKind, Field, named};
use crate::key::{Algorithm, PublicKey, is_certificate_name};
use alloc::boxed::Box;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

/// What a line of known_hosts says about its key. Exhaustive: sshd(8) has no other marker.
///
/// ```
/// use ssh_keypair::openssh::KnownHostMarker;
/// assert_eq!(KnownHostMarker::Revoked.to_string(), "@revoked");
/// assert_eq!("@revoked".parse(), Ok(KnownHostMarker::Revoked));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KnownHostMarker {
    /// The key signs the certificates of hosts.
    CertAuthority,
    /// The key must never be accepted.
    Revoked,
}

impl KnownHostMarker {
    /// Both markers.
    pub const ALL: &[Self] = &[Self::CertAuthority, Self::Revoked];

    /// The marker as it is in the line: `@cert-authority` or `@revoked`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CertAuthority => "@cert-authority",
            Self::Revoked => "@revoked",
        }
    }
}

named!(KnownHostMarker, Error::new(ErrorKind::UnknownName));

/// A line of known_hosts, owned: the hosts, and their key.
///
/// [`Display`](fmt::Display) writes the line, without a line break, as it was parsed. Two lines are equal if these are.
///
/// ```
/// use ssh_keypair::openssh::{KnownHost, KnownHostMarker};
///
/// # let key = include_str!("../../tests/data/ed25519.pub").trim_end();
/// let line = format!("@revoked [host.example]:2222,192.0.2.1 {key}");
/// let host: KnownHost = line.parse()?;
/// assert_eq!(host.marker(), Some(KnownHostMarker::Revoked));
/// assert_eq!(host.hosts(), "[host.example]:2222,192.0.2.1");
/// assert_eq!(host.key().to_string(), key);
/// assert_eq!(host.to_string(), line);
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct KnownHost {
    marker: Option<KnownHostMarker>,
    /// What is before the key, with the separators.
    start: Box<str>,
    key: PublicKey,
}

impl KnownHost {
    /// The marker at the start of the line.
    pub fn marker(&self) -> Option<KnownHostMarker> {
        self.marker
    }

    /// The names, addresses and patterns, or the hash, as they are in the line.
    pub fn hosts(&self) -> &str {
        self.start.split_ascii_whitespace().next_back().unwrap_or_default()
    }

    /// The key, with its comment.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }
}

impl FromStr for KnownHost {
    type Err = Error;

    /// Parses a line, strictly: one space or tab between its fields. The word before the key must be able to name hosts;
    /// options of authorized_keys are not hosts.
    fn from_str(line: &str) -> Result<Self, Error> {
        let marker = KnownHostMarker::ALL
            .iter()
            .copied()
            .find(|marker| line.strip_prefix(marker.as_str()).is_some_and(|rest| rest.starts_with([' ', '\t'])));
        let hosts_at = marker.map_or(0, |marker| marker.as_str().len() + 1);
        let rest = line.get(hosts_at..).unwrap_or_default();
        let hosts = rest.split([' ', '\t']).next().unwrap_or_default();
        if !are_hosts(hosts) {
            return Err(Field::KeyType.error_at(ErrorKind::UnknownKeyType, hosts_at));
        }
        let key_at = hosts_at + hosts.len() + 1;
        let (Some(start), Some(key)) = (line.get(..key_at), line.get(key_at..)) else {
            return Err(Field::KeyType.error_at(ErrorKind::MissingField, line.len()));
        };
        let key = PublicKey::from_openssh(key).map_err(|error| match error.field() {
            Some(Field::PublicKey | Field::KeyType | Field::Base64 | Field::Comment) => error.moved(key_at),
            _ => error,
        })?;
        Ok(Self { marker, start: start.into(), key })
    }
}

impl fmt::Display for KnownHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.start, self.key)
    }
}

impl PartialEq for KnownHost {
    fn eq(&self, other: &Self) -> bool {
        (&self.start, &self.key) == (&other.start, &other.key)
    }
}

impl Eq for KnownHost {}

impl Hash for KnownHost {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.start, &self.key).hash(state);
    }
}

/// The options of authorized_keys that have no value: sshd(8). As names of hosts they would be unusual.
const FLAGS: [&str; 14] = [
    "agent-forwarding",
    "cert-authority",
    "no-agent-forwarding",
    "no-port-forwarding",
    "no-pty",
    "no-touch-required",
    "no-user-rc",
    "no-X11-forwarding",
    "port-forwarding",
    "pty",
    "restrict",
    "user-rc",
    "verify-required",
    "X11-forwarding",
];

/// Whether a word can be the field of hosts in a line of known_hosts.
pub(crate) fn are_hosts(word: &str) -> bool {
    // A user before the host is unusual, but ssh-keygen lists such a line.
    let is_character = |c: char| c.is_alphanumeric() || ".-_:[]*?!,%@".contains(c);
    let is_flag = |word: &str| FLAGS.iter().any(|flag| flag.eq_ignore_ascii_case(word));
    match word.strip_prefix("|1|") {
        Some(hash) => {
            hash.matches('|').count() == 1
                && hash.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=|".contains(&byte))
        }
        None => {
            !word.is_empty()
                && word.chars().all(is_character)
                && !word.starts_with('@')
                && !word.split(',').any(|host| host.is_empty() || is_flag(host))
                && Algorithm::of_name(word.as_bytes()).is_none()
                && !is_certificate_name(word.as_bytes())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;
    use std::string::ToString;

    const KEY: &str = include_str!("../../tests/data/ed25519.pub");

    #[test]
    fn lines_of_every_kind_are_read_and_written_as_they_are() {
        let key: PublicKey = KEY.parse().unwrap();
        for (start, marker, hosts) in [
            ("host.example ", None, "host.example"),
            ("localhost\t", None, "localhost"),
            ("host.example,192.0.2.1,2001:db8::1 ", None, "host.example,192.0.2.1,2001:db8::1"),
            ("[host.example]:2222 ", None, "[host.example]:2222"),
            ("git@host.example ", None, "git@host.example"),
            ("h\u{f6}st.example ", None, "h\u{f6}st.example"),
            (
                "|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= ",
                None,
                "|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg=",
            ),
            ("@cert-authority *.example,!bad.example ", Some(KnownHostMarker::CertAuthority), "*.example,!bad.example"),
            ("@revoked\t* ", Some(KnownHostMarker::Revoked), "*"),
        ] {
            let line = format!("{start}{}", KEY.trim_end());
            let host: KnownHost = line.parse().unwrap();
            assert_eq!((host.marker(), host.hosts(), host.key()), (marker, hosts, &key), "{line}");
            assert_eq!(host.to_string(), line);
        }
    }

    #[test]
    fn what_is_not_a_host_is_rejected() {
        for start in [
            "",
            "restrict ",
            "no-pty,x ",
            "ssh-ed25519 ",
            "a,,b ",
            "@other host ",
            "a=\"b\" ",
            "@revoked ",
            " host ",
            "host  ",
        ] {
            assert!(format!("{start}{KEY}").parse::<KnownHost>().is_err(), "{start:?}");
        }
        for line in ["", "host", "host ", "@revoked host"] {
            assert!(line.parse::<KnownHost>().is_err(), "{line:?}");
        }
        // An offset counts in the whole line.
        let error = "host ssh-rsa broken".parse::<KnownHost>().unwrap_err();
        assert_eq!((error.field(), error.offset()), (Some(Field::Base64), Some(19)));
    }
}
