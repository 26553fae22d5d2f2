//! Where the lengths inside a blob are, and edits that keep them consistent: for tests that change keys.
#![allow(dead_code, reason = "each test uses its part")]

use std::ops::Range;

/// Plain types, and how many `string`s or `mpint`s follow the name of each.
const TYPES: [(&str, usize); 8] = [
    ("ssh-rsa", 2),
    ("ssh-dss", 4),
    ("ecdsa-sha2-nistp256", 2),
    ("ecdsa-sha2-nistp384", 2),
    ("ecdsa-sha2-nistp521", 2),
    ("ssh-ed25519", 1),
    ("sk-ecdsa-sha2-nistp256@openssh.com", 3),
    ("sk-ssh-ed25519@openssh.com", 2),
];

/// The span of every field of a blob, after the four bytes of its length; a nested field comes after the one that
/// contains it. Stops where the blob is malformed.
pub(crate) fn fields(blob: &[u8]) -> Vec<Range<usize>> {
    let mut walk = Walk { blob, found: Vec::new() };
    walk.key(0..blob.len());
    walk.found
}

/// A blob with a part of a field replaced, and with the lengths of that field and of those around it corrected.
pub(crate) fn with_part_of_field(blob: &[u8], field: &Range<usize>, part: Range<usize>, new: &[u8]) -> Vec<u8> {
    let mut changed = blob.to_vec();
    for around in fields(blob).iter().filter(|around| around.start <= field.start && field.end <= around.end) {
        let length = around.len() - part.len() + new.len();
        changed[around.start - 4..around.start].copy_from_slice(&u32::try_from(length).unwrap().to_be_bytes());
    }
    changed.splice(part, new.iter().copied());
    changed
}

struct Walk<'a> {
    blob: &'a [u8],
    found: Vec<Range<usize>>,
}

impl Walk<'_> {
    /// The next field in a span, which shrinks to what follows the field.
    fn next(&mut self, rest: &mut Range<usize>) -> Option<Range<usize>> {
        let length = self.blob.get(rest.clone())?.first_chunk()?;
        let start = rest.start + 4;
        let end = start.checked_add(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        if end > rest.end {
            return None;
        }
        rest.start = end;
        self.found.push(start..end);
        Some(start..end)
    }

    fn skip(&self, rest: &mut Range<usize>, bytes: usize) -> Option<()> {
        rest.start += bytes;
        (rest.start <= rest.end).then_some(())
    }

    fn list(&mut self, mut span: Range<usize>) {
        while self.next(&mut span).is_some() {}
    }

    /// Names, and data that may themselves be a field.
    fn options(&mut self, mut span: Range<usize>) {
        while self.next(&mut span).is_some() {
            let Some(mut data) = self.next(&mut span) else { return };
            self.next(&mut data);
        }
    }

    /// A plain key, or a certificate.
    fn key(&mut self, mut rest: Range<usize>) -> Option<()> {
        let name = self.next(&mut rest)?;
        let name = std::str::from_utf8(&self.blob[name]).ok()?;
        let of = |name: &str| TYPES.iter().find(|(known, _)| *known == name).map(|(_, count)| *count);
        if let Some(count) = of(name) {
            for _ in 0..count {
                self.next(&mut rest)?;
            }
            return Some(());
        }
        let plain = name.strip_suffix("-cert-v01@openssh.com")?;
        let count = of(plain).or_else(|| of(&format!("{plain}@openssh.com")))?;
        for _ in 0..=count {
            self.next(&mut rest)?;
        }
        // Serial number and type.
        self.skip(&mut rest, 8 + 4)?;
        self.next(&mut rest)?;
        let principals = self.next(&mut rest)?;
        self.list(principals);
        // The start and the end of the validity.
        self.skip(&mut rest, 8 + 8)?;
        for _ in 0..2 {
            let options = self.next(&mut rest)?;
            self.options(options);
        }
        self.next(&mut rest)?;
        let signature_key = self.next(&mut rest)?;
        self.key(signature_key)?;
        let mut signature = self.next(&mut rest)?;
        self.next(&mut signature)?;
        self.next(&mut signature)?;
        Some(())
    }
}
