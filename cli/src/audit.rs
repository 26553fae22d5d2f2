//! `keypair audit`: the weak keys of files, one by one and beside each other.

use super::{MAX_FILE_BYTES, Stop, complain, counted, failed, key_lines, key_of_file, read, words_and_options};
use serde_json::{Value, json};
use ssh_keypair::audit::{Denylist, Findings, Severity, Weakness, audit_with, shared_primes_with};
use ssh_keypair::openssh::{AuthorizedKeyBuf, Certificate, KeyData, MAX_BLOB_BYTES, PublicKeyBuf, TextForm, detect};
use ssh_keypair::{Error, ErrorKind, HashAlgorithm, RsaPublicKey, x509};
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// The exit status when a key is broken or weak.
const WEAK: u8 = 3;

/// A key, where it stands, and what was found.
struct Audited {
    place: String,
    key: PublicKeyBuf,
    findings: Findings,
    /// The groups of keys that it shares a prime with, two at most.
    groups: Vec<usize>,
}

impl Audited {
    /// What was found in the key itself and beside the others.
    fn weaknesses(&self) -> impl Iterator<Item = Weakness> {
        let shared = (!self.groups.is_empty()).then_some(Weakness::SharedPrime);
        self.findings.iter().chain(shared)
    }

    fn worst(&self) -> Option<Severity> {
        self.weaknesses().map(Weakness::severity).max()
    }
}

/// What is printed.
struct Report {
    keys: Vec<Audited>,
    /// The places in `keys` of those that share a prime.
    groups: Vec<Vec<usize>>,
    /// The lines, and the files, that hold no key.
    bad: usize,
}

/// Looks at every key of some files, and prints what it finds.
pub(super) fn audit(arguments: &[String]) -> Result<ExitCode, Stop> {
    let (paths, options) = words_and_options(arguments, &["--json", "--denylist"])?;
    if paths.is_empty() {
        return Err(Stop::Usage("needs a file".into()));
    }
    let file = options.get("--denylist").map(read_denylist).transpose()?;
    let denylist = Denylist::new(file.as_deref().unwrap_or_default()).map_err(failed)?;
    let mut report = Report { keys: vec![], groups: vec![], bad: 0 };
    for path in paths {
        if let Err(Stop::Failed(reason) | Stop::Usage(reason)) = report.read_keys(path) {
            complain(&reason);
            report.bad += 1;
        }
    }
    let mut progress = Progress::new();
    let all = report.keys.len();
    for (done, audited) in (1..).zip(report.keys.iter_mut()) {
        audited.findings = audit_with(&audited.key.as_public_key().key_data(), &[denylist]);
        progress.show("keys", done, all);
    }
    report.find_shared_primes(&mut progress);
    progress.clear();
    let mut out = BufWriter::new(io::stdout().lock());
    let printed = if options.has("--json") { report.print_json(&mut out) } else { report.print_text(&mut out) };
    printed.and_then(|()| out.flush()).map_err(failed)?;
    if report.keys.iter().any(|audited| audited.worst() >= Some(Severity::Weak)) {
        return Ok(ExitCode::from(WEAK));
    }
    match (report.bad, report.keys.len()) {
        (0, 0) => Err(Stop::Failed("no public key".into())),
        (0, _) => Ok(ExitCode::SUCCESS),
        (bad, _) => Err(Stop::Failed(counted(bad, "bad input"))),
    }
}

/// The records of a file, in which a search finds what is there.
fn read_denylist(path: &str) -> Result<Vec<u8>, Stop> {
    let refused = |reason: &dyn std::fmt::Display| Stop::Failed(format!("{path:?}: {reason}"));
    let file = fs::read(path).map_err(|error| refused(&error))?;
    let denylist = Denylist::new(&file).map_err(|error| refused(&error))?;
    if denylist.is_empty() || !denylist.is_sorted() {
        return Err(refused(&"empty, or its records are not in order: is it unpacked?"));
    }
    Ok(file)
}

impl Report {
    /// Reads every key of a file, in any public form, and names the lines that hold none.
    fn read_keys(&mut self, path: &str) -> Result<(), Stop> {
        let text = read(path, MAX_FILE_BYTES)?;
        let mut add =
            |place, key| self.keys.push(Audited { place, key, findings: Findings::default(), groups: vec![] });
        let shown = path.escape_debug();
        let text = text.trim_start_matches('\u{feff}');
        let of_certificate = || {
            let certificate = text.trim().parse::<x509::Certificate>();
            certificate.and_then(|x509| PublicKeyBuf::from_key_data(&x509.public_key().key_data(), ""))
        };
        let is_certificate = detect(text) == Some(TextForm::X509Pem);
        if let Some(key) = key_of_file(text).or_else(|| is_certificate.then(of_certificate)) {
            add(shown.to_string(), key.map_err(|error| Stop::Failed(format!("{shown}: {error}")))?);
            return Ok(());
        }
        for (number, line) in key_lines(text) {
            match plain_key(line) {
                Ok(key) => add(format!("{shown}:{number}"), key),
                // The lines after this one are a key, too.
                Err(error) if error.kind() == ErrorKind::PrivateKeyGiven => {
                    return Err(Stop::Failed(format!("{shown}:{number}: {error}")));
                }
                Err(error) => {
                    complain(&format!("{shown}:{number}: {error}"));
                    self.bad += 1;
                }
            }
        }
        Ok(())
    }

    /// Looks for RSA keys that share a prime with another one of the table.
    fn find_shared_primes(&mut self, progress: &mut Progress) {
        let (places, table): (Vec<usize>, Vec<RsaPublicKey<'_>>) = (0..)
            .zip(self.keys.iter())
            .filter_map(|(at, audited)| match audited.key.as_public_key().key_data() {
                KeyData::Rsa(key) => Some((at, key)),
                _ => None,
            })
            .unzip();
        let found = shared_primes_with(&table, |done, all| progress.show("steps to the shared primes", done, all));
        self.groups = found.iter().map(|factor| factor.keys().iter().map(|at| places[*at]).collect()).collect();
        for (number, group) in self.groups.iter().enumerate() {
            group.iter().for_each(|at| self.keys[*at].groups.push(number));
        }
    }

    /// What is told of a weakness beyond what it is: the list, or the other keys.
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
                // Where there is no other, it is a multiple of another one's modulus.
                (!named.is_empty()).then(|| format!("with {}{more}", named.join(", ")))
            }
            _ => None,
        }
    }

    /// How many keys have this as the worst.
    fn count(&self, worst: Option<Severity>) -> usize {
        self.keys.iter().filter(|audited| audited.worst() == worst).count()
    }

    /// The keys that something was found in, and a summary.
    fn print_text(&self, out: &mut impl Write) -> io::Result<()> {
        for audited in &self.keys {
            let Some(worst) = audited.worst() else { continue };
            let key = audited.key.as_public_key();
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

    /// The same of all keys as JSON. `shared_primes` has groups of them, by their places among `keys`.
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
    let key = audited.key.as_public_key();
    json!({
        "place": audited.place,
        "type": key.algorithm().as_str(),
        "bits": key.bits(),
        "fingerprint": key.fingerprint(HashAlgorithm::Sha256).to_string(),
        "comment": key.comment(),
        "findings": audited.weaknesses().map(finding).collect::<Vec<_>>(),
    })
}

/// The keys that are named of those that one shares a prime with.
const NAMED: usize = 5;

/// The key of a line: a plain one, that of a certificate, or that behind options.
fn plain_key(line: &str) -> Result<PublicKeyBuf, Error> {
    line.parse().or_else(|error: Error| match error.kind() {
        ErrorKind::CertificateNotAllowed => {
            let mut buffer = [0; MAX_BLOB_BYTES];
            let certificate = Certificate::parse(line, &mut buffer)?;
            PublicKeyBuf::from_key_data(&certificate.key_data(), certificate.comment())
        }
        ErrorKind::OptionsNotAllowed => {
            let entry: AuthorizedKeyBuf = line.parse()?;
            let key = *entry.as_authorized_key().key();
            PublicKeyBuf::from_key_data(&key.key_data(), key.comment())
        }
        _ => Err(error),
    })
}

/// A line on standard error that says how far a long work is, where that is a terminal.
struct Progress {
    terminal: bool,
    shown: Option<Instant>,
}

impl Progress {
    fn new() -> Self {
        Self { terminal: io::stderr().is_terminal(), shown: None }
    }

    /// At most ten times in a second.
    fn show(&mut self, what: &str, done: usize, all: usize) {
        let recently = self.shown.is_some_and(|shown| shown.elapsed() < Duration::from_millis(100));
        if self.terminal && !recently {
            self.shown = Some(Instant::now());
            let _ = write!(io::stderr(), "\r{done} of {all} {what}\u{1b}[K");
        }
    }

    fn clear(&self) {
        if self.shown.is_some() {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}
