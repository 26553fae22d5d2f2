//! Hashes messages, and defines what a backend implements.

use super::padded::Padded;
use crate::kernels::cpu::{Portable, on_best_backend};
use md5::{Digest, Md5};

/// The largest number of messages that any backend hashes side by side.
pub(crate) const MAX_MESSAGE_LANES: usize = 64;

/// Computes the MD5 of each message. Fastest if neighbours have the same number of blocks.
pub(crate) fn digest_all(messages: &[Padded<'_>], digests: &mut [[u8; 16]]) {
    on_best_backend!(backend in [Avx512, Avx2] => backend.digest_all(messages, digests));
}

/// The operation that a backend implements.
pub(super) trait DigestAll: Copy {
    /// See [`digest_all`].
    fn digest_all(self, messages: &[Padded<'_>], digests: &mut [[u8; 16]]);
}

impl DigestAll for Portable {
    fn digest_all(self, messages: &[Padded<'_>], digests: &mut [[u8; 16]]) {
        for (message, digest) in messages.iter().zip(digests) {
            *digest = Md5::digest(message.message()).into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::cpu::on_every_backend;
    use crate::kernels::guard;
    use crate::random::Random;
    use std::time::Instant;
    use std::vec::Vec;

    /// Calls `each` with the name and the function of every backend of this machine, and with those of the best one.
    fn with_every_backend(mut each: impl FnMut(&str, &dyn Fn(&[Padded<'_>], &mut [[u8; 16]]))) {
        on_every_backend!(backend in [Portable, Avx2, Avx512] => {
            let name = core::any::type_name_of_val(&backend).rsplit("::").next().unwrap();
            each(name, &|messages, digests| backend.digest_all(messages, digests));
        });
        each("the best", &|messages, digests| digest_all(messages, digests));
    }

    /// Buffers without spare bytes at the end; where in the buffer the message begins, at any alignment; and the length of the
    /// message.
    struct Messages(Vec<(Vec<u8>, usize, usize)>);

    impl Messages {
        fn new(lengths: impl IntoIterator<Item = usize>) -> Self {
            let mut random = Random(1321);
            Self(
                lengths
                    .into_iter()
                    .map(|length| {
                        let skipped = (random.next() % 9) as usize;
                        let buffer = (0..skipped + Padded::padded_len(length)).map(|_| random.next() as u8).collect();
                        (buffer, skipped, length)
                    })
                    .collect(),
            )
        }

        fn padded(&mut self) -> Vec<Padded<'_>> {
            self.0
                .iter_mut()
                .map(|(buffer, skipped, length)| Padded::new(&mut buffer[*skipped..], *length).unwrap())
                .collect()
        }
    }

    /// Asserts that every backend computes the same digests as the crate `md-5`.
    fn agree(lengths: impl IntoIterator<Item = usize>) {
        let mut messages = Messages::new(lengths);
        let expected: Vec<[u8; 16]> = messages
            .0
            .iter()
            .map(|(buffer, skipped, length)| Md5::digest(&buffer[*skipped..skipped + length]).into())
            .collect();
        let padded = messages.padded();
        with_every_backend(|name, digest_all| {
            let mut digests = std::vec![[0; 16]; padded.len()];
            digest_all(&padded, &mut digests);
            for (i, digest) in digests.iter().enumerate() {
                let length = padded[i].message().len();
                assert_eq!(digest, &expected[i], "{name}: message {i} of {}, {length} bytes", padded.len());
            }
        });
    }

    #[cfg(ssh_keypair_backend = "portable")]
    #[test]
    fn a_forced_backend_is_the_only_one() {
        let mut names = Vec::new();
        with_every_backend(|name, _| names.push(std::string::String::from(name)));
        assert_eq!(names, ["Portable", "the best"]);
    }

    #[test]
    fn the_vectors_of_rfc_1321_come_out() {
        let vectors = [
            ("", "d41d8cd98f00b204e9800998ecf8427e"),
            ("a", "0cc175b9c0f1b6a831c399e269772661"),
            ("abc", "900150983cd24fb0d6963f7d28e17f72"),
            ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
            ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
            ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f"),
            (
                "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
                "57edf4a22be3c955ac49da2e2107b67a",
            ),
        ];
        let mut buffers = vectors.map(|(message, _)| {
            let mut buffer = [0xff; 128];
            buffer[..message.len()].copy_from_slice(message.as_bytes());
            (buffer, message.len())
        });
        let padded: Vec<_> = buffers.iter_mut().map(|(buffer, length)| Padded::new(buffer, *length).unwrap()).collect();
        with_every_backend(|name, digest_all| {
            let mut digests = [[0; 16]; 7];
            digest_all(&padded, &mut digests);
            for (digest, (message, expected)) in digests.iter().zip(vectors) {
                let digest: std::string::String = digest.iter().map(|byte| std::format!("{byte:02x}")).collect();
                assert_eq!(digest, expected, "{name}: {message:?}");
            }
        });
    }

    #[test]
    fn every_length_agrees_with_md_5() {
        agree(0..=300);
        agree((0..=300).rev());
        agree([511, 512, 1000, 4095, 4096, 4097, 8191, 12_287, 12_288]);
    }

    #[test]
    fn every_number_of_messages_agrees_with_md_5() {
        for count in 0..=2 * MAX_MESSAGE_LANES + 2 {
            agree(core::iter::repeat_n(279, count));
            agree((0..count).map(|i| 37 * i % 300));
        }
    }

    #[test]
    fn a_message_that_is_longer_or_shorter_agrees_in_every_lane() {
        for lane in 0..MAX_MESSAGE_LANES {
            for odd_one in [0, 700] {
                agree((0..MAX_MESSAGE_LANES).map(|i| if i == lane { odd_one } else { 200 }));
            }
        }
    }

    #[test]
    fn all_lengths_in_any_order_agree_with_md_5() {
        let mut random = Random(0);
        for _ in 0..20 {
            agree((0..MAX_MESSAGE_LANES + 5).map(|_| (random.next() % (1 << (random.next() % 14))) as usize));
        }
    }

    #[test]
    fn nothing_but_the_messages_and_the_digests_is_accessed() {
        guard::on_each_side(|| {
            agree(0..=130);
            agree((0..=MAX_MESSAGE_LANES).map(|i| 37 * i % 300));
            agree([511, 512, 4095, 4096, 12_288]);
        });
    }

    #[test]
    fn only_as_many_digests_are_written_as_there_is_room() {
        let mut messages = Messages::new([55; 2 * MAX_MESSAGE_LANES]);
        let padded = messages.padded();
        with_every_backend(|name, digest_all| {
            for room in [0, 1, 2, MAX_MESSAGE_LANES - 1, MAX_MESSAGE_LANES, MAX_MESSAGE_LANES + 1] {
                let mut digests = [[0; 16]; 2 * MAX_MESSAGE_LANES];
                digest_all(&padded, &mut digests[..room]);
                for (i, digest) in digests.iter().enumerate() {
                    let expected = if i < room { Md5::digest(padded[i].message()).into() } else { [0; 16] };
                    assert_eq!(digest, &expected, "{name}: {i} of {room}");
                }
            }
        });
    }

    #[test]
    fn padding_that_does_not_fit_is_rejected() {
        for (length, padded) in [(0, 64), (55, 64), (56, 128), (63, 128), (64, 128), (119, 128), (120, 192)] {
            assert_eq!(Padded::padded_len(length), padded);
            let mut buffer = [0xff; 200];
            assert!(Padded::new(&mut buffer[..padded - 1], length).is_none(), "{length}");
            assert_eq!(Padded::new(&mut buffer, length).unwrap().blocks(), padded / 64);
            assert_eq!(Padded::new(&mut buffer[..padded], length).unwrap().message(), [0xff; 200].split_at(length).0);
        }
        let mut buffer = [0; 64];
        assert!(Padded::new(&mut buffer, 65).is_none());
        assert!(Padded::new(&mut buffer, usize::MAX).is_none());
    }

    /// The best of 30 runs, in nanoseconds per message: other work on the machine only adds time.
    fn best(messages: usize, mut work: impl FnMut()) -> f64 {
        let turns = 200_000 / messages;
        (0..30)
            .map(|_| {
                let start = Instant::now();
                (0..turns).for_each(|_| work());
                1e9 * start.elapsed().as_secs_f64() / (turns * messages) as f64
            })
            .fold(f64::INFINITY, f64::min)
    }

    /// Prints the time for a message, and the cycles per byte at the clock that `CYCLES_PER_NS` gives (default: 4.2): `cargo
    /// test --release --lib md5::digest::tests::speed -- --ignored --nocapture`.
    #[test]
    #[ignore = "measures, and asserts nothing"]
    fn speed() {
        let clock: f64 = std::env::var("CYCLES_PER_NS").ok().and_then(|clock| clock.parse().ok()).unwrap_or(4.2);
        // Blobs of Ed25519 keys and of RSA-1024, 2048, 3072 and 4096.
        let mix = [51, 279, 279, 279, 51, 407, 535, 279, 151, 535];
        let measured: [(_, Vec<usize>); 10] = [
            ("1 block", std::vec![51; 1024]),
            ("2 blocks", std::vec![104; 1024]),
            ("5 blocks", std::vec![279; 1024]),
            ("a mix", (0..1024).map(|i| mix[i % 10]).collect()),
            ("the mix, sorted", {
                let mut lengths: Vec<_> = (0..1024).map(|i| mix[i % 10]).collect();
                lengths.sort_unstable();
                lengths
            }),
            ("2 messages of 5 blocks", std::vec![279; 2]),
            ("4 messages of 5 blocks", std::vec![279; 4]),
            ("16 messages of 5 blocks", std::vec![279; 16]),
            ("64 messages of 5 blocks", std::vec![279; 64]),
            ("64 messages of 1 block", std::vec![51; 64]),
        ];
        for (what, lengths) in measured {
            let bytes = lengths.iter().map(|length| Padded::padded_len(*length)).sum::<usize>() / lengths.len();
            let mut messages = Messages::new(lengths);
            let padded = messages.padded();
            let mut digests = std::vec![[0; 16]; padded.len()];
            with_every_backend(|name, digest_all| {
                let ns = best(padded.len(), || digest_all(core::hint::black_box(&padded), &mut digests));
                std::println!("{what}, {name}: {ns:.1} ns, {:.3} cycles a byte", ns * clock / bytes as f64);
            });
        }
    }
}
