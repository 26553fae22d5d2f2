//! The contents of one lane of 64 bits.
//!
//! Every instruction of a kernel does the same to each lane, from the same lane of its operands; the machine supports no other.
//! So the execution of one lane, whose inputs may be anything within their bounds, is that of every lane.

use crate::dyadic::Dyadic;
use crate::finding::{Finding, Result};
use crate::interval::Interval;
use crate::polynomial::{Polynomial, Symbol};
use crate::symbols::Symbols;
use std::rc::Rc;

/// A number: its value, its range, and a unit that it is a multiple of.
#[derive(Clone, Debug)]
pub(crate) struct Number {
    pub(crate) polynomial: Rc<Polynomial>,
    pub(crate) range: Interval,
    /// A multiple of 2^unit.
    pub(crate) unit: i32,
}

impl Number {
    pub(crate) fn constant(value: Dyadic) -> Self {
        Self { polynomial: Rc::new(Polynomial::constant(value)), range: Interval::point(value), unit: value.unit() }
    }

    pub(crate) fn new(polynomial: Polynomial, range: Interval, unit: i32) -> Self {
        Self { polynomial: Rc::new(polynomial), range, unit }
    }

    /// A symbol, with the known facts about it.
    pub(crate) fn symbol(symbol: Symbol, symbols: &Symbols) -> Self {
        let polynomial = Polynomial::symbol(symbol);
        let unit = symbols.unit(&polynomial);
        Self::new(polynomial, symbols.range_of(symbol), unit)
    }
}

/// The contents of a lane.
#[derive(Clone, Debug)]
pub(crate) enum Word {
    /// Known bits, which an instruction may use as an integer or as a double.
    Bits(u64),
    /// An integer from 0 to 2^64 - 1.
    Integer(Number),
    /// A double.
    Double(Number),
    /// Depends on data in a way that the machine does not follow: the result of a comparison.
    Verdict,
}

impl Word {
    pub(crate) const ONES: Self = Self::Bits(u64::MAX);

    pub(crate) fn integer(&self) -> Result<Number> {
        match self {
            Self::Bits(bits) => Ok(Number::constant(Dyadic::integer(i128::from(*bits)))),
            Self::Integer(number) => Ok(number.clone()),
            Self::Double(_) | Self::Verdict => Err(Finding::new("an operand is not an integer")),
        }
    }

    pub(crate) fn double(&self) -> Result<Number> {
        match self {
            Self::Bits(bits) => Ok(Number::constant(Dyadic::from_double(*bits)?)),
            Self::Double(number) => Ok(number.clone()),
            Self::Integer(_) | Self::Verdict => Err(Finding::new("an operand is not a double")),
        }
    }

    /// The bits, if they are known.
    pub(crate) fn bits(&self) -> Option<u64> {
        match self {
            Self::Bits(bits) => Some(*bits),
            _ => None,
        }
    }
}
