//! `Var`: a number that knows how it came about, so that gradients follow from a formula.
//!
//! Reverse accumulation over a tape of all operations: Griewank, Walther (2008), *Evaluating derivatives*,
//! chapter 3.

use std::cell::RefCell;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// What each operation took: two earlier results, and the derivatives by them.
#[derive(Debug, Default)]
pub(super) struct Tape(RefCell<Vec<[(usize, f64); 2]>>);

/// The result of an operation on a tape.
#[derive(Clone, Copy, Debug)]
pub struct Var<'t> {
    tape: &'t Tape,
    place: usize,
    /// The number.
    pub value: f64,
}

impl Tape {
    /// The variables of a function.
    pub(super) fn variables(&self, values: &[f64]) -> Vec<Var<'_>> {
        values.iter().map(|&value| self.push(value, [(0, 0.0); 2])).collect()
    }

    fn push(&self, value: f64, from: [(usize, f64); 2]) -> Var<'_> {
        let mut tape = self.0.borrow_mut();
        tape.push(from);
        Var { tape: self, place: tape.len() - 1, value }
    }

    /// The derivatives of `of` by the first `n` results.
    pub(super) fn gradient(&self, of: Var<'_>, n: usize) -> Vec<f64> {
        let tape = self.0.borrow();
        let mut by = vec![0.0; of.place + 1];
        by[of.place] = 1.0;
        for place in (n..=of.place).rev() {
            for (from, derivative) in tape[place] {
                by[from] += derivative * by[place];
            }
        }
        by.resize(n, 0.0);
        by
    }
}

impl<'t> Var<'t> {
    /// A function of this number alone, with this value and derivative.
    fn map(self, value: f64, derivative: f64) -> Self {
        self.tape.push(value, [(self.place, derivative), (self.place, 0.0)])
    }

    fn with(self, other: Self, value: f64, [a, b]: [f64; 2]) -> Self {
        self.tape.push(value, [(self.place, a), (other.place, b)])
    }

    /// x²
    #[must_use]
    pub fn square(self) -> Self {
        self.map(self.value * self.value, 2.0 * self.value)
    }

    /// xⁿ
    #[must_use]
    pub fn powi(self, n: i32) -> Self {
        self.map(self.value.powi(n), f64::from(n) * self.value.powi(n - 1))
    }

    /// |x|ᵃ
    #[must_use]
    pub fn abs_powf(self, a: Self) -> Self {
        let power = self.value.abs().powf(a.value);
        self.with(a, power, [a.value * power / self.value, power * self.value.abs().ln()])
    }

    /// eˣ
    #[must_use]
    pub fn exp(self) -> Self {
        let exp = self.value.exp();
        self.map(exp, exp)
    }

    /// √x
    #[must_use]
    pub fn sqrt(self) -> Self {
        let root = self.value.sqrt();
        self.map(root, 0.5 / root)
    }

    /// sin x
    #[must_use]
    pub fn sin(self) -> Self {
        self.map(self.value.sin(), self.value.cos())
    }

    /// cos x
    #[must_use]
    pub fn cos(self) -> Self {
        self.map(self.value.cos(), -self.value.sin())
    }

    /// arctan x
    #[must_use]
    pub fn atan(self) -> Self {
        self.map(self.value.atan(), 1.0 / (1.0 + self.value * self.value))
    }

    /// tanh x
    #[must_use]
    pub fn tanh(self) -> Self {
        let tanh = self.value.tanh();
        self.map(tanh, 1.0 - tanh * tanh)
    }

    /// ln(1 + eˣ)
    #[must_use]
    pub fn softplus(self) -> Self {
        let x = self.value;
        self.map(x.max(0.0) + (-x.abs()).exp().ln_1p(), 1.0 / (1.0 + (-x).exp()))
    }
}

impl Neg for Var<'_> {
    type Output = Self;
    fn neg(self) -> Self {
        self.map(-self.value, -1.0)
    }
}

impl Add for Var<'_> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.with(other, self.value + other.value, [1.0, 1.0])
    }
}

impl Sub for Var<'_> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.with(other, self.value - other.value, [1.0, -1.0])
    }
}

impl Mul for Var<'_> {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        self.with(other, self.value * other.value, [other.value, self.value])
    }
}

impl Div for Var<'_> {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let quotient = self.value / other.value;
        self.with(other, quotient, [1.0 / other.value, -quotient / other.value])
    }
}

impl Add<f64> for Var<'_> {
    type Output = Self;
    fn add(self, a: f64) -> Self {
        self.map(self.value + a, 1.0)
    }
}

impl Sub<f64> for Var<'_> {
    type Output = Self;
    fn sub(self, a: f64) -> Self {
        self.map(self.value - a, 1.0)
    }
}

impl Mul<f64> for Var<'_> {
    type Output = Self;
    fn mul(self, a: f64) -> Self {
        self.map(self.value * a, a)
    }
}

impl<'t> Add<Var<'t>> for f64 {
    type Output = Var<'t>;
    fn add(self, x: Var<'t>) -> Var<'t> {
        x + self
    }
}

impl<'t> Sub<Var<'t>> for f64 {
    type Output = Var<'t>;
    fn sub(self, x: Var<'t>) -> Var<'t> {
        x.map(self - x.value, -1.0)
    }
}

impl<'t> Mul<Var<'t>> for f64 {
    type Output = Var<'t>;
    fn mul(self, x: Var<'t>) -> Var<'t> {
        x * self
    }
}

impl<'t> Div<Var<'t>> for f64 {
    type Output = Var<'t>;
    fn div(self, x: Var<'t>) -> Var<'t> {
        let quotient = self / x.value;
        x.map(quotient, -quotient / x.value)
    }
}

/// Σ xᵢ of at least one number.
pub(super) fn sum<'t>(x: impl IntoIterator<Item = Var<'t>>) -> Option<Var<'t>> {
    x.into_iter().reduce(Add::add)
}
