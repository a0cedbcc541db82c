//! The range test of learning rates: the rate grows with every update, and the loss shows where it is too
//! small, right and too large. Source: Smith (2017), *Cyclical learning rates for training neural
//! networks*.
//!
//! The loss is smoothed by an exponential average without bias, s_i = m_i / (1 − β^i) with
//! m_i = β · m_(i−1) + (1 − β) · loss_i and β = 0.9. The rate that is suggested is the one at which nearly all
//! of the descent is made, as far as the descent is none of noise ([`fall`]).

use super::fall::{Average, Fall, fall};
use super::ground::{Ground, Grounds, Shared};
use super::{SweepEvent, SweepWatch};
use crate::{Recipe, Setup, State, TrainError, on_threads};
use std::ops::ControlFlow;
use tanren_plugin::{Clock, Ending, Event, Observer, Phase, Precision, Reason, Wants};

/// A smoothed loss so many times the lowest one ends the test.
const WORSE: f64 = 4.0;
/// The fewest updates of a test: with fewer, the rate grows too much while the average takes them in.
const FEW: u64 = 300;
/// The rate that is suggested is at most that of the lowest loss divided by this.
const MARGIN: f64 = 4.0;

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
    /// The rate from which on the loss was below that of the start beyond noise; `None`, as are the next
    /// two, where it never was.
    pub begins: Option<f64>,
    /// The rate at which nearly all of the descent, 95 %, was made.
    pub nearly: Option<f64>,
    /// The rate at which the smoothed loss was lowest.
    pub lowest: Option<f64>,
    /// Whether the loss grew too large, or was no number, before the last rate.
    pub ended: bool,
    /// Why somebody ended it, if so.
    pub interrupted: Option<Reason>,
}

impl RangeTested {
    /// The rate to train with: that at which nearly all of the descent is made, but no more than a quarter
    /// of that of the lowest loss, as long as the loss has fallen there. `None` where it never fell beyond
    /// noise.
    #[must_use]
    pub fn suggestion(&self) -> Option<f64> {
        Some(self.nearly?.min(self.lowest? / MARGIN).max(self.begins?))
    }

    /// Finds the descent.
    fn finish(&mut self) {
        let losses: Vec<f64> = self.points.iter().map(|point| point.loss).collect();
        let Some(Fall { begins, nearly, lowest }) = fall(&losses) else { return };
        let rate = |at: usize| self.points.get(at).map(|point| point.rate);
        (self.begins, self.nearly, self.lowest) = (rate(begins), rate(nearly), rate(lowest));
    }
}

impl Setup {
    /// How many updates a range test makes: an epoch, but at least 300.
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
        let mut meter = Meter {
            found: &mut found,
            updates,
            watch,
            average: Average::default(),
            lowest: f64::INFINITY,
        };
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
    average: Average,
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
        self.average.take(loss);
        let smoothed = self.average.value();
        let points = &mut self.found.points;
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

    /// What is found where the loss is this at each power of ten of the rate.
    fn found(loss: impl Fn(f64) -> f64) -> RangeTested {
        let at = |i: usize| {
            let x = i as f64 / 50.0 - 7.0;
            // Batches differ.
            let loss = loss(x) + 0.05 * (-1f64).powi(i as i32);
            RangePoint { rate: 10f64.powf(x), loss, smoothed: loss }
        };
        let mut found = RangeTested { points: (0..400).map(at).collect(), ..Default::default() };
        found.finish();
        found
    }

    #[test]
    fn the_suggestion_lies_where_the_loss_has_fallen() {
        // Falls around 1e-4 and stays down until 1e-1.
        let wide = |x: f64| 2.0 - ((x + 4.0) * 2.0).tanh() + if x > -1.0 { x + 1.0 } else { 0.0 };
        let wide = found(wide);
        assert_eq!(wide.suggestion(), wide.nearly, "{:?}", wide.begins);
        assert!((2e-4..1e-3).contains(&wide.nearly.unwrap()), "{:?}", wide.nearly);
        // Falls until it grows: not so close to that.
        let slow = found(|x| if x < -2.0 { -x } else { 2.0 + 10.0 * (x + 2.0) });
        let (rate, lowest) = (slow.suggestion().unwrap(), slow.lowest.unwrap());
        assert!((rate * 4.0 / lowest - 1.0).abs() < 1e-9, "{rate} {lowest}");
        // Falls in few updates: not before that.
        let steep = |x: f64| if x < -2.0 { 3.0 } else { 1.0 + 10.0 * (x + 1.95).max(0.0) };
        let steep = found(steep);
        assert_eq!(steep.suggestion(), steep.begins);
        assert!(steep.begins.unwrap() > 3e-3, "{:?}", steep.begins);
    }

    #[test]
    fn a_loss_that_never_falls_suggests_nothing() {
        assert_eq!(found(|_| 1.0).suggestion(), None);
        assert_eq!(found(|x| x + 8.0).suggestion(), None);
        let mut empty = RangeTested::default();
        empty.finish();
        assert_eq!(empty.suggestion(), None);
    }
}
