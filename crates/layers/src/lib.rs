//! Layers, vertices, activations and initial values.
//!
//! X is a signal, one column per example (and time step); Y the output; ⊙ multiplies number by
//! number.
//!
//! | family     | name               | type                | formula                              | settings                                           | source |
//! |------------|--------------------|---------------------|--------------------------------------|----------------------------------------------------|--------|
//! | layer      | `dense`            | [`Dense`]           | Y = f(W X + b)                       | `units`, `activation`, `init`, `bias-init`, `bias` | |
//! | layer      | `activation`       | [`ActivationLayer`] | Y = f(X)                             | `function`                                         | |
//! | layer      | `softmax`          | [`Softmax`]         | yₒ = eˣᵒ / Σ eˣ, per column          |                                                    | Bridle 1990 |
//! | layer      | `log-softmax`      | [`LogSoftmax`]      | ln softmax, per column               |                                                    | |
//! | layer      | `softmin`          | [`Softmin`]         | softmax of −x, per column            |                                                    | |
//! | layer      | `maxout`           | [`Maxout`]          | max of each few features             | `pieces`                                           | Goodfellow et al. 2013 |
//! | layer      | `rrelu`            | [`Rrelu`]           | leaky relu, slope random in training | `low`, `high`                                      | Xu et al. 2015 |
//! | layer      | `dropout`          | [`Dropout`]         | x / keep or 0                        | `drop` or `keep`                                   | Srivastava et al. 2014 |
//! | layer      | `spatial-dropout`  | [`SpatialDropout`]  | dropout of features at all steps, of channels at all pixels | `drop` or `keep`            | Tompson et al. 2015 |
//! | layer      | `alpha-dropout`    | [`AlphaDropout`]    | a x + b or a α′ + b                  | `drop` or `keep`                                   | Klambauer et al. 2017 |
//! | layer      | `gaussian-dropout` | [`GaussianDropout`] | x f, f normal around 1               | `drop` or `keep`                                   | Srivastava et al. 2014 |
//! | layer      | `gaussian-noise`   | [`GaussianNoise`]   | x + n, n normal                      | `std`                                              | Bishop 1995 |
//! | layer      | `batch-norm`       | [`BatchNorm`]       | γ (x − μ) / √(σ² + ε) + β, per feature or channel | `epsilon`, `batch-share`, `correct-start`, `scale`, `shift`, `frozen` | Ioffe & Szegedy 2015 |
//! | layer      | `layer-norm`       | [`LayerNorm`]       | γ (x − μ) / √(σ² + ε) + β, per column | `epsilon`, `scale`, `shift`                       | Ba, Kiros & Hinton 2016 |
//! | layer      | `rnn`              | [`Rnn`]             | hₜ = f(W xₜ + U hₜ₋₁ + b), `recurrent-dropout` | `units`, `activation`, `layer-norm`, `init`, `recurrent-init`, `bias-init` | Elman 1990 |
//! | layer      | `lstm`             | [`Lstm`]            | hₜ = o ⊙ φ(cₜ), cₜ = f ⊙ cₜ₋₁ + i ⊙ g, `recurrent-dropout` | `units`, `activation`, `gate-activation`, `peepholes`, `layer-norm`, `init`, `recurrent-init`, `bias-init`, `forget-bias` | Hochreiter & Schmidhuber 1997 |
//! | layer      | `gru`              | [`Gru`]             | hₜ = (1 − z) ⊙ n + z ⊙ hₜ₋₁, `recurrent-dropout` | `units`, `activation`, `gate-activation`, `reset`, `layer-norm`, `init`, `recurrent-init`, `bias-init` | Cho et al. 2014 |
//! | layer      | `bidirectional`    | [`Bidirectional`]   | a layer, and a copy that reads from the end | `layer`, `merge`                            | Schuster & Paliwal 1997 |
//! | layer      | `embedding`        | [`Embedding`]       | column xₙ of W, for an index x       | `size`, `init`                                     | Bengio et al. 2003 |
//! | layer      | `causal-convolution` | [`CausalConvolution`] | yₜ = f(Σⱼ Wⱼ x at t − j·d + b)     | `filters`, `size`, `dilation`, `activation`, `init`, `bias-init`, `bias` | van den Oord et al. 2016 |
//! | layer      | `last-step`        | [`LastStep`]        | the last column of a sequence        |                                                    | |
//! | layer      | `time-pooling`     | [`TimePooling`]     | mean, sum or max over the steps      | `pooling`                                          | |
//! | layer      | `reverse`          | [`Reverse`]         | each sequence turned round           |                                                    | |
//! | layer      | `repeat`           | [`Repeat`]          | the same column at every step        |                                                    | |
//! | vertex     | `add`              | [`Add`]             | Y = X₁ + X₂ + …                      |                                                    | |
//! | vertex     | `concatenate`      | [`Concatenate`]     | Y = X₁ above X₂ above …              |                                                    | |
//! | activation | `identity`         | [`Identity`]        | x                                    |                                                    | |
//! | activation | `relu`             | [`Relu`]            | max(x, 0)                            |                                                    | Glorot, Bordes & Bengio 2011 |
//! | activation | `relu6`            | [`Relu6`]           | min(max(x, 0), 6)                    |                                                    | Krizhevsky 2010 |
//! | activation | `thresholded-relu` | [`ThresholdedRelu`] | x for x > threshold, otherwise 0     | `threshold`                                        | Konda et al. 2015 |
//! | activation | `leaky-relu`       | [`LeakyRelu`]       | x for x > 0, otherwise slope · x     | `slope`                                            | Maas, Hannun & Ng 2013 |
//! | activation | `prelu`            | [`Prelu`]           | leaky-relu, slope learnt per feature | `slope`                                            | He et al. 2015 |
//! | activation | `elu`              | [`Elu`]             | x for x > 0, otherwise α (eˣ − 1)    | `alpha`                                            | Clevert et al. 2016 |
//! | activation | `selu`             | [`Selu`]            | λ elu(x), α and λ fixed              |                                                    | Klambauer et al. 2017 |
//! | activation | `gelu`             | [`Gelu`]            | x Φ(x)                               | `form`                                             | Hendrycks & Gimpel 2016 |
//! | activation | `silu`             | [`Silu`]            | x σ(βx)                              | `beta`                                             | Elfwing et al. 2018 |
//! | activation | `mish`             | [`Mish`]            | x tanh ln(1 + eˣ)                    |                                                    | Misra 2019 |
//! | activation | `hard-swish`       | [`HardSwish`]       | x min(max(x + 3, 0), 6) / 6          |                                                    | Howard et al. 2019 |
//! | activation | `softplus`         | [`Softplus`]        | ln(1 + eˣ)                           |                                                    | Dugas et al. 2001 |
//! | activation | `cube`             | [`Cube`]            | x³                                   |                                                    | Chen & Manning 2014 |
//! | activation | `tanh`             | [`Tanh`]            | tanh x                               |                                                    | |
//! | activation | `hard-tanh`        | [`HardTanh`]        | min(max(x, low), high)               | `low`, `high`                                      | Collobert 2004 |
//! | activation | `rational-tanh`    | [`RationalTanh`]    | ≈ 1.7159 tanh(2x/3)                  |                                                    | LeCun et al. 1998 |
//! | activation | `rectified-tanh`   | [`RectifiedTanh`]   | max(tanh x, 0)                       |                                                    | |
//! | activation | `softsign`         | [`Softsign`]        | x / (1 + \|x\|)                      |                                                    | Bergstra et al. 2009 |
//! | activation | `sigmoid`          | [`Sigmoid`]         | 1 / (1 + e⁻ˣ)                        |                                                    | |
//! | activation | `hard-sigmoid`     | [`HardSigmoid`]     | min(max(slope · x + ½, 0), 1)        | `slope`                                            | Courbariaux et al. 2015 |
//! | noise      | `drop-connect`     | [`DropConnect`]     | w / keep or 0                        | `drop` or `keep`                                   | Wan et al. 2013 |
//! | noise      | `weight-noise`     | [`NormalWeightNoise`] | w + n or w (1 + n), n normal       | `std`, `form`                                      | An 1996 |
//! | init       | `xavier-normal`    | [`XavierNormal`]    | normal, variance 2 / (in + out)      |                                                    | Glorot & Bengio 2010 |
//! | init       | `xavier-uniform`   | [`XavierUniform`]   | uniform, variance 2 / (in + out)     |                                                    | Glorot & Bengio 2010 |
//! | init       | `he-normal`        | [`HeNormal`]        | normal, variance 2 / in              |                                                    | He et al. 2015 |
//! | init       | `he-uniform`       | [`HeUniform`]       | uniform, variance 2 / in             |                                                    | He et al. 2015 |
//! | init       | `lecun-normal`     | [`LecunNormal`]     | normal, variance 1 / in              |                                                    | LeCun et al. 1998 |
//! | init       | `lecun-uniform`    | [`LecunUniform`]    | uniform, variance 1 / in             |                                                    | LeCun et al. 1998 |
//! | init       | `sigmoid-uniform`  | [`SigmoidUniform`]  | uniform in ±4 √(6 / (in + out))      |                                                    | LISA 2010 |
//! | init       | `variance-scaling` | [`VarianceScaling`] | variance scale / in, out or mean     | `scale`, `fan`, `form`                             | He et al. 2015 |
//! | init       | `orthogonal`       | [`Orthogonal`]      | orthogonal rows or columns           | `gain`                                             | Saxe et al. 2014 |
//! | init       | `identity`         | [`IdentityMatrix`]  | scale on the diagonal                | `scale`                                            | Le et al. 2015 |
//! | init       | `stacked`          | [`Stacked`]         | groups of rows, each by its own scheme | `parts`                                          | |
//! | init       | `sparse`           | [`Sparse`]          | few inputs of a unit, normal         | `connections`, `std`                               | Martens 2010 |
//! | init       | `normal`           | [`Normal`]          | normal                               | `mean`, `std`                                      | |
//! | init       | `truncated-normal` | [`TruncatedNormal`] | normal within ±bound · std           | `mean`, `std`, `bound`                             | |
//! | init       | `log-normal`       | [`LogNormal`]       | eˣ, x normal                         | `mean`, `std`                                      | |
//! | init       | `uniform`          | [`Uniform`]         | uniform in [low, high)               | `low`, `high`                                      | |
//! | init       | `binomial`         | [`Binomial`]        | successes of n trials                | `trials`, `probability`                            | |
//! | init       | `constant`         | [`Constant`]        | value                                | `value`                                            | |
//! | init       | `zero`             | [`Zero`]            | 0                                    |                                                    | |
//! | init       | `ones`             | [`Ones`]            | 1                                    |                                                    | |
#![forbid(unsafe_code)]

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod accept;
mod activated;
mod activation;
mod defaults;
mod dense;
mod dropout;
mod embedding;
mod halves;
mod init;
mod linear;
mod maxout;
mod noise;
mod norm;
mod random;
mod recurrent;
mod rrelu;
mod share;
mod softmax;
mod time;
mod vertex;

pub use activation::{
    ActivationLayer, Cube, Elu, Gelu, GeluForm, HardSigmoid, HardSwish, HardTanh, Identity,
    LeakyRelu, Mish, Prelu, RationalTanh, RectifiedTanh, Relu, Relu6, Selu, Sigmoid, Silu,
    Softplus, Softsign, Tanh, ThresholdedRelu,
};
pub use dense::Dense;
pub use dropout::{AlphaDropout, Dropout, GaussianDropout, GaussianNoise, SpatialDropout};
pub use embedding::Embedding;
pub use init::{
    Binomial, Constant, FanMode, Form, HeNormal, HeUniform, IdentityMatrix, LecunNormal,
    LecunUniform, LogNormal, Normal, Ones, Orthogonal, SigmoidUniform, Sparse, Stacked,
    TruncatedNormal, Uniform, VarianceScaling, XavierNormal, XavierUniform, Zero,
};
pub use maxout::Maxout;
pub use noise::{DropConnect, NoiseForm, NormalWeightNoise};
pub use norm::{BatchNorm, LayerNorm};
pub use recurrent::{Bidirectional, Gru, Lstm, Merge, Reset, Rnn};
pub use rrelu::Rrelu;
pub use softmax::{LogSoftmax, Softmax, Softmin};
pub use time::{CausalConvolution, LastStep, Pooling, Repeat, Reverse, TimePooling};
pub use vertex::{Add, Concatenate};

#[cfg(test)]
mod tests;
