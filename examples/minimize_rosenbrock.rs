//! Minimises Rosenbrock's function with every kind of direction, without a network.
//!
//! `cargo run --release --example minimize_rosenbrock`

use std::io::Write as _;
use tanren::optimizers::nalgebra::DVector;
use tanren::prelude::*;

/// f(x) = Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)², and its gradient.
fn rosenbrock(x: &DVector<f64>, gradient: &mut DVector<f64>) -> f64 {
    gradient.fill(0.0);
    let mut value = 0.0;
    for i in 0..x.len() - 1 {
        let (valley, left) = (x[i + 1] - x[i] * x[i], 1.0 - x[i]);
        gradient[i] -= 400.0 * x[i] * valley + 2.0 * left;
        gradient[i + 1] += 200.0 * valley;
        value += 100.0 * valley * valley + left * left;
    }
    value
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let start = || [-1.2, 1.0].repeat(10);
    let ways: [(&str, Minimizer); 4] = [
        ("L-BFGS, strong Wolfe", Minimizer::new()),
        ("L-BFGS, Hager-Zhang", Minimizer::new().search(HagerZhang::default())),
        ("conjugate gradient", Minimizer::new().direction(ConjugateGradient::default())),
        ("steepest descent", {
            Minimizer::new().direction(Steepest {}).search(Backtracking::default()).steps(1000)
        }),
    ];
    let mut out = std::io::stdout();
    for (name, minimizer) in ways {
        writeln!(out, "{name}: {}", minimizer.minimize(start(), rosenbrock))?;
    }
    let value = |x: &DVector<f64>| rosenbrock(x, &mut DVector::zeros(x.len()));
    let found = Minimizer::new().minimize_by_differences(start(), value);
    writeln!(out, "L-BFGS, by differences: {found}")?;
    Ok(())
}
