//! Instructions on vectors. Each does the same to every lane; the machine follows one of them.

use super::{Machine, immediate, unsupported, vector_index};
use crate::dyadic::Dyadic;
use crate::finding::{Finding, Result, ensure};
use crate::float::{self, Rounded};
use crate::instruction::{Instruction, Operand, Register};
use crate::integer::{self, Half};
use crate::memory::Scalar;
use crate::word::{Number, Word};

impl Machine {
    /// A register, or a whole vector in memory.
    fn source(&mut self, operand: &Operand, bytes: u32, aligned: bool) -> Result<Word> {
        match operand {
            Operand::Register(register) => {
                let (index, size) = vector_index(*register)?;
                ensure(size == bytes, || "operands of different sizes".into())?;
                let word = self.vectors[usize::from(index)].clone();
                word.ok_or_else(|| Finding::new(format!("vector register {index} is read before it is written")))
            }
            Operand::Memory(place) if place.bytes == bytes => {
                let address = self.address(place)?;
                self.memory.load(address, bytes, aligned)
            }
            _ => Err(unsupported()),
        }
    }

    fn put(&mut self, index: u8, word: Word) -> Result<()> {
        ensure(self.declared.vectors >> index & 1 == 1, || format!("vector register {index} is not declared"))?;
        self.vectors[usize::from(index)] = Some(word);
        Ok(())
    }

    fn put_mask(&mut self, index: u8, word: Word) -> Result<()> {
        ensure(self.declared.masks >> index & 1 == 1, || format!("mask register {index} is not declared"))?;
        self.masks[usize::from(index)] = Some(word);
        Ok(())
    }

    /// Records a result and gives it a name, if the instruction is among those whose results get one.
    fn named(&mut self, mnemonic: &str, number: Number) -> Number {
        if !self.named.contains(&mnemonic) {
            return number;
        }
        let name = self.symbols.name(&number.polynomial, number.range, number.unit);
        self.results.push(number);
        Number::symbol(name, &self.symbols)
    }

    pub(super) fn vector_step(&mut self, instruction: &Instruction) -> Result<()> {
        let operands = instruction.operands.as_slice();
        if instruction.mnemonic == "vzeroall" && operands.is_empty() {
            // It clears the lower 512 bits of registers 0 to 15.
            return (0..16).try_for_each(|index| self.put(index, Word::Bits(0)));
        }
        if instruction.mask.is_some() {
            return self.masked(instruction);
        }
        match (instruction.destination(), operands) {
            (Some(Register::Vector { index, bytes }), [_, rest @ ..]) => {
                ensure(bytes == self.bytes, || "not all lanes are computed".into())?;
                match rest {
                    [from] => self.unary(&instruction.mnemonic, index, bytes, from),
                    [a, b] => self.binary(&instruction.mnemonic, index, bytes, a, b),
                    [a, b, last] => self.ternary(&instruction.mnemonic, index, bytes, [a, b, last]),
                    _ => Err(unsupported()),
                }
            }
            (None, [Operand::Memory(place), from]) => {
                let aligned = match instruction.mnemonic.as_str() {
                    "vmovapd" | "vmovdqa64" => true,
                    "vmovdqu64" => false,
                    _ => return Err(unsupported()),
                };
                ensure(self.declared.memory, || "the source declares that no memory is written".into())?;
                let word = self.source(from, place.bytes, false)?;
                let address = self.address(place)?;
                self.memory.store(address, place.bytes, aligned, word)
            }
            _ => self.leave_vectors(instruction),
        }
    }

    fn unary(&mut self, mnemonic: &str, to: u8, bytes: u32, from: &Operand) -> Result<()> {
        let word = match (mnemonic, from) {
            ("vmovapd" | "vmovdqa64", _) => self.source(from, bytes, true)?,
            ("vmovdqu64", _) => self.source(from, bytes, false)?,
            // One value for every lane.
            ("vbroadcastsd" | "vpbroadcastq", Operand::Memory(_)) => self.source(from, 8, false)?,
            // Lanes of 32 bits become lanes of 64.
            ("vpmovzxdq", Operand::Memory(_)) => Word::Integer(self.half_lanes(from, 32)?),
            ("vcvtdq2pd", Operand::Memory(_)) => Word::Double(self.half_lanes(from, 31)?),
            _ => return Err(unsupported()),
        };
        self.put(to, word)
    }

    /// Lanes of 32 bits in memory, of which this many may be used. Those of a static are not known: its lanes have 64 bits.
    fn half_lanes(&mut self, from: &Operand, bits: i32) -> Result<Number> {
        let Word::Integer(number) = self.source(from, self.bytes / 2, false)? else { return Err(unsupported()) };
        ensure(number.range.high < Dyadic::power_of_two(bits), || format!("a lane has more than {bits} bits"))?;
        Ok(number)
    }

    fn binary(&mut self, mnemonic: &str, to: u8, bytes: u32, a: &Operand, b: &Operand) -> Result<()> {
        if matches!(mnemonic, "vxorpd" | "vpxor" | "vpxorq") {
            ensure(
                a == b && matches!(a, Operand::Register(Register::Vector { bytes: size, .. }) if *size == bytes),
                unsupported_text,
            )?;
            return self.put(to, Word::Bits(0));
        }
        if let ("vpsrlq", Operand::Immediate(count @ 0..64)) = (mnemonic, b) {
            let word = self.source(a, bytes, false)?;
            let shifted = match word.bits() {
                Some(bits) => Word::Bits(bits >> count),
                None => Word::Integer(integer::shift_right(&mut self.symbols, &word.integer()?, *count as u32)?),
            };
            return self.put(to, shifted);
        }
        let (a, b) = (self.source(a, bytes, false)?, self.source(b, bytes, false)?);
        let word = match mnemonic {
            "vaddpd" | "vsubpd" | "vmulpd" | "vfmadd231pd" | "vfmadd213pd" | "vfnmadd213pd" | "vfmsub231pd" => {
                let result = self.floating(mnemonic, to, &a, &b)?;
                self.effects.roundings += usize::from(result.rounded);
                Word::Double(self.named(mnemonic, result.number))
            }
            "vpmadd52luq" | "vpmadd52huq" => {
                let half = if mnemonic == "vpmadd52luq" { Half::Low } else { Half::High };
                let sum =
                    self.vector(to).ok_or_else(|| Finding::new("the sum is read before it is written"))?.integer()?;
                self.effects.multiply_adds += 1;
                let sum = integer::multiply_add(&mut self.symbols, half, &sum, &a.integer()?, &b.integer()?)?;
                Word::Integer(self.named(mnemonic, sum))
            }
            "vpaddq" => match (a.bits(), b.bits()) {
                (Some(a), Some(b)) => {
                    Word::Bits(a.checked_add(b).ok_or_else(|| Finding::new("an integer is not within 64 bits"))?)
                }
                _ => Word::Integer(integer::add(&a.integer()?, &b.integer()?)?),
            },
            "vpsubq" => {
                ensure(a.bits() == Some(0), unsupported_text)?;
                Word::Integer(integer::negate(&mut self.symbols, &b.integer()?)?)
            }
            "vpsllvq" => {
                let count = b.bits().filter(|count| *count < 64).ok_or_else(unsupported)?;
                Word::Integer(integer::shift_left(&a.integer()?, count as u32)?)
            }
            "vpminuq" => Word::Integer(integer::minimum(&mut self.symbols, &a.integer()?, &b.integer()?)),
            "vpand" | "vpandq" => self.and(&a, &b)?,
            "vpor" => or(&a, &b)?,
            "vpcmpeqq" => equal(&a, &b)?,
            "vcmpeqpd" => {
                ensure(b.bits() == Some(0) && self.compared.is_none(), unsupported_text)?;
                self.compared = Some(a.double()?);
                Word::Verdict
            }
            _ => return Err(unsupported()),
        };
        self.put(to, word)
    }

    /// Sums, products, and fused multiply-adds, whose digits name the order of the operands: 231 is `to = a * b + to`, and 213
    /// is `to = a * to + b`.
    fn floating(&mut self, mnemonic: &str, to: u8, a: &Word, b: &Word) -> Result<Rounded> {
        let (a, b) = (a.double()?, b.double()?);
        let old = || {
            self.vectors[usize::from(to)].as_ref().ok_or_else(|| Finding::new("a sum that was not written"))?.double()
        };
        let (plus, minus) = (Dyadic::ONE, Dyadic::MINUS_ONE);
        match mnemonic {
            "vaddpd" => float::add(&mut self.symbols, &a, plus, &b),
            "vsubpd" => float::add(&mut self.symbols, &a, minus, &b),
            "vmulpd" => float::multiply(&mut self.symbols, &a, &b),
            "vfmadd231pd" => {
                let c = old()?;
                float::fused(&mut self.symbols, plus, &a, &b, &c)
            }
            "vfmadd213pd" => {
                let c = old()?;
                float::fused(&mut self.symbols, plus, &a, &c, &b)
            }
            "vfnmadd213pd" => {
                let c = old()?;
                float::fused(&mut self.symbols, minus, &a, &c, &b)
            }
            "vfmsub231pd" => {
                let c = old()?;
                let negative = Number::new(c.polynomial.scale(minus)?, c.range.negate(), c.unit);
                float::fused(&mut self.symbols, plus, &a, &b, &negative)
            }
            _ => Err(unsupported()),
        }
    }

    /// Bitwise, where one operand is known.
    fn and(&mut self, a: &Word, b: &Word) -> Result<Word> {
        match (a.bits(), b.bits()) {
            (Some(a), Some(b)) => Ok(Word::Bits(a & b)),
            (Some(0), _) | (_, Some(0)) => Ok(Word::Bits(0)),
            (Some(u64::MAX), _) => Ok(b.clone()),
            (_, Some(u64::MAX)) => Ok(a.clone()),
            (_, Some(mask)) if (mask + 1).is_power_of_two() => {
                Ok(Word::Integer(integer::low_bits(&mut self.symbols, &a.integer()?, mask.trailing_ones())?))
            }
            _ => Err(Finding::new("a bitwise operation on data")),
        }
    }

    fn ternary(&mut self, mnemonic: &str, to: u8, bytes: u32, [a, b, last]: [&Operand; 3]) -> Result<()> {
        match (mnemonic, immediate(last)?) {
            // All ones, whatever the operands are.
            ("vpternlogq", 0xff) => self.put(to, Word::ONES)?,
            // `to | (a & b)`.
            ("vpternlogq", 0xf8) => {
                let (a, b) = (self.source(a, bytes, false)?, self.source(b, bytes, false)?);
                let both = self.and(&a, &b)?;
                let old = self.vectors[usize::from(to)]
                    .clone()
                    .ok_or_else(|| Finding::new("a register that was not written"))?;
                self.put(to, or(&old, &both)?)?;
            }
            _ => return Err(unsupported()),
        }
        Ok(())
    }

    /// All ones in the lanes of a mask, and zero in the others.
    fn masked(&mut self, instruction: &Instruction) -> Result<()> {
        let (Some(Register::Vector { index, bytes: 64 }), Some(mask)) = (instruction.destination(), instruction.mask)
        else {
            return Err(unsupported());
        };
        let ones = matches!(instruction.operands.last(), Some(Operand::Immediate(0xff)));
        ensure(instruction.mnemonic == "vpternlogq" && ones, unsupported_text)?;
        let word = self.mask(mask).cloned().ok_or_else(|| Finding::new("a mask is read before it is written"))?;
        self.put(index, word)
    }

    /// Instructions whose results are not in a vector register.
    fn leave_vectors(&mut self, instruction: &Instruction) -> Result<()> {
        match (instruction.mnemonic.as_str(), instruction.operands.as_slice()) {
            ("kxorw", [Operand::Register(Register::Mask(to)), a, b]) if a == b => self.put_mask(*to, Word::Bits(0))?,
            ("vpcmpeqq", [Operand::Register(Register::Mask(to)), a, b]) => {
                let (a, b) = (self.source(a, 64, false)?, self.source(b, 64, false)?);
                self.put_mask(*to, equal(&a, &b)?)?;
            }
            ("vptestnmq", [Operand::Register(Register::Mask(to)), a, b]) if a == b => {
                ensure(self.compared.is_none(), unsupported_text)?;
                self.compared = Some(self.source(a, 64, false)?.integer()?);
                self.put_mask(*to, Word::Verdict)?;
            }
            (
                "kmovw",
                [Operand::Register(Register::General { index, bits: 32 }), Operand::Register(Register::Mask(from))],
            ) => {
                ensure(matches!(self.mask(*from), Some(Word::Verdict)), || {
                    "the mask is not that of a comparison".into()
                })?;
                self.general[usize::from(*index)] = Scalar::Data;
            }
            // It has no form for 64 bytes.
            ("vmovmskpd", [Operand::Register(Register::General { index, bits: 32 }), from]) => {
                ensure(self.bytes == 32, || "not all lanes are reported".into())?;
                let word = self.source(from, 32, false)?;
                ensure(matches!(word, Word::Verdict), || "the signs are not those of a comparison".into())?;
                self.general[usize::from(*index)] = Scalar::Data;
            }
            _ => return Err(unsupported()),
        }
        Ok(())
    }
}

fn unsupported_text() -> String {
    unsupported().to_string()
}

/// Bitwise, where one operand is zero or both are known.
fn or(a: &Word, b: &Word) -> Result<Word> {
    match (a.bits(), b.bits()) {
        (Some(a), Some(b)) => Ok(Word::Bits(a | b)),
        (Some(0), _) => Ok(b.clone()),
        (_, Some(0)) => Ok(a.clone()),
        _ => Err(Finding::new("a bitwise operation on data")),
    }
}

/// All ones or zero, for operands that are known.
fn equal(a: &Word, b: &Word) -> Result<Word> {
    match (a.bits(), b.bits()) {
        (Some(a), Some(b)) => Ok(if a == b { Word::ONES } else { Word::Bits(0) }),
        _ => Err(Finding::new("a comparison of data")),
    }
}
