//! The machine: executes one call of a kernel on unknown data.
//!
//! General registers hold numbers, which are sizes, and addresses of operands. Vector registers hold one lane. Every instruction
//! and every combination of operands that is not listed in [`general`] or [`vector`] is an error. So an execution that ends
//! shows that the program takes this path for all data, and accesses exactly these cells.

use crate::declared::Declared;
use crate::finding::{Finding, Result, ensure};
use crate::instruction::{Base, Instruction, Memory as Place, Operand, Register};
use crate::memory::{Memory, RegionId, Scalar};
use crate::symbols::Symbols;
use crate::word::{Number, Word};
use std::collections::BTreeMap;

mod general;
mod vector;

/// The stack pointer.
const RSP: u8 = 4;

/// The return address, among the values on entry.
const RETURN: u8 = 16;

/// Registers that a function must leave as they were: rbx, rsp, rbp and r12 to r15 (System V ABI).
const PRESERVED: [u8; 7] = [3, RSP, 5, 12, 13, 14, 15];

/// The registers that arguments are passed in: rdi, rsi, rdx, rcx, r8, r9.
const ARGUMENTS: [usize; 6] = [7, 6, 2, 1, 8, 9];

/// No kernel executes as many instructions.
const MAX_STEPS: usize = 10_000_000;

#[derive(Clone, Copy, Default, Debug)]
struct Flags {
    zero: Option<bool>,
    carry: Option<bool>,
}

/// The effects of a call, apart from its results.
#[derive(Default, Debug, Clone)]
pub(crate) struct Effects {
    /// How many results of floating-point operations may have been rounded.
    pub(crate) roundings: usize,
    /// The multiply-adds that were executed.
    pub(crate) multiply_adds: usize,
}

pub(crate) struct Machine {
    pub(crate) symbols: Symbols,
    pub(crate) memory: Memory,
    pub(crate) effects: Effects,
    general: [Scalar; 16],
    vectors: [Option<Word>; 32],
    masks: [Option<Word>; 8],
    flags: Flags,
    statics: BTreeMap<u64, RegionId>,
    /// The registers that may be written, and whether memory may be.
    declared: Declared,
    /// Instructions whose results get a name, so that polynomials stay short.
    named: Vec<&'static str>,
    /// The results of these instructions, in order.
    results: Vec<Number>,
    /// The number that was compared with zero.
    compared: Option<Number>,
    /// The size of a vector.
    bytes: u32,
}

impl Machine {
    /// A machine with vectors of a number of bytes, which may write the declared registers, and with statics at their addresses.
    pub(crate) fn new(statics: &BTreeMap<u64, Vec<u8>>, declared: Declared, bytes: u32) -> Self {
        let mut memory = Memory::default();
        let statics = statics.iter().map(|(address, bytes)| (*address, memory.constant(*address, bytes)));
        let statics = statics.collect();
        Self {
            symbols: Symbols::default(),
            memory,
            effects: Effects::default(),
            general: [Scalar::Entry(0); 16],
            vectors: [const { None }; 32],
            masks: [const { None }; 8],
            flags: Flags::default(),
            statics,
            declared,
            named: Vec::new(),
            results: Vec::new(),
            compared: None,
            bytes,
        }
    }

    /// Calls a function, from its first instruction to its return. Vector registers contain nothing that may be read.
    pub(crate) fn call(&mut self, code: &[Instruction], arguments: &[Scalar]) -> Result<()> {
        self.vectors = [const { None }; 32];
        self.masks = [const { None }; 8];
        self.flags = Flags::default();
        self.effects = Effects::default();
        self.general = core::array::from_fn(|register| Scalar::Entry(register as u8));
        ensure(arguments.len() <= ARGUMENTS.len(), || "more than six arguments".into())?;
        for (register, argument) in ARGUMENTS.iter().zip(arguments) {
            self.general[*register] = *argument;
        }
        let stack = self.memory.region("the stack", true, 8);
        let top = Scalar::Address { region: stack, offset: 0 };
        self.general[usize::from(RSP)] = top;
        self.memory.put_slot(stack, 0, Scalar::Entry(RETURN));
        self.run(code)?;
        for register in PRESERVED {
            let expected =
                if register == RSP { Scalar::Address { region: stack, offset: 8 } } else { Scalar::Entry(register) };
            let found = self.general[usize::from(register)];
            ensure(found == expected, || format!("general register {register} is not restored: {found:?}"))?;
        }
        Ok(())
    }

    fn run(&mut self, code: &[Instruction]) -> Result<()> {
        let positions: BTreeMap<u64, usize> =
            code.iter().enumerate().map(|(at, instruction)| (instruction.address, at)).collect();
        let mut at = 0;
        for _ in 0..MAX_STEPS {
            let instruction = code.get(at).ok_or_else(|| Finding::new("execution leaves the function"))?;
            match self.step(instruction).map_err(|finding| finding.at(instruction))? {
                Next::Follows => at += 1,
                Next::Jump(target) => {
                    let position = positions.get(&target);
                    at = *position.ok_or_else(|| Finding::new("a jump out of the function").at(instruction))?;
                }
                Next::Return => return Ok(()),
            }
        }
        Err(Finding::new("the function does not return"))
    }

    fn step(&mut self, instruction: &Instruction) -> Result<Next> {
        if instruction.mnemonic.starts_with(['v', 'k']) {
            self.vector_step(instruction)?;
            return Ok(Next::Follows);
        }
        self.general_step(instruction)
    }

    /// The address of a memory operand.
    fn address(&self, place: &Place) -> Result<Scalar> {
        let base = match place.base {
            Base::Program => {
                let region = u64::try_from(place.displacement).ok().and_then(|address| self.statics.get(&address));
                let region = *region.ok_or_else(|| Finding::new("the address of an unknown static"))?;
                return Ok(Scalar::Address { region, offset: 0 });
            }
            Base::Register(register) => self.general[usize::from(register)],
        };
        let moved = general::add(base, Scalar::Number(place.displacement.cast_unsigned()))?;
        match place.index {
            None => Ok(moved),
            Some((register, scale)) => match self.general[usize::from(register)] {
                Scalar::Number(number) => general::add(moved, Scalar::Number(number.wrapping_mul(scale))),
                other if scale == 1 => general::add(moved, other),
                other => Err(Finding::new(format!("{other:?} is scaled"))),
            },
        }
    }

    /// From now on, numbers that one of these instructions computes get a name, and are recorded.
    pub(crate) fn name_results(&mut self, mnemonics: &[&'static str]) {
        self.named = mnemonics.to_vec();
    }

    /// The results that were recorded, each of them before it got its name.
    pub(crate) fn results(&self) -> &[Number] {
        &self.results
    }

    /// The number whose comparison with zero the function returns.
    pub(crate) fn compared(&self) -> Result<&Number> {
        self.compared.as_ref().ok_or_else(|| Finding::new("nothing is compared with zero"))
    }

    /// A vector register that was written.
    pub(crate) fn vector(&self, index: u8) -> Option<&Word> {
        self.vectors.get(usize::from(index))?.as_ref()
    }

    /// A mask register that was written.
    pub(crate) fn mask(&self, index: u8) -> Option<&Word> {
        self.masks.get(usize::from(index))?.as_ref()
    }

    /// What a function returns in rax.
    pub(crate) fn returned(&self) -> Scalar {
        self.general[0]
    }
}

/// Where execution goes on.
enum Next {
    Follows,
    Jump(u64),
    Return,
}

fn unsupported() -> Finding {
    Finding::new("not a supported instruction, or not with these operands")
}

fn vector_index(register: Register) -> Result<(u8, u32)> {
    match register {
        Register::Vector { index, bytes } => Ok((index, bytes)),
        _ => Err(unsupported()),
    }
}

fn immediate(operand: &Operand) -> Result<u64> {
    match operand {
        Operand::Immediate(value) => Ok(*value),
        _ => Err(unsupported()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dyadic::Dyadic;
    use crate::interval::Interval;
    use crate::word::Number;

    /// Eight lanes; registers 0 to 15 and k1 are declared.
    fn machine() -> Machine {
        Machine::new(&BTreeMap::new(), Declared { vectors: 0xffff, masks: 2, memory: true }, 64)
    }

    /// A machine with a region of two vectors, of 8 bits and of 52 bits, and its address.
    fn with_data() -> (Machine, Scalar) {
        let mut machine = machine();
        let region = machine.memory.region("data", true, 64);
        for bits in [8, 52] {
            let symbol = machine.symbols.input(Interval::unsigned(bits), 0);
            let number = Number::symbol(symbol, &machine.symbols);
            machine.memory.push(region, 64, Some(Word::Integer(number)));
        }
        (machine, Scalar::Address { region, offset: 0 })
    }

    /// Executes lines of text, at addresses 0, 1, 2 and so on.
    fn run(machine: &mut Machine, lines: &[&str], arguments: &[Scalar]) -> Result<()> {
        let parse = |(at, line): (usize, &&str)| Instruction::parse(&format!("{at:x}: {line}")).transpose();
        let code = lines.iter().enumerate().filter_map(parse).collect::<Result<Vec<_>>>()?;
        machine.call(&code, arguments)
    }

    #[test]
    fn a_loop_ends_after_its_count() {
        let mut machine = machine();
        let code = ["xor eax,eax", "add rax,0x20", "dec rdi", "jne 1 <f+0x1>", "ret"];
        run(&mut machine, &code, &[Scalar::Number(5)]).unwrap();
        assert_eq!(machine.returned(), Scalar::Number(160));
    }

    #[test]
    fn unknown_values_are_not_used() {
        assert!(run(&mut machine(), &["ret"], &[]).is_ok());
        assert!(run(&mut machine(), &["test rdi,rdi", "ret"], &[]).is_err(), "what the caller left in a register");
        assert!(run(&mut machine(), &["je 1 <f>", "ret"], &[]).is_err(), "flags of the caller");
        assert!(
            run(&mut machine(), &["vpaddq zmm0,zmm0,zmm0", "ret"], &[]).is_err(),
            "a vector register of the caller"
        );
        assert!(run(&mut machine(), &["mov rax,QWORD PTR [rsp+0x8]", "ret"], &[]).is_err(), "the stack of the caller");
    }

    #[test]
    fn functions_keep_the_registers_of_their_caller() {
        assert!(run(&mut machine(), &["xor ebx,ebx", "ret"], &[]).is_err());
        assert!(run(&mut machine(), &["push rbx", "xor ebx,ebx", "pop rbx", "ret"], &[]).is_ok());
        assert!(run(&mut machine(), &["push rbx", "ret"], &[]).is_err(), "returns to rbx");
        assert!(run(&mut machine(), &["jmp 5 <g>", "ret"], &[]).is_err(), "leaves the function");
        assert!(run(&mut machine(), &["jmp 0 <f>", "ret"], &[]).is_err(), "does not return");
    }

    #[test]
    fn branches_on_data_are_found() {
        let (mut machine, data) = with_data();
        let code = ["vmovdqu64 zmm0,ZMMWORD PTR [rdi]", "vptestnmq k1,zmm0,zmm0", "kmovw eax,k1"];
        run(&mut machine, &[&code[..], &["ret"]].concat(), &[data]).unwrap();
        assert_eq!(machine.returned(), Scalar::Data);
        for use_of_data in
            ["test rax,rax", "mov rcx,rax", "push rax", "lea rcx,[rdi+rax*1]", "vmovdqu64 zmm0,ZMMWORD PTR [rdi+rax*1]"]
        {
            let (mut machine, data) = with_data();
            assert!(run(&mut machine, &[&code[..], &[use_of_data, "ret"]].concat(), &[data]).is_err(), "{use_of_data}");
        }
    }

    #[test]
    fn spills_undeclared_registers_and_other_lanes_are_found() {
        for last in [
            "vmovdqu64 ZMMWORD PTR [rsp-0x40],zmm0",
            "vpaddq zmm16,zmm0,zmm0",
            "kxorw k2,k2,k2",
            "vpaddq ymm0,ymm0,ymm0",
            "vpaddq zmm1,zmm0,ZMMWORD PTR [rdi+0x80]",
            "vpermq zmm0,zmm0,0x1",
        ] {
            let (mut machine, data) = with_data();
            assert!(run(&mut machine, &["vmovdqu64 zmm0,ZMMWORD PTR [rdi]", last, "ret"], &[data]).is_err(), "{last}");
        }
    }

    #[test]
    fn lanes_of_32_bits_are_not_those_of_a_static() {
        // Pairs of 1 and 0, which are lanes of 64 bits that agree.
        let statics = BTreeMap::from([(0x40, [1u64; 8].map(u64::to_le_bytes).concat())]);
        for (load, fine) in [
            ("vpaddq zmm0,zmm0,ZMMWORD PTR [rip+0x0]        # 40 <a>", true),
            ("vpmovzxdq zmm0,YMMWORD PTR [rip+0x0]        # 40 <a>", false),
        ] {
            let mut machine = Machine::new(&statics, Declared { vectors: 1, masks: 0, memory: true }, 64);
            let code = ["vpxorq zmm0,zmm0,zmm0", load, "ret"];
            assert_eq!(run(&mut machine, &code, &[]).is_ok(), fine, "{load}");
        }
    }

    #[test]
    fn known_integers_do_not_wrap_around() {
        let code = ["vpternlogq zmm0,zmm0,zmm0,0xff", "vpsrlq zmm1,zmm0,0x3f", "vpaddq zmm0,zmm0,zmm1", "ret"];
        assert!(run(&mut machine(), &code, &[]).is_err());
    }

    #[test]
    fn results_are_what_the_instructions_say() {
        let (mut machine, data) = with_data();
        let code = [
            "vmovdqu64 zmm0,ZMMWORD PTR [rdi]",
            "vpmadd52luq zmm0,zmm0,ZMMWORD PTR [rdi+0x40]",
            "vpsrlq zmm1,zmm0,0x34",
            "vpaddq zmm0,zmm0,zmm1",
            "vmovdqu64 ZMMWORD PTR [rdi],zmm0",
            "ret",
        ];
        run(&mut machine, &code, &[data]).unwrap();
        let sum = machine.memory.load(data, 64, false).unwrap().integer().unwrap();
        // Less than 2^52 from the product, 2^8 from the sum, and 1 from the carry.
        assert_eq!(sum.range.high, Dyadic::integer((1 << 52) - 1 + 255 + 1));
        assert_eq!(machine.effects.multiply_adds, 1);
    }
}
