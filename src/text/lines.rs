//! The lines of a text.

/// The lines of a text, each with its offset and without its line break: LF, CRLF or CR. What follows the last line break
/// is a line if it is not empty.
#[derive(Clone)]
pub(crate) struct TextLines<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> TextLines<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The same, starting at an offset.
    #[cfg(feature = "alloc")]
    pub(crate) fn starting_at(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }
}

impl<'a> Iterator for TextLines<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        let line_break = if after.starts_with("\r\n") { 2 } else { after.len().min(1) };
        let start = self.at;
        self.at += end + line_break;
        Some((start, line))
    }
}

/// A text without the one line break at its end.
#[inline]
pub(crate) fn without_line_break(text: &str) -> &str {
    match text.strip_suffix('\n') {
        Some(line) => line.strip_suffix('\r').unwrap_or(line),
        None => text,
    }
}
