//! The functions and constants of a program, read with `objdump`.

use crate::declared::{self, Declared};
use crate::finding::{Finding, Result, ensure};
use crate::instruction::{Base, Instruction, Operand};
use std::collections::BTreeMap;
use std::process::Command;

/// The kernels of a program, by backend and name: `avx2 multiply`.
pub(crate) struct Program {
    functions: BTreeMap<String, Vec<Instruction>>,
    /// The read-only data, and its address.
    read_only: (u64, Vec<u8>),
    statics: Vec<Static>,
    /// The constants that kernels point to, by address.
    constants: BTreeMap<u64, Vec<u8>>,
    /// What the source declares, by function.
    declared: BTreeMap<String, Declared>,
}

impl Program {
    /// Reads the kernels of an executable, and the declarations in their source, which is in the folder `kernels`.
    pub(crate) fn read(path: &str, kernels: &str) -> Result<Self> {
        let text =
            objdump(&["--disassemble", "--demangle", "--disassembler-options=intel", "--no-show-raw-insn", path])?;
        let read_only = bytes(&objdump(&["--full-contents", "--section=.rodata", path])?)?;
        let statics = statics(&objdump(&["--syms", "--demangle", path])?);
        let (functions, declared) = (parse(&text)?, declared::read(kernels)?);
        let mut program = Self { functions, read_only, statics, constants: BTreeMap::new(), declared };
        let operands = program.functions.values().flatten().flat_map(|instruction| &instruction.operands);
        let addresses: Vec<u64> = operands
            .filter_map(|operand| match operand {
                Operand::Memory(memory) if memory.base == Base::Program => memory.displacement.try_into().ok(),
                _ => None,
            })
            .collect();
        for address in addresses {
            let found = program.statics.iter().find(|found| found.address == address);
            let found = found.ok_or_else(|| Finding::new(format!("no static begins at {address:#x}")))?;
            let bytes = program.bytes_of(found)?.to_vec();
            program.constants.insert(address, bytes);
        }
        Ok(program)
    }

    /// The instructions of a function.
    pub(crate) fn function(&self, name: &str) -> Result<&[Instruction]> {
        self.functions
            .get(name)
            .map(Vec::as_slice)
            .ok_or_else(|| Finding::new(format!("the program has no function `{name}`: was it inlined?")))
    }

    /// The kernels of the program, and those of the source.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.functions.keys().chain(self.declared.keys()).map(String::as_str)
    }

    /// What a function may overwrite.
    pub(crate) fn declared(&self, name: &str) -> Result<Declared> {
        self.declared.get(name).copied().ok_or_else(|| Finding::new(format!("the source has no kernel `{name}`")))
    }

    /// The statics that kernels point to, by address.
    pub(crate) fn constants(&self) -> &BTreeMap<u64, Vec<u8>> {
        &self.constants
    }

    /// The bytes of a static of the library's numbers, by the end of its path.
    pub(crate) fn static_bytes(&self, path: &str) -> Result<&[u8]> {
        let mut found = self.statics.iter().filter(|found| found.name.ends_with(&format!("kernels::bignum::{path}")));
        match (found.next(), found.next()) {
            (Some(one), None) => self.bytes_of(one),
            _ => Err(Finding::new(format!("there is not one static `{path}`"))),
        }
    }

    /// All read-only data, which begins at a multiple of 64.
    pub(crate) fn read_only(&self) -> Result<&[u8]> {
        ensure(self.read_only.0.is_multiple_of(64), || "read-only data is not aligned".into())?;
        Ok(&self.read_only.1)
    }

    fn bytes_of(&self, found: &Static) -> Result<&[u8]> {
        let (base, all) = &self.read_only;
        let offset = found.address.checked_sub(*base).and_then(|offset| usize::try_from(offset).ok());
        let bytes = offset.and_then(|offset| all.get(offset..)?.get(..found.size));
        bytes.ok_or_else(|| Finding::new(format!("{} is not in read-only data", found.name)))
    }
}

/// A variable with a fixed address.
struct Static {
    address: u64,
    size: usize,
    name: String,
}

fn objdump(arguments: &[&str]) -> Result<String> {
    let output =
        Command::new("objdump").args(arguments).output().map_err(|error| Finding::new(format!("objdump: {error}")))?;
    ensure(output.status.success(), || format!("objdump: {}", String::from_utf8_lossy(&output.stderr)))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The contents of a section, and its address, from lines like
/// ` 64540 ffffffff ffff0f00 ffffffff ffff0f00  ................`: four words, and their characters.
fn bytes(text: &str) -> Result<(u64, Vec<u8>)> {
    let (mut base, mut bytes) = (None, Vec::new());
    for line in text.lines().filter(|line| line.starts_with(' ')) {
        let fail = || Finding::new(format!("cannot read `{line}`"));
        let (address, rest) = line.trim_start().split_once(' ').ok_or_else(fail)?;
        let address = u64::from_str_radix(address, 16).map_err(|_| fail())?;
        let base = *base.get_or_insert(address);
        ensure(address == base + bytes.len() as u64, || fail().to_string())?;
        let words = rest.split("  ").next().ok_or_else(fail)?;
        for digits in words.split(' ').flat_map(|word| word.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(digits).map_err(|_| fail())?;
            bytes.push(u8::from_str_radix(digits, 16).map_err(|_| fail())?);
        }
    }
    Ok((base.ok_or_else(|| Finding::new("there is no read-only data"))?, bytes))
}

/// The statics: `0000000000064540 l     O .rodata`, a tab, and `0000000000000040              name`.
fn statics(text: &str) -> Vec<Static> {
    let statics = text.lines().filter_map(|line| {
        let (left, right) = line.split_once('\t')?;
        let (size, name) = right.trim().split_once(char::is_whitespace)?;
        let address = u64::from_str_radix(left.split_whitespace().next()?, 16).ok()?;
        let found = Static { address, size: usize::from_str_radix(size, 16).ok()?, name: name.trim().into() };
        left.contains(" O ").then_some(found)
    });
    statics.collect()
}

/// The name of a kernel, from a line like `00000000003cb5c0 <ssh_keypair::kernels::bignum::ifma::kernel::square>:`.
fn kernel(line: &str) -> Option<String> {
    let name = line.strip_suffix(">:")?.split_once('<')?.1;
    let (_, path) = name.split_once("kernels::bignum::")?;
    let (backend, function) = path.split_once("::kernel::")?;
    // `multiply::all`: the inner function serves all sizes.
    let function = function.split("::").next()?;
    matches!(backend, "ifma" | "avx2").then(|| format!("{backend} {function}"))
}

/// The kernels in the text of `objdump`.
fn parse(text: &str) -> Result<BTreeMap<String, Vec<Instruction>>> {
    let mut functions = BTreeMap::new();
    let mut current: Option<String> = None;
    for line in text.lines() {
        if line.ends_with(">:") {
            current = kernel(line);
            if let Some(name) = &current {
                let found = functions.insert(name.clone(), Vec::new());
                ensure(found.is_none(), || format!("the program has two functions `{name}`"))?;
            }
        } else if let Some(function) = current.as_ref().and_then(|name| functions.get_mut(name)) {
            // Zeros that are not printed, so what is printed next does not follow.
            ensure(line.trim() != "...", || "zeros between the instructions of a kernel".into())?;
            function.extend(Instruction::parse(line)?);
        }
    }
    Ok(functions)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\n00000000000010 <ssh_keypair::kernels::bignum::avx2::kernel::multiply::all>:\n  10:\tret\n  11:\tint3\n\n\
        0000000000000020 <ssh_keypair::kernels::bignum::avx2::field::f>:\n  20:\tfancy rax\n";

    #[test]
    fn only_kernels_are_decoded() {
        let functions = parse(TEXT).unwrap();
        assert_eq!(functions.keys().collect::<Vec<_>>(), ["avx2 multiply"]);
        assert_eq!(functions["avx2 multiply"].len(), 2);
    }

    #[test]
    fn zeros_that_are_left_out_are_an_error() {
        assert!(parse(&TEXT.replace("  11:\tint3", "\t...")).is_err());
    }

    #[test]
    fn statics_and_their_bytes_are_read() {
        let text = "0000000000064540 l     O .rodata\t0000000000000040              a::MASK\n\
            0000000000000010 g     F .text\t0000000000000020 f\n";
        let found = statics(text);
        assert_eq!(
            found.iter().map(|found| (found.address, found.size, &*found.name)).collect::<Vec<_>>(),
            [(0x64540, 64, "a::MASK")]
        );
        let text = "Contents of section .rodata:\n 0010 01020304 05060708 090a0b0c 0d0e0f10  ......  .... ..\n 0020 ff              .\n";
        let expected: Vec<u8> = (1..=16).chain([255]).collect();
        assert_eq!(bytes(text), Ok((16, expected)));
        assert!(bytes(" 10 0102  ..\n 20 01 .\n").is_err(), "a gap");
    }

    #[test]
    fn a_second_copy_of_a_kernel_is_an_error() {
        assert!(parse(&[TEXT, TEXT].concat()).is_err());
    }
}
