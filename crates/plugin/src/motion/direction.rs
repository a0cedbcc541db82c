//! `Direction`: where to go from a point and its gradient.

use crate::{Checked, Clock, Family, Kernels, Offers};
use serde::{Deserialize, Serialize};
use tanren_tensor::Real;

/// What a direction remembers, as a size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemorySpec {
    /// Vectors with the layout of the trainable parameters.
    pub vectors: usize,
    /// Numbers in double precision.
    pub scalars: usize,
}

/// What a direction remembers: curvature pairs, previous gradients. All zero at the start of a
/// phase, and again after a step for which its direction was given up. It is kept from one
/// mini-batch to the next: pairs then mix two objectives, which full batches avoid.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DirectionMemory<T> {
    /// Vectors with the layout of the trainable parameters.
    pub vectors: Vec<Vec<T>>,
    /// Numbers, such as counts and inner products.
    pub scalars: Vec<f64>,
}

impl<T: Real> DirectionMemory<T> {
    /// An empty memory for vectors of `len` numbers.
    #[must_use]
    pub fn new(spec: MemorySpec, len: usize) -> Self {
        Self { vectors: vec![vec![T::ZERO; len]; spec.vectors], scalars: vec![0.0; spec.scalars] }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.vectors.iter_mut().for_each(|v| v.fill(T::ZERO));
        self.scalars.fill(0.0);
    }
}

/// Steepest descent, conjugate gradient, L-BFGS: where to go.
#[typetag::serde(tag = "type")]
pub trait Direction: Checked {
    /// What the objective must offer.
    fn needs(&self) -> Offers {
        Offers::GRADIENT
    }

    /// How much is remembered from step to step.
    fn memory(&self) -> MemorySpec {
        MemorySpec::default()
    }

    /// Whether it is steepest descent, d = −g: then nothing has to be kept or looked at as a whole, and
    /// the step is taken block by block without calling the kernel.
    fn steepest(&self) -> bool {
        false
    }

    /// Whether it forgets with every mini-batch what it remembers. One that remembers without forgetting
    /// mixes the gradients of different batches.
    fn resets(&self) -> bool {
        false
    }

    /// Whether successive directions are conjugate, dᵢᵀ A dⱼ = 0, on a quadratic ½ xᵀ A x − bᵀ x with
    /// exact steps, so that the minimum over n numbers is reached in n steps. Conjugate gradients,
    /// BFGS and L-BFGS are; a direction that remembers is supposed to be, unless it says otherwise.
    /// Only tests ask.
    fn conjugate(&self) -> bool {
        self.memory().vectors > 0
    }

    /// Always `DirectionKernels::of(self)`.
    fn kernels(&self) -> DirectionKernels<'_>;
}

/// The objective at the point from which a direction is wanted.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Evaluated<'a, T> {
    /// Where the run stands.
    pub clock: Clock,
    /// f(θ) with penalties; `None` for objectives without a value.
    pub value: Option<f64>,
    /// θ, the trainable parameters.
    pub point: &'a [T],
    /// ∇f(θ).
    pub gradient: &'a [T],
}

impl<'a, T> Evaluated<'a, T> {
    /// The objective at `point`, without a value.
    #[must_use]
    pub const fn new(clock: Clock, point: &'a [T], gradient: &'a [T]) -> Self {
        Self { clock, value: None, point, gradient }
    }

    /// The same with a value.
    #[must_use]
    pub const fn with_value(self, value: Option<f64>) -> Self {
        Self { value, ..self }
    }
}

/// What a direction knows of the vector it wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Heading {
    /// The step along it that a search should try first, where the direction knows its own length: 1
    /// for Newton's method and its relatives, once they have seen a curvature.
    pub trial: Option<f64>,
    /// Whether the direction gave up what it remembered of other steps, and is the negative gradient.
    /// A first call, with nothing to give up, is none.
    pub restarted: bool,
}

impl Heading {
    /// A direction whose length says nothing.
    #[must_use]
    pub const fn unscaled() -> Self {
        Self { trial: None, restarted: false }
    }

    /// A direction along which the step `trial` is the first to try.
    #[must_use]
    pub const fn trial(trial: f64) -> Self {
        Self { trial: Some(trial), restarted: false }
    }

    /// The negative gradient, because what was remembered led nowhere.
    #[must_use]
    pub const fn restarted() -> Self {
        Self { trial: None, restarted: true }
    }
}

/// What a [`Direction`] computes, in both precisions.
pub type DirectionKernels<'a> = Kernels<'a, dyn Direction>;

impl Family for dyn Direction {
    type Kernel<T: Real> = dyn DirectionKernel<T>;
}

impl<'a> DirectionKernels<'a> {
    /// Both kernels of one plugin.
    pub fn of<K: DirectionKernel<f32> + DirectionKernel<f64> + 'static>(kernel: &'a K) -> Self {
        Self::new(kernel, kernel)
    }
}

/// What a [`Direction`] computes, in precision `T`.
pub trait DirectionKernel<T: Real>: Send + Sync {
    /// Writes the direction of descent at a point, and says what it knows of it. Pairs for the curvature
    /// follow from what the memory kept of the previous call, so they are those of settled parameters.
    fn direction(
        &self,
        at: &Evaluated<'_, T>,
        memory: &mut DirectionMemory<T>,
        direction: &mut [T],
    ) -> Heading;
}
