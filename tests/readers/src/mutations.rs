//! Makes files by small changes of others, the same in each run.

/// Texts that separate, end, hide or begin something for some reader.
const TOKENS: [&str; 44] = [
    " ",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\0",
    "\\",
    "\"",
    "\\\"",
    "\\\\\"",
    "\\\n",
    "\\ \n",
    "#",
    ",",
    "=",
    ":",
    ": ",
    "!",
    "A",
    "AA",
    "AAAA",
    "====",
    "1 ",
    "\x0b",
    "\x0c",
    "\x1c",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{feff}",
    "----",
    "---- BEGIN SSH2 PUBLIC KEY ----\n",
    "---- END SSH2 PUBLIC KEY ----\n",
    "-----BEGIN PUBLIC KEY-----\n",
    "-----BEGIN SSH2 PUBLIC KEY-----\n",
    "ssh-rsa ",
    "ssh-ed25519 ",
    "rsa-sha2-512 ",
    "restrict,",
    "command=\"",
    "Comment: ",
    "x-a: ",
    "@revoked ",
    "host.example ",
];

/// Makes changed files.
pub struct Mutations {
    state: u64,
}

impl Mutations {
    /// A generator whose sequence depends on the seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A number below a limit.
    fn below(&mut self, limit: usize) -> usize {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.state >> 33).unwrap_or(0) % limit.max(1)
    }

    /// One of the files, with up to four changes.
    ///
    /// # Panics
    ///
    /// If there are no files.
    pub fn next(&mut self, files: &[Vec<u8>]) -> Vec<u8> {
        let mut file = files[self.below(files.len())].clone();
        for _ in 0..=self.below(4) {
            let other = &files[self.below(files.len())];
            self.change(&mut file, other);
        }
        file
    }

    fn change(&mut self, file: &mut Vec<u8>, other: &[u8]) {
        let at = self.position(file);
        match self.below(8) {
            0 | 1 => {
                let token = TOKENS[self.below(TOKENS.len())];
                file.splice(at..at, token.bytes());
            }
            2 => {
                let token = TOKENS[self.below(TOKENS.len())];
                let end = file.len().min(at + token.len());
                file.splice(at..end, token.bytes());
            }
            3 => {
                let end = file.len().min(at + 1 + self.below(4));
                file.drain(at..end);
            }
            4 => {
                let (start, end) = self.piece(file);
                let piece = file[start..end].to_vec();
                file.splice(at..at, piece);
            }
            5 | 6 => {
                let (start, end) = self.piece(other);
                file.splice(at..at, other[start..end].iter().copied());
            }
            _ => {
                let (start, end) = self.piece(file);
                file.drain(start..end);
            }
        }
    }

    /// Any position, or one next to something that is not base64.
    fn position(&mut self, file: &[u8]) -> usize {
        let at = self.below(file.len() + 1);
        if self.below(3) == 0 {
            return at;
        }
        let is_edge = |byte: &u8| !byte.is_ascii_alphanumeric() && !b"+/".contains(byte);
        let edges: Vec<usize> = (0..file.len()).filter(|at| is_edge(&file[*at])).collect();
        edges.get(self.below(edges.len())).map_or(at, |edge| edge + self.below(2))
    }

    /// The span of a word, a line, or some bytes.
    fn piece(&mut self, file: &[u8]) -> (usize, usize) {
        let (at, separators): (usize, &[u8]) = (self.position(file), [&b" \n"[..], b"\n", b" \\\"\n"][self.below(3)]);
        let is_end = |byte: &u8| separators.contains(byte);
        let start = file[..at].iter().rposition(is_end).map_or(0, |start| start + self.below(2));
        let end = file[at..].iter().position(is_end).map_or(file.len(), |end| at + end + self.below(2));
        (start.min(end), end)
    }
}
