//! The list of readers.

use crate::{asyncssh, blob, go, openssh, putty};

/// Decides whether a blob is a key. Returns the key as the program encodes it.
pub type Accept<'a> = &'a dyn Fn(&[u8]) -> Option<Vec<u8>>;

/// How a program reads a file or a line.
#[derive(Clone, Copy)]
pub struct Reader {
    /// The program and its function.
    pub name: &'static str,
    /// Returns the blobs of all keys in a file, in order. `Accept` decides about each blob that the program would look at.
    pub read_with: fn(&[u8], Accept<'_>) -> Vec<Vec<u8>>,
    /// Decides which blobs the program accepts.
    pub accept: fn(&[u8]) -> Option<Vec<u8>>,
}

impl Reader {
    /// The blobs of all keys that the program reads from a file, in order.
    pub fn read(&self, file: &[u8]) -> Vec<Vec<u8>> {
        (self.read_with)(file, &self.accept)
    }

    /// The reader with this name.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn named(name: &str) -> Self {
        *READERS.iter().find(|reader| reader.name == name).unwrap_or_else(|| panic!("{name}"))
    }
}

/// All readers. Versions differ in the blobs that they accept; Go and `ssh-keygen -l` also in where they look for one.
pub const READERS: [Reader; 12] = [
    Reader { name: "sshd 9", read_with: openssh::authorized_keys, accept: blob::openssh_9 },
    Reader { name: "sshd 10", read_with: openssh::authorized_keys, accept: blob::openssh_10 },
    Reader { name: "ssh-keygen -l 9", read_with: openssh::listed_by_9, accept: blob::openssh_9 },
    Reader { name: "ssh-keygen -l 10", read_with: openssh::listed_by_10, accept: blob::openssh_10 },
    Reader { name: "ssh-keygen -e 9", read_with: openssh::public_key_file, accept: blob::openssh_9 },
    Reader { name: "ssh-keygen -i 9", read_with: openssh::imported, accept: blob::openssh_9 },
    Reader { name: "ssh-keygen -i 10", read_with: openssh::imported, accept: blob::openssh_10 },
    Reader { name: "Go 0.53", read_with: go::before_0_54, accept: blob::go_0_53 },
    Reader { name: "Go 0.55", read_with: go::since_0_54, accept: blob::go_0_55 },
    Reader { name: "asyncssh authorized_keys", read_with: asyncssh::authorized_keys, accept: blob::asyncssh },
    Reader { name: "asyncssh key file", read_with: asyncssh::public_key_file, accept: blob::asyncssh },
    Reader { name: "PuTTY", read_with: putty::public_key_file, accept: blob::putty },
];
