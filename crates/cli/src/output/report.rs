//! The result as one JSON object, for scripts. Its keys are a promise.

use super::figures::{fallbacks, samples_per_second};
use crate::failure::Failure;
use crate::files::run_folder::Folder;
use crate::verbs::train::verdict::Verdict;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tanren_trainer::{Ending, Scores, Scoring, Trained};

/// Raised when a key changes its meaning or goes.
pub(crate) const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Error<'a> {
    kind: &'static str,
    message: &'a str,
}

impl<'a> Error<'a> {
    fn of(failure: &'a Failure) -> Self {
        Self { kind: failure.kind.name(), message: &failure.message }
    }
}

/// Scores by name, in their order. A score that is not finite is null, since JSON has no other numbers.
pub(crate) struct ByName<'a>(pub(crate) &'a Scores);

impl Serialize for ByName<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter())
    }
}

/// Why a score is null, one reason for each.
pub(crate) fn not_finite<'a>(
    parts: impl IntoIterator<Item = (&'a str, &'a Scores)>,
    scoring: &Scoring,
) -> Vec<String> {
    let parts = parts.into_iter();
    let scores = parts.flat_map(|(part, all)| all.iter().map(move |(n, x)| (part, all, n, x)));
    let wrong = scores.filter(|(_, _, _, x)| !x.is_finite());
    let reason =
        |(part, all, name, x): (&str, &Scores, &str, f64)| match scoring.undefined(name, all) {
            Some(needs) => format!("{part} {name} is not defined: it needs {needs}"),
            None => format!("{part} {name} is {x}, which JSON cannot hold"),
        };
    wrong.map(reason).collect()
}

/// The scores of each part of the data.
#[derive(Serialize)]
struct Parts<'a> {
    train: ByName<'a>,
    validation: Option<ByName<'a>>,
    test: Option<ByName<'a>>,
}

/// The object `train` and `resume` print, and keep in the folder of the run.
#[derive(Serialize)]
pub(crate) struct Report<'a> {
    schema_version: u32,
    status: &'static str,
    epochs: usize,
    steps: u64,
    /// Steps that were not taken as planned.
    fallbacks: u64,
    seconds: f64,
    samples_per_second: f64,
    #[serde(flatten)]
    scores: Parts<'a>,
    /// The scores of the trivial prediction.
    baseline: Parts<'a>,
    /// The scores of what simple rules predict, of a time series.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    references: BTreeMap<&'a str, ByName<'a>>,
    /// None where no usable weights are left.
    model: Option<String>,
    run: String,
    findings: [(); 0],
    /// What was noticed in the data, such as rows and columns left out; and why a score is null.
    notes: Vec<String>,
    /// What came of cross-validation with the same settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cross_validation: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Error<'a>>,
}

impl<'a> Report<'a> {
    /// `notes` are those of the data.
    pub(crate) fn new(
        (trained, verdict): (&'a Trained, &'a Verdict),
        notes: &[String],
        scoring: &Scoring,
        folder: &Folder,
    ) -> Self {
        let Trained { train, validation, test, baseline, .. } = trained;
        let parts = |train, validation: &'a Option<Scores>, test: &'a Option<Scores>| Parts {
            train: ByName(train),
            validation: validation.as_ref().map(ByName),
            test: test.as_ref().map(ByName),
        };
        let known =
            [("train", Some(train)), ("validation", validation.as_ref()), ("test", test.as_ref())];
        let known = known.into_iter().filter_map(|(name, scores)| Some((name, scores?)));
        let reason = match &trained.ending {
            Ending::Stopped(reason) => Some(reason.0.as_str()),
            _ => None,
        };
        Self {
            schema_version: SCHEMA_VERSION,
            status: verdict.status,
            epochs: trained.history.len(),
            steps: trained.steps,
            fallbacks: fallbacks(trained),
            seconds: trained.seconds,
            samples_per_second: samples_per_second(trained),
            scores: parts(train, validation, test),
            baseline: parts(&baseline.train, &baseline.validation, &baseline.test),
            references: rules(&baseline.references),
            model: verdict.usable.then(|| folder.model().display().to_string()),
            run: folder.path().display().to_string(),
            findings: [],
            notes: notes.iter().cloned().chain(not_finite(known, scoring)).collect(),
            cross_validation: None,
            reason,
            error: verdict.failure.as_ref().map(Error::of),
        }
    }
}

/// The scores of simple rules, by their names.
pub(crate) fn rules(references: &[(String, Scores)]) -> BTreeMap<&str, ByName<'_>> {
    references.iter().map(|(rule, scores)| (rule.as_str(), ByName(scores))).collect()
}

/// The object any verb prints that fails.
pub(crate) fn failed(failure: &Failure) -> String {
    line(&json!({
        "schema_version": SCHEMA_VERSION,
        "status": "failed",
        "findings": [],
        "error": Error::of(failure),
    }))
}

/// One line of JSON. Strings and finite numbers can always be written.
pub(crate) fn line(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value);
    text.unwrap_or_else(|e| Value::String(e.to_string()).to_string()) + "\n"
}
