//! `keypair fingerprint`: prints what `ssh-keygen -l` prints, for every public key in a file.

use crate::files::{Input, MAX_FILE_BYTES};
use crate::hints::{Reading, failed_with_hint};
use crate::output::{complain, counted};
use crate::public_keys::{entry_of_file, key_lines, located, report, text_of};
use crate::stop::Stop;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use ssh_keypair::openssh::{Entry, fingerprint_lines};
use ssh_keypair::{ErrorKind, Fingerprint, HashAlgorithm, PublicEntry, PublicKeyRef, Randomart};
use std::io::{self, BufWriter, StdoutLock, Write};

const EXAMPLES: &str = "\
Examples:
  keypair fingerprint ~/.ssh/authorized_keys
  keypair fingerprint id_rsa.pub --hash sha256 --randomart
  ssh-keyscan localhost 2> /dev/null | keypair fingerprint -

FILE has a public key or a certificate on each line, with or without options or host names, like authorized_keys and
known_hosts; or it is an RFC 4716 file or PEM. Each bad line is reported on standard error, and the exit status is then 1.";

/// Print the size, fingerprints and comment of every public key in a file
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// File with the public keys, or - for standard input
    file: Input,

    /// Print only the fingerprint by this hash [default: md5 and sha256]
    #[arg(long, value_name = "HASH", value_parser = hash())]
    hash: Option<HashAlgorithm>,

    /// Print the randomart picture of each fingerprint as well
    #[arg(long)]
    randomart: bool,
}

fn hash() -> impl TypedValueParser<Value = HashAlgorithm> {
    let names = ["md5", "sha1", "sha256", "sha384", "sha512"];
    PossibleValuesParser::new(names).try_map(|name| name.parse::<HashAlgorithm>())
}

pub(crate) fn run(args: &Args) -> Result<(), Stop> {
    let hashes = args.hash.map_or(vec![HashAlgorithm::Md5, HashAlgorithm::Sha256], |hash| vec![hash]);
    let bytes = args.file.read(MAX_FILE_BYTES)?;
    let text = text_of(&args.file, &bytes)?;
    let mut printer = Printer { out: BufWriter::new(io::stdout().lock()), hashes, randomart: args.randomart };
    match entry_of_file(&text) {
        Some(entry) => {
            let failed =
                |error| failed_with_hint(&located(&*text, &error), &error, &args.file, &bytes, Reading::PublicKey);
            printer.entry(&entry.map_err(failed)?)?;
        }
        None => print_lines(&args.file, &text, &mut printer)?,
    }
    printer.out.flush().map_err(Stop::output)
}

/// Prints the key of each line, and reports every bad line.
fn print_lines(file: &Input, text: &str, printer: &mut Printer<'_>) -> Result<(), Stop> {
    let lines: Vec<(usize, &str)> = key_lines(text).collect();
    let (mut bad, mut stop) = (0, None);
    let mut numbered = lines.iter();
    fingerprint_lines(lines.iter().map(|(_, line)| *line), |result| {
        let Some((number, line)) = numbered.next().filter(|_| stop.is_none()) else { return };
        let printed = match result {
            Ok((key, md5)) => printer.key(key, Some(md5.into())),
            // Not exactly the line of a plain key.
            Err(_) => match PublicEntry::read_with_report(line) {
                Ok((entry, found)) => {
                    report(&format!("line {number}: "), found.normalizations);
                    printer.entry(&entry)
                }
                // The lines after this one belong to the private key.
                Err(error) if error.kind() == ErrorKind::PrivateKeyGiven => {
                    let text = format!("line {number}: {error}");
                    Err(failed_with_hint(&text, &error, file, line.as_bytes(), Reading::PublicKey))
                }
                Err(error) => {
                    bad += 1;
                    complain(&format!("line {number}: {error}"));
                    Ok(())
                }
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
        (bad, _) => {
            printer.out.flush().map_err(Stop::output)?;
            Err(Stop::Failed(counted(bad, "bad line")))
        }
    }
}

/// Prints keys as `ssh-keygen -l` does.
struct Printer<'a> {
    out: BufWriter<StdoutLock<'a>>,
    hashes: Vec<HashAlgorithm>,
    randomart: bool,
}

impl Printer<'_> {
    /// A plain key, whose MD5 fingerprint may already be known.
    fn key(&mut self, key: &PublicKeyRef<'_>, md5: Option<Fingerprint>) -> Result<(), Stop> {
        let short_name = key.algorithm().short_name();
        self.lines(key.bits(), key.comment(), short_name, |hash| match md5 {
            Some(md5) if hash == md5.algorithm() => md5,
            _ => key.fingerprint(hash),
        })
    }

    /// Any line. If it has no comment, what is before the key is printed instead.
    fn entry(&mut self, entry: &PublicEntry) -> Result<(), Stop> {
        let mut short_name = entry.algorithm().short_name().to_owned();
        if let PublicEntry::Line(Entry::Certificate(_)) = entry {
            short_name += "-CERT";
        }
        let line = entry.to_string();
        let before = match entry {
            PublicEntry::KnownHost(host) => host.hosts(),
            PublicEntry::Line(Entry::AuthorizedKey(key)) => {
                line.strip_suffix(&key.key().to_string()).unwrap_or_default().trim_end()
            }
            PublicEntry::Line(_) => "",
        };
        let comment = if entry.comment().is_empty() { before } else { entry.comment() };
        self.lines(entry.bits(), comment, &short_name, |hash| entry.fingerprint(hash))
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
            writeln!(self.out, "{bits} {fingerprint} {comment} ({short_name})").map_err(Stop::output)?;
            if self.randomart {
                writeln!(self.out, "{}", Randomart::new(&fingerprint, short_name, bits)).map_err(Stop::output)?;
            }
        }
        Ok(())
    }
}
