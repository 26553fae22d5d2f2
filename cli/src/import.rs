//! `keypair import`: checks a key, and prints the response to the request for its import.

use crate::files::{Input, MAX_KEY_BYTES, MAX_PRIVATE_KEY_BYTES};
use crate::hints::{Reading, failed_with_hint};
use crate::misuse;
use crate::output::complain;
use crate::public_keys::{error_of_binary, located, report};
use crate::request::{RequestArgs, print_response};
use crate::stop::Stop;
use ssh_keypair::keypair::{Profile, Record};
use ssh_keypair::os_keypairs::Response;
use ssh_keypair::{Error, ErrorKind, KdfLimits, Mistake, PrivateKey, ReadOptions};
use std::time::{SystemTime, UNIX_EPOCH};

const EXAMPLES: &str = "\
Examples:
  keypair import laptop ~/.ssh/id_ed25519.pub
  keypair import alice@example.org key.pub --api-version 2.92
  keypair import laptop certificate.pem --type x509
  ssh-keygen -y -f id_rsa | keypair import laptop -
  keypair import laptop id_rsa --private --passphrase-file passphrase

Accepts an OpenSSH line, a certificate, an RFC 4716 file or PEM, and says on standard error what it changed. With --strict it
accepts only the line of a plain key.";

/// Check a public key and print it as the response of POST /os-keypairs
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    request: RequestArgs,

    /// File with the key, or - for standard input
    file: Input,

    /// Accept only the line of a plain key, exactly as OpenSSH writes it
    #[arg(long)]
    strict: bool,

    /// Read a private key in any format, and print the response for its public half
    #[arg(long, conflicts_with_all = ["strict", "key_type"])]
    private: bool,

    /// File whose first line is the passphrase of the private key
    #[arg(long, value_name = "FILE", requires = "private")]
    passphrase_file: Option<Input>,
}

pub(crate) fn run(args: &Args) -> Result<(), Stop> {
    if Input::stdin_twice([Some(&args.file), args.passphrase_file.as_ref()].into_iter().flatten()) {
        return Err(misuse("import", "standard input can be read only once"));
    }
    let profile = args.request.profile();
    let record = if args.private { import_private(args, &profile)? } else { import_public(args, profile)? };
    print_response(&Response::new(args.request.api_version, record))
}

fn import_private(args: &Args, profile: &Profile) -> Result<Record, Stop> {
    let request = &args.request;
    // The request is for its public half, which is not known yet.
    let checked = request.check(Some(""), profile)?;
    let passphrase = args.passphrase_file.as_ref().map(Input::read_secret).transpose()?;
    let options = match &passphrase {
        Some(passphrase) => ReadOptions::new().with_passphrase(passphrase.as_bytes()),
        None => ReadOptions::new(),
    };
    let options = options.with_kdf_limits(KdfLimits::interactive());
    let file = args.file.read(MAX_PRIVATE_KEY_BYTES)?;
    let (name, user_id) = (checked.name().clone(), checked.user_id().cloned());
    let imported = Record::import_private(name, &*file, &options, user_id, profile);
    let imported = imported
        .map_err(|error| failed_with_hint(&located(&*file, &error), &error, &args.file, &file, Reading::PrivateKey))?;
    report("", imported.record.normalization());
    Ok(imported.record)
}

fn import_public(args: &Args, mut profile: Profile) -> Result<Record, Stop> {
    let request = &args.request;
    if !args.strict {
        let policy = profile.policy().clone().allow_normalization().allow_certificates();
        profile = profile.with_policy(policy);
    }
    let file = args.file.read(MAX_KEY_BYTES)?;
    if let Some(error) = error_of_binary(&file) {
        return Err(failed_with_hint(&error.to_string(), &error, &args.file, &file, Reading::PublicKey));
    }
    // The import checks the key, its length too, and its errors say more than those of the request.
    let checked = request.check(Some(""), &profile)?;
    let (name, user_id) = (checked.name().clone(), checked.user_id().cloned());
    let imported = if request.is_x509() {
        Record::import_x509(name, &*file, user_id, &profile)
    } else {
        Record::import(name, &*file, user_id, &profile)
    };
    let record = imported
        .map_err(|error| public_under_private(&file, error))
        .map_err(|error| failed_with_hint(&located(&*file, &error), &error, &args.file, &file, Reading::PublicKey))?;
    remark(&record);
    Ok(record)
}

/// The error of an import. A public key or a certificate in a PEM that says PRIVATE KEY is named as such: it exposes no private
/// key.
fn public_under_private(file: &[u8], error: Error) -> Error {
    let found = match error.kind() {
        ErrorKind::PrivateKeyGiven => PrivateKey::parse(file, &ReadOptions::new()).err(),
        _ => None,
    };
    found.filter(|found| matches!(found.kind(), ErrorKind::Mistake(Mistake::PublicUnderPrivate(_)))).unwrap_or(error)
}

/// Reports what the response does not show: what was changed, and the weaknesses for which the key was not rejected.
fn remark(record: &Record) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    if record.certificate().is_some_and(|certificate| certificate.not_after_seconds() < now) {
        complain("the certificate has expired");
    }
    report("", record.normalization());
    for weakness in record.findings().iter() {
        complain(&format!("{}: {}: {weakness}", weakness.severity(), weakness.field()));
    }
}
