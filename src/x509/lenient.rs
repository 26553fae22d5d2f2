//! Reads a certificate as people paste it.

use super::certificate::Certificate;
use crate::error::Error;
#[cfg(doc)]
use crate::error::{ErrorKind, Mistake};
use crate::read::{in_whole, read_certificate, trimmed, why_no_certificate};
use crate::text::{MAX_LINE_BYTES, Normalization, reject_private_key};

impl Certificate {
    /// Reads a PEM with white space or text around it, or with base64 of any width, and returns what was changed. What was found
    /// instead of a certificate is named by a [`Mistake`].
    ///
    /// ```
    /// use ssh_keypair::{Normalization, x509::Certificate};
    ///
    /// # let pem = include_str!("../../tests/data/x509/rsa2048.pem");
    /// // let pem = "-----BEGIN CERTIFICATE-----\nMIIDIjCCAgqgAwIBAgIJ...";
    /// let (certificate, change) = Certificate::read(&format!("Bag Attributes: <No Attributes>\n{pem}"))?;
    /// assert_eq!(change, Some(Normalization::SurroundingText));
    /// assert_eq!(certificate.to_string(), pem);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of parsing a [`Certificate`]; [`ErrorKind::Mistake`].
    pub fn read(text: &str) -> Result<(Self, Option<Normalization>), Error> {
        let error = match text.parse() {
            Ok(certificate) => return Ok((certificate, None)),
            Err(error) => error,
        };
        let converted =
            if text.len() > MAX_LINE_BYTES || reject_private_key(text).is_err() { None } else { convert(text) };
        match converted {
            Some(converted) => converted.map(|(certificate, change)| (certificate, Some(change))),
            None => Err(why_no_certificate(text, error)),
        }
    }
}

/// Reads a certificate that is not exactly one PEM. None if it is not one certificate.
fn convert(text: &str) -> Option<Result<(Certificate, Normalization), Error>> {
    let (framed, skipped) = trimmed(text);
    match framed.parse::<Certificate>() {
        Ok(certificate) => Some(Ok((certificate, Normalization::WhiteSpace))),
        Err(error) => match read_certificate(framed)?.parse() {
            Ok(certificate) if framed.starts_with("-----BEGIN ") => Some(Ok((certificate, Normalization::WhiteSpace))),
            Ok(certificate) => Some(Ok((certificate, Normalization::SurroundingText))),
            Err(_) => Some(Err(in_whole(error, skipped))),
        },
    }
}
