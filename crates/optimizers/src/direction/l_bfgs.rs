//! `l-bfgs`: d = −H g, H the inverse of the curvature as the last m steps showed it.
//!
//! g gradient, θ point; pairs s = θ − θ₋, y = g − g₋ and ρ = 1 / sᵀy; H₀ = γ I with γ = sᵀy / yᵀy of the
//! newest pair. −H g follows from two loops over the pairs. Sources: Nocedal (1980), *Updating quasi-Newton
//! matrices with limited storage*; Liu, Nocedal (1989), *On the limited memory BFGS method for large scale
//! optimization*. A pair needs sᵀy > 0; damping bends y towards s / γ until sᵀy = 0.2 sᵀs / γ: Powell
//! (1978), *Algorithms for nonlinear constraints that use Lagrangian functions*.

use super::pairs::{Curvature, Pairs};
use super::{anew, descend, descends};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, Direction, DirectionKernel, DirectionKernels, DirectionMemory, Evaluated, Heading,
    MemorySpec,
};
use tanren_tensor::{Real, norm};

/// The share of sᵀs / γ below which sᵀy is damped.
const DAMPED: f64 = 0.2;

/// Limited-memory BFGS: the fewest steps on smooth objectives that stay the same from step to step.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Lbfgs {
    /// m, the number of steps that are remembered, from 1 to 1000: each takes two vectors as long as the
    /// parameters.
    #[setting(from = 1, to = 1000)]
    pub memory: usize,
    /// A pair is taken in where the cosine of s and y is above this; in [0, 1).
    #[setting(from = 0, below = 1)]
    pub curvature: f64,
    /// Whether to bend y where the curvature along a step is small or negative, rather than leave the
    /// pair out. Searches that ask for no slope leave such steps behind.
    pub damping: bool,
    /// Whether to forget the pairs with every mini-batch, at its first update. Without it, pairs mix the
    /// gradients of different batches.
    pub reset: bool,
}

impl Default for Lbfgs {
    fn default() -> Self {
        Self { memory: 10, curvature: 1e-10, damping: false, reset: false }
    }
}

impl Lbfgs {
    /// Takes in the step since the last call, if it shows a curvature that can be used.
    fn take_in<T: Real>(&self, pairs: &mut Pairs<'_, T>, at: &Evaluated<'_, T>) {
        let mut seen = pairs.measure(at.point, at.gradient);
        if self.damping && seen.ss > 0.0 && seen.yy > 0.0 {
            let b = match pairs.gamma() {
                gamma if gamma > 0.0 => 1.0 / gamma,
                _ => (seen.yy / seen.ss).sqrt(), // before the first pair: |y| / |s|
            };
            let sbs = b * seen.ss;
            if seen.sy < DAMPED * sbs {
                seen = pairs.bend((1.0 - DAMPED) * sbs / (sbs - seen.sy), b);
            }
        }
        let Curvature { ss, sy, yy } = seen;
        // Of numbers that are none, nothing is larger.
        if sy > self.curvature * (ss * yy).sqrt() && (sy / yy).is_normal() {
            pairs.accept(seen);
        } else {
            pairs.refuse();
        }
    }
}

#[typetag::serde(name = "l-bfgs")]
impl Direction for Lbfgs {
    fn memory(&self) -> MemorySpec {
        Pairs::<f64>::spec(self.memory)
    }
    fn resets(&self) -> bool {
        self.reset
    }
    fn kernels(&self) -> DirectionKernels<'_> {
        DirectionKernels::of(self)
    }
}

impl<T: Real> DirectionKernel<T> for Lbfgs {
    fn direction(
        &self,
        at: &Evaluated<'_, T>,
        memory: &mut DirectionMemory<T>,
        direction: &mut [T],
    ) -> Heading {
        let g = at.gradient;
        let Some(mut pairs) = Pairs::of(memory) else {
            descend(g, direction);
            return Heading::unscaled();
        };
        let mut again = false;
        if self.reset && at.clock.repeat == 0 {
            again = pairs.len() > 0;
            pairs.forget();
        } else if pairs.begun() {
            self.take_in(&mut pairs, at);
        }
        pairs.keep(at.point, g);
        if pairs.len() > 0 {
            direction.copy_from_slice(g);
            pairs.two_loops(direction);
            if descends(direction, g) {
                return Heading::trial(1.0);
            }
            again = true;
            pairs.forget();
        }
        descend(g, direction);
        // A step of length 1, for want of anything better.
        Heading { trial: Some(1.0 / norm(g)).filter(|step| step.is_finite()), ..anew(again) }
    }
}
