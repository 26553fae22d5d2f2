//! Randomart: a fingerprint as a picture, as `ssh-keygen -lv` prints it.
//!
//! # The walk
//!
//! A bishop, who may be drunk, stands in the middle of a board of 17 columns and 9 rows. The bytes of the fingerprint tell
//! him where to go, from the first to the last, and each byte from its lowest bits to its highest: two bits are one step.
//! The lower bit is the column, 0 for left and 1 for right; the higher bit is the row, 0 for up and 1 for down. So every
//! step is diagonal, except at a wall: there he slides along it, and in a corner he may stay where he is. Each square counts
//! how many steps have ended on it; standing on the first square at the start does not count.
//!
//! The picture is the board, with a character for each count: a space for 0, then `.o+=*BOX@%&#/^`, and the last of these
//! for every count from 14 up. The square where he began is `S` and the one where he ended is `E`, whatever their counts; if
//! both are the same square, it is `E`. 16 bytes are 64 steps, 64 bytes are 256.
//!
//! # The frame
//!
//! Above the board is a title with the key's type and size, `[RSA 2048]`, and below it the hash, `[SHA256]`. Both are
//! centered in 17 columns of dashes, with one dash fewer on the left if they cannot be. OpenSSH has room for 16 characters
//! of title. If the title with the size has 18 characters or more, the size is omitted: `[ED25519-CERT]`. If the title is
//! then still longer than 16, it is cut: `[ED25519-SK-CERT`. A title of 17 characters keeps its size, and is cut as well: it
//! loses the closing bracket.
//!
//! The behaviour is that of `fingerprint_randomart` in OpenSSH's sshkey.c; the name comes from "The drunken bishop: An
//! analysis of the OpenSSH fingerprint visualization algorithm" by Loss, Limmer and von Gernler, 2009.

use super::any::Fingerprint;
use super::hash_algorithm::HashAlgorithm;
use core::fmt::{self, Write};

const WIDTH: usize = 17;
const HEIGHT: usize = 9;
/// The number of characters that a title has room for.
const MAX_TITLE: usize = 16;
/// The character for each count.
const COUNTS: [char; 15] = [' ', '.', 'o', '+', '=', '*', 'B', 'O', 'X', '@', '%', '&', '#', '/', '^'];

/// The picture of a fingerprint that `ssh-keygen -lv` prints, byte for byte. Two keys whose pictures differ are different;
/// two whose pictures are the same may be different too.
///
/// `Display` writes its 11 lines, without a line break after the last.
///
/// ```
/// use ssh_keypair::{Fingerprint, Randomart};
///
/// let fingerprint: Fingerprint = "SHA256:CEVh9qOfZEVEGReph6AA3v9wQ5FFNJ05dGhQ3gcY6B4".parse()?;
/// assert_eq!(
///     Randomart::new(&fingerprint, "RSA", 2048).to_string(),
///     "\
/// +---[RSA 2048]----+
/// |  .. .*..B@O*Oo  |
/// | . ..+ .ooo+Xo . |
/// |  . o. .+o.+... .|
/// |     o.+ oE .  . |
/// |      = S. o     |
/// |       B o.      |
/// |        +        |
/// |                 |
/// |                 |
/// +----[SHA256]-----+"
/// );
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Randomart {
    title: Title,
    /// Rows of columns.
    board: [[char; WIDTH]; HEIGHT],
    algorithm: HashAlgorithm,
}

impl Randomart {
    /// Draws a fingerprint. The short name of the key's type is the one that `ssh-keygen -l` prints in parentheses, such as
    /// `RSA`, `ED25519` or `ECDSA-SK-CERT`; it is written unchanged.
    ///
    /// ```
    /// use ssh_keypair::{Fingerprint, HashAlgorithm, Randomart};
    ///
    /// let fingerprint = Fingerprint::of_blob(HashAlgorithm::Md5, b"");
    /// let picture = Randomart::new(&fingerprint, "ED25519-CERT", 256).to_string();
    /// assert!(picture.starts_with("+-[ED25519-CERT]--+\n"));
    /// assert!(picture.ends_with("\n+------[MD5]------+"));
    /// ```
    pub fn new(fingerprint: &Fingerprint, short_name: &str, bits: usize) -> Self {
        let board = walk(fingerprint.as_ref());
        Self { title: Title::new(short_name, bits), board, algorithm: fingerprint.algorithm() }
    }
}

/// The bishop's walk.
fn walk(bytes: &[u8]) -> [[char; WIDTH]; HEIGHT] {
    let start = (WIDTH / 2, HEIGHT / 2);
    let (mut x, mut y) = start;
    let mut counts = [[0; WIDTH]; HEIGHT];
    for byte in bytes {
        for shift in [0, 2, 4, 6] {
            x = step(x, byte >> shift & 1 == 1, WIDTH);
            y = step(y, byte >> shift & 2 == 2, HEIGHT);
            counts[y][x] = (counts[y][x] + 1).min(COUNTS.len() - 1);
        }
    }
    let mut board = counts.map(|row| row.map(|count| COUNTS[count]));
    board[start.1][start.0] = 'S';
    board[y][x] = 'E';
    board
}

/// One step in one direction, on a line of `length` squares, without leaving it.
fn step(from: usize, forward: bool, length: usize) -> usize {
    if forward { (from + 1).min(length - 1) } else { from.saturating_sub(1) }
}

impl fmt::Display for Randomart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.title.border(f)?;
        for row in &self.board {
            f.write_str("\n|")?;
            row.iter().try_for_each(|square| f.write_char(*square))?;
            f.write_char('|')?;
        }
        f.write_char('\n')?;
        Title::of(format_args!("[{}]", self.algorithm.in_capitals())).border(f)
    }
}

/// The start of a text, and the length of the whole text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Title {
    start: [char; MAX_TITLE],
    length: usize,
}

impl Title {
    fn new(short_name: &str, bits: usize) -> Self {
        let title = Self::of(format_args!("[{short_name} {bits}]"));
        // OpenSSH's comparison is off by one. We repeat that, because pictures are compared byte for byte.
        if title.length > MAX_TITLE + 1 { Self::of(format_args!("[{short_name}]")) } else { title }
    }

    fn of(text: fmt::Arguments<'_>) -> Self {
        let mut title = Self { start: [' '; MAX_TITLE], length: 0 };
        // This cannot fail: characters that do not fit are only counted.
        let _ = title.write_fmt(text);
        title
    }

    /// A line of the frame with the title in it.
    fn border(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.length.min(MAX_TITLE);
        let before = (WIDTH - length) / 2;
        f.write_char('+')?;
        (0..before).try_for_each(|_| f.write_char('-'))?;
        self.start.iter().take(length).try_for_each(|c| f.write_char(*c))?;
        (before + length..WIDTH).try_for_each(|_| f.write_char('-'))?;
        f.write_char('+')
    }
}

impl Write for Title {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            if let Some(place) = self.start.get_mut(self.length) {
                *place = c;
            }
            self.length += 1;
        }
        Ok(())
    }
}
