//! What several tests need: the folder of other projects' files, and the tools beside us.
#![allow(dead_code, reason = "each test uses its part")]

use ssh_keypair::openssh::{Certificate, CertificateType, MAX_BLOB_BYTES};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The folder that `SSH_KEYPAIR_CORPUS` names; where it is unset, says that the test skips.
pub(crate) fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("SSH_KEYPAIR_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        skipped("SSH_KEYPAIR_CORPUS is not set");
    }
    folder
}

/// Says so past the test runner, which keeps what a test prints to itself.
fn skipped(reason: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {reason}");
}

/// A JSON file of the corpus.
pub(crate) fn json(path: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Whether a tool is installed; where it is not, says that the test skips.
pub(crate) fn have(tool: &str) -> bool {
    let found = Command::new(tool).arg("-?").output().is_ok();
    if !found {
        skipped(&format!("{tool} is not installed"));
    }
    found
}

/// Whether Python is installed, and has a module; where it has not, says that the test skips.
pub(crate) fn have_python(module: &str) -> bool {
    let import = Command::new("python3").args(["-c", &format!("import {module}")]).output();
    let found = import.is_ok_and(|output| output.status.success());
    if !found {
        skipped(&format!("python3 with {module} is not installed"));
    }
    found
}

/// Runs a tool with a text on its standard input.
pub(crate) fn run(tool: &str, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(tool)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A tool that stops before it has read everything is judged by what it printed.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// The standard output of a tool that must succeed.
pub(crate) fn output(tool: &str, arguments: &[&str], input: &str) -> String {
    let output = run(tool, arguments, input);
    assert!(output.status.success(), "{tool} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A folder of its own for a test, removed at the end.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("ssh-keypair-{name}-{}", std::process::id()));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    /// The path of a file in it.
    pub(crate) fn file(&self, name: &str) -> String {
        self.0.join(name).into_os_string().into_string().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The blob of a certificate, put together again from what its accessors give.
pub(crate) fn certificate_blob(certificate: &Certificate<'_>) -> Vec<u8> {
    let string = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat();
    let list = |parts: Vec<&[u8]>| string(&parts.into_iter().flat_map(string).collect::<Vec<u8>>());
    let named = |options: Vec<(&str, &[u8])>| {
        let parts: Vec<Vec<u8>> =
            options.into_iter().map(|(name, data)| [string(name.as_bytes()), string(data)].concat()).collect();
        string(&parts.concat())
    };
    let mut plain = [0; MAX_BLOB_BYTES];
    let key = certificate.public_key(&mut plain).unwrap();
    let name = certificate.algorithm().as_str().len();
    let kind: u32 = match certificate.certificate_type() {
        CertificateType::User => 1,
        CertificateType::Host => 2,
    };
    [
        string(certificate.type_name().as_bytes()),
        string(certificate.nonce()),
        key.blob()[4 + name..].to_vec(),
        certificate.serial().to_be_bytes().to_vec(),
        kind.to_be_bytes().to_vec(),
        string(certificate.key_id().as_bytes()),
        list(certificate.principals().map(str::as_bytes).collect()),
        certificate.valid_after().to_be_bytes().to_vec(),
        certificate.valid_before().to_be_bytes().to_vec(),
        named(certificate.critical_options().collect()),
        named(certificate.extensions().collect()),
        string(certificate.reserved()),
        string(certificate.signature_key().blob()),
        string(certificate.signature()),
    ]
    .concat()
}

/// Writes a file that `ssh-keygen` takes for a private key: only the owner may read it.
pub(crate) fn write_private(path: &str, text: &str) {
    std::fs::write(path, text).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}
