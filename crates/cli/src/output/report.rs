//! The result as one JSON object, for scripts. Its keys are a promise.

use super::figures::{counted, fallbacks, samples_per_second};
use crate::failure::{Failure, Kind};
use serde::Serialize;
use serde_json::{Value, json};
use std::path::Path;
use tanren_plugin::Number;
use tanren_trainer::{Ending, Scores, Trained};

/// Raised when a key changes its meaning or goes.
pub(crate) const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Error<'a> {
    kind: &'static str,
    message: &'a str,
}

#[derive(Serialize)]
struct Report<'a> {
    schema_version: u32,
    status: &'static str,
    epochs: usize,
    steps: u64,
    /// Steps that were not taken as planned.
    fallbacks: u64,
    seconds: f64,
    samples_per_second: Number,
    train: &'a Scores,
    validation: Option<&'a Scores>,
    test: Option<&'a Scores>,
    model: String,
    run: String,
    findings: [(); 0],
    /// What was noticed in the data: rows and columns left out, say.
    notes: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Error<'a>>,
}

/// The status word of an ending.
pub(crate) const fn status(ending: &Ending) -> &'static str {
    match ending {
        Ending::Completed => "completed",
        Ending::Stopped(_) => "stopped_early",
        Ending::Interrupted(_) => "interrupted",
        Ending::Diverged { .. } => "diverged",
    }
}

/// What an ending is as a failure, if it is one.
pub(crate) fn failure(ending: &Ending) -> Option<Failure> {
    match ending {
        Ending::Completed | Ending::Stopped(_) => None,
        Ending::Interrupted(reason) => Some(Failure::new(Kind::Interrupted, reason)),
        Ending::Diverged { iteration, loss: Number(loss) } => {
            let updates = counted(*iteration as usize, "update");
            let message = format!("training diverged: the loss became {loss} after {updates}");
            Some(Failure::new(Kind::Diverged, message))
        }
    }
}

/// The object `train` and `resume` print.
pub(crate) fn trained(trained: &Trained, notes: &[String], model: &Path, run: &Path) -> String {
    let failure = failure(&trained.ending);
    let reason = match &trained.ending {
        Ending::Stopped(reason) => Some(reason.0.as_str()),
        _ => None,
    };
    let report = Report {
        schema_version: SCHEMA_VERSION,
        status: status(&trained.ending),
        epochs: trained.history.len(),
        steps: trained.steps,
        fallbacks: fallbacks(trained),
        seconds: trained.seconds,
        samples_per_second: Number(samples_per_second(trained)),
        train: &trained.train,
        validation: trained.validation.as_ref(),
        test: trained.test.as_ref(),
        model: model.display().to_string(),
        run: run.display().to_string(),
        findings: [],
        notes,
        reason,
        error: failure.as_ref().map(|f| Error { kind: f.kind.name(), message: &f.message }),
    };
    line(&report)
}

/// The object any verb prints that fails.
pub(crate) fn failed(failure: &Failure) -> String {
    let error = Error { kind: failure.kind.name(), message: &failure.message };
    let (version, none) = (SCHEMA_VERSION, [(); 0]);
    line(
        &json!({ "schema_version": version, "status": "failed", "findings": none, "error": error }),
    )
}

/// One line of JSON. Strings and finite numbers can always be written.
pub(crate) fn line(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value);
    text.unwrap_or_else(|e| Value::String(e.to_string()).to_string()) + "\n"
}
