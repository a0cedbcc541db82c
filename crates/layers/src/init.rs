//! Initial values of parameters; those that layers need as a default are in `tanren_plugin`.

mod binomial;
mod fill;
mod he;
mod identity;
mod lecun;
mod log_normal;
mod normal;
mod ones;
mod orthogonal;
mod sigmoid_uniform;
mod sparse;
mod stacked;
mod truncated_normal;
mod uniform;
mod variance_scaling;
mod xavier_normal;

pub use binomial::Binomial;
pub use he::{HeNormal, HeUniform};
pub use identity::IdentityMatrix;
pub use lecun::{LecunNormal, LecunUniform};
pub use log_normal::LogNormal;
pub use normal::Normal;
pub use ones::Ones;
pub use orthogonal::Orthogonal;
pub use sigmoid_uniform::SigmoidUniform;
pub use sparse::Sparse;
pub use stacked::Stacked;
pub use tanren_plugin::{Constant, XavierUniform, Zero};
pub use truncated_normal::TruncatedNormal;
pub use uniform::Uniform;
pub use variance_scaling::{FanMode, Form, VarianceScaling};
pub use xavier_normal::XavierNormal;
