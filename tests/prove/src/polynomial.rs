//! Sparse polynomials with exact coefficients: a value in terms of the inputs.

use crate::dyadic::Dyadic;
use crate::finding::{Finding, Result};

/// An unknown number: an input, or a part that an instruction cut off.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Symbol(pub(crate) u32);

/// The largest number of factors of a product.
const DEGREE: usize = 6;

/// A product of at most six symbols, in order. Symbol 0 is not used: it fills the empty places at the front.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Monomial([Symbol; DEGREE]);

impl Monomial {
    pub(crate) const ONE: Self = Self([Symbol(0); DEGREE]);

    pub(crate) fn of(symbols: &[Symbol]) -> Result<Self> {
        let mut all = [Symbol(0); DEGREE];
        let free =
            all.len().checked_sub(symbols.len()).ok_or_else(|| Finding::new("a product of more than six unknowns"))?;
        all[free..].copy_from_slice(symbols);
        all.sort_unstable();
        Ok(Self(all))
    }

    pub(crate) fn symbols(&self) -> impl Iterator<Item = Symbol> {
        self.0.into_iter().filter(|symbol| symbol.0 != 0)
    }

    fn mul(&self, other: &Self) -> Result<Self> {
        let all: Vec<Symbol> = self.symbols().chain(other.symbols()).collect();
        Self::of(&all)
    }

    /// The monomial without some symbols, if it has them all.
    fn without(&self, divisor: &Self) -> Option<Self> {
        let mut left: Vec<Symbol> = self.symbols().collect();
        for symbol in divisor.symbols() {
            let at = left.iter().position(|found| *found == symbol)?;
            left.remove(at);
        }
        Self::of(&left).ok()
    }
}

/// A sum of monomials with coefficients, ordered, none of them zero.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Polynomial {
    terms: Vec<(Monomial, Dyadic)>,
}

impl Polynomial {
    pub(crate) fn zero() -> Self {
        Self::default()
    }

    pub(crate) fn constant(value: Dyadic) -> Self {
        Self { terms: if value.is_zero() { Vec::new() } else { vec![(Monomial::ONE, value)] } }
    }

    pub(crate) fn symbol(symbol: Symbol) -> Self {
        Self { terms: vec![(Monomial([Symbol(0), Symbol(0), Symbol(0), Symbol(0), Symbol(0), symbol]), Dyadic::ONE)] }
    }

    pub(crate) fn terms(&self) -> &[(Monomial, Dyadic)] {
        &self.terms
    }

    /// The symbols of every term, in order; one that occurs several times is returned as often.
    pub(crate) fn symbols(&self) -> impl Iterator<Item = Symbol> {
        self.terms.iter().flat_map(|(monomial, _)| monomial.symbols())
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.terms.is_empty()
    }

    /// The value, if it is known.
    pub(crate) fn as_constant(&self) -> Option<Dyadic> {
        match self.terms.as_slice() {
            [] => Some(Dyadic::ZERO),
            [(Monomial::ONE, value)] => Some(*value),
            _ => None,
        }
    }

    /// The symbol, if it is one.
    pub(crate) fn as_symbol(&self) -> Option<Symbol> {
        match self.terms.as_slice() {
            [(Monomial([Symbol(0), Symbol(0), Symbol(0), Symbol(0), Symbol(0), symbol]), Dyadic::ONE)]
                if symbol.0 != 0 =>
            {
                Some(*symbol)
            }
            _ => None,
        }
    }

    pub(crate) fn scale(&self, factor: Dyadic) -> Result<Self> {
        if factor.is_zero() {
            return Ok(Self::zero());
        }
        let terms = self.terms.iter().map(|(monomial, coefficient)| Ok((*monomial, coefficient.mul(factor)?)));
        Ok(Self { terms: terms.collect::<Result<_>>()? })
    }

    pub(crate) fn add(&self, other: &Self) -> Result<Self> {
        self.add_scaled(other, Dyadic::ONE)
    }

    pub(crate) fn sub(&self, other: &Self) -> Result<Self> {
        self.add_scaled(other, Dyadic::MINUS_ONE)
    }

    /// `self + factor * other`.
    pub(crate) fn add_scaled(&self, other: &Self, factor: Dyadic) -> Result<Self> {
        let mut terms = Vec::with_capacity(self.terms.len() + other.terms.len());
        let (mut left, mut right) = (self.terms.iter().peekable(), other.terms.iter().peekable());
        while let (Some((a, x)), Some((b, y))) = (left.peek(), right.peek()) {
            if a < b {
                terms.push((*a, *x));
                left.next();
                continue;
            }
            let mut coefficient = y.mul(factor)?;
            if a == b {
                coefficient = x.add(coefficient)?;
                left.next();
            }
            if !coefficient.is_zero() {
                terms.push((*b, coefficient));
            }
            right.next();
        }
        terms.extend(left);
        for (monomial, coefficient) in right {
            terms.push((*monomial, coefficient.mul(factor)?));
        }
        Ok(Self { terms })
    }

    pub(crate) fn mul(&self, other: &Self) -> Result<Self> {
        let mut product = Self::zero();
        for (monomial, coefficient) in &other.terms {
            product = product.add(&self.mul_term(monomial, *coefficient)?)?;
        }
        Ok(product)
    }

    fn mul_term(&self, monomial: &Monomial, coefficient: Dyadic) -> Result<Self> {
        let mut terms = Vec::with_capacity(self.terms.len());
        for (own, x) in &self.terms {
            terms.push((own.mul(monomial)?, x.mul(coefficient)?));
        }
        terms.sort_unstable_by_key(|(monomial, _)| *monomial);
        Ok(Self { terms })
    }

    /// Replaces a product of symbols wherever it occurs.
    pub(crate) fn substitute(&self, product: &Monomial, by: &Self) -> Result<Self> {
        if !self.terms.iter().any(|(monomial, _)| monomial.without(product).is_some()) {
            return Ok(self.clone());
        }
        let mut kept = Self::zero();
        let mut replaced = Self::zero();
        for (monomial, coefficient) in &self.terms {
            match monomial.without(product) {
                Some(rest) => replaced = replaced.add(&by.mul_term(&rest, *coefficient)?)?,
                None => kept.terms.push((*monomial, *coefficient)),
            }
        }
        kept.add(&replaced)
    }

    /// The polynomial divided by a symbol. None if the symbol is not a factor of every term.
    pub(crate) fn divided_by(&self, symbol: Symbol) -> Option<Self> {
        let divisor = Monomial::of(&[symbol]).ok()?;
        let terms = self.terms.iter().map(|(monomial, coefficient)| Some((monomial.without(&divisor)?, *coefficient)));
        let mut terms = terms.collect::<Option<Vec<_>>>()?;
        terms.sort_unstable_by_key(|(monomial, _)| *monomial);
        Some(Self { terms })
    }

    /// The polynomial with only the terms that satisfy a condition.
    pub(crate) fn retain(&self, condition: impl Fn(&Monomial, Dyadic) -> bool) -> Self {
        Self {
            terms: self
                .terms
                .iter()
                .filter(|(monomial, coefficient)| condition(monomial, *coefficient))
                .copied()
                .collect(),
        }
    }
}

/// The rest of `sum of columns[k] * 2^(bits * k)`, in units of 2^(bits * (length - 1)), when every column but the last is carried
/// into the next one. It is exact: nothing is dropped, so a rest of zero means that the sum is zero.
pub(crate) fn carry_up(columns: &[Polynomial], bits: i32) -> Result<Polynomial> {
    let mut carry = Polynomial::zero();
    for column in columns {
        carry = carry.scale(Dyadic::power_of_two(-bits))?.add(column)?;
    }
    Ok(carry)
}

/// The columns of a product: `c[k] = sum of a[i] * b[k - i]`.
pub(crate) fn convolution(a: &[Polynomial], b: &[Polynomial]) -> Result<Vec<Polynomial>> {
    let mut columns = vec![Polynomial::zero(); a.len() + b.len() - 1];
    for (i, a) in a.iter().enumerate() {
        for (j, b) in b.iter().enumerate() {
            columns[i + j] = columns[i + j].add(&a.mul(b)?)?;
        }
    }
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn x(index: u32) -> Polynomial {
        Polynomial::symbol(Symbol(index))
    }

    fn number(value: i128) -> Polynomial {
        Polynomial::constant(Dyadic::integer(value))
    }

    #[test]
    fn sums_of_opposites_are_zero() {
        let sum = x(1).add(&x(2)).unwrap();
        assert!(sum.sub(&x(2)).unwrap().sub(&x(1)).unwrap().is_zero());
        assert_ne!(x(1), x(2));
    }

    #[test]
    fn squares_follow_the_binomial_formula() {
        let sum = x(1).add(&x(2)).unwrap();
        let square = sum.mul(&sum).unwrap();
        let expected = x(1).mul(&x(1)).unwrap().add(&x(2).mul(&x(2)).unwrap()).unwrap();
        assert_eq!(square, expected.add_scaled(&x(2).mul(&x(1)).unwrap(), Dyadic::integer(2)).unwrap());
        assert_eq!(
            convolution(&[x(1), x(2)], &[x(1), x(2)]).unwrap()[1],
            x(1).mul(&x(2)).unwrap().scale(Dyadic::integer(2)).unwrap()
        );
    }

    #[test]
    fn a_product_is_replaced_wherever_it_occurs() {
        let product = Monomial::of(&[Symbol(1), Symbol(2)]).unwrap();
        let before = x(1).mul(&x(2)).unwrap().mul(&x(3)).unwrap().add(&x(1)).unwrap();
        assert_eq!(before.substitute(&product, &number(-1)).unwrap(), x(1).sub(&x(3)).unwrap());
    }

    #[test]
    fn carrying_up_decides_whether_a_sum_is_zero() {
        let columns = [x(1).scale(Dyadic::integer(1 << 20)).unwrap(), x(1).scale(Dyadic::integer(-1)).unwrap()];
        assert!(carry_up(&columns, 20).unwrap().is_zero());
        assert!(!carry_up(&columns, 19).unwrap().is_zero());
    }

    #[test]
    fn products_of_seven_unknowns_are_an_error() {
        let three = x(1).mul(&x(2)).unwrap().mul(&x(3)).unwrap();
        assert!(three.mul(&three).is_ok() && three.mul(&three).unwrap().mul(&x(1)).is_err());
    }
}
