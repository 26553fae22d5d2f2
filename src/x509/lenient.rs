//! Reads a certificate as people paste it.

use super::certificate::Certificate;
use crate::error::Error;
#[cfg(doc)]
use crate::error::{ErrorKind, Mistake};
use crate::read::{
    KeyFormat, ReadReport, in_whole, read_certificate, reject_binary, trimmed, why_no_certificate, with_lossy_text,
};
use crate::text::{MAX_LINE_BYTES, Normalization, reject_private_key};

impl Certificate {
    /// Reads a PEM with white space or text around it, or with base64 of any width. If the input is something else that
    /// people paste, a [`Mistake`] names it. The text around the PEM need not be UTF-8.
    ///
    /// ```
    /// use ssh_keypair::{ErrorKind, Mistake, x509::Certificate};
    /// let error = Certificate::read("-----BEGIN CERTIFICATE REQUEST-----\n").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Mistake(Mistake::CertificateRequest));
    /// ```
    ///
    /// # Errors
    ///
    /// Those of parsing a [`Certificate`]; [`ErrorKind::Mistake`].
    pub fn read(input: impl AsRef<[u8]>) -> Result<Self, Error> {
        Self::read_with_report(input).map(|(certificate, _)| certificate)
    }

    /// Reads a certificate as [`Certificate::read`] does, and reports what was changed before it was accepted.
    ///
    /// ```
    /// use ssh_keypair::{Normalization, x509::Certificate};
    ///
    /// # let pem = include_str!("../../tests/data/x509/rsa2048.pem");
    /// // let pem = "-----BEGIN CERTIFICATE-----\nMIIDIjCCAgqgAwIBAgIJ...";
    /// let pasted = format!("Bag Attributes: <No Attributes>\n{pem}");
    /// let (certificate, report) = Certificate::read_with_report(pasted)?;
    /// assert_eq!(report.normalizations, [Normalization::SurroundingText]);
    /// assert_eq!(certificate.to_string(), pem);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Certificate::read`].
    pub fn read_with_report(input: impl AsRef<[u8]>) -> Result<(Self, ReadReport), Error> {
        let input = input.as_ref();
        let (certificate, change) = with_lossy_text(input, |text, is_replaced| {
            // In the PEM itself, a replacement is rejected.
            if is_replaced {
                reject_binary(input)?;
            }
            read(text)
        })?;
        Ok((certificate, ReadReport { format: KeyFormat::X509Pem, normalizations: change.into_iter().collect() }))
    }
}

fn read(text: &str) -> Result<(Certificate, Option<Normalization>), Error> {
    let error = match text.parse() {
        Ok(certificate) => return Ok((certificate, None)),
        Err(error) => error,
    };
    let converted = if text.len() > MAX_LINE_BYTES || reject_private_key(text).is_err() { None } else { convert(text) };
    match converted {
        Some(converted) => converted.map(|(certificate, change)| (certificate, Some(change))),
        None => Err(why_no_certificate(text, error)),
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
