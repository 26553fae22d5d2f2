//! Decoded instructions, from the text that `objdump --disassembler-options=intel` prints.

use crate::finding::{Finding, Result, ensure};
use std::fmt;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Register {
    /// rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8 to r15, with 64 or 32 bits.
    General { index: u8, bits: u32 },
    /// xmm, ymm or zmm, with their size in bytes.
    Vector { index: u8, bytes: u32 },
    /// k0 to k7.
    Mask(u8),
}

/// `[base + index * scale + displacement]`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Memory {
    pub(crate) base: Base,
    /// A general register, and its scale.
    pub(crate) index: Option<(u8, u64)>,
    pub(crate) displacement: i64,
    /// The bytes that are accessed; 0 where only the address is computed.
    pub(crate) bytes: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Base {
    Register(u8),
    /// Relative to the instruction: the address in the program, in the displacement.
    Program,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Operand {
    Register(Register),
    Immediate(u64),
    Memory(Memory),
    /// The target of a jump.
    Target(u64),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Instruction {
    pub(crate) address: u64,
    pub(crate) mnemonic: String,
    pub(crate) operands: Vec<Operand>,
    /// The mask register of an AVX-512 instruction that zeroes the other lanes.
    pub(crate) mask: Option<u8>,
}

const GENERAL: [[&str; 2]; 16] = [
    ["rax", "eax"],
    ["rcx", "ecx"],
    ["rdx", "edx"],
    ["rbx", "ebx"],
    ["rsp", "esp"],
    ["rbp", "ebp"],
    ["rsi", "esi"],
    ["rdi", "edi"],
    ["r8", "r8d"],
    ["r9", "r9d"],
    ["r10", "r10d"],
    ["r11", "r11d"],
    ["r12", "r12d"],
    ["r13", "r13d"],
    ["r14", "r14d"],
    ["r15", "r15d"],
];

/// A general register by its 64-bit name.
pub(crate) fn general(name: &str) -> Option<u8> {
    GENERAL.iter().position(|[wide, _]| *wide == name).map(|index| index as u8)
}

fn register(text: &str) -> Option<Register> {
    if let Some(index) = GENERAL.iter().position(|names| names.contains(&text)) {
        let bits = if GENERAL[index][0] == text { 64 } else { 32 };
        return Some(Register::General { index: index as u8, bits });
    }
    let number = |prefix: &str, count: u8| text.strip_prefix(prefix)?.parse::<u8>().ok().filter(|index| *index < count);
    [("xmm", 16), ("ymm", 32), ("zmm", 64)]
        .into_iter()
        .find_map(|(prefix, bytes)| Some(Register::Vector { index: number(prefix, 32)?, bytes }))
        .or_else(|| Some(Register::Mask(number("k", 8)?)))
}

fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

/// `XMMWORD PTR [rip+0x10]` and similar. `resolved` is the address after `#`, for operands relative to the instruction.
fn memory(text: &str, resolved: Option<u64>) -> Option<Memory> {
    let at = text.find('[')?;
    let bytes = match text[..at].trim() {
        "" => 0,
        "DWORD PTR" => 4,
        "QWORD PTR" => 8,
        "XMMWORD PTR" => 16,
        "YMMWORD PTR" => 32,
        "ZMMWORD PTR" => 64,
        _ => return None,
    };
    let inner = text[at + 1..].strip_suffix(']')?;
    if inner.starts_with("rip+") || inner.starts_with("rip-") {
        return Some(Memory { base: Base::Program, index: None, displacement: resolved?.try_into().ok()?, bytes });
    }
    let (mut base, mut index, mut displacement) = (None, None, 0i64);
    // Every `-` begins a summand, too.
    for summand in inner.replace('-', "+-").split('+') {
        if let Some((name, scale)) = summand.split_once('*') {
            index = Some((general(name)?, scale.parse().ok()?));
        } else if let Some(register) = general(summand) {
            base = Some(register);
        } else if let Some(digits) = summand.strip_prefix('-') {
            displacement = i64::try_from(number(digits)?).ok()?.checked_neg()?;
        } else {
            displacement = number(summand)?.cast_signed();
        }
    }
    Some(Memory { base: Base::Register(base?), index, displacement, bytes })
}

/// The texts of the operands, which are separated by commas outside brackets.
fn split(text: &str) -> Vec<&str> {
    let mut depth = 0;
    text.split(|c| {
        depth += i32::from(c == '[') - i32::from(c == ']');
        c == ',' && depth == 0
    })
    .map(str::trim)
    .filter(|operand| !operand.is_empty())
    .collect()
}

impl Instruction {
    /// A line like `  401000:  add    rax,0x20   # comment`. None for a line that is not an instruction.
    pub(crate) fn parse(line: &str) -> Result<Option<Self>> {
        let Some((address, text)) = line.split_once(':') else { return Ok(None) };
        let Ok(address) = u64::from_str_radix(address.trim(), 16) else { return Ok(None) };
        let (text, comment) = text.split_once('#').unwrap_or((text, ""));
        let resolved = comment.split_whitespace().next().and_then(|word| u64::from_str_radix(word, 16).ok());
        let (mnemonic, rest) = text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
        let fail = || Finding::new(format!("cannot decode `{}` at {address:#x}", text.trim()));
        let (mut operands, mut mask) = (Vec::new(), None);
        // A no-op has operands that mean nothing, and a jump has an address and the name of a function.
        match mnemonic {
            "nop" | "data16" | "cs" | "xchg" | "int3" | "endbr64" => {}
            _ if mnemonic.starts_with('j') => {
                let target = rest.split_whitespace().next().and_then(|word| u64::from_str_radix(word, 16).ok());
                operands.push(Operand::Target(target.ok_or_else(fail)?));
            }
            _ => {
                for operand in split(rest) {
                    let operand = match operand.split_once('{') {
                        Some((operand, braces)) => {
                            let register = braces.strip_suffix("}{z}").and_then(register).ok_or_else(fail)?;
                            let Register::Mask(index) = register else { return Err(fail()) };
                            mask = Some(index);
                            operand
                        }
                        None => operand,
                    };
                    let parsed = register(operand).map(Operand::Register);
                    let parsed = parsed.or_else(|| number(operand).map(Operand::Immediate));
                    operands.push(parsed.or_else(|| memory(operand, resolved).map(Operand::Memory)).ok_or_else(fail)?);
                }
            }
        }
        if matches!(mnemonic, "data16" | "cs" | "xchg") {
            // Padding: `data16 cs nop ...`, `xchg ax,ax`.
            ensure(rest.contains("nop") || rest == "ax,ax", || fail().to_string())?;
            return Ok(Some(Self { address, mnemonic: "nop".into(), operands, mask }));
        }
        Ok(Some(Self { address, mnemonic: mnemonic.into(), operands, mask }))
    }

    /// The register that the first operand names.
    pub(crate) fn destination(&self) -> Option<Register> {
        match self.operands.first() {
            Some(Operand::Register(register)) => Some(*register),
            _ => None,
        }
    }
}

impl fmt::Display for Instruction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {:#x}", self.mnemonic, self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Instruction {
        Instruction::parse(line).unwrap().unwrap()
    }

    #[test]
    fn operands_of_every_kind_are_decoded() {
        let load = parse("  3d0227:\tvmovdqu64 zmm25,ZMMWORD PTR [rsi+0x40]");
        let memory = Memory { base: Base::Register(6), index: None, displacement: 64, bytes: 64 };
        assert_eq!(
            load.operands,
            [Operand::Register(Register::Vector { index: 25, bytes: 64 }), Operand::Memory(memory)]
        );
        let lea = parse("  3ceda9:\tlea    rax,[r11+rsi*4-0x8]");
        let memory = Memory { base: Base::Register(11), index: Some((6, 4)), displacement: -8, bytes: 0 };
        assert_eq!(lea.operands[1], Operand::Memory(memory));
        let rip = parse("  3d0220:\tlea    rax,[rip+0xffffffffffc94319]        # 64540 <a::MASK>");
        let memory = Memory { base: Base::Program, index: None, displacement: 0x64540, bytes: 0 };
        assert_eq!(rip.operands[1], Operand::Memory(memory));
        let masked = parse("  3cf68c:\tvpternlogq zmm30{k1}{z},zmm30,zmm30,0xff");
        assert_eq!((masked.mask, masked.operands.len(), masked.operands[3]), (Some(1), 4, Operand::Immediate(255)));
        assert_eq!(parse("  3cee08:\tjne    3cedb0 <f+0x10>").operands, [Operand::Target(0x3ce_db0)]);
        assert_eq!(parse("  3cf615:\tdata16 cs nop WORD PTR [rax+rax*1+0x0]").mnemonic, "nop");
        let wide = parse("  4a4e0b:\tadd    ebx,0xffffffffffffffe0").operands;
        assert_eq!(
            wide,
            [Operand::Register(Register::General { index: 3, bits: 32 }), Operand::Immediate(-32i64 as u64)]
        );
    }

    #[test]
    fn unsupported_instructions_are_an_error() {
        assert!(Instruction::parse("  10:\tmov rax,QWORD PTR fs:[rbx]").is_err());
        assert!(Instruction::parse("  10:\tvaddpd zmm0{k1},zmm1,zmm2").is_err());
        assert!(Instruction::parse("  10:\tmov al,1").is_err());
        assert!(Instruction::parse("  10:\tvaddpd zmm0,zmm1,QWORD BCST [rax]").is_err());
        assert_eq!(Instruction::parse("Disassembly of section .text:"), Ok(None));
    }
}
