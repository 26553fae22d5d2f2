//! Makes files by small changes of others, and prints the keys that each reader reads from them. `.ci/readers` compares these
//! with the keys that the programs themselves read.
//!
//! Arguments: how many files to make, a seed, a folder for them, and the files to start from, which are copied there too. Output:
//! a line for each file and reader, with the name of the file, the reader, and the keys, separated by tabs. A key is its blob and
//! the blob of the plain key in it, in hexadecimal, with a colon between. The second is empty if the key is incomplete or its
//! type is not supported. The reader `ssh-keypair` is this crate. The reader `PuTTYgen` is `putty::converted`.

use ssh_keypair_readers::blob::plain;
use ssh_keypair_readers::{Mutations, READERS, accepted, putty};
use std::io::Write;
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [count, seed, folder, seeds @ ..] = &arguments[..] else { return Err("too few arguments".into()) };
    let seeds = seeds.iter().map(std::fs::read).collect::<Result<Vec<_>, _>>()?;
    let mut mutations = Mutations::new(seed.parse()?);
    let count: usize = count.parse()?;
    let mut out = std::io::stdout().lock();
    let changed = (0..count).map(|_| mutations.next(&seeds));
    for (number, file) in seeds.iter().cloned().chain(changed).enumerate() {
        let name = format!("{number:06}");
        std::fs::write(Path::new(folder).join(&name), &file)?;
        let row = |keys: Vec<Vec<u8>>| keys.iter().map(|key| printed(key)).collect::<Vec<_>>().join("\t");
        writeln!(out, "{name}\tssh-keypair\t{}", row(accepted(&file)))?;
        writeln!(out, "{name}\tPuTTYgen\t{}", row(putty::converted(&file)))?;
        for reader in READERS {
            writeln!(out, "{name}\t{}\t{}", reader.name, row(reader.read(&file)))?;
        }
    }
    Ok(())
}

fn printed(key: &[u8]) -> String {
    format!("{}:{}", hex(key), hex(&plain(key).unwrap_or_default()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
