//! The unknowns: the known facts about each of them, and what follows for a polynomial.

use crate::dyadic::Dyadic;
use crate::finding::Result;
use crate::interval::Interval;
use crate::polynomial::{Monomial, Polynomial, Symbol};
use std::collections::HashMap;

/// Where a symbol comes from.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// Any number within the range that is a multiple of the unit.
    Input,
    /// A name for a polynomial.
    Name(Polynomial),
    /// floor(polynomial / 2^bits).
    Quotient(Polynomial, u32),
    /// The high half of the product of two symbols.
    High(Symbol, Symbol),
    /// The smaller of two numbers.
    Minimum(Polynomial, Polynomial),
    /// The part that a rounding cut off: the exact value less the result.
    Rounding {
        /// Before rounding.
        exact: Polynomial,
        /// After rounding, as a symbol.
        result: Symbol,
    },
}

struct Known {
    range: Interval,
    /// A multiple of 2^unit.
    unit: i32,
    origin: Origin,
}

/// All symbols of one execution.
#[derive(Default)]
pub(crate) struct Symbols {
    known: Vec<Known>,
    names: HashMap<Polynomial, Symbol>,
    highs: HashMap<(Symbol, Symbol), Symbol>,
    quotients: HashMap<(Polynomial, u32), Symbol>,
    /// Products whose value is given, for example that of a number and its inverse.
    given: Vec<(Monomial, Polynomial)>,
}

impl Symbols {
    fn create(&mut self, range: Interval, unit: i32, origin: Origin) -> Symbol {
        self.known.push(Known { range, unit, origin });
        // Numbers begin at 1.
        Symbol(self.known.len() as u32)
    }

    fn known(&self, symbol: Symbol) -> &Known {
        &self.known[symbol.0 as usize - 1]
    }

    /// Any multiple of 2^unit within a range.
    pub(crate) fn input(&mut self, range: Interval, unit: i32) -> Symbol {
        self.create(range, unit, Origin::Input)
    }

    /// A name for a polynomial: its symbol, if it is one.
    pub(crate) fn name(&mut self, polynomial: &Polynomial, range: Interval, unit: i32) -> Symbol {
        if let Some(symbol) = polynomial.as_symbol().or_else(|| self.name_of(polynomial)) {
            return symbol;
        }
        let symbol = self.create(range, unit, Origin::Name(polynomial.clone()));
        self.names.insert(polynomial.clone(), symbol);
        symbol
    }

    /// floor(polynomial / 2^bits), for an integer within a range.
    pub(crate) fn quotient(&mut self, polynomial: &Polynomial, range: Interval, bits: u32) -> Symbol {
        let key = (polynomial.clone(), bits);
        if let Some(symbol) = self.quotients.get(&key) {
            return *symbol;
        }
        let floor = |end: Dyadic| end.shift(-(bits as i32)).floor();
        let range = Interval::new(floor(range.low), floor(range.high));
        let symbol = self.create(range, 0, Origin::Quotient(polynomial.clone(), bits));
        self.quotients.insert(key, symbol);
        symbol
    }

    /// floor(a b / 2^52), for integers from 0 on.
    pub(crate) fn high(&mut self, a: Symbol, b: Symbol) -> Symbol {
        let key = (a.min(b), a.max(b));
        if let Some(symbol) = self.highs.get(&key) {
            return *symbol;
        }
        let most = self.range_of(a).mul(self.range_of(b)).high.shift(-52).floor();
        let symbol = self.create(Interval::new(Dyadic::ZERO, most), 0, Origin::High(key.0, key.1));
        self.highs.insert(key, symbol);
        symbol
    }

    /// The smaller of two numbers.
    pub(crate) fn minimum(&mut self, a: Polynomial, b: Polynomial, range: Interval) -> Symbol {
        self.create(range, 0, Origin::Minimum(a, b))
    }

    /// What a rounding cuts off from a multiple of 2^unit, at most `error` in magnitude, where the result is a multiple of
    /// 2^result_unit.
    pub(crate) fn rounding(
        &mut self,
        exact: Polynomial,
        error: Dyadic,
        unit: i32,
        range: Interval,
        result_unit: i32,
    ) -> Symbol {
        let result = self.create(range, result_unit, Origin::Input);
        self.create(Interval::around_zero(error), unit, Origin::Rounding { exact, result })
    }

    /// The part that the rounding of an exact value cut off, if there was a rounding.
    pub(crate) fn rounding_of(&self, value: &Polynomial) -> Option<Symbol> {
        let position = self
            .known
            .iter()
            .position(|known| matches!(&known.origin, Origin::Rounding { exact, .. } if exact == value));
        position.map(|position| Symbol(position as u32 + 1))
    }

    /// The name of a polynomial, if it has one.
    pub(crate) fn name_of(&self, polynomial: &Polynomial) -> Option<Symbol> {
        self.names.get(polynomial).copied()
    }

    /// floor(polynomial / 2^bits), if it was computed.
    pub(crate) fn quotient_of(&self, polynomial: &Polynomial, bits: u32) -> Option<Symbol> {
        self.quotients.get(&(polynomial.clone(), bits)).copied()
    }

    /// The high half of a product, if it was computed.
    pub(crate) fn high_of(&self, a: Symbol, b: Symbol) -> Option<Symbol> {
        self.highs.get(&(a.min(b), a.max(b))).copied()
    }

    /// From now on, a product of symbols has this value.
    pub(crate) fn give(&mut self, product: Monomial, value: Polynomial) {
        self.given.push((product, value));
    }

    pub(crate) fn has_given(&self) -> bool {
        !self.given.is_empty()
    }

    pub(crate) fn origin(&self, symbol: Symbol) -> &Origin {
        &self.known(symbol).origin
    }

    pub(crate) fn range_of(&self, symbol: Symbol) -> Interval {
        self.known(symbol).range
    }

    /// The range of a polynomial, whose symbols are treated as independent of each other.
    pub(crate) fn range(&self, polynomial: &Polynomial) -> Interval {
        polynomial.terms().iter().fold(Interval::point(Dyadic::ZERO), |sum, (monomial, coefficient)| {
            let product = monomial.symbols().map(|symbol| self.range_of(symbol)).reduce(Interval::mul);
            sum.add(match product {
                Some(product) => product.scale(*coefficient),
                None => Interval::point(*coefficient),
            })
        })
    }

    /// A u such that the polynomial is a multiple of 2^u, from the units of its symbols.
    pub(crate) fn unit(&self, polynomial: &Polynomial) -> i32 {
        polynomial
            .terms()
            .iter()
            .map(|(monomial, coefficient)| self.term_unit(monomial, *coefficient))
            .min()
            .unwrap_or(i32::MAX)
    }

    fn term_unit(&self, monomial: &Monomial, coefficient: Dyadic) -> i32 {
        monomial.symbols().fold(coefficient.unit(), |unit, symbol| unit + self.known(symbol).unit)
    }

    /// Whether the polynomial is a multiple of 2^unit. Symbols are replaced by what they stand for, latest first, and products
    /// by their given values, until every term is a multiple or nothing is left to replace.
    pub(crate) fn is_multiple(&self, polynomial: &Polynomial, unit: i32) -> Result<bool> {
        let mut left = polynomial.clone();
        loop {
            left = self.without_multiples(&left, unit);
            for (product, value) in &self.given {
                left = self.without_multiples(&left.substitute(product, value)?, unit);
            }
            if left.is_zero() {
                return Ok(true);
            }
            let latest = left.symbols().filter(|symbol| self.is_replaceable(*symbol)).max();
            let Some((symbol, value)) = latest.and_then(|symbol| Some((symbol, self.stands_for(symbol)?))) else {
                return Ok(false);
            };
            left = left.substitute(&Monomial::of(&[symbol])?, &value)?;
        }
    }

    fn without_multiples(&self, polynomial: &Polynomial, unit: i32) -> Polynomial {
        polynomial.retain(|monomial, coefficient| self.term_unit(monomial, coefficient) < unit)
    }

    fn is_replaceable(&self, symbol: Symbol) -> bool {
        matches!(self.origin(symbol), Origin::Name(_) | Origin::Rounding { .. })
    }

    /// The polynomial that a symbol is equal to, if there is one.
    fn stands_for(&self, symbol: Symbol) -> Option<Polynomial> {
        match self.origin(symbol) {
            Origin::Name(polynomial) => Some(polynomial.clone()),
            Origin::Rounding { exact, result } => exact.sub(&Polynomial::symbol(*result)).ok(),
            Origin::Input | Origin::Quotient(..) | Origin::High(..) | Origin::Minimum(..) => None,
        }
    }

    /// The polynomial with the given values of products.
    pub(crate) fn with_given(&self, polynomial: &Polynomial) -> Result<Polynomial> {
        self.given.iter().try_fold(polynomial.clone(), |left, (product, value)| left.substitute(product, value))
    }

    /// The polynomial whose low bits are a factor of a multiply-add: the one that was divided, or the factor itself.
    pub(crate) fn column_of(&self, factor: Symbol) -> Result<Polynomial> {
        let Origin::Name(low) = self.origin(factor) else { return Ok(Polynomial::symbol(factor)) };
        for symbol in low.symbols() {
            if let Origin::Quotient(whole, bits) = self.origin(symbol)
                && whole.add_scaled(&Polynomial::symbol(symbol), Dyadic::power_of_two(*bits as i32).negate())? == *low
            {
                return Ok(whole.clone());
            }
        }
        Ok(low.clone())
    }

    /// The polynomial with every name replaced by what it stands for.
    pub(crate) fn without_names(&self, polynomial: &Polynomial) -> Result<Polynomial> {
        let mut left = polynomial.clone();
        loop {
            let name = left.symbols().filter(|symbol| matches!(self.origin(*symbol), Origin::Name(_))).max();
            let Some(symbol) = name else { return Ok(left) };
            let Origin::Name(value) = self.origin(symbol) else { return Ok(left) };
            left = left.substitute(&Monomial::of(&[symbol])?, value)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_of_a_sum_of_products_is_the_sum_of_ranges() {
        let mut symbols = Symbols::default();
        let a = Polynomial::symbol(symbols.input(Interval::around_zero(Dyadic::integer(3)), 0));
        let b = Polynomial::symbol(symbols.input(Interval::unsigned(4), 2));
        let sum = a.mul(&b).unwrap().add(&a).unwrap();
        assert_eq!(symbols.range(&sum), Interval::around_zero(Dyadic::integer(48)));
        assert_eq!((symbols.unit(&sum), symbols.unit(&a.mul(&b).unwrap())), (0, 2));
    }

    #[test]
    fn a_montgomery_step_is_a_multiple_exactly_if_the_inverse_is_given() {
        let mut symbols = Symbols::default();
        let digit = Interval::unsigned(52);
        let [x, n, inverse, any] = [(); 4].map(|()| symbols.input(digit, 0));
        let [x, n, inverse_of, any] = [x, n, inverse, any].map(Polynomial::symbol);
        let m = symbols.name(
            &x.mul(&inverse_of).unwrap().add(&any.scale(Dyadic::power_of_two(52)).unwrap()).unwrap(),
            digit,
            0,
        );
        let sum = Polynomial::symbol(m).mul(&n).unwrap().add(&x).unwrap();
        assert_eq!(symbols.is_multiple(&sum, 52), Ok(false));
        let product = Monomial::of(&[inverse, n.as_symbol().unwrap()]).unwrap();
        symbols.give(
            product,
            any.scale(Dyadic::power_of_two(52)).unwrap().add(&Polynomial::constant(Dyadic::MINUS_ONE)).unwrap(),
        );
        assert_eq!(symbols.is_multiple(&sum, 52), Ok(true));
        assert_eq!(symbols.is_multiple(&sum, 53), Ok(false));
    }
}
