//! Base64 as each program decodes it.

/// The value of a digit.
fn digit(byte: u8) -> Option<u32> {
    Some(
        match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        }
        .into(),
    )
}

/// The bytes that the digits encode, and the leftover bits.
fn bytes(digits: &[u32]) -> (Vec<u8>, u32) {
    let (mut out, mut bits, mut held) = (Vec::new(), 0, 0);
    for digit in digits {
        held = held << 6 | digit;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits & 0xff) as u8);
            held &= (1 << bits) - 1;
        }
    }
    (out, held)
}

/// White space in C, and in Python's `bytes`.
pub(crate) fn is_c_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Base64 with exact padding, between characters that are skipped. Also returns the leftover bits.
fn padded(text: &[u8], is_skipped: impl Fn(u8) -> bool) -> Option<(Vec<u8>, u32)> {
    let text: Vec<u8> = text.iter().copied().filter(|byte| !is_skipped(*byte)).collect();
    let end = text.iter().position(|byte| *byte == b'=').unwrap_or(text.len());
    let digits = text[..end].iter().map(|byte| digit(*byte)).collect::<Option<Vec<u32>>>()?;
    let padding: &[u8] = match digits.len() % 4 {
        0 => b"",
        2 => b"==",
        3 => b"=",
        _ => return None,
    };
    (text[end..] == *padding).then(|| bytes(&digits))
}

/// OpenSSH: white space anywhere, exact padding, and no leftover bits.
pub(crate) fn openssh(text: &[u8]) -> Option<Vec<u8>> {
    padded(text, is_c_space).filter(|(_, rest)| *rest == 0).map(|(out, _)| out)
}

/// Go's `base64.StdEncoding`: line breaks anywhere, exact padding, and any leftover bits.
pub(crate) fn go(text: &[u8]) -> Option<Vec<u8>> {
    padded(text, |byte| matches!(byte, b'\r' | b'\n')).map(|(out, _)| out)
}

/// Python's `binascii.a2b_base64`: skips every other character, and ends where the padding is complete.
pub(crate) fn python(text: &[u8]) -> Option<Vec<u8>> {
    let (mut digits, mut padding) = (Vec::new(), 0);
    for byte in text {
        if *byte == b'=' {
            padding += usize::from(digits.len() % 4 >= 2);
            if digits.len() % 4 >= 2 && digits.len() % 4 + padding >= 4 {
                return Some(bytes(&digits).0);
            }
        } else if let Some(digit) = digit(*byte) {
            padding = 0;
            digits.push(digit);
        }
    }
    digits.len().is_multiple_of(4).then(|| bytes(&digits).0)
}

/// PuTTY: four characters at a time; a group that is not base64 adds nothing. Also returns the characters left at the end.
pub(crate) fn putty(text: &[u8]) -> (Vec<u8>, &[u8]) {
    let (groups, rest) = text.as_chunks::<4>();
    let group = |group: &[u8; 4]| {
        let padding = group.iter().rev().take_while(|byte| **byte == b'=').count();
        let digits = group[..4 - padding].iter().map(|byte| digit(*byte)).collect::<Option<Vec<u32>>>();
        digits.filter(|_| padding <= 2).map(|digits| bytes(&digits).0).unwrap_or_default()
    };
    (groups.iter().flat_map(group).collect(), rest)
}
