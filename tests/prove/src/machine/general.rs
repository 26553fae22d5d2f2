//! Instructions on general registers: loop counts, addresses, and what the compiler puts around a kernel.

use super::{Machine, Next, RETURN, RSP, unsupported};
use crate::finding::{Finding, Result, ensure};
use crate::instruction::{Instruction, Operand, Register};
use crate::memory::Scalar;

/// The sum of two numbers, or of an address and a number.
pub(super) fn add(a: Scalar, b: Scalar) -> Result<Scalar> {
    match (a, b) {
        (Scalar::Number(a), Scalar::Number(b)) => Ok(Scalar::Number(a.wrapping_add(b))),
        (Scalar::Address { region, offset }, Scalar::Number(by))
        | (Scalar::Number(by), Scalar::Address { region, offset }) => {
            Ok(Scalar::Address { region, offset: offset.wrapping_add(by.cast_signed()) })
        }
        _ => Err(Finding::new(format!("{a:?} + {b:?} is not known"))),
    }
}

/// The difference, or the sum with a negated number.
fn subtract(a: Scalar, b: Scalar) -> Result<Scalar> {
    add(a, Scalar::Number(number(b)?.wrapping_neg()))
}

fn number(scalar: Scalar) -> Result<u64> {
    match scalar {
        Scalar::Number(number) => Ok(number),
        Scalar::Data => Err(Finding::new("a general register with data is used")),
        other => Err(Finding::new(format!("{other:?} is not a known number"))),
    }
}

impl Machine {
    fn read(&mut self, operand: &Operand) -> Result<Scalar> {
        match operand {
            Operand::Immediate(value) => Ok(Scalar::Number(*value)),
            Operand::Register(Register::General { index, bits }) => match self.general[usize::from(*index)] {
                Scalar::Data => Err(Finding::new("a general register with data is read")),
                Scalar::Number(number) if *bits == 32 => Ok(Scalar::Number(number & u64::from(u32::MAX))),
                other if *bits == 64 => Ok(other),
                other => Err(Finding::new(format!("a half of {other:?} is not known"))),
            },
            Operand::Memory(place) if place.bytes == 8 => {
                let address = self.address(place)?;
                self.memory.load_scalar(address)
            }
            _ => Err(unsupported()),
        }
    }

    /// Writes a register. Writing 32 bits clears the upper half.
    fn write(&mut self, operand: &Operand, value: Scalar) -> Result<()> {
        let Operand::Register(Register::General { index, bits }) = operand else { return Err(unsupported()) };
        ensure(*index != RSP, || "the stack pointer is written".into())?;
        self.general[usize::from(*index)] = match (value, *bits) {
            (Scalar::Number(number), 32) => Scalar::Number(number & u64::from(u32::MAX)),
            (value, 64) => value,
            _ => return Err(Finding::new(format!("a half of {value:?} is not known"))),
        };
        Ok(())
    }

    fn is_wide(operand: &Operand) -> bool {
        !matches!(operand, Operand::Register(Register::General { bits: 32, .. }))
    }

    /// The flags after a result. The machine does not follow those of 32-bit results.
    fn set_flags(&mut self, destination: &Operand, result: Scalar, carry: Option<bool>) {
        let known = Self::is_wide(destination);
        self.flags.zero = match result {
            Scalar::Number(number) if known => Some(number == 0),
            _ => None,
        };
        self.flags.carry = carry.filter(|_| known);
    }

    pub(super) fn general_step(&mut self, instruction: &Instruction) -> Result<Next> {
        let operands = instruction.operands.as_slice();
        match (instruction.mnemonic.as_str(), operands) {
            ("nop", _) => {}
            ("mov" | "movabs", [to, from]) => {
                let value = self.read(from)?;
                self.write(to, value)?;
            }
            ("lea", [to, Operand::Memory(place)]) => {
                let address = self.address(place)?;
                self.write(to, address)?;
            }
            ("push", [from @ Operand::Register(_)]) => {
                let value = self.read(from)?;
                let top = add(self.general[usize::from(RSP)], Scalar::Number(8u64.wrapping_neg()))?;
                let Scalar::Address { region, offset } = top else { return Err(unsupported()) };
                self.memory.put_slot(region, offset, value);
                self.general[usize::from(RSP)] = top;
            }
            ("pop", [to]) => {
                let value = self.pop()?;
                self.write(to, value)?;
            }
            ("ret", []) => {
                let to = self.pop()?;
                ensure(to == Scalar::Entry(RETURN), || "the function returns to another place".into())?;
                return Ok(Next::Return);
            }
            ("jmp", [Operand::Target(target)]) => return Ok(Next::Jump(*target)),
            (jump, [Operand::Target(target)]) => {
                let condition = match jump {
                    "je" => self.flags.zero,
                    "jne" => self.flags.zero.map(|zero| !zero),
                    "jb" => self.flags.carry,
                    "jae" => self.flags.carry.map(|carry| !carry),
                    _ => return Err(unsupported()),
                };
                let taken = condition.ok_or_else(|| Finding::new("a branch on flags that are not known"))?;
                return Ok(if taken { Next::Jump(*target) } else { Next::Follows });
            }
            _ => self.arithmetic(instruction)?,
        }
        Ok(Next::Follows)
    }

    fn pop(&mut self) -> Result<Scalar> {
        let top = self.general[usize::from(RSP)];
        let value = self.memory.load_scalar(top)?;
        self.general[usize::from(RSP)] = add(top, Scalar::Number(8))?;
        Ok(value)
    }

    /// Instructions that set flags.
    fn arithmetic(&mut self, instruction: &Instruction) -> Result<()> {
        match (instruction.mnemonic.as_str(), instruction.operands.as_slice()) {
            ("xor", [to, from]) if to == from => {
                self.write(to, Scalar::Number(0))?;
                self.set_flags(to, Scalar::Number(0), Some(false));
            }
            ("add", [to, from]) => {
                let (a, b) = (self.read(to)?, self.read(from)?);
                let sum = add(a, b)?;
                let carry = number(a).and_then(|a| Ok(a.overflowing_add(number(b)?).1)).ok();
                self.write(to, sum)?;
                self.set_flags(to, sum, carry);
            }
            (name @ ("sub" | "cmp"), [to, from]) => {
                let (a, b) = (self.read(to)?, self.read(from)?);
                let difference = subtract(a, b)?;
                let borrow = number(a).and_then(|a| Ok(a < number(b)?)).ok();
                if name == "sub" {
                    self.write(to, difference)?;
                }
                self.set_flags(to, difference, borrow);
            }
            ("sbb", [to, from]) => {
                let carry = self.flags.carry.ok_or_else(|| Finding::new("a borrow that is not known"))?;
                let (a, b) = (self.read(to)?, self.read(from)?);
                let difference = subtract(subtract(a, b)?, Scalar::Number(carry.into()))?;
                self.write(to, difference)?;
                self.set_flags(to, difference, None);
            }
            ("dec", [to]) => {
                let difference = subtract(self.read(to)?, Scalar::Number(1))?;
                self.write(to, difference)?;
                // It leaves the carry as it was.
                self.set_flags(to, difference, self.flags.carry);
            }
            (name @ ("test" | "or" | "and"), [to, from]) => {
                let (a, b) = (number(self.read(to)?)?, number(self.read(from)?)?);
                let result = Scalar::Number(if name == "or" { a | b } else { a & b });
                if name != "test" {
                    self.write(to, result)?;
                }
                self.set_flags(to, result, Some(false));
            }
            (name @ ("shl" | "shr"), [to, Operand::Immediate(count @ 1..=63)]) if Self::is_wide(to) => {
                let value = number(self.read(to)?)?;
                let result = Scalar::Number(if name == "shl" { value << count } else { value >> count });
                self.write(to, result)?;
                self.set_flags(to, result, None);
            }
            ("mul", [by]) if Self::is_wide(by) => {
                let product = u128::from(number(self.general[0])?) * u128::from(number(self.read(by)?)?);
                self.general[0] = Scalar::Number(product as u64);
                self.general[2] = Scalar::Number((product >> 64) as u64);
                self.set_flags(by, Scalar::Data, None);
            }
            ("div", [by]) => {
                let bits = if Self::is_wide(by) { 64 } else { 32 };
                let (low, high) = (number(self.general[0])?, number(self.general[2])?);
                let (dividend, divisor) = (u128::from(low), number(self.read(by)?)?);
                let fits = high == 0 && divisor != 0 && dividend < 1 << bits;
                ensure(fits, || "a division by zero, or of a number of two registers".into())?;
                self.general[0] = Scalar::Number(low / divisor);
                self.general[2] = Scalar::Number(low % divisor);
                self.set_flags(by, Scalar::Data, None);
            }
            _ => return Err(unsupported()),
        }
        Ok(())
    }
}
