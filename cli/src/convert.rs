//! `keypair convert`: writes a private key in another format, or its public half.

use crate::files::{Input, MAX_KEY_BYTES, NewFile};
use crate::misuse;
use crate::stop::Stop;
use clap::ValueEnum;
use clap::builder::{OsStringValueParser, TypedValueParser};
use ssh_keypair::openssh::Cipher;
use ssh_keypair::pkcs::{EncodePrivateKey, EncodePublicKey, EncodeRsaPrivateKey, Kdf, LineEnding};
use ssh_keypair::{PrivateKey, ReadOptions};
use std::fmt;
use zeroize::Zeroizing;

const EXAMPLES: &str = "\
Examples:
  keypair convert --to openssh demo.pem --out id_rsa --new-passphrase-file passphrase
  keypair convert --to pkcs8 key.ppk --out key.pem --passphrase-file passphrase
  keypair convert --to public id_ed25519 --out id_ed25519.pub

Reads PKCS#1, PKCS#8, OpenSSH and PuTTY files.";

/// Write a private key in another format, or write its public half
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Format to write; pkcs1, pkcs8 and ppk are for RSA keys only
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
    let text = args.file.read_text(MAX_KEY_BYTES)?;
    let options = old.as_ref().map_or(ReadOptions::new(), |old| ReadOptions::new().with_passphrase(old.as_bytes()));
    let key = PrivateKey::parse(text.as_bytes(), &options).map_err(Stop::failed)?;
    let written = encode(&key, args.to, new.as_ref().map(|new| new.as_bytes()))?;
    args.out.write(written.as_bytes())
}

fn encode(key: &PrivateKey, format: Format, passphrase: Option<&[u8]>) -> Result<Zeroizing<String>, Stop> {
    let rsa = || key.as_rsa().ok_or_else(|| Stop::Failed(format!("only RSA keys can be written as {format}")));
    let public_key = key.public_key();
    match (format, passphrase) {
        (Format::Pkcs1, _) => return rsa()?.to_pkcs1_pem(LineEnding::LF).map_err(Stop::failed),
        (Format::Pkcs8, None) => return rsa()?.to_pkcs8_pem(LineEnding::LF).map_err(Stop::failed),
        (Format::Spki, _) => {
            return public_key.to_public_key_pem(LineEnding::LF).map(Zeroizing::new).map_err(Stop::failed);
        }
        (Format::Pkcs8, Some(new)) => rsa()?.to_encrypted_pkcs8_pem(new, Kdf::Scrypt),
        (Format::Openssh, None) => key.to_openssh(),
        (Format::Openssh, Some(new)) => key.to_openssh_encrypted(new, Cipher::Aes256Ctr),
        (Format::Ppk, None) => rsa().and_then(|_| key.to_ppk().map_err(Stop::failed)).map(Ok)?,
        (Format::Ppk, Some(new)) => rsa().and_then(|_| key.to_ppk_encrypted(new).map_err(Stop::failed)).map(Ok)?,
        (Format::Public, _) => Ok(Zeroizing::new(format!("{public_key}\n"))),
    }
    .map_err(Stop::failed)
}
