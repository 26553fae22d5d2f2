//! Comparison with the `ssh-key` crate: any text and any bytes, and edits of the committed keys of every type. The comparison
//! is in `tests/it/beside_ssh_key.rs`, where a test uses it too.

#![no_main]

#[path = "../../tests/it/beside_ssh_key.rs"]
mod beside_ssh_key;
#[path = "../../tests/support/length_fields.rs"]
mod length_fields;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| beside_ssh_key::check(data));
