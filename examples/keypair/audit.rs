//! `keypair audit`: the weak keys of files, one by one and beside each other.

use super::{MAX_FILE_BYTES, Stop, complain, counted, failed, read, words_and_options};
use serde_json::{Value, json};
use ssh_keypair::audit::{Denylist, Findings, Severity, Weakness, audit_with, shared_primes_with};
use ssh_keypair::openssh::{AuthorizedKeyBuf, Certificate, KeyData, MAX_BLOB_BYTES, PublicKeyBuf, TextForm, detect};
use ssh_keypair::{Error, ErrorKind, HashAlgorithm, RsaPublicKey, pkcs, x509};
use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// The exit status when a key is broken or weak.
const WEAK: u8 = 3;

/// A key, where it stands, and what was found.
struct Audited {
    place: String,
    key: PublicKeyBuf,
    findings: Findings,
    /// The groups of keys that it shares a prime with, two at most.
    groups: Vec<Rc<Group>>,
}

/// The places of keys that share a prime.
struct Group(Vec<String>);

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

/// Looks at every key of some files, and prints what it finds.
pub(super) fn audit(arguments: &[String]) -> Result<ExitCode, Stop> {
    let (paths, options) = words_and_options(arguments, &["--json", "--denylist"])?;
    if paths.is_empty() {
        return Err(Stop::Usage("needs a file".into()));
    }
    let file = match options.get("--denylist") {
        Some(path) => fs::read(path).map_err(|error| Stop::Failed(format!("{path:?}: {error}")))?,
        None => vec![],
    };
    let denylist = Denylist::new(&file).map_err(|error| Stop::Failed(format!("--denylist: {error}")))?;
    if !denylist.is_sorted() {
        return Err(Stop::Failed("--denylist: its records are not in order".into()));
    }
    let (mut keys, mut bad) = (vec![], 0);
    for path in paths {
        bad += read_keys(path, &mut keys)?;
    }
    let mut progress = Progress::new();
    for (at, audited) in keys.iter_mut().enumerate() {
        audited.findings = audit_with(&audited.key.as_public_key().key_data(), &[denylist]);
        progress.show("keys", at + 1);
    }
    find_shared_primes(&mut keys, &mut progress);
    progress.clear();
    let mut out = BufWriter::new(io::stdout().lock());
    match options.has("--json") {
        true => print_json(&mut out, &keys, bad),
        false => print_text(&mut out, &keys, bad),
    }
    .and_then(|()| out.flush())
    .map_err(failed)?;
    if keys.iter().any(|audited| audited.worst() >= Some(Severity::Weak)) {
        return Ok(ExitCode::from(WEAK));
    }
    match (bad, keys.len()) {
        (0, 0) => Err(Stop::Failed("no public key".into())),
        (0, _) => Ok(ExitCode::SUCCESS),
        (bad, _) => Err(Stop::Failed(counted(bad, "bad line"))),
    }
}

/// Reads every key of a file, in any public form, and names the lines that hold none; returns how many.
fn read_keys(path: &str, keys: &mut Vec<Audited>) -> Result<usize, Stop> {
    let text = read(path, MAX_FILE_BYTES)?;
    let mut add = |place, key| keys.push(Audited { place, key, findings: Findings::default(), groups: vec![] });
    let framed = text.trim_start_matches('\u{feff}').trim();
    let whole = match detect(&text) {
        Some(TextForm::Rfc4716) => Some(PublicKeyBuf::from_rfc4716(framed)),
        Some(TextForm::SpkiPem | TextForm::Pkcs1PublicPem) => Some(pkcs::public_key_from_pem(framed)),
        Some(TextForm::X509Pem) => Some(framed.parse().and_then(|certificate: x509::Certificate| {
            PublicKeyBuf::from_key_data(&certificate.public_key().key_data(), "")
        })),
        _ => None,
    };
    if let Some(key) = whole {
        add(path.to_owned(), key.map_err(|error| Stop::Failed(format!("{path:?}: {error}")))?);
        return Ok(0);
    }
    let mut bad = 0;
    for (number, line) in (1..).zip(text.lines().map(|line| line.trim_start_matches([' ', '\t']))) {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        match plain_key(line) {
            Ok(key) => add(format!("{path}:{number}"), key),
            Err(error) if error.kind() == ErrorKind::PrivateKeyGiven => {
                return Err(Stop::Failed(format!("{path}:{number}: {error}")));
            }
            Err(error) => {
                complain(&format!("{path}:{number}: {error}"));
                bad += 1;
            }
        }
    }
    Ok(bad)
}

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

/// Looks for RSA keys that share a prime with another one of the table.
fn find_shared_primes(keys: &mut [Audited], progress: &mut Progress) {
    let (places, table): (Vec<usize>, Vec<RsaPublicKey<'_>>) = (0..)
        .zip(keys.iter())
        .filter_map(|(at, audited)| match audited.key.as_public_key().key_data() {
            KeyData::Rsa(key) => Some((at, key)),
            _ => None,
        })
        .unzip();
    let found = shared_primes_with(&table, |done, _| progress.show("steps of looking for shared primes", done));
    for factor in found {
        let members: Vec<usize> = factor.keys().iter().map(|at| places[*at]).collect();
        let group = Rc::new(Group(members.iter().map(|at| keys[*at].place.clone()).collect()));
        for at in members {
            keys[at].groups.push(Rc::clone(&group));
        }
    }
}

/// The keys that are named of those that one shares a prime with.
const NAMED: usize = 5;

/// What is told of a weakness beyond its sentence: the list, or the other keys.
fn details(audited: &Audited, weakness: Weakness) -> Option<String> {
    match weakness {
        Weakness::Denylisted => audited.findings.list().map(|list| format!("list {list}")),
        Weakness::SharedPrime => {
            let others = audited.groups.iter().flat_map(|group| &group.0).filter(|place| **place != audited.place);
            let named: Vec<_> = others.clone().take(NAMED).map(String::as_str).collect();
            let more = match others.count() {
                count @ NAMED.. if count > NAMED => format!(" and {} more", count - NAMED),
                _ => String::new(),
            };
            Some(format!("with {}{more}", named.join(", ")))
        }
        _ => None,
    }
}

/// The keys that something was found in, and a summary.
fn print_text(out: &mut impl Write, keys: &[Audited], bad: usize) -> io::Result<()> {
    for audited in keys {
        let Some(worst) = audited.worst() else { continue };
        let key = audited.key.as_public_key();
        let fingerprint = key.fingerprint(HashAlgorithm::Sha256);
        let comment = if key.comment().is_empty() { "no comment" } else { key.comment() };
        let short_name = key.algorithm().short_name();
        writeln!(out, "{}: {worst}: {} {fingerprint} {comment} ({short_name})", audited.place, key.bits())?;
        for weakness in audited.weaknesses() {
            write!(out, "  {}: {}: {weakness}", weakness.severity(), weakness.name())?;
            if let Some(details) = details(audited, weakness) {
                write!(out, " ({details})")?;
            }
            let cve = weakness.cve().map(|cve| format!("{cve}; ")).unwrap_or_default();
            writeln!(out, "\n    {cve}{}", weakness.reference())?;
        }
    }
    let of = |worst| keys.iter().filter(|audited| audited.worst() == worst).count();
    writeln!(
        out,
        "{}: {} broken, {} weak, {} with notes, {} without findings; {}",
        counted(keys.len(), "key"),
        of(Some(Severity::Broken)),
        of(Some(Severity::Weak)),
        of(Some(Severity::Note)),
        of(None),
        counted(bad, "bad line")
    )
}

/// The same of all keys as JSON.
fn print_json(out: &mut impl Write, keys: &[Audited], bad: usize) -> io::Result<()> {
    let finding = |audited: &Audited, weakness: Weakness| {
        let mut finding = json!({
            "name": weakness.name(),
            "severity": weakness.severity().as_str(),
            "text": weakness.to_string(),
            "cve": weakness.cve(),
            "reference": weakness.reference(),
        });
        if weakness == Weakness::Denylisted {
            finding["list"] = json!(audited.findings.list());
        }
        finding
    };
    let keys_json: Vec<Value> = keys
        .iter()
        .map(|audited| {
            let key = audited.key.as_public_key();
            json!({
                "place": audited.place,
                "type": key.algorithm().as_str(),
                "bits": key.bits(),
                "fingerprint": key.fingerprint(HashAlgorithm::Sha256).to_string(),
                "comment": key.comment(),
                "findings": audited.weaknesses().map(|weakness| finding(audited, weakness)).collect::<Vec<_>>(),
            })
        })
        .collect();
    // Each once, where its first key is.
    let firsts = keys.iter().flat_map(|audited| audited.groups.iter().map(move |group| (&audited.place, &group.0)));
    let groups: Vec<_> = firsts.filter(|(place, group)| group.first() == Some(place)).map(|(_, group)| group).collect();
    let of = |worst| keys.iter().filter(|audited| audited.worst() == Some(worst)).count();
    let summary = json!({
        "keys": keys.len(),
        "broken": of(Severity::Broken),
        "weak": of(Severity::Weak),
        "with_notes": of(Severity::Note),
        "bad_lines": bad,
    });
    serde_json::to_writer_pretty(
        &mut *out,
        &json!({ "keys": keys_json, "shared_primes": groups, "summary": summary }),
    )?;
    writeln!(out)
}

/// A line on standard error that says how far a long work is, where somebody looks at the output.
struct Progress {
    terminal: bool,
    shown: Option<Instant>,
}

impl Progress {
    fn new() -> Self {
        Self { terminal: io::stdout().is_terminal() && io::stderr().is_terminal(), shown: None }
    }

    /// At most ten times in a second.
    fn show(&mut self, what: &str, done: usize) {
        let recently = self.shown.is_some_and(|shown| shown.elapsed() < Duration::from_millis(100));
        if self.terminal && !recently {
            self.shown = Some(Instant::now());
            let _ = write!(io::stderr(), "\r{done} {what}\u{1b}[K");
        }
    }

    fn clear(&self) {
        if self.shown.is_some() {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}
