//! The range test of learning rates: the rate grows with every update, and the loss shows where it is too
//! small, right and too large. Source: Smith (2017), *Cyclical learning rates for training neural
//! networks*.
//!
//! The loss is smoothed by an exponential average without bias, s_i = m_i / (1 − β^i) with
//! m_i = β · m_(i−1) + (1 − β) · loss_i and β = 0.9.

use super::ground::{Ground, Grounds, Shared};
use super::{SweepEvent, SweepWatch};
use crate::{Recipe, Setup, State, TrainError, on_threads};
use std::ops::ControlFlow;
use tanren_plugin::{Clock, Ending, Event, Observer, Phase, Precision, Reason, Wants};

/// How much of the average is kept with every update.
const BETA: f64 = 0.9;
/// A smoothed loss so many times the lowest one ends the test.
const WORSE: f64 = 4.0;
/// The fewest updates of a test.
const FEW: u64 = 100;

/// An update of a range test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RangePoint {
    /// Its learning rate.
    pub rate: f64,
    /// The loss before it.
    pub loss: f64,
    /// The smoothed loss.
    pub smoothed: f64,
}

/// What a range test has found.
#[derive(Clone, Debug, Default)]
pub struct RangeTested {
    /// The updates, as long as the loss was a number.
    pub points: Vec<RangePoint>,
    /// The rate at which the smoothed loss fell fastest over the logarithm of the rate.
    pub steepest: Option<f64>,
    /// The rate at which the smoothed loss was lowest.
    pub lowest: Option<f64>,
    /// Whether the loss grew too large, or was no number, before the last rate.
    pub ended: bool,
    /// Why somebody ended it, if so.
    pub interrupted: Option<Reason>,
}

impl RangeTested {
    /// The rate to train with: that of the steepest descent, but no more than a tenth of that of the
    /// lowest loss. `None` where the loss never fell.
    #[must_use]
    pub fn suggestion(&self) -> Option<f64> {
        Some(self.steepest?.min(self.lowest? / 10.0))
    }

    /// Finds the lowest place of the curve and the steepest one before it.
    fn finish(&mut self) {
        let points = &self.points;
        let by_loss = |a: &(usize, &RangePoint), b: &(usize, &RangePoint)| {
            a.1.smoothed.total_cmp(&b.1.smoothed)
        };
        let Some((lowest, low)) = points.iter().enumerate().min_by(by_loss) else { return };
        /// Updates on either side between which the slope is taken.
        const SIDE: usize = 3;
        let slope = |i: usize| {
            let (a, b) = (&points[i - SIDE], &points[i + SIDE]);
            (b.smoothed - a.smoothed) / (b.rate / a.rate).ln()
        };
        let inner = SIDE..(lowest + 1).min(points.len().saturating_sub(SIDE));
        let steepest = inner.min_by(|&a, &b| slope(a).total_cmp(&slope(b)));
        let Some(steepest) = steepest.filter(|&i| slope(i) < 0.0) else { return };
        (self.steepest, self.lowest) = (Some(points[steepest].rate), Some(low.rate));
    }
}

impl Setup {
    /// How many updates a range test makes: an epoch, but at least 100.
    ///
    /// # Errors
    /// When the data do not fit their losses.
    pub fn range_updates(&self) -> Result<u64, TrainError> {
        let rows = self.rows.train.len().div_ceil(self.recipe.training.batch) as u64;
        Ok(rows.saturating_mul(self.recipe.training.iterations).max(FEW))
    }

    /// Trains for so many updates by a recipe whose learning rate grows with every one of them, which
    /// differs from this one in how it trains alone, and ends where the smoothed loss is above four times
    /// the lowest one or not a number. Its stopping rules are left out.
    ///
    /// # Errors
    /// When the recipe does not fit the data or cannot be trained.
    pub fn range_test(
        &self,
        recipe: &Recipe,
        updates: u64,
        threads: usize,
        watch: SweepWatch<'_>,
    ) -> Result<RangeTested, TrainError> {
        let mut recipe = recipe.clone();
        recipe.training.stopping.clear();
        recipe.training.epochs = u64::MAX;
        let ground = Grounds::new(self)?.of(&recipe)?;
        let candidates = 1;
        let begin = SweepEvent::Rung { rung: (0, 1), candidates, updates };
        if let ControlFlow::Break(reason) = watch(&begin) {
            return Ok(RangeTested { interrupted: Some(reason), ..RangeTested::default() });
        }
        on_threads(threads, || match ground {
            Shared::Single(ground) => test(&ground, &recipe, updates, watch),
            Shared::Double(ground) => test(&ground, &recipe, updates, watch),
        })?
    }
}

fn test<T: Precision>(
    ground: &Ground<'_, T>,
    recipe: &Recipe,
    updates: u64,
    watch: SweepWatch<'_>,
) -> Result<RangeTested, TrainError> {
    let plans = recipe.phases(&ground.setup.network)?;
    let mut state: State<T> = plans[0].start(recipe.seed, &ground.setup.start);
    let mut found = RangeTested::default();
    let mut last = &plans[0];
    for plan in &plans {
        if plan.phase != state.clock.phase {
            plan.enter(last, &mut state);
        }
        last = plan;
        let mut meter =
            Meter { found: &mut found, updates, watch, average: 0.0, lowest: f64::INFINITY };
        let mut kept = |_: &State<T>| Ok(false);
        let ending = ground.field(recipe.seed).run(plan, &mut state, &mut meter, &mut kept)?;
        found.ended |= matches!(ending, Ending::Diverged { .. });
        if found.ended || found.interrupted.is_some() {
            break;
        }
    }
    found.finish();
    Ok(found)
}

struct Meter<'m> {
    found: &'m mut RangeTested,
    updates: u64,
    watch: SweepWatch<'m>,
    average: f64,
    /// The lowest smoothed loss.
    lowest: f64,
}

impl Observer for Meter<'_> {
    fn wants(&self, _: Clock) -> Wants {
        Wants::STEP
    }

    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        let Event::Step { clock, loss, outcome, .. } = event else {
            return ControlFlow::Continue(());
        };
        let flow = (self.watch)(&SweepEvent::Update);
        if let ControlFlow::Break(reason) = &flow {
            self.found.interrupted = Some(reason.clone());
            return flow;
        }
        let Some(loss) = loss.filter(|loss| loss.is_finite()) else { return flow };
        if clock.phase != Phase::Training {
            return flow;
        }
        let points = &mut self.found.points;
        self.average = BETA * self.average + (1.0 - BETA) * loss;
        let smoothed = self.average / (1.0 - BETA.powf((points.len() + 1) as f64));
        points.push(RangePoint { rate: outcome.rate, loss, smoothed });
        self.lowest = self.lowest.min(smoothed);
        if self.lowest > 0.0 && smoothed > WORSE * self.lowest {
            self.found.ended = true;
            return ControlFlow::Break(Reason("the loss grows".into()));
        }
        match clock.iteration + 1 >= self.updates {
            true => ControlFlow::Break(Reason("all rates were tried".into())),
            false => flow,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{RangePoint, RangeTested};

    /// A loss that falls fastest at 1e-4, is lowest at 1e-2 and grows from there on.
    #[test]
    fn the_suggestion_is_the_steepest_place() {
        let at = |i: usize| {
            let x = f64::from(i as u32) / 10.0 - 7.0; // the logarithm of the rate
            let loss = 2.0 - ((x + 4.0) * 2.0).tanh() + if x > -2.0 { x + 2.0 } else { 0.0 };
            RangePoint { rate: 10f64.powf(x), loss, smoothed: loss }
        };
        let mut found = RangeTested { points: (0..70).map(at).collect(), ..RangeTested::default() };
        found.finish();
        let close = |a: f64, b: f64| (a / b).ln().abs() < 0.3;
        assert!(close(found.steepest.unwrap(), 1e-4), "{:?}", found.steepest);
        assert!(close(found.lowest.unwrap(), 1e-2), "{:?}", found.lowest);
        assert_eq!(found.suggestion(), found.steepest);
        found.steepest = Some(9e-3);
        assert!(close(found.suggestion().unwrap(), 1e-3));
    }

    #[test]
    fn a_loss_that_never_falls_suggests_nothing() {
        let at = |i: usize| RangePoint { rate: i as f64 + 1.0, loss: 1.0, smoothed: 1.0 };
        let mut found = RangeTested { points: (0..50).map(at).collect(), ..RangeTested::default() };
        found.finish();
        assert_eq!(found.suggestion(), None);
        let mut empty = RangeTested::default();
        empty.finish();
        assert_eq!(empty.suggestion(), None);
    }
}
