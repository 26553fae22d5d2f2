//! Many lines at once: for a service that moves or audits its whole table.
//!
//! Each line is parsed as [`PublicKey::parse`] does, into one buffer. What costs most is put off until a round of lines is
//! parsed, and then made for all of them side by side: whether points are on their curve, and the MD5 of the blobs. Then the
//! results are given back in the order of the lines.
//!
//! Within a round the lines are parsed and hashed in the order of their lengths, which is nearly that of their types: the
//! CPU foresees the branches of one type after the other, and lanes that are done do not wait for longer ones. And while a
//! round is parsed, the next is asked for from memory: in a table that fits no cache a line would otherwise wait for longer
//! than it is worked on.

use super::MAX_BLOB_BYTES;
use super::ecdsa::{self, EcdsaCurve};
use super::ed25519;
use super::key_data::{Curve, not_on_curve};
use super::line::{self, Expected, Line};
use super::public_key::PublicKey;
use crate::arith::md5::{self, Padded, digest_all};
use crate::arith::prefetch::prefetch;
use crate::error::{Error, ErrorKind};
use crate::fingerprint::Md5Fingerprint;
use alloc::{vec, vec::Vec};
use core::iter::Peekable;

/// The lines of a round: enough to fill the lanes of the sizes that are common, and few enough for a core's second cache.
const ROUND: usize = 8 * md5::MAX_LANES;

/// The buffer of a round, for the blobs: those of so many lines of RSA-2048, or of any single line.
const BUFFER_BYTES: usize = ROUND * 448;
const _: () = assert!(BUFFER_BYTES >= Padded::padded_len(MAX_BLOB_BYTES));

/// The curves of points.
const CURVES: [Curve; 4] =
    [Curve::Edwards25519, Curve::Nist(EcdsaCurve::P256), Curve::Nist(EcdsaCurve::P384), Curve::Nist(EcdsaCurve::P521)];

/// Parses lines and hands each key with its MD5 fingerprint to `each`, or the reason why not, in the order of the lines:
/// exactly what [`PublicKey::parse`] and [`PublicKey::md5_fingerprint`] give for each, several times as fast.
///
/// It takes some 400 KiB of heap, whatever the lines are.
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
/// assert_eq!(results[1], "base64, byte 14: invalid base64");
/// # assert_eq!(results.len(), 3);
/// ```
pub fn fingerprint_lines<'l>(
    lines: impl IntoIterator<Item = &'l str>,
    mut each: impl FnMut(Result<(&PublicKey<'_>, Md5Fingerprint), Error>),
) {
    let mut lines = lines.into_iter().fuse().peekable();
    let mut buffer = vec![0; BUFFER_BYTES + 64];
    // Blocks that lie across two lines of the cache take longer to hash.
    let start = buffer.as_ptr().align_offset(64).min(64);
    let mut next = next_round(&mut lines);
    while !next.is_empty() {
        let texts = core::mem::replace(&mut next, next_round(&mut lines));
        let order = by_length(&texts);
        let mut round = Round::new();
        round.parse_lines(&texts, &order, &next, &mut buffer[start..]);
        round.check_points();
        let digests = round.digests();
        let mut places = vec![0; texts.len()];
        for (place, index) in order.iter().enumerate() {
            places[*index] = place;
        }
        for place in places {
            let (key, digest) = (&round.keys[place], digests[place]);
            each(key.as_ref().map(|key| (key, Md5Fingerprint::from_digest(digest))).map_err(|error| *error));
        }
    }
}

/// The lines of the next round: as many as there are, or as there is room for their blobs.
fn next_round<'l>(lines: &mut Peekable<impl Iterator<Item = &'l str>>) -> Vec<&'l str> {
    let mut texts = Vec::with_capacity(ROUND);
    let mut left = BUFFER_BYTES;
    while texts.len() < ROUND
        && let Some(text) = lines.next_if(|text| room(text) <= left)
    {
        left -= room(text);
        texts.push(text);
    }
    texts
}

/// The bytes that the blob of a line takes at most, with its padding.
fn room(text: &str) -> usize {
    Padded::padded_len((text.len() / 4 * 3).min(MAX_BLOB_BYTES))
}

/// The places of the lines, from short to long.
fn by_length(texts: &[&str]) -> Vec<usize> {
    const CLASSES: usize = 64;
    let class = |text: &str| (text.len() / 16).min(CLASSES - 1);
    let mut starts = [0; CLASSES + 1];
    texts.iter().for_each(|text| starts[class(text) + 1] += 1);
    (0..CLASSES).for_each(|class| starts[class + 1] += starts[class]);
    let mut order = vec![0; texts.len()];
    for (index, text) in texts.iter().enumerate() {
        let place = &mut starts[class(text)];
        order[*place] = index;
        *place += 1;
    }
    order
}

/// Lines that have been parsed.
struct Round<'a> {
    keys: Vec<Result<PublicKey<'a>, Error>>,
    /// The blobs of the good ones, and which they are of `keys`.
    messages: Vec<(Padded<'a>, usize)>,
    /// The points of the good ones that have one.
    points: Vec<Point<'a>>,
}

/// A point that is not known to be on its curve yet.
struct Point<'a> {
    curve: Curve,
    bytes: &'a [u8],
    line: &'a str,
    /// Which it is of `keys`.
    index: usize,
}

impl<'a> Round<'a> {
    fn new() -> Self {
        let (keys, messages) = (Vec::with_capacity(ROUND), Vec::with_capacity(ROUND));
        Self { keys, messages, points: Vec::with_capacity(ROUND) }
    }

    /// Parses lines in an order, the blobs into the buffer, and asks for those of the next round.
    fn parse_lines<'l: 'a>(&mut self, texts: &[&'l str], order: &[usize], next: &[&'l str], mut buffer: &'a mut [u8]) {
        let mut next = next.iter();
        for index in order {
            if let Some(text) = next.next() {
                prefetch(&text.as_bytes()[..text.len().min(512)]);
            }
            let text = texts[*index];
            let key = self.parse(text, &mut buffer).map_err(|error| line::why_refused(text, error));
            self.keys.push(key);
        }
    }

    /// Parses a line, the blob into the start of the buffer.
    #[inline(always)]
    fn parse(&mut self, text: &'a str, buffer: &mut &'a mut [u8]) -> Result<PublicKey<'a>, Error> {
        let line = Line::read(text, Expected::Key, buffer)?;
        let too_small = Error::new(ErrorKind::BufferTooSmall);
        let (part, rest) =
            core::mem::take(buffer).split_at_mut_checked(Padded::padded_len(line.blob)).ok_or(too_small)?;
        *buffer = rest;
        let message = Padded::new(part, line.blob).ok_or(too_small)?;
        PublicKey::read_unproven(&line, message.message(), Expected::Key).inspect(|key| {
            self.messages.push((message, self.keys.len()));
            if let Some((curve, span)) = key.point() {
                self.points.push(Point { curve, bytes: span.of(key.blob()), line: text, index: self.keys.len() });
            }
        })
    }

    /// Makes the check that was put off, for one curve after the other.
    fn check_points(&mut self) {
        for curve in CURVES {
            let points: Vec<_> = self.points.iter().filter(|point| point.curve == curve).collect();
            let bytes: Vec<_> = points.iter().map(|point| point.bytes).collect();
            let mut verdicts = vec![false; points.len()];
            match curve {
                Curve::Edwards25519 => ed25519::are_on_curve(&bytes, &mut verdicts),
                Curve::Nist(curve) => ecdsa::are_on_curve(curve, &bytes, &mut verdicts),
            }
            for (point, _) in points.iter().zip(verdicts).filter(|(_, on_curve)| !on_curve) {
                if let Some(key) = self.keys.get_mut(point.index)
                    && let Ok(Some((_, span))) = key.as_ref().map(PublicKey::point)
                {
                    *key = Err(line::why_refused(point.line, not_on_curve(span)));
                }
            }
        }
    }

    /// The MD5 of each key's blob, in the order of `keys`.
    fn digests(&mut self) -> Vec<[u8; 16]> {
        // By size, so that lanes are done at the same time.
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
