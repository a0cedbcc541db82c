//! Measures how fast a workload is predicted: rounds of calls of one `Predictor`, or of one of `Streams`.

use super::measure::{Measured, ROUND};
use super::workloads::Workload;
use crate::failure::{Failure, Kind};
use std::hint::black_box;
use std::time::{Duration, Instant};
use tanren_network::{Model, Parameters, Predictor, Streams};
use tanren_plugin::DataError;
use tanren_tensor::profile;
use tanren_trainer::on_threads;

/// Rows between two looks at the clock: on some machines a look takes as long as a row.
const UNSEEN: usize = 1000;

/// Predicts all rows of `workload`, or its sequence step by step, with the weights that training would begin
/// with, again and again: for a round to warm up, and for `rounds` that count. A profile is of as many rounds
/// more.
pub(super) fn measure(
    workload: &Workload,
    rounds: u32,
    threads: usize,
    profile: bool,
) -> Result<Measured, Failure> {
    let recipe = workload.recipe();
    let setup = recipe.prepare()?;
    let start = Parameters::Single(setup.network.initialize(recipe.seed));
    let model = Model::new(setup.spec, start)
        .map_err(|error| Failure::new(Kind::Usage, error.to_string()))?;
    let mut numbers = Vec::new();
    for input in &setup.table.inputs {
        input.values.read(0..input.values.len(), &mut numbers);
    }
    let mut once = match workload.steps {
        0 => rows(model, numbers),
        _ => steps(model, numbers)?,
    };
    let mut round = |least: Duration| -> Result<f64, DataError> {
        let (mut calls, started) = (0_u32, Instant::now());
        let mut elapsed = Duration::ZERO;
        while elapsed < least {
            for _ in 0..(UNSEEN / workload.rows).max(1) {
                once()?;
                calls += 1;
            }
            elapsed = started.elapsed();
        }
        Ok((f64::from(calls) * workload.rows as f64) / elapsed.as_secs_f64())
    };
    let measured = on_threads(threads, || -> Result<Measured, DataError> {
        round(ROUND)?;
        let mut measured = Measured { per_s: 0.0, profile: None };
        for _ in 0..rounds {
            measured.per_s = measured.per_s.max(round(ROUND)?);
        }
        if profile {
            profile::start();
            let run = round(ROUND * rounds);
            measured.profile = profile::stop();
            run?;
        }
        Ok(measured)
    })?;
    Ok(measured?)
}

/// One call of a predictor.
type Call = Box<dyn FnMut() -> Result<(), DataError> + Send>;

/// All rows in one call.
fn rows(model: Model, rows: Vec<f64>) -> Call {
    let mut predictor = Predictor::new(model);
    Box::new(move || {
        black_box(predictor.rows(&rows)?);
        Ok(())
    })
}

/// The next step of a sequence, which begins again where its numbers end.
fn steps(model: Model, numbers: Vec<f64>) -> Result<Call, DataError> {
    let mut streams = Streams::new(model, 1)?;
    let mut next = 0;
    Ok(Box::new(move || {
        let step = &numbers[next..=next];
        next = (next + 1) % numbers.len();
        black_box(streams.step(step)?);
        Ok(())
    }))
}
