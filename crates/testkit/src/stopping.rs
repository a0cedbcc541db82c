//! What every stopping rule must satisfy: a pure function of the epochs, which ends no run that goes
//! on improving.

use crate::failure::{self, Failure, ensure};
use std::collections::BTreeMap;
use tanren_plugin::{Better, Clock, EpochRecord, History, Number, Progress, Reason, Stopping};

/// Epochs of a history.
const EPOCHS: usize = 100;
/// A score no rule looks at unless it says so.
const OTHER: &str = "testkit/other";
/// Scores that most runs have.
const USUAL: [(&str, Better); 3] =
    [("loss", Better::Lower), ("accuracy", Better::Higher), ("r2", Better::Higher)];

/// Asserts that a stopping rule is right; see [`check`].
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn stopping(stopping: &dyn Stopping) {
    failure::assert(check(stopping));
}

/// Checks, for scores where higher is better and for such where lower is:
///
/// * `improving`: while all scores and the training loss improve by half their distance from 0 every
///   epoch, from far out, where no score is good enough to end a run, it does not stop;
/// * `nan`: a score that is not a number does not spoil those after it: if the run goes on after it,
///   it also goes on while later epochs improve;
/// * `pure`: the same epochs give the same verdict, whatever was asked before, so that a resumed run
///   ends where the uninterrupted one does;
/// * `scores`: a score that it does not name in `scores` changes nothing;
/// * `updates`: what it says after an update is always the same for the same progress, and before the
///   first one it says nothing;
/// * `empty`: before the first epoch it does not stop; `reason`: a verdict says why;
/// * no history makes it panic, with or without validation scores, with numbers that are not finite.
///
/// # Errors
/// The first rule that is broken.
pub fn check(stopping: &dyn Stopping) -> Result<(), Failure> {
    failure::in_range(stopping)?;
    failure::caught(|| {
        updates(stopping)?;
        results(stopping, None)?;
        for better in [Better::Lower, Better::Higher] {
            results(stopping, Some(better))
                .map_err(|f| f.at(format_args!("{better:?} scores are better")))?;
        }
        Ok(())
    })?
}

/// A rule, and the scores of the runs it sees.
struct Bench<'a> {
    stopping: &'a dyn Stopping,
    scores: BTreeMap<String, Better>,
}

/// What happens to the scores in one epoch.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    Improves,
    Worsens,
    Stays,
    Nan,
    Infinite,
    /// Nothing was validated.
    Missing,
}

impl Bench<'_> {
    /// A history in which every score takes these steps.
    fn epochs(&self, steps: &[Step], other: f64) -> Vec<EpochRecord> {
        // Sizes that no score of a good run has, and that may still be squared.
        let mut level = 1e60;
        let record = |(epoch, step): (usize, &Step)| {
            level *= match step {
                Step::Improves => 0.5,
                Step::Worsens => 1.5,
                _ => 1.0,
            };
            let size = match step {
                Step::Nan => f64::NAN,
                Step::Infinite => f64::INFINITY,
                _ => level,
            };
            let signed = |better: &Better| match better {
                Better::Lower => size,
                Better::Higher => -size,
            };
            let mut validation: BTreeMap<_, _> = self
                .scores
                .iter()
                .map(|(name, better)| (name.clone(), Number(signed(better))))
                .collect();
            validation.insert(OTHER.into(), Number(other * epoch as f64));
            if *step == Step::Missing {
                validation.clear();
            }
            let training = validation.clone();
            let iteration = 10 * (epoch as u64 + 1);
            let clock = Clock {
                epoch: epoch as u64 + 1,
                iteration,
                samples: 32 * iteration,
                ..Clock::default()
            };
            let loss = Some(Number(size));
            EpochRecord { clock, loss, validation, training, ..EpochRecord::default() }
        };
        steps.iter().enumerate().map(record).collect()
    }

    fn verdict(&self, epochs: &[EpochRecord]) -> Option<Reason> {
        let mut scores = self.scores.clone();
        scores.insert(OTHER.into(), Better::Higher);
        self.stopping.verdict(History { epochs, scores: &scores })
    }
}

/// Whatever an update was like, and however long the run has taken.
fn updates(stopping: &dyn Stopping) -> Result<(), Failure> {
    let losses = [None, Some(0.0), Some(-1e300), Some(1e300), Some(f64::MIN_POSITIVE)];
    let at = |loss, iteration, seconds| Progress {
        clock: Clock { iteration, samples: 32 * iteration, ..Clock::default() },
        loss,
        seconds,
    };
    let first = stopping.after_update(at(None, 0, 0.0));
    ensure(first.is_none(), "empty", || format!("it stops before the first update: {first:?}"))?;
    let times = [(1, 0.0), (7, 1e-3), (1_000_000, 1e9)];
    let all = losses.into_iter().flat_map(|loss| times.map(|(n, seconds)| at(loss, n, seconds)));
    let all: Vec<_> = all.collect();
    let verdicts: Vec<_> = all.iter().map(|&progress| stopping.after_update(progress)).collect();
    for (progress, verdict) in all.iter().zip(&verdicts).rev() {
        let again = stopping.after_update(*progress);
        ensure(again == *verdict, "updates", || {
            format!("{verdict:?}, then {again:?} after the same update: {progress:?}")
        })?;
        ensure(verdict.as_ref().is_none_or(|r| !r.0.is_empty()), "reason", || "a reason is empty")?;
    }
    Ok(())
}

/// With the direction of each usual score, or with one for all.
fn results(stopping: &dyn Stopping, better: Option<Better>) -> Result<(), Failure> {
    let named = stopping.scores().into_iter().map(|(_, name)| (name, Better::Lower));
    let scores = named.chain(USUAL).map(|(name, own)| (name.into(), better.unwrap_or(own)));
    let bench = Bench { stopping, scores: scores.collect() };
    ensure(bench.verdict(&[]).is_none(), "empty", || "it stops before the first epoch")?;
    goes_on(&bench)?;

    let mut histories: Vec<Vec<Step>> =
        [Step::Improves, Step::Worsens, Step::Stays, Step::Nan, Step::Infinite, Step::Missing]
            .map(|step| vec![step; EPOCHS])
            .to_vec();
    histories.push([vec![Step::Improves; 20], vec![Step::Worsens; 80]].concat());
    histories.push([Step::Improves, Step::Stays].repeat(EPOCHS / 2));
    let histories: Vec<_> = histories.iter().map(|steps| bench.epochs(steps, 1.0)).collect();
    let asked: Vec<_> =
        histories.iter().flat_map(|epochs| (1..=EPOCHS).map(move |n| &epochs[..n])).collect();
    let first: Vec<_> = asked.iter().map(|epochs| bench.verdict(epochs)).collect();
    let backward = asked.iter().zip(&first).rev();
    for (epochs, verdict) in backward {
        let again = bench.verdict(epochs);
        ensure(again == *verdict, "pure", || {
            format!("{verdict:?}, then {again:?} after the same {} epochs", epochs.len())
        })?;
        ensure(verdict.as_ref().is_none_or(|r| !r.0.is_empty()), "reason", || "a reason is empty")?;
    }
    others(&bench)
}

fn goes_on(bench: &Bench<'_>) -> Result<(), Failure> {
    let improving = bench.epochs(&[Step::Improves; EPOCHS], 1.0);
    for n in 1..=EPOCHS {
        let verdict = bench.verdict(&improving[..n]);
        ensure(verdict.is_none(), "improving", || {
            format!("every score improves by half in each of {n} epochs, and it stops: {verdict:?}")
        })?;
    }
    for (rule, odd) in [("nan", Step::Nan), ("nan", Step::Missing)] {
        let mut steps = [Step::Improves; EPOCHS];
        steps[10] = odd;
        let epochs = bench.epochs(&steps, 1.0);
        if bench.verdict(&epochs[..11]).is_some() {
            continue;
        }
        for n in 12..=EPOCHS {
            let verdict = bench.verdict(&epochs[..n]);
            ensure(verdict.is_none(), rule, || {
                format!(
                    "after an epoch without a number, {} epochs improve, and it stops: {verdict:?}",
                    n - 11
                )
            })?;
        }
    }
    Ok(())
}

/// A score that is not named changes no verdict, whether it rises or falls.
fn others(bench: &Bench<'_>) -> Result<(), Failure> {
    let alternating = [Step::Improves, Step::Stays].repeat(EPOCHS / 2);
    let same = [Step::Improves, Step::Worsens, Step::Stays].map(|step| vec![step; EPOCHS]);
    for steps in same.into_iter().chain([alternating]) {
        let histories = [1.0, -1.0, f64::NAN].map(|other| bench.epochs(&steps, other));
        for n in 1..=EPOCHS {
            let [up, down, nan] = histories.each_ref().map(|h| bench.verdict(&h[..n]).is_some());
            ensure(up == down && up == nan, "scores", || {
                format!(
                    "after {n} epochs its verdict depends on a score that `scores` does not name"
                )
            })?;
        }
    }
    Ok(())
}
