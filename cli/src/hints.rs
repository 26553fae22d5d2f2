//! The command that would help with an error, if there is one.

use crate::files::Input;
use crate::stop::Stop;
use ssh_keypair::{Error, ErrorKind, Mistake};

/// The error, and the command that would help.
pub(crate) fn failed_with_hint(text: &str, error: &Error, file: &Input) -> Stop {
    let hint = match error.kind() {
        ErrorKind::Mistake(Mistake::X509) => {
            "import --type x509 imports a certificate, and audit reads its key".to_owned()
        }
        ErrorKind::PassphraseRequired => {
            "add --passphrase-file with a file whose first line is the passphrase".to_owned()
        }
        ErrorKind::UnsupportedEncryption => {
            format!("ssh-keygen -p -f {file} encrypts it again, in place, if ssh-keygen can read it")
        }
        ErrorKind::PrivateKeyGiven => {
            "convert --to public writes the public half of a private key, and import --private prints it".to_owned()
        }
        _ => return Stop::Failed(text.to_owned()),
    };
    Stop::Failed(format!("{text}\nhint: {hint}"))
}
