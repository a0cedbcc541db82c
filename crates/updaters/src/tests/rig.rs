//! Two layers that updaters move: the parameters, gradients and chains of `tests/reference/updaters.py`.

use tanren_optimizers::LearningRate;
use tanren_plugin::*;
use tanren_tensor::Real;

/// The gradient of update `t` at `theta`.
pub(super) type Gradient<'a> = &'a dyn Fn(u64, usize, f64) -> f64;

/// A body (weight 4 × 3, bias 4) and a head (weight 2 × 4, bias 2).
pub(super) fn layout() -> Layout {
    use BlockKind::{Bias, Weight};
    let blocks = [
        ("body", "weight", Weight, (4, 3)),
        ("body", "bias", Bias, (4, 1)),
        ("head", "weight", Weight, (2, 4)),
        ("head", "bias", Bias, (2, 1)),
    ];
    let block = |(node, name, kind, size)| Block::new(node, name, kind, size);
    Layout::place(blocks.map(block).to_vec()).0
}

/// Where every path begins.
pub(super) fn start(i: usize) -> f64 {
    ((i * 13 % 23) as f64 - 11.0) / 16.0
}

/// Gradients that do not depend on the parameters, of sizes from ¼ to 4.
pub(super) fn given(t: u64, i: usize, _: f64) -> f64 {
    let mixed = (7919 * (t as usize + 1) * (i + 3) + 31 * i) % 1009;
    (mixed as f64 - 504.0) / 512.0 * 2f64.powi((i % 5) as i32 - 2)
}

/// The gradient of Σ ½ c (θ − s)².
pub(super) fn quadratic(_: u64, i: usize, theta: f64) -> f64 {
    2f64.powi((i % 4) as i32 - 2) * (theta - ((i * 7 % 11) as f64 - 5.0) / 8.0)
}

/// An objective that has nothing but a gradient, which may change with every update.
struct Field<'a> {
    layout: Layout,
    gradient: Gradient<'a>,
    t: u64,
}

impl<T: Real> Objective<T> for Field<'_> {
    fn offers(&self) -> Offers {
        Offers::GRADIENT
    }
    fn layout(&self) -> &Layout {
        &self.layout
    }
    fn evaluate(&mut self, at: &[T], ask: Ask<'_, T>) -> Evaluation {
        for (i, g) in ask.gradient.into_iter().flatten().enumerate() {
            *g = T::of((self.gradient)(self.t, i, at[i].f64()));
        }
        Evaluation { loss: None, ..Evaluation::loss(0.0) }
    }
}

/// A run of a chain of updaters, with a constant rate.
pub(super) struct Run<'a, T> {
    chain: &'a [Aimed<dyn Updater>],
    search: Plugin<dyn Search>,
    field: Field<'a>,
    pub(super) theta: Vec<T>,
    /// Of every update.
    pub(super) clip_rates: Vec<Option<f64>>,
    state: Option<MotionState<T>>,
    clock: Clock,
}

impl<'a, T: Precision> Run<'a, T> {
    pub(super) fn new(
        chain: &'a [Aimed<dyn Updater>],
        rate: f64,
        start: fn(usize) -> f64,
        gradient: Gradient<'a>,
    ) -> Self {
        let layout = layout();
        let theta = (0..layout.len()).map(|i| T::of(start(i))).collect();
        let search = LearningRate::constant(rate).into();
        let field = Field { layout, gradient, t: 0 };
        let (clip_rates, clock) = Default::default();
        Self { chain, search, field, theta, clip_rates, state: None, clock }
    }

    /// So many more updates.
    pub(super) fn go(&mut self, updates: u64) {
        let layout = self.field.layout.clone();
        let motion = Motion::new(&self.search).updaters(self.chain, &layout);
        motion.check_aims(&layout).unwrap();
        let theta = &mut self.theta;
        let state = self.state.get_or_insert_with(|| MotionState::new(&motion, theta));
        let mut stepper = Stepper::new(&layout);
        for _ in 0..updates {
            let moving = Moving { clock: self.clock, parameters: theta, state };
            let (_, outcome) = stepper.step(&mut self.field, &motion, moving);
            self.clip_rates.push(outcome.clip_rate);
            self.clock.iteration += 1;
            self.field.t += 1;
        }
    }

    /// The parameters to evaluate with.
    pub(super) fn evaluated(&mut self) -> Vec<T> {
        let layout = &self.field.layout;
        let motion = Motion::new(&self.search).updaters(self.chain, layout);
        let state = self.state.as_mut().unwrap();
        let mut moving = Moving { clock: self.clock, parameters: &mut self.theta, state };
        evaluation_parameters(&motion, layout, &mut moving).unwrap_or_else(|| self.theta.clone())
    }

    /// All that the updaters keep.
    pub(super) fn kept(&self) -> Vec<T> {
        self.state.as_ref().unwrap().slots.concat().concat()
    }
}
