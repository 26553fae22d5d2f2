//! Broken kernels, each of which must be caught.
//!
//! A mutation changes the decoded instructions of one kernel, or what it may assume about its inputs. Those in [`LIST`] are
//! mistakes that somebody could make. [`exhaustive`] makes the same small changes to every instruction of every kernel.

use crate::claims::{Subject, kernels};
use crate::declared::Declared;
use crate::finding::{Finding, Result, ensure};
use crate::instruction::{Instruction, Operand, Register};
use crate::program::Program;

/// What is changed.
#[derive(Clone, Copy)]
enum Change {
    /// The instruction is left out.
    Drop,
    /// The instruction is executed twice.
    Repeat,
    /// The memory operand is moved forward by a number of bytes.
    Move(i64),
    /// The immediate operand is another one.
    Immediate(u64),
    /// An operand is another vector register.
    Vector { operand: usize, index: u8 },
    /// An operand is another mask register.
    Mask { operand: usize, index: u8 },
    /// Another instruction with the same operands.
    Mnemonic(&'static str),
    /// Two operands are exchanged.
    Exchange(usize, usize),
    /// An instruction is inserted before.
    Insert(&'static str),
    /// Other instructions take its place.
    Replace(&'static [&'static str]),
}

enum Mutation {
    /// The instruction with this mnemonic, counted from 0. `load` and `store` are moves from and to memory.
    Code(&'static str, usize, Change),
    /// The source declares that no memory is written.
    ReadOnly,
    /// Inputs may exceed their bounds by so many bits.
    Input(i32),
    /// One of the passed constants is altered.
    Constant(usize),
    /// Flips a bit in every lane of every static, in the vector that begins at a byte.
    Static(usize, u32),
}

use Change::*;
use Mutation::*;

/// The kernel, what is wrong, and the change.
const LIST: &[(&str, &str, Mutation)] = &[
    ("avx2 square", "the doubled digits are those of the next row", Code("vfmadd231pd", 3, Move(32))),
    ("avx2 square", "one column fewer in the lower part", Code("lea", 0, Move(-6))),
    ("avx2 square", "one group more in the upper part", Code("lea", 1, Move(6))),
    ("avx2 square", "one full row more in the upper groups", Code("add", 1, Immediate(-6i64 as u64))),
    ("avx2 square", "a square is not followed by its lower part", Code("vfmadd231pd", 13, Drop)),
    ("avx2 square", "digits of one bit more than the bound", Input(1)),
    ("avx2 multiply", "a digit of b from the row below", Code("vfmadd231pd", 2, Move(-32))),
    ("avx2 multiply", "the cursor of b stays where it is", Code("sub", 0, Drop)),
    ("avx2 multiply", "the lower part is not added", Code("vaddpd", 4, Drop)),
    ("avx2 multiply", "the lower part is added to another column", Code("vaddpd", 4, Vector { operand: 0, index: 11 })),
    ("avx2 multiply", "the upper part is subtracted in the wrong order", Code("vsubpd", 2, Exchange(1, 2))),
    ("avx2 multiply", "a start value is that of the upper sums", Code("load", 1, Move(-32))),
    ("avx2 multiply", "a result is stored a vector further on", Code("store", 5, Move(32))),
    ("avx2 multiply", "one row too many in each full part", Code("mov", 1, Drop)),
    ("avx2 multiply", "the loop counts two rows at a time", Code("dec", 0, Repeat)),
    ("avx2 multiply", "a saved register is not restored", Code("pop", 1, Drop)),
    ("avx2 multiply", "saved registers are restored in the wrong order", Code("pop", 1, Repeat)),
    ("avx2 multiply", "a register that is not declared", Code("vmovapd", 0, Insert("vxorpd ymm16,ymm16,ymm16"))),
    ("avx2 multiply", "only two of four lanes", Code("vsubpd", 0, Insert("vsubpd xmm13,xmm13,xmm0"))),
    ("avx2 multiply", "writes memory, and declares that it does not", ReadOnly),
    ("avx2 multiply", "digits of one bit more than the bound", Input(1)),
    ("avx2 multiply_low", "a sum is subtracted", Code("vfmadd231pd", 7, Mnemonic("vfmsub231pd"))),
    ("avx2 multiply_low", "the last columns begin with the wrong row", Code("sub", 8, Immediate(64))),
    ("avx2 multiply_low", "the loop ends one row early", Code("dec", 2, Repeat)),
    ("avx2 multiply_low", "digits of one bit more than the bound", Input(1)),
    ("avx2 add_high", "a column is not loaded before it is added to", Code("load", 4, Drop)),
    ("avx2 add_high", "the lower sum of column D-1 begins with the wrong value", Code("load", 3, Move(-32))),
    (
        "avx2 add_high",
        "the lower sum of column D-2 is stored, too",
        Code("store", 0, Insert("vmovapd YMMWORD PTR [r9+0x20],ymm6")),
    ),
    ("avx2 add_high", "columns and digits of one bit more than the bound", Input(1)),
    ("avx2 digits_low", "a carry is not added", Code("vfmadd231pd", 1, Drop)),
    (
        "avx2 digits_low",
        "a carry is added to the digit above the next one",
        Code("vfmadd231pd", 1, Vector { operand: 1, index: 3 }),
    ),
    ("avx2 digits_low", "a column is not rounded", Code("vaddpd", 0, Drop)),
    ("avx2 digits_low", "the upper sum before column 0 is H", Code("load", 2, Move(-128))),
    ("avx2 digits_low", "the carry is not stored", Code("store", 2, Drop)),
    ("avx2 digits_low", "the scale is the start of lower sums", Code("load", 1, Move(-64))),
    ("avx2 digits_low", "columns of two bits more than the bound", Input(2)),
    ("avx2 digits_high", "the carry of the lower columns is not added", Code("vaddpd", 2, Drop)),
    ("avx2 digits_high", "digit D-1 of the lower columns is not added", Code("vaddpd", 0, Drop)),
    ("avx2 digits_high", "one column is not doubled", Code("vmulpd", 2, Drop)),
    ("avx2 digits_high", "the double is the digit", Code("vaddpd", 5, Drop)),
    ("avx2 digits_high", "columns of two bits more than the bound", Input(2)),
    ("avx2 select", "the index is not counted", Code("vpaddq", 0, Drop)),
    ("avx2 select", "a vector of another entry", Code("vpand", 3, Move(32))),
    ("avx2 select", "the mask is not applied", Code("vpand", 3, Mnemonic("vpor"))),
    ("avx2 select", "fifteen entries are read", Code("mov", 3, Immediate(15))),
    ("avx2 select", "a result is not cleared", Code("vpxor", 3, Drop)),
    ("avx2 divide", "the digit is not added", Code("vfmadd213pd", 2, Exchange(1, 2))),
    ("avx2 divide", "the inverse of another vector", Code("vfmsub231pd", 1, Move(32))),
    ("avx2 divide", "the product of another vector", Code("vfmadd231pd", 5, Move(32))),
    ("avx2 divide", "the primes of a rest are exchanged", Code("vfnmadd213pd", 4, Vector { operand: 1, index: 13 })),
    ("avx2 divide", "a quotient is not rounded", Code("vaddpd", 2, Vector { operand: 2, index: 10 })),
    ("avx2 divide", "a rest is not multiplied", Code("vmulpd", 3, Drop)),
    ("avx2 divide", "digits of two bits more than the bound", Input(2)),
    ("avx2 square", "upper sums begin with another value", Constant(0)),
    ("avx2 multiply", "lower sums begin with another value", Constant(1)),
    ("avx2 add_high", "the lower sum of column D-1 begins with another value", Constant(2)),
    ("avx2 digits_low", "another scale", Constant(3)),
    ("avx2 digits_low", "another upper sum before column 0", Constant(4)),
    ("avx2 digits_high", "another H", Constant(0)),
    ("avx2 digits_high", "another scale", Constant(3)),
    ("avx2 select", "the index is counted by 3", Static(0, 1)),
    ("avx2 divide", "another 1.5 * 2^102", Static(0, 50)),
    ("avx2 divide", "1.5 * 2^101, so that steps leave halves", Static(0, 52)),
    ("avx2 divide", "another 2^-50", Static(32, 52)),
    ("avx2 divide", "1.5 * 2^51, so that quotients have halves", Static(64, 52)),
    ("avx2 wipe_registers", "no register is wiped", Code("vzeroall", 0, Drop)),
    ("ifma square", "a low half is added to the next column", Code("vpmadd52luq", 7, Vector { operand: 0, index: 6 })),
    ("ifma square", "a high half is a low one", Code("vpmadd52huq", 3, Mnemonic("vpmadd52luq"))),
    ("ifma square", "a product is not doubled", Code("vpaddq", 5, Drop)),
    ("ifma square", "a square is doubled", Code("store", 0, Insert("vpaddq zmm19,zmm19,zmm19"))),
    ("ifma square", "digits of one bit more than the bound", Input(1)),
    ("ifma multiply", "a column is loaded a vector too far", Code("load", 12, Move(64))),
    ("ifma multiply", "the digit of a from the row below", Code("load", 23, Move(-64))),
    ("ifma multiply", "a column is not stored", Code("store", 15, Drop)),
    ("ifma multiply", "two factors that are not the same", Code("vpmadd52luq", 4, Vector { operand: 2, index: 25 })),
    ("ifma multiply", "a register that is not declared", Code("ret", 0, Insert("kxorw k2,k2,k2"))),
    ("ifma multiply", "only four of eight lanes", Code("ret", 0, Insert("vpaddq ymm0,ymm0,ymm1"))),
    ("ifma multiply", "columns of one bit more than the bound", Input(1)),
    ("ifma multiply_twice", "a column is not doubled", Code("vpaddq", 0, Drop)),
    ("ifma multiply_twice", "the old column is not added", Code("vpaddq", 1, Drop)),
    ("ifma multiply_twice", "columns of one bit more than the bound", Input(1)),
    ("ifma reduce_ten", "a column is divided without rounding up", Code("vpaddq", 0, Drop)),
    ("ifma reduce_ten", "a carry is dropped", Code("vpaddq", 1, Drop)),
    ("ifma reduce_ten", "a carry is divided by 2^51", Code("vpsrlq", 2, Immediate(51))),
    ("ifma reduce_ten", "the high half of m n[0] is not added", Code("vpmadd52huq", 0, Drop)),
    (
        "ifma reduce_ten",
        "the high half of m n[0] is added to another column",
        Code("vpmadd52huq", 0, Vector { operand: 0, index: 20 }),
    ),
    ("ifma reduce_ten", "the multiplier is not cleared before", Code("vpxorq", 1, Drop)),
    ("ifma reduce_ten", "a digit of n from the row below", Code("load", 35, Move(-64))),
    ("ifma reduce_ten", "the multipliers are stored a row further on", Code("store", 0, Move(64))),
    ("ifma reduce_ten", "columns of one bit more than the bound", Input(1)),
    (
        "ifma reduce_twenty",
        "a multiplier is that of the row before",
        Code("vpmadd52luq", 30, Vector { operand: 1, index: 21 }),
    ),
    ("ifma reduce_twenty", "a digit is not masked", Code("vpandq", 3, Drop)),
    ("ifma reduce_twenty", "a digit is not shifted", Code("vpsllvq", 3, Drop)),
    ("ifma reduce_twenty", "a carry is not divided", Code("vpsrlq", 22, Drop)),
    ("ifma reduce_twenty", "a digit is stored where the next one belongs", Code("store", 25, Move(64))),
    ("ifma reduce_twenty", "columns of one bit more than the bound", Input(1)),
    ("ifma normalize", "the carry is not added", Code("vpaddq", 4, Drop)),
    ("ifma normalize", "the carry is not stored", Code("store", 10, Drop)),
    ("ifma normalize", "digits of 53 bits", Code("vpsrlq", 0, Immediate(53))),
    ("ifma normalize", "columns of two bits more than the bound", Input(2)),
    ("ifma normalize", "the mask has a bit more", Static(0, 52)),
    ("ifma reduce_twenty", "the mask lacks a bit", Static(0, 51)),
    ("ifma reduce_ten", "the number that rounds up lacks a bit", Static(0, 0)),
    ("ifma select", "the index is not counted", Code("vpaddq", 0, Drop)),
    ("ifma select", "the mask is not applied", Code("vpternlogq", 1, Immediate(0xf0))),
    ("ifma select", "another mask register, which is not declared", Code("vpcmpeqq", 0, Mask { operand: 0, index: 2 })),
    ("ifma select", "the next entry is a block too far", Code("add", 0, Repeat)),
    ("ifma select", "the first entry is not read", Code("add", 0, Insert("sub rax,0x1"))),
    ("ifma zero", "a vector is not cleared", Code("store", 9, Drop)),
    ("ifma zero", "a vector beyond the end is cleared", Code("store", 9, Move(64))),
    ("ifma divide", "a product is not added", Code("vpmadd52huq", 3, Drop)),
    ("ifma divide", "the product of another vector", Code("vpmadd52huq", 3, Vector { operand: 2, index: 20 })),
    ("ifma divide", "the inverse of another vector", Code("vpmadd52luq", 17, Move(64))),
    ("ifma divide", "a quotient has the wrong prime", Code("vpmadd52luq", 26, Vector { operand: 2, index: 27 })),
    ("ifma divide", "a half is left out of the least", Code("vpminuq", 1, Drop)),
    ("ifma divide", "a vector is left out of the least", Code("vpminuq", 18, Drop)),
    ("ifma divide", "one digit too many", Code("dec", 0, Drop)),
    (
        "ifma divide",
        "only four of eight lanes are reported",
        Code("kmovw", 0, Replace(&["vpternlogq zmm30{k1}{z},zmm30,zmm30,0xff", "vmovmskpd eax,ymm30"])),
    ),
    ("ifma divide", "the result is copied to another register", Code("ret", 0, Insert("mov rcx,rax"))),
    ("ifma divide", "the result is left on the stack", Code("ret", 0, Replace(&["push rax", "pop rcx", "ret"]))),
    ("ifma wipe_registers", "a register is not wiped", Code("vpxorq", 7, Drop)),
    ("ifma wipe_registers", "the mask is not wiped", Code("kxorw", 0, Drop)),
    ("ifma wipe_registers", "the lower registers are not wiped", Code("vzeroall", 0, Drop)),
];

/// An instruction in the text of `objdump`.
fn parsed(address: u64, text: &str) -> Result<Instruction> {
    Instruction::parse(&format!("{address:x}: {text}"))?.ok_or_else(|| Finding::new("not an instruction"))
}

/// The code with one instruction changed. None if the change does not apply to it.
fn changed(code: &[Instruction], at: usize, change: Change) -> Result<Option<Vec<Instruction>>> {
    let mut code = code.to_vec();
    let instruction = code.get_mut(at).ok_or_else(|| Finding::new("no such instruction"))?;
    let before = instruction.clone();
    match change {
        // Its address stays, as the target of jumps.
        Drop => *instruction = Instruction { mnemonic: "nop".into(), operands: Vec::new(), ..before.clone() },
        Repeat => code.insert(at, before.clone()),
        Insert(text) => {
            code.insert(at, parsed(before.address, text)?);
            return Ok(Some(code));
        }
        Replace(lines) => {
            let lines = lines.iter().map(|text| parsed(before.address, text)).collect::<Result<Vec<_>>>()?;
            code.splice(at..=at, lines);
            return Ok(Some(code));
        }
        Mnemonic(mnemonic) => instruction.mnemonic = mnemonic.into(),
        Exchange(a, b) if a.max(b) < instruction.operands.len() => instruction.operands.swap(a, b),
        Exchange(..) => {}
        Move(by) => {
            for operand in &mut instruction.operands {
                if let Operand::Memory(memory) = operand {
                    memory.displacement += by;
                }
            }
        }
        Immediate(value) => {
            for operand in &mut instruction.operands {
                if let Operand::Immediate(immediate) = operand {
                    *immediate = value;
                }
            }
        }
        Vector { operand, index } => {
            if let Some(Operand::Register(Register::Vector { index: register, .. })) =
                instruction.operands.get_mut(operand)
            {
                *register = index;
            }
        }
        Mask { operand, index } => {
            if let Some(Operand::Register(Register::Mask(register))) = instruction.operands.get_mut(operand) {
                *register = index;
            }
        }
    }
    let applies = matches!(change, Repeat) || code.get(at) != Some(&before);
    Ok(applies.then_some(code))
}

/// Checks each mutation on the list. Returns how many are not caught, or cannot be made.
pub(crate) fn list(program: &Program) -> Result<usize> {
    for kernel in kernels() {
        // A claim that is never shown would catch everything.
        (kernel.check)(&program.subject(kernel.name)?).map_err(|finding| finding.at(kernel.name))?;
        ensure(LIST.iter().any(|(name, ..)| *name == kernel.name), || format!("no mutation of {}", kernel.name))?;
    }
    let mut survivors = 0;
    for (name, what, mutation) in LIST {
        match one(program, name, mutation) {
            Ok(Err(finding)) => println!("{name}: {what}: {finding}"),
            Ok(Ok(())) => {
                survivors += 1;
                println!("{name}: {what}: NOT CAUGHT");
            }
            Err(finding) => {
                survivors += 1;
                println!("{name}: {what}: NOT POSSIBLE: {finding}");
            }
        }
    }
    println!("{} broken kernels, {} caught", LIST.len(), LIST.len() - survivors);
    Ok(survivors)
}

/// Whether an instruction has a mnemonic, or is a move from or to memory.
fn is(instruction: &Instruction, mnemonic: &str) -> bool {
    let moves = instruction.mnemonic.starts_with("vmov");
    match (mnemonic, instruction.operands.as_slice()) {
        ("load", [Operand::Register(_), Operand::Memory(_)]) | ("store", [Operand::Memory(_), _]) => moves,
        _ => instruction.mnemonic == mnemonic,
    }
}

/// The result of checking the broken kernel. The outer error says that it cannot be broken like this.
fn one(program: &Program, name: &str, mutation: &Mutation) -> Result<Result<()>> {
    let kernel = kernels().find(|kernel| kernel.name == name).ok_or_else(|| Finding::new("no such kernel"))?;
    let code = program.function(name)?;
    let subject = program.subject(name)?;
    let broken = match mutation {
        ReadOnly => {
            let declared = Declared { memory: false, ..subject.declared };
            (kernel.check)(&Subject { declared, ..subject })
        }
        Input(excess) => (kernel.check)(&Subject { excess: *excess, ..subject }),
        Constant(at) => (kernel.check)(&Subject { altered: Some(*at), ..subject }),
        Static(from, bit) => {
            let lanes = if name.starts_with("avx2") { 4 } else { 8 };
            let mut statics = subject.statics.clone();
            let vectors = statics.values_mut().filter_map(|bytes| bytes.get_mut(*from..));
            for lane in vectors.flat_map(|bytes| bytes.chunks_mut(8).take(lanes)) {
                lane[*bit as usize / 8] ^= 1 << (bit % 8);
            }
            (kernel.check)(&Subject { statics: &statics, ..subject })
        }
        Code(mnemonic, count, change) => {
            let mut found = code.iter().enumerate().filter(|(_, instruction)| is(instruction, mnemonic));
            let (at, _) = found.nth(*count).ok_or_else(|| Finding::new(format!("there is no such {mnemonic}")))?;
            let changed =
                changed(code, at, *change)?.ok_or_else(|| Finding::new(format!("{mnemonic} is not changed")))?;
            (kernel.check)(&Subject { code: &changed, ..subject })
        }
    };
    Ok(broken)
}

/// Instructions with the same operands.
const ALIKE: &[&[&str]] = &[
    &["vaddpd", "vsubpd", "vmulpd"],
    &["vfmadd231pd", "vfmadd213pd", "vfmsub231pd", "vfnmadd213pd"],
    &["vpmadd52luq", "vpmadd52huq", "vpaddq", "vpminuq", "vpandq"],
    &["vpand", "vpor"],
    &["add", "sub", "cmp", "mov"],
    &["je", "jne", "jb", "jae"],
];

/// All small changes of an instruction: it is left out, its memory operand is that of the next or the previous vector, an operand
/// is the next register, its immediate operand is one more or one less, two operands are exchanged, it is another instruction.
fn changes(instruction: &Instruction) -> Vec<(&'static str, Change)> {
    let mut changes = vec![("left out", Drop)];
    let memory = |operand: &Operand| matches!(operand, Operand::Memory(memory) if memory.bytes > 0);
    if instruction.mnemonic == "nop" || instruction.mnemonic == "int3" {
        return Vec::new();
    }
    if instruction.operands.iter().any(memory) {
        changes.extend([
            ("moved up", Move(32)),
            ("moved down", Move(-32)),
            ("moved up", Move(64)),
            ("moved down", Move(-64)),
        ]);
    }
    for (operand, register) in instruction.operands.iter().enumerate() {
        if let Operand::Register(Register::Vector { index, bytes }) = register {
            // AVX-512 has twice as many.
            let registers = if *bytes == 64 { 32 } else { 16 };
            changes.push(("with another register", Vector { operand, index: (index + 1) % registers }));
        }
    }
    for operand in &instruction.operands {
        if let Operand::Immediate(value) = operand {
            changes.extend([
                ("with one more", Immediate(value.wrapping_add(1))),
                ("with one less", Immediate(value.wrapping_sub(1))),
            ]);
        }
    }
    let mnemonic = instruction.mnemonic.as_str();
    changes.push(("exchanged with the result", Exchange(0, 1)));
    // For the others, the two sources are factors, summands and the like.
    if matches!(mnemonic, "vsubpd" | "vpsubq" | "vpsllvq" | "vfmadd213pd" | "vfnmadd213pd") {
        changes.push(("exchanged", Exchange(1, 2)));
    }
    let alike = ALIKE.iter().filter(|alike| alike.contains(&mnemonic)).flat_map(|alike| alike.iter());
    changes.extend(alike.filter(|other| **other != mnemonic).map(|other| (*other, Mnemonic(other))));
    changes
}

/// Makes small changes to every instruction of every kernel. Prints the mutations that are not caught, and returns how many.
/// Some of these kernels are not broken: they compute the same.
pub(crate) fn exhaustive(program: &Program) -> Result<usize> {
    let mut survivors = 0;
    for kernel in kernels() {
        let code = program.function(kernel.name)?;
        let (mut count, mut caught) = (0, 0);
        for (at, instruction) in code.iter().enumerate() {
            for (what, change) in changes(instruction) {
                let Some(changed) = changed(code, at, change)? else { continue };
                count += 1;
                let subject = program.subject(kernel.name)?;
                if (kernel.check)(&Subject { code: &changed, ..subject }).is_err() {
                    caught += 1;
                } else {
                    println!("{}: {instruction} ({at}) {what}: not caught", kernel.name);
                    // Nothing uses its result, so other changes of it mean nothing, either.
                    if matches!(change, Drop) {
                        break;
                    }
                }
            }
        }
        println!("{}: {count} mutations, {caught} caught", kernel.name);
        survivors += count - caught;
    }
    Ok(survivors)
}
