//! Many lines at once: the same as one by one.

mod common;

use proptest::prelude::*;
use ssh_keypair::openssh::{MAX_BLOB_BYTES, PublicKey, fingerprint_lines};

const LINES: &[&str] = &[
    include_str!("data/rsa2048.pub"),
    include_str!("data/rsa1024.pub"),
    include_str!("data/rsa4096.pub"),
    include_str!("data/rsa16384.pub"),
    include_str!("data/dsa1024.pub"),
    include_str!("data/ecdsa256.pub"),
    include_str!("data/ecdsa384.pub"),
    include_str!("data/ecdsa521.pub"),
    include_str!("data/ed25519.pub"),
    include_str!("data/ecdsa256sk.pub"),
    include_str!("data/ed25519sk.pub"),
    include_str!("data/ed25519-cert.pub"),
    "",
    "# a comment",
    "ssh-rsa",
    "ssh-rsa broken",
    "ssh-rsa AAAA",
    // y = 2, and y = 0: not on the curve, and of small order.
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA no point",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA small",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA -----BEGIN PRIVATE KEY-----",
    "-----BEGIN RSA PRIVATE KEY-----",
];

/// What a batch gives for each line is what a call for that line gives.
fn is_as_one_by_one(lines: &[&str]) {
    let mut next = lines.iter();
    fingerprint_lines(lines.iter().copied(), |result| {
        let mut buffer = [0; MAX_BLOB_BYTES];
        let alone = PublicKey::parse(next.next().unwrap(), &mut buffer);
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
        is_as_one_by_one(&vec![LINES[8]; count]);
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
