//! Initial values of parameters; those that layers need as a default are in `tanren_plugin`.

mod he;
mod xavier_normal;

pub use he::{HeNormal, HeUniform};
pub use tanren_plugin::{Constant, XavierUniform, Zero};
pub use xavier_normal::XavierNormal;

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
