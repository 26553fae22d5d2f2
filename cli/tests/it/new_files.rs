//! The files that the tool writes: never over an existing file, never through a symbolic link, and complete or not at all.

use crate::tool::{Folder, KEYPAIR, data_path, run};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Starts the generation of a key that takes seconds.
fn start_slow_create(file: &str) -> Child {
    let mut command = Command::new(KEYPAIR);
    command.args(["create", "demo", "--bits", "8192", "--private-key", file]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(50));
    child
}

#[test]
fn a_symbolic_link_is_not_followed() {
    let folder = Folder::new("symlink");
    let (nowhere, existing) = (folder.file("to-nowhere"), folder.file("to-existing"));
    symlink(folder.file("nowhere"), &nowhere).unwrap();
    std::fs::write(folder.file("existing"), "before").unwrap();
    symlink(folder.file("existing"), &existing).unwrap();
    let key = data_path("private/rsa2048.pkcs1.pem");
    for link in [&nowhere, &existing] {
        for arguments in
            [&["create", "demo", "--private-key", link][..], &["convert", &key, "--to", "openssh", "--out", link]]
        {
            let failed = format!("keypair: {link:?}: already exists; it was not overwritten\n");
            assert_eq!(run(arguments, ""), (Some(1), String::new(), failed));
        }
    }
    assert_eq!(folder.names(), ["existing", "to-existing", "to-nowhere"]);
    assert_eq!(std::fs::read_to_string(folder.file("existing")).unwrap(), "before");
}

#[test]
fn a_file_made_in_the_meantime_is_not_overwritten() {
    let folder = Folder::new("race");
    let file = folder.file("key");
    let child = start_slow_create(&file);
    std::fs::write(&file, "theirs").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "no response for a key that is lost");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "theirs");
    assert_eq!(folder.names(), ["key"], "no temporary file");
}

#[test]
fn a_create_that_is_killed_leaves_no_file() {
    let folder = Folder::new("killed");
    let mut child = start_slow_create(&folder.file("key"));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(folder.names().is_empty());
}

#[test]
fn an_error_leaves_no_temporary_file() {
    let folder = Folder::new("errors");
    let file = folder.file("key");
    let encrypted = data_path("private/rsa2048.aes256-ctr.openssh");
    for arguments in [
        &["create", "a/b", "--private-key", &file][..],
        &["create", "demo", "--bits", "1024", "--private-key", &file],
        &["create", "demo", "--seed-file", "/dev/null", "--private-key", &file],
        &["create", "demo", "--private-key", &folder.file("no folder/key")],
        &["create", "demo", "--private-key", &folder.file(&"x".repeat(256))],
        &["create", "demo", "--private-key", folder.path().to_str().unwrap()],
        &["convert", &encrypted, "--to", "pkcs1", "--out", &file],
    ] {
        assert_eq!(run(arguments, "").0, Some(1), "{arguments:?}");
        assert!(folder.names().is_empty(), "{arguments:?}");
    }
}

#[test]
fn the_longest_name_that_a_file_can_have_is_written() {
    let folder = Folder::new("long");
    let name = "x".repeat(255);
    let arguments =
        ["convert", &data_path("private/rsa2048.pkcs1.pem"), "--to", "public", "--out", &folder.file(&name)];
    assert_eq!(run(&arguments, ""), (Some(0), String::new(), String::new()));
    assert_eq!(folder.names(), [name]);
}

#[test]
fn a_path_without_a_folder_is_in_the_working_directory() {
    let folder = Folder::new("relative");
    let key = data_path("private/rsa2048.pkcs1.pem");
    let mut command = Command::new(KEYPAIR);
    command.args(["convert", &key, "--to", "openssh", "--out", "key"]).current_dir(folder.path());
    assert!(command.status().unwrap().success());
    assert_eq!(folder.names(), ["key"]);
    assert_eq!(std::fs::metadata(folder.file("key")).unwrap().permissions().mode() & 0o777, 0o600);
}

// File systems of other operating systems may reject such a name.
#[cfg(target_os = "linux")]
#[test]
fn paths_need_not_be_utf_8() {
    let folder = Folder::new("not-utf-8");
    let path = |name: &[u8]| folder.path().join(OsString::from_vec(name.to_vec())).into_os_string();
    let (private, public, missing) = (path(b"key\xff"), path(b"caf\xe9.pub"), path(b"missing\xff"));
    let arg = |text: &'static str| OsStr::new(text);
    let key = OsString::from(data_path("private/rsa2048.pkcs1.pem"));
    let done = (Some(0), String::new(), String::new());
    let convert =
        |from: &OsStr, form, to: &OsStr| run(&[arg("convert"), from, arg("--to"), arg(form), arg("--out"), to], "");
    assert_eq!(convert(&key, "openssh", &private), done);
    assert_eq!(convert(&private, "public", &public), done);
    assert_eq!(run(&[arg("fingerprint"), &public], "").0, Some(0));
    assert_eq!(run(&[arg("import"), arg("demo"), &public], "").0, Some(0));
    let (status, out, _) = run(&[arg("audit"), &public, arg("--json")], "");
    assert_eq!(status, Some(0));
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(report["keys"][0]["place"].as_str().unwrap().ends_with("/caf\\xE9.pub:1"), "{out}");
    let (status, _, err) = run(&[arg("import"), arg("demo"), &missing], "");
    assert_eq!(status, Some(1));
    assert!(err.contains("/missing\\xFF\": "), "{err}");
}
