//! `keypair create`: creates a key pair, and prints the response to the request for it.

use crate::files::{Input, NewFile};
use crate::misuse;
use crate::output::complain;
use crate::request::{RequestArgs, print_response};
use crate::stop::Stop;
use base64ct::{Base64, Encoding};
use clap::ValueEnum;
use clap::builder::{OsStringValueParser, TypedValueParser};
use ssh_keypair::keypair::{Created, PrivateKeyFormat, Record};
use ssh_keypair::os_keypairs::Response;
use ssh_keypair::{EcdsaCurve, KeySpec};
use zeroize::Zeroizing;

const EXAMPLES: &str = "\
Examples:
  keypair create demo
  keypair create demo --key ed25519 --private-key id_ed25519
  keypair create demo --key ecdsa --bits 384 --private-key-format pkcs8 --private-key demo.pem
  keypair create demo --private-key demo.pem --bits 4096
  keypair create demo --type x509 --user-id alice --private-key demo.p12

Without --private-key, the response contains the private key, which is stored nowhere else.
An RSA key is PEM; with --type x509 it is PKCS#12 with the certificate and an empty password. An Ed25519 or
ECDSA key is in OpenSSH's format, or in PKCS#8.
A seed must have at least 16 bytes (C2SP det-keygen); for Ed25519, exactly 32 (RFC 8032). The same seed, type and
size always give the same key.";

/// Create a key pair and print it as the response of POST /os-keypairs
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    request: RequestArgs,

    /// Type of the key
    #[arg(long, value_enum, value_name = "KEY", default_value_t = Key::Rsa)]
    key: Key,

    /// Size of the key. RSA: a multiple of 16 from 2048 to 8192 [default: 2048]; ECDSA: 256, 384 or 521 [default: 256]
    #[arg(long, value_name = "N")]
    bits: Option<usize>,

    /// Format of an Ed25519 or ECDSA private key [default: openssh]
    #[arg(long, value_enum, value_name = "FORMAT")]
    private_key_format: Option<Format>,

    /// Comment of the public key [default: Generated-by-Nova]
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,

    /// Write the private key to this new file, readable only by you, instead of printing it
    #[arg(long, value_name = "FILE", value_parser = OsStringValueParser::new().try_map(NewFile::new))]
    private_key: Option<NewFile>,

    /// Derive the key from the base64 seed in this file, or - for standard input
    #[arg(long, value_name = "FILE")]
    seed_file: Option<Input>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Key {
    Rsa,
    Ed25519,
    Ecdsa,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Openssh,
    Pkcs8,
}

/// The type and the size, if they go together. The library checks the sizes of RSA.
fn key_spec(key: Key, bits: Option<usize>) -> Result<KeySpec, Stop> {
    match (key, bits) {
        (Key::Rsa, bits) => Ok(KeySpec::Rsa { bits: bits.unwrap_or(2048) }),
        (Key::Ed25519, None | Some(256)) => Ok(KeySpec::Ed25519),
        (Key::Ed25519, Some(_)) => Err(misuse("create", "an Ed25519 key has 256 bits; leave out --bits")),
        (Key::Ecdsa, None | Some(256)) => Ok(KeySpec::Ecdsa(EcdsaCurve::P256)),
        (Key::Ecdsa, Some(384)) => Ok(KeySpec::Ecdsa(EcdsaCurve::P384)),
        (Key::Ecdsa, Some(521)) => Ok(KeySpec::Ecdsa(EcdsaCurve::P521)),
        (Key::Ecdsa, Some(_)) => Err(misuse("create", "an ECDSA key has 256, 384 or 521 bits")),
    }
}

pub(crate) fn run(args: &Args) -> Result<(), Stop> {
    let request = &args.request;
    let for_ssh = [("--comment", args.comment.is_some()), ("--seed-file", args.seed_file.is_some())];
    if let Some((option, _)) = for_ssh.into_iter().find(|(_, given)| *given && request.is_x509()) {
        return Err(misuse("create", &format!("{option} cannot be used with --type x509")));
    }
    if request.is_x509() {
        request.user_id_of_certificate()?;
    }
    if request.is_x509() && args.key != Key::Rsa {
        return Err(misuse("create", "--type x509 needs an RSA key"));
    }
    if args.private_key_format.is_some() && args.key == Key::Rsa {
        return Err(misuse("create", "--private-key-format is for Ed25519 and ECDSA keys"));
    }
    let mut profile = request.profile().with_key_spec(key_spec(args.key, args.bits)?);
    if let Some(Format::Pkcs8) = args.private_key_format {
        profile = profile.with_private_key_format(PrivateKeyFormat::Pkcs8);
    }
    if let Some(comment) = &args.comment {
        profile = profile.with_comment(comment.clone());
    }
    let checked = request.check(None, &profile)?;
    if let Some(file) = &args.private_key {
        file.check()?;
    }
    let name = checked.name().clone();
    let user_id = checked.user_id().cloned();
    let created = match &args.seed_file {
        _ if request.is_x509() => {
            let user_id = request.user_id_of_certificate()?.parse().map_err(Stop::failed)?;
            Record::create_x509(name, user_id, &profile)
        }
        Some(file) => {
            let seed = read_seed(file)?;
            complain("keep the seed as secret as the key: anyone who has the seed can derive the key");
            Record::create_from_seed(name, user_id, &profile, &seed)
        }
        None => Record::create(name, user_id, &profile),
    };
    let created = created.map_err(Stop::failed)?;
    let response = match &args.private_key {
        Some(file) => {
            file.write(&private_key(&created)?)?;
            Response::new(request.api_version, created.record)
        }
        None => Response::created(request.api_version, created).map_err(Stop::failed)?,
    };
    print_response(&response)
}

/// The contents of a file with the private key: PEM, or PKCS#12 with a certificate.
fn private_key(created: &Created) -> Result<Zeroizing<Vec<u8>>, Stop> {
    match (created.record.certificate(), created.private_key.as_rsa()) {
        (Some(certificate), Some(key)) => certificate.to_pkcs12(key),
        _ => created.private_key_for_response().map(|pem| Zeroizing::new(pem.as_bytes().to_vec())),
    }
    .map_err(Stop::failed)
}

fn read_seed(file: &Input) -> Result<Zeroizing<Vec<u8>>, Stop> {
    let base64 = file.read_secret()?;
    Base64::decode_vec(base64.trim()).map(Zeroizing::new).map_err(|_| file.failed("expected a seed in base64"))
}
