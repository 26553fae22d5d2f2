//! Arithmetic of 64-bit lanes. A result that does not fit is a finding: nothing wraps around unnoticed.

use crate::dyadic::Dyadic;
use crate::finding::{Finding, Result, ensure};
use crate::interval::Interval;
use crate::polynomial::Polynomial;
use crate::symbols::Symbols;
use crate::word::Number;

/// The bits of a factor of a multiply-add.
const DIGIT: u32 = 52;

/// Which half of a product a multiply-add adds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Half {
    Low,
    High,
}

fn fits(number: Number) -> Result<Number> {
    ensure(number.range.within(Interval::unsigned(64)), || {
        format!("an integer is not within 64 bits: its range is {}", number.range)
    })?;
    Ok(number)
}

fn integer(polynomial: Polynomial, range: Interval) -> Result<Number> {
    fits(Number::new(polynomial, range, 0))
}

pub(crate) fn add(a: &Number, b: &Number) -> Result<Number> {
    integer(a.polynomial.add(&b.polynomial)?, a.range.add(b.range))
}

pub(crate) fn shift_left(a: &Number, bits: u32) -> Result<Number> {
    let factor = Dyadic::power_of_two(bits as i32);
    integer(a.polynomial.scale(factor)?, a.range.scale(factor))
}

/// floor(a / 2^bits).
pub(crate) fn shift_right(symbols: &mut Symbols, a: &Number, bits: u32) -> Result<Number> {
    if let Some(value) = a.polynomial.as_constant() {
        return Ok(Number::constant(value.shift(-(bits as i32)).floor()));
    }
    let quotient = symbols.quotient(&a.polynomial, a.range, bits);
    Ok(Number::symbol(quotient, symbols))
}

/// a mod 2^bits.
pub(crate) fn low_bits(symbols: &mut Symbols, a: &Number, bits: u32) -> Result<Number> {
    let quotient = shift_right(symbols, a, bits)?;
    let rest = a.polynomial.add_scaled(&quotient.polynomial, Dyadic::power_of_two(bits as i32).negate())?;
    integer(rest, Interval::unsigned(bits).intersect(Interval::new(Dyadic::ZERO, a.range.high))?)
}

/// `sum` plus one half of the product of the 52 low bits of a and b. A factor that is not a symbol gets a name.
pub(crate) fn multiply_add(symbols: &mut Symbols, half: Half, sum: &Number, a: &Number, b: &Number) -> Result<Number> {
    let mut factor = |number: &Number| {
        let low = if number.range.within(Interval::unsigned(DIGIT)) {
            number.clone()
        } else {
            low_bits(symbols, number, DIGIT)?
        };
        Ok::<_, Finding>(symbols.name(&low.polynomial, low.range, 0))
    };
    let (a, b) = (factor(a)?, factor(b)?);
    let most = symbols.range_of(a).mul(symbols.range_of(b)).high;
    let high = if most < Dyadic::power_of_two(DIGIT as i32) {
        Number::constant(Dyadic::ZERO)
    } else {
        let high = symbols.high(a, b);
        Number::symbol(high, symbols)
    };
    let added = match half {
        Half::High => high,
        Half::Low => {
            let product = Polynomial::symbol(a).mul(&Polynomial::symbol(b))?;
            let low = product.add_scaled(&high.polynomial, Dyadic::power_of_two(DIGIT as i32).negate())?;
            integer(low, Interval::unsigned(DIGIT).intersect(Interval::new(Dyadic::ZERO, most))?)?
        }
    };
    add(sum, &added)
}

/// `-a mod 2^64`. Only one fact is known about the result: it is congruent to -a.
pub(crate) fn negate(symbols: &mut Symbols, a: &Number) -> Result<Number> {
    let wraps = Polynomial::symbol(symbols.input(Interval::unsigned(1), 0));
    let opposite = wraps.scale(Dyadic::power_of_two(64))?.sub(&a.polynomial)?;
    Ok(Number::new(opposite, Interval::unsigned(64), 0))
}

/// The smaller of two numbers.
pub(crate) fn minimum(symbols: &mut Symbols, a: &Number, b: &Number) -> Number {
    let range = Interval::new(Dyadic::ZERO, a.range.high.min(b.range.high));
    let either = symbols.minimum(Polynomial::clone(&a.polynomial), Polynomial::clone(&b.polynomial), range);
    Number::symbol(either, symbols)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(symbols: &mut Symbols, bits: u32) -> Number {
        let symbol = symbols.input(Interval::unsigned(bits), 0);
        Number::symbol(symbol, symbols)
    }

    #[test]
    fn the_halves_of_a_product_add_up_to_it() {
        let mut symbols = Symbols::default();
        let (a, b, zero) = (input(&mut symbols, 52), input(&mut symbols, 52), Number::constant(Dyadic::ZERO));
        let low = multiply_add(&mut symbols, Half::Low, &zero, &a, &b).unwrap();
        let high = multiply_add(&mut symbols, Half::High, &zero, &b, &a).unwrap();
        let sum = low.polynomial.add_scaled(&high.polynomial, Dyadic::power_of_two(52)).unwrap();
        assert_eq!(sum, a.polynomial.mul(&b.polynomial).unwrap());
        assert_eq!((low.range, high.range.high), (Interval::unsigned(52), Dyadic::integer((1 << 52) - 2)));
    }

    #[test]
    fn factors_lose_the_bits_above_52() {
        let mut symbols = Symbols::default();
        let (a, b, zero) = (input(&mut symbols, 53), input(&mut symbols, 52), Number::constant(Dyadic::ZERO));
        let low = multiply_add(&mut symbols, Half::Low, &zero, &a, &b).unwrap();
        let full = symbols.without_names(&low.polynomial).unwrap();
        assert_ne!(full.terms().len(), 2, "the quotient of a by 2^52 occurs");
        assert_eq!(low.range, Interval::unsigned(52));
    }

    #[test]
    fn digit_and_carry_add_up_to_the_sum() {
        let mut symbols = Symbols::default();
        let a = input(&mut symbols, 62);
        let (digit, carry) = (low_bits(&mut symbols, &a, 52).unwrap(), shift_right(&mut symbols, &a, 52).unwrap());
        let sum = digit.polynomial.add_scaled(&carry.polynomial, Dyadic::power_of_two(52)).unwrap();
        assert_eq!(sum, *a.polynomial);
        assert_eq!((digit.range, carry.range), (Interval::unsigned(52), Interval::unsigned(10)));
    }

    #[test]
    fn overflows_are_found() {
        let mut symbols = Symbols::default();
        let (a, b) = (input(&mut symbols, 62), input(&mut symbols, 64));
        assert!(add(&a, &a).is_ok() && add(&a, &b).is_err());
        assert!(shift_left(&a, 1).is_ok() && shift_left(&a, 3).is_err());
    }
}
