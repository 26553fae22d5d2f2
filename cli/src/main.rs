//! The main job from a shell: create, import, convert, fingerprint and audit SSH keys.
//!
//! ```text
//! cargo run --release --example keypair --features serde,encryption,x509,shared-primes -- create demo
//! ```

mod audit;

use base64ct::{Base64, Encoding};
use ssh_keypair::keypair::{KeyPair, KeyType, Profile};
use ssh_keypair::openssh::{
    AuthorizedKeyBuf, Certificate, Cipher, MAX_BLOB_BYTES, MAX_LINE_BYTES, PublicKey, PublicKeyBuf, TextForm, detect,
    fingerprint_lines,
};
use ssh_keypair::os_keypairs::{ApiVersion, Response};
use ssh_keypair::{Error, ErrorKind, Fingerprint, HashAlgorithm, Randomart, pkcs, read_private_key};
use std::fs::{self, OpenOptions};
use std::io::{self, BufWriter, Read, StdoutLock, Write};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};
use zeroize::Zeroizing;

const USAGE: &str = "\
usage: keypair create NAME [--bits N] [--comment TEXT] [--user-id ID] [--profile documented|nova]
                           [--private-key FILE] [--seed BASE64]
       keypair create --type x509 --user-id ID NAME [--bits N] [--private-key FILE]
       keypair import NAME FILE [--type ssh|x509] [--user-id ID] [--profile documented|nova] [--strict]
       keypair import --private NAME FILE [--passphrase-file FILE] [--user-id ID] [--profile documented|nova]
       keypair convert --to pkcs1|pkcs8|openssh|ppk|public|spki FILE --out FILE [--passphrase-file FILE]
                       [--new-passphrase-file FILE]
       keypair fingerprint FILE [--hash md5|sha1|sha256|sha384|sha512] [--randomart]
       keypair audit FILE... [--denylist FILE] [--json]

create       makes a key pair and prints the response body; with --private-key the PEM goes to that new file instead;
             with --seed it is the key that belongs to the seed, 16 bytes or more;
             with --type x509 it is a certificate for the user and its key, as PKCS#12 with an empty password
import       checks a public key (FILE, or - for standard input) and prints the response body; takes certificates, RFC 4716
             files, PEM and stray white space too, and says what it changed, but with --strict only the one line of a key;
             with --type x509 it checks a certificate as PEM;
             with --private it checks a private key in any form, and prints the response body of its public half
convert      reads a private key in any form (FILE, or -), and writes it, or its public half, to a new file that only its
             owner can read: pkcs1, pkcs8 and ppk hold RSA keys, openssh any; public is the line of OpenSSH, spki a PEM;
             pkcs8, openssh and ppk are encrypted with --new-passphrase-file, and not encrypted without; of a passphrase
             file the first line counts
fingerprint  prints size, MD5 and SHA-256 fingerprint and comment of every public key in FILE (or -), or the fingerprint
             by one hash; with --randomart its picture too; FILE may be an authorized_keys file
audit        looks for weak keys in files of public keys of any form, or authorized_keys files, each key by itself and all RSA
             keys beside each other for primes that they share; prints those that something was found in, and a summary;
             with --denylist it looks for keys that are on a list of badkeys, unpacked; with --json it prints every key;
             FILE may be - for standard input; bad lines and files are named, and the others looked at

exit status  0 done, 1 refused or failed, 2 called wrongly, 3 audit: a key is broken or weak";

/// Why the program stops.
enum Stop {
    /// Called wrongly: exit status 2.
    Usage(String),
    /// Refused, or failed: exit status 1.
    Failed(String),
}

fn main() -> ExitCode {
    let arguments = std::env::args_os().skip(1).map(|argument| argument.into_string());
    let result = match arguments.collect::<Result<Vec<_>, _>>() {
        Ok(arguments) => run(&arguments),
        Err(_) => Err(Stop::Usage("an argument is not UTF-8".into())),
    };
    match result {
        Ok(status) => status,
        Err(Stop::Failed(reason)) => {
            complain(&reason);
            ExitCode::from(1)
        }
        Err(Stop::Usage(reason)) => {
            // The reason last: it is what is on the screen.
            let _ = writeln!(io::stderr(), "{USAGE}\n");
            complain(&reason);
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode, Stop> {
    let (command, rest) = arguments.split_first().ok_or(Stop::Usage("no command".into()))?;
    if rest.iter().any(|argument| argument == "--help") {
        return print(USAGE).map(|()| ExitCode::SUCCESS);
    }
    let done = match command.as_str() {
        "audit" => return audit::audit(rest),
        "create" => create(rest),
        "import" => import(rest),
        "convert" => convert(rest),
        "fingerprint" => fingerprint(rest),
        "help" | "--help" | "-h" => print(USAGE),
        _ => Err(Stop::Usage(format!("unknown command {command:?}"))),
    };
    done.map(|()| ExitCode::SUCCESS)
}

fn create(arguments: &[String]) -> Result<(), Stop> {
    let allowed = ["--bits", "--comment", "--user-id", "--profile", "--private-key", "--seed", "--type"];
    let Arguments { words: [name], options } = Arguments::parse(arguments, &allowed)?;
    let key_type = options.key_type()?;
    if key_type == KeyType::X509 {
        if let Some(option) = ["--comment", "--seed"].into_iter().find(|option| options.has(option)) {
            return Err(Stop::Usage(format!("{option} does not go with --type x509")));
        }
        if !options.has("--user-id") {
            return Err(Stop::Usage("--type x509 needs --user-id: it is the name in the certificate".into()));
        }
    }
    let mut profile = options.profile()?;
    if let Some(bits) = options.get("--bits") {
        profile = profile.with_bits(bits.parse().map_err(|_| Stop::Usage("--bits takes a number".into()))?);
    }
    if let Some(comment) = options.get("--comment") {
        profile = profile.with_comment(comment.to_owned());
    }
    let seed = match options.get("--seed") {
        Some(base64) => {
            Some(Zeroizing::new(Base64::decode_vec(base64).map_err(|_| Stop::Usage("--seed takes base64".into()))?))
        }
        None => None,
    };
    // Opened before the key is made: a file that is there already costs nothing.
    let mut file =
        options.new_path("--private-key")?.map(|path| new_private_file(path).map(|file| (path, file))).transpose()?;
    let user_id = options.get("--user-id");
    let made = match (key_type, seed) {
        (KeyType::X509, _) => KeyPair::create_x509(name, user_id.unwrap_or_default(), &profile),
        (_, Some(seed)) => {
            complain("whoever has the seed has the key");
            KeyPair::create_from_seed(name, user_id, &profile, &seed)
        }
        (_, None) => KeyPair::create(name, user_id, &profile),
    };
    let written = made.map_err(failed).and_then(|new| match &mut file {
        Some((_, file)) => {
            match new.key_pair.certificate() {
                Some(certificate) => file.write_all(&certificate.to_pkcs12(&new.private_key).map_err(failed)?),
                None => file.write_all(new.private_key_text().map_err(failed)?.as_bytes()),
            }
            .and_then(|()| file.sync_all())
            .map_err(failed)?;
            Ok(Response::new(ApiVersion::V2_10, new.key_pair))
        }
        None => Response::created(ApiVersion::V2_10, new).map_err(failed),
    });
    let response = written.map_err(|stop| match file {
        Some((path, _)) => remove(path, stop),
        None => stop,
    })?;
    print_response(&response)
}

fn import(arguments: &[String]) -> Result<(), Stop> {
    let allowed = ["--user-id", "--profile", "--strict", "--private", "--passphrase-file", "--type"];
    let Arguments { words: [name, path], options } = Arguments::parse(arguments, &allowed)?;
    let key_type = options.key_type()?;
    let mut profile = options.profile()?;
    if options.has("--private") {
        if let Some(option) = ["--strict", "--type"].into_iter().find(|option| options.has(option)) {
            return Err(Stop::Usage(format!("{option} is for public keys, and does not go with --private")));
        }
        let passphrase = options.passphrase("--passphrase-file")?;
        let passphrase = passphrase.as_ref().map(|passphrase| passphrase.as_bytes());
        let text = read(path, MAX_LINE_BYTES)?;
        let imported = KeyPair::import_private(name, &text, passphrase, options.get("--user-id"), &profile);
        return print_response(&Response::new(ApiVersion::V2_10, imported.map_err(failed)?.key_pair));
    }
    if options.has("--passphrase-file") {
        return Err(Stop::Usage("--passphrase-file goes with --private".into()));
    }
    if !options.has("--strict") {
        profile = profile.clone().with_policy(profile.policy().with_lenient(true).with_certificates(true));
    }
    let text = read(path, MAX_LINE_BYTES)?;
    let user_id = options.get("--user-id");
    let key_pair = match key_type {
        KeyType::X509 => KeyPair::import_x509(name, &text, user_id, &profile),
        _ => KeyPair::import(name, &text, user_id, &profile),
    };
    let key_pair = key_pair.map_err(failed)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    if key_pair.certificate().is_some_and(|certificate| certificate.not_after() < now) {
        complain("the certificate has expired");
    }
    if let Some(change) = key_pair.change() {
        complain(&change.to_string());
    }
    for weakness in key_pair.findings().iter() {
        complain(&format!("{}: {}: {weakness}", weakness.severity(), weakness.field()));
    }
    print_response(&Response::new(ApiVersion::V2_10, key_pair))
}

fn convert(arguments: &[String]) -> Result<(), Stop> {
    let allowed = ["--to", "--out", "--passphrase-file", "--new-passphrase-file"];
    let Arguments { words: [path], options } = Arguments::parse(arguments, &allowed)?;
    let needed = |option| Stop::Usage(format!("{option} is needed"));
    let form = options.get("--to").ok_or_else(|| needed("--to"))?;
    let may_be_encrypted = match form {
        "pkcs8" | "openssh" | "ppk" => true,
        "pkcs1" | "public" | "spki" => false,
        _ => {
            let forms = "pkcs1, pkcs8, openssh, ppk, public or spki";
            return Err(Stop::Usage(format!("--to takes {forms}; {form:?} is unknown")));
        }
    };
    if options.has("--new-passphrase-file") && !may_be_encrypted {
        return Err(Stop::Usage(format!("{form:?} is not written under a passphrase; pkcs8, openssh and ppk are")));
    }
    let out = options.new_path("--out")?.ok_or_else(|| needed("--out"))?;
    let (old, new) = (options.passphrase("--passphrase-file")?, options.passphrase("--new-passphrase-file")?);
    let key = read_private_key(&read(path, MAX_LINE_BYTES)?, old.as_ref().map(|old| old.as_bytes())).map_err(failed)?;
    let rsa = || key.as_rsa().ok_or_else(|| Stop::Failed(format!("only RSA keys are written as {form}")));
    let public_key = key.public_key();
    let text = match (form, new.as_ref().map(|new| new.as_bytes())) {
        ("pkcs1", _) => rsa()?.to_pem(),
        ("pkcs8", None) => rsa()?.to_pkcs8(),
        ("pkcs8", Some(new)) => rsa()?.to_pkcs8_encrypted(new, pkcs::Kdf::Scrypt),
        ("openssh", None) => key.to_openssh(),
        ("openssh", Some(new)) => key.to_openssh_encrypted(new, Cipher::Aes256Ctr),
        ("ppk", None) => rsa()?.to_ppk(public_key.comment()),
        ("ppk", Some(new)) => rsa()?.to_ppk_encrypted(public_key.comment(), new),
        ("public", _) => Ok(Zeroizing::new(format!("{public_key}\n"))),
        // spki: no other is left.
        _ => public_key.key_data().to_spki_pem().map(Zeroizing::new),
    };
    let text = text.map_err(failed)?;
    let mut file = new_private_file(out)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    written.map_err(|error| remove(out, failed(error)))
}

fn fingerprint(arguments: &[String]) -> Result<(), Stop> {
    let Arguments { words: [path], options } = Arguments::parse(arguments, &["--hash", "--randomart"])?;
    let hashes = match options.get("--hash") {
        Some(hash) => vec![hash.parse().map_err(|error: Error| Stop::Usage(format!("--hash: {error}")))?],
        None => vec![HashAlgorithm::Md5, HashAlgorithm::Sha256],
    };
    let mut printer =
        Printer { out: BufWriter::new(io::stdout().lock()), hashes, randomart: options.has("--randomart") };
    let text = read(path, MAX_FILE_BYTES)?;
    match key_of_file(&text) {
        Some(key) => printer.key(&key.map_err(failed)?.as_public_key(), None)?,
        None => fingerprint_file(&text, &mut printer)?,
    }
    printer.out.flush().map_err(failed)
}

/// The key of a file that is one: RFC 4716, or PEM.
fn key_of_file(text: &str) -> Option<Result<PublicKeyBuf, Error>> {
    let framed = text.trim_start_matches('\u{feff}').trim();
    match detect(text) {
        Some(TextForm::Rfc4716) => Some(PublicKeyBuf::from_rfc4716(framed)),
        Some(TextForm::SpkiPem | TextForm::Pkcs1PublicPem) => Some(pkcs::public_key_from_pem(framed)),
        _ => None,
    }
}

/// The lines of a file that has a key in each, by number, without what is empty or a comment.
fn key_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..)
        .zip(text.split_inclusive('\n').map(|line| line.trim_start_matches([' ', '\t'])))
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
}

/// Where to go with a private key.
const OF_A_PRIVATE_KEY: &str = "hint: convert --to public writes its public half, and import --private prints it";

/// Prints every key of a file that has one in a line, as authorized_keys has, and names every bad line.
fn fingerprint_file(text: &str, printer: &mut Printer<'_>) -> Result<(), Stop> {
    let lines: Vec<(usize, &str)> = key_lines(text).collect();
    let (mut bad, mut stop) = (0, None);
    let mut numbered = lines.iter();
    fingerprint_lines(lines.iter().map(|(_, line)| *line), |result| {
        let Some((number, line)) = numbered.next().filter(|_| stop.is_none()) else { return };
        let printed = match result {
            Ok((key, md5)) => printer.key(key, Some(md5.into())),
            Err(error) => match printer.other(line, error) {
                // The lines after this one are a key, too.
                Err(Refused::Key(error)) if error.kind() == ErrorKind::PrivateKeyGiven => {
                    Err(Stop::Failed(format!("line {number}: {error}\n{OF_A_PRIVATE_KEY}")))
                }
                Err(Refused::Key(error)) => {
                    bad += 1;
                    complain(&format!("line {number}: {error}"));
                    Ok(())
                }
                Err(Refused::Output(stop)) => Err(stop),
                Ok(()) => Ok(()),
            },
        };
        stop = printed.err();
    });
    if let Some(stop) = stop {
        return Err(stop);
    }
    match (bad, lines.len()) {
        (_, 0) => Err(Stop::Failed("no public key".into())),
        (0, _) => Ok(()),
        (bad, _) => Err(Stop::Failed(counted(bad, "bad line"))),
    }
}

/// Why a line is not printed.
enum Refused {
    Key(Error),
    Output(Stop),
}

/// Prints keys as `ssh-keygen -l` does.
struct Printer<'a> {
    out: BufWriter<StdoutLock<'a>>,
    hashes: Vec<HashAlgorithm>,
    randomart: bool,
}

impl Printer<'_> {
    /// A plain key, whose MD5 may be known already.
    fn key(&mut self, key: &PublicKey<'_>, md5: Option<Fingerprint>) -> Result<(), Stop> {
        let short_name = key.algorithm().short_name();
        self.lines(key.bits(), key.comment(), short_name, |hash| match md5 {
            Some(md5) if hash == md5.algorithm() => md5,
            _ => key.fingerprint(hash),
        })
    }

    /// What was refused as the line of a plain key: a certificate, or a line with options.
    fn other(&mut self, line: &str, error: Error) -> Result<(), Refused> {
        match error.kind() {
            ErrorKind::CertificateNotAllowed => {
                let mut buffer = [0; MAX_BLOB_BYTES];
                let certificate = Certificate::parse(line, &mut buffer).map_err(Refused::Key)?;
                let short_name = format!("{}-CERT", certificate.algorithm().short_name());
                self.lines(certificate.bits(), certificate.comment(), &short_name, |hash| certificate.fingerprint(hash))
                    .map_err(Refused::Output)
            }
            ErrorKind::OptionsNotAllowed => {
                let entry: AuthorizedKeyBuf = line.parse().map_err(Refused::Key)?;
                self.key(entry.as_authorized_key().key(), None).map_err(Refused::Output)
            }
            _ => Err(Refused::Key(error)),
        }
    }

    fn lines(
        &mut self,
        bits: usize,
        comment: &str,
        short_name: &str,
        fingerprint: impl Fn(HashAlgorithm) -> Fingerprint,
    ) -> Result<(), Stop> {
        let comment = if comment.is_empty() { "no comment" } else { comment };
        for hash in &self.hashes {
            let fingerprint = fingerprint(*hash);
            writeln!(self.out, "{bits} {fingerprint} {comment} ({short_name})").map_err(failed)?;
            if self.randomart {
                writeln!(self.out, "{}", Randomart::new(&fingerprint, short_name, bits)).map_err(failed)?;
            }
        }
        Ok(())
    }
}

/// The options without a value.
const FLAGS: [&str; 4] = ["--json", "--private", "--randomart", "--strict"];

/// What stands behind a command: `N` words, and options with a value each, but for [`FLAGS`].
struct Arguments<'a, const N: usize> {
    words: [&'a str; N],
    options: Options<'a>,
}

struct Options<'a>(Vec<(&'a str, &'a str)>);

impl<'a, const N: usize> Arguments<'a, N> {
    fn parse(arguments: &'a [String], allowed: &[&str]) -> Result<Self, Stop> {
        let (words, options) = words_and_options(arguments, allowed)?;
        let count = words.len();
        let noun = if N == 1 { "argument" } else { "arguments" };
        let words = words.try_into().map_err(|_| Stop::Usage(format!("needs {N} {noun}, not {count}")))?;
        Ok(Self { words, options })
    }
}

/// Any number of words, and options.
fn words_and_options<'a>(arguments: &'a [String], allowed: &[&str]) -> Result<(Vec<&'a str>, Options<'a>), Stop> {
    let mut words = Vec::new();
    let mut options = Options(Vec::new());
    let mut arguments = arguments.iter().map(String::as_str);
    while let Some(argument) = arguments.next() {
        if !argument.starts_with("--") {
            words.push(argument);
        } else if !allowed.contains(&argument) {
            return Err(Stop::Usage(format!("unknown option {argument:?}")));
        } else if options.get(argument).is_some() {
            return Err(Stop::Usage(format!("{argument} is there twice")));
        } else if FLAGS.contains(&argument) {
            options.0.push((argument, ""));
        } else {
            let value = arguments.next().ok_or_else(|| Stop::Usage(format!("{argument} takes a value")))?;
            options.0.push((argument, value));
        }
    }
    Ok((words, options))
}

impl<'a> Options<'a> {
    fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(option, _)| *option == name).map(|(_, value)| *value)
    }

    fn has(&self, option: &str) -> bool {
        self.get(option).is_some()
    }

    /// The path of a file to be made. Whoever gives `-` expects standard output, and not a file of that name.
    fn new_path(&self, option: &str) -> Result<Option<&'a str>, Stop> {
        match self.get(option) {
            Some("-") => Err(Stop::Usage(format!("{option} takes the path of a new file, not -"))),
            path => Ok(path),
        }
    }

    /// The first line of the file that an option names.
    fn passphrase(&self, option: &str) -> Result<Option<Zeroizing<String>>, Stop> {
        let Some(path) = self.get(option) else { return Ok(None) };
        let text = read(path, MAX_LINE_BYTES)?;
        Ok(Some(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned())))
    }

    fn key_type(&self) -> Result<KeyType, Stop> {
        let name = self.get("--type").unwrap_or("ssh");
        name.parse().map_err(|_| Stop::Usage("--type takes ssh or x509".into()))
    }

    fn profile(&self) -> Result<Profile, Stop> {
        match self.get("--profile") {
            None | Some("documented") => Ok(Profile::documented()),
            Some("nova") => Ok(Profile::nova()),
            Some(_) => Err(Stop::Usage("--profile takes documented or nova".into())),
        }
    }
}

/// A number of things.
fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn failed(error: impl std::fmt::Display) -> Stop {
    Stop::Failed(error.to_string())
}

/// The longest file that is read.
const MAX_FILE_BYTES: usize = 256 << 20;

/// A file of at most some bytes, or standard input for `-`. What is no UTF-8 is refused without showing it.
fn read(path: &str, max: usize) -> Result<Zeroizing<String>, Stop> {
    // Of its final size, where it may be a secret: a buffer that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(max.min(MAX_LINE_BYTES) + 1));
    let one_more = (max + 1).try_into().map_err(failed)?;
    let result = match path {
        "-" => io::stdin().take(one_more).read_to_end(&mut bytes),
        _ => fs::File::open(path).and_then(|file| file.take(one_more).read_to_end(&mut bytes)),
    };
    result.map_err(|error| Stop::Failed(format!("{path:?}: {error}")))?;
    if bytes.len() > max {
        return Err(Stop::Failed(format!("{path:?}: longer than {max} bytes")));
    }
    String::from_utf8(std::mem::take(&mut *bytes)).map(Zeroizing::new).map_err(|error| {
        *bytes = error.into_bytes();
        Stop::Failed(format!("{path:?}: not UTF-8"))
    })
}

/// A new file that only its owner can read.
fn new_private_file(path: &str) -> Result<fs::File, Stop> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| Stop::Failed(format!("{path:?}: {error}")))
}

/// Leaves nothing half-made behind. That the file cannot be removed is worth less than why it should be.
fn remove(path: &str, why: Stop) -> Stop {
    let _ = fs::remove_file(path);
    why
}

fn print_response(response: &Response) -> Result<(), Stop> {
    let json = Zeroizing::new(serde_json::to_string_pretty(response).map_err(failed)?);
    print(&json)
}

/// A line to standard error. Where that is closed there is nobody left to tell.
fn complain(reason: &str) {
    let _ = writeln!(io::stderr(), "keypair: {reason}");
}

/// A line to standard output, where a closed pipe is a failure and no panic.
fn print(text: &str) -> Result<(), Stop> {
    writeln!(io::stdout(), "{text}").map_err(failed)
}
