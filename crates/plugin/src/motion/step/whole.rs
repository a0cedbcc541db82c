//! Steps that leave a whole gradient and a whole step behind: for observers, directions and searches.

use super::chain::{Call, Chain};
use super::line::ObjectiveLine;
use super::local::{self, Local};
use super::{Fallback, Motion, Moving, StepOutcome, Stepper};
use crate::engine::{Gradient, Ready};
use crate::{
    ClipCounter, Evaluated, Evaluation, Heading, Layout, Objective, Point, Precision, SearchFailure,
};
use tanren_tensor::{Write, add_scaled, advance, dot};

impl<T: Precision> Stepper<T> {
    /// A step that needs no more than one block at a time, from a copy of the gradient: what it adds
    /// stays in `self.step`.
    pub(super) fn block_by_block(
        &mut self,
        local: &Local<'_>,
        layout: &Layout,
        moving: Moving<'_, T>,
    ) {
        for (index, block) in layout.blocks().iter().enumerate().filter(|(_, b)| b.trainable()) {
            let ready = Ready {
                block: index,
                parameters: &mut moving.parameters[block.range.clone()],
                gradient: Gradient::Written(&mut self.step[block.range.clone()]),
            };
            local.step(ready, &mut moving.state.slots);
        }
    }

    /// A step that needs all of the gradient.
    pub(super) fn whole(
        &mut self,
        objective: &mut dyn Objective<T>,
        at: Evaluation,
        (motion, clips): (&Motion<'_>, &ClipCounter),
        layout: &Layout,
        moving: Moving<'_, T>,
    ) -> StepOutcome {
        let Moving { clock, parameters, state } = moving;
        let trainable = layout.trainable();
        let (point, gradient) = (&parameters[..trainable], &self.gradient[..trainable]);
        let heading = match motion.turned() {
            None => {
                add_scaled(Write::Overwrite, -T::ONE, gradient, &mut self.step);
                Heading::unscaled()
            }
            Some(direction) => {
                let value = at.loss.map(|_| at.value());
                let here = Evaluated::new(clock, point, gradient).with_value(value);
                let kernel = direction.kernels().at::<T>();
                kernel.direction(&here, &mut state.direction, &mut self.step)
            }
        };
        let chain = Chain { motion, layout };
        let known = motion.rate(clock);
        let (call, slots) = (Call { clock, rate: known.unwrap_or(1.0), clips }, &mut state.slots);
        chain.run(call, None, slots, &mut |kernel, at, own, range| {
            kernel.update(at, &point[range.clone()], own, &mut self.step[range]);
        });
        let outcome = match known {
            Some(rate) => {
                StepOutcome { rate, evaluations: self.evaluations, ..StepOutcome::default() }
            }
            None => {
                let moving = Moving { clock, parameters, state };
                self.search(objective, (at, heading), motion, moving)
            }
        };
        let outcome = StepOutcome { restarted: heading.restarted, ..outcome };
        advance(T::of(outcome.rate), &self.step, &mut parameters[..trainable]);
        let call = Call { rate: outcome.rate, ..call };
        local::finish(&chain, call, None, parameters, &mut state.slots);
        outcome
    }

    /// Looks along the step for how far to go. A step that does not descend is replaced by the
    /// raw negative gradient; a search without result moves to the best point it saw, or nowhere.
    fn search(
        &mut self,
        objective: &mut dyn Objective<T>,
        (at, heading): (Evaluation, Heading),
        motion: &Motion<'_>,
        moving: Moving<'_, T>,
    ) -> StepOutcome {
        let Moving { clock, parameters, state } = moving;
        let trainable = self.step.len();
        let (mut fallback, mut suggested) = (None, heading.trial);
        let mut slope = dot(&self.gradient[..trainable], &self.step);
        if slope >= 0.0 || slope.is_nan() {
            (fallback, suggested) = (Some(Fallback::Ascent { slope }), None);
            state.forget(motion, &parameters[..trainable]);
            let gradient = &self.gradient[..trainable];
            add_scaled(Write::Overwrite, -T::ONE, gradient, &mut self.step);
            slope = dot(gradient, &self.step);
        }
        self.trial.resize(parameters.len(), T::ZERO);
        self.trial_gradient.resize(parameters.len(), T::ZERO);
        let start = Point { step: 0.0, value: at.value(), slope };
        let rounding = self.gradient[..trainable].iter().zip(&*parameters);
        let moves = rounding.map(|(g, x)| (g.f64() * x.f64()).abs()).sum();
        let mut line = ObjectiveLine {
            objective,
            parameters,
            direction: &self.step,
            start,
            moves,
            suggested,
            trial: &mut self.trial,
            gradient: &mut self.trial_gradient,
            points: &mut self.points,
            last: None,
        };
        let found = motion.search.search(clock, &mut line, &mut state.search);
        let last = line.last;
        let rate = match found {
            Ok(point) => point.step,
            Err(failure) => {
                if fallback.is_none() {
                    state.forget(motion, &parameters[..trainable]);
                    fallback = Some(Fallback::Search(failure));
                }
                match failure {
                    SearchFailure::Exhausted { best: Some(best) } => best.step,
                    _ => 0.0,
                }
            }
        };
        // The gradient of the last trial is that of the next step's start, if it is where we go.
        self.known = last.filter(|_| self.points.last().is_some_and(|p| p.step == rate));
        let evaluations = self.evaluations + self.points.len();
        StepOutcome { rate, evaluations, slope: Some(slope), fallback, ..StepOutcome::default() }
    }

    /// Makes the last trial's gradient the present one, where the step led exactly there.
    pub(super) fn keep_known(&mut self, parameters: &[T], layout: &Layout) {
        let exact = layout.trainable() == layout.len() && self.trial == parameters;
        self.known = self.known.take().filter(|_| exact);
        if self.known.is_some() {
            std::mem::swap(&mut self.gradient, &mut self.trial_gradient);
        }
    }
}
