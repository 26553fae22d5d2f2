//! Hints for errors, if there is something to try. A command of another program is at the end of the line, quoted for a shell.

use crate::files::Input;
use crate::stop::Stop;
use ssh_keypair::{Error, ErrorKind, KeyFormat, Mistake};

/// What the program was reading.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    PublicKey,
    PrivateKey,
}

/// The error, and the command that would help. `contents` are those of the file.
pub(crate) fn failed_with_hint(text: &str, error: &Error, file: &Input, contents: &[u8], reading: Reading) -> Stop {
    match hint(error, file, contents, reading) {
        Some(hint) => Stop::Failed(format!("{text}\nhint: {hint}")),
        None => Stop::Failed(text.to_owned()),
    }
}

fn hint(error: &Error, file: &Input, contents: &[u8], reading: Reading) -> Option<String> {
    let (name, new) = (word(file, ""), word(file, ".new"));
    let is_private = reading == Reading::PrivateKey;
    Some(match error.kind() {
        ErrorKind::Mistake(Mistake::X509) if !is_private => {
            "import --type x509 imports a certificate, and audit reads its key".to_owned()
        }
        ErrorKind::Mistake(Mistake::Pkcs12) if is_private => {
            format!("write its private key: openssl pkcs12 -in {name} -nodes -legacy -out {new}")
        }
        ErrorKind::Mistake(Mistake::SshCom) if is_private => {
            format!("convert it: puttygen {name} -O private-openssh -o {new}")
        }
        ErrorKind::Mistake(Mistake::Utf16) => {
            let encoding = match contents {
                [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "UTF-16",
                [0, ..] => "UTF-16BE",
                _ => "UTF-16LE",
            };
            format!("convert it: iconv -f {encoding} -t UTF-8 {name} > {new}")
        }
        ErrorKind::Mistake(Mistake::Base64OfFile | Mistake::Base64OfLine) => {
            format!("decode it: base64 -d {name} > {new}")
        }
        ErrorKind::PassphraseRequired => {
            "add --passphrase-file with a file whose first line is the passphrase".to_owned()
        }
        ErrorKind::UnsupportedEncryption | ErrorKind::OldEncryption(_) if is_private => {
            encrypted_again(contents, &name, &new)
        }
        ErrorKind::PrivateKeyGiven => {
            "convert --to public writes the public half of a private key, and import --private prints it".to_owned()
        }
        _ => return None,
    })
}

/// The command that encrypts a private key in a way that is supported.
fn encrypted_again(contents: &[u8], name: &str, new: &str) -> String {
    // Ciphers that OpenSSL no longer enables by default.
    let providers = "-provider legacy -provider default";
    let command = match KeyFormat::detect(contents) {
        Some(KeyFormat::PuttyPrivateKey) => format!("puttygen {name} -O private -o {new}"),
        Some(KeyFormat::OpensshPrivateKey) => format!("ssh-keygen -p -f {name}"),
        Some(KeyFormat::EncryptedPkcs8Pem) => {
            format!("openssl pkcs8 -topk8 -v2 aes-256-cbc {providers} -in {name} -out {new}")
        }
        Some(KeyFormat::PrivateKeyDer) | None => {
            format!("openssl pkcs8 -topk8 -v2 aes-256-cbc {providers} -inform DER -in {name} -out {new}")
        }
        _ => format!("openssl pkey -aes256 {providers} -in {name} -out {new}"),
    };
    format!("encrypt it again: {command}")
}

/// The path with a suffix as a word of a command; for standard input, a name.
fn word(file: &Input, suffix: &str) -> String {
    let name = match file {
        Input::Stdin => format!("FILE{suffix}"),
        Input::File(_) => format!("{file}{suffix}"),
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@%,:=".contains(c);
    if name.chars().all(is_plain) && !name.starts_with('-') {
        return name;
    }
    let folder = if name.starts_with('-') { "./" } else { "" };
    format!("'{folder}{}'", name.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsString;

    #[test]
    fn a_path_is_one_word_of_a_command() {
        for (path, expected) in [
            ("-", "FILE"),
            ("key.pem", "key.pem"),
            ("/home/me/my key", "'/home/me/my key'"),
            ("it's", r"'it'\''s'"),
            ("-key", "'./-key'"),
            ("$(x)", "'$(x)'"),
        ] {
            assert_eq!(word(&Input::from(OsString::from(path)), ""), expected);
        }
        assert_eq!(word(&Input::from(OsString::from("my key")), ".new"), "'my key.new'");
    }
}
