//! Reading input, and writing new files that only their owner can read.
//!
//! A private key is written in a way that leaves no half-written file under the name that the user gave: to a temporary file in
//! the same folder, which is renamed when everything is on disk. An existing file is never overwritten, and an existing
//! symbolic link is never followed.

use crate::stop::Stop;
use ssh_keypair::openssh::MAX_LINE_BYTES;
use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The length in bytes of the longest public key that is read: a line or PEM.
pub(crate) const MAX_KEY_BYTES: usize = MAX_LINE_BYTES;
/// The length in bytes of the longest file with a private key that is read: the library's limit.
pub(crate) const MAX_PRIVATE_KEY_BYTES: usize = 64 * 1024;
/// The length in bytes of the longest file of many keys that is read.
pub(crate) const MAX_FILE_BYTES: usize = 256 << 20;

/// What to read: a file, or standard input for `-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    Stdin,
    File(PathBuf),
}

impl From<OsString> for Input {
    fn from(path: OsString) -> Self {
        if path == "-" { Self::Stdin } else { Self::File(path.into()) }
    }
}

/// The path without quotes, and with control characters and bytes that are not UTF-8 escaped.
impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str("-"),
            Self::File(path) => {
                let quoted = format!("{path:?}");
                f.write_str(quoted.strip_prefix('"').and_then(|path| path.strip_suffix('"')).unwrap_or(&quoted))
            }
        }
    }
}

impl Input {
    /// Whether more than one of these is standard input, which can be read only once.
    pub(crate) fn stdin_twice<'a>(inputs: impl IntoIterator<Item = &'a Self>) -> bool {
        inputs.into_iter().filter(|input| **input == Self::Stdin).count() > 1
    }

    /// Reads at most `max` bytes. A longer input is an error.
    pub(crate) fn read(&self, max: usize) -> Result<Zeroizing<Vec<u8>>, Stop> {
        // Large enough for anything that may be a secret: a buffer that grows leaves copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(max.min(MAX_PRIVATE_KEY_BYTES) + 1));
        let one_more = (max + 1).try_into().map_err(Stop::failed)?;
        let result = match self {
            Self::Stdin => io::stdin().take(one_more).read_to_end(&mut bytes),
            Self::File(path) => File::open(path).and_then(|file| file.take(one_more).read_to_end(&mut bytes)),
        };
        result.map_err(|error| self.failed(error))?;
        if bytes.len() > max {
            return Err(self.failed(format_args!("longer than {max} bytes")));
        }
        Ok(bytes)
    }

    /// Reads a secret: the first line, without a byte order mark before it.
    pub(crate) fn read_secret(&self) -> Result<Zeroizing<String>, Stop> {
        let mut bytes = self.read(MAX_KEY_BYTES)?;
        if is_utf16(&bytes) {
            return Err(self.failed("found text in UTF-16; save the file as UTF-8"));
        }
        let text = String::from_utf8(std::mem::take(&mut *bytes)).map(Zeroizing::new).map_err(|error| {
            *bytes = error.into_bytes();
            self.failed("not valid UTF-8")
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
    }

    /// An error about this input.
    pub(crate) fn failed(&self, reason: impl fmt::Display) -> Stop {
        Stop::Failed(format!("\"{self}\": {reason}"))
    }
}

/// Whether a text is UTF-16: with a byte order mark, or with a zero in the same half of every pair of bytes.
fn is_utf16(text: &[u8]) -> bool {
    let (pairs, _) = text.as_chunks::<2>();
    let all = |zero: usize| !pairs.is_empty() && pairs.iter().all(|pair| pair.get(zero) == Some(&0));
    text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") || all(0) || all(1)
}

/// The path of a file to be written.
#[derive(Clone, Debug)]
pub(crate) struct NewFile(PathBuf);

impl NewFile {
    /// Rejects `-`: a user who writes it expects standard output, not a file of that name.
    pub(crate) fn new(path: OsString) -> Result<Self, &'static str> {
        if path == "-" { Err("expected the path of a new file, not -") } else { Ok(Self(path.into())) }
    }

    /// Fails early, before the expensive work, if [`NewFile::write`] would fail: the file exists, or its folder does not.
    pub(crate) fn check(&self) -> Result<(), Stop> {
        let checked = match fs::symlink_metadata(&self.0) {
            Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => fs::metadata(self.folder()).map(drop),
            Err(error) => Err(error),
        };
        checked.map_err(|error| self.failed(&error))
    }

    /// Writes the file, which only its owner can read. Either the whole file is written, or none of it.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), Stop> {
        self.write_and_link(bytes).map_err(|error| self.failed(&error))
    }

    fn write_and_link(&self, bytes: &[u8]) -> io::Result<()> {
        let mut temporary = Temporary::new(self.folder())?;
        temporary.file.write_all(bytes)?;
        temporary.file.sync_all()?;
        // A hard link does not replace an existing file or symbolic link, even one that points to nothing.
        match fs::hard_link(&temporary.path, &self.0) {
            // FAT and some network file systems have no hard links. The folder can be written to: see the temporary file.
            Err(error) if matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported) => {
                self.write_in_place(bytes)?;
            }
            result => result?,
        }
        temporary.remove()?;
        // The name should survive a loss of power, too. Some file systems do not support this for a folder.
        #[cfg(unix)]
        let _ = File::open(self.folder()).and_then(|folder| folder.sync_all());
        Ok(())
    }

    /// The fallback: if the program is stopped during the write, an incomplete file remains.
    fn write_in_place(&self, bytes: &[u8]) -> io::Result<()> {
        let mut file = create_private(&self.0)?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        if written.is_err() {
            // The first error matters more than a failure to remove the file.
            let _ = fs::remove_file(&self.0);
        }
        written
    }

    fn folder(&self) -> &Path {
        match self.0.parent() {
            Some(parent) if parent != "" => parent,
            _ => Path::new("."),
        }
    }

    fn failed(&self, error: &io::Error) -> Stop {
        let path = &self.0;
        Stop::Failed(match error.kind() {
            io::ErrorKind::AlreadyExists => format!("{path:?}: already exists; it was not overwritten"),
            _ => format!("{path:?}: {error}"),
        })
    }
}

/// A temporary file. Dropping this removes it, if it still exists.
struct Temporary {
    path: PathBuf,
    file: File,
    removed: bool,
}

impl Temporary {
    /// How many names a process tries. A name exists only if an earlier process with the same id was killed.
    const ATTEMPTS: usize = 100;

    fn new(folder: &Path) -> io::Result<Self> {
        let mut result = Err(io::ErrorKind::AlreadyExists.into());
        for attempt in 0..Self::ATTEMPTS {
            // Not derived from the name of the file, which may already have the maximum length.
            let path = folder.join(format!(".keypair-{}-{attempt}.tmp", std::process::id()));
            result = create_private(&path).map(|file| Self { path, file, removed: false });
            match &result {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                _ => break,
            }
        }
        result
    }

    fn remove(mut self) -> io::Result<()> {
        self.removed = true;
        fs::remove_file(&self.path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.removed {
            // The first error matters more than a failure to clean up.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Creates a file that only its owner can read. An existing file is not opened, and an existing link is not followed.
fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A new temporary folder, removed at the end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("ssh-keypair-files-{name}-{}", std::process::id()));
            fs::create_dir(&path).unwrap();
            Self(path)
        }

        fn new_file(&self, name: &str) -> NewFile {
            NewFile(self.0.join(name))
        }

        fn count(&self) -> usize {
            fs::read_dir(&self.0).unwrap().count()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn neither_way_to_write_replaces_a_file() {
        let folder = Folder::new("replace");
        let file = folder.new_file("key");
        file.write_and_link(b"first").unwrap();
        let kind = |result: io::Result<()>| result.unwrap_err().kind();
        assert_eq!(kind(file.write_and_link(b"second")), io::ErrorKind::AlreadyExists);
        assert_eq!(kind(file.write_in_place(b"second")), io::ErrorKind::AlreadyExists);
        assert_eq!((fs::read(&file.0).unwrap(), folder.count()), (b"first".to_vec(), 1));
    }

    #[cfg(unix)]
    #[test]
    fn neither_way_to_write_follows_a_symbolic_link() {
        let folder = Folder::new("link");
        let link = folder.new_file("link");
        std::os::unix::fs::symlink(folder.0.join("nowhere"), &link.0).unwrap();
        let kind = |result: io::Result<()>| result.unwrap_err().kind();
        assert_eq!(kind(link.write_and_link(b"key")), io::ErrorKind::AlreadyExists);
        assert_eq!(kind(link.write_in_place(b"key")), io::ErrorKind::AlreadyExists);
        assert_eq!(folder.count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn both_ways_write_a_file_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = Folder::new("mode");
        let (linked, in_place) = (folder.new_file("linked"), folder.new_file("in place"));
        linked.write_and_link(b"key").unwrap();
        in_place.write_in_place(b"key").unwrap();
        for file in [linked, in_place] {
            assert_eq!(fs::read(&file.0).unwrap(), b"key");
            assert_eq!(fs::metadata(&file.0).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(folder.count(), 2, "no temporary file");
    }

    #[test]
    fn what_a_killed_process_left_does_not_block_the_next() {
        let folder = Folder::new("left");
        let left = Temporary::new(&folder.0).unwrap();
        folder.new_file("key").write_and_link(b"key").unwrap();
        assert_eq!((fs::read(folder.0.join("key")).unwrap(), folder.count()), (b"key".to_vec(), 2));
        drop(left);
        assert_eq!(folder.count(), 1);
    }
}
