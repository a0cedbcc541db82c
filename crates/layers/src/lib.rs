//! Layers, vertices, activations and initial values.
//!
//! X is a signal, one column per example (and time step); Y the output; ⊙ multiplies number by
//! number.
//!
//! | family     | name               | type                | formula                          | settings                                           | source |
//! |------------|--------------------|---------------------|----------------------------------|----------------------------------------------------|--------|
//! | layer      | `dense`            | [`Dense`]           | Y = f(W X + b)                   | `units`, `activation`, `init`, `bias-init`, `bias` | |
//! | layer      | `activation`       | [`ActivationLayer`] | Y = f(X)                         | `function`                                         | |
//! | layer      | `softmax`          | [`Softmax`]         | yₒ = eˣᵒ / Σ eˣ, per column      |                                                    | Bridle 1990 |
//! | vertex     | `add`              | [`Add`]             | Y = X₁ + X₂ + …                  |                                                    | |
//! | vertex     | `concatenate`      | [`Concatenate`]     | Y = X₁ above X₂ above …          |                                                    | |
//! | activation | `identity`         | [`Identity`]        | x                                |                                                    | |
//! | activation | `relu`             | [`Relu`]            | max(x, 0)                        |                                                    | Glorot, Bordes & Bengio 2011 |
//! | activation | `leaky-relu`       | [`LeakyRelu`]       | x for x > 0, otherwise slope · x | `slope`                                            | Maas, Hannun & Ng 2013 |
//! | activation | `tanh`             | [`Tanh`]            | tanh x                           |                                                    | |
//! | activation | `sigmoid`          | [`Sigmoid`]         | 1 / (1 + e⁻ˣ)                    |                                                    | |
//! | init       | `xavier-normal`    | [`XavierNormal`]    | normal, variance 2 / (in + out)  |                                                    | Glorot & Bengio 2010 |
//! | init       | `xavier-uniform`   | [`XavierUniform`]   | uniform, variance 2 / (in + out) |                                                    | Glorot & Bengio 2010 |
//! | init       | `he-normal`        | [`HeNormal`]        | normal, variance 2 / in          |                                                    | He et al. 2015 |
//! | init       | `he-uniform`       | [`HeUniform`]       | uniform, variance 2 / in         |                                                    | He et al. 2015 |
//! | init       | `lecun-normal`     | [`LecunNormal`]     | normal, variance 1 / in          |                                                    | LeCun et al. 1998 |
//! | init       | `lecun-uniform`    | [`LecunUniform`]    | uniform, variance 1 / in         |                                                    | LeCun et al. 1998 |
//! | init       | `sigmoid-uniform`  | [`SigmoidUniform`]  | uniform in ±4 √(6 / (in + out))  |                                                    | LISA 2010 |
//! | init       | `variance-scaling` | [`VarianceScaling`] | variance scale / in, out or mean | `scale`, `fan`, `form`                             | He et al. 2015 |
//! | init       | `orthogonal`       | [`Orthogonal`]      | orthogonal rows or columns       | `gain`                                             | Saxe et al. 2014 |
//! | init       | `identity`         | [`IdentityMatrix`]  | scale on the diagonal            | `scale`                                            | Le et al. 2015 |
//! | init       | `sparse`           | [`Sparse`]          | few inputs of a unit, normal     | `connections`, `std`                               | Martens 2010 |
//! | init       | `normal`           | [`Normal`]          | normal                           | `mean`, `std`                                      | |
//! | init       | `truncated-normal` | [`TruncatedNormal`] | normal within ±bound · std       | `mean`, `std`, `bound`                             | |
//! | init       | `log-normal`       | [`LogNormal`]       | eˣ, x normal                     | `mean`, `std`                                      | |
//! | init       | `uniform`          | [`Uniform`]         | uniform in [low, high)           | `low`, `high`                                      | |
//! | init       | `binomial`         | [`Binomial`]        | successes of n trials            | `trials`, `probability`                            | |
//! | init       | `constant`         | [`Constant`]        | value                            | `value`                                            | |
//! | init       | `zero`             | [`Zero`]            | 0                                |                                                    | |
//! | init       | `ones`             | [`Ones`]            | 1                                |                                                    | |
#![forbid(unsafe_code)]

mod accept;
mod activation;
mod dense;
mod init;
mod softmax;
mod vertex;

pub use activation::{ActivationLayer, Identity, LeakyRelu, Relu, Sigmoid, Tanh};
pub use dense::Dense;
pub use init::{
    Binomial, Constant, FanMode, Form, HeNormal, HeUniform, IdentityMatrix, LecunNormal,
    LecunUniform, LogNormal, Normal, Ones, Orthogonal, SigmoidUniform, Sparse, TruncatedNormal,
    Uniform, VarianceScaling, XavierNormal, XavierUniform, Zero,
};
pub use softmax::Softmax;
pub use vertex::{Add, Concatenate};

#[cfg(test)]
mod tests;
