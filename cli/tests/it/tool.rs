//! Runs the tool and other programs, and finds the test data.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The tool, as it was built for these tests.
pub(crate) const KEYPAIR: &str = env!("CARGO_BIN_EXE_keypair");

/// A public key as an OpenSSH line.
pub(crate) const LINE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/rsa2048.pub"));
/// The first line of the file is the passphrase of every encrypted key in the test data.
pub(crate) const PASSPHRASE_IN_DATA: &str = "test material\n";

/// The path of a committed test file.
pub(crate) fn data_path(file: &str) -> String {
    format!("{}/../tests/data/{file}", env!("CARGO_MANIFEST_DIR"))
}

/// The contents of a committed test file.
pub(crate) fn data(file: &str) -> String {
    std::fs::read_to_string(data_path(file)).unwrap()
}

/// Runs the tool with standard input, and returns exit status, standard output and standard error.
pub(crate) fn run(arguments: &[impl AsRef<OsStr>], input: &str) -> (Option<i32>, String, String) {
    let output = run_other(KEYPAIR, arguments, input);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// The key pair in a response that came without a remark on standard error.
pub(crate) fn response(arguments: &[&str], input: &str) -> serde_json::Value {
    let (status, out, err) = run(arguments, input);
    assert_eq!((status, err.as_str()), (Some(0), ""));
    serde_json::from_str::<serde_json::Value>(&out).unwrap()["keypair"].take()
}

/// Whether another program is installed. If not, prints that the test is skipped.
pub(crate) fn have(tool: &str) -> bool {
    let found = Command::new(tool).arg("-?").output().is_ok();
    if !found {
        // Written directly, because the test runner captures what a test prints.
        let _ = writeln!(std::io::stderr(), "skipped: {tool} is not installed");
    }
    found
}

/// Runs any program with standard input.
pub(crate) fn run_other(tool: &str, arguments: &[impl AsRef<OsStr>], input: &str) -> Output {
    let mut child = Command::new(tool)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program may stop before it has read everything: what it printed counts.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// The standard output of another program, which must succeed.
pub(crate) fn output_of(tool: &str, arguments: &[&str]) -> String {
    let output = run_other(tool, arguments, "");
    assert!(output.status.success(), "{tool} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A new folder for one test, removed at the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("ssh-keypair-cli-{name}-{}", std::process::id()));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The path of a file in the folder.
    pub(crate) fn file(&self, name: &str) -> String {
        self.0.join(name).into_os_string().into_string().unwrap()
    }

    /// The names of the files in the folder, including hidden ones, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
