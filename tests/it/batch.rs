//! Many lines at once give the same results as one by one.

use proptest::prelude::*;
use ssh_keypair::openssh::{MAX_BLOB_BYTES, fingerprint_lines};
use ssh_keypair::{ErrorKind, PublicKeyRef};

const LINES: &[&str] = &[
    include_str!("../data/rsa2048.pub"),
    include_str!("../data/rsa1024.pub"),
    include_str!("../data/rsa4096.pub"),
    include_str!("../data/rsa16384.pub"),
    include_str!("../data/dsa1024.pub"),
    include_str!("../data/ecdsa256.pub"),
    include_str!("../data/ecdsa384.pub"),
    include_str!("../data/ecdsa521.pub"),
    include_str!("../data/ed25519.pub"),
    include_str!("../data/ecdsa256sk.pub"),
    include_str!("../data/ed25519sk.pub"),
    include_str!("../data/ed25519-cert.pub"),
    "",
    "# a comment",
    "ssh-rsa",
    "ssh-rsa broken",
    "ssh-rsa AAAA",
    // Valid points, with the lowest bit of y flipped.
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBGuFslILoPKFjwIDgkjjXZ0eStfRiOXV0DYZ/7LxAInYM0FOn8EunNXe1US+3/NgDgo3Rn0EMSAXzEGDA2G5Lmk= no point",
    "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBKmbm44N1rGMI9X8QZP8lYZU2zP0p/j2H2mjXpNpx00prHBe2IYR2BS867nc9k0oiUM6tfofQZh5EzuYp30zqqs7+1Y2EyjjxGfdQ+zRYmtH4NIzMA5ASthfYBiVH++ZOw== no point",
    "ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBABmHBLO+vQDXTAqsoVkMR3548G/gcEwnfYzgi16iJty804Tt9pekxCH0+6Y2FIjLRwi4dUNFtWAczCA0nCcpEvtzABnbfV/rxZ/i0MJE0vkLQR1U15jYAhFOWUwbytHK6an0n0BnrfStzCKJBwZ00TkQiFFkE2nUhveclqvqcIk4IRLjQ== no point",
    "sk-ecdsa-sha2-nistp256@openssh.com AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3BlbnNzaC5jb20AAAAIbmlzdHAyNTYAAABBBGhhQauBdBSJOjFDEiYDz+m+MjacpsS/RkyGvWv7HOobM9rsc+iLBP2D7ItV1IGd+XRSoz8UIja1AQnMF9Pmen0AAAAEc3NoOg== no point",
    // The same points after an error that is found first: a control character in the application, or a surplus byte.
    "sk-ecdsa-sha2-nistp256@openssh.com AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3BlbnNzaC5jb20AAAAIbmlzdHAyNTYAAABBBGhhQauBdBSJOjFDEiYDz+m+MjacpsS/RkyGvWv7HOobM9rsc+iLBP2D7ItV1IGd+XRSoz8UIja1AQnMF9Pmen0AAAAEc3NoAA== worse",
    "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBKmbm44N1rGMI9X8QZP8lYZU2zP0p/j2H2mjXpNpx00prHBe2IYR2BS867nc9k0oiUM6tfofQZh5EzuYp30zqqs7+1Y2EyjjxGfdQ+zRYmtH4NIzMA5ASthfYBiVH++ZOwA= worse",
    // y = 2, and y = 0: not on the curve, and of small order.
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA no point",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA small",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA -----BEGIN PRIVATE KEY-----",
    "-----BEGIN RSA PRIVATE KEY-----",
    include_str!("../data/composite/mldsa44-ed25519.pub"),
];

/// Checks that a batch gives the same result for each line as a single call for that line.
fn is_as_one_by_one(lines: &[&str]) {
    let mut next = lines.iter();
    fingerprint_lines(lines.iter().copied(), |result| {
        let mut buffer = [0; MAX_BLOB_BYTES];
        let alone = PublicKeyRef::parse(next.next().unwrap(), &mut buffer);
        match (result, alone) {
            (Ok((key, fingerprint)), Ok(alone)) => {
                assert_eq!((*key, fingerprint), (alone, alone.md5_fingerprint()));
                assert_eq!(key.to_string(), alone.to_string());
            }
            (Err(error), Err(alone)) => assert_eq!(error, alone),
            (result, alone) => panic!("{result:?}, not {alone:?}"),
        }
    });
    assert_eq!(next.next(), None);
}

#[test]
fn a_batch_gives_what_single_calls_give_in_their_order() {
    is_as_one_by_one(&[]);
    for line in LINES {
        is_as_one_by_one(&[line]);
    }
    // Rounds are full at 512 lines, or earlier where the keys are large.
    for count in [2, 31, 511, 512, 513, 3000] {
        let lines: Vec<_> = (0..count).map(|i| LINES[i * i % LINES.len()]).collect();
        is_as_one_by_one(&lines);
        is_as_one_by_one(&vec![LINES[3]; count.min(600)]);
        for line in &LINES[5..=10] {
            is_as_one_by_one(&vec![*line; count]);
        }
    }
}

#[test]
fn a_point_off_its_curve_is_seen_at_any_place_and_no_other_line_suffers() {
    let (off, rest): (Vec<&str>, Vec<&str>) = LINES.iter().partition(|line| line.ends_with(" no point"));
    assert_eq!(off.len(), 5);
    for (i, bad) in off.into_iter().enumerate() {
        for count in [1, 7, 8, 9, 30] {
            for place in 0..count {
                let mut lines: Vec<_> = (0..count).map(|at| rest[(at + i) % 11]).collect();
                lines[place] = bad;
                let mut found = Vec::new();
                fingerprint_lines(lines.iter().copied(), |result| found.push(result.map(|_| ()).map_err(|e| e.kind())));
                let mut expected = vec![Ok(()); count];
                expected[place] = Err(ErrorKind::InvalidPoint);
                assert_eq!(found, expected);
            }
        }
    }
}

#[test]
fn the_longest_lines_fit() {
    let longest = format!("ssh-rsa {}", "A".repeat(16 * 1024 - 8));
    let too_long = format!("{longest}A");
    let lines: Vec<_> = (0..100).flat_map(|_| [longest.as_str(), LINES[0], too_long.as_str()]).collect();
    is_as_one_by_one(&lines);
}

proptest! {
    #[test]
    fn any_lines_in_any_order_are_as_single_calls(
        lines in proptest::collection::vec((0..LINES.len(), "[ -~\\t]{0,12}"), 0..700),
    ) {
        let lines: Vec<String> =
            lines.iter().map(|(line, comment)| format!("{}{comment}", LINES[*line].trim_end())).collect();
        is_as_one_by_one(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    }
}
