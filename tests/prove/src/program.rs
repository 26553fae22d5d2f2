//! The functions of a program, and its constants, by means of `objdump`.

use crate::declared::{self, Declared};
use crate::finding::{Finding, Result, ensure};
use crate::instruction::{Base, Instruction, Operand};
use std::collections::BTreeMap;
use std::process::Command;

/// The instructions of one function.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub(crate) code: Vec<Instruction>,
}

/// The kernels of a program, by backend and name: `avx2 multiply`.
pub(crate) struct Program {
    path: String,
    functions: BTreeMap<String, Function>,
    /// The constants that kernels point to, by address.
    constants: BTreeMap<u64, Vec<u8>>,
    /// The registers that the source declares, by function.
    declared: BTreeMap<String, Declared>,
}

impl Program {
    /// Reads the kernels of an executable, and what their source declares, in the folder `kernels`.
    pub(crate) fn read(path: &str, kernels: &str) -> Result<Self> {
        let text =
            objdump(&["--disassemble", "--demangle", "--disassembler-options=intel", "--no-show-raw-insn", path])?;
        let (functions, declared) = (parse(&text)?, declared::read(kernels)?);
        let mut program = Self { path: path.into(), functions, constants: BTreeMap::new(), declared };
        let operands = program
            .functions
            .values()
            .flat_map(|function| &function.code)
            .flat_map(|instruction| &instruction.operands);
        let addresses: Vec<u64> = operands
            .filter_map(|operand| match operand {
                Operand::Memory(memory) if memory.base == Base::Program => memory.displacement.try_into().ok(),
                _ => None,
            })
            .collect();
        let sizes = sizes(&objdump(&["--syms", path])?);
        for address in addresses {
            let size = sizes.get(&address).ok_or_else(|| Finding::new(format!("no static begins at {address:#x}")))?;
            let bytes = program.read_only(address, *size)?;
            program.constants.insert(address, bytes);
        }
        Ok(program)
    }

    pub(crate) fn function(&self, name: &str) -> Result<&Function> {
        self.functions
            .get(name)
            .ok_or_else(|| Finding::new(format!("the program has no function `{name}`: was it inlined?")))
    }

    /// The registers that a function may overwrite.
    pub(crate) fn declared(&self, name: &str) -> Result<Declared> {
        self.declared.get(name).copied().ok_or_else(|| Finding::new(format!("the source has no kernel `{name}`")))
    }

    /// The statics that kernels point to, by address.
    pub(crate) fn constants(&self) -> &BTreeMap<u64, Vec<u8>> {
        &self.constants
    }

    /// Some read-only bytes from an address on.
    fn read_only(&self, address: u64, size: u64) -> Result<Vec<u8>> {
        let (start, stop) = (format!("--start-address={address:#x}"), format!("--stop-address={:#x}", address + size));
        let text = objdump(&["--full-contents", &start, &stop, &self.path])?;
        let sections: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("Contents of section ")).collect();
        ensure(matches!(sections.as_slice(), [".rodata:" | ".data.rel.ro:"]), || {
            format!("{address:#x} is not in read-only data: {sections:?}")
        })?;
        let mut bytes = Vec::new();
        // ` 64540 ffffffff ffff0f00 ffffffff ffff0f00  ................`: four words, and their characters.
        for line in text.lines().filter(|line| line.starts_with(' ')) {
            let words = line.get(1..).unwrap_or("").split("  ").next().unwrap_or("").split(' ').skip(1);
            for digits in words.flat_map(|word| word.as_bytes().chunks(2)) {
                let digits = std::str::from_utf8(digits).unwrap_or("");
                bytes.push(u8::from_str_radix(digits, 16).map_err(|_| Finding::new(format!("cannot read `{line}`")))?);
            }
        }
        Ok(bytes)
    }
}

fn objdump(arguments: &[&str]) -> Result<String> {
    let output =
        Command::new("objdump").args(arguments).output().map_err(|error| Finding::new(format!("objdump: {error}")))?;
    ensure(output.status.success(), || format!("objdump: {}", String::from_utf8_lossy(&output.stderr)))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The sizes of the statics, by address: `0000000000064540 l     O .rodata	0000000000000040 name`.
fn sizes(text: &str) -> BTreeMap<u64, u64> {
    let hexadecimal = |word: &str| u64::from_str_radix(word, 16).ok();
    let sizes = text.lines().filter_map(|line| {
        let (left, right) = line.split_once('\t')?;
        let size = hexadecimal(right.split_whitespace().next()?)?;
        left.contains(" O ").then_some((hexadecimal(left.split_whitespace().next()?)?, size))
    });
    sizes.collect()
}

/// The name of a kernel, from a line like `00000000003cb5c0 <ssh_keypair::kernels::bignum::ifma::kernel::square>:`.
fn kernel(line: &str) -> Option<String> {
    let name = line.strip_suffix(">:")?.split_once('<')?.1;
    let (_, path) = name.split_once("kernels::bignum::")?;
    let (backend, function) = path.split_once("::kernel::")?;
    // `multiply::all`: the function within that one serves all sizes.
    let function = function.split("::").next()?;
    matches!(backend, "ifma" | "avx2").then(|| format!("{backend} {function}"))
}

/// The kernels in the text of `objdump`.
fn parse(text: &str) -> Result<BTreeMap<String, Function>> {
    let mut functions = BTreeMap::new();
    let mut current: Option<String> = None;
    for line in text.lines() {
        if line.ends_with(">:") {
            current = kernel(line);
            if let Some(name) = &current {
                let found = functions.insert(name.clone(), Function { code: Vec::new() });
                ensure(found.is_none(), || format!("the program has two functions `{name}`"))?;
            }
        } else if let Some(function) = current.as_ref().and_then(|name| functions.get_mut(name)) {
            function.code.extend(Instruction::parse(line)?);
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
        assert_eq!(functions["avx2 multiply"].code.len(), 2);
    }

    #[test]
    fn the_sizes_of_statics_are_read() {
        let text = "0000000000064540 l     O .rodata\t0000000000000040 MASK\n0000000000000010 g     F .text\t0000000000000020 f\n";
        assert_eq!(sizes(text), BTreeMap::from([(0x64540, 0x40)]));
    }

    #[test]
    fn a_second_copy_of_a_kernel_is_an_error() {
        assert!(parse(&[TEXT, TEXT].concat()).is_err());
    }
}
