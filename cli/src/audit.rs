//! `keypair audit`: finds weak keys in files. It checks each key by itself, and compares the RSA keys with each other.

use crate::files::{Input, MAX_FILE_BYTES, MAX_KEY_BYTES};
use crate::misuse;
use crate::output::{complain, counted};
use crate::public_keys::{entry_of_file, key_lines, located, report, text_of};
use crate::stop::Stop;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};
use ssh_keypair::audit::{DenylistRef, Findings, Severity, Weakness, check_all, shared_primes_with};
use ssh_keypair::openssh::Entry;
use ssh_keypair::{Error, ErrorKind, HashAlgorithm, Mistake, PublicEntry, PublicKey, RsaPublicKey, x509};
use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;
use zeroize::Zeroizing;

const EXAMPLES: &str = "\
Examples:
  keypair audit /home/*/.ssh/authorized_keys
  keypair audit keys.txt --denylist blocklist.dat
  keypair audit keys.txt --json | jq '.keys[] | select(.findings != [])'

Prints the keys with findings, and a summary. Reports bad lines and files on standard error, and continues with the rest.

Exit status:
  0  no key is broken
  1  no key is broken, but there were bad lines or files, or no key at all
  3  a key is broken";

/// The exit status if a key is broken.
const BROKEN: u8 = 3;

/// How many keys are audited between two steps of the progress bar: they share passes of the slow check.
const KEYS_AT_A_TIME: usize = 64;

/// Find weak keys in files, including RSA keys that share a prime
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Files of public keys in any format, authorized_keys or known_hosts files; - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<Input>,

    /// Report keys on this denylist: blocklist.dat from badkeys, decompressed
    #[arg(long, value_name = "FILE")]
    denylist: Option<Input>,

    /// Print every key as JSON
    #[arg(long)]
    json: bool,
}

/// A key, its location, and what was found.
struct Audited {
    place: String,
    key: PublicKey,
    findings: Findings,
    /// The groups of keys that it shares a prime with: at most two.
    groups: Vec<usize>,
}

impl Audited {
    fn new(place: String, key: PublicKey) -> Self {
        Self { place, key, findings: Findings::default(), groups: vec![] }
    }

    /// What was found in the key itself and in comparison with the others.
    fn weaknesses(&self) -> impl Iterator<Item = Weakness> {
        let shared = (!self.groups.is_empty()).then_some(Weakness::SharedPrime);
        self.findings.iter().chain(shared)
    }

    fn worst(&self) -> Option<Severity> {
        self.weaknesses().map(Weakness::severity).max()
    }
}

/// Everything that is printed.
struct Report {
    keys: Vec<Audited>,
    /// The groups of keys that share a prime, as indices into `keys`.
    groups: Vec<Vec<usize>>,
    /// The number of lines and files without a valid key.
    bad: usize,
}

/// Audits every key in the files, and prints what was found.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Stop> {
    if Input::stdin_twice(args.files.iter().chain(&args.denylist)) {
        return Err(misuse("audit", "standard input can be read only once"));
    }
    let file = args.denylist.as_ref().map(read_denylist).transpose()?;
    let denylist =
        DenylistRef::new(file.as_ref().map(|file| file.as_slice()).unwrap_or_default()).map_err(Stop::failed)?;
    let mut report = Report { keys: vec![], groups: vec![], bad: 0 };
    for file in &args.files {
        match report.read_keys(file) {
            Ok(()) => {}
            Err(Stop::Failed(reason)) => {
                complain(&reason);
                report.bad += 1;
            }
            Err(stop) => return Err(stop),
        }
    }
    report.audit_each(denylist);
    report.find_shared_primes();
    match report.print(args.json).map_err(Stop::output) {
        // The status says what was found, even if nobody reads the report to its end.
        Ok(()) | Err(Stop::OutputClosed) => report.status(),
        Err(stop) => Err(stop),
    }
}

/// Reads the records of a denylist, and checks their order, which lookups rely on.
fn read_denylist(file: &Input) -> Result<Zeroizing<Vec<u8>>, Stop> {
    let records = file.read(MAX_FILE_BYTES)?;
    let denylist = DenylistRef::new(&records).map_err(|error| file.failed(error))?;
    if denylist.is_empty() || !denylist.is_sorted() {
        return Err(file.failed("empty, or its records are not in order; decompress the file first"));
    }
    Ok(records)
}

impl Report {
    /// Reads every key in a file, in any public format, and reports the lines without a valid key.
    fn read_keys(&mut self, file: &Input) -> Result<(), Stop> {
        let bytes = file.read(MAX_FILE_BYTES)?;
        let text = text_of(file, &bytes)?;
        let text = text.trim_start_matches('\u{feff}');
        let of_file = || Some(entry_of_file(text)?.and_then(|entry| plain_key(&entry)));
        if let Some(key) = key_of_certificate(text).or_else(of_file) {
            let key = key.map_err(|error| Stop::Failed(format!("{file}: {}", located(text, &error))))?;
            self.keys.push(Audited::new(file.to_string(), key));
            return Ok(());
        }
        for (number, line) in key_lines(text) {
            let read = PublicEntry::read_with_report(line).and_then(|(entry, found)| {
                report(&format!("{file}:{number}: "), found.normalizations);
                plain_key(&entry)
            });
            match read {
                Ok(key) => self.keys.push(Audited::new(format!("{file}:{number}"), key)),
                // The lines after this one belong to the private key.
                Err(error) if error.kind() == ErrorKind::PrivateKeyGiven => {
                    return Err(Stop::Failed(format!("{file}:{number}: {error}")));
                }
                Err(error) => {
                    complain(&format!("{file}:{number}: {error}"));
                    self.bad += 1;
                }
            }
        }
        Ok(())
    }

    /// Checks each key by itself for weaknesses.
    fn audit_each(&mut self, denylist: DenylistRef<'_>) {
        let progress = progress_bar("keys");
        progress.set_length(self.keys.len() as u64);
        for some in self.keys.chunks_mut(KEYS_AT_A_TIME) {
            let keys: Vec<_> = some.iter().map(|audited| audited.key.key_data()).collect();
            let found = check_all(&keys, &[denylist]);
            for (audited, findings) in some.iter_mut().zip(found) {
                audited.findings = findings;
            }
            progress.inc(some.len() as u64);
        }
        progress.finish_and_clear();
    }

    /// Finds the RSA keys that share a prime with another.
    fn find_shared_primes(&mut self) {
        let (places, table): (Vec<usize>, Vec<RsaPublicKey<'_>>) = (0..)
            .zip(self.keys.iter())
            .filter_map(|(at, audited)| Some((at, audited.key.key_data().as_rsa()?)))
            .unzip();
        let progress = progress_bar("steps to the shared primes");
        let found = shared_primes_with(&table, |done, all| {
            progress.set_length(all as u64);
            progress.set_position(done as u64);
        });
        progress.finish_and_clear();
        self.groups = found.iter().map(|factor| factor.keys().iter().map(|at| places[*at]).collect()).collect();
        for (number, group) in self.groups.iter().enumerate() {
            group.iter().for_each(|at| self.keys[*at].groups.push(number));
        }
    }

    /// The exit status for what was found.
    fn status(&self) -> Result<ExitCode, Stop> {
        if self.keys.iter().any(|audited| audited.worst() == Some(Severity::Broken)) {
            return Ok(ExitCode::from(BROKEN));
        }
        match (self.bad, self.keys.len()) {
            (0, 0) => Err(Stop::Failed("no public key".into())),
            (0, _) => Ok(ExitCode::SUCCESS),
            (bad, _) => Err(Stop::Failed(counted(bad, "bad input"))),
        }
    }

    fn print(&self, as_json: bool) -> io::Result<()> {
        let mut out = BufWriter::new(io::stdout().lock());
        if as_json { self.print_json(&mut out) } else { self.print_text(&mut out) }?;
        out.flush()
    }

    /// What the report says about a weakness in addition to its description: the list, or the other keys.
    fn details(&self, audited: &Audited, weakness: Weakness) -> Option<String> {
        match weakness {
            Weakness::Denylisted => audited.findings.list().map(|list| format!("list {list}")),
            Weakness::SharedPrime => {
                let members = audited.groups.iter().flat_map(|group| &self.groups[*group]);
                let others: BTreeSet<&str> =
                    members.map(|at| &*self.keys[*at].place).filter(|at| *at != audited.place).collect();
                let named: Vec<_> = others.iter().copied().take(NAMED).collect();
                let more = match others.len().saturating_sub(NAMED) {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                // Without others, the modulus is a multiple of another key's modulus.
                (!named.is_empty()).then(|| format!("with {}{more}", named.join(", ")))
            }
            _ => None,
        }
    }

    /// How many keys have this severity as their worst.
    fn count(&self, worst: Option<Severity>) -> usize {
        self.keys.iter().filter(|audited| audited.worst() == worst).count()
    }

    /// Prints the keys with findings, and a summary.
    fn print_text(&self, out: &mut impl Write) -> io::Result<()> {
        for audited in &self.keys {
            let Some(worst) = audited.worst() else { continue };
            let key = &audited.key;
            let fingerprint = key.fingerprint(HashAlgorithm::Sha256);
            let comment = if key.comment().is_empty() { "no comment" } else { key.comment() };
            let short_name = key.algorithm().short_name();
            writeln!(out, "{}: {worst}: {} {fingerprint} {comment} ({short_name})", audited.place, key.bits())?;
            for weakness in audited.weaknesses() {
                let (severity, name, field) = (weakness.severity(), weakness.name(), weakness.field());
                write!(out, "  {severity}: {name}: {field}: {weakness}")?;
                if let Some(details) = self.details(audited, weakness) {
                    write!(out, " ({details})")?;
                }
                let cve = weakness.cve().map(|cve| format!("{cve}; ")).unwrap_or_default();
                writeln!(out, "\n    {cve}{}", weakness.reference())?;
            }
        }
        writeln!(
            out,
            "{}: {} broken, {} weak, {} with notes, {} without findings; {}",
            counted(self.keys.len(), "key"),
            self.count(Some(Severity::Broken)),
            self.count(Some(Severity::Weak)),
            self.count(Some(Severity::Note)),
            self.count(None),
            counted(self.bad, "bad input"),
        )
    }

    /// Prints all keys as JSON. `shared_primes` lists groups of indices into `keys`.
    fn print_json(&self, out: &mut impl Write) -> io::Result<()> {
        let keys: Vec<Value> = self.keys.iter().map(key_as_json).collect();
        let summary = json!({
            "keys": self.keys.len(),
            "broken": self.count(Some(Severity::Broken)),
            "weak": self.count(Some(Severity::Weak)),
            "with_notes": self.count(Some(Severity::Note)),
            "without_findings": self.count(None),
            "bad_inputs": self.bad,
        });
        let report = json!({ "keys": keys, "shared_primes": self.groups, "summary": summary });
        serde_json::to_writer_pretty(&mut *out, &report)?;
        writeln!(out)
    }
}

/// A key and its findings.
fn key_as_json(audited: &Audited) -> Value {
    let finding = |weakness: Weakness| {
        let mut finding = json!({
            "name": weakness.name(),
            "severity": weakness.severity().as_str(),
            "field": weakness.field().to_string(),
            "text": weakness.to_string(),
            "cve": weakness.cve(),
            "reference": weakness.reference(),
        });
        if weakness == Weakness::Denylisted {
            finding["list"] = json!(audited.findings.list());
        }
        finding
    };
    let key = &audited.key;
    json!({
        "place": audited.place,
        "type": key.algorithm().as_str(),
        "bits": key.bits(),
        "fingerprint": key.fingerprint(HashAlgorithm::Sha256).to_string(),
        "comment": key.comment(),
        "findings": audited.weaknesses().map(finding).collect::<Vec<_>>(),
    })
}

/// The largest number of keys that a finding names as sharing a prime with its key.
const NAMED: usize = 5;

/// The key of a line: a plain key, the key of a certificate, or the key after options or hosts.
fn plain_key(entry: &PublicEntry) -> Result<PublicKey, Error> {
    match entry {
        PublicEntry::Line(Entry::Certificate(certificate)) => certificate.public_key(),
        PublicEntry::Line(Entry::Key(key)) => Ok(key.clone()),
        PublicEntry::Line(Entry::AuthorizedKey(entry)) => Ok(entry.key().clone()),
        PublicEntry::KnownHost(host) => Ok(host.key().clone()),
    }
}

/// The key of an X.509 certificate as PEM, if the file is one, perhaps with other text around it.
fn key_of_certificate(text: &str) -> Option<Result<PublicKey, Error>> {
    let is_certificate = text.len() <= MAX_KEY_BYTES
        && PublicEntry::read(text).is_err_and(|error| error.kind() == ErrorKind::Mistake(Mistake::X509));
    is_certificate.then(|| x509::Certificate::read(text).map(|x509| PublicKey::from(x509.public_key())))
}

/// A progress bar on standard error, updated at most ten times a second, and shown only on a terminal.
fn progress_bar(what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("[{bar:40}] {pos} of {len} {msg}");
    ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10))
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "))
        .with_message(what)
}
