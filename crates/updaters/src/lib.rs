//! Updaters: what shapes a step between the direction and the search.
//!
//! p is the step, the direction of descent (−g for steepest descent); θ the parameters, which move by
//! η·p; η the rate; t counts the updates. m, v and the like are slots that start at 0, m̂ and v̂ the same
//! with their bias towards the start corrected; ε keeps quotients finite. Every formula but that of the
//! noise is odd in p: written for the gradient, as most papers do, it gives the same updates.
//!
//! Clipping, normalization and noise of gradients stand in front of the updaters that remember steps, decay
//! and rates of single layers behind them, averages of the parameters last.
//!
//! | name | type | formula | settings | source |
//! |---|---|---|---|---|
//! | `none` | [`Unchanged`] | p ← p |  |  |
//! | `momentum` | [`Momentum`] | v ← μv + p;  p ← v | `momentum` μ | Polyak 1964 |
//! | `nesterov` | [`Nesterov`] | v ← μv + p;  p ← p + μv | `momentum` μ | Sutskever et al. 2013 |
//! | `adagrad` | [`Adagrad`] | G ← G + p²;  p ← p / (√G + ε) | `initial-accumulator`, `epsilon` | Duchi et al. 2011 |
//! | `adadelta` | [`Adadelta`] | p ← p √(u + ε) / √(v + ε); v, u averages of squares in and out | `rho`, `epsilon` | Zeiler 2012 |
//! | `rmsprop` | [`RmsProp`] | v ← αv + (1−α)p²;  p ← p / (√v + ε) | `alpha`, `epsilon`, `momentum`, `centered` | Tieleman & Hinton 2012, Graves 2013 |
//! | `adam` | [`Adam`] | m ← β₁m + (1−β₁)p;  v ← β₂v + (1−β₂)p²;  p ← m̂ / (√v̂ + ε) | `beta1`, `beta2`, `epsilon`, `amsgrad` | Kingma & Ba 2015, Reddi et al. 2018 |
//! | `adamax` | [`Adamax`] | m ← β₁m + (1−β₁)p;  u ← max(β₂u, \|p\| + ε);  p ← m̂ / u | `beta1`, `beta2`, `epsilon` | Kingma & Ba 2015 |
//! | `nadam` | [`Nadam`] | m, v as in Adam;  p ← (μₜ₊₁m̂ + (1−μₜ)p̂) / (√v̂ + ε) | `beta1`, `beta2`, `epsilon`, `momentum-decay` ψ | Dozat 2016 |
//! | `radam` | [`RAdam`] | m, v as in Adam;  p ← r m̂ / (√v̂ + ε), at first m̂ | `beta1`, `beta2`, `epsilon` | Liu et al. 2020 |
//! | `adabelief` | [`AdaBelief`] | s ← β₂s + (1−β₂)(p − m)² + ε;  p ← m̂ / (√ŝ + ε) | `beta1`, `beta2`, `epsilon` | Zhuang et al. 2020 |
//! | `lion` | [`Lion`] | p ← sign(β₁m + (1−β₁)p);  m ← β₂m + (1−β₂)p | `beta1`, `beta2` | Chen et al. 2023 |
//! | `rprop` | [`Rprop`] | Δ ← η⁺Δ or η⁻Δ by the signs of steps;  p ← sign(p) Δ | `eta-minus`, `eta-plus`, `initial-step`, `min-step`, `max-step` | Riedmiller & Braun 1993, Igel & Hüsken 2000 |
//! | `lamb` | [`Lamb`] | r = m̂ / (√v̂ + ε) − λθ;  p ← r ‖θ‖/‖r‖ | `beta1`, `beta2`, `epsilon`, `weight-decay` λ | You et al. 2020 |
//! | `lars` | [`Lars`] | v ← μv + r(p − λθ),  r = η‖θ‖ / (‖p‖ + λ‖θ‖);  p ← v | `momentum` μ, `weight-decay` λ, `trust-coefficient` η | You et al. 2017 |
//! | `muon` | [`Muon`] | M ← μM + (1−μ)P;  P ← √max(1, rows/columns) NS(μM + (1−μ)P) | `momentum` μ, `nesterov`, `ns-steps`, `epsilon` | Jordan et al. 2024 |
//! | `schedule-free` | [`ScheduleFree`] | z ← z + ηp;  x ← (1−c)x + cz;  θ ← (1−β)z + βx; used is x | `beta`, `warmup-steps` | Defazio et al. 2024 |
//! | `lookahead` | [`Lookahead`] | every k updates φ ← φ + α(θ − φ);  θ ← φ; used is φ | `sync-period` k, `slow-step-size` α | Zhang et al. 2019 |
//! | `ema` | [`Ema`] | θ̄ ← θ̄ + (1−β)/(1−βᵗ) (θ − θ̄); used is θ̄ | `decay` β | Kingma & Ba 2015 |
//! | `swa` | [`Swa`] | θ̄ ← θ̄ + (θ − θ̄)/n; used is θ̄ | `by`, `start`, `every` | Izmailov et al. 2018, Polyak & Juditsky 1992 |
//! | `clip-value` | [`ClipValue`] | p ← min(max(p, −c), c) | `value` c | Mikolov 2012 |
//! | `clip-norm` | [`ClipNorm`] | p ← p min(1, c/‖p‖) | `max-norm` c, `per` | Pascanu et al. 2013 |
//! | `adaptive-clip` | [`AdaptiveClip`] | pᵢ ← pᵢ min(1, λ max(‖θᵢ‖, ε)/‖pᵢ‖) for each unit i | `clipping` λ, `epsilon` | Brock et al. 2021 |
//! | `gradient-normalization` | [`GradientNormalization`] | p ← p/‖p‖ | `per` | Hazan et al. 2015 |
//! | `gradient-noise` | [`GradientNoise`] | p ← p + σn,  σ² = η/(1 + t)^γ | `eta`, `gamma` | Neelakantan et al. 2015 |
//! | `scale` | [`Scale`] | p ← s p | `factor` s |  |
//! | `weight-decay` | [`WeightDecay`] | p ← p − λθ | `rate` λ | Loshchilov & Hutter 2019 |
#![forbid(unsafe_code)]

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod adabelief;
mod adadelta;
mod adagrad;
mod adam;
mod adamax;
mod adaptive_clip;
mod clip_norm;
mod clip_value;
mod ema;
mod gradient_noise;
mod gradient_normalization;
mod lamb;
mod lars;
mod lion;
mod lookahead;
mod moments;
mod momentum;
mod muon;
mod nadam;
mod nesterov;
mod per;
mod radam;
mod rmsprop;
mod rprop;
mod scale;
mod schedule_free;
mod swa;
mod unchanged;
mod weight_decay;

pub use adabelief::AdaBelief;
pub use adadelta::Adadelta;
pub use adagrad::Adagrad;
pub use adam::Adam;
pub use adamax::Adamax;
pub use adaptive_clip::AdaptiveClip;
pub use clip_norm::ClipNorm;
pub use clip_value::ClipValue;
pub use ema::Ema;
pub use gradient_noise::GradientNoise;
pub use gradient_normalization::GradientNormalization;
pub use lamb::Lamb;
pub use lars::Lars;
pub use lion::Lion;
pub use lookahead::Lookahead;
pub use momentum::Momentum;
pub use muon::Muon;
pub use nadam::Nadam;
pub use nesterov::Nesterov;
pub use per::Per;
pub use radam::RAdam;
pub use rmsprop::RmsProp;
pub use rprop::Rprop;
pub use scale::Scale;
pub use schedule_free::ScheduleFree;
pub use swa::{Swa, SwaBy};
pub use unchanged::Unchanged;
pub use weight_decay::WeightDecay;

#[cfg(test)]
mod tests;
