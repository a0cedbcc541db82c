//! Initial values of parameters.

mod constant;
mod he;
mod xavier;
mod zero;

pub use constant::Constant;
pub use he::{HeNormal, HeUniform};
pub use xavier::{XavierNormal, XavierUniform};
pub use zero::Zero;

use tanren_tensor::Draws;

/// Fills with normal numbers of mean 0.
fn normal(variance: f64, draws: &mut Draws, values: &mut [f64]) {
    let deviation = variance.sqrt();
    values.fill_with(|| deviation * draws.normal());
}

/// Fills with numbers uniform in [−a, a), whose variance is a²/3.
fn uniform(variance: f64, draws: &mut Draws, values: &mut [f64]) {
    let a = (3.0 * variance).sqrt();
    values.fill_with(|| a * (2.0 * draws.uniform() - 1.0));
}
