//! Parses many lines at once, for a service that migrates or audits its whole table.
//!
//! Each line is parsed as [`PublicKeyRef::parse`] does, into one buffer. The most expensive work is deferred until a round
//! of lines is parsed, and then done for all of them side by side: the check that points are on their curve, and the MD5 of
//! the blobs. Keys are hashed in the order of their sizes, because a lane that has finished waits for the longest one. Then the
//! results are returned in the order of the lines.

use super::line::{self, Expected, Line};
use crate::error::{Error, ErrorKind};
use crate::fingerprint::Md5Fingerprint;
use crate::kernels::bytes::md5::{self, Padded, digest_all};
use crate::kernels::prefetch::prefetch;
use crate::key::{Curve, EcdsaCurve, PublicKeyRef, are_on_curve, not_on_curve};
use crate::text::MAX_BLOB_BYTES;
use alloc::{vec, vec::Vec};

/// The number of lines in a round: enough to fill the lanes for the common sizes, and few enough for a core's L2 cache.
const ROUND: usize = 8 * md5::MAX_MESSAGE_LANES;

/// The buffer of a round: room for that many RSA-2048 keys, one key of any size, and alignment to a multiple of 64.
const BUFFER_BYTES: usize = ROUND * 320 + MAX_BLOB_BYTES + 128;

/// The curves that the points can be on.
const CURVES: [Curve; 4] =
    [Curve::Edwards25519, Curve::Nist(EcdsaCurve::P256), Curve::Nist(EcdsaCurve::P384), Curve::Nist(EcdsaCurve::P521)];

/// Parses lines, and passes each key with its MD5 fingerprint, or the error, to `each`, in the order of the lines. The results
/// are exactly those of [`PublicKeyRef::parse`] and [`PublicKeyRef::md5_fingerprint`] for each line, but a batch is several
/// times as fast: BENCHMARKS.md has the figures.
///
/// This needs less than half a MiB of heap, whatever the input.
///
/// ```
/// use ssh_keypair::openssh::fingerprint_lines;
///
/// # let table = concat!(include_str!("../../tests/data/rsa2048.pub"), "ssh-rsa broken\n", include_str!("../../tests/data/ed25519.pub"));
/// let mut results = Vec::new();
/// fingerprint_lines(table.lines(), |result| match result {
///     Ok((key, fingerprint)) => results.push(format!("{} {fingerprint}", key.comment())),
///     Err(error) => results.push(error.to_string()),
/// });
/// assert_eq!(results[1], "base64, byte 14: found a character that is not base64, or the base64 is incomplete; copy the whole key");
/// # assert_eq!(results.len(), 3);
/// ```
pub fn fingerprint_lines<'l>(
    lines: impl IntoIterator<Item = &'l str>,
    mut each: impl FnMut(Result<(&PublicKeyRef<'_>, Md5Fingerprint), Error>),
) {
    let mut lines = Ahead::new(lines.into_iter().fuse());
    let mut buffer = vec![0; BUFFER_BYTES];
    // A block that straddles two cache lines takes longer to hash.
    let start = buffer.as_ptr().align_offset(64).min(64);
    let mut left_over = None;
    loop {
        let mut round = Round::new();
        left_over = round.parse_lines(left_over, &mut lines, &mut buffer[start..]);
        if round.keys.is_empty() {
            return;
        }
        round.check_points();
        let digests = round.digests();
        for (key, digest) in round.keys.iter().zip(digests) {
            each(key.as_ref().map(|key| (key, Md5Fingerprint::from(digest))).map_err(|error| *error));
        }
    }
}

/// How many lines ahead to prefetch: parsing that many takes about as long as memory takes to respond.
const AHEAD: usize = 16;

/// Lines, each prefetched some lines before it is returned. In a table that exceeds the caches, waiting for a line of 400
/// bytes would otherwise take longer than the work on it.
struct Ahead<'l, I> {
    lines: I,
    next: [Option<&'l str>; AHEAD],
    at: usize,
}

impl<'l, I: Iterator<Item = &'l str>> Ahead<'l, I> {
    fn new(lines: I) -> Self {
        let mut ahead = Self { lines, next: [None; AHEAD], at: 0 };
        for _ in 0..AHEAD {
            ahead.next();
        }
        ahead
    }
}

impl<'l, I: Iterator<Item = &'l str>> Iterator for Ahead<'l, I> {
    type Item = &'l str;

    #[inline]
    fn next(&mut self) -> Option<&'l str> {
        let place = self.next.get_mut(self.at)?;
        self.at = (self.at + 1) % AHEAD;
        let next = self.lines.next().inspect(|line| prefetch(&line.as_bytes()[..line.len().min(512)]));
        core::mem::replace(place, next)
    }
}

/// The lines of one round, parsed.
struct Round<'a> {
    keys: Vec<Result<PublicKeyRef<'a>, Error>>,
    /// The blobs of the valid lines, and their indices in `keys`.
    messages: Vec<(Padded<'a>, usize)>,
    /// The points of the valid lines whose keys have one.
    points: Vec<Point<'a>>,
}

/// A point that is not yet known to be on its curve.
struct Point<'a> {
    curve: Curve,
    bytes: &'a [u8],
    line: &'a str,
    /// The index of its key in `keys`.
    index: usize,
}

impl<'a> Round<'a> {
    fn new() -> Self {
        let (keys, messages) = (Vec::with_capacity(ROUND), Vec::with_capacity(ROUND));
        Self { keys, messages, points: Vec::with_capacity(ROUND) }
    }

    /// Parses lines until the round or the buffer is full. Returns a line that did not fit.
    fn parse_lines<'l: 'a>(
        &mut self,
        first: Option<&'l str>,
        lines: &mut impl Iterator<Item = &'l str>,
        mut buffer: &'a mut [u8],
    ) -> Option<&'l str> {
        for text in first.into_iter().chain(lines) {
            match self.parse(text, &mut buffer) {
                Some(result) => self.keys.push(result.map_err(|error| line::why_rejected(text, error))),
                None => return Some(text),
            }
            if self.keys.len() == ROUND {
                break;
            }
        }
        None
    }

    /// Parses a line, and decodes its blob into the start of the buffer. None if the buffer is too small.
    #[inline(always)]
    fn parse(&mut self, text: &'a str, buffer: &mut &'a mut [u8]) -> Option<Result<PublicKeyRef<'a>, Error>> {
        let line = match Line::read(text, Expected::Key, buffer) {
            Ok(line) => line,
            Err(error) if error.kind() == ErrorKind::BufferTooSmall => return None,
            Err(error) => return Some(Err(error)),
        };
        let (part, rest) = core::mem::take(buffer).split_at_mut_checked(Padded::padded_len(line.blob))?;
        *buffer = rest;
        let message = Padded::new(part, line.blob)?;
        Some(PublicKeyRef::read_unproven(&line, message.message(), Expected::Key).inspect(|key| {
            self.messages.push((message, self.keys.len()));
            if let Some((curve, span)) = key.point() {
                self.points.push(Point { curve, bytes: span.of(key.blob()), line: text, index: self.keys.len() });
            }
        }))
    }

    /// Does the deferred check, one curve at a time.
    fn check_points(&mut self) {
        for curve in CURVES {
            let points: Vec<_> = self.points.iter().filter(|point| point.curve == curve).collect();
            let bytes: Vec<_> = points.iter().map(|point| point.bytes).collect();
            let mut verdicts = vec![false; points.len()];
            are_on_curve(curve, &bytes, &mut verdicts);
            for (point, _) in points.iter().zip(verdicts).filter(|(_, on_curve)| !on_curve) {
                if let Some(key) = self.keys.get_mut(point.index)
                    && let Ok(Some((_, span))) = key.as_ref().map(PublicKeyRef::point)
                {
                    *key = Err(line::why_rejected(point.line, not_on_curve(span)));
                }
            }
        }
    }

    /// The MD5 of each key's blob, in the order of `keys`.
    fn digests(&mut self) -> Vec<[u8; 16]> {
        // Sorted by size, so that the lanes finish at the same time.
        self.messages.sort_by_key(|(message, _)| message.blocks());
        let messages: Vec<_> = self.messages.iter().map(|(message, _)| *message).collect();
        let mut hashed = vec![[0; 16]; messages.len()];
        digest_all(&messages, &mut hashed);
        let mut digests = vec![[0; 16]; self.keys.len()];
        for ((_, index), digest) in self.messages.iter().zip(hashed) {
            if let Some(place) = digests.get_mut(*index) {
                *place = digest;
            }
        }
        digests
    }
}
