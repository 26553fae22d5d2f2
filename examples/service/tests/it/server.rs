//! A running service in a folder of its own, and a client of it.

use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Everything that must not be in a log: parts of keys, names and tokens.
pub(crate) const SECRETS: [&str; 6] = ["PRIVATE", "MII", "AAAA", "secret-name", "Generated", "token-of-admin"];

pub(crate) const LINE: &str = include_str!("../../../../tests/data/ed25519.pub");

pub(crate) struct Server {
    child: Child,
    pub(crate) folder: PathBuf,
    pub(crate) address: String,
}

impl Server {
    /// Starts the service in an empty folder.
    pub(crate) fn start(name: &str, options: &[&str]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self::start_in(folder, "", options)
    }

    /// Starts the service in a folder, after a command of the shell.
    pub(crate) fn start_in(folder: PathBuf, before: &str, options: &[&str]) -> Self {
        let log = folder.join("log");
        let begin = fs::metadata(&log).map_or(0, |log| log.len());
        let file = File::options().create(true).append(true).open(&log).unwrap();
        let child = Command::new("sh")
            .args(["-c", &format!("{before} exec \"$0\" --listen 127.0.0.1:0 \"$@\"")])
            .arg(env!("CARGO_BIN_EXE_ssh-keypair-service"))
            .args(options)
            .current_dir(&folder)
            .stderr(file)
            .spawn()
            .unwrap();
        let mut server = Self { child, folder, address: String::new() };
        let deadline = Instant::now() + Duration::from_secs(20);
        while server.address.is_empty() {
            assert!(Instant::now() < deadline && server.child.try_wait().unwrap().is_none(), "{}", server.log());
            sleep(Duration::from_millis(20));
            let log = server.log();
            let started = log.get(begin as usize..).unwrap_or_default();
            if let Some((_, rest)) = started.split_once("listening address=")
                && let Some((address, _)) = rest.split_once('\n')
            {
                server.address = address.trim().to_owned();
            }
        }
        server
    }

    /// The same, with identities by headers, and many key pairs for each user.
    pub(crate) fn with_headers(name: &str) -> Self {
        Self::start(name, &["--identity", "headers", "--quota", "1000000"])
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap()
    }

    pub(crate) fn assert_log_has_no_secret(&self) {
        let log = self.log();
        for secret in SECRETS {
            assert!(!log.contains(secret), "{secret} is in the log");
        }
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(&self.address)
    }

    /// The processor time that the service has used, in seconds: that of a busy machine does not count.
    pub(crate) fn cpu_seconds(&self) -> f64 {
        cpu_seconds(&self.child.id().to_string())
    }

    pub(crate) fn signal(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Waits for the end, and returns whether it was a success.
    pub(crate) fn wait(mut self) -> (PathBuf, bool) {
        let status = self.child.wait().unwrap();
        (std::mem::take(&mut self.folder), status.success())
    }
}

/// The processor time of a process, by its number or `self`. The kernel counts in hundredths of a second.
pub(crate) fn cpu_seconds(process: &str) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields: Vec<_> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11..=12].iter().map(|ticks| ticks.parse::<f64>().unwrap() / 100.0).sum()
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection that stays open.
pub(crate) struct Client {
    pub(crate) stream: BufReader<TcpStream>,
    /// Headers of each request, each with its line break.
    pub(crate) headers: String,
}

impl Client {
    pub(crate) fn new(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        Self { stream: BufReader::new(stream), headers: String::new() }
    }

    pub(crate) fn with(mut self, header: &str) -> Self {
        self.headers += header;
        self.headers += "\r\n";
        self
    }

    /// By version 2.10, as a user with the identity of the headers that keystonemiddleware sets.
    pub(crate) fn of_user(self, user: &str) -> Self {
        self.with("OpenStack-API-Version: compute 2.10").with("X-Project-Id: p1").with(&format!("X-User-Id: {user}"))
    }

    pub(crate) fn try_ask(&mut self, method: &str, path: &str, body: &str) -> io::Result<(u16, Value)> {
        let (headers, length) = (&self.headers, body.len());
        let request = format!("{method} {path} HTTP/1.1\r\nHost: h\r\n{headers}Content-Length: {length}\r\n\r\n{body}");
        self.stream.get_mut().write_all(request.as_bytes())?;
        self.read()
    }

    /// The status of a response, and its JSON: `null` if there is no body.
    pub(crate) fn read(&mut self) -> io::Result<(u16, Value)> {
        let (mut status, mut length, mut line) = (0, 0, String::new());
        loop {
            line.clear();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
                status = rest[..3].parse().unwrap();
            } else if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            } else if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
    }

    pub(crate) fn ask(&mut self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.try_ask(method, path, &body).unwrap()
    }

    pub(crate) fn get(&mut self, path: &str) -> (u16, Value) {
        self.ask("GET", path, &Value::Null)
    }

    pub(crate) fn post(&mut self, keypair: &Value) -> (u16, Value) {
        self.ask("POST", "/v2.1/os-keypairs", &json!({ "keypair": keypair }))
    }
}
