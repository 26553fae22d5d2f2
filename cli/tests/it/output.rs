//! Standard output that is closed, or full.

use crate::tool::{Folder, KEYPAIR, LINE, data};
use std::process::{Command, Output, Stdio};

/// Runs a shell command, in which `$KEYPAIR` is the tool.
fn shell(line: &str, folder: &Folder) -> Output {
    Command::new("sh").args(["-c", line]).env("KEYPAIR", KEYPAIR).current_dir(folder.path()).output().unwrap()
}

#[test]
fn a_reader_that_had_enough_is_no_error() {
    let folder = Folder::new("head");
    // More than fits in a pipe.
    std::fs::write(folder.file("keys"), LINE.repeat(10_000)).unwrap();
    std::fs::write(folder.file("weak"), data("weak/close-primes.pub").repeat(1000)).unwrap();
    for (command, first, status) in [
        ("fingerprint keys", "2048 MD5:", "0"),
        ("audit weak --json", "{", "3"),
        ("audit weak", "weak:1: broken: ", "3"),
    ] {
        let output = shell(&format!("{{ \"$KEYPAIR\" {command}; echo $? >&2; }} | head -n 1"), &folder);
        let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert!(out.starts_with(first) && out.lines().count() == 1, "{command}: {out}");
        assert_eq!(err, format!("{status}\n"), "{command}");
    }
}

#[test]
fn a_pipe_that_is_closed_from_the_start_is_no_error() {
    for arguments in [&["create", "demo"][..], &["--help"], &["create", "--help"], &["--version"]] {
        let mut command = Command::new(KEYPAIR);
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = command.args(arguments).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let folder = Folder::new("full");
    std::fs::write(folder.file("key"), LINE).unwrap();
    for command in ["create demo", "import demo key", "fingerprint key", "audit key", "audit key --json", "--help"] {
        let output = shell(&format!("\"$KEYPAIR\" {command} > /dev/full"), &folder);
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{command}: {err}");
        assert!(err.starts_with("keypair: standard output: No space left"), "{command}: {err}");
    }
}
