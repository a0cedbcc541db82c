//! `acme/plateau`: ends a run when the last epochs are all no better than the one before them.
//!
//! Proves that a stopping rule from outside knows which way a score improves, and that the best
//! epoch is chosen by any score, with its direction, across a checkpoint.

use crate::table::train;
use crate::top::{Top, recipe};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Better, Checked, History, Plugin, Reason, Stopping, Watched};
use tanren_testkit as testkit;
use tanren_trainer::{Ending, Keep, Options, Patience, Recipe, State, Trained};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plateau {
    score: String,
    epochs: usize,
}

impl Checked for Plateau {}

#[typetag::serde(name = "acme/plateau")]
impl Stopping for Plateau {
    fn scores(&self) -> Vec<(Watched, &str)> {
        vec![(Watched::Validation, &self.score)]
    }
    fn verdict(&self, history: History<'_>) -> Option<Reason> {
        let better = history.better(&self.score)?;
        // Nothing is better than NaN: it is no bar.
        let numbers = history.validation(&self.score).filter(|score| !score.is_nan());
        let scores: Vec<f64> = numbers.collect();
        let (before, last) = scores.split_at_checked(scores.len().checked_sub(self.epochs)?)?;
        let &bar = before.last()?;
        let flat = last.iter().all(|&score| !better.than(score, bar));
        flat.then(|| Reason(format!("{} stays at {bar}", self.score)))
    }
}

/// Two outputs, 60 epochs, and the best by `score`.
fn best_by(score: &str) -> Recipe {
    let mut recipe = recipe(vec![Top { k: 2 }.into()]);
    recipe.training.epochs = 60;
    recipe.training.keep = Keep::best(score);
    recipe
}

/// The first epoch whose score is not beaten by a later one, from 1, and that score.
fn best(trained: &Trained, score: &str, better: Better) -> (u64, f64) {
    let scores = trained.history.iter().map(|epoch| epoch.validation[score].0);
    let (epoch, best) = scores
        .enumerate()
        .reduce(|best, next| if better.than(next.1, best.1) { next } else { best })
        .unwrap();
    (epoch as u64 + 1, best)
}

#[test]
fn conforms() {
    let plateau = Plateau { score: "accuracy".into(), epochs: 3 };
    testkit::stopping(&plateau);
    testkit::round_trip(&Plugin::<dyn Stopping>::from(plateau));
}

/// By a score that should rise, by one that should fall, and by one of the second output.
#[test]
fn the_best_epoch_is_best_by_any_score() {
    let cases = [
        ("loss", Better::Lower),
        ("accuracy", Better::Higher),
        ("top-2-accuracy", Better::Higher),
        ("far/r2", Better::Higher),
        ("far/mae", Better::Lower),
    ];
    let mut epochs = Vec::new();
    for (score, better) in cases {
        let trained = train(&best_by(score));
        let (epoch, value) = best(&trained, score, better);
        assert_eq!(trained.best_epoch, epoch, "{score}");
        assert_eq!(trained.best_by.as_deref(), Some(score));
        assert_eq!(trained.validation.unwrap().get(score), Some(value), "{score}");
        epochs.push(epoch);
    }
    epochs.dedup();
    assert!(epochs.len() > 2, "the same epoch by all scores shows nothing: {epochs:?}");
    let last = train(&Recipe {
        training: {
            let mut t = best_by("loss").training;
            t.keep = Keep::Last;
            t
        },
        ..best_by("loss")
    });
    assert_eq!((last.best_epoch, last.best_by), (60, None));
}

/// Rising accuracy is no plateau, whatever a rule thinks that is made for losses.
#[test]
fn rules_know_the_direction() {
    let rules = |score: &str| -> [Plugin<dyn Stopping>; 2] {
        let score = score.to_owned();
        [
            Plateau { score: score.clone(), epochs: 4 }.into(),
            Patience { epochs: 4, metric: score, ..Patience::default() }.into(),
        ]
    };
    for (score, better) in [("accuracy", Better::Higher), ("far/rmse", Better::Lower)] {
        let free = train(&best_by(score));
        let scores: Vec<f64> = free.history.iter().map(|e| e.validation[score].0).collect();
        assert!(better.than(scores[59], scores[0]), "{scores:?}");
        for rule in rules(score) {
            let mut recipe = best_by(score);
            recipe.training.stopping = vec![rule];
            let trained = train(&recipe);
            let Ending::Stopped(reason) = &trained.ending else { panic!("{scores:?}") };
            assert!(reason.0.contains(score), "{reason}");
            // Nothing in the last epochs is better than what came right before them.
            let n = trained.history.len();
            assert!(n >= 5 && scores[n - 4..n].iter().all(|&s| !better.than(s, scores[n - 5])));
        }
    }
}

#[test]
fn rules_name_scores_that_exist() {
    let mut recipe = best_by("loss");
    recipe.training.stopping =
        vec![Patience::default().into(), Plateau { score: "far/r22".into(), epochs: 3 }.into()];
    let message = recipe.prepare().unwrap_err().to_string();
    assert!(message.starts_with("training.stopping[1]: expected a score that is"), "{message}");
    assert!(message.contains("did you mean \"far/r2\"?"), "{message}");

    // Each phase has its own scores.
    let mut phase = best_by("accuracy").training;
    phase.keep = Keep::best("top-2-accuracy");
    best_by("loss").pretrain(&["hidden"], phase.clone()).prepare().unwrap();
    phase.metrics.clear();
    let recipe = best_by("top-2-accuracy").pretrain(&["hidden"], phase);
    let message = recipe.prepare().unwrap_err().to_string();
    assert!(message.starts_with("pretraining[0].keep.best: expected"), "{message}");
}

/// What was best, and by which score, survives a checkpoint; resumed by another score, the kept
/// epoch is judged by that one.
#[test]
fn the_best_is_part_of_a_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let run = |recipe: &Recipe, resume: bool| {
        let options = Options { threads: 1, checkpoint: Some(path.clone()), resume };
        recipe.prepare().unwrap().train(&mut (), &options).unwrap()
    };
    let whole = train(&best_by("accuracy"));
    let mut half = best_by("accuracy");
    half.training.epochs = 30;
    run(&half, false);
    let setup = half.prepare().unwrap();
    let mut state = State::<f32>::new(&setup.network, &half.training, half.seed);
    state.restore(&path, &half).unwrap();
    let found = state.best.as_ref().unwrap();
    assert_eq!(
        (found.metric.as_str(), Some(found.score)),
        ("accuracy", state.best_score("accuracy"))
    );
    let by_loss = state.history[found.epoch as usize - 1].validation["loss"].0;
    assert_eq!(state.best_score("loss"), Some(by_loss));
    assert_eq!(state.best_score("nothing"), None);

    let mut last = best_by("accuracy");
    last.training.keep = Keep::Last;
    last.training.epochs = 31;
    let kept = std::fs::read(&path).unwrap();
    assert_eq!((run(&last, true).best_epoch, run(&last, true).best_by), (31, None));
    std::fs::write(&path, kept).unwrap();

    let resumed = run(&best_by("accuracy"), true);
    assert_eq!((resumed.best_epoch, resumed.validation), (whole.best_epoch, whole.validation));
}
