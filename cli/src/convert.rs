//! `keypair convert`: writes a private key in another format, or its public half.

use crate::files::{Input, MAX_PRIVATE_KEY_BYTES, NewFile};
use crate::hints::{Reading, failed_with_hint};
use crate::misuse;
use crate::public_keys::{located, report};
use crate::stop::Stop;
use clap::ValueEnum;
use clap::builder::{OsStringValueParser, TypedValueParser};
use ssh_keypair::openssh::Cipher;
use ssh_keypair::pkcs::{EncodeRsaPrivateKey, Kdf, LineEnding, MAX_PEM_BYTES, MAX_PUBLIC_PEM_BYTES};
use ssh_keypair::{ErrorKind, KdfLimits, PrivateKey, ReadOptions};
use std::fmt;
use zeroize::Zeroizing;

const EXAMPLES: &str = "\
Examples:
  keypair convert --to openssh demo.pem --out id_rsa --new-passphrase-file passphrase
  keypair convert --to pkcs8 key.ppk --out key.pem --passphrase-file passphrase
  keypair convert --to public id_ed25519 --out id_ed25519.pub

Reads PKCS#1, SEC 1, PKCS#8, OpenSSH and PuTTY files, as text or DER.
pkcs1 is for RSA keys, and sec1 for ECDSA keys; pkcs8 and ppk are for both and for Ed25519 keys.";

/// Write a private key in another format, or write its public half
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Format to write
    #[arg(long, value_enum, value_name = "FORMAT")]
    to: Format,

    /// File with the private key, or - for standard input
    file: Input,

    /// New file to write, readable only by you
    #[arg(long, value_name = "FILE", value_parser = OsStringValueParser::new().try_map(NewFile::new))]
    out: NewFile,

    /// File whose first line is the passphrase of the private key
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<Input>,

    /// File whose first line is the passphrase to encrypt the new file with; only for pkcs8, openssh and ppk
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: Option<Input>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// PEM ('BEGIN RSA PRIVATE KEY')
    Pkcs1,
    /// PEM ('BEGIN EC PRIVATE KEY')
    Sec1,
    /// PEM ('BEGIN PRIVATE KEY' or 'BEGIN ENCRYPTED PRIVATE KEY')
    Pkcs8,
    /// OpenSSH's format, as ssh-keygen writes it
    Openssh,
    /// PuTTY's format, as PuTTYgen writes it
    Ppk,
    /// The public key as an OpenSSH line
    Public,
    /// The public key as PEM ('BEGIN PUBLIC KEY')
    Spki,
    /// The public key as an SSH2 public key file
    Rfc4716,
}

impl Format {
    fn can_be_encrypted(self) -> bool {
        matches!(self, Self::Pkcs8 | Self::Openssh | Self::Ppk)
    }
}

/// The name on the command line.
impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_possible_value().map_or(Ok(()), |value| f.write_str(value.get_name()))
    }
}

pub(crate) fn run(args: &Args) -> Result<(), Stop> {
    if args.new_passphrase_file.is_some() && !args.to.can_be_encrypted() {
        let reason = format!("{} cannot be encrypted; pkcs8, openssh and ppk can", args.to);
        return Err(misuse("convert", &reason));
    }
    let inputs = [Some(&args.file), args.passphrase_file.as_ref(), args.new_passphrase_file.as_ref()];
    if Input::stdin_twice(inputs.into_iter().flatten()) {
        return Err(misuse("convert", "standard input can be read only once"));
    }
    args.out.check()?;
    let old = args.passphrase_file.as_ref().map(Input::read_secret).transpose()?;
    let new = args.new_passphrase_file.as_ref().map(Input::read_secret).transpose()?;
    let input = args.file.read(MAX_PRIVATE_KEY_BYTES)?;
    let options = old.as_ref().map_or(ReadOptions::new(), |old| ReadOptions::new().with_passphrase(old.as_bytes()));
    let options = options.with_kdf_limits(KdfLimits::interactive());
    let (key, found) = PrivateKey::parse_with_report(&*input, &options).map_err(|error| {
        failed_with_hint(&located(&*input, &error), &error, &args.file, &input, Reading::PrivateKey)
    })?;
    report("", found.normalizations);
    let written = encode(&key, args.to, new.as_ref().map(|new| new.as_bytes()))?;
    args.out.write(written.as_bytes())
}

fn encode(key: &PrivateKey, format: Format, passphrase: Option<&[u8]>) -> Result<Zeroizing<String>, Stop> {
    let unsupported = || {
        let name = key.algorithm().short_name();
        Stop::Failed(format!("{name} keys cannot be written as {format}"))
    };
    let public_key = key.public_key();
    let text = match (format, passphrase) {
        (Format::Pkcs1, _) => {
            let rsa = key.as_rsa().ok_or_else(unsupported)?;
            return rsa.to_pkcs1_pem(LineEnding::LF).map_err(Stop::failed);
        }
        (Format::Sec1, _) => key.as_ecdsa().ok_or_else(unsupported)?.to_sec1_pem(),
        (Format::Pkcs8, None) => {
            let mut pem = Zeroizing::new([0; MAX_PEM_BYTES]);
            key.write_pkcs8_pem(&mut *pem).map(|pem| Zeroizing::new(pem.to_owned()))
        }
        (Format::Pkcs8, Some(new)) => key.to_encrypted_pkcs8_pem(new, Kdf::Scrypt),
        (Format::Openssh, None) => key.to_openssh(),
        (Format::Openssh, Some(new)) => key.to_openssh_encrypted(new, Cipher::Aes256Ctr),
        (Format::Ppk, None) => key.to_ppk(),
        (Format::Ppk, Some(new)) => key.to_ppk_encrypted(new),
        (Format::Public, _) => Ok(Zeroizing::new(format!("{public_key}\n"))),
        (Format::Spki, _) => {
            let mut pem = [0; MAX_PUBLIC_PEM_BYTES];
            public_key.key_data().write_spki_pem(&mut pem).map(|pem| Zeroizing::new(pem.to_owned()))
        }
        (Format::Rfc4716, _) => {
            public_key.as_public_key_ref().to_rfc4716().map(|file| Zeroizing::new(file.to_string()))
        }
    };
    text.map_err(|error| if error.kind() == ErrorKind::UnsupportedType { unsupported() } else { Stop::failed(error) })
}
