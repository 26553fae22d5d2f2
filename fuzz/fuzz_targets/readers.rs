//! Any bytes as a public key file: a line, authorized_keys with options, RFC 4716, or pasted text. If this crate accepts an input
//! as one key, each port of another reader reads that key, or none.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    ssh_keypair_readers::check(data);
});
