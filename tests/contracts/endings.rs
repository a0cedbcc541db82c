//! How runs end before their last epoch, and what is kept of them.
//!
//! The early stopping of Deeplearning4j minimised whatever it looked at, and a first score that was
//! NaN stayed the best one for ever, since nothing compares as better. Here a score knows its
//! direction, and NaN is never kept.

use crate::table::{Rows, parameters, recipe};
use std::collections::BTreeMap;
use std::time::Duration;
use tanren_optimizers::LearningRate;
use tanren_plugin::{
    Ask, Better, Carries, Clock, Ending, Evaluation, Layout, Load, Number, Objective, Offers,
    Phase, Task, TaskError, Watched,
};
use tanren_trainer::{
    Keep, MaxLoss, Options, Patience, State, TargetScore, TimeLimit, Trained, TrainingSpec, fit,
};

/// x², from x = 1 on, with scores that are given.
struct Bowl {
    layout: Layout,
    /// The score after each epoch.
    scores: Vec<f64>,
    better: Better,
    scored: usize,
    /// How long an evaluation takes.
    pause: Duration,
}

impl Bowl {
    fn new(better: Better, scores: &[f64]) -> Self {
        let layout = Layout::vector(1);
        Self { layout, scores: scores.to_vec(), better, scored: 0, pause: Duration::ZERO }
    }

    /// Trains for an epoch per score.
    fn run(mut self, training: TrainingSpec) -> (State<f64>, Ending) {
        let training = training.epochs(self.scores.len() as u64);
        let mut state = State::start(vec![1.0], 1, &training);
        state.clock.phase = Phase::Training;
        let ending = fit(&training, &mut self, &mut state, &mut (), &mut |_| Ok(false)).unwrap();
        (state, ending)
    }
}

impl Objective<f64> for Bowl {
    fn offers(&self) -> Offers {
        Offers::BOTH
    }
    fn layout(&self) -> &Layout {
        &self.layout
    }
    fn evaluate(&mut self, x: &[f64], ask: Ask<'_, f64>) -> Evaluation {
        std::thread::sleep(self.pause);
        if let Some(gradient) = ask.gradient {
            gradient[0] = 2.0 * x[0];
        }
        Evaluation { loss: Some(x[0] * x[0]), penalty: Some(0.0) }
    }
}

impl Task<f64> for Bowl {
    fn batches(&self) -> usize {
        3
    }
    fn load(&mut self, _: Clock, _: usize, _: &Carries<f64>) -> Result<Load, TaskError> {
        Ok(Load { weight: 1.0, samples: 1 })
    }
    fn scores(&self) -> BTreeMap<String, Better> {
        [("score".to_owned(), self.better)].into()
    }
    fn score(&mut self, rows: Watched, _: &[f64]) -> Result<BTreeMap<String, Number>, TaskError> {
        if rows == Watched::Train {
            return Ok([("score".to_owned(), Number(-self.scores[self.scored - 1]))].into());
        }
        self.scored += 1;
        Ok([("score".to_owned(), Number(self.scores[self.scored - 1]))].into())
    }
}

fn training() -> TrainingSpec {
    TrainingSpec { keep: Keep::best("score"), ..TrainingSpec::new(LearningRate::constant(0.1)) }
}

#[test]
fn a_first_nan_is_never_kept_as_best() {
    for (better, best) in [(Better::Lower, 3), (Better::Higher, 2)] {
        let scores = [f64::NAN, 5.0, 3.0, f64::NAN, 4.0];
        let (state, ending) = Bowl::new(better, &scores).run(training());
        assert_eq!(ending, Ending::Completed);
        assert_eq!(state.best.unwrap().epoch, best, "{better:?}");
        // Nor is one that is infinite.
        let scores = [better.worst(), f64::NAN, -better.worst(), 1.0];
        let (state, _) = Bowl::new(better, &scores).run(training());
        assert_eq!(state.best.unwrap().epoch, 4, "{better:?}");
    }
    let (state, _) = Bowl::new(Better::Lower, &[f64::NAN; 3]).run(training());
    assert_eq!(state.best, None);
}

/// Patience waits for a rise where a rise is better, and for a fall where that is.
#[test]
fn early_stopping_knows_what_better_means() {
    let patience = Patience { epochs: 2, metric: "score".into(), ..Patience::default() };
    let rising = [0.1, 0.2, 0.3, 0.4, 0.5];
    let run = |better, rule| Bowl::new(better, &rising).run(training().stopping(rule));
    let (state, ending) = run(Better::Higher, patience.clone());
    assert_eq!((ending, state.best.unwrap().epoch), (Ending::Completed, 5));
    let (state, ending) = run(Better::Lower, patience.clone());
    assert!(matches!(ending, Ending::Stopped(_)));
    assert_eq!((state.best.unwrap().epoch, state.history.len()), (1, 3));
    // The scores on the training rows are the opposite here, and are known only where they are wanted.
    assert!(state.history[0].training.is_empty());
    let (state, ending) = run(Better::Higher, Patience { rows: Watched::Train, ..patience });
    assert!(matches!(ending, Ending::Stopped(_)));
    assert_eq!(state.history[1].training["score"], Number(-0.2));
    assert_eq!((state.best.unwrap().epoch, state.history.len()), (3, 3));
}

#[test]
fn a_goal_ends_a_run_that_reaches_it() {
    let run = |better, goal| {
        let rule = TargetScore::new("score", goal);
        let scores = [0.5, f64::NAN, 0.7, 0.9, 0.2];
        Bowl::new(better, &scores).run(training().stopping(rule))
    };
    for (better, goal, epochs) in
        [(Better::Higher, 0.7, 3), (Better::Lower, 0.2, 5), (Better::Lower, 0.5, 1)]
    {
        let (state, ending) = run(better, goal);
        assert_eq!(state.history.len(), epochs, "{better:?} {goal}: {ending:?}");
    }
    let (_, ending) = run(Better::Higher, 0.7);
    let Ending::Stopped(reason) = ending else { panic!("{ending:?}") };
    assert_eq!(reason.0, "validation score 0.700000 is at least 0.7");
    assert_eq!(run(Better::Higher, 0.95).1, Ending::Completed);
}

/// Within an epoch, after the very update.
#[test]
fn a_loss_above_its_limit_ends_a_run_at_once() {
    let far = TrainingSpec::new(LearningRate::constant(2.0)).stopping(MaxLoss { loss: 100.0 });
    let (state, ending) = Bowl::new(Better::Lower, &[0.0; 10]).run(far);
    let Ending::Stopped(reason) = ending else { panic!("{ending:?}") };
    // Each update multiplies x by −3, and the loss by 9: 1, 9, 81, 729.
    assert_eq!(reason.0, "the loss 729 of update 4 is above 100");
    assert_eq!((state.clock.iteration, state.clock.epoch, state.cursor.batch), (4, 1, 1));
}

/// Whatever the machine: each update takes at least as long as the limit.
#[test]
fn a_time_limit_ends_a_run_within_an_epoch() {
    let bowl = Bowl::new(Better::Lower, &[0.0; 10]);
    let slow = Bowl { pause: Duration::from_millis(2), ..bowl };
    let (state, ending) = slow.run(training().stopping(TimeLimit { seconds: 0.001 }));
    let Ending::Stopped(reason) = ending else { panic!("{ending:?}") };
    assert_eq!(reason.0, "the time limit of 0.001 s is reached");
    assert_eq!((state.clock.iteration, state.clock.epoch), (1, 0));
    assert!(state.seconds() >= 0.002, "{}", state.seconds());
}

/// A run that stopped within an epoch stays stopped, and goes on as if it had never stopped when the
/// rule is gone.
#[test]
fn what_stopped_within_an_epoch_resumes() {
    let folder = tempfile::tempdir().unwrap();
    let run = |rule: Option<MaxLoss>, name: &str, resume: bool| -> Trained {
        let mut training = TrainingSpec::new(LearningRate::constant(0.1));
        training.stopping.extend(rule.map(Into::into));
        let recipe = recipe(Rows::default(), training);
        let checkpoint = Some(folder.path().join(name));
        let options = Options { threads: 1, checkpoint, resume };
        recipe.prepare().unwrap().train(&mut (), &options).unwrap()
    };
    let whole = run(None, "whole", false);
    let losses: Vec<f64> = whole.history.iter().map(|epoch| epoch.loss.unwrap().0).collect();
    let below = MaxLoss { loss: 0.5 * losses.iter().copied().fold(f64::MAX, f64::min) };
    let stopped = run(Some(below.clone()), "parts", false);
    assert!(matches!(stopped.ending, Ending::Stopped(_)), "{losses:?}");
    assert!(stopped.steps < whole.steps);
    let again = run(Some(below), "parts", true);
    assert_eq!((again.ending, again.steps), (stopped.ending, stopped.steps));
    let rest = run(None, "parts", true);
    assert_eq!(rest.ending, Ending::Completed);
    assert_eq!(parameters(&rest), parameters(&whole));
}

/// The time and the updates of an epoch that a rule cut short count in the phases after it.
#[test]
fn a_phase_that_stopped_within_an_epoch_counts() {
    let plain = || TrainingSpec::new(LearningRate::constant(0.1));
    let short = TrainingSpec { batch: 8, ..plain().stopping(MaxLoss { loss: 0.0 }) };
    let recipe = recipe(Rows::default(), plain()).pretrain(&["dense-*"], short);
    let trained = recipe.prepare().unwrap().train(&mut (), &Options::default()).unwrap();
    assert_eq!(trained.ending, Ending::Completed);
    let [first, second, ..] = &trained.history[..] else { panic!("{:?}", trained.history) };
    assert_eq!((first.clock.phase, first.clock.iteration), (Phase::Pretraining(0), 1));
    assert_eq!((second.clock.phase, second.clock.epoch), (Phase::Training, 1));
    assert!(first.loss.unwrap().0 > 0.0 && first.seconds <= second.seconds);
    let alone = recipe_alone(plain());
    assert_eq!(trained.steps, alone.steps + 1);
}

fn recipe_alone(training: TrainingSpec) -> Trained {
    crate::table::train(&recipe(Rows::default(), training))
}
